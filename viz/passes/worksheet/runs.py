"""A worksheet of a run of training: a picture and questions for each row, about its passes and then the updates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microgrAD.errors import words
from microgrAD.explanation.blanks import Choice
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.steps.training import TrainingTrace, Update
from viz.passes.run_on_graph import GraphRun
from viz.passes.tell import notation_of, of_a_graph
from viz.passes.worksheet.sheet import SIZE, Question, Section, Sheet
from viz.scene import BLANK, Scene
from viz.style import PRINT, Theme
from viz.style import theme as themed
from viz.web.words import Words

if TYPE_CHECKING:
    from viz.passes.run_on_network import Run


@dataclass(frozen=True)
class RunSheet:
    """A sheet of several sections. `theme`: the argument of `worksheet`."""

    sections: Sequence[Section]
    title: str
    look: Theme
    digits: int
    theme: str | None = None
    student: str | None = None
    lang: str = "en"


def run_sheet(
    trace: TrainingTrace,
    blanks: Choice,
    title: str | None,
    *,
    theme: str | None,
    digits: int,
    lang: str,
    **options: Any,
) -> RunSheet:
    """Return the sheet of a run; the arguments are those of `worksheet`."""
    look, say = themed(theme, PRINT), Words(lang, "told")
    graph = of_a_graph(trace, options)
    from viz.passes.run_on_network import Run, fits  # here, since the sheet of a pass needs no NumPy

    if fits(trace):
        whole = Run(trace, look, digits, notation=notation_of(options), say=say)
        sections: list[Section] = list(_on_network(whole, _chosen(blanks)))
        name = whole.name
    else:
        run = GraphRun(trace, look, digits, say)
        sections = list(_on_graph(run, _chosen(blanks), theme, {**graph, "lang": lang}))
        name = run.name
    if not any(list(section.questions(Text())) for section in sections):
        raise ValueError(f"blanks={blanks!r} asks for nothing; pass True for all, or names such as 'o3', 'δ3', 'w13'")
    return RunSheet(
        sections, words(title or "", "title") or say("sheet-run", name=name), look, digits, theme, lang=lang
    )


def _chosen(blanks: Choice) -> Collection[str] | None:
    """Return the names of what is asked for, or None for all."""
    if blanks is True:
        return None
    several = [blanks] if isinstance(blanks, str) else blanks
    if not isinstance(several, Collection) or not all(isinstance(name, str) for name in several):
        raise TypeError(f"blanks of a run takes True for all, or names such as 'o3', 'δ3', 'w13', got {blanks!r}")
    return [str(name) for name in several]


# ---------------------------------------------------------------------------------------------- on the network


@dataclass(frozen=True)
class NetworkSection:
    """A row on the picture of the network, and what is asked about it."""

    whole: Run
    blank: Run
    number: int
    last: bool
    wanted: Collection[str] | None

    def picture(self, *, key: bool) -> Scene:
        """Return the picture with its numbers, or with lines for those that are asked for."""
        run = self.whole if key else self.blank
        run.room = self.whole.room.joined(self.blank.room)
        scene = run.scenes(SIZE, 0.0)[self.number]
        return scene if self.last else scene.restyle({"grads": BLANK})

    def instruction(self, *, key: bool) -> str:
        """Return what to do."""
        example, say = self.whole.rows[self.number].example, self.whole.say
        where = say("where-row", row=example.row + 1, epoch=example.epoch)
        return f"{where} {say('answered' if key else 'asked-run')}"

    def questions(self, writer: Text) -> Iterator[Question]:
        """Yield what is asked: n and o of each unit, the loss, δ, then gradients and new weights."""
        yield from (question for question in self.all(writer) if _is_wanted(question, self.wanted))

    def all(self, writer: Text) -> Iterator[Question]:
        run, row = self.whole, self.whole.rows[self.number]
        for unit in run.seen(row):
            said = run.output(row, unit, writer)
            names = [f"n{unit.unit.number}", f"o{unit.unit.number}"][-len(said) :]
            yield from (Question(name, line) for name, line in zip(names, said, strict=True))
        yield Question("L", run.loss(row, writer)[0])
        for unit in reversed(run.seen(row)):
            yield Question(f"δ{unit.unit.number}", run.delta(row, unit, writer)[0])
        if self.last:
            yield from self.updates(writer)

    def updates(self, writer: Text) -> Iterator[Question]:
        """Yield the questions about the updates of the step."""
        run = self.whole
        step, numbers = next(
            (step, numbers)
            for step, numbers in zip(run.trace.steps, run.of_step, strict=True)
            if self.number in numbers
        )
        wires = run.wires()
        for update in step.updates:
            if update.value in wires:
                gradient, *rule = run.update(update, numbers, writer)
                yield Question(f"∂{update.parameter}", gradient)
                yield Question(update.parameter, rule[-1], tuple(rule[:-1]))


def _on_network(whole: Run, wanted: Collection[str] | None) -> Iterator[NetworkSection]:
    list(whole.frames())  # refuses a run with too many
    hidden = frozenset(part for name, part in _parts(whole) if wanted is None or name in wanted)
    known = {name for name, _ in _parts(whole)} | {
        q.name for q in NetworkSection(whole, whole, 0, True, None).all(Text())
    }
    if wanted is not None and (strange := [name for name in wanted if name not in known]):
        raise ValueError(f"blanks takes names from {sorted(known)}, got {strange[0]!r}")
    hidden_in = [hidden] * len(whole.rows)
    from viz.passes.run_on_network import Run

    blank = Run(whole.trace, whole.look, whole.digits, hidden_in, notation=whole.notation, say=whole.say)
    for numbers in whole.of_step:
        for number in numbers:
            yield NetworkSection(whole, blank, number, number == numbers[-1], wanted)


def _parts(run: Run) -> Iterator[tuple[str, str]]:
    """Yield what can be asked for, and the part of the picture that shows it."""
    for unit in run.seen(run.rows[0]):
        yield f"o{unit.unit.number}", f"u{unit.unit.number}.value"
        yield f"δ{unit.unit.number}", f"u{unit.unit.number}.grad"
    yield "L", "loss.value"
    wires = run.wires()
    for update in run.trace.steps[0].updates:
        if update.value in wires:
            yield update.parameter, wires[update.value][0]


# ---------------------------------------------------------------------------------------------- on the graph


@dataclass(frozen=True)
class GraphSection:
    """A row on the graph of its loss, and what is asked about it."""

    sheet: Sheet
    run: GraphRun
    step: int
    row: int
    wanted: Collection[str] | None

    def picture(self, *, key: bool) -> Scene:
        """Return the graph with its numbers, or with lines for those that are asked for."""
        return self.sheet.picture(key=key)

    def instruction(self, *, key: bool) -> str:
        """Return what to do."""
        example = self.run.rows[self.step][self.row].example
        say = self.run.say
        where = say("where-step", step=example.step, row=example.row + 1, epoch=example.epoch)
        return f"{where} {say('answered' if key else 'asked-graph')}"

    def questions(self, writer: Text) -> Iterator[Question]:
        """Yield what is asked: values, derivatives, then new parameters."""
        yield from self.sheet.questions(writer)
        rows = self.run.rows[self.step]
        if self.row + 1 < len(rows):
            return
        for update in self.run.trace.steps[self.step].updates:
            question = _updated(update, self.run.update(update, rows, writer))
            if _is_wanted(question, self.wanted):
                yield question


def _updated(update: Update, said: Sequence[Line]) -> Question:
    return Question(update.parameter, said[-1], tuple(said[:-1]))


def _on_graph(
    run: GraphRun, wanted: Collection[str] | None, theme: str | None, options: dict[str, Any]
) -> Iterator[GraphSection]:
    learned = {name for step in run.trace.steps for name in step.names}
    for k, rows in enumerate(run.rows):
        for j, row in enumerate(rows):
            asked: Choice = True if wanted is None else [name for name in wanted if name not in learned] or True
            sheet = Sheet.of(row.trace, asked, None, theme=theme, digits=run.digits, **options)
            yield GraphSection(sheet, run, k, j, wanted)


def _is_wanted(question: Question, wanted: Collection[str] | None) -> bool:
    return wanted is None or question.name in wanted
