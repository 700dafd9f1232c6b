"""Settings: scikit-learn's names for settings of this package, and their checks."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.errors import counted, positive, real
from microgrAD.nn.layers import LINEAR
from microgrAD.optim import NAMED

AUTO = 200  # batch_size="auto" is this number of rows, or all if there are fewer
_ACTIVATIONS = {"logistic": "sigmoid", "identity": LINEAR}


def activation_of(name: str) -> str:
    """Return this package's name of an activation: "logistic" is sigmoid, "identity" is linear."""
    return _ACTIVATIONS.get(name, name)


def batch_size_of(batch_size: int | str | None, rows: int) -> int:
    """Return the number of rows in a step; all for None."""
    if batch_size is None:
        return rows
    if isinstance(batch_size, str):
        if batch_size != "auto":
            raise ValueError(f'batch_size takes a number of rows, "auto" or None, got {batch_size!r}')
        return min(AUTO, rows)
    return min(counted(batch_size, "batch_size"), rows)


def sizes_of(hidden_layer_sizes: Any) -> list[Any]:
    """Return the number of neurons in each hidden layer. A single number is one layer."""
    sizes: list[Any] = np.atleast_1d(hidden_layer_sizes).tolist()
    return sizes


def check(estimator: Any) -> None:
    """Raise ValueError or TypeError for a setting that is not valid, with its name in scikit-learn."""
    if estimator.solver not in NAMED:
        raise ValueError(f"solver must be one of {list(NAMED)}, got {estimator.solver!r}")
    for name in ("alpha", "learning_rate_init"):
        positive(getattr(estimator, name), name)
    counted(estimator.max_iter, "max_iter")
    counted(estimator.n_iter_no_change, "n_iter_no_change")
    if estimator.tol is not None:
        positive(estimator.tol, "tol")
    fraction = estimator.validation_fraction
    if estimator.early_stopping and not 0 < real(fraction, "validation_fraction") < 1:
        raise ValueError(f"validation_fraction must be between 0 and 1, got {fraction}")
