"""Sides that were not taken: an operation such as max or where takes one side, and the other one changes nothing.

The derivative by that side is 0, whatever it depends on: even an infinite derivative, such as that of a root at 0, is
multiplied by nothing. At a tie both sides are taken, so a kink has no such side.
"""

from __future__ import annotations

import ast
from functools import cache
from itertools import pairwise

from microgrAD.graph import Nodes, Record, backward_order, grouped
from microgrAD.ops import OPS


def untaken(v: Record, k: int) -> bool:
    """Return whether operand k of a node, whose derivative is 0, is a side that was not taken."""
    different = differences(v.op, k)
    if different is None:
        return False
    op = OPS[v.op]
    numbers = dict(zip(op.args, grouped(v.op, [getattr(arg, "_data", arg) for arg in v.args]), strict=True))
    return all(eval(formula, {"__builtins__": {}}, numbers) for formula in different)


@cache
def has_sides(name: str) -> bool:
    """Return whether an operation can have a side that it does not take."""
    return any(differences(name, k) is not None for k in range(len(OPS[name].args)))


@cache
def differences(name: str, k: int) -> tuple[str, ...] | None:
    """Return when the derivative by argument k is a choice between numbers, as formulas that hold but at a tie.

    None if the derivative is no such choice.
    """
    from microgrAD.formula.reading import read  # imported here, so that importing this module is quick

    op = OPS[name]
    if op.variadic or (text := op.partials[k]) is None:
        return None
    moving = {arg for arg, partial in zip(op.args, op.partials, strict=True) if partial not in ("0", None)}
    ties: list[str] = []
    tree = read(text)
    return tuple(ties) if _chooses(tree, {*op.constants}, moving, ties) else None


def _chooses(tree: ast.expr, constants: set[str], moving: set[str], ties: list[str]) -> bool:
    """Return whether a derivative is one of several numbers. Comparisons that depend on an argument go to `ties`."""
    match tree:
        case ast.IfExp(test=ast.Compare(left=left, comparators=[*others]), body=body, orelse=orelse):
            terms = [left, *others]
            for a, b in pairwise(terms):
                named = {part.id for side in (a, b) for part in ast.walk(side) if isinstance(part, ast.Name)}
                if named & moving:
                    ties.append(f"({ast.unparse(a)}) != ({ast.unparse(b)})")
            return all(_chooses(side, constants, moving, ties) for side in (body, orelse))
        case ast.Name(id=name):
            return name in constants
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _chooses(operand, constants, moving, ties)
    return isinstance(tree, ast.Constant)


def sent_to(v: Nodes, k: int, derivative: float | None) -> bool:
    """Return whether a gradient goes to operand k of a node: it is a Value, and not a side that was not taken."""
    return derivative is not None and (derivative != 0 or not untaken(v, k))


def living(root: Nodes) -> set[Nodes]:
    """Return all that the root depends on, without what only sides that were not taken depend on."""
    alive = {root}
    for v in backward_order(root):
        if v in alive and v.op:
            alive.update([a for k, (a, d) in enumerate(zip(v.args, v.partials, strict=True)) if sent_to(v, k, d)])  # type: ignore[misc]
    return alive
