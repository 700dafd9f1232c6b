"""Wires without the gaps for their labels, and labels on a ground in front of them. Slides and films use them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from viz.scene import Curve, Part, Point, Rectangle, Text


def uncut(part: Part) -> Part:
    """Return a wire without the gap for its label."""
    lines = [shape for shape in part.shapes if isinstance(shape, Curve)]
    if len(lines) < 2:
        return part
    points = lines[0].points
    for line in lines[1:]:
        points += (*_bridge(points[-2:], line.points[:2]), *line.points[1:])
    rest = tuple(shape for shape in part.shapes if not isinstance(shape, Curve))
    return replace(part, shapes=(replace(lines[0], points=points), *rest))


def backed(part: Part, paper: str) -> Part:
    """Return a label with a ground of a colour behind it; as it is if the colour is ""."""
    grounds = [_ground(shape, paper) for shape in part.shapes if isinstance(shape, Text)]
    return replace(part, shapes=(*grounds, *part.shapes)) if paper else part


def _bridge(end: Sequence[Point], start: Sequence[Point]) -> tuple[Point, Point, Point]:
    """Return the points of a curve over the gap between two curves, which continues both smoothly."""
    reach = math.dist(end[1], start[0]) / 3

    def ahead(a: Point, b: Point, sign: float) -> Point:
        long = math.dist(a, b) or 1.0
        return (b[0] - a[0]) / long * reach * sign, (b[1] - a[1]) / long * reach * sign

    out, back = ahead(end[0], end[1], 1.0), ahead(start[0], start[1], -1.0)
    return ((end[1][0] + out[0], end[1][1] + out[1]), (start[0][0] + back[0], start[0][1] + back[1]), start[0])


def _ground(shape: Text, paper: str) -> Rectangle:
    pad = 0.12 * shape.size
    left = shape.x - shape.width / 2 - pad
    return Rectangle(left, shape.y - 0.85 * shape.size, shape.width + 2 * pad, 1.1 * shape.size, pad, paper)
