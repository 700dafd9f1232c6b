"""Partial dependence: what a model answers, on average over the data, when one feature is set. Friedman 2001."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.errors import counted, numbered
from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import default_reading, outputs, probabilities


@dataclass(frozen=True)
class Dependence:
    """Answers at each value that a feature was set to."""

    values: Array  # (values,)
    each: Array  # (values, rows, answers): the curve of each row of the data (Goldstein et al. 2015)

    @property
    def mean(self) -> Array:
        """The average over the rows, (values, answers)."""
        average: Array = self.each.mean(axis=1)
        return average


def partial_dependence(
    model: Any, X: Any, feature: int, *, values: Any = None, resolution: int = 40, reading: str | None = None
) -> Dependence:
    """Answers over the rows of X with the feature of that number, from 0, set to each of the values.

    Answers are probabilities of classes by `reading` (see `microgrAD.outputs`); "none" leaves outputs as they are.
    `values` are by themselves `resolution` ones from the feature's least to its largest.
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
