"""Partial dependence: the average output over the data when one feature is set. Friedman 2001."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.errors import counted, numbered
from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import default_reading, outputs, probabilities


@dataclass(frozen=True)
class Dependence:
    """Outputs for each value that a feature was set to.

    Arguments:
        values: the values, (values,).
        each: the curve of each row of the data, (values, rows, outputs). Goldstein et al. 2015.
    """

    values: Array
    each: Array

    @property
    def mean(self) -> Array:
        """The average over the rows, (values, outputs)."""
        average: Array = self.each.mean(axis=1)
        return average


def partial_dependence(
    model: Any, X: Any, feature: int, *, values: Any = None, resolution: int = 40, reading: str | None = None
) -> Dependence:
    """Return the outputs for the rows of X with one feature set to each of several values.

    Arguments:
        model: a network, or any function of one row.
        X: rows, (rows, features).
        feature: the number of the feature, from 0.
        values: the values; by default `resolution` values from the feature's smallest to its largest.
        resolution: how many values.
        reading: how to make probabilities of the outputs (see `microgrAD.outputs`), "none" to leave them as they are;
            by default what fits the model's last layer.
    Returns: a `Dependence`.
    """
    X = table(X)
    numbered(feature, "feature", 0, X.shape[1] - 1, said=f"a number from 0 to {X.shape[1] - 1}")
    reading = reading or default_reading(model)
    column = X[:, feature]
    values = (
        np.linspace(column.min(), column.max(), counted(resolution, "resolution"))
        if values is None
        else np.asarray(values, dtype=float)
    )
    found = []
    for value in values.tolist():
        changed = X.copy()
        changed[:, feature] = value
        given = outputs(model, changed)
        found.append(given if reading == "none" else probabilities(given, reading))
    return Dependence(values, np.array(found))
