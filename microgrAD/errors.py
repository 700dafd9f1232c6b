"""The exceptions of the package, and the checks of what is passed to it.

A check takes what came, and what the error calls it; it returns what came.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any, TypeVar

from microgrAD.ops import OPS

T = TypeVar("T")


class DomainError(ValueError):
    """The result of an operation is not a finite real number, such as log(0) or exp(1000)."""


class GraphError(TypeError):
    """A derivative was about to be lost: a number was read out of a graph, or nothing was recorded."""


class CompileError(GraphError):
    """A function cannot be compiled, for example since a Python `if` needs the number of a traced value."""


def is_array(thing: Any) -> bool:
    """Return whether `thing` is an array, to whose elements NumPy applies operations. NumPy is not imported."""
    return hasattr(type(thing), "__array_ufunc__") and not isinstance(thing, numbers.Real)


def real(thing: Any, what: str = "a Value") -> float:
    """Return `thing` as a finite float; TypeError if it is not one real number, DomainError if it is inf or nan."""
    if type(thing) is float and thing - thing == 0:
        return thing
    if not isinstance(thing, numbers.Real):
        raise TypeError(f"{what} takes one real number, got {_describe(thing)}; {_instead(thing)}")
    try:
        number = float(thing)
    except OverflowError:
        raise DomainError(
            f"{what} takes a number below 1.8e308 in size, got one with more than 308 digits; scale it down"
        ) from None
    if not math.isfinite(number):
        raise DomainError(f"{what} takes a finite number, got {number}; look for the step that computed it")
    return number


def flag(value: bool, what: str) -> bool:
    """Return `value` if it is True or False; TypeError otherwise."""
    if not isinstance(value, bool):
        raise TypeError(f"{what} takes True or False, got {_describe(value)}")
    return value


def counted(n: Any, what: str, least: int = 1) -> int:
    """Return `n` as a whole number of at least `least`; ValueError otherwise."""
    if not hasattr(n, "__index__") or isinstance(n, bool) or n < least:
        raise ValueError(f"{what} takes a whole number of {least} or more, got {n!r}")
    return int(n)


def numbered(k: Any, what: str, first: int, last: int, *, said: str = "") -> int:
    """Return `k` as a whole number from `first` to `last`; ValueError otherwise. `said`: that range in words."""
    if not hasattr(k, "__index__") or isinstance(k, bool) or not first <= k <= last:
        raise ValueError(f"{what} must be {said or f'from {first} to {last}'}, got {k!r}")
    return int(k)


def positive(number: float, what: str) -> float:
    """Return `number` as a float that is not negative; ValueError otherwise."""
    if (x := real(number, what)) < 0:
        raise ValueError(f"{what} must be 0 or more, got {x}")
    return x


def between(got: float, what: str, low: float, high: float) -> float:
    """Return `got` if it is a number from `low` to `high`; ValueError otherwise."""
    if isinstance(got, bool) or not isinstance(got, (int, float)) or not low <= got <= high:
        raise ValueError(f"{what} must be a number from {low:g} to {high:g}, got {got!r}")
    return got


def whole_digits(got: int, what: str = "digits") -> int:
    """Return `got` if it is a number of significant digits, 1 to 17; ValueError otherwise."""
    if isinstance(got, bool) or not isinstance(got, int) or not 1 <= got <= 17:
        raise ValueError(f"{what} must be a whole number from 1 to 17, got {got!r}")
    return got


def one_of(got: T, what: str, choices: Sequence[object]) -> T:
    """Return `got` if it is one of the choices; ValueError otherwise."""
    if got not in choices:
        raise ValueError(f"{what} must be one of {list(choices)}, got {got!r}")
    return got


def words(got: str, what: str) -> str:
    """Return `got` if it is a text; TypeError otherwise."""
    if not isinstance(got, str):
        raise TypeError(f"{what} takes a text, got {type(got).__name__} {got!r}; pass str(...)")
    return got


def places(name: str, args: Sequence[Any]) -> str:
    """Return the operands of an operation as an error shows them: "-1.0 at 'u'", or "x = 1.0, y = 0.0 at 'v'"."""
    op = OPS[name]
    shown = []
    for k, arg in enumerate(args[:4]):
        argument = f"{op.args[k]} = " if 1 < len(args) == len(op.args) else ""
        label = getattr(arg, "label", "")
        shown.append(f"{argument}{getattr(arg, '_data', arg)!r}" + (f" at {label!r}" if label else ""))
    return ", ".join(shown) + (", ..." if len(args) > 4 else "")


def _describe(thing: Any) -> str:
    shape = None if isinstance(thing, (numbers.Number, str, bytes)) else getattr(thing, "shape", None)
    text = f"array of shape {shape}" if shape is not None else repr(thing)
    return f"{type(thing).__name__} {text if len(text) <= 60 else text[:57] + '...'}"


def _instead(thing: Any) -> str:
    if hasattr(thing, "_data"):
        return "it is a Value already: use it as it is, or pass its .data"
    if thing is None:
        return "pass a number, such as 0.0 if there is none yet"
    if isinstance(thing, complex):
        return "pass its .real part or its abs()"
    if isinstance(thing, (str, bytes)):
        return "pass float(text)"
    if hasattr(thing, "item"):
        return "pass one element of it with .item(), or make an array of Values, one for each element"
    if isinstance(thing, (list, tuple, set, dict)):
        return "make one Value for each element, as in [Value(x) for x in ...]"
    return "pass an int or a float"
