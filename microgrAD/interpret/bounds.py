"""The range that inputs stay within: numbers (low, high) for all features, or rows of them, one a feature."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, table

Bounds = tuple[Any, Any]  # low, high: numbers, or (features,)


def bounds_of(X: Any, *, by_feature: bool = False) -> Bounds:
    """Return the smallest and the largest number in rows.

    Arguments:
        X: rows (rows, features).
        by_feature: whether to return two numbers for each feature, as two arrays (features,).

    >>> bounds_of([[0.0, 16.0], [3.0, 4.0]])
    (0.0, 16.0)
    """
    X = table(X)
    if by_feature:
        return X.min(axis=0), X.max(axis=0)
    return float(X.min()), float(X.max())


def checked(bounds: Bounds | None, size: int) -> Bounds | None:
    """Return bounds for rows of `size` features. Raise ValueError if low is above high, or equal in all features."""
    if bounds is None:
        return None
    if not isinstance(bounds, (tuple, list)) or len(bounds) != 2:
        raise ValueError(f"bounds takes (low, high), got {bounds!r:.60}; of data they are interpret.bounds_of(X)")
    low, high = (np.asarray(bound, dtype=float) for bound in bounds)
    if any(bound.shape not in ((), (size,)) for bound in (low, high)):
        raise ValueError(f"bounds takes two numbers, or two rows of {size}, got shapes {low.shape} and {high.shape}")
    if not ((low <= high).all() and (low < high).any()):
        raise ValueError(f"bounds takes (low, high) with low below high, got {bounds!r:.60}")
    return low, high


def holding(bounds: Bounds | None, x: Array) -> Bounds | None:
    """Return bounds that x is within. Raise ValueError if it is not, since moving x would change it, too."""
    bounds = checked(bounds, len(x))
    if bounds is not None and not np.array_equal(inside(x, bounds), x):
        raise ValueError(
            f"x goes from {x.min():g} to {x.max():g}, which is not within bounds of {np.min(bounds[0]):g} to "
            f"{np.max(bounds[1]):g}; pass those of the data, interpret.bounds_of(X)"
        )
    return bounds


def inside(z: Array, bounds: Bounds | None) -> Array:
    """Return the point within bounds that is nearest to z."""
    return z if bounds is None else np.clip(z, *bounds)
