"""Rows that the engine can compute and a program can't: the unused side of a choice is not finite in them.

A program computes both sides of a choice for all rows. If the side that is not used overflows, or has an infinite
derivative, the engine computes that row. It builds only the side that is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.run.faults import Summed, prefixed, replay
from microgrAD.errors import DomainError


class OnEngine:
    """Runs a tape row by row on the engine: for what can't be compiled, such as a division by the constant 0."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    @property
    def source(self) -> str:
        """There is no code of its own; a line that says so."""
        return f"# {self.tape.operations()} operations, some of them out of their domain: computed by the engine\n"

    backward = None

    @property
    def tensors(self) -> Any:
        """What is out of its domain has no tensor program: the engine's error."""
        self.outputs(np.ones(len(self.tape.parameters)), np.ones((len(self.tape.inputs), 1)))
        raise ValueError("a program with an operation out of its domain has no equations to show")

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        return np.array([self.row(theta, columns, k)[0] for k in range(columns.shape[1])]).T

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        found = [self.row(theta, columns, k, slope=True) for k in range(columns.shape[1])]
        return np.array([values[0] for values, _ in found]), seeds @ np.array([slope for _, slope in found])

    def loop(self, columns: Array, seeds: Array, steps: int = 100) -> Any:
        """A function of theta that gives the gradient alone."""
        return lambda theta: self.gradients(theta, columns, seeds)[1]

    def row(self, theta: Array, columns: Array, k: int, *, slope: bool = False) -> tuple[list[float], list[float]]:
        """The values of one row, and their gradient where it is asked for."""
        with prefixed(self.tape, k):
            leaves, roots = replay(
                self.tape, theta.tolist(), [leaf._data for leaf in self.tape.watched], columns[:, k].tolist()
            )
            found = gradients(roots[0], 1.0, leaves) if slope else {}
        return [root.data for root in roots], [found.get(leaf, 0.0) for leaf in leaves]


class Sided:
    """Runs a tape by `inner`, and by the engine the rows that only the engine can compute."""

    def __init__(self, inner: Any) -> None:
        self.inner, self._engine = inner, OnEngine(inner.tape)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        try:
            found: Array = self.inner.outputs(theta, columns)
            return found
        except Summed:
            return np.concatenate([self._outputs(theta, columns, k) for k in range(columns.shape[1])], axis=1)

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        try:
            found: tuple[Array, Array] = self.inner.gradients(theta, columns, seeds)
            return found
        except Summed:
            return self._row_by_row(theta, columns, seeds)

    def loop(self, columns: Array, seeds: Array, steps: int = 100) -> Any:
        """A function of theta that gives the gradient alone."""
        inner = self.inner.loop(columns, seeds, steps)

        def gradient(theta: Array) -> Array:
            try:
                found: Array = inner(theta)
                return found
            except Summed:
                return self._row_by_row(theta, columns, seeds)[1]

        return gradient

    def _outputs(self, theta: Array, columns: Array, k: int) -> Array:
        try:
            found: Array = self.inner.outputs(theta, columns[:, [k]])
            return found
        except DomainError:  # the engine says of row k, be it computed or not
            return np.array(self._engine.row(theta, columns, k)[0])[:, None]

    def _row_by_row(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        values, total = [], np.zeros(len(theta))
        for k in range(columns.shape[1]):
            try:
                value, slope = self.inner.gradients(theta, columns[:, [k]], seeds[[k]])
            except DomainError:
                value, slope = map(np.array, self._engine.row(theta, columns, k, slope=True))
                slope = slope * seeds[k]
            values.append(value)
            with np.errstate(all="ignore"):
                total = total + slope
        if not np.isfinite(total).all():
            raise Summed
        return np.concatenate(values), total
