"""A task: a loss, the targets in the form that it takes, and how outputs are compared with the targets.

y      targets as they were given: classes by number, -1 and 1, quantities, or rows of numbers
row    what the loss takes for one row: a number, the number of a class, or a list
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from microgrAD import losses
from microgrAD.operators import Value
from microgrAD.outputs import Array, classes, default_reading

Loss = Callable[[Any, Any], Value]

# how outputs are read that a loss is made for; other losses say nothing about classes
_READINGS: dict[Any, str] = {
    losses.binary_cross_entropy: "probabilities",
    losses.binary_cross_entropy_with_logits: "logits",
    losses.cross_entropy: "logits",
    losses.nll: "logarithms",
    losses.hinge: "signs",
    losses.multi_margin: "logits",
}
_BY_ROW = (losses.cross_entropy, losses.nll, losses.multi_margin)  # classes compete: a target is a class


@dataclass(frozen=True)
class Task:
    """The loss of one row, and the targets of all rows."""

    loss: Loss
    targets: list[Any]  # one for each row
    reading: str  # empty if there are no classes
    truth: Any  # the number of each row's class, (rows,); None if there are no classes
    weights: Array | None = None  # of the rows, (rows,); None if all rows have the same weight

    def accuracy(self, given: Array) -> float | None:
        """Return the share of rows whose class is right; None if there are no classes."""
        if self.truth is None:
            return None
        return float(np.average(classes(given, self.reading) == self.truth, weights=self.weights))

    def shares(self, batch: Array | None = None) -> Array:
        """Return the share of each row of a batch, by default of all rows, in a mean, (rows,). Their sum is 1."""
        if self.weights is None:
            count = len(self.targets) if batch is None else len(batch)
            return np.full(count, 1.0 / count)
        w = self.weights if batch is None else self.weights[batch]
        shares: Array = w / w.sum()
        return shares


def rows(X: Any, what: str = "X") -> Array:
    """Return X as floats, (rows, features). Raise ValueError if a number is not finite or there is no row."""
    try:
        array = np.asarray(X)
        if np.iscomplexobj(array):
            raise TypeError("complex numbers have no order")
        array = array.astype(float, copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} takes rows of numbers, all of one length: {error}") from None
    if array.ndim < 2 or not array.size:
        raise ValueError(f"{what} takes rows of numbers, shape (rows, features), got shape {array.shape}")
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{what} takes finite numbers, got {array[place]} at {place}")
    return array


def task(model: Any, y: Any, width: int, count: int, loss: str | Loss | None) -> Task:
    """Return the task of training a model.

    Arguments:
        model: the network.
        y: the targets, (rows,), or (rows, outputs).
        width: the number of the model's outputs.
        count: the number of rows.
        loss: a name, a function, or None, as for `fit`.
    Raises: ValueError or TypeError for targets or a loss that do not fit the model.
    """
    y = np.asarray(y)
    if y.ndim not in (1, 2) or len(y) != count:
        raise ValueError(f"y takes one target for each of {count} rows, got shape {y.shape}")
    if y.dtype.kind not in "biuf":
        raise ValueError(f"y takes numbers, got {y.dtype} values such as {y.flat[0]!r:.40}; number classes from 0")
    if not np.isfinite(y).all():
        place = int(np.argwhere(~np.isfinite(y))[0][0])
        raise ValueError(f"y takes finite numbers, got {y[place]} at {place}; leave such rows out")
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    function = _function(loss) if loss is not None else _default(model, y, width)
    if _named(function) in _BY_ROW:
        return _by_class(function, y, width)
    if y.ndim == 1 and width > 1:
        y = np.eye(width)[_whole(y, width)]
    if y.ndim == 2 and y.shape[1] != width:
        raise ValueError(f"the model gives {width} outputs, and y has {y.shape[1]} columns")
    return _by_element(function, y)


def _function(loss: str | Loss) -> Loss:
    if isinstance(loss, str):
        if loss not in losses.NAMED:
            raise ValueError(
                f"loss must be one of {list(losses.NAMED)} or a function of one row's (output, target), got {loss!r}"
            )
        return losses.NAMED[loss]
    if not callable(loss):
        raise TypeError(f"loss takes a name of {list(losses.NAMED)} or a function, got {loss!r}")
    return loss


def _named(function: Loss) -> Loss:
    """Return a loss without the options that functools.partial sets."""
    return function.func if isinstance(function, partial) else function


def _default(model: Any, y: Any, width: int) -> Loss:
    """Return the default loss: cross entropy for classes that are numbered from 0, otherwise the mean squared error."""
    counted = y.dtype.kind != "f" and y.min() >= 0 and y.max() <= max(width - 1, 1)
    reading = default_reading(model)
    if y.ndim == 1 and counted and reading == "logits":
        return losses.cross_entropy if width > 1 else losses.binary_cross_entropy_with_logits
    if y.ndim == 1 and counted and reading == "probabilities" and width == 1:
        return losses.binary_cross_entropy
    if y.ndim == 1 and width > 1:
        raise ValueError(
            f"the model gives {width} {reading}, and there is no default loss for them: let the last "
            "layer be linear, or pass loss="
        )
    return losses.mse


def _by_class(function: Loss, y: Any, width: int) -> Task:
    reading = _READINGS[_named(function)]
    if width < 2:
        raise ValueError(
            f"this loss takes one output a class, the model gives {width}; "
            "for two classes and one output there is binary_cross_entropy_with_logits"
        )
    if y.ndim == 2:
        if y.shape[1] != width:
            raise ValueError(f"the model gives {width} outputs, and y has {y.shape[1]} columns")
        y = y.astype(float)
        for target in np.unique(y, axis=0).tolist():
            function([0.0] * width, target)  # raises if the loss takes no such target
        return Task(function, y.tolist(), reading, y.argmax(axis=1))
    whole = _whole(y, width)
    return Task(function, whole.tolist(), reading, whole)


def _by_element(function: Loss, y: Any) -> Task:
    known, truth = set(np.unique(y).tolist()), None
    reading = _READINGS.get(_named(function), "signs" if known == {-1, 1} else "probabilities")
    if y.ndim == 2 and known <= {0, 1} and (y.sum(axis=1) == 1).all():
        truth = y.argmax(axis=1)
    elif y.ndim == 1 and known <= ({-1, 1} if reading == "signs" else {0, 1}):
        truth = (y > 0).astype(np.int64)
    y = y.astype(float)
    for target in (y.min(), y.max()) if _named(function) in _READINGS else ():
        function(0.5, float(target))  # raises if the loss takes no such target
    return Task(function, y.tolist(), "" if truth is None else reading, truth)


def _whole(y: Any, width: int) -> Any:
    if y.ndim != 1 or (y != np.round(y)).any() or y.min() < 0 or y.max() >= width:
        raise ValueError(
            f"{width} outputs take classes numbered from 0 to {width - 1} as targets, got from {y.min()} to {y.max()}"
        )
    return y.astype(np.int64)
