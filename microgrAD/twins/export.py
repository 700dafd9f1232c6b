"""A graph as a script of another library, which prints the same numbers."""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from microgrAD.errors import one_of
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace, Variable
from microgrAD.twins.vocabulary import JAX, MICROGRAD, NUMPY, SYMPY, TARGETS, TORCH, Target
from microgrAD.twins.writing import downstream, operation

_PLAIN = sorted(name for name in NUMPY.functions.values() if hasattr(math, name))  # what NumPy has not, and Python has
_TAKEN = {"np", "jax", "jnp", "torch", "sp", "Value", "values", "gradient", *_PLAIN, *dir(builtins)}


def export(root: Value, target: str) -> str:
    """Return a script of another library that computes a graph, and the derivatives by its leaves.

    Arguments:
        root: the result.
        target: "torch", "jax", "numpy" (with the backward pass written out), "sympy" (in symbols), or "micrograd".
    Returns: Python source; it prints the value and each derivative, a line each. The derivative by the exponent of a
        negative base, which is 0 here, is nan in PyTorch and JAX.
    Raises: ValueError for another target, or an operation that the library does not have; TypeError unless root is a
        Value.

    >>> x = Value(3.0, label="x")
    >>> print(export(x * x + 1.0, "micrograd"))
    from micrograd.engine import Value
    <BLANKLINE>
    x = Value(3.0)
    v1 = x * x
    f = v1 + 1.0
    f.backward()
    print("f =", f.data)
    print("df/dx =", x.grad)
    <BLANKLINE>
    """
    one_of(target, "target", list(TARGETS))
    if not isinstance(root, Value):
        raise TypeError(f"export takes the Value of a graph, got {type(root).__name__}")
    graph = _Graph(steps(root), TARGETS[target])
    return "\n".join(_SCRIPTS[target](graph)) + "\n"


@dataclass
class _Graph:
    """A trace, with a name for each of its variables that the script can have."""

    trace: Trace
    target: Target

    def __post_init__(self) -> None:
        self.names: dict[str, str] = {}
        for v in self.trace.variables.values():
            self.names[v.id] = _identifier(v.name, {*self.names.values(), *_TAKEN})

    @property
    def root(self) -> str:
        """The result's name."""
        return self.names[self.trace.root.id]

    @property
    def leaves(self) -> list[Variable]:
        """The inputs."""
        return [v for v in self.trace.variables.values() if not v.op]

    @property
    def made(self) -> list[Variable]:
        """The results of operations, in order."""
        return [v for v in self.trace.variables.values() if v.op]

    def args(self, v: Variable) -> list[str]:
        """The operands of a variable as expressions."""
        return [self.names[arg] if isinstance(arg, str) else repr(float(arg)) for arg in v.args]

    def line(self, v: Variable) -> str:
        """The line that computes a variable."""
        return f"{self.names[v.id]} = {operation(self.target, v.op, self.args(v))}"


def _identifier(name: str, taken: set[str]) -> str:
    """Return a name of Python that is like `name`, and not taken."""
    plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_")
    usable = plain.isidentifier() and not keyword.iskeyword(plain) and not plain.startswith("g_")
    base = plain if usable else f"v_{plain}".rstrip("_")
    found, count = base, 2
    while found in taken:
        found, count = f"{base}_{count}", count + 1
    return found


def _printed(graph: _Graph, value: str, slope: Callable[[str], str]) -> Iterator[str]:
    yield f'print("{graph.root} =", {value})'
    yield from (
        f'print("d{graph.root}/d{name} =", {slope(name)})' for name in (graph.names[v.id] for v in graph.leaves)
    )


def _torch(graph: _Graph) -> Iterator[str]:
    yield from ("import torch", "")
    for v in graph.leaves:
        yield f"{graph.names[v.id]} = torch.tensor({v.data!r}, dtype=torch.float64, requires_grad=True)"
    yield from map(graph.line, graph.made)
    flat = any({*OPS[v.op].partials} <= {"0", None} for v in graph.made)  # then PyTorch may have nothing to go back to
    yield f"{graph.root}.requires_grad and {graph.root}.backward()" if flat else f"{graph.root}.backward()"
    yield from _printed(
        graph, f"{graph.root}.item()", lambda name: f"0.0 if {name}.grad is None else {name}.grad.item()"
    )


def _micrograd(graph: _Graph) -> Iterator[str]:
    yield from ("from micrograd.engine import Value", "")
    yield from (f"{graph.names[v.id]} = Value({v.data!r})" for v in graph.leaves)
    yield from map(graph.line, graph.made)
    yield f"{graph.root}.backward()"
    yield from _printed(graph, f"{graph.root}.data", "{}.grad".format)


def _jax(graph: _Graph) -> Iterator[str]:
    names = [graph.names[v.id] for v in graph.leaves]
    yield from ("import jax", "import jax.numpy as jnp", "", 'jax.config.update("jax_enable_x64", True)', "", "")
    yield f"def compute({', '.join(names)}):"
    yield from (f"    {graph.line(v)}" for v in graph.made)
    yield from (f"    return {graph.root}", "", "")
    yield f"values = {tuple(v.data for v in graph.leaves)}"
    yield f"value, gradient = jax.value_and_grad(compute, argnums=tuple(range({len(names)})))(*values)"
    yield from _printed(graph, "float(value)", lambda name: f"float(gradient[{names.index(name)}])")


def _numpy(graph: _Graph) -> Iterator[str]:
    forward = [graph.line(v) for v in graph.made]
    backward = list(_backward(graph))
    code = "\n".join([*forward, *backward])
    if used := [name for name in _PLAIN if re.search(rf"(?<![\w.]){name}\(", code)]:
        yield from (f"from math import {', '.join(used)}", "")
    yield from ("import numpy as np", "")
    yield from (f"{graph.names[v.id]} = {v.data!r}" for v in graph.leaves)
    yield from ("", "# forward", *forward, "", "# backward: g_x is the derivative of the result by x", *backward, "")
    begun = {line.split()[0] for line in backward}
    yield from _printed(graph, f"float({graph.root})", lambda n: f"float(g_{n})" if f"g_{n}" in begun else "0.0")


def _backward(graph: _Graph) -> Iterator[str]:
    """Yield the lines of the backward pass: upstream times local, added up where paths meet."""
    yield f"g_{graph.root} = 1.0"
    begun = {graph.root}
    for v in reversed(graph.made):
        name = graph.names[v.id]
        if name not in begun:  # no derivative comes here
            continue
        for k, arg in enumerate(v.args):
            if isinstance(arg, str) and (term := downstream(NUMPY, v.op, graph.args(v), k, name)):
                to = graph.names[arg]
                yield f"g_{to} {'+=' if to in begun else '='} {term}"
                begun.add(to)


def _sympy(graph: _Graph) -> Iterator[str]:
    names = [graph.names[v.id] for v in graph.leaves]
    yield from ("import sympy as sp", "")
    for name in names:
        yield f'{name} = sp.Symbol("{name}", real=True)'
    yield f"values = {{{', '.join([f'{n}: {v.data!r}' for n, v in zip(names, graph.leaves, strict=True)])}}}"
    yield from map(graph.line, graph.made)
    root = graph.root
    yield f"{root} = sp.sympify({root})"
    yield f'print("{root} is", {root})'
    yield from _printed(
        graph, f"float({root}.subs(values))", lambda name: f"float(sp.diff({root}, {name}).subs(values))"
    )


_SCRIPTS: dict[str, Callable[[_Graph], Iterator[str]]] = {
    TORCH.name: _torch,
    JAX.name: _jax,
    NUMPY.name: _numpy,
    SYMPY.name: _sympy,
    MICROGRAD.name: _micrograd,
}
