"""The numbers of many Values as one array, and an array as theirs: by the compiled engine at once, where it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.following import followers, tell
from microgrAD.native.choice import compiled

if TYPE_CHECKING:
    from microgrAD.scalar import Scalar

    Array = np.ndarray[Any, np.dtype[np.float64]]

Values = Sequence["Scalar"]


def data(values: Values) -> Array:
    """Return the numbers of Values, (n,)."""
    found = np.empty(len(values))
    if not _at_once("get_data", values, found):
        found[...] = [v._data for v in values]
    return found


def set_data(values: Values, numbers: Array) -> None:
    """Give Values new numbers, (n,)."""
    if not _at_once("set_data", values, numbers):
        for v, number in zip(values, numbers.tolist(), strict=True):
            v._data = number
    if followers:
        tell(values)


def grads(values: Values) -> Array | None:
    """Return the gradients of Values, (n,); None if one is a Value itself."""
    found = np.empty(len(values))
    if not _at_once("get_grads", values, found):
        numbers = [v._grad for v in values]
        if not {*map(type, numbers)} <= {float}:
            return None
        found[...] = numbers
    return found


def set_grads(values: Values, numbers: Array) -> None:
    """Give Values new gradients, (n,)."""
    if not _at_once("set_grads", values, numbers):
        for v, number in zip(values, numbers.tolist(), strict=True):
            v._grad = number


def add_grads(values: Values, numbers: Array) -> bool:
    """Add numbers, (n,), to the gradients of Values; False, and nothing is added, where a sum is more than a float."""
    if _at_once("add_grads", values, numbers):
        return True
    sums = [v._grad + number for v, number in zip(values, numbers.tolist(), strict=True)]
    if any(type(grad) is float and grad - grad for grad in sums):
        return False
    for v, grad in zip(values, sums, strict=True):
        v._grad = grad
    return True


def _at_once(name: str, values: Values, numbers: Array) -> bool:
    """Whether the compiled engine did it. `values` is a list or a tuple."""
    if numbers.shape != (len(values),):
        raise ValueError(f"takes a number for each Value, got {numbers.shape} for {len(values)}")
    return compiled is not None and getattr(compiled, name)(values, np.ascontiguousarray(numbers, dtype=float))
