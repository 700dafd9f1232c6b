"""A graph from an expression of SymPy, node by node."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from microgrAD import operators
from microgrAD.errors import real
from microgrAD.operators import Value
from microgrAD.ops import OPS

_CALLED = {"Abs": "abs", "Max": "max", "Min": "min", "Heaviside": "step", "ln": "log"}


def from_sympy(expression: Any, values: Mapping[Any, float]) -> Value:
    """Return the graph of an expression of SymPy, with a leaf for each symbol, labelled by its name.

    Arguments:
        expression: sums, products, powers, Piecewise with comparisons, and functions that the table has.
        values: the number of each symbol, by the symbol or its name.
    Returns: the result; it can be drawn, stepped and differentiated like any graph.
    Raises: ValueError for a symbol without a number, or a part that the table has no operation for.
    """
    import sympy

    reader = _Reader(sympy, {str(symbol): real(number, f"the number of {symbol}") for symbol, number in values.items()})
    found = reader.read(sympy.sympify(expression))  # type: ignore[no-untyped-call]
    return found if isinstance(found, Value) else Value(found)


class _Reader:
    """Reads parts of an expression; equal parts are one node."""

    def __init__(self, sympy: Any, numbers: Mapping[str, float]) -> None:
        self.sympy, self.numbers = sympy, numbers
        self.known: dict[Any, Value | float] = {}

    def read(self, part: Any) -> Any:
        """Return the Value of a part, or a plain number."""
        if part not in self.known:
            self.known[part] = self._read(part)
        return self.known[part]

    def _read(self, part: Any) -> Any:
        if part.is_Symbol:
            if part.name not in self.numbers:
                raise ValueError(
                    f"the symbol {part.name} has no number; pass it, as in from_sympy(f, {{{part.name!r}: 1.0}})"
                )
            return Value(self.numbers[part.name], label=part.name)
        if part.is_number and not part.free_symbols:
            if not part.is_real:
                raise ValueError(f"from_sympy takes real numbers, got {part}")
            return float(part)
        if part.is_Add or part.is_Mul:
            return self._together(part)
        if part.is_Pow:
            return self._power(*part.args)
        if part.is_Piecewise:
            return self._pieces(list(part.args))
        return self._function(part)

    def _together(self, part: Any) -> Any:
        """A sum, where -1 · x is subtracted, or a product, where x ** -1 divides."""
        first, *rest = sorted(part.args, key=self._later) if part.is_Add else self._ordered(part.args)
        found = self.read(first)
        for each in rest:
            if part.is_Add and each.could_extract_minus_sign():
                found = found - self.read(-each)
            elif part.is_Mul and each.is_Pow and each.exp == -1:
                found = found / self.read(each.base)
            else:
                found = found + self.read(each) if part.is_Add else found * self.read(each)
        return found

    @staticmethod
    def _later(part: Any) -> bool:
        return bool(part.could_extract_minus_sign())

    @staticmethod
    def _ordered(parts: Any) -> list[Any]:
        return sorted(parts, key=lambda part: bool(part.is_Pow and part.exp == -1))

    def _power(self, base: Any, exponent: Any) -> Any:
        if base == self.sympy.E:
            return operators.exp(self.read(exponent))
        if exponent == self.sympy.Rational(1, 2):
            return operators.sqrt(self.read(base))
        if exponent == -1:
            return 1.0 / self.read(base)
        return self.read(base) ** self.read(exponent)

    def _pieces(self, pieces: list[Any]) -> Any:
        """A choice: the first piece whose condition holds."""
        (value, condition), *rest = pieces
        if condition == True or not rest:  # noqa: E712  (SymPy's own True)
            return self.read(value)
        kind = type(condition).__name__
        one, other = self.read(value), self._pieces(rest)
        if kind not in ("StrictGreaterThan", "GreaterThan", "StrictLessThan", "LessThan"):
            raise ValueError(f"from_sympy takes conditions such as x > 0, got {condition}")
        left, right = map(self.read, condition.args)
        difference = left - right if "Greater" in kind else right - left
        if kind.startswith("Strict"):
            return operators.where(difference, one, other)
        return operators.where(-difference, other, one)  # where the opposite, a strict condition, holds

    def _function(self, part: Any) -> Any:
        called = type(part).__name__
        name = _CALLED.get(called, called)
        op = OPS.get(name)
        if op is None or op.variadic or op.constants or not part.args:
            raise ValueError(f"the table has no operation for {part} ({called}); write it by operations that it has")
        args = [self.read(arg) for arg in part.args]
        function = getattr(operators, name)
        if len(op.args) == 2 and len(args) > 2:  # the largest of several
            return reduce(function, args)
        if len(args) != len(op.args) and name != "step":
            raise ValueError(f"{name} takes {len(op.args)} arguments here, got {part}")
        return function(*args[: len(op.args)])
