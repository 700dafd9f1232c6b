"""What goes wrong, said once: the exceptions of the package, and the checks of a number."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

from microgrAD.ops import OPS


class DomainError(ValueError):
    """An operation was asked for something that is not a finite real number, such as log(0) or exp(1000)."""


class GraphError(TypeError):
    """A derivative was about to be lost: a number was read out of a graph, or nothing was recorded."""


class CompileError(GraphError):
    """A graph cannot be compiled, for example since a Python `if` asks for the number of a traced value."""


def is_array(thing: Any) -> bool:
    """Whether NumPy would want to spread an operation over `thing` (tested without importing NumPy)."""
    return hasattr(type(thing), "__array_ufunc__") and not isinstance(thing, numbers.Real)


def real(thing: Any, what: str = "a Value") -> float:
    """`thing` as a finite float; TypeError when it is not one real number, DomainError when it is inf or nan."""
    if type(thing) is float and thing - thing == 0:
        return thing
    if not isinstance(thing, numbers.Real):
        raise TypeError(f"{what} takes one real number, got {_describe(thing)}; {_instead(thing)}")
    try:
        number = float(thing)
    except OverflowError:
        raise DomainError(
            f"{what} takes a number below 1.8e308 in size, got one of over 308 digits; scale it down"
        ) from None
    if not math.isfinite(number):
        raise DomainError(f"{what} takes a finite number, got {number}; look for the step that made it")
    return number


def flag(value: bool, what: str) -> bool:
    """`value` if it is True or False; TypeError otherwise."""
    if not isinstance(value, bool):
        raise TypeError(f"{what} takes True or False, got {_describe(value)}")
    return value


def counted(n: Any, what: str, least: int = 1) -> int:
    """`n` as a count of at least `least`; ValueError otherwise."""
    if not hasattr(n, "__index__") or isinstance(n, bool) or n < least:
        raise ValueError(f"{what} takes a whole number of {least} or more, got {n!r}")
    return int(n)


def positive(number: float, what: str) -> float:
    """`number` as a float that is not negative; ValueError otherwise."""
    if (x := real(number, what)) < 0:
        raise ValueError(f"{what} must be 0 or more, got {x}")
    return x


def places(name: str, args: Sequence[Any]) -> str:
    """The operands of an operation as an error shows them: -1.0 at 'u'; or x = 1.0, y = 0.0 at 'v'."""
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
        return "pass a number, 0.0 for nothing yet"
    if isinstance(thing, complex):
        return "pass its .real part or its abs()"
    if isinstance(thing, (str, bytes)):
        return "pass float(text)"
    if hasattr(thing, "item"):
        return "pass one element of it with .item(), or make an array of Values, one an element"
    if isinstance(thing, (list, tuple, set, dict)):
        return "make one Value an element, as in [Value(x) for x in ...]"
    return "pass an int or a float"
