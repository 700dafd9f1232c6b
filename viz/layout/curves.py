"""Cubic Bézier curves: points along them, and whether they pass through boxes.

way     a chain of n curves: 3n + 1 points
along   x, since a way runs from left to right here
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

Point = tuple[float, float]
SAMPLES = 24  # points tested on each curve
FINE = 120  # the same, to cut out a label


def at(curve: Sequence[Point], t: float) -> Point:
    """Return the point of one curve at t, from 0 to 1.

    >>> at([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)], 0.5)
    (1.5, 0.0)
    """
    return _sum(curve, _weights(t))


def _weights(t: float) -> tuple[float, float, float, float]:
    s = 1 - t
    return s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t


def _sum(curve: Sequence[Point], weights: tuple[float, float, float, float]) -> Point:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    a, b, c, d = weights
    return a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy


@cache
def _all_weights(each: int) -> list[tuple[float, float, float, float]]:
    return [_weights(t / each) for t in range(each)]


def samples(way: Sequence[Point], each: int = SAMPLES) -> Iterator[Point]:
    """Return points along a way, `each` on every curve, and the two ends of the way."""
    for k in range(0, len(way) - 1, 3):
        curve = way[k : k + 4]
        yield from (_sum(curve, weights) for weights in _all_weights(each))
    yield way[-1]


def places(points: Sequence[Point], shares: Iterable[float]) -> list[Point]:
    """Return the points at these shares of the length of a way, from 0 to 1."""
    behind = list(itertools.accumulate(map(math.dist, points, points[1:]), initial=0.0))
    return [points[bisect.bisect_left(behind, share * behind[-1])] for share in shares]


def part(curve: Sequence[Point], begin: float, end: float) -> tuple[Point, ...]:
    """Return the piece of one curve between two parameters (de Casteljau)."""

    def blossom(*ts: float) -> Point:
        points = list(curve)
        for t in ts:
            points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in itertools.pairwise(points)]
        return points[0]

    return tuple(blossom(*ts) for ts in ((begin,) * 3, (begin, begin, end), (begin, end, end), (end,) * 3))


def without(way: Sequence[Point], box: tuple[float, float, float, float]) -> list[tuple[Point, ...]]:
    """Return the parts of a way before and after a box: left, top, right, bottom."""
    left, top, right, bottom = box
    curves = (len(way) - 1) // 3
    inside = [k for k, (x, y) in enumerate(samples(way, FINE)) if left < x < right and top < y < bottom]
    if not inside:
        return [tuple(way)]
    return [
        piece
        for piece in (
            _between(way, 0.0, (inside[0] - 0.5) / FINE),
            _between(way, (inside[-1] + 0.5) / FINE, float(curves)),
        )
        if piece
    ]


def _between(way: Sequence[Point], begin: float, end: float) -> tuple[Point, ...]:
    """Return the part of a way between two parameters; 2.5 is the middle of its third curve."""
    found: list[Point] = []
    for k in range((len(way) - 1) // 3):
        low, high = max(begin - k, 0.0), min(end - k, 1.0)
        if low < high:
            found.extend(part(way[3 * k : 3 * k + 4], low, high)[1 if found else 0 :])
    return tuple(found)


def across(way: Sequence[Point], along: float) -> float:
    """Return the y of a way at a place along it."""
    return next((y for x, y in samples(way) if x >= along), way[-1][1])


def before(way: Sequence[Point], along: float) -> tuple[Point, ...]:
    """Return the part of a way up to a place along it, which ends horizontally."""
    found = _between(way, 0.0, _reaches(way, along)) or (way[0],)
    return found if len(found) < 4 else (*found[:-2], (found[-2][0], found[-1][1]), found[-1])


def beyond(way: Sequence[Point], along: float) -> tuple[Point, ...]:
    """Return the part of a way after a place along it, which begins horizontally."""
    found = _between(way, _reaches(way, along), (len(way) - 1) / 3) or (way[-1],)
    return found if len(found) < 4 else (found[0], (found[1][0], found[0][1]), *found[2:])


def _reaches(way: Sequence[Point], along: float) -> float:
    """Return the parameter of the first sample at a place along the way, or after it."""
    return next((k for k, (x, _) in enumerate(samples(way)) if x >= along), (len(way) - 1) // 3 * SAMPLES) / SAMPLES


def straight(start: Point, end: Point) -> tuple[Point, Point]:
    """Return the control points of a curve that is a straight line."""
    (ax, ay), (bx, by) = start, end
    return (ax + (bx - ax) / 3, ay + (by - ay) / 3), (bx - (bx - ax) / 3, by - (by - ay) / 3)


def rounded(corners: Sequence[Point], radius: float) -> tuple[Point, ...]:
    """Return a way of straight lines from corner to corner, with rounded corners."""
    way: list[Point] = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        near, far = _towards(corner, before, radius), _towards(corner, after, radius)
        way += [*straight(way[-1], near), near]
        way += [
            _towards(near, corner, 0.55 * math.dist(near, corner)),
            _towards(far, corner, 0.55 * math.dist(far, corner)),
            far,
        ]
    return (*way, *straight(way[-1], corners[-1]), corners[-1])


def _towards(start: Point, end: Point, length: float) -> Point:
    """Return the point at this distance from the first point towards the second, at most half of the way."""
    share = min(length / (math.dist(start, end) or 1.0), 0.5)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def touches(way: Sequence[Point], boxes: Iterable[tuple[float, float, float, float]], room: float) -> bool:
    """Return whether a way comes nearer than `room` to one of the boxes: left, top, right, bottom."""
    some = list(boxes)
    return any(
        left - room < x < right + room and top - room < y < bottom + room
        for x, y in samples(way)
        for left, top, right, bottom in some
    )
