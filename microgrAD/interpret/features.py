"""The input that a unit reacts to most: a search over inputs, and the rows of data with the largest outputs.

f    the function of one row x that is maximised
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.init import generator
from microgrAD.interpret.bounds import Bounds, checked, inside
from microgrAD.interpret.rows import Array, Function, number, row, table, value_and_gradient
from microgrAD.outputs import outputs


@dataclass(frozen=True)
class Maximised:
    """The result of `maximise`.

    Arguments:
        x: the input that was found, (features,).
        objective: f(x) - l2 · Σ x² after each step; it never falls.
        value: f(x) at the end.
    """

    x: Array
    objective: list[float]
    value: float

    @property
    def norm(self) -> float:
        """The length of x."""
        return float(np.linalg.norm(self.x))


def maximise(
    f: Function,
    x: Any,
    *,
    l2: float = 0.0,
    max_norm: float | None = None,
    bounds: Bounds | None = None,
    steps: int = 200,
    tolerance: float = 1e-9,
    starts: int = 20,
    rng: Any = 0,
) -> Maximised:
    """Return the input that maximises f(x) - l2 · Σ x², searched by gradient ascent from x.

    A step that would lower the objective is halved until it raises it. If f has no slope at x, like a relu that is 0
    there, the search starts at a random point around x where it has one; if there is none, the result is x.

    Arguments:
        f: a function of one row, such as `unit(model, 1, 3)`.
        x: the row to start from, (features,).
        l2: the weight of the penalty on large inputs.
        max_norm: the largest length of x; by default no limit.
        bounds: (low, high) for every number of x, such as `bounds_of(X)`; by default no limit.
        steps: the largest number of steps.
        tolerance: the search ends when a step gains less than this, relative to the objective if it is above 1.
        starts: the largest number of random points to try if f has no slope at x.
        rng: a seed, or NumPy's generator, for these points.
    Returns: a `Maximised`.
    Raises: ValueError unless l2, max_norm or bounds limit the search, since most units grow without end.
    Source: Erhan et al. 2009.
    """
    if l2 < 0 or max_norm is not None and not max_norm > 0:
        raise ValueError(f"l2 must be 0 or more and max_norm above 0, got {l2} and {max_norm}")
    x = row(x)
    bounds = checked(bounds, len(x))
    if max_norm is not None and bounds is not None and not np.all((bounds[0] <= 0) & (bounds[1] >= 0)):
        raise ValueError(
            f"with max_norm, bounds must include 0, since no input may satisfy both, got {bounds[0]} to {bounds[1]}"
        )
    if not l2 and max_norm is None and bounds is None:
        raise ValueError("the search needs a limit: pass max_norm, bounds or l2")
    place = _projection(max_norm, bounds)

    def ask(x: Array) -> tuple[float, Array]:
        value, slope = value_and_gradient(f, x)
        return value - l2 * float(x @ x), slope - 2 * l2 * x

    x, length = _start_with_slope(f, place(x), starts, place, generator(rng)), 1.0
    now, slope = ask(x)
    path = [now]
    for _ in range(steps):
        better = _uphill(lambda x: number(f, x) - l2 * float(x @ x), x, slope, now, length, place)
        if better is None:
            break
        x, length = better
        now, slope = ask(x)
        path.append(now)
        if path[-1] - path[-2] <= tolerance * max(1.0, abs(now)):
            break
        length *= 2
    return Maximised(x, path, number(f, x))


def most_exciting(f: Function, X: Any, *, count: int = 5) -> Any:
    """Return the numbers of the rows of X for which f is largest, the largest first.

    Arguments:
        f: a function of one row, such as `unit(model, 1, 3)`.
        X: rows, (rows, features).
        count: how many rows to return.
    Returns: an array of shape (count,).
    """
    X = table(X)
    return np.argsort(-outputs(f, X)[:, 0], kind="stable")[:count]


def _start_with_slope(
    f: Function, x: Array, starts: int, place: Callable[[Array], Array], rng: np.random.Generator
) -> Array:
    """Return x, or, if f has no slope there, the first random point around x where it has one."""
    around = (place(x + rng.standard_normal(len(x))) for _ in range(starts))
    return next((start for start in (x, *around) if value_and_gradient(f, start)[1].any()), x)


def _uphill(
    f: Callable[[Array], float], x: Array, slope: Array, now: float, length: float, place: Callable[[Array], Array]
) -> tuple[Array, float] | None:
    """Return a point where f is larger, and the length of the step; it is halved until there is one. None if not."""
    size = float(np.linalg.norm(slope))
    if size < 1e-14:
        return None
    while length > 1e-10:
        candidate = place(x + length * slope / size)
        if f(candidate) > now:
            return candidate, length
        length /= 2
    return None


def _projection(max_norm: float | None, bounds: Bounds | None) -> Callable[[Array], Array]:
    def place(x: Array) -> Array:
        x = inside(x, bounds)
        norm = float(np.linalg.norm(x))
        return x * (max_norm / norm) if max_norm is not None and norm > max_norm else x

    return place
