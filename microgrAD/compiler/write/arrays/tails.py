"""Tails: of a formula in two branches the one for numbers far out, written over the few that it is for."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from microgrAD.compiler.program import simplify
from microgrAD.compiler.write.arrays.conditions import beyond, bounds

_KEPT = 1024  # formulas whose tails are remembered


@lru_cache(maxsize=_KEPT)
def tails(test: ast.expr, otherwise: ast.expr) -> tuple[tuple[str, ...], str] | None:
    """The names and the body of a function of them and `result` that writes `otherwise` over those numbers of
    `result` for which the test, that a name lies between two bounds, does not hold. None of any other test.

    >>> names, body = tails(*simplify.specialise("x if -4 < x < 4 else exp(-abs(x))", {}).args[::2])
    >>> print(names, body, sep="\\n")
    ('x',)
    if x.item(x.argmin()) > -4.0 and x.item(x.argmax()) < 4.0:
        return
    missed = (abs(x) >= 4.0).ravel().nonzero()[0]
    x = taken(x, missed, result.shape)
    result.put(missed, exp(-abs(x)))
    """
    between = bounds(test)
    if not between:
        return None
    low, x, high = between
    names = tuple(sorted(simplify.names(otherwise) & _arguments(otherwise) | {x}))
    # the place of the least, and the number there: faster than min()
    body = [
        f"if {x}.item({x}.argmin()) > {low!r} and {x}.item({x}.argmax()) < {high!r}:",
        "    return",
        f"missed = ({ast.unparse(beyond(*between))}).ravel().nonzero()[0]",
    ]
    body += [f"{name} = taken({name}, missed, result.shape)" for name in names]
    again, last = _shared(otherwise)
    return names, "\n".join([*body, *again, f"result.put(missed, {last})"])


def _arguments(tree: ast.expr) -> set[str]:
    """The names in an expression that no function has."""
    functions = {id(part.func) for part in ast.walk(tree) if isinstance(part, ast.Call)}
    return {part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and id(part) not in functions}


def _shared(tree: ast.expr) -> tuple[list[str], str]:
    """An expression as text, squares as such, with each call that it makes several times in a line before it."""
    calls = Counter(ast.unparse(part) for part in ast.walk(tree) if isinstance(part, ast.Call))
    often = sorted([text for text, count in calls.items() if count > 1], key=len)  # what is inside comes first
    again = {text: f"part{k}" for k, text in enumerate(often, 1)}
    spelled = _Spelled(again)
    lines = [
        f"{name} = {ast.unparse(spelled.generic_visit(ast.parse(text, mode='eval').body))}"
        for text, name in again.items()
    ]
    return lines, ast.unparse(spelled.visit(simplify.copied(tree)))


class _Spelled(ast.NodeTransformer):
    """Puts names in the place of calls."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if name := self.names.get(ast.unparse(node)):
            return ast.Name(name, ast.Load())
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == simplify.POWER and simplify.is_number(node.args[1], 2):
            return ast.Call(ast.Name("square", ast.Load()), node.args[:1], [])
        return node
