"""What is asked of a layout, and what comes back: boxes of given sizes, wires between them, frames around them.

Positions are points (1/72 inch) from the top left corner, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Point = tuple[float, float]


class LayoutError(RuntimeError):
    """A graph could not be laid out, or not in time; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something to place: its id and its size in points."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection to route. Its ends are that far from the middles of the sides that they are on."""

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
    """What is to be laid out."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...] = ()
    rankdir: str = "LR"
    gap: float = 15.0  # between neighbours of a rank
    rank: float = 34.0  # between ranks
    margin: float = 10.0  # around what is in a frame
    heading: float = 20.0  # and above it, for the frame's name
    apart: float = 0.0  # between wires from one box to the same other
    first: tuple[str, ...] = ()  # boxes that belong in the first rank


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
    """Where everything is. A wire is a chain of cubic Bézier curves, 3n + 1 points, along the direction of the graph
    at both ends, which are in the middle of the source's far side and of the target's near side.
    """

    boxes: Mapping[str, Rect]
    wires: Mapping[str, tuple[Point, ...]]
    frames: Mapping[str, Rect]


def even(length: float) -> float:
    """The next even number of points."""
    return 2.0 * math.ceil(length / 2 - 1e-9)
