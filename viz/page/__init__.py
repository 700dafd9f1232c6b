"""The lesson: a self-contained HTML page in which a reader steps through a pass, changes its inputs, and is examined.

shell     the document: policy, style, script and data in one file
body      what stands in it
said      formulas and sentences for each step, with a slot for each number
blanks    which numbers an exercise asks for
played, replayed    what stands in the training player's page, and the graph that it replays
assets    style and script; the script computes only with what microgrAD.javascript generated from the table
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD import files, javascript
from microgrAD.errors import real
from microgrAD.trace import Mode, Trace
from viz import layout, svg
from viz.board import Board, prepare
from viz.options import words
from viz.page import body, shell
from viz.page.blanks import Choice, chosen, every
from viz.stages import stages
from viz.style import Direction

if TYPE_CHECKING:
    from microgrAD.operators import Value

SCRIPTS = ("number.js", "slots.js", "theme.js", "stepper.js", "picture.js", "inputs.js", "exercise.js", "lesson.js")
STYLES = ("base.css", "picture.css", "lesson.css", "print.css")


class Page(str):
    """A page's HTML; in Jupyter it shows itself in a frame of its own."""

    def _repr_html_(self) -> str:
        from html import escape

        return (
            f'<iframe srcdoc="{escape(self)}" width="100%" height="720" style="border: 0" '
            'title="a lesson, step by step"></iframe>'
        )


def page(
    root: Value | Trace,
    path: str | os.PathLike[str] | None = None,
    *,
    title: str = "",
    exercise: Choice = False,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    digits: int = 4,
    tolerance: float = 0.01,
    rankdir: Direction = "LR",
    show_local: bool = True,
    time_limit: float = 30.0,
    engine: layout.Choice = "auto",
) -> Page:
    """A lesson on how `root` is computed and differentiated, as one HTML file that needs no network.

    root is a Value, or its trace from `microgrAD.steps.steps`. The reader goes through it step by step, types or drags
    its inputs, and can be examined.

    path        where to write it, whole or not at all; without one it is only returned
    title       above it; else what is computed
    exercise    True opens it as an exercise; a list of nodes (Values or names, "q", "q.value", "q.grad") asks for
                these numbers only
    gradient, mode, wrt     as for `microgrAD.steps`
    digits      significant digits of each number
    tolerance   how far, relative to the number, an answer may be off
    rankdir     "LR" (from left to right) or "TB" (from the top down)
    show_local  the local derivatives on the wires
    time_limit, engine      for finding the layout, as for `draw`

    GraphTooLargeError for more than 150 values; ValueError for an option that does not exist, a blank that is not
    there, or an exercise that asks for nothing.
    """
    if not 0 < real(tolerance, "tolerance") < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, as 0.01 for 1 %, got {tolerance!r}")
    board = prepare(
        root,
        shell.VARIABLES,
        live=True,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        digits=digits,
        rankdir=rankdir,
        show_local=show_local,
        time_limit=time_limit,
        engine=engine,
    )
    found = Page(_document(board, title, exercise, tolerance))
    if path is not None:
        save(path, found)
    return found


def _document(board: Board, title: str, exercise: Choice, tolerance: float) -> str:
    trace, graph, scene = board.trace, board.graph, board.scene
    title = words("title", title) or body.title(trace)
    blanks = every(trace) if exercise is False else chosen(trace, exercise)
    picture = svg.write(replace(scene, background="", title=f"Computational graph of {trace.root.name}"))
    operations = javascript.source(sorted({v.op for v in trace.variables.values() if v.op}))
    data: dict[str, Any] = {
        "trace": trace.as_dict(),
        "digits": board.look.digits,
        "tolerance": tolerance,
        "mode": "steps" if exercise is False else "exercise",
        "stages": [
            {
                "node": s.node,
                "wires": s.wires,
                "source": s.source,
                "backward": s.backward,
                "shows": [{"part": x.part, "field": x.field, "open": x.open} for x in s.shows],
            }
            for s in stages(trace, graph)
        ],
    }
    size = f".drawing svg {{ --wide: {scene.width * 96 / 72:.0f}; --high: {scene.height * 96 / 72:.0f}; }}\n"
    return shell.document(
        title=title,
        style=shell.style(STYLES) + size,
        script=shell.script(operations, SCRIPTS),
        body=body.write(trace, graph, picture, title, blanks),
        data=data,
        attributes=' data-mode="steps"',
    )


def save(path: str | os.PathLike[str], text: str) -> None:
    """Write a page, whole or not at all; ValueError unless its name ends in .html."""
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"a page's name must end in .html, got {os.fspath(path)!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to write {target.name!r} to; make it first")
    files.write_text(target, text)
