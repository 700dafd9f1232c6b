"""The lesson: an HTML page in which a reader steps through a pass, changes its inputs, and does an exercise."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rcssmin import cssmin
from rjsmin import jsmin

from microgrAD.errors import flag, real, whole_digits, words
from microgrAD.explanation import receipts
from microgrAD.explanation.blanks import Blank, Choice, chosen, every
from microgrAD.ops import OPS
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Backward, Mode, Tangent, Trace, Variable
from microgrAD.steps.training import TrainingTrace
from viz.layout import graphviz
from viz.layout.placer import Placer
from viz.passes.board import MOST_FOLDED, graph_of, with_longest_numbers
from viz.passes.lesson import body, said
from viz.passes.lesson.drawings import Drawing, drawings
from viz.passes.stages import Stage, finished, stages
from viz.passes.tell import of_a_pass, tell
from viz.scene import Change
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Look, direction
from viz.style import theme as themed
from viz.web import javascript, shell
from viz.web.page import Page, page_file
from viz.web.words import Words
from viz.write import svg

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from viz.networks.network_steps import NetworkDrawing

SCRIPTS = (
    "passes/lesson/begin.js",
    "web/say.js",
    "web/number.js",
    "web/theme.js",
    "web/address.js",
    "web/link.js",
    "web/stepper.js",
    "passes/lesson/slots.js",
    "passes/lesson/picture.js",
    "passes/lesson/notes.js",
    "passes/lesson/fit.js",
    "passes/lesson/keys.js",
    "passes/lesson/inputs.js",
    "passes/lesson/explore.js",
    "passes/lesson/curve.js",
    "passes/lesson/typed.js",
    "passes/lesson/marking.js",
    "passes/lesson/draws.js",
    "passes/lesson/exercise.js",
    "passes/lesson/progress.js",
    "passes/lesson/state.js",
    "passes/lesson/lesson.js",
)
TOLERANCE = 0.01  # relative, of an answer
STYLES = (
    "web/base.css",
    "web/picture.css",
    "passes/lesson/lesson.css",
    "passes/lesson/screen.css",
    "passes/lesson/print.css",
)


def page(
    root: Value | Trace | TrainingTrace | NetworkDrawing,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    title: str | None = None,
    blanks: Choice = True,
    exercise: bool = False,
    lock: bool = False,
    tolerance: float = TOLERANCE,
    notation: str = "w12",
    error: str = "δ",
    lang: str = "en",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Page:
    """Return a lesson on how `root` is computed and differentiated, as one HTML file that needs no network.

    The reader steps through the pass, types or drags inputs, and does an exercise.

    Arguments:
        root: a Value, or the trace of a pass from `microgrAD.steps.steps`; or of a run from `microgrAD.train_steps`,
            which is shown step by step on the picture of its network, without inputs and without an exercise; or the
            drawing of `viz.network`. In these two a click on a unit opens its scalar graph.
        path: the .html file to write as well, completely or not at all.
        theme: "light", "dark" or "print"; by default the theme of the reader's system, with a button to change it.
        rankdir: "LR" (from left to right) or "TB" (from top to bottom); by default what fits the reader's screen.
        digits: significant digits of each number.
        show_local: whether wires show local derivatives; by default True.
        title: the title of the page; by default it names the root.
        blanks: the numbers of the exercise: True for all that can be worked out; or a list of nodes, as Values or by
            name: "q" for its value and its gradient, "q.value" or "q.grad" for one of them.
        exercise: whether the page opens at the exercise.
        lock: whether the page has only the exercise, without steps and without a table of the numbers.
        tolerance: the largest relative error of an answer, such as 0.01 for 1 %.
        notation, error: how the network of a run calls its weights and slopes, as for `viz.network`.
        lang: the language of the page, "en" or "it".
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        time_limit, engine: for the layout, as for `draw`.
    Returns: the HTML, a `Page`, which shows itself in Jupyter and has `.save(path)`.
    Raises: GraphTooLargeError for more than 400 values; ValueError for an unknown choice, for a blank that does not
    exist, or for an exercise without blanks; what `steps` and `draw` raise.
    """
    if path is not None:
        page_file(path)
    fixed = None if theme is None else themed(theme).name
    exercise = flag(exercise, "exercise") or flag(lock, "lock")
    say = Words(lang)
    if not 0 < real(tolerance, "tolerance") < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, such as 0.01 for 1 %, got {tolerance!r}")
    heading = words(title or "", "title")
    if isinstance(root, SceneDrawing):
        from viz.networks.network_steps import NetworkDrawing  # here, since a pass needs no NumPy
        from viz.passes.lesson import run

        if isinstance(root, NetworkDrawing):
            return _saved(run.network_document(root, say, theme=fixed, title=heading), path, lambda: root)
    if isinstance(root, TrainingTrace):
        if blanks is not True or exercise or tolerance != TOLERANCE:
            raise ValueError(
                "the page of a run of training has no exercise; leave out blanks, exercise, lock and tolerance"
            )
        graph: dict[str, Any] = {"rankdir": rankdir, "time_limit": time_limit, "engine": engine}
        graph |= {"show_local": show_local, "gradient": gradient, "mode": mode, "wrt": wrt}
        graph |= {"notation": notation, "error": error, "lang": lang}
        from viz.passes.lesson import run

        html = run.document(root, say, theme=fixed, digits=digits, title=heading, **graph)
        return _saved(html, path, lambda: _still(root, fixed, digits=digits, **graph))
    of_a_pass({"notation": notation, "error": error})
    trace = traced(root, gradient=gradient, mode=mode, wrt=wrt)
    look = Look(
        shell.VARIABLES,
        direction(rankdir) or "LR",
        whole_digits(digits),
        show_local=show_local is None or flag(show_local, "show_local"),
        legend=False,
    )
    drawn = graph_of(trace, MOST_FOLDED)
    longest = with_longest_numbers(drawn, trace, digits, live=True)
    place = Placer(engine, time_limit)
    shapes = drawings(trace, longest, look, place, lambda count: say("folded", count=count), rankdir)
    asked = every(trace) if blanks is True and not exercise else chosen(trace, blanks)
    heading = heading or body.title(trace, say)
    choices = {"tolerance": tolerance, "mode": "exercise" if exercise else "steps", "lock": lock, "digits": digits}
    html = _document(trace, stages(trace, drawn), shapes, heading, asked, say, fixed, choices)
    graph = {"rankdir": rankdir, "show_local": show_local, "time_limit": time_limit, "engine": engine}
    return _saved(html, path, None if lock else lambda: _still(trace, fixed, digits=digits, **graph))


def _still(root: Trace | TrainingTrace, theme: str | None, **options: Any) -> SceneDrawing:
    """Return the picture of a page: with all numbers, as in the last frame of a film."""
    return SceneDrawing(tell(root, themed(theme), **options).last(None, 0.0))


def _saved(html: str, path: str | os.PathLike[str] | None, picture: Callable[[], SceneDrawing] | None) -> Page:
    found = Page(html)
    found.picture = picture
    if path is not None:
        found.save(path)
    return found


def _document(
    trace: Trace,
    some: Sequence[Stage],
    shapes: Sequence[Drawing],
    title: str,
    blanks: Sequence[Blank],
    say: Words,
    theme: str | None,
    choices: dict[str, Any],
) -> str:
    lock, digits = choices["lock"], choices["digits"]
    hidden = {blank.part for blank in blanks} if lock else set()
    pictures = [
        _svg(shape, some, digits, hidden, say("picture-of", root=said.spoken(trace.root.name))) for shape in shapes
    ]
    html = body.write(trace, pictures, title, blanks, say, theme, lock=lock)
    names = sorted({v.op for v in trace.variables.values() if v.op})
    operations = javascript.source(sorted({*names, *javascript.called(names)})) + javascript.textbook(names)
    data: dict[str, Any] = {
        "trace": trace.renamed({v.value: said.spoken(v.name) for v in trace.variables.values()}).as_dict(),
        **choices,
        "words": say.table,
        "fingerprint": receipts.fingerprint(trace, blanks),
        "symbols": {name: OPS[name].symbol for name in names},
        "needs": dict(_needs(trace)),
        "shapes": [_shape(shape) for shape in shapes],
        "stages": [_stage(stage) for stage in some],
    }
    return shell.document(
        title=title,
        lang=say.lang,
        style=cssmin(shell.style(STYLES, theme)),
        script=jsmin(shell.script(operations, SCRIPTS)),
        body=html if lock else said.filled(html, said.numbers(trace), digits),
        data=data,
        attributes=f' data-mode="{choices["mode"]}" data-still{" data-lock" * lock}',
        theme=theme,
    )


def _svg(shape: Drawing, some: Sequence[Stage], digits: int, hidden: Collection[str], title: str) -> str:
    """Return a drawing with its numbers, which stand there until the page's script begins; `hidden` ones are ?."""
    scene = finished(replace(shape.scene, background="", title=title, description=""), some, digits)
    known = {part.id: part for group in scene.groups for part in group.parts}
    locked = {part: Change(text="?") for part in hidden if part in known}
    if hidden:
        locked |= {id: Change(text="") for id, part in known.items() if part.role == "local"}
    return svg.write(scene.restyle(locked))


def _shape(shape: Drawing) -> dict[str, Any]:
    wide, high = shape.size
    size = {"wide": round(wide), "high": round(high), "level": shape.level, "rows": shape.rows}
    return size | {"box": dict(shape.box), "wire": dict(shape.wire)}


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "node": stage.node,
        "wires": stage.wires,
        "source": stage.source,
        "backward": stage.backward,
        "shows": [{"part": x.part, "field": x.field, "open": x.open} for x in stage.shows],
    }


def _needs(trace: Trace) -> Iterator[tuple[str, list[str]]]:
    """Return for each edge, by its key, the nodes whose values its local derivative is computed from."""
    for event in trace:
        if isinstance(event, (Backward, Tangent)):
            rule = trace.local(event.node, event.index)
            letters = set(re.findall(r"[A-Za-z_]\w*", rule.text))
            used = {x.id for letter, x in rule.names.items() if letter in letters and isinstance(x, Variable)}
            yield f"{event.node.id}.{event.index}", sorted(used)
