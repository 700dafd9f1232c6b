"""A pass as TikZ: the picture with all its numbers, or the frames of a film as one picture with beamer's overlays."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.files import write_text
from microgrAD.steps import naming
from viz.layout import graphviz
from viz.passes import captions
from viz.passes.board import Board, prepare
from viz.passes.stages import finished, frames, stages
from viz.scene import Scene, moved
from viz.style import Direction
from viz.style import theme as themed
from viz.write import tex

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode, Trace

SLIDE = (1280, 704)  # pixels of a picture that fills a slide of beamer, 16:9
ACROSS = 453.0  # that slide's width, in points
CAPTION = 26.0  # the caption's type, in points of the unscaled picture


def tikz(
    root: Value | Trace,
    path: str | os.PathLike[str] | None = None,
    *,
    overlays: bool = False,
    document: bool = True,
    caption: bool = True,
    theme: str = "light",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    digits: int = 4,
    rankdir: Direction | None = None,
    show_local: bool = True,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> str:
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
    board = prepare(
        root,
        look,
        legend=True,
        foot=foot,
        size=SLIDE if overlays else None,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        digits=digits,
        rankdir=rankdir,
        show_local=show_local,
        time_limit=time_limit,
        engine=engine,
    )
    if overlays:
        text = _film(board, caption)
        text = _slides(text, board.trace.root.name, look.background) if document else text
    else:
        picture = finished(board.scene, stages(board.trace, board.graph), digits)
        text = tex.document(picture) if document else tex.write([picture])
    if path is not None:
        write_text(path, text)
    return text


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
