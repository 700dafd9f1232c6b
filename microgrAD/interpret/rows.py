"""Shared by this room: checks of rows, one output of a model as a function of a row, and its gradient by the row.

f    a function of one row that returns one Value
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.engine import no_grad
from microgrAD.errors import numbered
from microgrAD.nn.shapes import flatten
from microgrAD.operators import Value
from microgrAD.outputs import Array as Array
from microgrAD.outputs import evaluating

Function = Callable[[Any], Any]


def row(x: Any, what: str = "x") -> Array:
    """Return x as one row of finite numbers, (features,); ValueError otherwise."""
    array = _numbers(x, what, "one row of finite numbers")
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{what} takes one row of finite numbers, got shape {array.shape}")
    if len(odd := np.flatnonzero(~np.isfinite(array))):
        raise ValueError(f"{what} takes finite numbers, got one that is not finite: {array[odd[0]]} at {odd[0]}")
    return array


def table(X: Any, what: str = "X") -> Array:
    """Return X as rows of finite numbers, (rows, features); ValueError otherwise."""
    array = _numbers(X, what, "rows of finite numbers, (rows, features)")
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{what} takes rows of finite numbers, (rows, features), got shape {array.shape}")
    if len(odd := np.argwhere(~np.isfinite(array))):
        raise ValueError(
            f"{what} takes finite numbers, got {array[tuple(odd[0])]} in row {odd[0, 0]}; leave such rows out"
        )
    return array


def row_numbers(points: Any, count: int) -> list[int]:
    """Return numbers of some of `count` rows, from 0. Raise ValueError for none, or for a row that does not exist."""
    found = list(points)
    if not found or any(k not in range(count) for k in found):
        raise ValueError(f"points takes numbers of rows, from 0 to {count - 1}, got {found}")
    return found


def _numbers(given: Any, what: str, wanted: str) -> Array:
    try:
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} takes {wanted}: {error}") from None


def answer(model: Function, x: Any) -> Any:
    """Return the model's output for one row, in eval mode, in which Dropout changes nothing."""
    with evaluating(model):
        return model(x)


def chosen(model: Function, output: int | None, x: Any) -> Function:
    """Return output number `output` of the model as a function of one row; by default the output largest at x."""
    with no_grad():
        given = [float(v) for v in flatten(answer(model, x))]
    k = output_number(output, given)
    return lambda x: flatten(answer(model, x))[k]


def output_number(output: int | None, given: Any) -> int:
    """Return the number of an output, after a check; by default that of the largest one in `given` (outputs,)."""
    said = f"from 0 to {len(given) - 1}, since the model has {len(given)}"
    return int(np.argmax(given)) if output is None else numbered(output, "output", 0, len(given) - 1, said=said)


def number(f: Function, x: Any) -> float:
    """Return f(x) as a float."""
    with no_grad():
        return float(answer(f, x))


def value_and_gradient(f: Function, x: Any) -> tuple[float, Array]:
    """Return f(x) and ∂f/∂x, (features,). No `grad` of a parameter changes.

    If f returns a plain number, its gradient is 0. Raises: TypeError if that number depends on x.
    """
    leaves = [Value(v) for v in np.asarray(x, dtype=float).tolist()]
    out = answer(f, leaves)
    if not isinstance(out, Value):
        near = [v.data + 1e-3 * k * max(1.0, abs(v.data)) for k, v in enumerate(leaves, 1)]
        if float(answer(f, near)) != float(out):
            raise TypeError(
                "the model returns a plain number, so its gradient can't be computed; compute with "
                "microgrAD's functions, without float() and math"
            )
        return float(out), np.zeros(len(leaves))
    found = gradients(out, 1.0, leaves)
    return out.data, np.array([found.get(leaf, 0.0) for leaf in leaves], dtype=float)
