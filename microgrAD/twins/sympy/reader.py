"""Reads an expression of SymPy as a graph of Values.

SymPy is not imported: what is handed over says by itself what it is. A part that stands in several places is one node.

    expr     an expression of SymPy
    name     SymPy's name of a function, such as "Abs"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from microgrAD import operators
from microgrAD.engine import apply
from microgrAD.errors import DomainError, real
from microgrAD.operators import Value
from microgrAD.twins.sympy.parts import (
    SPECIAL,
    fraction,
    in_order,
    is_chain,
    operation,
    parts,
    plain,
    short,
    split,
    unknown,
)

MOST = 200_000  # parts of an expression


def from_sympy(expr: Any, values: Mapping[Any, float] | None = None) -> Value:
    """Return the graph of an expression of SymPy, at the numbers of its symbols.

    Sums and products become a node for each sign, a quotient a division; `Piecewise` becomes `where`. Functions are
    those of the table, also undefined ones that have the name of one, such as Function("sigmoid")(x).

    Arguments:
        expr: the expression, a real number for real symbols.
        values: the number of each symbol, by the symbol or its name. Each becomes a leaf with the symbol's name.
    Returns: the result, a Value.
    Raises: TypeError for what is no expression of SymPy; ValueError for a symbol without a number, a number without a
    symbol, or a function that is not known; DomainError for a result that is no finite real number.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> f = from_sympy((x + y) * sympy.tanh(x) / y, {"x": 1.0, "y": 2.0})
    >>> f.op, round(f.data, 6)
    ('div', 1.142391)
    """
    if not (hasattr(expr, "free_symbols") and hasattr(expr, "is_Add")):
        raise TypeError(
            f"from_sympy takes an expression of SymPy, got {type(expr).__name__} {short(expr)}; for a matrix or a "
            "list, pass one element at a time, and for a text use microgrAD.parse"
        )
    result = _Reader(_leaves(expr, values or {})).read(expr)
    return result if isinstance(result, Value) else Value(result)


def _leaves(expr: Any, values: Mapping[Any, float]) -> dict[Any, Value]:
    """Return a leaf for each symbol."""
    given = {str(key): number for key, number in values.items()}
    symbols = {str(symbol): symbol for symbol in sorted(expr.free_symbols, key=str)}
    if len(symbols) < len(expr.free_symbols):
        raise ValueError("two different symbols of the expression have the same name; give them different names")
    if missing := [name for name in symbols if name not in given]:
        raise ValueError(
            f"from_sympy needs a number for {', '.join(map(repr, missing))}: values={{{missing[0]!r}: 1.0}}"
        )
    if spare := [name for name in given if name not in symbols]:
        raise ValueError(f"values must be one of {list(symbols)}, which the expression has, got {spare[0]!r}")
    return {symbol: Value(real(given[name], f"values[{name!r}]"), label=name) for name, symbol in symbols.items()}


class _Reader:
    """Reads expressions, each part once. It does not recurse, so an expression may be deep."""

    def __init__(self, leaves: Mapping[Any, Value]) -> None:
        self.known: dict[Any, Any] = dict(leaves)

    def read(self, root: Any) -> Any:
        """Return the Value, or the plain number, of an expression."""
        stack = [root]
        while stack:
            expr = stack[-1]
            waiting = [part for part in parts(expr) if part not in self.known]
            if expr in self.known or not waiting:
                stack.pop()
                if expr not in self.known:
                    self.known[expr] = self._made(expr)
            stack.extend(reversed(waiting))
            if len(self.known) > MOST:
                raise ValueError(
                    f"from_sympy reads up to {MOST} parts, and this expression has more; read a part of it"
                )
        return self.known[root]

    def _made(self, expr: Any) -> Any:
        if expr.is_number and not expr.args or expr.is_Number or expr.is_NumberSymbol:
            return plain(expr)
        if expr.is_Add:
            return self._sum(expr)
        if expr.is_Mul:
            return self._product(expr)
        if expr.is_Pow:
            return self._power(*expr.args)
        if expr.is_Piecewise:
            return self._piecewise([(piece.args[0], piece.args[1]) for piece in expr.args], expr)
        return self._function(expr)

    # ------------------------------------------------------------------------------------------ arithmetic

    def _sum(self, expr: Any) -> Any:
        total: Any = None
        for term in in_order(expr.as_ordered_terms, expr):
            sign, size = split(term)
            part = self.known[size]
            total = (-part if sign < 0 else part) if total is None else total - part if sign < 0 else total + part
        return total

    def _product(self, expr: Any) -> Any:
        above, below = fraction(expr)
        sign = -1 if any(part == -1 for part in above) else 1
        tops = [self.known[part] for part in above if part != -1]
        bottoms = [self.known[part] for part in below]
        top = reduce(operators.mul, tops) if tops else float(sign)
        if sign < 0 and tops:
            top = -top
        return top / reduce(operators.mul, bottoms) if bottoms else top

    def _power(self, base: Any, exponent: Any) -> Any:
        x, y = self.known[base], self.known[exponent]
        if not isinstance(y, Value) and y == 0.5:
            return operators.sqrt(x)
        if not isinstance(y, Value) and y == -1:
            return 1.0 / x
        return operators.pow(x, y) if isinstance(x, Value) or isinstance(y, Value) else real(x**y, "a power")

    # ------------------------------------------------------------------------------------------ functions

    def _function(self, expr: Any) -> Any:
        name, args = str(expr.func.__name__), [self.known[arg] for arg in expr.args]
        if name in SPECIAL:
            return SPECIAL[name](expr, args)
        op = operation(expr)
        least = len(op.args) - len(op.constants) if op else 0
        if op and not op.constants and len(op.args) == 2 < len(args) and is_chain(name):
            return reduce(lambda x, y: apply(op.name, (x, y)), args)
        if op is None or not (least <= len(args) <= len(op.args)):
            raise unknown(expr)
        return apply(op.name, (*args, *[*op.constants.values()][len(args) - least :]))

    # ------------------------------------------------------------------------------------------ choices

    def _piecewise(self, pieces: list[tuple[Any, Any]], expr: Any) -> Any:
        if not pieces:
            raise DomainError(
                f"no condition of {short(expr)} holds at these numbers; add a piece with the condition True"
            )
        (body, test), *others = pieces
        return self._choice(test, lambda: self.read(body), lambda: self._piecewise(others, expr))

    def _choice(self, test: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
        """Return `body` where a condition holds, and `orelse` where it does not, as nodes `where`."""
        kind = str(test.func.__name__)
        if test == True or test == False:  # noqa: E712  (SymPy's own, which are not Python's)
            return body() if test else orelse()
        if kind in INEQUALITIES:
            left, right = (self.read(side) for side in test.args)
            sign, strict = INEQUALITIES[kind]
            larger, smaller = (left, right) if sign > 0 else (right, left)
            return where(larger - smaller, body, orelse) if strict else where(smaller - larger, orelse, body)
        if kind in ("Equality", "Unequality"):
            equal = float(self.read(test.args[0])) == float(self.read(test.args[1]))
            return body() if equal == (kind == "Equality") else orelse()
        if kind == "Not":
            return self._choice(test.args[0], orelse, body)
        if kind in ("And", "Or"):
            first, *rest = test.args
            others = test.func(*rest)
            if kind == "And":
                return self._choice(first, lambda: self._choice(others, body, orelse), orelse)
            return self._choice(first, body, lambda: self._choice(others, body, orelse))
        raise ValueError(f"from_sympy reads conditions of <, <=, ==, and, or, not; got {kind} in {short(test)}")


# ---------------------------------------------------------------------------------------------- choices

INEQUALITIES = {
    "StrictGreaterThan": (1, True),
    "GreaterThan": (1, False),
    "StrictLessThan": (-1, True),
    "LessThan": (-1, False),
}


def where(c: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    """Return a node that chooses; if the side that is not taken has no value, the side that is."""
    if not isinstance(c, Value):
        return body() if c > 0 else orelse()
    taken, other = (body, orelse) if float(c) > 0 else (orelse, body)
    used = taken()
    try:
        spare = other()
    except DomainError:
        return used
    return operators.where(c, used, spare) if taken is body else operators.where(c, spare, used)
