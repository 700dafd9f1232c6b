"""A pass as TikZ: the picture with all its numbers, or the frames of a film as one picture with beamer's overlays."""

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

SLIDE = (1280, 704)  # pixels of a picture that fills a slide of beamer, 16:9
ACROSS = 453.0  # that slide's width, in points
CAPTION = 26.0  # the caption's type, in points of the unscaled picture


class Tikz(str):
    """TikZ source; in Jupyter it shows the picture that it draws, with all its numbers."""

    scene: Scene

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the source to a .tex or .tikz file, whole or not at all; returns the path."""
        file = tikz_file(path)
        write_text(file, self)
        return file

    def _repr_svg_(self) -> str:
        return svg.write(self.scene)


def tikz_file(path: str | os.PathLike[str]) -> Path:
    """The path of a TikZ file to write."""
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
    r"""The graph of `root` with all its numbers as TikZ.

    root        a Value, or the trace of a pass from `microgrAD.steps.steps`
    path        the .tex or .tikz file that the source is also written to
    theme       "light" (by default), "dark" or "print"
    rankdir     "LR" (from left to right) or "TB" (from the top down); by default "LR", and with overlays, which fill
                a slide, what is larger
    digits      significant digits of each number
    show_local  the local derivatives on the wires; by default True
    overlays    the pass step by step: a picture in which each part is \only on the slides that show it
    document    with a preamble, to be compiled as it is: a page of the picture's size, or beamer's slides; else the
                tikzpicture alone, for \input (it needs \usepackage{amsmath, tikz}, and overlays the class beamer)
    caption     with overlays: what happens, as a line below
    gradient, mode, wrt     those of `microgrAD.steps.steps`; a trace has them already
    time_limit, engine      for finding the layout, as for `draw`

    Returns the source as a text: it shows its picture in Jupyter and has `.save(path)`. ValueError for a file that
    ends in neither .tex nor .tikz.
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
    """The picture with its overlays, as large as a slide."""
    look = board.look
    pictures = list(frames(board.scene, stages(board.trace, board.graph), look.theme, look.digits))
    lines = [captions.latex(board.trace, k, look.digits) for k in range(len(pictures))] if caption else []
    foot = captions.HEIGHT * CAPTION * ACROSS / board.scene.width
    return tex.write([_scaled(picture) for picture in pictures], lines, look.theme.ink, foot)


def _scaled(scene: Scene) -> Scene:
    """As large as a slide."""
    scale = ACROSS / scene.width
    return replace(
        scene,
        width=ACROSS,
        height=scene.height * scale,
        groups=tuple(moved(group, 0, 0, scale) for group in scene.groups),
    )


def _slides(picture: str, name: str, background: str) -> str:
    """A document of slides."""
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
