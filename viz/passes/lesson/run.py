"""The lesson of a run of training: the picture of its network, or of its loss, and what each step computes.

A page keeps each line of its pictures once, however many steps have it. Without scripts it shows the last picture and
the text of all steps. A unit of a network opens: below the picture stands its scalar graph, with the numbers of the
row that the step is about. The page of `viz.network` is the same with one picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from rcssmin import cssmin
from rjsmin import jsmin

from microgrAD.explanation.writers import OnPage
from microgrAD.interpret.passes import Passes
from microgrAD.steps.training import TrainingTrace
from viz.networks.lettering import Notation
from viz.networks.network_steps import NetworkDrawing
from viz.networks.network_unit import readable, unit_trace
from viz.passes.board import prepare
from viz.passes.captions import Said
from viz.passes.lesson.said import equation, keys
from viz.passes.run_on_network import Run
from viz.passes.stages import finished, stages
from viz.passes.tell import tell
from viz.scene import Scene
from viz.web import shell
from viz.web.navigation import navigation, theme_button
from viz.web.words import Words
from viz.write import svg

SCRIPTS = ("web/say.js", "web/theme.js", "web/address.js", "web/stepper.js", "passes/lesson/run.js")
Graphs = dict[int, list[int]]
SAID = ("unit-open", "unit-near")  # the words of the script
STYLES = ("web/base.css", "passes/lesson/run.css")


def document(trace: TrainingTrace, say: Words, *, theme: str | None, digits: int, title: str, **options: Any) -> str:
    """Return the page of a run. The options are those of `tell`.

    Raises: ValueError for a run of more steps than can be watched, or an option that such a page does not have.
    """
    told = tell(trace, shell.VARIABLES, digits=digits, **options)
    book = _Book()
    data: dict[str, Any] = {"frames": [book.of(scene) for scene in told.draw(None, 0.0)]}
    if isinstance(told.run, Run):
        data["row"] = [frame.row for frame in told.run.frames()]
        data["units"] = _units([row.found for row in told.run.rows], told.run.notation, digits, book)
        data["called"] = _called(told.run.rows[0].found, told.run.notation, say)
    steps = "\n".join(
        _step(k, len(told.said) - 1, what, some, digits, say)
        for k, (what, some) in enumerate(zip(told.titles, told.said, strict=True))
    )
    return _page(title or told.name, say, theme, book, data, steps, escape(say("still-run")))


def network_document(drawing: NetworkDrawing, say: Words, *, theme: str | None, title: str) -> str:
    """Return the page of a network's picture."""
    book = _Book()
    data: dict[str, Any] = {"frames": [book.of(drawing.draw(shell.VARIABLES))], "row": [0]}
    data["units"] = _units([drawing.found], drawing.notation, drawing.digits, book)
    data["called"] = _called(drawing.found, drawing.notation, say)
    return _page(title or drawing.scene.title, say, theme, book, data, "", "")


class _Book:
    """The lines of all pictures, each once."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def of(self, scene: Scene) -> list[int]:
        """Return the numbers of a picture's lines."""
        return [
            self.lines.setdefault(line, len(self.lines))
            for line in svg.write(replace(scene, description="")).split("\n")
        ]

    def text(self, numbers: Sequence[int]) -> str:
        """Return a picture as SVG."""
        lines = list(self.lines)
        return "\n".join(lines[k] for k in numbers)


def _units(rows: Sequence[Passes], notation: Notation, digits: int, book: _Book) -> list[Graphs]:
    """Return for each row the scalar graph of each unit, by the unit's number; a unit is laid out once for all rows."""
    found: list[Graphs] = [{} for _ in rows]
    for k, layer in enumerate(rows[0].layers):
        for j, unit in enumerate(layer):
            if not readable(unit):
                continue
            traces = [unit_trace(row, row.layers[k][j], notation) for row in rows]
            board = prepare(traces[0], shell.VARIABLES, also=traces[1:], digits=digits)
            for drawn, trace in zip(found, traces, strict=True):
                drawn[unit.unit.number] = book.of(finished(board.scene, stages(trace, board.graph), digits))
    return found


def _called(found: Passes, notation: Notation, say: Words) -> dict[int, str]:
    """Return what each unit is called, by its number: 5, or 1 of layer 2."""
    every = (unit.unit for layer in found.layers for unit in layer)
    return {
        unit.number: str(unit.number) if notation.through else say("unit-of", place=unit.place, layer=unit.layer)
        for unit in every
    }


def _page(
    heading: str, say: Words, theme: str | None, book: _Book, data: dict[str, Any], steps: str, still: str
) -> str:
    opens = bool(data.get("units"))
    hint = f'<p class="hint">{keys(say("unit-hint"))}</p>' if opens else ""
    told = f'<div class="told" tabindex="0" role="region" aria-live="polite" aria-label="{escape(say("panel"))}">'
    body = f"""<header>
<h1>{escape(heading)}</h1>
{theme_button(theme, say.lang)}
</header>
{f'<p class="still">{still}</p>' if still else ""}
<main>
<figure tabindex="0" aria-label="{escape(say("picture"))}">{book.text(data["frames"][-1])}</figure>
{hint}
{_opened(say) if opens else ""}
{f"{told}{steps}</div>" if steps else ""}
</main>
{navigation("steps", "step", say.lang) if steps else ""}"""
    return shell.document(
        title=heading,
        lang=say.lang,
        style=cssmin(shell.style(STYLES, theme)),
        script=jsmin(shell.script("", SCRIPTS)),
        body=body,
        data={"lines": list(book.lines), "words": {key: say.table[key] for key in SAID}, **data},
        theme=theme,
    )


def _opened(say: Words) -> str:
    return f"""<section class="opened" aria-labelledby="opened" hidden>
<h2 id="opened"></h2><button type="button" class="close">{escape(say("unit-close"))}</button>
<div class="near" tabindex="0"></div>
</section>"""


def _step(k: int, last: int, what: str, said: Said, digits: int, say: Words) -> str:
    equations = "".join(equation(line) for line in said(OnPage(digits)) if line.sides)
    count = escape(say("step", k=k, last=last))
    return f'<section data-step="{k}"><h2>{escape(what)} <small>{count}</small></h2>{equations}</section>'
