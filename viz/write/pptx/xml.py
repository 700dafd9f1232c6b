"""Pieces of the XML of slides: places, fills, lines, outlines, and lengths as whole EMU."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from viz.scene import Curve, Point, Rectangle
from viz.write.svg import clean

EMU = 12700  # in a point
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
ROUND = 0.5522847498  # the distance of a quarter circle's control points from its ends, in radii
_HEADS = {"sm": 2.0, "med": 3.0, "lg": 5.0}  # the sizes of arrowheads, in widths of their line
_TOP, _RIGHT, _BOTTOM, _LEFT = 16200000, 0, 5400000, 10800000  # the angles of sides, in 60,000ths of a degree


def emu(points: float) -> int:
    """Return a length in points as a whole number of EMU."""
    return round(points * EMU)


def text(words: str) -> str:
    """Return a text for an attribute or an element."""
    return escape(clean(words))


def named(id: int, name: str, said: str = "") -> str:
    """Return the properties that every shape has. With !! before its name, Morph finds it on the next slide."""
    alternative = f' descr="{text(said)}"' if said else ""
    return f'<p:cNvPr id="{id}" name="{text(f"!!{name}")}"{alternative}/>'


def frame(x: float, y: float, width: float, height: float, turn: str = "") -> str:
    """Return the place of a shape; `turn`: attributes that turn or mirror it."""
    wide, high = emu(x + width) - emu(x), emu(y + height) - emu(y)
    return f'<a:xfrm{turn}><a:off x="{emu(x)}" y="{emu(y)}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def fill(color: str, opacity: float = 1.0) -> str:
    """Return a fill of one colour, #rrggbb; "" for none."""
    if not color:
        return "<a:noFill/>"
    alpha = f'<a:alpha val="{round(opacity * 100000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{color[1:].upper()}">{alpha}</a:srgbClr></a:solidFill>'


def stroke(shape: Rectangle | Curve, opacity: float, head: str = "") -> str:
    """Return a border or a line; `head`: its arrowhead."""
    if not shape.line or not shape.weight:
        return "<a:ln><a:noFill/></a:ln>"
    dash = ""
    if shape.dash:
        on, off = (round(length / shape.weight * 100000) for length in shape.dash)
        dash = f'<a:custDash><a:ds d="{on}" sp="{off}"/></a:custDash>'
    return f'<a:ln w="{emu(shape.weight)}">{fill(shape.line, opacity)}{dash}<a:miter lim="800000"/>{head}</a:ln>'


def arrowhead(long: float, wide: float, weight: float) -> str:
    """Return the arrowhead whose size is nearest to a length and a width."""
    wide_name, long_name = (min(_HEADS, key=lambda name: abs(_HEADS[name] - side / weight)) for side in (wide, long))
    return f'<a:tailEnd type="triangle" w="{wide_name}" len="{long_name}"/>'


def preset(name: str, **adjusted: int) -> str:
    """Return one of the outlines that every program knows."""
    guides = "".join(f'<a:gd name="{guide}" fmla="val {value}"/>' for guide, value in adjusted.items())
    return f'<a:prstGeom prst="{name}"><a:avLst>{guides}</a:avLst></a:prstGeom>'


def rounded(box: Rectangle, sites: Sequence[Point] = (), *, written: bool = False) -> str:
    """Return the outline of a box with round corners.

    If connectors arrive at other places than the middles of its sides, the outline is drawn, so that it can have
    `sites` there. The four middles come first, in the order that they have on any box. It is also drawn if something
    is `written` on the box, since programs keep text away from the corners of their own round boxes.
    """
    share = min(0.5, box.radius / min(box.width, box.height)) if box.radius else 0.0
    if not sites and not (written and share):
        return preset("roundRect", adj=round(share * 100000)) if share else preset("rect")
    wide, high, r = emu(box.width), emu(box.height), share * min(box.width, box.height)
    middles = [(wide // 2, 0, _TOP), (0, high // 2, _LEFT), (wide // 2, high, _BOTTOM), (wide, high // 2, _RIGHT)]
    own = [(emu(x - box.x), emu(y - box.y), _facing(x, y, box)) for x, y in sites]
    return outline(wide, high, f"{way(_round(box.width, box.height, r), (0.0, 0.0))}<a:close/>", [*middles, *own])


def _round(wide: float, high: float, r: float) -> list[Point]:
    """Return the outline of a box with round corners as a chain of curves, from the top left to the right."""
    k, found = ROUND * r, [(r, 0.0)]
    # each corner: where its arc begins, and the directions of the side before it and of the side after it
    corners = ((wide - r, 0.0, 1, 0), (wide, high - r, 0, 1), (r, high, -1, 0), (0.0, r, 0, -1))
    for x, y, dx, dy in corners:
        end = (x + r * dx - r * dy, y + r * dy + r * dx)
        found += [found[-1], (x, y), (x, y)]
        found += [(x + k * dx, y + k * dy), (end[0] + k * dy, end[1] - k * dx), end]
    return found


def outline(wide: int, high: int, path: str, sites: Iterable[tuple[int, int, int]] = (), *, filled: bool = True) -> str:
    """Return a drawn outline. A site: x and y in EMU, and the angle of the side that it is on."""
    found = "".join(f'<a:cxn ang="{angle}"><a:pos x="{x}" y="{y}"/></a:cxn>' for x, y, angle in sites)
    inside = "" if filled else ' fill="none"'
    return (
        f"<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst>{found}</a:cxnLst>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{high}"{inside}>{path}</a:path></a:pathLst>'
        "</a:custGeom>"
    )


def way(points: Sequence[Point], corner: Point) -> str:
    """Return a chain of cubic curves as a path; `corner`: the place of the path's (0, 0)."""
    at = [_point(emu(x) - emu(corner[0]), emu(y) - emu(corner[1])) for x, y in points]
    curves = "".join(f"<a:cubicBezTo>{''.join(at[k : k + 3])}</a:cubicBezTo>" for k in range(1, len(at), 3))
    return f"<a:moveTo>{at[0]}</a:moveTo>{curves}"


def lines(points: Sequence[Point], corner: Point) -> str:
    """Return straight lines to points, which continue a path."""
    at = ((emu(x) - emu(corner[0]), emu(y) - emu(corner[1])) for x, y in points)
    return "".join(f"<a:lnTo>{_point(x, y)}</a:lnTo>" for x, y in at)


def _point(x: int, y: int) -> str:
    return f'<a:pt x="{x}" y="{y}"/>'


def _facing(x: float, y: float, box: Rectangle) -> int:
    """Return the angle of the side that a place is nearest to."""
    dx, dy = x - box.x - box.width / 2, y - box.y - box.height / 2
    if abs(dx) * box.height >= abs(dy) * box.width:
        return _LEFT if dx < 0 else _RIGHT
    return _TOP if dy < 0 else _BOTTOM
