"""A run of training on the picture of its network: outputs forward, δ backward, then the update of each weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any

from microgrAD.explanation import updates
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.interpret.passes import Passes, UnitPass, passes_in
from microgrAD.interpret.unit_lines import UnitLines
from microgrAD.nn.layers import LINEAR
from microgrAD.nn.units import units
from microgrAD.operators import Value
from microgrAD.steps import naming
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import Example, Step, TrainingTrace, Update
from viz.networks.lettering import Notation
from viz.networks.network_parts import Ink
from viz.networks.network_room import Room, picked
from viz.networks.network_steps import sheets
from viz.options import slide_pixels
from viz.passes.captions import Said, indexed
from viz.passes.telling import Telling
from viz.scene import BLANK, Change, Scene
from viz.style import Theme
from viz.web.words import Words

MOST = 400  # frames
HIDDEN = ("value", "grad", "grads")  # the roles of the numbers that appear one after another
NOTATION = Notation("w12", "δ", False)  # as the names in a trace
SAY = Words("en", "told")


@dataclass(frozen=True)
class Row:
    """An example of a step, with its trace and its numbers."""

    example: Example
    trace: Trace
    found: Passes


@dataclass(frozen=True)
class Frame:
    """A frame.

    Arguments:
        row: the number of the row in the run, whose picture it shows.
        shown: the parts that have appeared.
        strong: the parts that stand out.
        backward: whether they do in the colour of gradients.
        said: what is said in it.
        title: what happens in it, in words.
    """

    row: int
    shown: frozenset[str]
    strong: tuple[str, ...]
    backward: bool
    said: Said
    title: str


def fits(trace: TrainingTrace) -> bool:
    """Return whether the model is a network that has a picture."""
    return bool(trace.steps) and trace.model is not None and bool(units(trace.model))


def told_on_network(
    trace: TrainingTrace, look: Theme, *, digits: int, notation: Notation = NOTATION, say: Words = SAY
) -> Telling:
    """Return the telling of a run on the picture of its network."""
    run = Run(trace, look, digits, notation=notation, say=say)
    found = list(run.frames())

    def draw(size: Any, foot: float) -> list[Scene]:
        scenes = run.scenes(size, foot)
        return [run.styled(scenes[frame.row], frame) for frame in found]

    def last(size: Any, foot: float) -> Scene:
        return run.scenes(size, foot)[-1]

    return Telling(run.name, [frame.said for frame in found], draw, last, [frame.title for frame in found], run)


class Run:
    """The rows of a run, and their pictures, all with the same room."""

    def __init__(
        self,
        trace: TrainingTrace,
        look: Theme,
        digits: int,
        blanks: Sequence[frozenset[str]] | None = None,
        *,
        notation: Notation = NOTATION,
        say: Words = SAY,
    ) -> None:
        self.trace, self.look, self.digits, self.notation, self.say = trace, look, digits, notation, say
        self.names = notation.names(units(trace.model))
        self.rows, self.of_step = list[Row](), list[list[int]]()
        for step in trace.steps:
            self.of_step.append(list(range(len(self.rows), len(self.rows) + len(step.examples))))
            for example in step.examples:
                taken = example.trace()
                found = passes_in(trace.model, taken, example.y, step.updates)
                self.rows.append(Row(example, self.called(taken, found), found))
        hidden = blanks or [frozenset[str]()] * len(self.rows)
        self.inks = [
            Ink(row.found, notation, "update", digits, look, blanks=some, new=say("new"), others=say.table["more"])
            for row, some in zip(self.rows, hidden, strict=True)
        ]
        self.room: Room = reduce(Room.joined, (ink.room() for ink in self.inks))
        first = self.rows[0].found
        self.name = say("learns", sizes="-".join(map(str, [len(first.inputs), *map(len, first.layers)])))
        self.drawn = picked((len(first.inputs), *map(len, first.layers)))

    def called(self, trace: Trace, found: Passes) -> Trace:
        """Return a row's trace with the names of the notation."""
        if not self.names:
            return trace
        outputs = {v.scope: v.value for v in trace.variables.values() if v.op and v.scope}
        names = dict(self.names)
        for unit in (unit.unit for layer in found.layers for unit in layer):
            out = outputs[unit.neuron.scope]
            if unit.neuron.activation != LINEAR and isinstance(out.args[0], Value):
                names[out.args[0]] = self.notation.called("n", unit)
            names[out] = self.notation.called("o", unit)
        return trace.renamed(names)

    def scenes(self, size: Any, foot: float) -> list[Scene]:
        """Return the picture of each row, with all its numbers."""
        return sheets(self.inks, self.room, slide_pixels(size), self.name, foot)

    def styled(self, scene: Scene, frame: Frame) -> Scene:
        """Return the picture as it is in a frame."""
        strong = self.look.gradient if frame.backward else self.look.value
        parts = {part.id for group in scene.groups for part in group.parts}
        changes = dict.fromkeys(HIDDEN, BLANK) | {part: Change(visible=True) for part in frame.shown & parts}
        for part in frame.strong:
            if part in parts:
                weight = 2.4 if part.endswith(".line") else 1.8
                changes[part] = Change(visible=True, color=strong, weight=weight)
        return scene.restyle(changes)

    # -------------------------------------------------------------------------------------- frames

    def frames(self) -> Iterator[Frame]:
        """Yield the frames; ValueError if there are too many to watch."""
        count = 0
        for step, numbers in zip(self.trace.steps, self.of_step, strict=True):
            for frame in self.of(step, numbers):
                count += 1
                if count > MOST:
                    raise ValueError(
                        f"this run takes more than {MOST} pictures, one for each unit and weight of each row; "
                        "train on fewer rows or epochs, or use explain(), which writes all steps as text"
                    )
                yield frame

    def of(self, step: Step, numbers: Sequence[int]) -> Iterator[Frame]:
        shown = frozenset[str]()
        for number in numbers:
            for frame in self.passes(number):
                shown = frame.shown
                yield frame
        several, wires = len(numbers) > 1, self.wires()
        if several:  # outputs and δ are those of the last row, not of the step
            shown = frozenset()
        for update in step.updates:
            if update.value in wires:
                part, wire = wires[update.value]
                shown = shown | {part}
                said = partial(self.update, update, numbers)
                title = self.say("what-update", name=self.plain(update))
                yield Frame(numbers[-1], shown, (part, *wire), True, said, title)
        k = self.trace.steps.index(step)
        if k + 1 == len(self.trace.steps) or self.trace.steps[k + 1].epoch > step.epoch:
            title = self.say("what-epoch", epoch=step.epoch)
            yield Frame(numbers[-1], shown, (), False, partial(self.epoch, step.epoch), title)

    def passes(self, number: int) -> Iterator[Frame]:
        """Yield the frames of a row: its inputs, then outputs, the loss, then δ from the last layer to the first."""
        row, shown = self.rows[number], frozenset[str]()
        title = self.say("what-given", row=row.example.row + 1, epoch=row.example.epoch)
        yield Frame(number, shown, (), False, partial(self.given, row), title)
        for unit in self.seen(row):
            id = f"u{unit.unit.number}"
            wires = tuple(f"w{i + 1}.{unit.unit.number}.wire.line" for i in self.drawn[unit.unit.layer - 1])
            shown |= {f"{id}.value"}
            yield Frame(
                number, shown, (f"{id}.box", *wires), False, partial(self.output, row, unit), self.what("output", unit)
            )
        shown |= {"loss.value"}
        ends = tuple(f"loss{j + 1}.wire.line" for j in self.drawn[-1])
        yield Frame(number, shown, ("loss.box", *ends), False, partial(self.loss, row), self.say("what-loss"))
        for unit in reversed(self.seen(row)):
            id, layer = f"u{unit.unit.number}", unit.unit.layer
            last = layer == len(row.found.layers)
            ahead = (
                [f"loss{unit.unit.place}.wire.line"]
                if last
                else [
                    f"w{unit.unit.place}.{row.found.layers[layer][j].unit.number}.wire.line"
                    for j in self.drawn[layer + 1]
                ]
            )
            shown |= {f"{id}.grad"}
            title = self.what("slope-last" if last else "slope", unit)
            yield Frame(number, shown, (f"{id}.box", *ahead), True, partial(self.delta, row, unit), title)

    def seen(self, row: Row) -> list[UnitPass]:
        """Return the units that are drawn, layer by layer."""
        return [layer[j] for layer, some in zip(row.found.layers, self.drawn[1:], strict=True) for j in some]

    def wires(self) -> dict[Value, tuple[str, tuple[str, ...]]]:
        """Return the part that shows a parameter's new value, and the parts that stand out with it."""
        found: dict[Value, tuple[str, tuple[str, ...]]] = {}
        for unit in self.seen(self.rows[0]):
            for i in self.drawn[unit.unit.layer - 1]:
                id = f"w{i + 1}.{unit.unit.number}"
                found[unit.unit.neuron.w[i]] = f"{id}.1", (f"{id}.wire.line",)
            if unit.unit.neuron.b is not None:
                found[unit.unit.neuron.b] = f"u{unit.unit.number}.bias1", (f"u{unit.unit.number}.box",)
        return found

    # -------------------------------------------------------------------------------------- what is said

    def what(self, kind: str, unit: UnitPass) -> str:
        """Return what happens at a unit, in words."""
        letter = self.called_plainly("o" if kind == "output" else "n", unit)
        slope = self.called_plainly("δ", unit) if self.notation.error == "δ" else f"∂L/∂{letter}"
        return self.say(f"what-{kind}", name=letter if kind == "output" else slope)

    def plain(self, update: Update) -> str:
        """Return the name of a parameter, in plain text."""
        return indexed(naming.plain(self.names.get(update.value, update.parameter)))

    def called_plainly(self, letter: str, unit: UnitPass) -> str:
        """Return the name of a unit's quantity, in plain text."""
        return indexed(naming.plain(self.notation.called(letter, unit.unit)))

    def lines(self, row: Row, writer: Text) -> UnitLines:
        return UnitLines(row.found, row.trace, writer, self.notation.called, self.notation.error)

    def given(self, row: Row, writer: Text) -> list[Line]:
        """Say which row it is, and its numbers."""
        example = row.example
        said = [Line(writer.words(self.say("row", row=example.row + 1, epoch=example.epoch)), ())]
        inputs = [(writer.indexed("x", k), x) for k, x in enumerate(row.found.inputs, 1)]
        targets = row.found.targets
        names = [writer.name("y")] if len(targets) == 1 else [writer.indexed("y", k + 1) for k in range(len(targets))]
        for name, x in [*inputs[:6], *list(zip(names, targets, strict=True))[:6]]:
            said.append(Line(name, ((writer.number(x, ""),),)))
        return said

    def output(self, row: Row, unit: UnitPass, writer: Text) -> list[Line]:
        return self.lines(row, writer).output(unit)

    def loss(self, row: Row, writer: Text) -> list[Line]:
        return [self.lines(row, writer).loss()]

    def delta(self, row: Row, unit: UnitPass, writer: Text) -> list[Line]:
        return [self.lines(row, writer).delta(unit)]

    def update(self, update: Update, numbers: Sequence[int], writer: Text) -> list[Line]:
        """Say the gradient of a parameter, then the lines of the optimiser's rule."""
        update = replace(update, parameter=self.names.get(update.value, update.parameter))
        rows = [self.rows[k] for k in numbers]
        if len(rows) > 1:
            slopes = [row.found.gradients[update.value] for row in rows]
            return [updates.mean_gradient(update, slopes, writer), *updates.rule(update, writer, given=False)]
        unit, source = next(
            (unit, source)
            for unit in self.seen(rows[0])
            for source, p in [*enumerate(unit.unit.neuron.w), (None, unit.unit.neuron.b)]
            if p is update.value
        )
        gradient = self.lines(rows[0], writer).gradient(unit, source)
        named = Line(f"{writer.name('g')} = {gradient.left}", gradient.sides)
        return [named, *updates.rule(update, writer, given=False)]

    def epoch(self, number: int, writer: Text) -> list[Line]:
        """Say the mean loss after an epoch."""
        left = writer.words(self.say("mean-loss", epoch=number))
        return [Line(left, ((writer.number(self.trace.losses[number], ""),),))]
