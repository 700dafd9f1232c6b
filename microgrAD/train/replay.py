"""Gradients and measurements by a program: the graph of a row is recorded once and replayed on whole batches.

The program is compared with the engine, before the first step and again during the run.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from microgrAD.compiler import CompileError, FunctionProgram
from microgrAD.compiler.run.faults import strict
from microgrAD.compiler.run.proof import due_in_training, on_engine, unlike
from microgrAD.compiler.run.runner import Gradient
from microgrAD.errors import DomainError
from microgrAD.nn import Module
from microgrAD.nn.modes import dropouts, mode
from microgrAD.outputs import Array, outputs
from microgrAD.train.eager import Data, Eager, Engine, mean_loss

_COMPARED = 20_000  # the largest number of operations that are computed on the engine before the first step
_SHARE = 10  # and of so many rows one, but two at least, so that few rows are learned from as fast


class Unproven(CompileError):
    """A program does not compute what the engine computes."""


class Measures:
    """Loss and outputs of all rows by a program, which is recorded once in eval mode.

    Raises: CompileError if the model cannot be compiled.
    """

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
            self.eager.evaluate(data)  # raises too, and its error names the place in the network
            raise
        if new:
            self._compare_measures(data, found)
        return mean_loss(found[0], data.task), found[1:].T.copy()

    def _compare_measures(self, data: Data, found: Array) -> None:
        """Compare the measurements of the first and the last row with the engine."""
        for k in {0, len(data.X) - 1}:
            row = [data.X[k], data.task.targets[k]]
            with mode(self.model, training=False):
                engine = on_engine(self._measured, row, self.eager.parameters, several=True)
            if isinstance(engine, DomainError):
                continue
            if differs := unlike(found[:, k], engine[1], engine):
                raise Unproven(f"on row {k}, {differs}")


class Compiled(Measures):
    """Gradients by a program, which is recorded once; and measurements.

    The factors of a Dropout layer are inputs of the program. They are drawn in the order in which Eager draws them.

    Raises: CompileError if the model cannot be compiled.
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
        """Inside this block, the Dropout layers multiply what they get by these numbers."""
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
        """Compare the program with the engine on some rows, without Dropout."""
        count = sum(self.sizes)
        theta = np.array([p.data for p in self.eager.parameters])
        for k in rows:
            with self._factors([1.0] * count):
                engine = on_engine(self.eager.watched_row, [k], self.eager.parameters, several=False)
            if isinstance(engine, DomainError):  # the program raises it too
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
    """Return how many numbers of one row go through each Dropout layer."""
    layers = dropouts(model)
    for dropout in layers:
        dropout.seen = 0
    if layers:
        with mode(model, training=False):
            outputs(model, [x])
    return [dropout.seen for dropout in layers]


def _first_rows(learn: Data, operations: int) -> list[int]:
    """Return the numbers of rows to compare before the first step: some evenly spaced, and one for each target."""
    count, most = len(learn.X), int(np.clip(_COMPARED // max(operations, 1), 2, 8))
    most = int(np.clip(count // _SHARE, 2, most))
    spread = np.linspace(0, count - 1, min(most, count)).astype(int).tolist()
    firsts = np.unique(learn.targets(), axis=0, return_index=True)[1].tolist()
    return list(dict.fromkeys([*spread, *firsts[:most]]))


class Replayed:
    """Compiled, as long as it agrees with the engine; after that Eager, with a warning that says what differs."""

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
    """Return what computes for a run.

    Arguments:
        model: the network.
        learn: the data to learn from.
        l1, l2: the weights of the penalties.
        compiled: False for `Eager`; None for a program if there can be one, otherwise `Eager` with a warning that says
            why; True for a program.
    Raises: CompileError if `compiled` is True and the model cannot be compiled.
    """
    eager = Eager(model, learn, l1=l1, l2=l2)
    if compiled is False:
        return eager
    try:
        return Replayed(eager, Compiled(eager), strict=bool(compiled))
    except CompileError as error:
        if compiled:
            raise
        with suppress(DomainError):
            eager.watched_row(0)  # raises GraphError if the model cannot learn at all
        _say(error, stacklevel=5)
        return eager


def _say(error: CompileError, stacklevel: int) -> None:
    warnings.warn(f"training builds every row's graph anew, which is slow: {error}", stacklevel=stacklevel)
