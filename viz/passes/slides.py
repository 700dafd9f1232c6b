"""A pass as TikZ: the picture with all its numbers, or all frames in one picture with beamer overlays."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.errors import flag
from microgrAD.files import new_file, write_text
from microgrAD.steps import naming
from viz.layout import graphviz
from viz.passes import captions
from viz.passes.board import Board, prepare
from viz.passes.stages import finished, frames, stages
from viz.scene import Scene, moved
from viz.style import Direction
from viz.style import theme as themed
from viz.write import svg, tex

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode, Trace

SLIDE = (1280, 704)  # pixels of a picture that fills a 16:9 slide of beamer
ACROSS = 453.0  # points; the width of that slide
CAPTION = 26.0  # points of the unscaled picture; the type of the caption


class Tikz(str):
    """TikZ source as a str; in Jupyter it shows its picture with all numbers."""

    scene: Scene

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the source to a .tex or .tikz file, completely or not at all, and return the path."""
        file = tikz_file(path)
        write_text(file, self)
        return file

    def _repr_svg_(self) -> str:
        return svg.write(self.scene)


def tikz_file(path: str | os.PathLike[str]) -> Path:
    """Return the checked path of a TikZ file; ValueError for another ending."""
    return new_file(path, (".tex", ".tikz"), "a TikZ file's", said=".tex or .tikz")


def tikz(
    root: Value | Trace,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    overlays: bool = False,
    document: bool = True,
    caption: bool = True,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Tikz:
    r"""Return the graph of `root` with all its numbers as TikZ.

    Arguments:
        root: a Value, or the trace of a pass from `microgrAD.steps.steps`.
        path: the .tex or .tikz file to write as well.
        theme: "light" (the default), "dark" or "print".
        rankdir: "LR" (from left to right) or "TB" (from top to bottom); by default "LR". Overlays fill a slide, and
            by default they take the direction with the larger picture.
        digits: significant digits of each number.
        show_local: whether wires show local derivatives; by default True.
        overlays: whether to show the pass step by step, on beamer slides; \only shows each part when it is computed.
        document: whether to return a complete document: a page of the picture's size, or beamer slides. Otherwise it
            is the tikzpicture alone, for \input. That needs \usepackage{amsmath, tikz}; overlays need beamer.
        caption: whether a line below each slide says what happens.
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        time_limit, engine: for the layout, as for `draw`.
    Returns: the source, a `Tikz`, which shows its picture in Jupyter and has `.save(path)`.
    Raises: ValueError for another ending or an unknown choice; what `steps` and `draw` raise.
    """
    if path is not None:
        tikz_file(path)
    for name, value in (("overlays", overlays), ("document", document), ("caption", caption)):
        flag(value, name)
    look = themed(theme)
    foot = captions.HEIGHT * CAPTION if overlays and caption else 0.0
    board = prepare(
        root,
        look,
        legend=True,
        foot=foot,
        size=SLIDE if overlays else None,
        rankdir=rankdir,
        digits=digits,
        show_local=show_local,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        time_limit=time_limit,
        engine=engine,
    )
    picture = finished(board.scene, stages(board.trace, board.graph), digits)
    if overlays:
        text = _film(board, caption)
        text = _slides(text, board.trace.root.name, look.background) if document else text
    else:
        text = tex.document(picture) if document else tex.write([picture])
    found = Tikz(text)
    found.scene = picture
    if path is not None:
        found.save(path)
    return found


def _film(board: Board, caption: bool) -> str:
    """Return the picture with its overlays, as large as a slide."""
    look = board.look
    pictures = list(frames(board.scene, stages(board.trace, board.graph), look.theme, look.digits))
    lines = [captions.latex(board.trace, k, look.digits) for k in range(len(pictures))] if caption else []
    foot = captions.HEIGHT * CAPTION * ACROSS / board.scene.width
    return tex.write([_scaled(picture) for picture in pictures], lines, look.theme.ink, foot)


def _scaled(scene: Scene) -> Scene:
    """Return the scene as large as a slide."""
    scale = ACROSS / scene.width
    return replace(
        scene,
        width=ACROSS,
        height=scene.height * scale,
        groups=tuple(moved(group, 0, 0, scale) for group in scene.groups),
    )


def _slides(picture: str, name: str, background: str) -> str:
    """Return a document of slides."""
    return rf"""\documentclass[aspectratio=169]{{beamer}}
{tex.PREAMBLE}
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
