"""Rows before training: the weight of each row, and the rows that are held out."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.datasets.splits import train_test_split
from microgrAD.errors import real
from microgrAD.outputs import Array
from microgrAD.train.task import rows

Held = tuple[Any, Any, Array | None]  # X, y and weights


def counting(X: Array, y: Any, sample_weight: Any) -> tuple[Array, Any, Array | None]:
    """Return the rows with a weight above 0, their targets, and their weights."""
    if sample_weight is None:
        return X, y, None
    w = _weights(sample_weight, len(X))
    if y.ndim < 1 or len(y) != len(X):
        raise ValueError(f"y takes one target for each of {len(X)} rows, got shape {y.shape}")
    return X[w > 0], y[w > 0], w[w > 0]


def hold_out(
    X: Any, y: Any, w: Array | None, validation: tuple[Any, ...] | float | None, rng: Any
) -> tuple[Any, Any, Array | None, Held | None]:
    """Return the data to learn from (X, y and weights), and the data held out, or None."""
    if isinstance(validation, (tuple, list)):
        if len(validation) not in (2, 3):
            raise ValueError(
                "validation takes (X, y), (X, y, sample_weight), or the share of rows to hold out, such as 0.25, got "
                f"{len(validation)} parts"
            )
        held = counting(rows(validation[0]), np.asarray(validation[1]), *(validation[2:] or (None,)))
        return X, y, w, held
    if validation is None:
        return X, y, w, None
    if isinstance(validation, bool) or not 0 < real(validation, "validation") < 1:
        raise ValueError(
            f"validation takes (X, y), or the share of rows to hold out, between 0 and 1, got {validation}"
        )
    learn, held_out, y, held_y = train_test_split(np.arange(len(X)), y, test_size=validation, rng=rng)
    if w is None:
        return X[learn], y, None, (X[held_out], held_y, None)
    return X[learn], y, w[learn], (X[held_out], held_y, w[held_out])


def _weights(sample_weight: Any, count: int) -> Array:
    """Return the weights of rows, (rows,), scaled so that the largest is 1. Raise ValueError for a weight below 0."""
    w = np.asarray(sample_weight, dtype=float)
    if w.shape != (count,):
        raise ValueError(f"sample_weight takes a number for each of {count} rows, got shape {w.shape}")
    if not np.isfinite(w).all() or (w < 0).any():
        place = int(np.argwhere(~np.isfinite(w) | (w < 0))[0][0])
        raise ValueError(f"sample_weight takes finite numbers of 0 or more, got {w[place]} at {place}")
    if not w.any():
        raise ValueError("sample_weight is 0 for every row; give at least one row a weight above 0")
    scaled: Array = w / w.max()
    return scaled
