"""The one seam between training and what computes: gradients of batches, and measurements of all rows.

theta    all parameters of the model in order, (parameters,)
batch    which rows of the data to learn from; None for all
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from microgrAD import functions, losses
from microgrAD.compiler import CompileError, compile
from microgrAD.compiler.run.rows import stack
from microgrAD.compiler.run.runner import STRICT, Gradient
from microgrAD.engine import Value, no_grad
from microgrAD.errors import DomainError
from microgrAD.nn import Module
from microgrAD.nn.modes import dropouts, mode
from microgrAD.outputs import Array, outputs
from microgrAD.train.task import Task


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
        total = functions.mean(
            [self.row(X[k], targets[k]) for k in (range(len(X)) if batch is None else batch)], fused=True
        )
        self.penalised(total).backward()
        return np.array([p.grad for p in self.parameters], dtype=float)

    def row(self, x: Any, target: Any) -> Any:
        """The loss of one row."""
        return self.learn.task.loss(self.model(x), target)

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
        return _mean(np.array(terms)), given


def as_values(row: list[float]) -> Any:
    """The outputs of a row as a model gives them: one Value, or a list of several."""
    return [Value(p) for p in row] if len(row) > 1 else Value(row[0])


def _mean(terms: Array) -> float:
    with np.errstate(over="ignore"):
        mean = float(terms.mean())
    if not np.isfinite(mean):
        raise DomainError(
            f"the mean of {len(terms)} losses, of up to {terms.max()}, is more than a float holds; "
            "scale the data down, or use a smaller lr"
        )
    return mean


class Measures:
    """Loss and outputs of all rows by a program, recorded once in eval mode. CompileError where that can't be."""

    def __init__(self, eager: Eager) -> None:
        self.eager, self.model = eager, eager.model
        shapes = [eager.learn.X.shape[1:], eager.learn.targets().shape[1:]]
        with mode(self.model, training=False):
            self._measures = compile(self._measured, parameters=eager.parameters, shapes=shapes)
        self._held: dict[Data, Array] = {}

    def _measured(self, x: Any, target: Any) -> list[Any]:
        out = self.model(x)
        return [self.eager.learn.task.loss(out, target), *(out if isinstance(out, (list, tuple)) else [out])]

    def evaluate(self, data: Data) -> tuple[float, Array]:
        if data not in self._held:
            self._held[data] = data.columns()
        theta = np.array([p.data for p in self.eager.parameters])
        try:
            with np.errstate(**STRICT):  # type: ignore[arg-type]
                found = self._measures.runners[0].outputs(theta, self._held[data])
        except DomainError:
            self.eager.evaluate(data)  # fails too, and shows where in the network
            raise
        return _mean(found[0]), found[1:].T.copy()


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
        self._steps = compile(self._learned, parameters=parameters, shapes=shapes)
        self._whole: Gradient | None = None

    def _learned(self, x: Any, target: Any, factors: Any) -> Any:
        ends = np.cumsum(self.sizes).tolist()
        for dropout, size, end in zip(self.dropouts, self.sizes, ends, strict=True):
            dropout.given = iter(factors[end - size : end])
        try:
            return self.eager.penalised(self.eager.row(x, target))
        finally:
            for dropout in self.dropouts:
                dropout.given = None

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        try:
            with np.errstate(**STRICT):  # type: ignore[arg-type]
                return self._gradient(theta, batch)
        except DomainError:
            self.eager.gradient(theta, batch)
            raise

    def _gradient(self, theta: Array, batch: Array | None) -> Array:
        run = self._steps.runners[0]
        count = self.columns.shape[1] if batch is None else len(batch)
        seeds = np.full(count, 1.0 / count)
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


def engine(model: Module, learn: Data, *, l1: float, l2: float, compiled: bool | None) -> Engine:
    """Compiled where that can be, unless `compiled` says no; Eager, with a warning that says why, where not."""
    eager = Eager(model, learn, l1=l1, l2=l2)
    if compiled is False:
        return eager
    try:
        return Compiled(eager)
    except CompileError as error:
        if compiled:
            raise
        warnings.warn(f"training builds every row's graph anew, which is slow: {error}", stacklevel=4)
        return eager
