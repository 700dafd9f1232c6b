"""Points in the plane, with scikit-learn's names and arguments where it has the same set; and a sine to regress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array, Generator, Labels, noisy, shares, shuffled
from microgrAD.errors import counted, real
from microgrAD.guesses import seeded
from microgrAD.init import generator


@seeded
def make_circles(
    n_samples: int = 100, *, noise: float = 0.08, factor: float = 0.5, rng: Any = 0
) -> tuple[Array, Labels]:
    """A circle of radius 1, class 0, around one of radius `factor`, class 1."""
    if not 0 <= real(factor, "factor") < 1:
        raise ValueError(f"factor, the inner radius over the outer, must be from 0 to below 1, got {factor}")

    def one(k: int, n: int, rng: Generator) -> Array:
        angle = 2 * np.pi * rng.random(n)
        return (factor if k else 1.0) * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    return _classes(n_samples, 2, one, noise, rng)


@seeded
def make_moons(n_samples: int = 100, *, noise: float = 0.1, rng: Any = 0) -> tuple[Array, Labels]:
    """Two half circles of radius 1 that reach into each other."""

    def one(k: int, n: int, rng: Generator) -> Array:
        angle = np.pi * rng.random(n)
        x, y = np.cos(angle), np.sin(angle)
        return np.stack([1 - x, 0.5 - y] if k else [x, y], axis=1)

    return _classes(n_samples, 2, one, noise, rng)


@seeded
def make_spirals(
    n_samples: int = 100, *, n_classes: int = 2, turns: float = 1.0, noise: float = 0.02, rng: Any = 0
) -> tuple[Array, Labels]:
    """Arms of a spiral, one a class, that wind `turns` times around the centre to radius 1. Lang & Witbrock 1988."""
    real(turns, "turns")

    def one(k: int, n: int, rng: Generator) -> Array:
        way = np.sqrt(rng.random(n)) * 0.9 + 0.1  # evenly along the arm, and not at the centre
        angle = 2 * np.pi * (turns * way + k / n_classes)
        return np.stack([way * np.cos(angle), way * np.sin(angle)], axis=1)

    return _classes(n_samples, counted(n_classes, "n_classes", 2), one, noise, rng)


@seeded
def make_blobs(
    n_samples: int = 100, *, centers: int | Sequence[Sequence[float]] = 3, cluster_std: float = 1.0, rng: Any = 0
) -> tuple[Array, Labels]:
    """Gaussian clouds of that standard deviation, one a class.

    `centers` are points of any number of features, or how many: then they lie on a circle of radius 4.
    """
    if hasattr(centers, "__index__"):
        angle = 2 * np.pi * np.arange(counted(centers, "centers")) / centers + np.pi / 2
        middles = 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    else:
        middles = _points(centers)
    return _classes(
        n_samples, len(middles), lambda k, n, rng: np.tile(middles[k], (n, 1)), cluster_std, rng, "cluster_std"
    )


def _points(centers: Any) -> Array:
    with suppress(TypeError, ValueError):
        found = np.array(centers, dtype=float)
        if found.ndim == 2 and found.size and np.isfinite(found).all():
            return found
    raise ValueError(f"centers takes how many, or finite points of one length, got {centers!r}")


@seeded
def make_yin_yang(n_samples: int = 100, *, noise: float = 0.0, rng: Any = 0) -> tuple[Array, Labels]:
    """The yin and yang symbol in the unit circle: class 0 yin, 1 yang, 2 the two dots. Kriener et al. 2021.

    Classes have equal shares; the dots have the radius 0.2.
    """
    return _classes(n_samples, 3, _yin_yang, noise, rng)


def _yin_yang(k: int, n: int, rng: Generator) -> Array:
    found = np.empty((0, 2))
    while len(found) < n:  # try points of the square, keep those of the class
        points = rng.uniform(-1, 1, (64, 2))
        x, y = points.T
        left, right = np.hypot(x + 0.5, y), np.hypot(x - 0.5, y)
        dots = np.minimum(left, right) < 0.2
        yin = (left < 0.5) | (y > 0) & (right >= 0.5)
        wanted = dots if k == 2 else ~dots & (yin if k == 0 else ~yin)
        found = np.concatenate([found, points[(np.hypot(x, y) < 1) & wanted]])
    return found[:n]


@seeded
def make_sine(n_samples: int = 100, *, noise: float = 0.1, rng: Any = 0) -> tuple[Array, Array]:
    """To regress: y = sin x with noise, for x between -π and π.

    >>> X, y = make_sine(noise=0)
    >>> X.shape, bool(abs(y - np.sin(X[:, 0])).max() == 0)
    ((100, 1), True)
    """
    rng = generator(rng)
    X = rng.uniform(-np.pi, np.pi, (counted(n_samples, "n_samples"), 1))
    return X, noisy(np.sin(X[:, 0]), noise, rng)


def _classes(
    n_samples: int,
    classes: int,
    one: Callable[[int, int, Generator], Array],
    noise: float,
    rng: Any,
    name: str = "noise",
) -> tuple[Array, Labels]:
    """Samples in equal shares, one(class, count, rng) giving the points of each; with noise, in random order."""
    rng = generator(rng)
    counts = shares(counted(n_samples, "n_samples"), classes)
    X = np.concatenate([one(k, n, rng) for k, n in enumerate(counts)])
    return shuffled(noisy(X, noise, rng, name), np.repeat(np.arange(classes), counts), rng)
