"""Wires on slides: connectors, glued to their boxes, that move with them.

The only curve that a connector has is an S from side to side. A wire that goes another way, around a box or far from
an S, is a freeform, exactly as in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from viz.layout import curves
from viz.scene import Curve, Point, Polygon
from viz.write.pptx import xml

Area = tuple[float, float, float, float]  # left, top, right, bottom
FOLLOWS = 15.0  # points: how far an S may be from the wire of the picture; its ends are always in their places
STRAIGHT = 0.75  # the same for a straight line
_BENDS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # where an S may have its middle, as shares of the way
_SAMPLES = 12  # of a curve


@dataclass(frozen=True)
class Wire:
    """A wire: one curve, or several with gaps between them, and an arrowhead."""

    curves: tuple[Curve, ...]
    head: Polygon | None

    @property
    def start(self) -> Point:
        return self.curves[0].points[0]

    @property
    def tip(self) -> Point:
        return self.head.points[0] if self.head else self.curves[-1].points[-1]


@dataclass(frozen=True)
class Form:
    """The form of a connector. `bend`: where an S has its middle, None for a straight line; `down`: its direction."""

    bend: float | None
    down: bool = False


@dataclass(frozen=True)
class Glue:
    """A shape, by its number on the slide, and the number of the place on it that a wire is glued to."""

    shape: int
    site: int


@lru_cache(maxsize=4096)  # the slides of a deck have the same wires
def form(points: tuple[Point, ...], tip: Point, label: Area | None, boxes: tuple[Area, ...]) -> Form | None:
    """Return the form of a connector that follows a wire; None if there is none.

    Arguments:
        points: the wire's curve.
        tip: where its arrowhead ends.
        label: what is written on the wire, which must stay on it.
        boxes: what a connector must not cross.
    """
    known = [*curves.samples(points, _SAMPLES), tip]
    if _apart(known, _straight(points[0], tip)) <= STRAIGHT:
        return Form(None)
    down = abs(points[1][1] - points[0][1]) > abs(points[1][0] - points[0][0])
    for bend in _BENDS:
        drawn = list(drawn_as(Form(bend, down), points[0], tip))
        near = _apart(known, drawn) <= FOLLOWS and _apart(drawn, known) <= FOLLOWS
        labelled = label is None or any(_inside(point, label) for point in drawn)
        if near and labelled and not any(_inside(point, box) for point in drawn for box in boxes):
            return Form(bend, down)
    return None


def drawn_as(found: Form, start: Point, end: Point) -> Iterator[Point]:
    """Yield points of a connector. An S is two curves that meet in its middle, as the format's standard has it."""
    if found.bend is None:
        yield from _straight(start, end)
        return
    wide, high = end[0] - start[0], end[1] - start[1]
    if found.down:
        wide, high = high, wide
    middle = wide * found.bend
    along = (0.0, middle / 2, middle, middle, middle, (wide + middle) / 2, wide)
    across = (0.0, 0.0, high / 4, high / 2, high * 3 / 4, high, high)
    for a, b in curves.samples(list(zip(along, across, strict=True)), _SAMPLES):
        yield (start[0] + b, start[1] + a) if found.down else (start[0] + a, start[1] + b)


def connector(id: int, name: str, said: str, wire: Wire, found: Form, glue: tuple[Glue, Glue], opacity: float) -> str:
    """Return a wire as a connector, glued to the shapes at its start and at its end."""
    kind, adjusted = "straightConnector1", dict[str, int]()
    if found.bend is not None:
        kind, adjusted = "curvedConnector3", {"adj1": round(found.bend * 100000)}
    ends = zip(("stCxn", "endCxn"), glue, strict=True)
    glued = "".join(f'<a:{end} id="{to.shape}" idx="{to.site}"/>' for end, to in ends)
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{xml.named(id, name, said)}<p:cNvCxnSpPr>{glued}</p:cNvCxnSpPr><p:nvPr/></p:nvCxnSpPr>"
        f"<p:spPr>{_place(wire.start, wire.tip, found.down)}{xml.preset(kind, **adjusted)}"
        f"{xml.stroke(wire.curves[0], opacity, _head(wire))}</p:spPr></p:cxnSp>"
    )


def freeform(id: int, name: str, said: str, wire: Wire, opacity: float) -> str:
    """Return a wire as it is in the picture, with its gaps."""
    points = [point for curve in wire.curves for point in curve.points] + [wire.tip]
    corner = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - corner[0], max(y for _, y in points) - corner[1]
    path = "".join(xml.way(curve.points, corner) for curve in wire.curves) + xml.lines([wire.tip], corner)
    drawn = xml.outline(xml.emu(wide), xml.emu(high), path, filled=False)
    return (
        f"<p:sp><p:nvSpPr>{xml.named(id, name, said)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f"{xml.frame(*corner, wide, high)}{drawn}<a:noFill/>"
        f"{xml.stroke(wire.curves[0], opacity, _head(wire))}</p:spPr></p:sp>"
    )


def _place(start: Point, end: Point, down: bool) -> str:
    """Return the place of a connector. One that goes down is mirrored, and turned by a quarter about its middle."""
    (x0, y0), (x1, y1) = start, end
    wide, high = abs(x1 - x0), abs(y1 - y0)
    if not down:
        turn = ' flipH="1"' * (x1 < x0) + ' flipV="1"' * (y1 < y0)
        return xml.frame(min(x0, x1), min(y0, y1), wide, high, turn)
    turn = ' rot="5400000"' + ' flipH="1"' * (y1 < y0) + ' flipV="1"' * (x1 > x0)
    return xml.frame((x0 + x1 - high) / 2, (y0 + y1 - wide) / 2, high, wide, turn)


def _head(wire: Wire) -> str:
    if wire.head is None:
        return ""
    tip, one, other = wire.head.points[:3]
    back = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    return xml.arrowhead(math.dist(tip, back), math.dist(one, other), wire.curves[0].weight)


def _straight(start: Point, end: Point) -> list[Point]:
    return [(start[0] + (end[0] - start[0]) * k / 40, start[1] + (end[1] - start[1]) * k / 40) for k in range(41)]


def _apart(some: Sequence[Point], others: Sequence[Point]) -> float:
    """Return how far the furthest of some points is from the line through the others."""
    return max(min(map(_away, [point] * len(others), others, others[1:])) for point in some)


def _away(point: Point, a: Point, b: Point) -> float:
    """Return how far a point is from the straight piece from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / long)) if long else 0.0
    return math.hypot(a[0] + t * dx - point[0], a[1] + t * dy - point[1])


def _inside(point: Point, area: Area) -> bool:
    left, top, right, bottom = area
    return left <= point[0] <= right and top <= point[1] <= bottom
