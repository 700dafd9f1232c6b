"""A scene as TikZ, from our own coordinates; and the frames of a film as one picture with beamer's overlays."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD import naming
from microgrAD.files import write_text
from viz import captions, layout
from viz.board import Board, prepare
from viz.scene import Curve, Part, Point, Polygon, Rectangle, Scene, Shape, Text, moved
from viz.stages import finished, frames, stages
from viz.style import Direction
from viz.style import theme as themed

if TYPE_CHECKING:
    from microgrAD.engine import Value
    from microgrAD.trace import Mode, Trace

SLIDE = (1280, 704)         # pixels of a picture that fills a slide of beamer, 16:9
ACROSS = 453.0              # that slide's width, in points
CAPTION = 26.0              # the caption's type, in points of the unscaled picture

# what pictures write that the fonts of LaTeX have in mathematics only; other signs are escaped
_SIGNS = {"∂": r"$\partial$", "−": "$-$", "×": r"$\times$", "÷": r"$\div$", "·": r"$\cdot$", "√": r"$\sqrt{\,}$",
          "σ": r"$\sigma$", "Σ": r"$\Sigma$", "∞": r"$\infty$", "…": r"\dots{}", "–": "--", "=": "$=$", "+": "$+$",
          "|": r"$|$", "ʸ": r"$^y$", "ˣ": r"$^x$", "□": r"$\Box$",
          **{sign: f"$^{{{plain}}}$" for sign, plain in zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True)}}


def tikz(root: Value | Trace, path: str | os.PathLike[str] | None = None, *, overlays: bool = False,
         document: bool = True, caption: bool = True, theme: str = "light", gradient: float = 1.0,
         mode: Mode = "reverse", wrt: Value | Mapping[Value, float] | None = None, digits: int = 4,
         rankdir: Direction | None = None, show_local: bool = True, time_limit: float = 30.0,
         engine: layout.Choice = "auto") -> str:
    r"""The graph of `root` with all its numbers as TikZ, and a file of it.

    overlays    the pass step by step: a picture in which each part is \only on the slides that show it
    document    with a preamble, to be compiled as it is: a page of the picture's size, or beamer's slides; else the
                tikzpicture alone, for \input (it needs \usepackage{amsmath, tikz}, and overlays the class beamer)
    caption     with overlays: what happens, as a line below

    The other options are those of `draw` and `steps`. ValueError for a file that ends in neither .tex nor .tikz.
    """
    if path is not None and Path(path).suffix.lower() not in (".tex", ".tikz"):
        raise ValueError(f"a TikZ file's name must end in .tex or .tikz, got {os.fspath(path)!r}")
    look = themed(theme)
    foot = captions.HEIGHT * CAPTION if overlays and caption else 0.0
    board = prepare(root, look, legend=True, foot=foot, size=SLIDE if overlays else None, gradient=gradient, mode=mode,
                    wrt=wrt, digits=digits, rankdir=rankdir, show_local=show_local, time_limit=time_limit,
                    engine=engine)
    told = stages(board.trace, board.graph)
    if overlays:
        pictures = list(frames(board.scene, told, look, digits))
        lines = [captions.latex(board.trace, k, digits) for k in range(len(pictures))] if caption else []
        picture = write([_scaled(picture) for picture in pictures], lines, look.ink)
    else:
        picture = write([finished(board.scene, told, digits)])
    text = _document(picture, board, overlays) if document else picture
    if path is not None:
        write_text(path, text)
    return text


def _scaled(scene: Scene) -> Scene:
    """As large as a slide."""
    scale = ACROSS / scene.width
    return replace(scene, width=ACROSS, height=scene.height * scale,
                   groups=tuple(moved(group, 0, 0, scale) for group in scene.groups))


# ---------------------------------------------------------------------------------------------- documents

def _document(picture: str, board: Board, overlays: bool) -> str:
    if overlays:
        return _slides(picture, board.trace.root.name, board.look.theme.background)
    return _page(picture, board.scene)


def _page(picture: str, scene: Scene) -> str:
    """A document of one page, as large as the picture."""
    size = f"paperwidth={_number(scene.width)}bp, paperheight={_number(scene.height)}bp"
    return rf"""\documentclass{{article}}
\usepackage[{size}, margin=0pt]{{geometry}}
\usepackage[T1]{{fontenc}}
\usepackage{{lmodern, amsmath, amssymb, tikz}}
\pagestyle{{empty}}
\setlength{{\parindent}}{{0pt}}
\setlength{{\topskip}}{{0pt}}
\begin{{document}}
{picture}\end{{document}}
"""


def _slides(picture: str, name: str, background: str) -> str:
    """A document of slides."""
    return rf"""\documentclass[aspectratio=169]{{beamer}}
\usepackage[T1]{{fontenc}}
\usepackage{{lmodern, amsmath, amssymb, tikz}}
\setbeamertemplate{{navigation symbols}}{{}}
\definecolor{{paper}}{{HTML}}{{{background[1:]}}}
\setbeamercolor{{background canvas}}{{bg=paper}}
\setbeamersize{{text margin left=0pt, text margin right=0pt}}
\title{{{naming.escape(name)}}}
\begin{{document}}
\begin{{frame}}[plain]
\centering
{picture}\end{{frame}}
\end{{document}}
"""


# ---------------------------------------------------------------------------------------------- a picture

@dataclass(frozen=True, slots=True)
class _Look:
    """A part as it is on some slides."""

    part: Part
    first: int
    last: int


def write(scenes: Sequence[Scene], lines: Sequence[str] = (), ink: str = "#000000") -> str:
    r"""A tikzpicture; several scenes are the slides of one, each part \only where it looks so.

    lines: mathematics for the foot of each.
    """
    body = "".join(_picture(scenes, lines, ink))
    colors = sorted(set(re.findall(r"mg([0-9A-F]{6})", body)))
    return ("\\begin{tikzpicture}[x=1bp, y=-1bp, line cap=butt, line join=miter]\n"
            + "".join(f"\\definecolor{{mg{color}}}{{HTML}}{{{color}}}\n" for color in colors)
            + f"\\useasboundingbox (0,0) rectangle {_pair((scenes[0].width, scenes[0].height))};\n"
            + body + "\\end{tikzpicture}\n")


def _picture(scenes: Sequence[Scene], lines: Sequence[str], ink: str) -> Iterator[str]:
    first = scenes[0]
    if first.background:
        yield f"\\fill[{_color('fill', first.background)}] (0,0) rectangle {_pair((first.width, first.height))};\n"
    for several in zip(*([part for group in scene.groups for part in group.parts] for scene in scenes), strict=True):
        for look in _looks(several):
            if look.part.visible and (written := "".join(_part(look.part))):
                yield _only(written, look.first, look.last, len(scenes))
    for k, line in enumerate(lines):
        if line:
            yield _only(_caption(line, first, ink), k, k, len(scenes))


def _caption(line: str, scene: Scene, ink: str) -> str:
    """A line of mathematics at the foot, made smaller where it is too long."""
    at = _pair((scene.width / 2, scene.height - captions.HEIGHT * CAPTION * ACROSS / (SLIDE[0] * 0.75) / 2))
    most = f"{0.95 * scene.width:.0f}bp"
    return (rf"\node[text={_name(ink)}, inner sep=0pt] at {at} {{\resizebox{{\ifdim\width>{most} {most}\else\width\fi}}"
            rf"{{!}}{{$\displaystyle {line}$}}}};" + "\n")


def _looks(several: Sequence[Part]) -> Iterator[_Look]:
    """Runs of slides on which a part looks the same."""
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
        yield f"\\begin{{scope}}[opacity={_number(part.opacity)}]\n"
        yield from shapes
        yield "\\end{scope}\n"


def _shape(shape: Shape, role: str) -> str:
    match shape:
        case Rectangle():
            corner = _pair((shape.x + shape.width, shape.y + shape.height))
            options = [*_stroke(shape.line, shape.weight, shape.dash),
                       *([_color("fill", shape.fill)] if shape.fill else []),
                       *([f"rounded corners={_number(shape.radius)}bp"] if shape.radius else [])]
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
    size = f"\\fontsize{{{_number(shape.size)}bp}}{{{_number(shape.size)}bp}}\\selectfont"
    written = _label(shape.text) if role == "label" else _text(shape.text)
    if shape.bold:                      # in a group of its own: \\boldmath leaves something behind it
        written = f"{{\\boldmath\\bfseries {written}}}"
    return (f"\\node[{_color('text', shape.color)}, anchor={anchor}, inner sep=0pt] at {_pair((shape.x, shape.y))} "
            f"{{{size}\\sffamily {written}}};\n") if shape.text else ""


def _label(text: str) -> str:
    """A node's name, in mathematics if it is a symbol."""
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
    pattern = " ".join(f"{kind} {_number(long)}bp" for kind, long in zip(("on", "off") * len(dash), dash, strict=False))
    return [_color("draw", line), f"line width={_number(weight)}bp", *([f"dash pattern={pattern}"] if dash else [])]


def _color(use: str, color: str) -> str:
    return f"{use}={_name(color)}" if use else _name(color)


def _name(color: str) -> str:
    return f"mg{color[1:].upper()}"


def _pair(point: Point) -> str:
    return f"({_number(point[0])},{_number(point[1])})"


def _number(x: float) -> str:
    return f"{round(x, 2) + 0:.2f}".rstrip("0").rstrip(".")
