"""Shared by this room: checks of rows, one output of a model as a function of a row, and its gradient by the row.

f    a function of one row that returns one Value
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.compiler import CompileError, FunctionProgram, compile
from microgrAD.engine import no_grad
from microgrAD.errors import numbered
from microgrAD.nn.modes import fused
from microgrAD.nn.module import Module
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


class Asked:
    """A function of one row, to be asked many times: for its value, and for its gradient.

    A module is compiled, with the numbers of the row as parameters; another function is run as it is.

    Arguments:
        f: the function.
        size: the length of a row.
    """

    def __init__(self, f: Function, size: int) -> None:
        self.f, self.leaves = f, [Value(0.0) for _ in range(size)]
        self.program: FunctionProgram | None = None
        if isinstance(f, Module):
            with suppress(CompileError):
                self.program = compile(lambda _: self._answer(f), parameters=self.leaves, shapes=[(1,)])

    def _answer(self, f: Module) -> Any:
        """Return f at the leaves. The program has the numbers of single products; few nodes are proven sooner."""
        with fused(f):
            return answer(f, self.leaves)

    def value(self, x: Array) -> float:
        """Return f(x)."""
        return number(self.f, x) if self.program is None else float(self._at(x).value(NO_ROW))

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        """Return f(x) and ∂f/∂x, (features,)."""
        if self.program is None:
            return value_and_gradient(self.f, x)
        value, slope = self._at(x).value_and_grad(NO_ROW)
        return float(value), slope

    def _at(self, x: Array) -> FunctionProgram:
        assert self.program is not None
        for leaf, number_ in zip(self.leaves, x.tolist(), strict=True):
            leaf.data = number_
        return self.program


NO_ROW = np.zeros((1, 1))  # what the program of an `Asked` reads is in its parameters
