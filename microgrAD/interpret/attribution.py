"""What in one row made the model say what it says: gradients by the input, and integrals of them.

f    an output of the model, or a loss of it, as a function of one row x
b    the baseline: a row that stands for nothing being there
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.interpret.rows import Array, Function, answer, chosen, number, row, value_and_gradient
from microgrAD.train.task import Loss

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)  # a rule that is exact for polynomials up to x⁹
_FINEST = 2.0**-40  # a piece so short is not halved again


@dataclass(frozen=True)
class Attribution:
    """Shares of the features in f(x) - f(b), and how far they miss adding up to it (completeness)."""

    values: Array  # (features,)
    difference: float  # f(x) - f(b)
    gap: float  # Σ values - difference

    @property
    def complete(self) -> bool:
        """Whether the shares add up to the difference within 1e-6, of itself where it is above 1."""
        return abs(self.gap) <= 1e-6 * max(1.0, abs(self.difference))


def input_gradient(
    model: Function, x: Any, *, output: int | None = None, loss: Loss | None = None, target: Any = None
) -> Array:
    """∂f/∂x at one row x, (features,): f is an output, by itself the largest; with `loss`, loss(model(x), target).

    Its absolute value is the saliency map of Simonyan et al. 2013. ValueError for a bad row or output.
    """
    return value_and_gradient(_function(model, row(x), output, loss, target), row(x))[1]


def gradient_times_input(model: Function, x: Any, *, output: int | None = None) -> Array:
    """x ⊙ ∂f/∂x, (features,): for a linear f without bias, what each feature adds to it. Shrikumar et al. 2016."""
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
    """(x - b) ⊙ ∫₀¹ ∂f/∂x at b + t (x - b) dt: shares that add up to f(x) - f(b). Sundararajan et al. 2017.

    The baseline b is all zeros by itself. Every piece of the way has its own completeness to check: a piece whose
    shares miss f's change over it is halved, until they add up within `tolerance` or `most` pieces are used up (then
    `gap` says by how much they miss). So kinks, as of relu, cost a few pieces and no accuracy.
    """
    x = row(x)
    start = np.zeros(len(x)) if baseline is None else row(baseline, "baseline")
    if start.shape != x.shape:
        raise ValueError(f"the baseline takes {len(x)} numbers as x, got {len(start)}")
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
        raise ValueError("the gradient is either that of an output or that of a loss; pass output= or loss=")
    return lambda x: loss(answer(model, x), target)
