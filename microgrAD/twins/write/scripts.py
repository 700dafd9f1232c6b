"""A whole script in each library: the leaves, the graph forward, its derivatives, and what is printed.

Each function takes the root of a graph, and returns the source.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from microgrAD import formula
from microgrAD.errors import GraphError
from microgrAD.operators import Value
from microgrAD.ops import Op
from microgrAD.twins.write import vocabulary
from microgrAD.twins.write.graphs import Lines
from microgrAD.twins.write.pages import assigned, function, imports, indented, joined, wrapped
from microgrAD.twins.write.sweep import Sweep
from microgrAD.twins.write.wording import Wording, code, name

TERMS = 20_000  # parts of an expression in full, which repeats what is shared; SymPy takes minutes for more
_DEEP = 300  # micrograd recurses: a deeper graph needs a higher limit of Python's


def torch(root: Value) -> str:
    """Return a script that computes and differentiates a graph with PyTorch."""
    lines = Lines(root, Wording(vocabulary.TORCH))
    forward = lines.forward
    backward = f"{lines.result}.backward()"
    if lines.flat:
        backward = f"if {lines.result}.requires_grad:  # else all derivatives are 0\n    {backward}"
    tensor = "{name} = torch.tensor({number}, requires_grad=True)"
    return joined(
        [
            about(lines, "PyTorch"),
            imports("import torch", [*_helpers(lines), *forward]),
            "torch.set_default_dtype(torch.float64)",
            *_helpers(lines),
            "\n".join(lines.written(tensor)),
            "\n".join(forward),
            backward,
            f"print({lines.names[root]!r}, '=', {lines.result}.item())",
            _each(lines, "{name}", "leaf.item()", "0.0 if leaf.grad is None else leaf.grad.item()"),
        ]
    )


def jax(root: Value) -> str:
    """Return a script that computes and differentiates a graph with JAX."""
    lines = Lines(root, Wording(vocabulary.JAX))
    body = [*lines.forward, f"return {lines.result}"]
    arguments = ", ".join([lines.called[v] for v in lines.leaves])
    numbers = ",\n".join(lines.written("    {label}: {number}"))
    return joined(
        [
            about(lines, "JAX"),
            "import jax\nimport jax.numpy as jnp",
            'jax.config.update("jax_enable_x64", True)',
            *_helpers(lines),
            f"def compute({_folded(arguments)}):\n{indented(body)}",
            f"leaves = {{\n{numbers},\n}}",
            "at = tuple(range(len(leaves)))\n"
            "value, gradients = jax.value_and_grad(compute, argnums=at)(*leaves.values())",
            f"print({lines.names[root]!r}, '=', float(value))\n"
            "for (name, number), gradient in zip(leaves.items(), gradients):\n"
            "    print(name, '=', number, ' gradient', float(gradient))",
        ]
    )


def numpy(root: Value) -> str:
    """Return a script that computes a graph with NumPy, and its derivatives by the chain rule, line by line."""
    lines = Lines(root, Wording(vocabulary.NUMPY))
    forward, sweep = lines.forward, Sweep(lines)
    backward = sweep.backward
    pairs = ",\n".join([f"    {lines.names[v]!r}: ({lines.called[v]}, {sweep.called[v]})" for v in lines.leaves])
    return joined(
        [
            about(lines, "NumPy"),
            imports("import numpy as np", _helpers(lines)),
            "np.seterr(all='ignore')  # both sides of a choice are computed",
            *_helpers(lines),
            "\n".join(lines.written("{name} = np.float64({number})")),
            "\n".join(forward),
            f"# backward: d_v is the derivative of {lines.result} by v\n" + "\n".join(backward),
            f"leaves = {{\n{pairs},\n}}",
            f"print({lines.names[root]!r}, '=', float({lines.result}))\n"
            "for name, (leaf, gradient) in leaves.items():\n"
            "    print(name, '=', float(leaf), ' gradient', float(gradient))",
        ]
    )


def sympy(root: Value) -> str:
    """Return a script that writes a graph as an expression of SymPy, differentiates it, and puts the numbers in."""
    lines = Lines(root, Wording(vocabulary.SYMPY))
    if (terms := _terms(lines)) > TERMS:
        raise GraphError(
            f"as one expression of SymPy, which repeats what is shared, this graph has {terms} parts, more than "
            f'{TERMS}; export a part of it, or to "numpy", which writes a line for each node'
        )
    forward, symbols = lines.forward, lines.written("{name} = sp.Symbol({label}, real=True)")
    numbers = ",\n".join(lines.written("    {name}: sp.Float({number}, 30)"))
    return joined(
        [
            about(lines, "SymPy"),
            "import sympy as sp",
            *_helpers(lines),
            "\n".join(symbols),
            "\n".join(forward),
            f"expression = sp.sympify({lines.result})\n"
            f"values = {{  # 30 digits, so that all that a float holds are right\n{numbers},\n}}",
            f"print({lines.names[root]!r}, '=', float(expression.subs(values)))\n"
            "for leaf, number in values.items():\n"
            "    print(leaf, '=', float(number), ' gradient', float(expression.diff(leaf).subs(values)))",
        ]
    )


def micrograd(root: Value) -> str:
    """Return a script that computes and differentiates a graph with micrograd. It defines what micrograd lacks."""
    lines = Lines(root, wording := _Micrograd(vocabulary.MICROGRAD))
    forward = lines.forward
    limit = f"sys.setrecursionlimit({10 * lines.depth})  # backward recurses" if lines.depth > _DEEP else ""
    return joined(
        [
            about(lines, "micrograd"),
            imports("import sys" if limit else "", wording.sources),
            "from micrograd.engine import Value",
            limit,
            *wording.sources,
            "\n".join(lines.written("{name} = Value({number})")),
            "\n".join(forward),
            f"{lines.result}.backward()",
            f"print({lines.names[root]!r}, '=', float({lines.result}.data))",
            _each(lines, "{name}", "leaf.data", "float(leaf.grad)"),
        ]
    )


class _Micrograd(Wording):
    """Defines an operation that micrograd lacks as it defines its own: the number, and what goes backward."""

    def __init__(self, said: vocabulary.Vocabulary) -> None:
        super().__init__(said)
        self.plain = Wording(vocabulary.MATH)

    @property
    def sources(self) -> list[str]:
        """The functions on plain numbers, and then the operations that use them."""
        return [*self.plain.helpers.values(), *self.helpers.values()]

    def defined(self, op: Op, args: Sequence[ast.expr]) -> ast.expr:
        called = f"{op.name}_" if hasattr(builtins, op.name) else op.name
        if called not in self.helpers:
            self.helpers[called] = self._source(called, op)
        return ast.Call(name(called), list(args), [])

    def _source(self, called: str, op: Op) -> str:
        nodes = [arg for arg in op.args if arg not in op.constants]
        given = {arg: name(f"{arg}.data") for arg in nodes} | {arg: name(arg) for arg in op.constants}
        given["out"] = name("out.data")
        lift = [f"{arg} = {arg} if isinstance({arg}, Value) else Value({arg})" for arg in nodes if len(nodes) > 1]
        back = [
            assigned(f"{arg}.grad", self._share(partial, given), "+=")
            for arg, partial in zip(op.args, op.computed_partials, strict=True)
            if partial not in (None, "0")
        ]
        value = code(self.plain.formula(op.computed_value, given))
        body = [
            f'"""Return {formula.text(op.value)}."""',
            *lift,
            assigned("data", value),
            f"out = Value(data, ({', '.join(nodes)}{',' * (len(nodes) == 1)}), {op.name!r})",
            "",
            f"def _backward():\n{indented(back or ['pass'])}",
            "",
            "out._backward = _backward",
            "return out",
        ]
        return function(called, op.args, body)

    def _share(self, partial: str | None, given: dict[str, ast.expr]) -> str:
        assert partial is not None
        tree = self.plain.formula(partial, given)
        return code(ast.BinOp(tree, ast.Mult(), name("out.grad")))


# ---------------------------------------------------------------------------------------------- parts


def about(lines: Lines, library: str) -> str:
    """Return the first line of a script, which says what it is."""
    return f'"""The graph of {_plain(lines.names[lines.root])} in {library}, written by microgrAD.export."""'


def _plain(label: str) -> str:
    """Return a label for a docstring."""
    return label.encode("ascii", "backslashreplace").decode().replace("\\", "/").replace('"', "'")


def _folded(arguments: str) -> str:
    return arguments if len(arguments) < 80 else f"\n{wrapped(arguments)}\n"


def _helpers(lines: Lines) -> list[str]:
    """Return the functions that the lines call; they are known once the lines have been written."""
    return list(lines.wording.helpers.values())


def _each(lines: Lines, node: str, number: str, gradient: str) -> str:
    pairs = ",\n".join([f"    {lines.names[v]!r}: {node.format(name=lines.called[v])}" for v in lines.leaves])
    return (
        f"leaves = {{\n{pairs},\n}}\n"
        "for name, leaf in leaves.items():\n"
        f"    print(name, '=', {number}, ' gradient', {gradient})"
    )


def _terms(lines: Lines) -> int:
    """Return how many parts the root has as one expression, in which a shared node is written each time."""
    found: dict[Value, int] = dict.fromkeys(lines.leaves, 1)
    for v in lines.computed:
        found[v] = 1 + sum([found[arg] for arg in v.args if isinstance(arg, Value)])
    return found[lines.root]


SCRIPTS = {"torch": torch, "jax": jax, "numpy": numpy, "sympy": sympy, "micrograd": micrograd}
