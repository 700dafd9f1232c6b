"""The lesson: an HTML page in which a reader steps through a pass, changes its inputs, and does an exercise."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microgrAD.errors import flag, real, words
from microgrAD.explanation.blanks import Blank, Choice, chosen, every
from microgrAD.steps.trace import Mode, Trace
from viz.layout import graphviz
from viz.passes.board import Board, prepare
from viz.passes.lesson import body
from viz.passes.stages import stages
from viz.style import Direction
from viz.style import theme as themed
from viz.web import javascript, shell
from viz.web.page import Page, page_file
from viz.write import svg

if TYPE_CHECKING:
    from microgrAD.operators import Value

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
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    title: str | None = None,
    blanks: Choice = True,
    exercise: bool = False,
    tolerance: float = 0.01,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Page:
    """Return a lesson on how `root` is computed and differentiated, as one HTML file that needs no network.

    The reader steps through the pass, types or drags inputs, and does an exercise.

    Arguments:
        root: a Value, or the trace of a pass from `microgrAD.steps.steps`.
        path: the .html file to write as well, completely or not at all.
        theme: "light", "dark" or "print"; by default the theme of the reader's system, with a button to change it.
        rankdir: "LR" (from left to right, the default) or "TB" (from top to bottom).
        digits: significant digits of each number.
        show_local: whether wires show local derivatives; by default True.
        title: the title of the page; by default it names the root.
        blanks: the numbers of the exercise: True for all that can be worked out; or a list of nodes, as Values or by
            name: "q" for its value and its gradient, "q.value" or "q.grad" for one of them.
        exercise: whether the page opens at the exercise.
        tolerance: the largest relative error of an answer, such as 0.01 for 1 %.
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        time_limit, engine: for the layout, as for `draw`.
    Returns: the HTML, a `Page`, which shows itself in Jupyter and has `.save(path)`.
    Raises: GraphTooLargeError for more than 150 values; ValueError for an unknown choice, for a blank that does not
    exist, or for an exercise without blanks; what `steps` and `draw` raise.
    """
    if path is not None:
        page_file(path)
    fixed = None if theme is None else themed(theme).name
    flag(exercise, "exercise")
    if not 0 < real(tolerance, "tolerance") < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, such as 0.01 for 1 %, got {tolerance!r}")
    board = prepare(
        root,
        shell.VARIABLES,
        live=True,
        rankdir=rankdir,
        digits=digits,
        show_local=show_local,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        time_limit=time_limit,
        engine=engine,
    )
    asked = every(board.trace) if blanks is True and not exercise else chosen(board.trace, blanks)
    heading = words(title or "", "title") or body.title(board.trace)
    found = Page(_document(board, heading, asked, fixed, exercise=exercise, tolerance=tolerance))
    if path is not None:
        found.save(path)
    return found


def _document(
    board: Board, title: str, blanks: Sequence[Blank], theme: str | None, *, exercise: bool, tolerance: float
) -> str:
    trace, graph, scene = board.trace, board.graph, board.scene
    picture = svg.write(replace(scene, background="", title=f"Computational graph of {trace.root.name}"))
    operations = javascript.source(sorted({v.op for v in trace.variables.values() if v.op}))
    data: dict[str, Any] = {
        "trace": trace.as_dict(),
        "digits": board.look.digits,
        "tolerance": tolerance,
        "mode": "exercise" if exercise else "steps",
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
        style=shell.style(STYLES, theme) + size,
        script=shell.script(operations, SCRIPTS),
        body=body.write(trace, graph, picture, title, blanks, theme),
        data=data,
        attributes=' data-mode="steps"',
        theme=theme,
    )
