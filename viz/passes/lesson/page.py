"""The lesson: an HTML page in which a reader steps through a pass, changes its inputs, and does an exercise."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microgrAD.errors import real
from microgrAD.explanation.blanks import Choice, chosen, every
from microgrAD.steps.trace import Mode, Trace
from viz.layout import graphviz
from viz.options import words
from viz.passes.board import Board, prepare
from viz.passes.lesson import body
from viz.passes.stages import stages
from viz.style import Direction
from viz.web import javascript, shell
from viz.web.page import Page, save
from viz.write import svg

if TYPE_CHECKING:
    from microgrAD.engine import Value

SCRIPTS = (
    "web/number.js",
    "passes/lesson/slots.js",
    "web/theme.js",
    "web/address.js",
    "web/stepper.js",
    "passes/lesson/picture.js",
    "passes/lesson/inputs.js",
    "passes/lesson/exercise.js",
    "passes/lesson/lesson.js",
)
STYLES = ("web/base.css", "web/picture.css", "passes/lesson/lesson.css", "passes/lesson/print.css")


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
    engine: graphviz.Choice = "auto",
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
