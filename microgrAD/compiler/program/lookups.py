"""What the NumPy code of a lookup calls.

index     (m, B) the numbers that choose, one column for each row of the batch; or (1, B), the same for all m
places    (n, m) where each of the n values stands of which one is chosen
"""

from __future__ import annotations

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index


class Misplaced(FloatingPointError):
    """Some rows of the batch have an index that is out of range, or no whole number: which ones."""

    def __init__(self, rows: list[int]) -> None:
        super().__init__()
        self.rows = rows


def found_at(index: Array, places: Index, out: Index, batched: int) -> None:
    """Put into out (m, B) where the chosen numbers stand in a table, seen flat. `batched`: 1 if it has B columns.

    Raises: Misplaced, for an index that none of the places has.
    """
    size, count = places.shape
    fits = (index >= 0) & (index < size) & (np.floor(index) == index)
    if not fits.all():
        raise Misplaced(np.flatnonzero(~fits.all(axis=0)).tolist())
    out[...] = places[index.astype(np.intp), np.arange(count)[:, None]]
    if batched:
        out *= out.shape[1]
        out += np.arange(out.shape[1])


def spread(at: Index, x: Array, out: Array) -> None:
    """Add up in `out` each number of x (m, B) at its place."""
    total = np.bincount(at.ravel(), np.broadcast_to(x, at.shape).ravel(), out.size)
    np.multiply(total, 0.0)  # a fault, as of each sum, where one is not finite
    out[...] = total.reshape(out.shape)
