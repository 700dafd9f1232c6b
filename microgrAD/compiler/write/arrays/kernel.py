"""A kernel: a tape's tensor program as NumPy code, and that code bound to tables for some number of rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.sections import plan
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.write.arrays.binding import make, text
from microgrAD.compiler.write.arrays.kinds import write


class Kernel:
    """The NumPy code of a program. Gradients are there where it has one root."""

    def __init__(self, tensors: Tensors, backward: Backward | None) -> None:
        self.tensors, self.backward = tensors, backward
        planned, moving = plan(self.tensors, self.backward)
        self.fixed = _fixed(self.tensors)
        source = write(planned, moving, self.fixed, {True: self.tensors.lines, False: self.tensors.places})
        self.divides = bool(self.fixed) and not source.mixed  # whether other rows may stand in a table of their own
        self._source, self._make = source, make(source)

    @property
    def source(self) -> str:
        """The code that runs."""
        return text(self._source)

    def bind(self, rows: int) -> Bound:
        """The program with tables for so many rows."""
        return Bound(self.tensors, self.backward, self._make, rows)

    def beside(self, bound: Bound) -> Bound:
        """The program for other rows, in a table of their own; all other tables are those of `bound`."""
        return Bound(self.tensors, self.backward, self._make, bound.rows, bound, self.fixed)


class Bound:
    """Tables for a number of rows, and the functions that work on them, in the order in which they are to be run.

    `forward` and `backward` go again when parameters have moved, `reseed` when `seeds` has changed, `setup` and `turn`
    when the rows have; `finish` completes the roots' values. What is beside another shares its tables but for the
    rows, and what `turn` makes of them: after the other has run, `setup` and `reseed` have to go again.
    """

    setup: Callable[[], None]
    reseed: Callable[[], None]
    turn: Callable[[], None]
    forward: Callable[[], None]
    finish: Callable[[], None]
    backward: Callable[[], None]
    seeds: Array
    gradient: Array
    held: Array | None = None  # the rows that stand in the tables, as they were given
    ready: Array | None = None  # the rows for which `setup` has run
    seeded: Array | None = None  # the seeds for which `seed` has run on these rows

    def __init__(
        self,
        tensors: Tensors,
        backward: Backward | None,
        make: Callable[..., Any],
        rows: int,
        beside: Bound | None = None,
        fixed: int = 0,
    ) -> None:
        self.rows = rows
        self._buffers: list[Array] = [] if beside is None else beside._buffers
        if beside is None:
            self.D, self.U = _tables(tensors, backward, rows)
            self.X = self.D
        else:
            self.D, self.U = beside.D, beside.U
            self.X = self.D[:fixed].copy()
        self.parameters = self.U[: len(tensors.parameters), 0]
        self.watched = list(tensors.watched)
        self.inputs = list(tensors.inputs)
        self.roots = list(tensors.roots)
        if backward:
            first = backward.first
            self.seeds, self.gradient = self.D[backward.seeds], self.U[first : first + len(self.parameters), 0]
        made = iter(self._buffers)
        space = self._space if beside is None else lambda shape: next(made)
        sections = make(self.X, self.D, self.U, rows, space)
        self.setup, self.reseed, self.turn, self.forward, self.finish, self.backward = sections

    def _space(self, shape: tuple[int, ...]) -> Array:
        buffer = np.empty(shape)
        self._buffers.append(buffer)
        return buffer

    def seed(self) -> None:
        """All that gradients need before `forward`."""
        self.turn()
        self.reseed()


def _tables(tensors: Tensors, backward: Backward | None, rows: int) -> tuple[Array, Array]:
    """D and U with ones and constants in their places."""
    size = backward or tensors
    D, U = np.zeros((size.lines, rows)), np.zeros((size.places, 1))
    D[list(tensors.ones)] = 1.0
    for place, number in tensors.constants.items():
        U[place] = number
    return D, U


def _fixed(tensors: Tensors) -> int:
    """How many lines hold the inputs and ones behind them; 0 where inputs stand elsewhere, too."""
    lines = {*tensors.inputs, *tensors.ones}
    count = next(k for k in itertools.count() if k not in lines)
    return count if max(tensors.inputs, default=0) < count else 0
