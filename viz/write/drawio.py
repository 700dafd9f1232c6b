"""A scene as a drawing for diagrams.net (draw.io): boxes, texts and wires that can be edited there.

A node is a group with its box, its badge and its texts in it. A wire is an edge between two of these boxes, through
points of the picture's curve.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from microgrAD.steps import naming
from viz import fonts
from viz.compose.uncut import backed, uncut
from viz.graph.nodes import Graph
from viz.layout import curves
from viz.scene import Curve, Group, Part, Point, Polygon, Rectangle, Scene, Shape, Text, bounds, length
from viz.write.svg import clean

PIXELS = 96 / 72  # in a point
_EACH = 4  # points on each curve of a wire
Box = tuple[float, float, float, float]  # left, top, width, height


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the picture as a file of diagrams.net."""
    wide, high = (round(side * PIXELS) for side in (scene.width, scene.height))
    head = f'dx="{wide}" dy="{high}" grid="0" guides="1" connect="1" page="1" pageScale="1" math="0" shadow="0"'
    cells = "\n".join(_Page(scene).cells())
    return (
        f'<mxfile host="microgrAD">\n<diagram id="picture" name="{_text(scene.title)}">\n'
        f'<mxGraphModel {head} pageWidth="{wide}" pageHeight="{high}" background="{scene.background or "none"}">\n'
        f'<root>\n<mxCell id="0"/>\n<mxCell id="1" parent="0"/>\n{cells}\n</root>\n'
        "</mxGraphModel>\n</diagram>\n</mxfile>\n"
    ).encode()


class _Page:
    """The cells of a drawing."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.boxes: dict[str, Rectangle] = {}  # the front box of each part, by the part's id
        for part in (part for group in scene.groups for part in group.parts):
            for shape in part.shapes:
                if isinstance(shape, Rectangle):
                    self.boxes[part.id] = shape

    def cells(self) -> Iterator[str]:
        """Yield the cells, from back to front."""
        for group in self.scene.groups:
            if any(isinstance(shape, Curve) for part in group.parts for shape in part.shapes):
                yield from self.wire(group)
                continue
            left, top, right, bottom = bounds([group])
            yield _vertex(
                f"{group.id} as a group",
                "group;fillColor=none;strokeColor=none;foldable=0;collapsible=0;connectable=0",
                (left, top, right - left, bottom - top),
            )
            for part in group.parts:
                yield from self.part(part, f"{group.id} as a group", (left, top))

    def wire(self, group: Group) -> Iterator[str]:
        for part in group.parts:
            if any(isinstance(shape, Curve) for shape in part.shapes):
                yield self.edge(group, uncut(part))
            else:
                yield from self.part(backed(part, self.scene.background), "1", (0.0, 0.0))

    def part(self, part: Part, parent: str, corner: Point) -> Iterator[str]:
        if part.visible:
            front = max((k for k, s in enumerate(part.shapes) if isinstance(s, Rectangle)), default=0)
            for k, shape in enumerate(part.shapes):
                id = part.id if k == front else f"{part.id}.{k}"
                yield _cell(id, shape, parent, corner, round(100 * part.opacity))

    def edge(self, group: Group, part: Part) -> str:
        """Return a wire through points of its curve, from its box to its badge."""
        (line,) = (shape for shape in part.shapes if isinstance(shape, Curve))
        head = next((shape for shape in part.shapes if isinstance(shape, Polygon)), None)
        start, tip = line.points[0], head.points[0] if head else line.points[-1]
        between = list(curves.samples(line.points, _EACH))[1:-1]
        ends, style = [("source", start, ("box", "badge")), ("target", tip, ("badge", "box"))], ""
        joined = ""
        for (name, at, kinds), side in zip(ends, ("exit", "entry"), strict=True):
            id = next((id for k in kinds if (id := f"{group.data.get(name)}.{k}") in self.boxes), None)
            if id:
                box = self.boxes[id]
                x, y = (at[0] - box.x) / box.width, (at[1] - box.y) / box.height
                style += f"{side}X={x:.4f};{side}Y={y:.4f};{side}Perimeter=0;"
                joined += f' {name}="{_text(id)}"'
        arrow = f"endArrow={'block' if head else 'none'};endFill=1;endSize={length(5 * line.weight)};"
        style = f"edgeStyle=none;curved=1;html=0;{arrow}{_stroke(line)}{style}opacity={round(100 * part.opacity)};"
        points = "".join(f"<mxPoint {_at(point)}/>" for point in between)
        return (
            f'<mxCell id="{_text(part.id)}" style="{style}" edge="1" parent="1"{joined}>'
            f'<mxGeometry relative="1" as="geometry"><mxPoint {_at(start)} as="sourcePoint"/>'
            f'<mxPoint {_at(tip)} as="targetPoint"/><Array as="points">{points}</Array></mxGeometry></mxCell>'
        )


def _cell(id: str, shape: Shape, parent: str, corner: Point, opacity: int) -> str:
    """Return a box, a text or a polygon; places are counted from the corner of its parent."""
    dim = f"opacity={opacity};textOpacity={opacity};"
    match shape:
        case Rectangle():
            share = 100 * shape.radius / min(shape.width, shape.height)
            style = f"rounded=1;absoluteArcSize=0;arcSize={length(min(50.0, share))};fillColor={shape.fill or 'none'};"
            place = (shape.x - corner[0], shape.y - corner[1], shape.width, shape.height)
            return _vertex(id, f"{style}{_stroke(shape)}{dim}", place, parent)
        case Text():
            left = shape.x - shape.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
            aligned = {"start": "left", "middle": "center", "end": "right"}[shape.anchor]
            written = naming.as_text(shape.text) if fonts.mathematics(shape.text) else shape.text
            style = (
                f"text;html=0;fillColor=none;strokeColor=none;align={aligned};verticalAlign=middle;spacing=0;overflow=visible;fontStyle={int(shape.bold)};"
                f"fontFamily=Verdana;fontSize={length(shape.size * PIXELS)};fontColor={shape.color};"
            )
            # capitals stand in the middle of the box's height
            top = shape.y - (fonts.CAP / 2 + 0.6) * shape.size
            place = (left - corner[0], top - corner[1], shape.width, 1.2 * shape.size)
            return _vertex(id, f"{style}{dim}", place, parent, written)
        case Polygon() | Curve():
            xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
            place = (min(xs) - corner[0], min(ys) - corner[1], max(xs) - min(xs), max(ys) - min(ys))
            fill = shape.fill if isinstance(shape, Polygon) else "none"
            return _vertex(id, f"triangle;fillColor={fill};strokeColor=none;{dim}", place, parent)


def _vertex(id: str, style: str, place: Box, parent: str = "1", written: str = "") -> str:
    x, y, wide, high = (length(side * PIXELS) for side in place)
    return (
        f'<mxCell id="{_text(id)}" value="{_text(written)}" style="{style}" vertex="1" parent="{_text(parent)}">'
        f'<mxGeometry x="{x}" y="{y}" width="{wide}" height="{high}" as="geometry"/></mxCell>'
    )


def _stroke(shape: Rectangle | Curve) -> str:
    dash = " ".join(length(long * PIXELS) for long in shape.dash)
    dashed = f"dashed=1;fixDash=1;dashPattern={dash};" if dash else ""
    return f"strokeColor={shape.line or 'none'};strokeWidth={length(shape.weight * PIXELS)};{dashed}"


def _at(point: Point) -> str:
    return f'x="{length(point[0] * PIXELS)}" y="{length(point[1] * PIXELS)}"'


def _text(text: str) -> str:
    return escape(clean(text))
