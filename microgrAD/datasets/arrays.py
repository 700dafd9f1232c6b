"""What the makers of data share: types, counts and noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.errors import real

Array = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.int64]]
Generator = np.random.Generator


def noisy(X: Array, noise: float, rng: Generator, name: str = "noise") -> Array:
    """X with Gaussian noise of that standard deviation; ValueError when it is negative, or too large for a float."""
    if not 0 <= real(noise, name) <= 1e300:
        raise ValueError(f"{name} is a standard deviation of 0 or more, at most 1e300, got {noise!r}")
    return X + noise * rng.standard_normal(X.shape)


def shares(n: int, classes: int) -> list[int]:
    """`n` samples over so many classes, the first ones getting what is left over."""
    return [n // classes + (k < n % classes) for k in range(classes)]


def shuffled(X: Array, y: Labels, rng: Generator) -> tuple[Array, Labels]:
    """Rows in random order."""
    order = rng.permutation(len(X))
    return X[order], y[order]
