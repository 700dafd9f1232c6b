"""Points in the plane, and a sine. Names and arguments are those of scikit-learn, if it has the same data."""

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
    """Return points on two circles: class 0 has radius 1, and class 1 inside it has radius `factor`."""
    if not 0 <= real(factor, "factor") < 1:
        raise ValueError(f"factor, the inner radius over the outer, must be from 0 to below 1, got {factor}")

    def one(k: int, n: int, rng: Generator) -> Array:
        angle = 2 * np.pi * rng.random(n)
        return (factor if k else 1.0) * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    return _classes(n_samples, 2, one, noise, rng)


@seeded
def make_moons(n_samples: int = 100, *, noise: float = 0.1, rng: Any = 0) -> tuple[Array, Labels]:
    """Return points on two half circles of radius 1, each of which reaches into the other."""

    def one(k: int, n: int, rng: Generator) -> Array:
        angle = np.pi * rng.random(n)
        x, y = np.cos(angle), np.sin(angle)
        return np.stack([1 - x, 0.5 - y] if k else [x, y], axis=1)

    return _classes(n_samples, 2, one, noise, rng)


@seeded
def make_spirals(
    n_samples: int = 100, *, n_classes: int = 2, turns: float = 1.0, noise: float = 0.02, rng: Any = 0
) -> tuple[Array, Labels]:
    """Return points on the arms of a spiral, one arm for each class.

    Arguments:
        n_samples, noise, rng: as for all data.
        n_classes: the number of arms.
        turns: how many times an arm goes around the centre, up to radius 1.
    Source: Lang & Witbrock 1988.
    """
    real(turns, "turns")

    def one(k: int, n: int, rng: Generator) -> Array:
        way = np.sqrt(rng.random(n)) * 0.9 + 0.1  # evenly along the arm, without the centre
        angle = 2 * np.pi * (turns * way + k / n_classes)
        return np.stack([way * np.cos(angle), way * np.sin(angle)], axis=1)

    return _classes(n_samples, counted(n_classes, "n_classes", 2), one, noise, rng)


@seeded
def make_blobs(
    n_samples: int = 100, *, centers: int | Sequence[Sequence[float]] = 3, cluster_std: float = 1.0, rng: Any = 0
) -> tuple[Array, Labels]:
    """Return points in Gaussian clouds, one cloud for each class.

    Arguments:
        n_samples, rng: as for all data.
        centers: the centres, (classes, features), or their number: then they are on a circle of radius 4.
        cluster_std: the standard deviation of each cloud.
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
    """Return points of the yin and yang symbol in the unit circle: class 0 is yin, 1 yang, 2 the two dots.

    Each class has the same number of points. The radius of a dot is 0.2.

    Source: Kriener et al. 2021.
    """
    return _classes(n_samples, 3, _yin_yang, noise, rng)


def _yin_yang(k: int, n: int, rng: Generator) -> Array:
    found = np.empty((0, 2))
    while len(found) < n:  # draw points of the square, and keep those of the class
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
    """Return x between -π and π, and y = sin x with noise, to learn a quantity.

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
    """Return samples of classes of equal size, with noise, shuffled. `one(class, count, rng)` makes the points."""
    rng = generator(rng)
    counts = shares(counted(n_samples, "n_samples"), classes)
    X = np.concatenate([one(k, n, rng) for k, n in enumerate(counts)])
    return shuffled(noisy(X, noise, rng, name), np.repeat(np.arange(classes), counts), rng)
