"""Writes a formula as C over doubles, which computes what Python does, to the last bit."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Mapping

from microgrAD.formula.code import python

_OPERATOR: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_BUILTIN = {builtins.abs: "fabs", builtins.max: "larger", builtins.min: "smaller"}  # what stands for them in C


def native(formula: str, names: Mapping[str, str]) -> str:
    """Return the formula in C. An error that Python would raise sets *fault.

    Arguments:
        formula: a formula of the table.
        names: for each argument, what C calls it.

    >>> native("x ** 2 if -1 < x < 1 else exp(x) / x", {"x": "x"})
    '(((-1.0) < x && x < 1.0) ? (x * x) : divided(called(MATH_exp, x, fault), x, fault))'
    """
    return _write(ast.parse(python(formula), mode="eval").body, names)


def _write(node: ast.expr, names: Mapping[str, str]) -> str:
    def written(part: ast.expr) -> str:
        return _write(part, names)

    match node:
        case ast.Constant(value=value):
            return repr(value)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(operand=operand):
            return f"(-{written(operand)})"
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return f"divided({written(left)}, {written(right)}, fault)"
        case ast.BinOp(left=left, op=op, right=right):
            return f"({written(left)} {_OPERATOR[type(op)]} {written(right)})"
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name.removeprefix("_"), [written(arg) for arg in args])
        case ast.Compare(left=left, ops=ops, comparators=others):
            terms = [written(term) for term in (left, *others)]
            pairs = zip(terms, ops, terms[1:], strict=False)
            return f"({' && '.join(f'{a} {_COMPARISON[type(op)]} {b}' for a, op, b in pairs)})"
        case ast.BoolOp(op=op, values=terms):
            return f"({(' && ' if isinstance(op, ast.And) else ' || ').join(map(written, terms))})"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return f"({written(test)} ? {written(body)} : {written(orelse)})"
    raise AssertionError(ast.dump(node))


def _called(name: str, args: list[str]) -> str:
    given = ", ".join(args)
    if (builtin := getattr(builtins, name, None)) in _BUILTIN:
        return f"{_BUILTIN[builtin]}({given})"
    if hasattr(math, name):
        return f"{'called' if len(args) == 1 else 'called_with_two'}(MATH_{name}, {given}, fault)"
    return f"value_{name}({given}, fault)"
