"""The smallest change of an input that flips its class: a search along the boundary between two classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.init import generator
from microgrAD.interpret.bounds import Bounds, holding, inside
from microgrAD.interpret.rows import Array, answer, row, value_and_gradient
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs

# a single output above this stands for class 1
_THRESHOLDS = {"logits": 0.0, "signs": 0.0, "probabilities": 0.5, "logarithms": float(np.log(0.5))}


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
