"""Writes a formula as JavaScript over numbers."""

from __future__ import annotations

import ast
from collections.abc import Set

from microgrAD.formula.reading import AUXILIARY, CONSTANTS, read
from microgrAD.ops import OPS

_CHOICE, _OR, _AND, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)  # JavaScript's precedence, lowest first
_OPERATOR: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _SUM),
    ast.Sub: ("-", _SUM),
    ast.Mult: ("*", _PRODUCT),
    ast.Div: ("/", _PRODUCT),
}
_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "===",
    ast.NotEq: "!==",
}


def javascript(formula: str, *, own: Set[str] = frozenset()) -> str:
    """Return the formula in JavaScript.

    Arguments:
        formula: a formula of the table.
        own: functions that the page defines itself, and that are called without `Math.`.

    >>> javascript("x ** 2 if -1 < x < 1 else sigmoid(x) * exp(x)")
    '-1 < x && x < 1 ? x * x : sigmoid(x) * Math.exp(x)'
    """
    return _JavaScript(own).write(read(formula))


class _JavaScript:
    """Writes an expression that JavaScript computes in the same order as Python does."""

    def __init__(self, own: Set[str]) -> None:
        self.own = own

    def write(self, node: ast.expr, around: int = _CHOICE) -> str:
        written, strength = self._write(node)
        return written if strength >= around else f"({written})"

    def _write(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Constant(value=value):
                return repr(value), _ATOM
            case ast.Name(id=name):
                return repr(CONSTANTS[name]) if name in CONSTANTS else name, _ATOM
            case ast.UnaryOp(operand=operand):
                return "-" + self.write(operand, _ATOM), _SIGN
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(left, right)
            case ast.BinOp(left=left, op=op, right=right):
                sign, strength = _OPERATOR[type(op)]
                return f"{self.write(left, strength)} {sign} {self.write(right, strength + 1)}", strength
            case ast.Call(func=ast.Name(id=name), args=args):
                return f"{self.function(name)}({', '.join(map(self.write, args))})", _ATOM
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compare([left, *others], ops)
            case ast.BoolOp(op=op, values=terms):
                sign, strength = (" && ", _AND) if isinstance(op, ast.And) else (" || ", _OR)
                return sign.join(self.write(term, strength + 1) for term in terms), strength
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"{self.write(test, _OR)} ? {self.write(body, _OR)} : {self.write(orelse)}", _CHOICE
        raise AssertionError(ast.dump(node))

    def _power(self, base: ast.expr, exponent: ast.expr) -> tuple[str, int]:
        if isinstance(base, ast.Name) and isinstance(exponent, ast.Constant) and exponent.value == 2:
            return f"{base.id} * {base.id}", _PRODUCT  # what Python's x * x gives, to the last bit
        return f"Math.pow({self.write(base)}, {self.write(exponent)})", _ATOM

    def _compare(self, terms: list[ast.expr], ops: list[ast.cmpop]) -> tuple[str, int]:
        written = [self.write(term, _SUM) for term in terms]
        pairs = [f"{a} {_COMPARISON[type(op)]} {b}" for a, op, b in zip(written, ops, written[1:], strict=False)]
        return " && ".join(pairs), _COMPARE if len(pairs) == 1 else _AND

    def function(self, name: str) -> str:
        library = name in AUXILIARY or OPS[name].primitive and name not in self.own
        return f"Math.{name}" if library else name
