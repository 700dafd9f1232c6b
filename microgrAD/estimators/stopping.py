"""When training has converged: the loss has not fallen by `tol` for some epochs, as in scikit-learn."""

from __future__ import annotations

import math

from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.history import History
from microgrAD.train.weights import put_weights, weights_of


class Plateau:
    """A callback of `fit`. It stops training after more than `patience` epochs without a loss that is lower by `tol`.

    The loss is that on the rows held out, if there are any. Then `restore` puts back the weights of the best epoch.
    """

    def __init__(self, tol: float | None, patience: int) -> None:
        self.tol, self.patience = tol, patience
        self.least, self.epoch, self.stale = math.inf, 0, 0
        self.weights: Array | None = None

    def __call__(self, model: Module, history: History) -> bool:
        """Return whether to stop."""
        loss = (history.test_loss or history.loss)[-1]
        self.stale = self.stale + 1 if loss > self.least - (self.tol or 0.0) else 0
        if loss < self.least:
            self.least, self.epoch = loss, history.epochs
            if history.test_loss:
                self.weights = weights_of(model)
        return self.tol is not None and self.stale > self.patience

    def restore(self, model: Module) -> None:
        """Put back the weights of the best epoch, if rows were held out."""
        if self.weights is not None:
            put_weights(model, self.weights)
