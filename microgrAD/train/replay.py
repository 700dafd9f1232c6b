"""The one seam between training and what computes: gradients of batches, and measurements of all rows.

theta    all parameters of the model in order, (parameters,)
batch    which rows of the data to learn from; None for all
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from microgrAD import functions, losses, operators
from microgrAD.calculus import variable
from microgrAD.compiler import CompileError, FunctionProgram
from microgrAD.compiler.faults import strict
from microgrAD.compiler.proof import due_in_training, on_engine, unlike
from microgrAD.compiler.rows import stack
from microgrAD.compiler.runner import Gradient
from microgrAD.engine import no_grad
from microgrAD.errors import DomainError
from microgrAD.leaving import watched
from microgrAD.nn import Module
from microgrAD.nn.modes import dropouts, mode
from microgrAD.outputs import Array, outputs
from microgrAD.train.task import Task

_COMPARED = 20_000  # operations that are computed on the engine before the first step
_SHARE = 10  # and of so many rows one, but two at least, so that few rows are learned from as fast


@dataclass(frozen=True, eq=False)
class Data:
    """Rows, what is to be learned of them, and how many outputs the model gives."""

    X: Array
    task: Task
    width: int

    def columns(self) -> Array:
        """Rows and targets as numbers, turned: (numbers, rows)."""
        return stack([self.X, self.targets()])

    def targets(self) -> Array:
        """Targets as numbers: (rows,), or (rows, outputs) with classes one-hot."""
        task = self.task
        if task.targets and isinstance(task.targets[0], int):
            return np.eye(self.width)[task.targets]
        return np.array(task.targets, dtype=float)


class Engine(Protocol):
    """What a run asks for."""

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        """∂/∂theta of the mean loss over the batch plus penalties, (parameters,)."""

    def evaluate(self, data: Data) -> tuple[float, Array]:
        """The mean loss over all rows, without penalties, and the outputs, (rows, outputs), at present weights."""


class Eager:
    """Every row's graph is built anew, as a loop written by hand would."""

    def __init__(self, model: Module, learn: Data, *, l1: float = 0.0, l2: float = 0.0) -> None:
        self.model, self.learn, self.l1, self.l2 = model, learn, l1, l2
        self.parameters = model.parameters()

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        for p, number in zip(self.parameters, theta.tolist(), strict=True):
            p.data, p.grad = number, 0.0
        X, targets = self.learn.X, self.learn.task.targets
        with watched(self.parameters, here=True):
            terms = [self.row(X[k], targets[k]) for k in (range(len(X)) if batch is None else batch)]
        if self.learn.task.weights is None:
            total = functions.mean(terms, fused=True)
        else:
            total = operators.dot(terms, self.learn.task.shares(batch).tolist())
        self.penalised(total).backward()
        return np.array([p.grad for p in self.parameters], dtype=float)

    def row(self, x: Any, target: Any) -> Any:
        """The loss of one row."""
        return self.learn.task.loss(self.model(x), target)

    def watched_row(self, k: int) -> Any:
        """The loss of row k with penalties. GraphError where a number of it leaves the graph."""
        with watched(self.parameters, here=True):
            return self.penalised(self.row(self.learn.X[k], self.learn.task.targets[k]))

    def penalised(self, loss: Any) -> Any:
        """The loss with the penalties added."""
        if self.l1:
            loss = loss + losses.l1_penalty(self.parameters, self.l1)
        if self.l2:
            loss = loss + losses.l2_penalty(self.parameters, self.l2)
        return loss

    def evaluate(self, data: Data) -> tuple[float, Array]:
        with mode(self.model, training=False):
            given = outputs(self.model, data.X)
        with no_grad():  # of Values, not floats: they say what overflows
            terms = [
                float(data.task.loss(as_values(row), t))
                for row, t in zip(given.tolist(), data.task.targets, strict=True)
            ]
        return _mean(np.array(terms), data.task), given


def as_values(row: list[float]) -> Any:
    """The outputs of a row as a model gives them: one Value, or a list of several."""
    return [variable(p) for p in row] if len(row) > 1 else variable(row[0])


def _mean(terms: Array, task: Task) -> float:
    with np.errstate(over="ignore"):
        mean = float(terms.mean() if task.weights is None else task.shares() @ terms)
    if not np.isfinite(mean):
        raise DomainError(
            f"the mean of {len(terms)} losses, of up to {terms.max()}, is more than a float holds; "
            "scale the data down, or use a smaller lr"
        )
    return mean


class Unproven(CompileError):
    """A program is not, or no longer, what the engine computes."""


class Measures:
    """Loss and outputs of all rows by a program, recorded once in eval mode. CompileError where that can't be."""

    def __init__(self, eager: Eager) -> None:
        self.eager, self.model = eager, eager.model
        shapes = [eager.learn.X.shape[1:], eager.learn.targets().shape[1:]]
        self.depends = [self.model, eager.learn.task.loss]
        with mode(self.model, training=False):
            self._measures = FunctionProgram(self._measured, eager.parameters, shapes, depends=self.depends)
        self._held: dict[Data, Array] = {}

    def _measured(self, x: Any, target: Any) -> list[Any]:
        out = self.model(x)
        return [self.eager.learn.task.loss(out, target), *(out if isinstance(out, (list, tuple)) else [out])]

    def evaluate(self, data: Data) -> tuple[float, Array]:
        if changed := self._measures.changed():
            raise Unproven(f"{changed} is not what it was when the graph was recorded")
        new = data not in self._held
        if new:
            self._held[data] = data.columns()
        theta = np.array([p.data for p in self.eager.parameters])
        try:
            with strict():
                found = self._measures.runners[0].outputs(theta, self._held[data])
        except DomainError:
            self.eager.evaluate(data)  # fails too, and shows where in the network
            raise
        if new:
            self._compare_measures(data, found)
        return _mean(found[0], data.task), found[1:].T.copy()

    def _compare_measures(self, data: Data, found: Array) -> None:
        """Compare what is measured on the first row and the last with the engine."""
        for k in {0, len(data.X) - 1}:
            row = [data.X[k], data.task.targets[k]]
            with mode(self.model, training=False):
                engine = on_engine(self._measured, row, self.eager.parameters, several=True)
            if isinstance(engine, DomainError):
                continue
            if differs := unlike(found[:, k], engine[1], engine):
                raise Unproven(f"on row {k}, {differs}")


class Compiled(Measures):
    """A row's graph is recorded once, and its program replayed on whole batches. CompileError where that can't be.

    A Dropout layer's masks are numbers that each row has its own of, drawn in the order in which Eager draws them.
    """

    def __init__(self, eager: Eager) -> None:
        super().__init__(eager)
        self.dropouts = dropouts(self.model)
        self.sizes = _sizes(eager.learn.X[0], self.model)
        learn, parameters = eager.learn, eager.parameters
        self.columns = learn.columns()
        shapes = [learn.X.shape[1:], learn.targets().shape[1:], (sum(self.sizes),)]
        self._steps = FunctionProgram(self._learned, parameters, shapes, depends=self.depends)
        self._whole: Gradient | None = None
        self._calls = 0
        self._compare(_first_rows(learn, self._steps.tapes[0].operations()))

    def _learned(self, x: Any, target: Any, factors: Any) -> Any:
        with self._factors(factors):
            return self.eager.penalised(self.eager.row(x, target))

    @contextmanager
    def _factors(self, factors: Any) -> Iterator[None]:
        """Within it, what comes through the Dropout layers is multiplied by these numbers."""
        ends = np.cumsum(self.sizes).tolist()
        for dropout, size, end in zip(self.dropouts, self.sizes, ends, strict=True):
            dropout.given = iter(factors[end - size : end])
        try:
            yield
        finally:
            for dropout in self.dropouts:
                dropout.given = None

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        self._calls += 1
        if changed := self._steps.changed():
            raise Unproven(f"{changed} is not what it was when the graph was recorded")
        if due_in_training(self._calls):
            for p, number in zip(self.eager.parameters, theta.tolist(), strict=True):
                p.data = number
            self._compare([self._calls * 2654435761 % len(self.eager.learn.X)])
        try:
            with strict():
                return self._gradient(theta, batch)
        except DomainError:
            self.eager.gradient(theta, batch)
            raise

    def _compare(self, rows: list[int]) -> None:
        """Compare the program with the engine on some rows, as if no Dropout layer dropped any number."""
        count = sum(self.sizes)
        theta = np.array([p.data for p in self.eager.parameters])
        for k in rows:
            with self._factors([1.0] * count):
                engine = on_engine(self.eager.watched_row, [k], self.eager.parameters, several=False)
            if isinstance(engine, DomainError):  # the program says so too
                continue
            column = np.concatenate([self.columns[:, [k]], np.ones((count, 1))])
            with strict():
                values, slope = self._steps.runners[0].gradients(theta, column, np.ones(1))
            if differs := unlike(values, slope, engine):
                raise Unproven(f"on row {k}, {differs}")

    def _gradient(self, theta: Array, batch: Array | None) -> Array:
        run = self._steps.runners[0]
        seeds = self.eager.learn.task.shares(batch)
        count = len(seeds)
        if batch is None and not self.dropouts:
            if self._whole is None:
                self._whole = run.loop(self.columns, seeds)
            return self._whole(theta).copy()
        columns = self.columns if batch is None else self.columns[:, batch]
        drawn = [dropout.factors(count, size).T for dropout, size in zip(self.dropouts, self.sizes, strict=True)]
        return run.gradients(theta, np.concatenate([columns, *drawn]), seeds)[1]


def _sizes(x: Any, model: Module) -> list[int]:
    """How many numbers of one row come through each Dropout layer."""
    layers = dropouts(model)
    for dropout in layers:
        dropout.seen = 0
    if layers:
        with mode(model, training=False):
            outputs(model, [x])
    return [dropout.seen for dropout in layers]


def _first_rows(learn: Data, operations: int) -> list[int]:
    """Some rows to compare before the first step: the first, the last, some between, and some of other targets."""
    count, most = len(learn.X), int(np.clip(_COMPARED // max(operations, 1), 2, 8))
    most = int(np.clip(count // _SHARE, 2, most))
    spread = np.linspace(0, count - 1, min(most, count)).astype(int).tolist()
    firsts = np.unique(learn.targets(), axis=0, return_index=True)[1].tolist()
    return list(dict.fromkeys([*spread, *firsts[:most]]))


class Replayed:
    """Compiled for as long as it is what the engine computes; then Eager, with a warning that says what differs."""

    def __init__(self, eager: Eager, compiled: Compiled, *, strict: bool) -> None:
        self._eager, self._strict = eager, strict
        self._compiled: Compiled | None = compiled

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        if self._compiled is None:
            return self._eager.gradient(theta, batch)
        try:
            return self._compiled.gradient(theta, batch)
        except Unproven as error:
            self._give_up(error)
        return self._eager.gradient(theta, batch)

    def evaluate(self, data: Data) -> tuple[float, Array]:
        if self._compiled is not None:
            try:
                return self._compiled.evaluate(data)
            except Unproven as error:
                self._give_up(error)
        return self._eager.evaluate(data)

    def _give_up(self, error: Unproven) -> None:
        if self._strict:
            raise error
        self._compiled = None
        _say(error, stacklevel=8)


def engine(model: Module, learn: Data, *, l1: float, l2: float, compiled: bool | None) -> Engine:
    """Compiled where that can be, unless `compiled` says no; Eager, with a warning that says why, where not."""
    eager = Eager(model, learn, l1=l1, l2=l2)
    if compiled is False:
        return eager
    try:
        return Replayed(eager, Compiled(eager), strict=bool(compiled))
    except CompileError as error:
        if compiled:
            raise
        with suppress(DomainError):
            eager.watched_row(0)  # GraphError where it can't be learned from at all
        _say(error, stacklevel=5)
        return eager


def _say(error: CompileError, stacklevel: int) -> None:
    warnings.warn(f"training builds every row's graph anew, which is slow: {error}", stacklevel=stacklevel)
