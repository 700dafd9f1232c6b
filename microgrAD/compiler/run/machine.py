"""A program as machine code: rows in, values and gradients out, and training inside one call.

What this can't compute gives None: a number was not finite. Then the NumPy program finds out what happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.run.host import Host
from microgrAD.compiler.run.rule import Rule, key, rule
from microgrAD.compiler.write.wasm.modules import Module, Written

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer

MANY = 8  # rows of which no more are computed at once
_PATIENCE = 0.1  # seconds that one call takes, about: an interrupt is heard after it


class Machine:
    """The modules of a program. One thread at a time.

    Arguments:
        looped: whether steps are loops over their elements, on up to eight rows at once; or else straight code, on up
            to four.
    """

    def __init__(self, tensors: Tensors, backward: Backward | None, *, looped: bool) -> None:
        self.tensors, self.backward, self.looped = tensors, backward, looped
        self.order = np.array(tensors.parameters, dtype=np.intp)
        self.back = np.argsort(self.order)
        self._inference: dict[int, _Loaded] = {}
        self._trainers: dict[Any, tuple[Rule, _Loaded]] = {}

    def width(self, rows: int) -> int:
        """How many vectors of two rows are computed side by side."""
        return 1 if rows <= 2 else 4 if self.looped and rows > 4 else 2

    @cached_property
    def written(self) -> Written:
        """The module of values and gradients, for many rows."""
        return self._module(self.width(MANY)).inference()

    def _module(self, width: int) -> Module:
        return Module(self.tensors, self.backward, width, looped=self.looped)

    def saved(self, theta: Array, watched: list[float]) -> bytes:
        """The module with these parameters in it, for any host."""
        places = dict(enumerate(theta[self.order].tolist())) | dict(zip(self.tensors.watched, watched, strict=True))
        return self._module(self.width(MANY)).saved(places)

    def _loaded(self, rows: int) -> _Loaded:
        width = self.width(rows)
        if width not in self._inference:
            written = self.written if width == self.width(MANY) else self._module(width).inference()
            self._inference[width] = _Loaded(written, self)
        return self._inference[width]

    def outputs(self, theta: Array, watched: list[float], columns: Array) -> Array | None:
        """The values of the roots: (roots, rows)."""
        loaded = self._loaded(columns.shape[1])
        loaded.rows(columns)
        loaded.parameters(theta, watched)
        return loaded.values("values")

    def gradients(self, theta: Array, watched: list[float], columns: Array, seeds: Array) -> tuple[Array, Array] | None:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        loaded = self._loaded(columns.shape[1])
        loaded.rows(columns, seeds)
        loaded.parameters(theta, watched)
        found = loaded.values("gradient")
        return None if found is None else (found[0], loaded.gradient)

    def trainer(self, optimizer: Optimizer, rows: int) -> tuple[Rule, _Loaded] | None:
        """The module that trains by an optimiser's rule on so many rows; None where the rule can't be recorded."""
        assert self.backward is not None
        width = self.width(rows)
        known = key(optimizer), width
        if known not in self._trainers:
            found = rule(optimizer)
            if found is None:
                return None
            module = self._module(width).training(found.tensors, len(found.names))
            self._trainers[known] = found, _Loaded(module, self)
        return self._trainers[known]

    def train(
        self,
        theta: Array,
        watched: list[float],
        columns: Array,
        seeds: Array,
        optimizer: Optimizer,
        steps: int,
        moved: Callable[[Array], None],
    ) -> tuple[Array, int] | None:
        """Take steps, and let `moved` know the parameters after the last whole one, be it interrupted: gives what they
        were before it, and how many steps are left, as a number is not finite. None if the rule can't be recorded."""
        found = self.trainer(optimizer, columns.shape[1])
        if found is None:
            return None
        rule, loaded = found
        loaded.rows(columns, seeds)
        loaded.parameters(theta, watched)
        loaded.remember(rule, optimizer)
        before, left, chunk, faults = theta, steps, 64, 0
        try:
            while left:
                count = min(chunk, left - 1) or 1
                if left == 1:
                    before = loaded.theta
                started = time.perf_counter()
                taken = loaded.call("train", count)
                left -= taken
                if taken < count:
                    faults = 1
                    break
                if time.perf_counter() - started < _PATIENCE / 4:
                    chunk *= 4
        finally:
            moved(loaded.theta)
            loaded.recall(rule, optimizer, faults)
        return before, left


class _Loaded:
    """A module with its host: what stands where in its memory."""

    def __init__(self, written: Written, machine: Machine) -> None:
        self.written, self.machine = written, machine
        self.host = Host(written.binary)
        self.calls = {f.name: self.host.function(f.name) for f in written.functions if f.name}
        self.block = 2 * written.width
        self.count = self.blocks = 0
        self._held: tuple[Any, Any] = (None, None)
        self._look()

    def _look(self) -> None:
        """The arrays that stand in memory: made anew when it may have grown."""
        tensors, backward, count = self.machine.tensors, self.machine.backward, len(self.machine.order)
        self._theta = self._at(0, count)
        self._watched = [self._at(place, 1) for place in tensors.watched]
        if backward:
            self._gradient = self._at(backward.first, count)

    def rows(self, columns: Array, seeds: Array | None = None) -> None:
        """Put rows in their places; the last is repeated up to a whole block, and does not count. For values alone
        there are no seeds."""
        if self._held[0] is columns and (seeds is None or self._held[1] is seeds):
            return
        self._held = None, None  # until all is there
        if columns.shape[1] != self.count:
            self._room(columns.shape[1])
        lines, count = self._lines, self.count
        lines[:-1, :count], lines[:-1, count:] = columns, columns[:, -1:]
        lines[-1, :count] = 0.0 if seeds is None else seeds
        self._table[...] = lines.reshape(self._table.shape)
        self._held = columns, seeds

    def _room(self, count: int) -> None:
        """Make room for so many rows: the arrays of what stands where."""
        tensors, blocks = self.machine.tensors, -(-count // self.block)
        lines, roots, size = len(tensors.inputs) + 1, len(tensors.roots), blocks * self.block
        out = self.written.rows + 8 * lines * size
        self.host.reserve(out + 8 * roots * size + 16)
        self.count, self.blocks, self.out = count, blocks, out
        self._lines = np.zeros((lines, size))
        self._table = self._in_blocks(self.written.rows, lines)
        self._values = self._in_blocks(out, roots)
        self._look()

    def _in_blocks(self, at: int, lines: int) -> Array:
        """What stands in blocks, as (lines, blocks, rows of a block)."""
        found = self.host.numbers(at, self.blocks * lines * self.block)
        return found.reshape(self.blocks, lines, self.block).transpose(1, 0, 2)

    def _at(self, first: int, count: int) -> Array:
        return self.host.numbers(self.written.places.at(first), count)

    def parameters(self, theta: Array, watched: list[float]) -> None:
        """Put parameters and watched leaves in their places."""
        theta.take(self.machine.order, out=self._theta, mode="clip")
        for place, number in zip(self._watched, watched, strict=True):
            place[0] = number

    @property
    def theta(self) -> Array:
        """The parameters, in the program's order."""
        return self._theta.take(self.machine.back)

    @property
    def gradient(self) -> Array:
        """The gradient, likewise."""
        return self._gradient.take(self.machine.back)

    def call(self, name: str, last: int) -> int:
        """Call a function on the rows."""
        return self.calls[name](self.written.rows, self.blocks, last)

    def values(self, name: str) -> Array | None:
        """The values of the roots, (roots, rows), as `values` or `gradient` finds them."""
        if self.call(name, self.out):
            return None
        return np.array(self._values.reshape(len(self._values), -1)[:, : self.count])

    def remember(self, rule: Rule, optimizer: Optimizer) -> None:
        """Put in memory what the optimiser remembers, its step and its learning rate."""
        for name, at in zip(rule.names, self.written.states, strict=True):
            self.host.numbers(at, len(self.machine.order))[...] = optimizer.state[name][self.machine.order]
        own = self.written.rule
        assert own is not None
        self.host.numbers(own.at(0), 1)[0] = optimizer.steps
        for place in rule.tensors.watched:
            self.host.numbers(own.at(place), 1)[0] = optimizer.lr

    def recall(self, rule: Rule, optimizer: Optimizer, faults: int) -> None:
        """Give it back to the optimiser; a step that failed was counted, and did nothing."""
        assert self.written.rule is not None
        optimizer.steps = int(self.host.numbers(self.written.rule.at(0), 1)[0]) - faults
        optimizer.state = {
            name: self.host.numbers(at, len(self.machine.order))[self.machine.back]
            for name, at in zip(rule.names, self.written.states, strict=True)
        }
