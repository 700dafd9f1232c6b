"""A pass as TikZ: the picture with all its numbers, or all frames in one picture with beamer overlays."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.errors import flag
from microgrAD.files import new_file, write_text
from microgrAD.steps import naming
from viz import bundle
from viz.layout import graphviz
from viz.passes import captions
from viz.passes.captions import Measured
from viz.passes.film import SLIDE_CAPTION
from viz.passes.tell import tell
from viz.passes.telling import Telling
from viz.scene import Scene, moved
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Theme
from viz.style import theme as themed
from viz.write import tex

if TYPE_CHECKING:
    from microgrAD.explanation.chapters import Told
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode

SLIDE = (1280, 704)  # pixels of a picture that fills a 16:9 slide of beamer
ACROSS = 453.0  # points; the width of that slide
LIKE = 1.2  # the factor at which TeX's type is as wide as that of pictures
NARROW = 0.9  # the share of the width that is counted on for captions, since TeX sets them a little wider or narrower


class Tikz(str):
    """TikZ source as a str; in a notebook it shows its picture with all numbers."""

    scene: Scene

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the source to a .tex or .tikz file, completely or not at all, and return the path."""
        file = tikz_file(path)
        write_text(file, self)
        return file

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> bundle.Bundle:
        return bundle.picture(repr(self), lambda: SceneDrawing(self.scene))

    def __repr__(self) -> str:
        return f"<Tikz of {len(self.splitlines())} lines>"


def tikz_file(path: str | os.PathLike[str]) -> Path:
    """Return the checked path of a TikZ file; ValueError for another ending."""
    return new_file(path, (".tex", ".tikz"), "a TikZ file's", said=".tex or .tikz")


def tikz(
    root: Value | Told,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    overlays: bool = False,
    document: bool = True,
    caption: bool = True,
    notation: str = "w12",
    error: str = "δ",
    lang: str = "en",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Tikz:
    r"""Return the graph of `root` with all its numbers as TikZ.

    Arguments:
        root: a Value, or a trace: of a pass, or of a run of training, as for `movie`.
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
        notation, error: how the network of a run calls its weights and slopes, as for `viz.network`.
        lang: the language of its words, "en" or "it".
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
    telling = tell(
        root,
        look,
        rankdir=rankdir,
        digits=digits,
        show_local=show_local,
        notation=notation,
        error=error,
        lang=lang,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        time_limit=time_limit,
        engine=engine,
    )
    if overlays:
        picture, text = _film(telling, look, digits, caption)
        text = _slides(text, telling.name, look.background) if document else text
    else:
        picture = telling.last(None, 0.0)
        text = tex.document(picture) if document else tex.write([picture])
    found = Tikz(text)
    found.scene = picture
    if path is not None:
        found.save(path)
    return found


def _film(telling: Telling, look: Theme, digits: int, caption: bool) -> tuple[Scene, str]:
    """Return the picture with all its numbers, and the one with its overlays, as large as a slide."""
    width, height = (side * 0.75 for side in SLIDE)
    said = captions.fitted(telling.said, Measured(digits), NARROW * width, SLIDE_CAPTION * height)
    foot = 1.25 * said.foot if caption else 0.0  # fractions are higher than plain text
    pictures = [_scaled(picture) for picture in telling.draw(SLIDE, foot)]
    lines = [captions.latex(some, digits) for some in telling.said] if caption else []
    scale = ACROSS / width
    size = LIKE * said.size * scale
    return telling.last(SLIDE, foot), tex.write(pictures, lines, look.ink, foot * scale, size)


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
