"""What a unit wants to see, and how little changes an answer: searches over inputs.

f    what is to be made large, a function of one row x
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.init import generator
from microgrAD.interpret.bounds import Bounds, checked, holding, inside
from microgrAD.interpret.rows import Array, Function, answer, number, row, table, value_and_gradient
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs

# one output says class 1 above this
_THRESHOLDS = {"logits": 0.0, "signs": 0.0, "probabilities": 0.5, "logarithms": float(np.log(0.5))}


@dataclass(frozen=True)
class Maximised:
    """An input that excites, and what was made large, step by step."""

    x: Array  # (features,)
    objective: list[float]  # f(x) - l2 · Σ x², first to last; it never falls
    value: float  # f(x)

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
    """The input that excites most: from x uphill on f(x) - l2 · Σ x², with ‖x‖ <= max_norm. Erhan et al. 2009.

    `f` is a function of one row, such as `unit(model, 1, 3)`. `bounds` (low, high) hold every number of x; of data they
    are `bounds_of(X)`. A step that would go down is halved until it goes up, so the objective rises all the way; the
    search ends where no step gains more than `tolerance`. Where f is flat at x, as a relu is that sleeps there, the
    search begins at the first of so many random `starts` around x at which f is not; if there is none, x comes back.
    ValueError if nothing bounds the search: with neither l2, nor max_norm, nor bounds, most units want more without
    end.
    """
    if l2 < 0 or max_norm is not None and not max_norm > 0:
        raise ValueError(f"l2 must be 0 or more and max_norm above 0, got {l2} and {max_norm}")
    x = row(x)
    bounds = checked(bounds, len(x))
    if max_norm is not None and bounds is not None and not np.all((bounds[0] <= 0) & (bounds[1] >= 0)):
        raise ValueError(
            f"with max_norm, bounds must hold 0, or nothing may be within both; got {bounds[0]} to {bounds[1]}"
        )
    if not l2 and max_norm is None and bounds is None:
        raise ValueError("the search needs an end: pass max_norm, bounds or l2")
    place = _projection(max_norm, bounds)

    def ask(x: Array) -> tuple[float, Array]:
        value, slope = value_and_gradient(f, x)
        return value - l2 * float(x @ x), slope - 2 * l2 * x

    x, length = _awake(f, place(x), starts, place, generator(rng)), 1.0
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
    """The numbers of the rows of X for which f is largest, the most exciting one first, (count,)."""
    X = table(X)
    return np.argsort(-outputs(f, X)[:, 0], kind="stable")[:count]


@dataclass(frozen=True)
class Adversarial:
    """A row that is answered otherwise, as near as was found to the one it came from."""

    x: Array
    change: Array  # x - the row it came from
    before: int  # the classes
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
    """The least change to one row x that flips its class, to `target` if that is given.

    Each step goes to the point nearest to x of the boundary as it looks, linearised, from where the step starts:
    with its fixed point the change stands square on the boundary (Hasofer & Lind 1974; as DeepFool, Moosavi-Dezfooli
    et al. 2016, for the nearest class). Then a bisection finds where the class flips on the way back to x. A boundary
    with bends has many such points: the search goes once from x and again from so many random `starts` around it,
    and keeps the nearest. `bounds` (low, high) hold every number of x, such as `bounds_of(X)` of data X; without them
    there are none. ValueError when none is found, when x is of class `target`, or when x is not within its bounds.
    """
    x = row(x)
    bounds = holding(bounds, x)
    k, scores = _scores(model, x, reading or default_reading(model))
    if target is not None and (not 0 <= target < k or target == _class(scores, x)):
        raise ValueError(
            f"target must be another class than {_class(scores, x)}, which x has, of 0 to {k - 1}, got {target}"
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


def _awake(f: Function, x: Array, starts: int, place: Callable[[Array], Array], rng: np.random.Generator) -> Array:
    """x, or the first random point around it at which f has a slope where it has none at x."""
    around = (place(x + rng.standard_normal(len(x))) for _ in range(starts))
    return next((start for start in (x, *around) if value_and_gradient(f, start)[1].any()), x)


def _uphill(
    f: Callable[[Array], float], x: Array, slope: Array, now: float, length: float, place: Callable[[Array], Array]
) -> tuple[Array, float] | None:
    """The first point on ever shorter steps that lies higher, and the step's length; None when none does."""
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
    """How many classes there are, and a function that gives a score for each: the largest has it."""
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
    """The nearest point to x found at which class `there` leads, looking from `begin` on; None if there is none."""

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
        # the longer it takes, the shorter the steps: a circle around a bend of the boundary dies out
        z, before = z + (aim - z) / (1 + step // 10), z
        if np.linalg.norm(z - before) < 1e-7 * (1 + np.linalg.norm(z - x)):
            break
    return _back(flipped, x, [inside(x + by * (z - x), bounds) for by in (1.0, 1 + 1e-7, 1.001, 1.02, 1.2)])


def _onto(x: Array, slope: Array, need: float, bounds: Bounds | None) -> Array:
    """The point z nearest to x within bounds with slope · (z - x) = need: x + λ slope, clipped, for the one λ."""
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
    """The first point that is flipped on the way from x to the first flipped candidate, by bisection; None without."""
    far = next((z for z in candidates if flipped(z)), None)
    if far is None:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if flipped(x + middle * (far - x)) else (middle, high)
    return x + high * (far - x)
