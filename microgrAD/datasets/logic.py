"""Logic: and, or, exclusive or, parity. Rows are the corners in order; with noise, points around each corner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array, Labels, noisy
from microgrAD.errors import counted
from microgrAD.guesses import seeded
from microgrAD.init import generator


@seeded
def make_and(n_samples: int = 4, *, noise: float = 0.0, rng: Any = 0) -> tuple[Array, Labels]:
    """Return two inputs, and class 1 if both are 1. A perceptron can learn it."""
    return _corners(2, n_samples, lambda bits: bits.all(axis=1), noise, rng)


@seeded
def make_or(n_samples: int = 4, *, noise: float = 0.0, rng: Any = 0) -> tuple[Array, Labels]:
    """Return two inputs, and class 1 if one of them is 1, or both. A perceptron can learn it."""
    return _corners(2, n_samples, lambda bits: bits.any(axis=1), noise, rng)


@seeded
def make_xor(n_samples: int = 4, *, noise: float = 0.0, rng: Any = 0) -> tuple[Array, Labels]:
    """Return two inputs, and class 1 if they differ. No line separates the classes, so no perceptron can learn it.

    Source: Minsky & Papert 1969.

    >>> X, y = make_xor()
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    return _corners(2, n_samples, lambda bits: bits.sum(axis=1) % 2 == 1, noise, rng)


@seeded
def make_parity(
    n_samples: int | None = None, *, n_bits: int = 3, noise: float = 0.0, rng: Any = 0
) -> tuple[Array, Labels]:
    """Return several inputs, and class 1 if an odd number of them is 1.

    Arguments:
        n_samples: the number of rows; by default each of the 2ⁿ rows once.
        n_bits: the number of inputs, from 1 to 16.
        noise, rng: as for all data.
    Source: Rumelhart et al. 1986.
    """
    if not 1 <= counted(n_bits, "n_bits") <= 16:
        raise ValueError(f"n_bits must be from 1 to 16, got {n_bits}: there are 2 ** n_bits rows")
    n = 2**n_bits if n_samples is None else n_samples
    return _corners(n_bits, n, lambda bits: bits.sum(axis=1) % 2 == 1, noise, rng)


def _corners(
    n_bits: int, n_samples: int, truth: Callable[[Array], Any], noise: float, rng: Any
) -> tuple[Array, Labels]:
    numbers = np.arange(counted(n_samples, "n_samples")) % 2**n_bits
    bits = (numbers[:, None] >> np.arange(n_bits)[::-1] & 1).astype(float)
    return noisy(bits, noise, generator(rng)), truth(bits).astype(np.int64)
