"""Arrays of numbers, and of whole numbers: what the compiler's tables are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Index = np.ndarray[Any, np.dtype[np.intp]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


def distinct(numbers: Index) -> Index:
    """Each number once, sorted: np.unique, without numpy.ma, which that imports."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if ordered.size else ordered


def stride(flat: Index) -> int | None:
    """The even step, 0 or more, from each number to the next; None where there is none."""
    if flat.size == 1:
        return 1
    first = flat.item(0)
    step = flat.item(1) - first
    if step < 0 or flat.item(-1) - first != step * (flat.size - 1):  # most that are uneven are told by their ends
        return None
    return step if flat.size == 2 or bool((flat[1:] - flat[:-1] == step).all()) else None
