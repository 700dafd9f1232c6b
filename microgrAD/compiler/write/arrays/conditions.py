"""Tests of a formula: their opposites, and those that say that a number lies between two others."""

from __future__ import annotations

import ast

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.functions import functions

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_SIZE = next(name for name, function in functions.items() if function is np.abs)


def is_safe(tree: ast.expr) -> bool:
    """Whether an expression is finite wherever its operands are: names, numbers and their products."""
    return all(
        isinstance(
            part, (ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Mult, ast.Add, ast.Sub, ast.USub, ast.Load)
        )
        for part in ast.walk(tree)
    )


def opposite(test: ast.expr) -> ast.expr:
    """The test that holds where this one does not."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=comparators):
            return ast.Compare(left, [_OPPOSITE[type(op)]()], comparators)
    return ast.Call(ast.Name("logical_not", ast.Load()), [test], [])


def mentions(trees: tuple[ast.expr, ...], name: str) -> bool:
    """Whether a name is in one of the expressions."""
    return any(name in simplify.names(tree) for tree in trees)


def bounds(test: ast.expr) -> tuple[float, str, float] | None:
    """(low, x, high) of a test that a name x lies between two numbers."""
    match test:
        case ast.Call(
            func=ast.Name(id=name),
            args=[
                ast.Compare(left=low, ops=[ast.Lt()], comparators=[ast.Name(id=x)]),
                ast.Compare(left=ast.Name(id=y), ops=[ast.Lt()], comparators=[high]),
            ],
        ) if name == simplify.AND and x == y and simplify.is_number(low) and simplify.is_number(high):
            return ast.literal_eval(low), x, ast.literal_eval(high)
        case ast.Compare(
            left=ast.Call(func=ast.Name(id=name), args=[ast.Name(id=x)]), ops=[ast.Lt()], comparators=[high]
        ) if functions[name] is np.abs and simplify.is_number(high):
            return -ast.literal_eval(high), x, ast.literal_eval(high)
    return None


def beyond(low: float, x: str, high: float) -> ast.expr:
    """The test that x does not lie between two numbers, in one comparison if it can be."""
    text = f"{_SIZE}({x}) >= {high!r}" if low == -high else f"{simplify.OR}({x} <= {low!r}, {x} >= {high!r})"
    return ast.parse(text, mode="eval").body
