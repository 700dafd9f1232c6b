"""Rows that are some of all rows: their errors name them by their numbers among all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microgrAD.compiler.record.numbers import Array, Index
from microgrAD.compiler.run.faults import counted


class Counted:
    """What runs rows of one shape among others."""

    def __init__(self, inner: Any, numbers: Index) -> None:
        self._inner, self._numbers = inner, numbers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        with counted(self._numbers):
            found: Array = self._inner.outputs(theta, columns)
            return found

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        with counted(self._numbers):
            found: tuple[Array, Array] = self._inner.gradients(theta, columns, seeds)
            return found

    def loop(self, columns: Array, seeds: Array, steps: int = 100) -> Callable[[Array], Array]:
        """A function of theta that gives the gradient alone."""
        inner = self._inner.loop(columns, seeds, steps)

        def gradient(theta: Array) -> Array:
            with counted(self._numbers):
                found: Array = inner(theta)
                return found

        return gradient
