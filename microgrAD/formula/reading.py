"""Reads a formula: a small, checked part of Python's expressions."""

from __future__ import annotations

import ast
import math
from functools import cache

from microgrAD.ops import OPS

CONSTANTS = {"pi": math.pi}
AUXILIARY = {"floor"}  # functions that only domains use; they have no derivative rule
_ALLOWED = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Load,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Pow,
    ast.USub,
    ast.And,
    ast.Or,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.Eq,
    ast.NotEq,
)


@cache
def read(formula: str) -> ast.expr:
    """Return the checked expression tree of a formula.

    Raises: ValueError for anything but arithmetic, conditions, plain numbers, and operations of the table.
    """
    tree = ast.parse(formula, mode="eval").body
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ValueError(f"a formula may only hold arithmetic, got {type(node).__name__} in {formula!r}")
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name) and node.func.id in OPS.keys() | AUXILIARY and not node.keywords
        ):
            raise ValueError(f"a formula may only call operations of the table, got {ast.unparse(node)!r}")
        if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
            raise ValueError(f"a formula may only hold plain numbers, got {node.value!r} in {formula!r}")
    return tree


def calls(formula: str) -> set[str]:
    """Return the names of the functions that a formula calls."""
    return {
        node.func.id
        for node in ast.walk(read(formula))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def summand(formula: str) -> str:
    """Return the term inside a formula's sum: "x * y" for "sum(x * y)"."""
    call = read(formula)
    assert isinstance(call, ast.Call)
    return ast.unparse(call.args[0])


def terms(formula: str, count: int) -> list[str]:
    """Return the `count` terms of a formula's sum: ["x_0 * y_0", "x_1 * y_1"] for "sum(x * y)" and 2."""

    def term(k: int) -> str:
        node = copy(summand(formula))
        for name in [n for n in ast.walk(node) if isinstance(n, ast.Name)]:
            name.id = f"{name.id}_{k}"
        return ast.unparse(node)

    return [term(k) for k in range(count)]


def copy(formula: str) -> ast.expr:
    """Return a new tree of a formula, for callers that change it."""
    return ast.parse(ast.unparse(read(formula)), mode="eval").body
