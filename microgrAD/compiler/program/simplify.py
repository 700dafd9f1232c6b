"""A formula with some arguments known: the NumPy reading, with all that is constant computed beforehand.

Constants are computed as the engine computes them, so this needs no NumPy, and neither do scripts for other libraries.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from microgrAD import formula, operators
from microgrAD.ops import OPS

Known = tuple[tuple[str, str], ...]
_KEPT = 4096  # expressions whose names and text are remembered


def specialise(text: str, known: Mapping[str, float]) -> ast.expr:
    """The expression tree of formula.numpy(text) with numbers in the place of some arguments.

    >>> ast.unparse(specialise("y * x ** (y - 1)", {"y": 2.0}))
    '2.0 * x'
    """
    return _specialise(text, key(known))


def key(known: Mapping[str, float]) -> Known:
    """Numbers by their names, as a key of what is remembered: as floats, -0.0 and 0.0 would be one key."""
    return tuple(sorted([(name, repr(float(number))) for name, number in known.items()]))


def numbers(key: Known) -> dict[str, float]:
    """The numbers of a key."""
    return {name: float(number) for name, number in key}


@cache
def _specialise(text: str, known: Known) -> ast.expr:
    result: ast.expr = _Fold(numbers(known)).visit(ast.parse(formula.numpy(text), mode="eval").body)
    return result


def formula_of(tree: ast.expr) -> str:
    """The NumPy reading as a formula of the table's language again.

    >>> formula_of(specialise("y * x ** (y - 1) if x > 0 else tanh(x)", {"y": 3.0}))
    '3.0 * x ** 2 if x > 0.0 else tanh(x)'
    """
    return ast.unparse(_Formula().visit(copied(tree)))


def operation(name: str) -> str:
    """The table's name of what a NumPy reading calls."""
    return _OPERATIONS.get(name, name)


def product(a: ast.expr, b: ast.expr) -> ast.expr:
    """a · b, simplified."""
    return _times(a, b)


def rename(tree: ast.expr, old: str, new: str) -> ast.expr:
    """The expression with another name in the place of one."""
    return _Rename(old, new).visit(copied(tree))  # type: ignore[no-any-return]


def copied(tree: ast.expr) -> ast.expr:
    """A copy, to be changed."""
    return _copied(tree)  # type: ignore[no-any-return]


def _copied(part: Any) -> Any:
    if isinstance(part, list):
        return [_copied(element) for element in part]
    if not isinstance(part, ast.AST):
        return part
    return type(part)(*[_copied(getattr(part, field)) for field in part._fields])


@lru_cache(maxsize=_KEPT)
def names(tree: ast.expr) -> frozenset[str]:
    """The names in an expression, which is not changed after that."""
    return frozenset([part.id for part in ast.walk(tree) if isinstance(part, ast.Name)])


@lru_cache(maxsize=_KEPT)
def code(tree: ast.expr) -> str:
    """An expression, which is not changed after that, as text."""
    return ast.unparse(tree)


def is_number(node: ast.expr, number: float | None = None) -> bool:
    """Whether an expression is a number, or that number."""
    return isinstance(node, ast.Constant) and (number is None or node.value == number)


def _times(a: ast.expr, b: ast.expr) -> ast.expr:
    if is_number(a, 1):
        return b
    if is_number(b, 1):
        return a
    for one, other in ((a, b), (b, a)):
        if is_number(one, 0):
            return one
        if is_number(one, -1):
            return ast.UnaryOp(ast.USub(), other)
    return ast.BinOp(a, ast.Mult(), b)


class _Formula(ast.NodeTransformer):
    """Writes choices, conjunctions, powers and the table's functions as formulas do."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        match node:
            case ast.BinOp(left=ast.Name(id=x), op=ast.Mult(), right=ast.Name(id=y)) if x == y:
                return ast.BinOp(node.left, ast.Pow(), ast.Constant(2))
        return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        name, args = node.func.id, [self.visit(arg) for arg in node.args]
        if name == WHERE:
            return ast.IfExp(*args)
        if name in (AND, OR):
            return ast.BoolOp(ast.And() if name == AND else ast.Or(), args)
        if name == POWER:
            return ast.BinOp(args[0], ast.Pow(), args[1])
        return ast.Call(ast.Name(_OPERATIONS.get(name, name), ast.Load()), args, [])


class _Rename(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.new, ast.Load()) if node.id == self.old else node


class _Fold(ast.NodeTransformer):
    """Puts numbers in and computes what can be computed."""

    def __init__(self, known: Mapping[str, float]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.known[node.id]) if node.id in self.known else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return _computed(ast.UnaryOp(node.op, self.visit(node.operand)))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return _computed(ast.Compare(self.visit(node.left), node.ops, [self.visit(c) for c in node.comparators]))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        a, b = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Mult):
            return _computed(_times(a, b))
        if (
            isinstance(node.op, (ast.Add, ast.Sub))
            and is_number(b, 0)
            or isinstance(node.op, ast.Div)
            and is_number(b, 1)
        ):
            return a  # type: ignore[no-any-return]
        return _computed(ast.BinOp(a, node.op, b))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name)
        args = [self.visit(arg) for arg in node.args]
        if node.func.id == WHERE and is_number(args[0]):
            chosen: ast.expr = args[1] if args[0].value else args[2]
            return chosen
        if node.func.id in (AND, OR):
            return self._logical(node.func, args)
        if node.func.id == POWER and isinstance(args[0], ast.Name) and isinstance(args[1], ast.Constant):
            if args[1].value == 1:
                return ast.Name(args[0].id, ast.Load())
            if args[1].value == 2:
                return ast.BinOp(args[0], ast.Mult(), args[0])
        return _computed(ast.Call(node.func, args, []))

    def _logical(self, func: ast.Name, args: list[Any]) -> ast.expr:
        """`and` and `or` of two, of which one may be known."""
        neutral = func.id == AND
        for one, other in (args, args[::-1]):
            if is_number(one):
                return other if bool(one.value) == neutral else one  # type: ignore[no-any-return]
        return ast.Call(func, args, [])


def _name(reading: str) -> str:
    call = ast.parse(formula.numpy(reading), mode="eval").body
    assert isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    return call.func.id


# what the reading calls a choice, conjunctions and a power
WHERE, AND, OR, POWER = map(_name, ("1 if x > 0 else 0", "x > 0 and y > 0", "x > 0 or y > 0", "x ** y"))


_OPERATIONS = {formula.numpy_name(op): op.name for op in OPS.values()}


@cache
def _space() -> dict[str, Callable[..., Any]]:
    """What the reading of constants calls: the operations over floats, by their names in NumPy."""
    own: dict[str, Callable[..., Any]] = {
        WHERE: lambda condition, yes, no: yes if condition else no,
        AND: lambda one, other: one and other,
        OR: lambda one, other: one or other,
        "logical_not": lambda one: not one,
        "floor": math.floor,
    }
    found = {reading: getattr(operators, name) for reading, name in _OPERATIONS.items()}
    return {**found, POWER: operators.pow, **own}


def _computed(node: ast.expr) -> ast.expr:
    """The number that an expression without names is; itself where that is not finite, for the program to find out."""
    space = _space()
    if any(isinstance(part, ast.Name) and part.id not in space for part in ast.walk(node)):
        return node
    code = compile(ast.fix_missing_locations(ast.Expression(node)), "<constant>", "eval")
    try:
        number = eval(code, space)
    except (ArithmeticError, ValueError):  # out of the domain
        return node
    if not math.isfinite(number):
        return node
    return ast.Constant(number if isinstance(number, bool) else float(number))
