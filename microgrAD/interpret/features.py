"""Searches over inputs: the input that a unit reacts to most, and the smallest change that flips a class.

f    the function of one row x that is maximised
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.init import generator
from microgrAD.interpret.bounds import Bounds, checked, holding, inside
from microgrAD.interpret.rows import Array, Asked, Function, answer, row, table, value_and_gradient
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs

# a single output above this stands for class 1
_THRESHOLDS = {"logits": 0.0, "signs": 0.0, "probabilities": 0.5, "logarithms": float(np.log(0.5))}


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
    place, asked = _projection(max_norm, bounds), Asked(f, len(x))

    def ask(x: Array) -> tuple[float, Array]:
        value, slope = asked.value_and_gradient(x)
        return value - l2 * float(x @ x), slope - 2 * l2 * x

    x, length = _start_with_slope(asked, place(x), starts, place, generator(rng)), 1.0
    now, slope = ask(x)
    path = [now]
    for _ in range(steps):
        better = _uphill(lambda x: asked.value(x) - l2 * float(x @ x), x, slope, now, length, place)
        if better is None:
            break
        x, length = better
        now, slope = ask(x)
        path.append(now)
        if path[-1] - path[-2] <= tolerance * max(1.0, abs(now)):
            break
        length *= 2
    return Maximised(x, path, asked.value(x))


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


@dataclass(frozen=True)
class Adversarial:
    """The result of `adversarial`: the nearest row that was found with another class.

    Arguments:
        x: the row that was found, (features,).
        change: its difference from the row that was given, (features,).
        before: the class of the row that was given.
        after: the class of x.
    """

    x: Array
    change: Array
    before: int
    after: int

    @property
    def distance(self) -> float:
        """The length of the change."""
        return float(np.linalg.norm(self.change))


def adversarial(
    model: Any,
    x: Any,
    *,
    target: int | None = None,
    bounds: Bounds | None = None,
    reading: str | None = None,
    steps: int = 60,
    starts: int = 4,
    rng: Any = 0,
) -> Adversarial:
    """Return the smallest change that was found to one row x that flips its class.

    Each step linearises the boundary between two classes at the current point, and goes to the point of this linear
    boundary that is nearest to x. At the fixed point of these steps the change is normal to the boundary. A bisection
    on the way back to x then finds where the class flips. A boundary that bends has many such points, so the search
    also runs from random points around x, and the nearest result is kept.

    Arguments:
        model: a network, or any function of one row.
        x: the row, (features,).
        target: the class to flip to; by default the nearest one.
        bounds: (low, high) for every number of the result, such as `bounds_of(X)`; by default no limit.
        reading: how to read a single output as two classes (see `microgrAD.outputs`); by default what fits the model.
        steps: the largest number of steps of one search.
        starts: how many searches start from a random point.
        rng: a seed, or NumPy's generator, for these points.
    Returns: an `Adversarial`.
    Raises: ValueError if no change was found, or if `target` is the class of x, or if x is outside of its bounds.
    Source: Hasofer & Lind 1974; DeepFool, Moosavi-Dezfooli et al. 2016.
    """
    x = row(x)
    bounds = holding(bounds, x)
    k, scores = _scores(model, x, reading or default_reading(model))
    if target is not None and (not 0 <= target < k or target == _class(scores, x)):
        raise ValueError(
            f"target must be another class, from 0 to {k - 1} but not {_class(scores, x)}, which x has, got {target}"
        )
    before = _class(scores, x)
    rivals = [j for j in range(k) if j != before] if target is None else [target]
    rng, found, reach = generator(rng), [], 1.0
    for start in range(starts + 1):
        for j in rivals:
            begin = x + reach * _direction(rng, len(x)) if start else x
            if (z := _nearest(scores, x, begin, before, j, bounds, steps)) is not None:
                found.append(z)
        reach = min((float(np.linalg.norm(z - x)) for z in found), default=2 * reach)
    if not found:
        raise ValueError("no change was found that flips the answer; allow more steps, or wider bounds")
    best = min(found, key=lambda z: float(np.linalg.norm(z - x)))
    return Adversarial(best, best - x, before, _class(scores, best))


# ---------------------------------------------------------------------------------------------- steps


def _start_with_slope(
    f: Asked, x: Array, starts: int, place: Callable[[Array], Array], rng: np.random.Generator
) -> Array:
    """Return x, or, if f has no slope there, the first random point around x where it has one."""
    around = (place(x + rng.standard_normal(len(x))) for _ in range(starts))
    return next((start for start in (x, *around) if f.value_and_gradient(start)[1].any()), x)


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


def _scores(model: Any, x: Array, reading: str) -> tuple[int, Callable[[Any], list[Any]]]:
    """Return the number of classes, and a function that returns a score for each. The largest score wins."""
    count = outputs(model, x[None]).shape[1]
    if count > 1:
        return count, lambda x: flatten(answer(model, x))
    if reading not in _THRESHOLDS:
        raise ValueError(f"reading must be one of {list(_THRESHOLDS)}, got {reading!r}")
    return 2, lambda x: [0.0, flatten(answer(model, x))[0] - _THRESHOLDS[reading]]


def _class(scores: Callable[[Any], list[Any]], x: Array) -> int:
    return int(np.argmax(outputs(scores, x[None])[0]))


def _direction(rng: np.random.Generator, size: int) -> Array:
    found = rng.standard_normal(size)
    return found / np.linalg.norm(found)


def _nearest(
    scores: Callable[[Any], list[Any]], x: Array, begin: Array, here: int, there: int, bounds: Bounds | None, steps: int
) -> Array | None:
    """Return the nearest point to x that a search from `begin` finds with class `there`; None if it finds none."""

    def lead(z: Any) -> Any:
        s = scores(z)
        return s[there] - s[here]

    def flipped(z: Array) -> bool:
        return _class(scores, z) == there

    z = inside(begin, bounds)
    for step in range(steps):
        value, slope = value_and_gradient(lead, z)
        if float(slope @ slope) < 1e-24:
            break
        aim = _onto(x, slope, float(slope @ (z - x)) - value, bounds)
        # steps get shorter with time, or they could circle around a bend of the boundary for ever
        z, before = z + (aim - z) / (1 + step // 10), z
        if np.linalg.norm(z - before) < 1e-7 * (1 + np.linalg.norm(z - x)):
            break
    return _back(flipped, x, [inside(x + by * (z - x), bounds) for by in (1.0, 1 + 1e-7, 1.001, 1.02, 1.2)])


def _onto(x: Array, slope: Array, need: float, bounds: Bounds | None) -> Array:
    """Return the point z nearest to x, within bounds, with slope · (z - x) = need. It is x + λ slope, clipped."""
    length = need / float(slope @ slope)
    if bounds is None:
        return x + length * slope

    def reached(length: float) -> float:
        return abs(float(slope @ (inside(x + length * slope, bounds) - x)))

    low, high = 0.0, 1.0
    while reached(high * length) < abs(need) and high < 1e6:
        low, high = high, 2 * high
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle * length) >= abs(need) else (middle, high)
    return inside(x + high * length * slope, bounds)


def _back(flipped: Callable[[Array], bool], x: Array, candidates: list[Array]) -> Array | None:
    """Return the first flipped point on the way from x to the first flipped candidate; None if no candidate is."""
    far = next((z for z in candidates if flipped(z)), None)
    if far is None:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if flipped(x + middle * (far - x)) else (middle, high)
    return x + high * (far - x)
