"""The parts of an explanation, each with a title and its lines, the same in every medium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from microgrAD.explanation import lines, updates
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.steps import naming
from microgrAD.steps.trace import Forward, Seed, TangentSeed, Trace
from microgrAD.steps.training import Step, TrainingTrace

Told = Trace | TrainingTrace


class Chapter(NamedTuple):
    """A title, the lines below it, and what they compute."""

    title: str
    lines: list[Line]
    kind: Literal["value", "derivative", "update"]


def chapters(trace: Told, writer: Text) -> Iterator[Chapter]:
    """Yield the chapters of a pass, or of a whole run: each example's passes, then the update."""
    if isinstance(trace, Trace):
        yield from _passes(trace, writer)
        return
    for step in trace.steps:
        yield from _step(trace, step, writer)


def _passes(trace: Trace, writer: Text) -> Iterator[Chapter]:
    yield Chapter(
        "Forward pass: every value follows from those before it",
        [lines.value(trace, e.node, writer) for e in trace if isinstance(e, Forward)],
        "value",
    )
    seeds = {
        (e.root if isinstance(e, Seed) else e.node).id: lines.seed(trace, e, writer)
        for e in trace
        if isinstance(e, (Seed, TangentSeed))
    }
    if trace.mode == "reverse":
        yield Chapter(
            f"Backward pass: from {naming.plain(trace.root.name)} back to the inputs, upstream × local",
            [*seeds.values(), *(lines.gradient(trace, edges, writer) for edges in lines.complete(trace))],
            "derivative",
        )
        return
    sums = {edges[-1].node.id: lines.gradient(trace, edges, writer) for edges in lines.complete(trace)}
    by = ", ".join(v.name for v in trace.wrt)
    yield Chapter(
        f"Tangents: from {by} forward to {trace.root.name}, local × incoming",
        [(seeds | sums)[id] for id in trace.variables],
        "derivative",
    )


def _step(trace: TrainingTrace, step: Step, writer: Text) -> Iterator[Chapter]:
    taken = [example.trace() for example in step.examples]
    for example, passes in zip(step.examples, taken, strict=True):
        for title, said, kind in _passes(passes, writer):
            yield Chapter(f"Step {step.number}, row {example.row + 1} of epoch {step.epoch}. {title}", said, kind)
    several = len(taken) > 1
    said = []
    for update in step.updates:
        if several:
            said.append(
                updates.mean_gradient(update, [updates.slope(passes, update.value) for passes in taken], writer)
            )
        said += updates.rule(update, writer, given=not several)
    what = "Mean gradient of its rows, and update" if several else "Update"
    yield Chapter(f"Step {step.number}. {what} by {trace.optimizer}", said, "update")
