"""A scene as the shapes of a slide: each node is a group, and each wire a connector between their boxes.

item      a shape of the slide: a box with what is written on it, a line of text, a wire, or a polygon
holder    the box of a part, which wires can be glued to
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from viz.compose.uncut import backed, uncut
from viz.scene import Curve, Group, Part, Point, Polygon, Rectangle, Scene, Text, bounds
from viz.write.pptx import wires, words, xml
from viz.write.pptx.wires import Area, Form, Glue, Wire
from viz.write.pptx.words import Line

FIRST = 10  # the number of the first shape; the title of the slide has a smaller one
NEAR = 1.4  # points; a wire that ends so near to the middle of a side is glued to it
_LOOSE = ("edge", "locals", "caption")  # groups of parts that are not moved together


@dataclass(frozen=True)
class Box:
    """A box, and what is written on it."""

    shape: Rectangle
    line: Line | None


Item = Box | Line | Wire | Polygon


@dataclass
class Holder:
    """A box that wires can be glued to: its number on the slide, and the places on it that are not a side's middle."""

    id: int
    shape: Rectangle
    sites: list[Point] = field(default_factory=list)

    @property
    def area(self) -> Area:
        return self.shape.x, self.shape.y, self.shape.x + self.shape.width, self.shape.y + self.shape.height

    def glue(self, point: Point) -> Glue:
        """Return the place of the box that is at this point."""
        x, y, wide, high = self.shape.x, self.shape.y, self.shape.width, self.shape.height
        middles = [(x + wide / 2, y), (x, y + high / 2), (x + wide / 2, y + high), (x + wide, y + high / 2)]
        for k, middle in enumerate(middles):
            if math.dist(point, middle) <= NEAR:
                return Glue(self.id, k)
        if point not in self.sites:
            self.sites.append(point)
        return Glue(self.id, len(middles) + self.sites.index(point))


def shapes(scene: Scene) -> str:
    """Return the XML of all shapes of a scene that is as large as its slide."""
    return "".join(_Slide(_ready(scene)).groups())


def _ready(scene: Scene) -> Scene:
    """Return the scene with whole wires. Labels that stood in their gaps get a ground, if there is a colour for it."""
    if not scene.background:
        return scene

    def whole(group: Group) -> Group:
        cut = sum(isinstance(shape, Curve) for part in group.parts for shape in part.shapes) > 1
        parts = (backed(p, scene.background) if cut and p.role == "local" else uncut(p) for p in group.parts)
        return replace(group, parts=tuple(parts))

    return replace(scene, groups=tuple(map(whole, scene.groups)))


def items(part: Part) -> list[Item]:
    """Return the shapes of a part; the last box is the one in front."""
    texts = words.lines([shape for shape in part.shapes if isinstance(shape, Text)])
    found: list[Item] = []
    for shape in part.shapes:
        if isinstance(shape, Rectangle):
            line = next((line for line in texts if _written_on(line, shape)), None)
            texts = [other for other in texts if other is not line]
            found.append(Box(shape, line))
    curves = tuple(shape for shape in part.shapes if isinstance(shape, Curve))
    polygons = [shape for shape in part.shapes if isinstance(shape, Polygon)]
    if curves:
        found.append(Wire(curves, polygons.pop() if polygons else None))
    return [*found, *polygons, *texts]


class _Slide:
    """The shapes of a scene, numbered alike on each slide of a deck."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.numbers: dict[str, int] = {}
        self.holders: dict[str, Holder] = {}
        self.items = {part.id: items(part) for group in scene.groups for part in group.parts}
        for group in scene.groups:
            self.number(f"{group.id} as a group")
            for part in group.parts:
                for name, item in self.names(part):
                    self.number(name)
                    if isinstance(item, Box) and name == part.id:
                        self.holders[part.id] = Holder(self.numbers[name], item.shape)
        self.glued = {
            part.id: self.glue(group, item)
            for group in scene.groups
            for part in group.parts
            for item in self.items[part.id]
            if isinstance(item, Wire)
        }

    def number(self, name: str) -> None:
        self.numbers.setdefault(name, FIRST + len(self.numbers))

    def names(self, part: Part) -> list[tuple[str, Item]]:
        """Return a name for each item of a part: that of the part for the box in front, or for the first item."""
        some = self.items[part.id]
        front = max((k for k, item in enumerate(some) if isinstance(item, Box)), default=0)
        return [(part.id if k == front else f"{part.id}.{k}", item) for k, item in enumerate(some)]

    def glue(self, group: Group, wire: Wire) -> tuple[Form, tuple[Glue, Glue]] | None:
        """Return the form of a wire's connector and what it is glued to; None if the wire is a freeform."""
        start, end = self.holder(group, "source"), self.holder(group, "target")
        if start is None or end is None or len(wire.curves) > 1:
            return None
        passed = [id for id in self.holders if id.endswith(".box")]
        ends = {f"{group.data[end]}.box" for end in ("source", "target")}
        label = self.holders.get(f"{group.id}.local")
        found = wires.form(
            wire.curves[0].points,
            wire.tip,
            label.area if label else None,
            tuple(self.holders[id].area for id in passed if id not in ends),
        )
        return (found, (start.glue(wire.start), end.glue(wire.tip))) if found else None

    def holder(self, group: Group, end: str) -> Holder | None:
        """Return what a wire begins or ends at. It begins at a box, and ends at a badge if there is one."""
        kinds = ("box", "badge") if end == "source" else ("badge", "box")
        found = (self.holders.get(f"{group.data.get(end)}.{kind}") for kind in kinds)
        return next(filter(None, found), None)

    # -------------------------------------------------------------------------------------- XML

    def groups(self) -> Iterator[str]:
        """Yield the XML of each group, from back to front."""
        for group in self.scene.groups:
            said = group.title or self.said(group)
            loose = group.role in _LOOSE or sum(len(self.items[part.id]) for part in group.parts) < 2
            inside = "".join(
                self.item(part, name, item, said if loose and isinstance(item, Wire) else "")
                for part in group.parts
                for name, item in self.names(part)
                if part.visible
            )
            yield inside if loose or not inside else self.grouped(group, said, inside)

    def grouped(self, group: Group, said: str, inside: str) -> str:
        """Return a group, in which all has the place that it has on the slide."""
        left, top, right, bottom = bounds([group])
        place = xml.frame(left, top, right - left, bottom - top)
        same = place.removeprefix("<a:xfrm>").replace("a:off", "a:chOff").replace("a:ext", "a:chExt")
        number = self.numbers[f"{group.id} as a group"]
        return (
            f"<p:grpSp><p:nvGrpSpPr>{xml.named(number, group.id, said)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
            f"<p:grpSpPr>{place.replace('</a:xfrm>', same)}</p:grpSpPr>{inside}</p:grpSp>"
        )

    def said(self, group: Group) -> str:
        """Return what a group shows, in words."""
        if group.role == "edge":
            return " → ".join(self.called(group.data[end]) for end in ("source", "target") if end in group.data)
        shown = [line for part in group.parts if part.visible for line in self.lines(part.id)]
        return " ".join(line.said.strip() for line in shown)

    def called(self, id: str) -> str:
        """Return what a node is called: its label, or what is written on its badge or its box."""
        lines = (line for part in ("label", "badge", "box") for line in self.lines(f"{id}.{part}"))
        return next((line.said for line in lines), id)

    def lines(self, part: str) -> Iterator[Line]:
        for item in self.items.get(part, ()):
            line = item.line if isinstance(item, Box) else item
            if isinstance(line, Line):
                yield line

    def item(self, part: Part, name: str, item: Item, said: str) -> str:
        """Return a shape."""
        id, opacity = self.numbers[name], part.opacity
        match item:
            case Box():
                holder = self.holders.get(name)
                return _box(id, name, item, opacity, holder.sites if holder else ())
            case Line():
                return words.box(id, name, item, opacity)
            case Wire() if glued := self.glued[part.id]:
                return wires.connector(id, name, said, item, *glued, opacity)
            case Wire():
                return wires.freeform(id, name, said, item, opacity)
            case Polygon():
                return _polygon(id, name, item, opacity)


def _box(id: int, name: str, box: Box, opacity: float, sites: Sequence[Point]) -> str:
    shape = box.shape
    outline = xml.rounded(shape, sites, written=box.line is not None)
    return (
        f"<p:sp><p:nvSpPr>{xml.named(id, name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f"{xml.frame(shape.x, shape.y, shape.width, shape.height)}{outline}"
        f"{xml.fill(shape.fill, opacity)}{xml.stroke(shape, opacity)}</p:spPr>"
        f"{words.on(shape, box.line, opacity)}</p:sp>"
    )


def _polygon(id: int, name: str, shape: Polygon, opacity: float) -> str:
    xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
    corner, wide, high = (min(xs), min(ys)), max(xs) - min(xs), max(ys) - min(ys)
    path = xml.way(shape.points[:1], corner) + xml.lines(shape.points[1:], corner) + "<a:close/>"
    return (
        f"<p:sp><p:nvSpPr>{xml.named(id, name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f"{xml.frame(*corner, wide, high)}{xml.outline(xml.emu(wide), xml.emu(high), path)}"
        f"{xml.fill(shape.fill, opacity)}<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


def _written_on(line: Line, shape: Rectangle) -> bool:
    x, y = (line.left + line.right) / 2, line.y - 0.3 * line.size
    return shape.x <= x <= shape.x + shape.width and shape.y <= y <= shape.y + shape.height
