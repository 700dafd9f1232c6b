"""Two simple answers beside a network's: the same for every row, and a linear model. A verdict is a comparison.

The linear model is ridge regression for a quantity, logistic regression for classes, on standardized features. Each has
the penalty ½ Σw² on the sum of the losses: scikit-learn's defaults for Ridge and LogisticRegression.
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

EPOCHS = 150  # of the logistic regression, each a step on all rows


@dataclass(frozen=True)
class Score:
    """How good answers to held-out rows are."""

    rows: int
    right: int | None = None  # how many, of classes
    error: float | None = None  # the root mean squared error, of a quantity
    r2: float | None = None  # 1 - squared error / that of the rows' own mean; None where they are all the same

    def loses_to(self, other: Score) -> bool:
        """Whether it is no better than the other."""
        if self.right is not None and other.right is not None:
            return self.right <= other.right
        return (self.error or 0.0) >= (other.error or 0.0)


@dataclass(frozen=True)
class Comparison:
    """The scores of three answers to the same held-out rows."""

    constant: Score
    linear: Score
    network: Score
    guess: float  # what the constant answer is: the mean, or the most frequent class, of the rows learned from


def compared(problem: Problem, network: Module) -> Comparison:
    """The scores of a constant, of a linear model and of the network, on the rows held out."""
    if problem.held_out is None:
        raise ValueError(f"{problem.name} holds no rows out to compare on")
    X, y = problem.X, problem.y
    if problem.validation:  # these two need no rows to stop on
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
    """How many classes are right."""
    return Score(len(y), right=int((answers == y).sum()))


def errors(answers: Any, y: Any) -> Score:
    """The root mean squared error of quantities, and R²."""
    unit = float(np.abs(y).max()) or 1.0  # squares of large numbers stay within a float
    left, spread = np.mean(((answers - y) / unit) ** 2), np.mean(((y - y.mean()) / unit) ** 2)
    return Score(len(y), error=float(np.sqrt(left)) * unit, r2=float(1 - left / spread) if spread else None)


def ridge(X: Array, y: Array, held_X: Array) -> Array:
    """The answers of ridge regression to held-out rows, (rows,)."""
    standard, held = _standard(X, held_X)
    count = standard.shape[1]
    rows = np.vstack([standard, np.eye(count)])  # the penalty as rows of their own
    w = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(count)]), rcond=None)[0]
    answers: Array = y.mean() + held @ w
    return answers


def logistic(X: Array, y: Any, held_X: Array, count: int) -> Any:
    """The classes, of `count`, that logistic regression gives held-out rows, (rows,)."""
    standard, held = _standard(X, held_X)
    model = MLP(X.shape[1], [count if count > 2 else 1], activation=LINEAR)
    rule = Adam(model.parameters(), lr=0.1)
    schedule = CosineAnnealingLR(rule, T_max=EPOCHS)
    fit(model, standard, y, optimizer=rule, schedule=schedule, epochs=EPOCHS, l2=0.5 / len(X), progress=False)
    return classes(outputs(model, held), "logits")


def _standard(X: Array, held_X: Array) -> tuple[Array, Array]:
    mean, deviation = map(np.array, scale(X))
    return (X - mean) / deviation, (held_X - mean) / deviation
