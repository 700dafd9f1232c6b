"""Gradients of batches and measurements of all rows, computed by building the graph of each row again.

theta    all parameters of the model, in order, (parameters,)
batch    the numbers of the rows to learn from; None for all rows
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from microgrAD import functions, losses, operators
from microgrAD.calculus import variable
from microgrAD.compiler.run.rows import stack
from microgrAD.engine import no_grad
from microgrAD.errors import DomainError
from microgrAD.leaving import watched
from microgrAD.nn import Module
from microgrAD.nn.modes import mode
from microgrAD.outputs import Array, outputs
from microgrAD.train.task import Task


@dataclass(frozen=True, eq=False)
class Data:
    """Rows, the task to learn from them, and the number of the model's outputs."""

    X: Array
    task: Task
    width: int

    def columns(self) -> Array:
        """Return rows and targets as one table, with a column for each row: (features + targets, rows)."""
        return stack([self.X, self.targets()])

    def targets(self) -> Array:
        """Return the targets as numbers: (rows,), or (rows, outputs), where classes are one-hot."""
        task = self.task
        if task.targets and isinstance(task.targets[0], int):
            return np.eye(self.width)[task.targets]
        return np.array(task.targets, dtype=float)


class Engine(Protocol):
    """What computes for a run."""

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        """Return ∂/∂theta of the mean loss over the batch plus the penalties, (parameters,)."""

    def evaluate(self, data: Data) -> tuple[float, Array]:
        """Return the mean loss over all rows, without penalties, and the outputs, (rows, outputs)."""


class Eager:
    """The engine: the graph of each row is built again in each pass, as in a loop that is written by hand."""

    def __init__(self, model: Module, learn: Data, *, l1: float = 0.0, l2: float = 0.0) -> None:
        self.model, self.learn, self.l1, self.l2 = model, learn, l1, l2
        self.parameters = model.parameters()

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        for p, number in zip(self.parameters, theta.tolist(), strict=True):
            p.data, p.grad = number, 0.0
        X, targets = self.learn.X, self.learn.task.targets
        with watched(self.parameters, here=True):
            terms = [self.row(X[k].copy(), targets[k]) for k in (range(len(X)) if batch is None else batch)]
        if self.learn.task.weights is None:
            total = functions.mean(terms, fused=True)
        else:
            total = operators.dot(terms, self.learn.task.shares(batch).tolist())
        self.penalised(total).backward()
        return np.array([p.grad for p in self.parameters], dtype=float)

    def row(self, x: Any, target: Any) -> Any:
        """Return the loss of one row."""
        return self.learn.task.loss(self.model(x), target)

    def watched_row(self, k: int) -> Any:
        """Return the loss of row k with the penalties. Raise GraphError if one of its numbers leaves the graph."""
        with watched(self.parameters, here=True):
            return self.penalised(self.row(self.learn.X[k].copy(), self.learn.task.targets[k]))

    def penalised(self, loss: Any) -> Any:
        """Return the loss plus the penalties."""
        if self.l1:
            loss = loss + losses.l1_penalty(self.parameters, self.l1)
        if self.l2:
            loss = loss + losses.l2_penalty(self.parameters, self.l2)
        return loss

    def evaluate(self, data: Data) -> tuple[float, Array]:
        with mode(self.model, training=False):
            given = outputs(self.model, data.X)
        with no_grad():  # with Values, not floats: their errors say what overflows
            terms = [
                float(data.task.loss(_as_values(row), t))
                for row, t in zip(given.tolist(), data.task.targets, strict=True)
            ]
        return mean_loss(np.array(terms), data.task), given


def _as_values(row: list[float]) -> Any:
    """Return the outputs of a row as a model returns them: one Value, or a list of Values."""
    return [variable(p) for p in row] if len(row) > 1 else variable(row[0])


def mean_loss(terms: Array, task: Task) -> float:
    """Return the mean of the losses of all rows, with the weights of the rows."""
    with np.errstate(over="ignore"):
        mean = float(terms.mean() if task.weights is None else task.shares() @ terms)
    if not np.isfinite(mean):
        raise DomainError(
            f"the mean of {len(terms)} losses, of up to {terms.max()}, is more than a float holds; "
            "scale the data down, or use a smaller lr"
        )
    return mean
