"""What the functions that make data share: types, counts and noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.errors import real

Array = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.int64]]
Generator = np.random.Generator


def noisy(X: Array, noise: float, rng: Generator, name: str = "noise") -> Array:
    """Return X with Gaussian noise of a standard deviation. Raise ValueError if that is negative or over 1e300."""
    if not 0 <= real(noise, name) <= 1e300:
        raise ValueError(f"{name} is a standard deviation of 0 or more, at most 1e300, got {noise!r}")
    return X + noise * rng.standard_normal(X.shape)


def shares(n: int, classes: int) -> list[int]:
    """Return how many of n samples each class gets. The first classes get one more if n cannot be divided."""
    return [n // classes + (k < n % classes) for k in range(classes)]


def shuffled(X: Array, y: Labels, rng: Generator) -> tuple[Array, Labels]:
    """Return rows and targets in random order."""
    order = rng.permutation(len(X))
    return X[order], y[order]
