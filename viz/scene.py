"""A picture as geometry, ready to draw: the one form that every writer (SVG, matplotlib, TikZ, pages) reads.

    Scene   a sheet of paper with groups on it, from back to front
    Group   one thing of the graph: a node "n3", an edge "e2", a cluster "c0", or "legend", with its data
    Part    the smallest thing that can be coloured, dimmed or hidden alone: "n3.value", "n3.grad", "n3.label",
            "n3.badge", "n3.box", "e2.line", "e2.local"
    shapes  Rectangle, Text, Curve, Polygon

Lengths are points (1/72 inch), x to the right, y downwards. Everything is frozen: `Scene.restyle` returns a new scene.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A box with round corners, from (x, y) at the top left. `line`: the border's colour, "" for no border."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    fill: str = ""
    line: str = ""
    weight: float = 1.0  # the border's width
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, with its anchor at x and its baseline at y; `width` is its measured width."""

    x: float
    y: float
    text: str
    size: float
    color: str
    bold: bool = False
    anchor: Literal["start", "middle", "end"] = "start"
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A chain of cubic Bézier curves through 3n + 1 points."""

    points: tuple[Point, ...]
    line: str
    weight: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled polygon, such as an arrowhead."""

    points: tuple[Point, ...]
    fill: str


Shape = Rectangle | Text | Curve | Polygon


@dataclass(frozen=True, slots=True)
class Part:
    """Shapes that belong together. `role`: the kind of part: "value", "grad", "label", ..."""

    id: str
    role: str
    shapes: tuple[Shape, ...]
    opacity: float = 1.0
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """One thing of the graph. `title`: a description in words; `data`: exact numbers and names, for programs."""

    id: str
    role: str
    parts: tuple[Part, ...]
    title: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the look of a part; None means no change."""

    visible: bool | None = None
    opacity: float | None = None
    color: str | None = None  # of text, lines, and arrowheads
    fill: str | None = None  # of boxes
    weight: float | None = None  # a factor on the weight of lines and borders
    text: str | None = None


BLANK = Change(visible=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture. `pixels`: the size of its slide in CSS pixels; None if it is no slide."""

    width: float
    height: float
    groups: tuple[Group, ...]
    background: str = ""  # "" for none
    title: str = ""
    description: str = ""
    pixels: tuple[int, int] | None = None

    def restyle(self, changes: Mapping[str, Change]) -> Scene:
        """Return the picture with changes.

        Arguments:
            changes: what to change, by the id of a part ("n3.grad"), the id of a group ("n3") or a role ("grad"). The
                entry of a part has priority over that of its group, which has priority over that of its role.
        Raises: KeyError for an unknown id or role.
        """
        known = {key for group in self.groups for part in group.parts for key in (part.id, group.id, part.role)}
        if unknown := sorted(changes.keys() - known):
            raise KeyError(f"the scene has no {', '.join(unknown)}")
        return replace(self, groups=tuple(_restyle(group, changes) for group in self.groups))


def _restyle(group: Group, changes: Mapping[str, Change]) -> Group:
    def changed(part: Part) -> Part:
        for key in (part.role, group.id, part.id):
            if key in changes:
                part = _change(part, changes[key])
        return part

    return replace(group, parts=tuple(map(changed, group.parts)))


def _change(part: Part, change: Change) -> Part:
    return Part(
        part.id,
        part.role,
        tuple(_reshape(shape, change) for shape in part.shapes),
        part.opacity if change.opacity is None else change.opacity,
        part.visible if change.visible is None else change.visible,
    )


def _reshape(shape: Shape, change: Change) -> Shape:
    factor = 1.0 if change.weight is None else change.weight
    match shape:
        case Text():
            return replace(
                shape, color=change.color or shape.color, text=shape.text if change.text is None else change.text
            )
        case Curve():
            return replace(shape, line=change.color or shape.line, weight=shape.weight * factor)
        case Polygon():
            return replace(shape, fill=change.color or shape.fill)
        case Rectangle():
            return replace(
                shape,
                fill=change.fill or shape.fill,
                weight=shape.weight * factor,
                line=(change.color or shape.line) if shape.line else "",
            )


def bounds(groups: Sequence[Group]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all shapes; text counts with its measured width."""
    boxes = [_bounds(shape) for group in groups for part in group.parts for shape in part.shapes]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _bounds(shape: Shape) -> tuple[float, float, float, float]:
    match shape:
        case Rectangle(x=x, y=y, width=width, height=height, weight=weight):
            half = weight / 2 if shape.line else 0.0
            return x - half, y - half, x + width + half, y + height + half
        case Text(x=x, y=y, size=size, width=width):
            left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
            return left, y - size, left + width, y + 0.25 * size
        case Curve(points=points) | Polygon(points=points):
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            return min(xs), min(ys), max(xs), max(ys)


def length(x: float) -> str:
    """Return a length as text for a file, in hundredths of a point, without zeros at its end: 1.5, 0, -3.25."""
    return f"{round(x, 2) + 0:.2f}".rstrip("0").rstrip(".")


def place(point: Point) -> str:
    """Return a point as text for a file: "1.5,-3.25"."""
    return f"{length(point[0])},{length(point[1])}"


def moved(group: Group, dx: float, dy: float, scale: float = 1.0) -> Group:
    """Return the group scaled about the origin, then shifted."""

    def at(point: Point) -> Point:
        return point[0] * scale + dx, point[1] * scale + dy

    def shape(s: Shape) -> Shape:
        match s:
            case Rectangle():
                x, y = at((s.x, s.y))
                return replace(
                    s,
                    x=x,
                    y=y,
                    width=s.width * scale,
                    height=s.height * scale,
                    radius=s.radius * scale,
                    weight=s.weight * scale,
                    dash=tuple(d * scale for d in s.dash),
                )
            case Text():
                x, y = at((s.x, s.y))
                return replace(s, x=x, y=y, size=s.size * scale, width=s.width * scale)
            case Curve():
                return replace(
                    s, points=tuple(map(at, s.points)), weight=s.weight * scale, dash=tuple(d * scale for d in s.dash)
                )
            case Polygon():
                return replace(s, points=tuple(map(at, s.points)))

    return replace(group, parts=tuple(replace(part, shapes=tuple(map(shape, part.shapes))) for part in group.parts))
