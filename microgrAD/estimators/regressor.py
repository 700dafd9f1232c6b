"""A regressor: it predicts one quantity or several."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import column_or_1d

from microgrAD import losses
from microgrAD.estimators.network import SETTINGS, Network


class MLPRegressor(RegressorMixin, Network):  # type: ignore[misc]
    __doc__ = f"""A multi-layer perceptron that predicts quantities, trained by half the squared error.

    Like that of scikit-learn, it does not scale features and targets, and it learns best if their standard deviation is
    about 1. For others, use StandardScaler in a Pipeline, and sklearn.compose.TransformedTargetRegressor around that.

    {SETTINGS}.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MLPRegressor:
        """Train the network.

        Arguments:
            X: rows (rows, features).
            y: the quantity of each row, (rows,), or several, (rows, quantities).
            sample_weight: the weight of each row, (rows,).
        Returns: the estimator itself.
        """
        return self._learn(X, y, sample_weight, incremental=False)

    def partial_fit(self, X: Any, y: Any, *, sample_weight: Any = None) -> MLPRegressor:
        """Train the network for one epoch on some rows, from the weights of the last call. Arguments as for `fit`."""
        return self._learn(X, y, sample_weight, incremental=True)

    def _learn(self, X: Any, y: Any, sample_weight: Any, *, incremental: bool) -> MLPRegressor:
        X, y = self._checked(X, y, incremental=incremental, y_numeric=True)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        outputs = 1 if y.ndim == 1 else y.shape[1]
        loss = partial(losses.mse, half=True, reduction="sum")  # over the quantities of a row
        self._teach(X, np.asarray(y, dtype=float), outputs, loss, sample_weight, incremental=incremental)
        return self

    def predict(self, X: Any) -> Any:
        """Return the predicted quantity of each row, (rows,), or quantities, (rows, quantities)."""
        given = self._outputs(X)
        return given[:, 0] if given.shape[1] == 1 else given

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
