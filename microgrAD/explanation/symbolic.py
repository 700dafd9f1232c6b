"""Writes the whole expression of a Value over its inputs in LaTeX, and, if it is small, its derivatives.

Formulas of the table are trees here; a tree replaces each letter of another one.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from microgrAD import formula
from microgrAD.explanation import lines
from microgrAD.explanation.algebra import Simplify, Substitute, minus, plus, times
from microgrAD.explanation.writers import Latex
from microgrAD.graph import backward_order
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.steps import naming
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Formula, Trace, Variable

# operations in an expression as it is written: a node that is used twice counts twice
WHOLE = 60  # a longer expression is written node by node
SMALL = 8  # by default, a longer expression is written without its derivatives


def latex(root: Value, *, derivative: bool | None = None) -> str:
    r"""Return the expression of `root` over its inputs, in LaTeX's mathematics mode.

    An expression of more than 60 operations is written node by node.

    Arguments:
        root: the result.
        derivative: whether to add a line for each input's derivative; by default for up to 8 operations.
    Raises: ValueError if derivatives are asked of an expression of more than 60 operations.

    >>> x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    >>> print(latex((x + y) * z))
    \begin{aligned}
    f &= \left(x + y\right) \cdot z \\
    \frac{\partial f}{\partial x} &= z \\
    \frac{\partial f}{\partial y} &= z \\
    \frac{\partial f}{\partial z} &= x + y
    \end{aligned}
    """
    trace = steps(root)
    if not root.op:
        return naming.as_latex(trace.root.name)
    size = _sizes(trace)[trace.root.id]
    derivative = size <= SMALL if derivative is None else derivative
    if size > WHOLE:
        if derivative:
            raise ValueError(
                f"the derivative of an expression of {size} operations does not fit on a page; "
                "explain(root, format='latex') writes it step by step"
            )
        said = [lines.value(trace, v, Latex()) for v in trace.variables.values() if v.op]
        return _aligned([(line.left, line.written()[0]) for line in said])
    names = {v.id: naming.as_latex(v.name) for v in trace.variables.values()}
    whole = _expressions(trace)
    rows = [(names[trace.root.id], formula.latex(whole[trace.root.id], names))]
    if derivative:
        writer = Latex()
        found = _derivatives(trace, whole)
        rows += [
            (writer.partial(trace.root.name, v.name), formula.latex(found[v.id], names))
            for v in trace.variables.values()
            if not v.op
        ]
    return _aligned(rows) if len(rows) > 1 else " = ".join(rows[0])


def _aligned(rows: Sequence[tuple[str, str]]) -> str:
    body = " \\\\\n".join(f"{left} &= {right}" for left, right in rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _sizes(trace: Trace) -> dict[str, int]:
    """Return the number of operations in each node's whole expression."""
    sizes: dict[str, int] = {}
    for v in trace.variables.values():
        sizes[v.id] = bool(v.op) + sum(sizes[arg] for arg in v.args if isinstance(arg, str))
    return sizes


def _expressions(trace: Trace) -> dict[str, ast.expr]:
    """Return each node's value as a tree over the ids of inputs."""
    whole: dict[str, ast.expr] = {}
    for v in trace.variables.values():
        whole[v.id] = _expression(trace, v, whole) if v.op else ast.Name(v.id, ast.Load())
    return whole


def _expression(trace: Trace, v: Variable, whole: Mapping[str, ast.expr]) -> ast.expr:
    op = OPS[v.op]
    if op.python or op.variadic:
        return _substituted(trace.formula(v), whole, Substitute)
    # a call by the operation's name, without the plain numbers that have their defaults
    args = list(trace.operands(v))
    while len(args) > 1 and args[-1] == op.constants.get(op.args[len(args) - 1]):
        args.pop()
    return ast.Call(ast.Name(op.name, ast.Load()), [_tree(arg, whole) for arg in args], [])


def _derivatives(trace: Trace, whole: Mapping[str, ast.expr]) -> dict[str, ast.expr]:
    """Return d(root)/d(node) as trees over the ids of inputs, by the chain rule from the root back."""
    nodes = {v.value: v for v in trace.variables.values()}
    found: dict[str, ast.expr] = {trace.root.id: ast.Constant(1)}
    for value in backward_order(trace.root.value):
        v = nodes[value]
        for index, arg in enumerate(v.args):
            if isinstance(arg, str):
                sent = times(found[v.id], _substituted(trace.local(v, index), whole, Simplify))
                found[arg] = plus(found[arg], sent) if arg in found else sent
    return found


def _tree(arg: Variable | float, whole: Mapping[str, ast.expr]) -> ast.expr:
    if isinstance(arg, Variable):
        return whole[arg.id]
    return ast.Constant(int(arg) if arg.is_integer() else arg) if arg >= 0 else minus(_tree(-arg, whole))


def _substituted(rule: Formula, whole: Mapping[str, ast.expr], how: type[Substitute]) -> ast.expr:
    """Return a formula with the trees of its operands in place of its letters."""
    letters = {letter: _tree(arg, whole) for letter, arg in rule.names.items()}
    tree: ast.expr = how(letters).visit(formula.copy(rule.text))
    return tree
