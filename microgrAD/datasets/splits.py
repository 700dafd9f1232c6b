"""Before training: features are standardized, some rows are held out, and the others are split into batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array
from microgrAD.errors import counted, real
from microgrAD.guesses import seeded
from microgrAD.init import generator

SMALLEST = 1e-300  # the smallest range of a feature; 1 / range must be a float


def scaling(X: Any) -> tuple[Array, Array]:
    """Return the mean and the standard deviation of each feature, (features,); 1 for a feature that never changes."""
    X = np.asarray(X, dtype=float)
    if not X.size or not np.isfinite(X).all():
        raise ValueError(
            f"a scale takes one row or more of finite numbers, got an array of shape {X.shape}"
            + (" with some that are not" if X.size else "")
        )
    low, high = X.min(axis=0), X.max(axis=0)
    with np.errstate(over="ignore"):
        bad = ~np.isfinite(high - low) | (high > low) & (high - low < SMALLEST)
    if bad.any():
        raise ValueError(
            f"a column goes from {low[bad][0]:.3g} to {high[bad][0]:.3g}, which is out of the range of a "
            "float; scale it"
        )
    power = np.frexp(np.maximum(np.abs(low), np.abs(high)))[1]
    near = np.ldexp(X, -power)  # this changes no digit, and no square overflows
    mean, deviation = np.ldexp(near.mean(axis=0), power), np.ldexp(near.std(axis=0), power)
    changes = (high > low) & (deviation > 0)  # the deviation of equal numbers can be 1e-17, by rounding
    return np.where(changes, mean, X[0]), np.where(changes, deviation, 1.0)


def standardize(X: Any, *others: Any) -> tuple[Array, ...]:
    """Return X with mean 0 and standard deviation 1 for each feature, and other data on the same scale.

    Arguments:
        X: the training data, (rows, features).
        others: more data, such as test data, (rows, features). They are scaled by the mean and deviation of X.
    Raises: ValueError for rows that are not finite, or for another number of features.

    >>> train, test = standardize([[0.0], [2.0]], [[4.0]])
    >>> train.tolist(), test.tolist()
    ([[-1.0], [1.0]], [[3.0]])
    """
    mean, deviation = scaling(X)
    parts = [np.asarray(each, dtype=float) for each in (X, *others)]
    for part in parts:
        if part.shape[1:] != mean.shape:
            raise ValueError(
                f"standardize takes rows with as many features each, got shapes {parts[0].shape} and {part.shape}"
            )
    return tuple((part - mean) / deviation for part in parts)


@seeded
def train_test_split(X: Any, y: Any, *, test_size: float = 0.25, rng: Any = 0) -> tuple[Any, Any, Any, Any]:
    """Return X_train, X_test, y_train, y_test, with a random share of the rows held out for testing.

    Arguments:
        X, y: rows and targets, two or more.
        test_size: the share to hold out, between 0 and 1. Both parts have at least one row.
        rng: a seed or generator.
    Raises: ValueError for fewer rows, another number of targets, or another share.

    >>> [len(part) for part in train_test_split(range(8), range(8))]
    [6, 2, 6, 2]
    """
    X, y = np.asarray(X), np.asarray(y)
    if not X.ndim or not y.ndim:
        raise ValueError("a split takes rows and a target each, got a single number")
    if len(X) != len(y) or len(X) < 2:
        raise ValueError(f"a split takes two rows or more, and a target each, got {len(X)} rows and {len(y)} targets")
    if not 0 < real(test_size, "test_size") < 1:
        raise ValueError(f"test_size is the share held out, between 0 and 1, got {test_size}")
    order = generator(rng).permutation(len(X))
    held = min(max(round(test_size * len(X)), 1), len(X) - 1)
    return X[order[held:]], X[order[:held]], y[order[held:]], y[order[:held]]


@seeded
def minibatches(X: Any, y: Any, *, batch_size: int, shuffle: bool = True, rng: Any = 0) -> Iterator[tuple[Any, Any]]:
    """Yield (X, y) in batches of batch_size rows; the last can be smaller. By default rows are in random order."""
    X, y = np.asarray(X), np.asarray(y)
    if len(X) != len(y):
        raise ValueError(f"X and y take as many rows each, got {len(X)} and {len(y)}")
    pieces = batches(len(X), counted(batch_size, "batch_size"), generator(rng) if shuffle else None)
    return ((X[rows], y[rows]) for rows in pieces)


def batches(n: int, batch_size: int, rng: np.random.Generator | None) -> Iterator[Any]:
    """Yield the numbers 0 to n - 1 in batches of batch_size; in random order if there is an rng."""
    order = np.arange(n) if rng is None else rng.permutation(n)
    return (order[start : start + batch_size] for start in range(0, n, batch_size))
