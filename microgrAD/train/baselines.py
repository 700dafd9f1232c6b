"""Baselines: two simple models to compare a network with, one that always gives the same answer, and a linear one.

The linear model is ridge regression for a quantity and logistic regression for classes, on standardized features. Both
add the penalty ½ Σw² to the sum of the losses, like Ridge and LogisticRegression of scikit-learn by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.nn import MLP, Module
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import Adam, CosineAnnealingLR
from microgrAD.outputs import Array, classes, outputs
from microgrAD.train.fitting import fit
from microgrAD.train.problem import Problem, scale

EPOCHS = 150  # of logistic regression; each is one step on all rows


@dataclass(frozen=True)
class Score:
    """How good the answers for held-out rows are."""

    rows: int
    right: int | None = None  # the number of right answers, for classes
    error: float | None = None  # the root mean squared error, for a quantity
    r2: float | None = None  # R², 1 - squared error / squared error of the mean; None if all targets are equal

    def loses_to(self, other: Score) -> bool:
        """Return whether this score is not better than the other."""
        if self.right is not None and other.right is not None:
            return self.right <= other.right
        return (self.error or 0.0) >= (other.error or 0.0)


@dataclass(frozen=True)
class Comparison:
    """The scores of three models on the same held-out rows."""

    constant: Score
    linear: Score
    network: Score
    guess: float  # the constant answer: the mean or the most frequent class of the rows learned from


def compared(problem: Problem, network: Module) -> Comparison:
    """Return the scores of a constant, a linear model and a network on the rows held out.

    Arguments:
        problem: the data.
        network: a network that learned them.
    Raises: ValueError if the problem holds no rows out.
    """
    if problem.held_out is None:
        raise ValueError(f"{problem.name} holds no rows out to compare on")
    X, y = problem.X, problem.y
    if problem.validation:  # the simple models need no validation rows
        X, y = np.concatenate([X, problem.validation[0]]), np.concatenate([y, problem.validation[1]])
    held_X, held_y = problem.held_out
    given = outputs(network, held_X)
    if problem.class_names:
        guess = float(np.bincount(y).argmax())
        linear = logistic(X, y, held_X, len(problem.class_names))
        answers = classes(given, "logits")
    else:
        guess, linear, answers = float(y.mean()), ridge(X, y, held_X), given[:, 0]
    judge = right if problem.class_names else errors
    return Comparison(judge(np.full(len(held_y), guess), held_y), judge(linear, held_y), judge(answers, held_y), guess)


def right(answers: Any, y: Any) -> Score:
    """Return the score of answers that are classes."""
    return Score(len(y), right=int((answers == y).sum()))


def errors(answers: Any, y: Any) -> Score:
    """Return the score of answers that are quantities: the root mean squared error, and R²."""
    unit = float(np.abs(y).max()) or 1.0  # so that squares of large numbers do not overflow
    left, spread = np.mean(((answers - y) / unit) ** 2), np.mean(((y - y.mean()) / unit) ** 2)
    return Score(len(y), error=float(np.sqrt(left)) * unit, r2=float(1 - left / spread) if spread else None)


def ridge(X: Array, y: Array, held_X: Array) -> Array:
    """Return the answers of ridge regression for held-out rows, (rows,)."""
    standard, held = _standard(X, held_X)
    count = standard.shape[1]
    rows = np.vstack([standard, np.eye(count)])  # the penalty, written as more rows
    w = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(count)]), rcond=None)[0]
    answers: Array = y.mean() + held @ w
    return answers


def logistic(X: Array, y: Any, held_X: Array, count: int) -> Any:
    """Return the answers of logistic regression for held-out rows, (rows,): classes from 0 to count - 1."""
    standard, held = _standard(X, held_X)
    model = MLP(X.shape[1], [count if count > 2 else 1], activation=LINEAR)
    rule = Adam(model.parameters(), lr=0.1)
    schedule = CosineAnnealingLR(rule, T_max=EPOCHS)
    fit(model, standard, y, optimizer=rule, schedule=schedule, epochs=EPOCHS, l2=0.5 / len(X), progress=False)
    return classes(outputs(model, held), "logits")


def _standard(X: Array, held_X: Array) -> tuple[Array, Array]:
    mean, deviation = map(np.array, scale(X))
    return (X - mean) / deviation, (held_X - mean) / deviation
