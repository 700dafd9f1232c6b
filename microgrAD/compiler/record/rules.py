"""What the compiler knows of an operation, read off its formula: is it a sum, a product, does it hide an overflow?

monomial    a sign and the factors that it stands before: x - y is (+1, x) and (-1, y), dot(x, y) is Σ (+1, x·y)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from microgrAD import formula
from microgrAD.ops import OPS

Monomials = list[tuple[int, tuple[int, ...]]]


@cache
def polynomial(name: str) -> Monomials | None:
    """An operation as a signed sum of products of at most two arguments, by their places; None for any other.

    For an operation of any number of arguments, those of its first elements.
    """
    if name not in OPS:  # a lookup
        return None
    op = OPS[name]
    tree: ast.expr | None = formula.read(op.value)
    if op.variadic:
        tree = _summand(tree)
    found = None if tree is None or op.constants else _expand(tree, op.args)
    return found if found and all(len(factors) <= 2 for _, factors in found) else None


def _summand(tree: ast.expr | None) -> ast.expr | None:
    """x of sum(x), recognised by its name in the formula language."""
    match tree:
        case ast.Call(func=ast.Name(id=name), args=[argument]) if OPS[name].variadic:
            return argument
    return None


def _expand(tree: ast.expr, args: tuple[str, ...]) -> Monomials | None:
    match tree:
        case ast.Name(id=name) if name in args:
            return [(1, (args.index(name),))]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _expand(operand, args)
            return inner and [(-sign, factors) for sign, factors in inner]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as operator, right=right):
            a, b = _expand(left, args), _expand(right, args)
            if a is None or b is None:
                return None
            if isinstance(operator, ast.Mult):
                return [(s * t, (*f, *g)) for s, f in a for t, g in b]
            return a + ([(-t, g) for t, g in b] if isinstance(operator, ast.Sub) else b)
    return None


def monomials(name: str, args: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The monomials of a polynomial operation on given operands."""
    terms = polynomial(name)
    assert terms is not None
    op = OPS[name]
    size = len(args) // len(op.args) if op.variadic else 1
    for k in range(size):
        for sign, factors in terms:
            yield sign, tuple([args[f * size + k] for f in factors])


def written_as(text: str) -> str:
    """The operation whose formula is `text`, such as "x + y"."""
    return next(op.name for op in OPS.values() if op.value == text)


PLUS, MINUS, NEGATIVE, TIMES = map(written_as, ("x + y", "x - y", "-x", "x * y"))
CHOICE, LOGARITHM = map(written_as, ("x if c > 0 else y", "log(x)"))


def is_variadic(name: str) -> bool:
    """Whether each argument of an operation is a sequence."""
    return name in OPS and OPS[name].variadic


@cache
def keeps_faults(name: str) -> bool:
    """Whether an infinite operand or a nan always gives such a result again: sums and products do, tanh does not."""
    return polynomial(name) is not None
