"""A whole script of a compiled program, in a library that has arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index
from microgrAD.operators import Value
from microgrAD.steps.naming import clean
from microgrAD.twins.write import vocabulary
from microgrAD.twins.write.matrices import Matrices
from microgrAD.twins.write.pages import array, function, imports, joined, wrapped
from microgrAD.twins.write.vocabulary import Vocabulary
from microgrAD.twins.write.wording import Wording

MOST = 200_000  # numbers of rows in one script


class Library(NamedTuple):
    """How a library with arrays takes and gives numbers."""

    vocabulary: Vocabulary
    module: str
    imports: str
    setting: str  # what is said once, such as how many digits numbers have
    array: str  # an array of numbers, with {}
    leaf: str  # the same of parameters
    gradient: str  # the lines that set `value` and `gradient`; "" if the function of the rows returns both


_PRINT = (
    "print('value =', value.item())\n"
    "for name, number, slope in zip(names, theta.tolist(), gradient.tolist()):\n"
    "    print(name, '=', number, ' gradient', slope)"
)
LIBRARIES = {
    "numpy": Library(
        vocabulary.NUMPY,
        "np",
        "import numpy as np",
        "np.seterr(all='ignore')  # both sides of a choice are computed",
        "np.array({})",
        "np.array({})",
        "",
    ),
    "torch": Library(
        vocabulary.TORCH,
        "torch",
        "import torch",
        "torch.set_default_dtype(torch.float64)",
        "torch.tensor({})",
        "torch.tensor({}, requires_grad=True)",
        "value = compute(theta)\nvalue.backward()\ngradient = theta.grad",
    ),
    "jax": Library(
        vocabulary.JAX,
        "jnp",
        "import jax\nimport jax.numpy as jnp",
        'jax.config.update("jax_enable_x64", True)',
        "jnp.array({})",
        "jnp.array({})",
        "value, gradient = jax.value_and_grad(compute)(theta)",
    ),
}


def script(program: Any, rows: Sequence[Any] | None, target: str) -> str:
    """Return the script of a program.

    Arguments:
        program: a compiled function or graph.
        rows: the arrays that a function is called with; None for a graph, which has its rows in it.
        target: a key of LIBRARIES.
    """
    library = LIBRARIES[target]
    wording = Wording(library.vocabulary)
    pieces = program.pieces() if rows is None else program.pieces(*rows)
    if sum(columns.size for _, columns, _, _ in pieces) > MOST:
        raise ValueError(f"a script holds up to {MOST} numbers of rows; export fewer rows, and load the others there")
    order = np.arange(len(program.parameters))
    if len(pieces) == 1:  # parameters in the order in which matrices have them
        order = np.array(pieces[0][0].tensors.parameters, dtype=np.intp)
    functions, calls, data = [], [], []
    for k, (run, columns, weights, names) in enumerate(pieces):
        end = "" if len(pieces) == 1 else str(k + 1)
        functions.append(_function(run, order, wording, library, f"rows{end}"))
        calls.append(f"rows{end}(theta, x{end}, weights{end})")
        data.append(_data(columns, weights, names, library, end))
    numbers, names = [p._data for p in program.parameters], called(program.parameters)
    body = [*wording.helpers.values(), *functions]
    return joined(
        [
            f'"""A compiled program in {library.vocabulary.library}, written by microgrAD.export."""',
            imports(library.imports, body),
            library.setting,
            *body,
            f"theta = {library.leaf.format(array([numbers[k] for k in order]))}",
            f"names = [\n{wrapped(', '.join([repr(names[k]) for k in order]))}\n]",
            *data,
            *_computed(calls, library),
            _PRINT,
        ]
    )


def _function(run: Any, order: Index, wording: Wording, library: Library, called: str) -> str:
    """Return the source of the function that computes the rows of one piece."""
    tensors, watched = run.tensors, [leaf._data for leaf in run.tape.watched]
    place = np.argsort(np.array(tensors.parameters, dtype=np.intp))  # of each parameter in the program's order
    matrices = Matrices(tensors, watched, place[order], wording, library.module)
    body = matrices.lines() if library.gradient else matrices.with_gradient(run.backward)
    return function(called, ("theta", "x", "weights"), body)


def _data(columns: Array, weights: Array, names: Sequence[str], library: Library, end: str) -> str:
    """Return the rows, turned, and what each of them counts in the value."""
    shown = array(columns.tolist()) if columns.size else f"[[0.0] * {columns.shape[1]}]"
    about = f"  # a line for each of {', '.join(names)}" if 0 < len(names) <= 8 else ""
    same = len(set(weights.tolist())) == 1
    counts = f"[{weights[0]!s}] * {len(weights)}" if same else array(weights.tolist())
    return f"x{end} = {library.array.format(shown)}{about}\nweights{end} = {library.array.format(counts)}"


def called(parameters: Sequence[Value]) -> list[str]:
    """Return a name for each parameter: its label, or its number among them."""
    labels = [clean(p.label) for p in parameters]
    return [label if label and labels.count(label) == 1 else f"θ[{k}]" for k, label in enumerate(labels)]


def _computed(calls: Sequence[str], library: Library) -> list[str]:
    """Return the lines that set `value` and `gradient`."""
    if library.gradient:
        return [f"def compute(theta):\n    return {' + '.join(calls)}", library.gradient]
    lines = [f"value, gradient = {calls[0]}"]
    for call in calls[1:]:
        lines += [f"more, slope = {call}", "value, gradient = value + more, gradient + slope"]
    return ["\n".join(lines)]
