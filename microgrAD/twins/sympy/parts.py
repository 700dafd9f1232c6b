"""Numbers, terms, factors and functions of an expression of SymPy, which is not imported.

expr     an expression of SymPy
args     the Values, or plain numbers, of its arguments
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from microgrAD import operators
from microgrAD.errors import DomainError
from microgrAD.ops import OPS, Op

BY_NAME = {name.lower(): name for name, op in OPS.items() if not op.variadic and not op.sign}


def parts(expr: Any) -> list[Any]:
    """Return what has to be read before an expression. Pieces are read when needed, since some have no value."""
    if expr.is_Add:
        return [split(term)[1] for term in expr.args]
    if expr.is_Mul:
        above, below = fraction(expr)
        return [part for part in [*above, *below] if part != -1]
    if expr.is_Piecewise or expr.is_number and not expr.args:
        return []
    if not expr.is_Pow and not expr.is_Symbol and str(expr.func.__name__) not in SPECIAL and operation(expr) is None:
        raise unknown(expr)
    return list(expr.args)


def operation(expr: Any) -> Op | None:
    """Return the operation of the table that has the name of a function of SymPy; None if there is none."""
    return OPS.get(BY_NAME.get(str(expr.func.__name__).lower(), ""))


def unknown(expr: Any) -> ValueError:
    name = str(expr.func.__name__)
    return ValueError(
        f"from_sympy does not know {name} of {len(expr.args)} in {short(expr)}; rewrite it, as with .doit() or "
        f".rewrite(sympy.exp), or use one of {sorted({*BY_NAME.values(), *SPECIAL})}"
    )


def split(term: Any) -> tuple[int, Any]:
    """Return the sign of a term and the term without it."""
    return (-1, -term) if term.could_extract_minus_sign() and (term.is_Mul or term.is_Number) else (1, term)


def in_order(order: Callable[[], Any], expr: Any) -> list[Any]:
    """Return the terms or factors of an expression as SymPy prints them; of a very deep one, as it keeps them."""
    try:
        return list(order())
    except RecursionError:
        return list(expr.args)


def fraction(expr: Any) -> tuple[list[Any], list[Any]]:
    """Return the factors of a product above and below the line."""
    above, below = [], []
    for factor in in_order(expr.as_ordered_factors, expr):
        if factor.is_Rational and not factor.is_Integer:
            whole = factor * factor.q
            above += [whole] if whole != 1 else []
            below.append(whole / factor)
        elif factor.is_Pow and factor.args[1].is_number and factor.args[1].is_negative:
            base, exponent = factor.args
            below.append(base if exponent == -1 else base**-exponent)
        else:
            above.append(factor)
    return above, below


def plain(expr: Any) -> float:
    """Return a number of SymPy as a float."""
    if not expr.is_number:
        raise ValueError(
            f"from_sympy reads real numbers, symbols and functions, got {type(expr).__name__} {short(expr)}"
        )
    try:
        found = float(expr)
    except (TypeError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise DomainError(f"from_sympy takes finite real numbers, got {short(expr)}; take its real part, or a limit")
    return found


def is_chain(name: str) -> bool:
    """Whether a function of two is one of many too: SymPy writes those with a capital letter, as in Max."""
    return name[0].isupper()


def _sign(expr: Any, args: list[Any]) -> Any:
    x = args[0]
    return operators.step(x) - operators.step(-x)


def _heaviside(expr: Any, args: list[Any]) -> Any:
    if float(args[0]) == 0 and float(args[1]) != 1:
        raise DomainError(f"{short(expr)} stands at its jump, where it is {args[1]} and has no derivative; move off it")
    return operators.step(args[0])


def _angle(kind: Callable[[Any], Any]) -> Callable[[Any, list[Any]], Any]:
    return lambda expr, args: 1.0 / kind(args[0])


SPECIAL: dict[str, Callable[[Any, list[Any]], Any]] = {
    "sign": _sign,
    "Heaviside": _heaviside,
    "sec": _angle(operators.cos),
    "csc": _angle(operators.sin),
    "cot": _angle(operators.tan),
    "sech": _angle(operators.cosh),
    "csch": _angle(operators.sinh),
    "coth": _angle(operators.tanh),
}


def short(thing: Any) -> str:
    text = str(thing)
    return text if len(text) <= 60 else text[:57] + "..."
