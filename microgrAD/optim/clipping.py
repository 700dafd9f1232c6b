"""Gradient clipping: limits gradients, so that one step can't change a network too much. As in PyTorch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from microgrAD.errors import positive
from microgrAD.operators import Value
from microgrAD.optim.optimizer import leaves
from microgrAD.optim.working import Array


def clip_grad_norm_(parameters: Iterable[Value], max_norm: float) -> float:
    """Scale all gradients by min(1, max_norm / (‖g‖ + 1e-6)).

    Arguments:
        parameters: leaf Values with gradients.
        max_norm: the largest norm to allow.
    Returns: the norm ‖g‖ before scaling.
    Source: Pascanu et al. 2013.

    >>> w = Value(1.0)
    >>> w.grad = 5.0
    >>> clip_grad_norm_([w], 1.0), round(w.grad, 5)
    (5.0, 1.0)
    """
    parameters = leaves(parameters, "clip_grad_norm_")
    g = _gradients(parameters)
    _set_gradients(parameters, clipped_norm(g, max_norm))
    return norm(g)


def clip_grad_value_(parameters: Iterable[Value], clip_value: float) -> None:
    """Limit every gradient to the range from -clip_value to clip_value.

    Arguments:
        parameters: leaf Values with gradients.
        clip_value: the largest size to allow.
    """
    parameters = leaves(parameters, "clip_grad_value_")
    _set_gradients(parameters, clipped_value(_gradients(parameters), clip_value))


def clipped_norm(g: Array, max_norm: float) -> Array:
    """Return an array of gradients, clipped as by clip_grad_norm_."""
    factor = positive(max_norm, "max_norm") / (norm(g) + 1e-6)
    return g * factor if factor < 1 else g


def norm(g: Array) -> float:
    """Return ‖g‖, even if its square is more than a float holds."""
    with np.errstate(over="ignore"):
        plain = float(np.linalg.norm(g))
        if plain < np.inf:
            return plain
        largest = np.abs(g).max()
        return float(largest * np.linalg.norm(g / largest))


def clipped_value(g: Array, clip_value: float) -> Array:
    """Return an array of gradients, clipped as by clip_grad_value_."""
    limit = positive(clip_value, "clip_value")
    return np.clip(g, -limit, limit)


def _gradients(parameters: list[Value]) -> Array:
    return np.array([p.grad for p in parameters], dtype=float)


def _set_gradients(parameters: list[Value], g: Array) -> None:
    for p, number in zip(parameters, g.tolist(), strict=True):
        p.grad = number
