"""A scene as SVG.

Text stays text: it can be selected, searched, read aloud and changed by a script. Boxes are measured in DejaVu Sans,
the widest font of the stack, so text fits in whichever of these fonts a viewer has. A line with characters that
DejaVu Sans lacks (an emoji, Chinese) also has a `textLength`, and the viewer fits it into that.

No element has an `id`, so several pictures can be on one page. `data-id` holds the id of the scene's part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from microgrAD.steps import naming
from viz import fonts
from viz.graph.nodes import Graph
from viz.scene import Curve, Group, Part, Point, Polygon, Rectangle, Scene, Shape, Text, length, place

# characters that XML 1.0 cannot contain
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the picture as an SVG file."""
    return write(scene).encode()


def write(scene: Scene) -> str:
    """Return the whole document; the same scene always gives the same text."""
    width, height = scene.pixels or (scene.width * 96 / 72, scene.height * 96 / 72)
    head = _attributes(
        xmlns="http://www.w3.org/2000/svg",
        width=length(width),
        height=length(height),
        viewBox=f"0 0 {length(scene.width)} {length(scene.height)}",
        role="img",
        aria_label=scene.title,
        font_family=fonts.STACK,
    )
    lines = [f"<svg{head}>", f"<title>{_text(scene.title)}</title>", f"<desc>{_text(scene.description)}</desc>"]
    if scene.background:
        lines.append(_element("rect", width=length(scene.width), height=length(scene.height), fill=scene.background))
    for group in scene.groups:
        lines.extend(_group(group))
    return "\n".join([*lines, "</svg>\n"])


def _group(group: Group) -> Iterator[str]:
    data = {f"data-{key}": value for key, value in group.data.items()}
    yield f"<g{_attributes(class_=group.role, data_id=group.id, **data)}>"
    if group.title:
        yield f"<title>{_text(group.title)}</title>"
    for part in group.parts:
        yield from _part(part)
    yield "</g>"


def _part(part: Part) -> Iterator[str]:
    style = _attributes(
        class_=part.role,
        data_id=part.id,
        visibility="" if part.visible else "hidden",
        opacity="" if part.opacity == 1 else length(part.opacity),
    )
    yield f"<g{style}>" + "".join(map(_shape, part.shapes)) + "</g>"


def _shape(shape: Shape) -> str:
    match shape:
        case Rectangle():
            return _element(
                "rect",
                x=length(shape.x),
                y=length(shape.y),
                width=length(shape.width),
                height=length(shape.height),
                rx=length(shape.radius) if shape.radius else "",
                fill=shape.fill or "none",
                stroke=shape.line,
                stroke_width=length(shape.weight) if shape.line else "",
                stroke_dasharray=_dash(shape),
            )
        case Curve():
            return _element(
                "path",
                d=_path(shape.points),
                fill="none",
                stroke=shape.line,
                stroke_width=length(shape.weight),
                stroke_dasharray=_dash(shape),
            )
        case Polygon():
            return _element("polygon", points=" ".join(map(place, shape.points)), fill=shape.fill)
        case Text() if fonts.mathematics(shape.text):
            return _mathematics(shape)
        case Text():
            exact = {"textLength": length(shape.width), "lengthAdjust": "spacingAndGlyphs"}
            return (
                f"<text{_attributes(x=length(shape.x), y=length(shape.y), font_size=length(shape.size))}"
                + _attributes(
                    font_weight="bold" if shape.bold else "",
                    fill=shape.color,
                    text_anchor="" if shape.anchor == "start" else shape.anchor,
                    **(exact if fonts.lacks(shape.text, shape.bold) else {}),
                )
                + f">{_text(shape.text)}</text>"
            )


def _mathematics(shape: Text) -> str:
    """Return a label between dollars as outlines, which look the same in every viewer."""
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    left = shape.x - shape.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    pieces = []
    for points, code in TextPath((0, 0), shape.text, size=shape.size).iter_segments(curves=True, simplify=False):
        pairs = [(left + x, shape.y - y) for x, y in zip(points[::2], points[1::2], strict=True)]
        pieces.append(letters[code] + ("" if code == Path.CLOSEPOLY else " ".join(map(place, pairs))))
    said = _attributes(role="img", aria_label=naming.as_text(shape.text))
    return f"<g{said}>{_element('path', d=''.join(pieces), fill=shape.color)}</g>"


def _path(points: tuple[Point, ...]) -> str:
    return f"M{place(points[0])}C{' '.join(map(place, points[1:]))}"


def _dash(shape: Rectangle | Curve) -> str:
    return " ".join(map(length, shape.dash))


def _element(name: str, **attributes: str) -> str:
    return f"<{name}{_attributes(**attributes)}/>"


def _attributes(**attributes: str) -> str:
    """Return the attributes in order, without empty ones; `stroke_width` becomes stroke-width, `class_` class."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_text(value)}"' for name, value in attributes.items() if value
    )


def _text(text: str) -> str:
    return escape(clean(text))


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot contain."""
    return _FORBIDDEN.sub("\ufffd", text)
