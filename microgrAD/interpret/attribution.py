"""How much each input of one row adds to an output: gradients with respect to the input, and integrals of them.

f    an output of the model, or a loss of its outputs, as a function of one row x
b    the baseline: a row that stands for the absence of all features, such as zeros
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, Function, answer, chosen, number, row, value_and_gradient
from microgrAD.train.task import Loss

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)  # exact for polynomials of degree up to 9
_FINEST = 2.0**-40  # the shortest piece that is still halved


@dataclass(frozen=True)
class Attribution:
    """How much each feature adds to f(x) - f(b).

    Arguments:
        values: the share of each feature, (features,).
        difference: f(x) - f(b).
        gap: Σ values - difference, which is 0 if the shares are complete.
    """

    values: Array
    difference: float
    gap: float

    @property
    def complete(self) -> bool:
        """Whether the shares add up to the difference, within 1e-6 · max(1, |difference|)."""
        return abs(self.gap) <= 1e-6 * max(1.0, abs(self.difference))


def input_gradient(
    model: Function, x: Any, *, output: int | None = None, loss: Loss | None = None, target: Any = None
) -> Array:
    """Return ∂f/∂x at one row x. Its absolute value is called a saliency map.

    Arguments:
        model: a network, or any function of one row.
        x: one row, (features,).
        output: the output that f is, from 0; by default the one that is largest at x.
        loss: if it is given, f(x) is loss(model(x), target).
        target: the target that the loss takes.
    Returns: an array of shape (features,).
    Raises: ValueError for a bad row or output, or if both output and loss are given.
    Source: Simonyan et al. 2013.
    """
    return value_and_gradient(_function(model, row(x), output, loss, target), row(x))[1]


def gradient_times_input(model: Function, x: Any, *, output: int | None = None) -> Array:
    """Return x ⊙ ∂f/∂x, (features,): for a linear f without bias, what each feature adds to f(x).

    Arguments: as for `input_gradient`.
    Source: Shrikumar et al. 2016.
    """
    return row(x) * input_gradient(model, x, output=output)


def integrated_gradients(
    model: Function,
    x: Any,
    *,
    baseline: Any = None,
    output: int | None = None,
    tolerance: float = 1e-7,
    most: int = 2000,
) -> Attribution:
    """Return the shares (x - b) ⊙ ∫₀¹ ∂f/∂x at b + t (x - b) dt, which add up to f(x) - f(b).

    The path from b to x is divided into pieces. On each piece the shares must add up to the change of f; if they do
    not, the piece is halved. Kinks, such as those of relu, therefore cost a few more pieces and no accuracy.

    Arguments:
        model: a network, or any function of one row.
        x: one row, (features,).
        baseline: the row b, (features,); by default zeros.
        output: the output that f is, from 0; by default the one that is largest at x.
        tolerance: how far the shares may be from f(x) - f(b).
        most: the largest number of pieces. If it is reached, `gap` of the result may exceed the tolerance.
    Returns: an `Attribution`.
    Raises: ValueError for a bad row, baseline, output or tolerance.
    Source: Sundararajan et al. 2017.
    """
    x = row(x)
    start = np.zeros(len(x)) if baseline is None else row(baseline, "baseline")
    if start.shape != x.shape:
        raise ValueError(f"the baseline takes {len(x)} numbers, like x, got {len(start)}")
    if not tolerance > 0:
        raise ValueError(f"tolerance must be above 0, got {tolerance}")
    f = chosen(model, output, x)
    way = x - start
    values, used, pieces = np.zeros(len(x)), 0, [(0.0, 1.0, number(f, start), number(f, x))]
    difference = pieces[0][3] - pieces[0][2]
    while pieces:
        low, high, below, above = pieces.pop()
        places = low + (high - low) * (_NODES + 1) / 2
        slopes = np.array([value_and_gradient(f, start + t * way)[1] for t in places])
        share = way * (_WEIGHTS @ slopes) * (high - low) / 2
        miss, allowed = abs(share.sum() - (above - below)), tolerance * max(high - low, 1e-3)
        used += 1
        if miss <= allowed or high - low < _FINEST or used + len(pieces) >= most:
            values += share
            continue
        middle = (low + high) / 2
        between = number(f, start + middle * way)
        pieces += [(middle, high, between, above), (low, middle, below, between)]
    return Attribution(values, difference, float(values.sum() - difference))


def _function(model: Function, x: Array, output: int | None, loss: Loss | None, target: Any) -> Function:
    if loss is None:
        return chosen(model, output, x)
    if output is not None:
        raise ValueError("the gradient is of an output or of a loss; pass output= or loss=, not both")
    return lambda x: loss(answer(model, x), target)
