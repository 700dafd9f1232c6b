"""Which training points made a model answer as it does: by leaving each out and learning again, and by gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.engine import Value
from microgrAD.interpret.rows import Array, answer, row, row_numbers, table
from microgrAD.nn import Module
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
    """How much the loss at row x with its `target` grows when training goes without a point, for each, (points,).

    make() gives a model with the same first weights every time, which `fit` teaches with `options`. Positive: the
    point helps with x. `points` are the rows to leave out, by itself all. Cook 1977.
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
    """The cosine of the angle between the loss's gradient by the parameters at row x and at each row of X, (rows,).

    Near 1, to learn that point is to learn x too; near -1, to unlearn it. Charpiat et al. 2019. 0 where a gradient
    is 0.
    """
    X, y = table(X), np.asarray(y)
    here = _gradients(model, row(x)[None], np.asarray([target], dtype=y.dtype), loss)[0]
    there = _gradients(model, X, y, loss)
    lengths = np.linalg.norm(there, axis=1) * np.linalg.norm(here)
    cosines: Array = np.divide(there @ here, lengths, out=np.zeros(len(X)), where=lengths > 0)
    return cosines


def _gradients(model: Module, X: Array, y: Any, loss: str | Loss | None) -> Array:
    """The gradient of each row's loss by all parameters, (rows, parameters); no `grad` is touched."""
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
