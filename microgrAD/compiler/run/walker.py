"""Walking: a graph that is far deeper than wide is computed node by node, where to write code of its own for each
node would take longer than thousands of steps. Nothing is compiled; a step takes as long as the engine's.

    column      a node's numbers: one for each row, or a plain number where there is one row or it is uniform
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from microgrAD import floats, formula
from microgrAD.compiler.program.adjoint import Backward, adjoint
from microgrAD.compiler.program.functions import functions, run
from microgrAD.compiler.program.passes import tensor_program
from microgrAD.compiler.program.sums import Forms
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.lowered import lowered
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import NAMES, NONE
from microgrAD.compiler.run.faults import blame
from microgrAD.ops import OPS

_HELD = 2**28  # bytes that the columns of a tile may take
_FEW = 5  # so many rows are quicker one by one, as plain numbers
_FAULTS: tuple[type[Exception], ...] = (*floats.FAULTS, FloatingPointError)

Step = tuple[int, str, tuple[int, ...]]  # a node, its operation, and what it reads


class Reading(NamedTuple):
    """The table's functions for one kind of columns: the value of an operation, and its derivative by argument k."""

    value: Callable[[str], Callable[..., Any]]
    partial: Callable[[str, int], Callable[..., Any]]


@cache
def _over_arrays(name: str, k: int | None = None) -> Callable[..., Any]:
    op = OPS[name]
    title, text = ("value", op.computed_value) if k is None else (f"d{k}", op.computed_partials[k] or "0")
    source = f"def {title}({', '.join(op.args)}, out=None):\n    return {formula.numpy(text)}\n"
    return run(source, f"numpy {title} {name}", dict(functions))[title]  # type: ignore[no-any-return]


NUMBERS = Reading(floats.value, floats.partial)
ARRAYS = Reading(_over_arrays, _over_arrays)


class Walker:
    """What runs such a tape, as a Runner runs others. To be called within `strict`."""

    def __init__(self, forms: Forms) -> None:
        self.tape, self._forms = forms.tape, forms
        found = lowered(forms.tape, forms.zero)
        self.size = found.size
        self.steps: list[Step] = [
            (i, NAMES[code], tuple([j for j in args if j != NONE]))
            for i, code, args in zip(*(column.tolist() for column in found[:3]), strict=True)
        ]
        self.arity = {op: len(args) for _, op, args in self.steps}
        self.moving = [False] * self.size  # what depends on a parameter
        for i in self.tape.parameters.values():
            self.moving[i] = True
        for i, _, args in self.steps:
            self.moving[i] = True in [self.moving[j] for j in args]
        self.tile = int(np.clip(_HELD // (16 * self.size), 1, 8192))

    @property
    def source(self) -> str:
        """There is no code of its own; a line that says so."""
        return f"# {self.tape.operations()} operations, far deeper than wide: computed node by node, without code\n"

    @cached_property
    def tensors(self) -> Tensors:
        """The tensor program that it would be, to be shown."""
        return tensor_program(self._forms.whole())

    @cached_property
    def backward(self) -> Backward | None:
        """Its backward pass, likewise."""
        return adjoint(self.tensors) if len(self.tape.roots) == 1 else None

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""

        def found(reading: Reading, tile: Array, seeds: Array) -> Array:
            values = self._values(reading, theta, tile)
            return np.array([np.broadcast_to(values[root], tile.shape[1]) for root in self.tape.roots])

        return np.concatenate(list(self._tiles(found, theta, columns, np.empty(columns.shape[1]))), axis=1)

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        (root,) = self.tape.roots

        def found(reading: Reading, tile: Array, shares: Array) -> tuple[Array, Array]:
            values = self._values(reading, theta, tile)
            gradient = self._gradient(reading, values, shares)
            return np.broadcast_to(values[root], tile.shape[1]), gradient

        tiles = list(self._tiles(found, theta, columns, seeds))
        return np.concatenate([values for values, _ in tiles]), np.sum([gradient for _, gradient in tiles], axis=0)

    def loop(self, columns: Array, seeds: Array, steps: int = 0) -> Callable[[Array], Array]:
        """A function of theta that gives the gradient alone."""
        return lambda theta: self.gradients(theta, columns, seeds)[1]

    # ------------------------------------------------------------------------------------------ parts

    def _tiles(
        self, found: Callable[[Reading, Array, Array], Any], theta: Array, columns: Array, seeds: Array
    ) -> Iterator[Any]:
        """What is found of each tile; row by row where one fails, be it in a branch that is not taken."""
        for first in range(0, columns.shape[1], self.tile):
            tile, shares = columns[:, first : first + self.tile], seeds[first : first + self.tile]
            if tile.shape[1] > _FEW:
                try:
                    yield found(ARRAYS, tile, shares)
                    continue
                except FloatingPointError:
                    pass
            for k in range(tile.shape[1]):
                try:
                    yield found(NUMBERS, tile[:, [k]], shares[[k]])
                except _FAULTS:
                    blame(self.tape, theta.tolist(), self._watched(), tile, [k], first)

    def _watched(self) -> list[float]:
        return [leaf._data for leaf in self.tape.watched]

    def _values(self, reading: Reading, theta: Array, tile: Array) -> list[Any]:
        """The columns of all nodes. FloatingPointError where a number is not finite."""
        tape, values = self.tape, [0.0] * self.size
        rows = tile[:, 0].tolist() if reading is NUMBERS else tile
        for places, column in (
            (tape.parameters.values(), theta.tolist()),
            (tape.watched.values(), self._watched()),
            (tape.inputs, rows),
            (tape.constants, tape.constants.values()),
        ):
            for i, numbers in zip(places, column, strict=True):
                values[i] = numbers
        call = {op: reading.value(op) for op in self.arity}
        for i, op, args in self.steps:
            values[i] = call[op](*[values[j] for j in args])
        if reading is NUMBERS and not np.isfinite(values).all():  # products of plain numbers overflow in silence
            raise FloatingPointError
        return values

    def _gradient(self, reading: Reading, values: list[Any], seeds: Array) -> Array:
        """The gradient by the parameters, in their order."""
        sums: list[Any] = [None] * self.size
        sums[self.tape.roots[0]] = float(seeds[0]) if reading is NUMBERS else seeds
        slopes = {op: [_slope(reading, op, k) for k in range(size)] for op, size in self.arity.items()}
        for i, op, args in reversed(self.steps):
            upstream, sums[i] = sums[i], None
            if upstream is None:  # nothing that moves
                continue
            operands = [values[j] for j in args]
            for j, slope in zip(args, slopes[op], strict=True):
                if self.moving[j]:
                    sent = upstream * (slope if slope.__class__ is float else slope(*operands, values[i]))
                    sums[j] = sent if sums[j] is None else sums[j] + sent
        found = np.array([0.0 if sums[i] is None else np.sum(sums[i]) for i in self.tape.parameters.values()])
        if not np.isfinite(found).all():
            raise FloatingPointError
        return found


def _slope(reading: Reading, op: str, k: int) -> Any:
    """A derivative as a function of operands and result, or as the number that it always is."""
    text = OPS[op].computed_partials[k] or "0"
    try:
        return float(text)
    except ValueError:
        return reading.partial(op, k)
