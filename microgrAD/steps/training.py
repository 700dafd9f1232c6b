"""A trace of training: the rows of each step, every parameter's update with the rule's own arithmetic, and the epochs.

weights     all parameters of the model in order, as an array
gradient    ∂/∂w of the mean loss over the rows of a step, with which the optimiser works
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from microgrAD.operators import Value
from microgrAD.showing import Shown
from microgrAD.steps.trace import Trace

if TYPE_CHECKING:  # it brings NumPy, which the terminal can do without
    from microgrAD.optim.working import Array, Assignment, Quantity


@dataclass(frozen=True, slots=True)
class Example:
    """A row is learned from, with the weights before the update.

    Arguments:
        epoch, step: their numbers, from 1; steps are counted through all epochs.
        row: the number of the row in the data, from 0.
        x, y: the row and its target.
        take: records the passes of the row.
    """

    epoch: int
    step: int
    row: int
    x: Any
    y: Any
    take: Callable[[], Trace] = field(repr=False, compare=False)

    def trace(self) -> Trace:
        """Return the forward and backward pass of this row's loss."""
        return self.take()


class Work(NamedTuple):
    """One line of the optimiser's rule for one parameter: the numbers of its letters, and the result."""

    line: Assignment
    known: Mapping[str, float]
    result: float


@dataclass(frozen=True, slots=True)
class Update:
    """A parameter changes.

    Arguments:
        parameter: its name.
        before, after: the parameter before and after it.
        gradient: ∂/∂parameter of the step's mean loss.
        step: Δ, what the rule adds to the parameter.
        work: the lines of the rule in order; the last result is `after`.
        value: the Value itself.
    """

    parameter: str
    before: float
    gradient: float
    step: float
    after: float
    work: tuple[Work, ...]
    value: Value = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch ends. `loss` is the mean loss of all rows after it."""

    epoch: int
    loss: float


TrainingEvent = Example | Update | Epoch


@dataclass(frozen=True)
class Step:
    """One step of the optimiser.

    Arguments:
        epoch, number: the numbers of the epoch and the step, from 1.
        examples: the rows that it learns from.
        names, values: the parameters that move: their names, and the Values.
        before, gradient: one number for each of them.
        quantities: what each line of the rule gave for all of them.
    """

    epoch: int
    number: int
    examples: tuple[Example, ...] = field(repr=False)
    names: Sequence[str] = field(repr=False)
    values: Sequence[Value] = field(repr=False)
    before: Array = field(repr=False)
    gradient: Array = field(repr=False)
    quantities: Sequence[Quantity] = field(repr=False)

    @cached_property
    def updates(self) -> tuple[Update, ...]:
        """The update of each parameter."""
        return tuple(map(self._update, range(len(self.names))))

    def _update(self, k: int) -> Update:
        work = tuple(
            Work(line, {letter: _at(x, k) for letter, x in known.items()}, float(result[k]))
            for line, known, result in self.quantities
        )
        before, after = float(self.before[k]), work[-1].result
        step = next((w.result for w in work if w.line.letter == "Δ"), after - before)
        return Update(self.names[k], before, float(self.gradient[k]), step, after, work, self.values[k])


def _at(x: Any, k: int) -> float:
    return float(x[k]) if hasattr(x, "shape") else x


@dataclass(frozen=True, repr=False)
class TrainingTrace(Shown, Sequence[TrainingEvent]):
    """The events of a run in order.

    Arguments:
        optimizer: the name of the rule.
        steps: the steps of the optimiser.
        losses: the mean loss of all rows, before training and after each epoch.
        stopped: why it ended, "epochs" or "until".
        model: what was trained, as it is after the run.
    """

    optimizer: str
    steps: tuple[Step, ...]
    losses: tuple[float, ...]
    stopped: str
    model: Any = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"<TrainingTrace by {self.optimizer}: {len(self.losses) - 1} epochs, {len(self.steps)} steps>"

    @cached_property
    def events(self) -> tuple[TrainingEvent, ...]:
        """All events in order."""
        return tuple(self._events())

    def _events(self) -> Iterator[TrainingEvent]:
        for step, after in zip(self.steps, [*self.steps[1:], None], strict=True):
            yield from step.examples
            yield from step.updates
            if after is None or after.epoch > step.epoch:
                yield Epoch(step.epoch, self.losses[step.epoch])

    def __len__(self) -> int:
        return len(self.events)

    def __getitem__(self, k: Any) -> Any:
        return self.events[k]

    def __iter__(self) -> Iterator[TrainingEvent]:
        return iter(self.events)
