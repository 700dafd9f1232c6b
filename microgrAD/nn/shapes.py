"""Checks the inputs of modules: rows, images, sizes."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Real
from typing import Any

from microgrAD.nn.module import Module
from microgrAD.operators import Value

Pair = int | tuple[int, int] | list[int]


def row(x: Any, size: int, module: Module) -> list[Any]:
    """Return one row as a list of `size` numbers or Values.

    Raises: ValueError if it has another length; TypeError if it is several rows, or holds anything else.
    """
    if hasattr(x, "tolist"):
        x = x.tolist()  # makes NumPy's numbers Python's; Values stay as they are
    values = [x] if isinstance(x, (Value, Real)) or not hasattr(x, "__iter__") else list(x)
    for element in values:
        if not isinstance(element, (Value, Real)):
            raise TypeError(
                f"{_who(module)} takes one row of {size} numbers, got {type(element).__name__} in it; for "
                "several rows write [model(x) for x in X], for an image put Flatten() before it"
            )
    if len(values) != size:
        raise ValueError(
            f"{_who(module)} takes {size} input{'s' * (size != 1)}, got {len(values)}; "
            "pass one row with as many numbers as the network has inputs"
        )
    return values


def flatten(x: Any) -> list[Any]:
    """Return the numbers and Values of a nested list or array, in order."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    if isinstance(x, (Value, Real)):
        return [x]
    if isinstance(x, (str, bytes)) or not hasattr(x, "__iter__"):
        raise TypeError(f"a row takes numbers, got {type(x).__name__} {x!r:.60}")
    return [element for part in x for element in flatten(part)]


def in_shape_of(x: Any, values: Iterator[Any]) -> Any:
    """Return the values in the nested shape of x."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    return next(values) if isinstance(x, (Value, Real)) else [in_shape_of(part, values) for part in x]


def nest(values: list[Any], shape: tuple[int, ...], module: Module) -> Any:
    """Return a flat list as a nested one of the given shape; ValueError if the number of elements does not fit."""
    size = 1
    for n in shape:
        size *= n
    if len(values) != size:
        raise ValueError(f"{_who(module)} takes {size} numbers, got {len(values)}")
    for n in reversed(shape[1:]):
        values = [values[i : i + n] for i in range(0, len(values), n)]
    return values


def image(x: Any, channels: int | None, module: Module) -> list[list[list[Any]]]:
    """Return an image as lists of shape (channels, height, width); ValueError for another shape."""
    if hasattr(x, "tolist"):
        x = x.tolist()
    depth, probe = 0, x
    while isinstance(probe, (list, tuple)) and len(probe):
        depth, probe = depth + 1, probe[0]
    x = [x] if depth == 2 else x
    if depth not in (2, 3) or not _is_box(x):
        raise ValueError(
            f"{_who(module)} takes an image of shape (channels, height, width), got "
            f"{'a row; put Unflatten(channels, height, width) before it' if depth == 1 else 'another shape'}"
        )
    if channels not in (None, len(x)):
        raise ValueError(f"{_who(module)} takes {channels} channels, got {len(x)}")
    return [[list(line) for line in channel] for channel in x]


def _is_box(x: Any) -> bool:
    """Return whether all channels have the same number of lines, and all lines the same number of pixels."""
    nested = all(isinstance(c, (list, tuple)) and all(isinstance(line, (list, tuple)) for line in c) for c in x)
    return nested and len({(len(c), len(line)) for c in x for line in c}) == 1


def count(n: Any, what: str, least: int = 1) -> int:
    """Return `n` as a whole number of at least `least`; TypeError or ValueError otherwise."""
    if not hasattr(n, "__index__") or isinstance(n, bool):
        raise TypeError(f"{what} takes a whole number, got {type(n).__name__} {n!r}")
    if n < least:
        raise ValueError(f"{what} must be {least} or more, got {n}")
    return int(n)


def pair(n: Pair, what: str, least: int) -> tuple[int, int]:
    """Return two whole numbers, (down, across), for one number or two."""
    both = tuple(n) if isinstance(n, (tuple, list)) else (n, n)
    if len(both) != 2:
        raise ValueError(f"{what} takes one number, or two for down and across, got {n!r}")
    return count(both[0], what, least), count(both[1], what, least)


def _who(module: Module) -> str:
    return f"{module!r}" + (f" at {module.scope!r}" if module.scope else "")
