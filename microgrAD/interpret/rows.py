"""What the questions have in common: one row checked, one number out of a model's answer, its gradient by the row.

f    a function of one row that gives one Value
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.engine import no_grad
from microgrAD.nn.shapes import flatten
from microgrAD.operators import Value
from microgrAD.outputs import evaluating

Array = np.ndarray[Any, np.dtype[np.float64]]
Function = Callable[[Any], Any]


def row(x: Any, what: str = "x") -> Array:
    """One row of finite numbers, (features,); ValueError otherwise."""
    array = np.asarray(x, dtype=float)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{what} takes one row of finite numbers, got {_described(array)}")
    return array


def table(X: Any, what: str = "X") -> Array:
    """Rows of finite numbers, (rows, features); ValueError otherwise."""
    array = np.asarray(X, dtype=float)
    if array.ndim != 2 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{what} takes rows of finite numbers, (rows, features), got {_described(array)}")
    return array


def _described(array: Array) -> str:
    return f"shape {array.shape}" + ("" if np.isfinite(array).all() else " with a number that is not finite")


def answer(model: Function, x: Any) -> Any:
    """What the model gives for one row when it is used: in eval mode, where Dropout passes all."""
    with evaluating(model):
        return model(x)


def chosen(model: Function, output: int | None, x: Any) -> Function:
    """The model's output of that number as a function of one row; by itself the output that is largest at x."""
    with no_grad():
        given = [float(v) for v in flatten(answer(model, x))]
    k = int(np.argmax(given)) if output is None else output
    if not 0 <= k < len(given):
        raise ValueError(f"output must be from 0 to {len(given) - 1}, since the model gives {len(given)}, got {output}")
    return lambda x: flatten(answer(model, x))[k]


def number(f: Function, x: Any) -> float:
    """f at x."""
    with no_grad():
        return float(answer(f, x))


def value_and_gradient(f: Function, x: Any) -> tuple[float, Array]:
    """f(x) and ∂f/∂x, (features,); no `grad` of any parameter is touched.

    A function that gives a plain number has no slope; TypeError when it follows x all the same.
    """
    leaves = [Value(v) for v in np.asarray(x, dtype=float).tolist()]
    out = answer(f, leaves)
    if not isinstance(out, Value):
        near = [v.data + 1e-3 * k * max(1.0, abs(v.data)) for k, v in enumerate(leaves, 1)]
        if float(answer(f, near)) != float(out):
            raise TypeError(
                "the model gives a plain number, so its gradient can't be followed: let it compute with "
                "microgrAD's functions, and leave out float() and math"
            )
        return float(out), np.zeros(len(leaves))
    found = gradients(out, 1.0, leaves)
    return out.data, np.array([found.get(leaf, 0.0) for leaf in leaves], dtype=float)
