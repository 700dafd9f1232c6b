"""Which training rows led to an output: found by training again without each row, and by gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.interpret.rows import Array, answer, row, row_numbers, table
from microgrAD.nn import Module
from microgrAD.operators import Value
from microgrAD.outputs import outputs
from microgrAD.train.fitting import evaluate, fit
from microgrAD.train.task import Loss, task


def leave_one_out(
    make: Callable[[], Module],
    X: Any,
    y: Any,
    x: Any,
    target: Any,
    *,
    loss: str | Loss | None = None,
    points: Sequence[int] | None = None,
    **options: Any,
) -> Array:
    """Return how much the loss at row x grows if the model is trained without one row, for each row.

    A positive number means that the row helps to predict the target of x.

    Arguments:
        make: a function that returns a new model, with the same initial weights every time.
        X, y: the training rows, (rows, features), and their targets, (rows,).
        x, target: the row that is predicted, (features,), and its target.
        loss: the loss; by default what fits the model (see `microgrAD.train.fit`).
        points: the numbers of the rows to leave out, one at a time; by default all.
        options: keyword arguments for `microgrAD.train.fit`.
    Returns: an array of shape (points,).
    Source: Cook 1977.
    """
    X, y, x = table(X), np.asarray(y), row(x)
    options = {"progress": False, **options}

    def loss_without(k: int | None) -> float:
        model, keep = make(), np.arange(len(X)) != (-1 if k is None else k)
        fit(model, X[keep], y[keep], loss=loss, **options)
        return evaluate(model, x[None], np.asarray([target], dtype=y.dtype), loss=loss)[0]

    chosen = range(len(X)) if points is None else row_numbers(points, len(X))
    before = loss_without(None)
    return np.array([loss_without(k) - before for k in chosen])


def gradient_similarity(model: Module, X: Any, y: Any, x: Any, target: Any, *, loss: str | Loss | None = None) -> Array:
    """Return the cosine between the loss's gradient (by the parameters) at row x and the one at each row of X.

    Near 1, a training step on that row also lowers the loss at x; near -1, it raises it.

    Arguments:
        model: a network.
        X, y: rows, (rows, features), and their targets, (rows,).
        x, target: the row to compare with, (features,), and its target.
        loss: the loss; by default what fits the model.
    Returns: an array of shape (rows,); 0 if one of the two gradients is 0.
    Source: Charpiat et al. 2019.
    """
    X, y = table(X), np.asarray(y)
    here = _gradients(model, row(x)[None], np.asarray([target], dtype=y.dtype), loss)[0]
    there = _gradients(model, X, y, loss)
    lengths = np.linalg.norm(there, axis=1) * np.linalg.norm(here)
    cosines: Array = np.divide(there @ here, lengths, out=np.zeros(len(X)), where=lengths > 0)
    return cosines


def _gradients(model: Module, X: Array, y: Any, loss: str | Loss | None) -> Array:
    """Return the gradient of each row's loss by all parameters, (rows, parameters). No `grad` changes."""
    learn = task(model, y, outputs(model, X[:1]).shape[1], len(X), loss)
    parameters = model.parameters()
    found = []
    for x, target in zip(X, learn.targets, strict=True):
        out = learn.loss(answer(model, x), target)
        slopes = gradients(out, 1.0, parameters) if isinstance(out, Value) else {}
        found.append([slopes.get(p, 0.0) for p in parameters])
    if not all(math.isfinite(number) for number in (v for line in found for v in line)):
        raise ValueError("a gradient is not finite; scale the data")
    return np.array(found)
