"""A run of training on the graph of its loss: the passes of each row, then new numbers in the parameters' boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from microgrAD.explanation import lines, updates
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps import naming
from microgrAD.steps.trace import Edge, Event, Seed, Trace, Variable
from microgrAD.steps.training import Example, Step, TrainingTrace, Update
from viz.passes.board import Board, prepare
from viz.passes.captions import Said
from viz.passes.stages import finished, frames, stages
from viz.passes.telling import Telling, what
from viz.scene import Change, Scene
from viz.style import Theme, number
from viz.web.words import Words

MOST = 400  # frames


@dataclass(frozen=True)
class Row:
    """An example of a step, and its trace."""

    example: Example
    trace: Trace


def told_on_graph(trace: TrainingTrace, look: Theme, *, digits: int, lang: str = "en", **options: Any) -> Telling:
    """Return the telling of a run on the graph of its loss. The options are those of `prepare`."""
    run = GraphRun(trace, look, digits, Words(lang, "told"))

    @cache
    def board(size: Any, foot: float) -> Board:
        return prepare(
            run.rows[0][0].trace,
            look,
            legend=True,
            foot=foot,
            size=size,
            digits=digits,
            also=[row.trace for rows in run.rows for row in rows],
            values=run.values(),
            lang=lang,
            **options,
        )

    def draw(size: Any, foot: float) -> list[Scene]:
        return list(run.pictures(board(size, foot)))

    def last(size: Any, foot: float) -> Scene:
        return run.finished(board(size, foot))

    return Telling(run.name, list(run.said()), draw, last, list(run.titles()))


class GraphRun:
    """The rows of a run; all have the same graph."""

    def __init__(self, trace: TrainingTrace, look: Theme, digits: int, say: Words) -> None:
        if not trace.steps:
            raise ValueError("this run has no steps, so there is nothing to show; train for one epoch or more")
        self.trace, self.look, self.digits, self.say = trace, look, digits, say
        self.rows = [[Row(example, example.trace()) for example in step.examples] for step in trace.steps]
        shapes = {_shape(row.trace) for rows in self.rows for row in rows}
        if len(shapes) > 1:
            raise ValueError("the rows of this run have different graphs; show one row, or use explain()")
        count = sum(len(row.trace) + 1 for rows in self.rows for row in rows) + sum(len(s.names) for s in trace.steps)
        if count > MOST:
            raise ValueError(
                f"this run takes {count:,} pictures, more than {MOST}; train on fewer rows or epochs, or use "
                "explain(), which writes all steps as text"
            )

    def said(self) -> Iterator[Said]:
        """Yield what is said in each frame."""
        for step, rows in zip(self.trace.steps, self.rows, strict=True):
            for row in rows:
                yield partial(self.given, row)
                yield from (partial(lines.event, row.trace, k) for k in range(len(row.trace)))
            yield from (partial(self.update, update, rows) for update in step.updates)

    @property
    def name(self) -> str:
        """What is told, in words."""
        return self.say("falls", root=naming.plain(self.rows[0][0].trace.root.name))

    def titles(self) -> Iterator[str]:
        """Yield what happens in each frame, in words."""
        for step, rows in zip(self.trace.steps, self.rows, strict=True):
            for row in rows:
                yield self.say("what-given", row=row.example.row + 1, epoch=row.example.epoch)
                yield from (what(event, self.say) for event in row.trace)
            yield from (self.say("what-update", name=naming.plain(update.parameter)) for update in step.updates)

    def pictures(self, board: Board) -> Iterator[Scene]:
        """Yield the picture of each frame."""
        for step, rows in zip(self.trace.steps, self.rows, strict=True):
            for row in rows:
                yield from frames(board.scene, stages(row.trace, board.graph), self.look, self.digits)
            yield from self.updated(board, step, rows)

    def updated(self, board: Board, step: Step, rows: Sequence[Row]) -> Iterator[Scene]:
        """Yield the graph after the update of each parameter."""
        whole = finished(board.scene, stages(rows[-1].trace, board.graph), self.digits)
        ids = self.ids(rows[-1])
        changes: dict[str, Change] = {}
        for update in step.updates:
            strong = {}
            if id := ids.get(update.value):
                changes[f"{id}.value"] = Change(text=number(update.after, self.digits), color=self.look.badge)
                strong = {f"{id}.box": Change(color=self.look.badge, weight=2.6)}
            yield whole.restyle(changes | strong)

    def finished(self, board: Board) -> Scene:
        """Return the graph after the last update."""
        return list(self.updated(board, self.trace.steps[-1], self.rows[-1]))[-1]

    def values(self) -> Mapping[str, Sequence[float]]:
        """Return the new values of each parameter, by the id of its node."""
        found: dict[str, list[float]] = {}
        for step, rows in zip(self.trace.steps, self.rows, strict=True):
            ids = self.ids(rows[-1])
            for update in step.updates:
                if update.value in ids:
                    found.setdefault(ids[update.value], []).append(update.after)
        return found

    @staticmethod
    def ids(row: Row) -> dict[Value, str]:
        return {v.value: v.id for v in row.trace.variables.values() if not v.op}

    def given(self, row: Row, writer: Text) -> list[Line]:
        """Say which step it is."""
        example = row.example
        where = {"step": example.step, "row": example.row + 1, "epoch": example.epoch}
        return [Line(writer.words(self.say("step-row", **where)), ())]

    def update(self, update: Update, rows: Sequence[Row], writer: Text) -> list[Line]:
        """Say the gradient of a parameter, then the lines of the optimiser's rule."""
        if len(rows) == 1:
            return updates.rule(update, writer)
        slopes = [updates.slope(row.trace, update.value) for row in rows]
        return [updates.mean_gradient(update, slopes, writer), *updates.rule(update, writer, given=False)]


def _node(event: Event) -> Variable:
    """Return the node that an event of a backward pass gives a number to."""
    return event.arg if isinstance(event, Edge) else event.root if isinstance(event, Seed) else event.node


def _shape(trace: Trace) -> tuple[tuple[str, str, tuple[Any, ...]], ...]:
    return tuple((v.id, v.op, tuple(isinstance(a, str) and a for a in v.args)) for v in trace.variables.values())
