"""The input and the output of a layout: boxes of given sizes, wires between them, frames around them.

Positions are points (1/72 inch) from the top left corner, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Point = tuple[float, float]


class LayoutError(RuntimeError):
    """A layout failed or took too long; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something to place: its id and its size in points."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection to route.

    Arguments:
        id: its id.
        source: the id of the box where it begins.
        target: the id of the box where it ends.
        tail: the distance of its begin from the middle of that side, in points.
        head: the distance of its end from the middle of that side, in points.
    """

    id: str
    source: str
    target: str
    tail: float = 0.0
    head: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Boxes that belong together, and frames within the frame."""

    id: str
    members: tuple[str, ...]
    inner: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The input of a layout. Lengths are in points."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...] = ()
    rankdir: str = "LR"
    gap: float = 15.0  # between neighbours of a rank
    rank: float = 34.0  # between ranks
    margin: float = 10.0  # between the boxes of a frame and the frame
    heading: float = 20.0  # the same at the top, where the frame's name is
    apart: float = 0.0  # between several wires that join the same two boxes
    first: tuple[str, ...] = ()  # boxes that must be in the first rank


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: its centre, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2

    def overlaps(self, other: Rect) -> bool:
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2
            and abs(self.y - other.y) < (self.height + other.height) / 2
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The output of a layout: the positions.

    Arguments:
        boxes: the rectangle of each box.
        wires: the curve of each wire: a chain of n cubic Bézier curves, which is 3n + 1 points. It leaves the side of
            the source, and meets the side of the target, in the direction of the graph.
        frames: the rectangle of each frame.
    """

    boxes: Mapping[str, Rect]
    wires: Mapping[str, tuple[Point, ...]]
    frames: Mapping[str, Rect]


def even(length: float) -> float:
    """Return the length rounded up to an even number of points."""
    return 2.0 * math.ceil(length / 2 - 1e-9)
