"""A scene as TikZ, with our own coordinates. Several scenes become the slides of one picture, as beamer overlays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from microgrAD.steps import naming
from viz.graph.nodes import Graph
from viz.scene import Curve, Part, Point, Polygon, Rectangle, Scene, Shape, Text, length, place

# signs of our pictures that LaTeX has only in mathematics; other signs are escaped
_SIGNS = {
    "∂": r"$\partial$",
    "−": "$-$",
    "×": r"$\times$",
    "÷": r"$\div$",
    "·": r"$\cdot$",
    "√": r"$\sqrt{\,}$",
    "σ": r"$\sigma$",
    "Σ": r"$\Sigma$",
    "∞": r"$\infty$",
    "…": r"\dots{}",
    "–": "--",
    "=": "$=$",
    "+": "$+$",
    "|": r"$|$",
    "ʸ": r"$^y$",
    "ˣ": r"$^x$",
    "□": r"$\Box$",
    **{sign: f"$^{{{plain}}}$" for sign, plain in zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True)},
}
# needed in each document with such a picture
PREAMBLE = r"""\usepackage[T1]{fontenc}
\usepackage{lmodern, amsmath, amssymb, tikz}"""


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the picture as a LaTeX document."""
    return document(scene).encode()


def document(scene: Scene) -> str:
    """Return a complete document of one page, as large as the picture."""
    size = f"paperwidth={length(scene.width)}bp, paperheight={length(scene.height)}bp"
    return rf"""\documentclass{{article}}
\usepackage[{size}, margin=0pt]{{geometry}}
{PREAMBLE}
\pagestyle{{empty}}
\setlength{{\parindent}}{{0pt}}
\setlength{{\topskip}}{{0pt}}
\begin{{document}}
{write([scene])}\end{{document}}
"""


def write(scenes: Sequence[Scene], lines: Sequence[str] = (), ink: str = "#000000", foot: float = 0.0) -> str:
    r"""Return a tikzpicture. Several scenes become the slides of one picture, with \only around parts that change.

    Arguments:
        scenes: the scenes, of one size and with the same parts.
        lines: mathematics for the foot of each slide.
        ink: the colour of the lines.
        foot: the height of the foot, in points.
    """
    body = "".join(_picture(scenes, lines, ink, foot))
    colors = sorted(set(re.findall(r"mg([0-9A-F]{6})", body)))
    return (
        "\\begin{tikzpicture}[x=1bp, y=-1bp, line cap=butt, line join=miter]\n"
        + "".join(f"\\definecolor{{mg{color}}}{{HTML}}{{{color}}}\n" for color in colors)
        + f"\\useasboundingbox (0,0) rectangle {_pair((scenes[0].width, scenes[0].height))};\n"
        + body
        + "\\end{tikzpicture}\n"
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A part, and the first and last of the slides on which it looks so."""

    part: Part
    first: int
    last: int


def _picture(scenes: Sequence[Scene], lines: Sequence[str], ink: str, foot: float) -> Iterator[str]:
    first = scenes[0]
    if first.background:
        yield f"\\fill[{_color('fill', first.background)}] (0,0) rectangle {_pair((first.width, first.height))};\n"
    for several in zip(*([part for group in scene.groups for part in group.parts] for scene in scenes), strict=True):
        for look in _looks(several):
            if look.part.visible and (written := "".join(_part(look.part))):
                yield _only(written, look.first, look.last, len(scenes))
    for k, line in enumerate(lines):
        if line:
            yield _only(_caption(line, first, ink, foot), k, k, len(scenes))


def _caption(line: str, scene: Scene, ink: str, foot: float) -> str:
    """Return a line of mathematics at the foot; it is made smaller if it is too long."""
    at = _pair((scene.width / 2, scene.height - foot / 2))
    written = _within(0.95 * scene.width, rf"$\displaystyle {line}$")
    return rf"\node[text={_name(ink)}, inner sep=0pt] at {at} {{{written}}};" + "\n"


def _within(width: float, written: str) -> str:
    """Return TeX that is made smaller if it is wider than `width` points."""
    return rf"\resizebox{{\ifdim\width>{width:.0f}bp {width:.0f}bp\else\width\fi}}{{!}}{{{written}}}"


def _looks(several: Sequence[Part]) -> Iterator[_Look]:
    """Return the runs of slides on which a part looks the same."""
    for part, run in groupby(enumerate(several), key=lambda pair: pair[1]):
        numbers = [k for k, _ in run]
        yield _Look(part, numbers[0], numbers[-1])


def _only(written: str, first: int, last: int, count: int) -> str:
    if (first, last) == (0, count - 1):
        return written
    until = "" if last == count - 1 else f"{last + 1}"
    slides = f"{first + 1}" if first == last else f"{first + 1}-{until}"
    return f"\\only<{slides}>{{%\n{written}}}%\n"


def _part(part: Part) -> Iterator[str]:
    shapes = [written for shape in part.shapes if (written := _shape(shape, part.role))]
    if part.opacity == 1:
        yield from shapes
    elif shapes:
        yield f"\\begin{{scope}}[opacity={length(part.opacity)}]\n"
        yield from shapes
        yield "\\end{scope}\n"


def _shape(shape: Shape, role: str) -> str:
    match shape:
        case Rectangle():
            corner = _pair((shape.x + shape.width, shape.y + shape.height))
            options = [
                *_stroke(shape.line, shape.weight, shape.dash),
                *([_color("fill", shape.fill)] if shape.fill else []),
                *([f"rounded corners={length(shape.radius)}bp"] if shape.radius else []),
            ]
            return f"\\path[{', '.join(options)}] {_pair((shape.x, shape.y))} rectangle {corner};\n"
        case Curve():
            options = _stroke(shape.line, shape.weight, shape.dash)
            return f"\\path[{', '.join(options)}] {_way(shape.points)};\n"
        case Polygon():
            return f"\\fill[{_color('', shape.fill)}] {' -- '.join(map(_pair, shape.points))} -- cycle;\n"
        case Text():
            return _words(shape, role)


def _words(shape: Text, role: str) -> str:
    anchor = {"start": "base west", "middle": "base", "end": "base east"}[shape.anchor]
    size = f"\\fontsize{{{length(shape.size)}bp}}{{{length(shape.size)}bp}}\\selectfont"
    written = _label(shape.text) if role == "label" else _text(shape.text)
    if shape.bold:  # in a group: \\boldmath would change what follows
        written = f"{{\\boldmath\\bfseries {written}}}"
    if "[U+" in written:  # the code point is wider than its sign
        written = _within(shape.width, written)
    return (
        (
            f"\\node[{_color('text', shape.color)}, anchor={anchor}, inner sep=0pt] at {_pair((shape.x, shape.y))} "
            f"{{{size}\\sffamily {written}}};\n"
        )
        if shape.text
        else ""
    )


def _label(text: str) -> str:
    """Return a node's name, in mathematics if it is a symbol."""
    written = naming.as_latex(text)
    return _text(text) if r"\text{" in written else f"${written}$"


def _text(text: str) -> str:
    return "".join(_SIGNS.get(c) or naming.escape(c) for c in text)


def _way(points: tuple[Point, ...]) -> str:
    written = _pair(points[0])
    for k in range(1, len(points), 3):
        written += f" .. controls {_pair(points[k])} and {_pair(points[k + 1])} .. {_pair(points[k + 2])}"
    return written


def _stroke(line: str, weight: float, dash: tuple[float, ...]) -> list[str]:
    if not line:
        return []
    pattern = " ".join(f"{kind} {length(long)}bp" for kind, long in zip(("on", "off") * len(dash), dash, strict=False))
    return [_color("draw", line), f"line width={length(weight)}bp", *([f"dash pattern={pattern}"] if dash else [])]


def _color(use: str, color: str) -> str:
    return f"{use}={_name(color)}" if use else _name(color)


def _name(color: str) -> str:
    return f"mg{color[1:].upper()}"


def _pair(point: Point) -> str:
    return f"({place(point)})"
