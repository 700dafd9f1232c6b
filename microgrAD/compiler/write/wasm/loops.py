"""Steps as loops over their elements, for programs whose straight code would not stay in the processor's cache.

An element is what one row of a matrix makes, or one number of a formula. Code for one element, or for a pair of them,
runs for all whose numbers are evenly apart in memory; what is not is written one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Rows, Spread, Step, Sum, Take, Total
from microgrAD.compiler.record.numbers import Index
from microgrAD.compiler.write.wasm.moving import FAR, Moving, Number

_FEW = 3  # turns of which no fewer make a loop
_PAIR = 2  # rows of a matrix that are computed at once

# which axis of its operands counts the elements of a step; None where each element has all of an operand
_AXES: dict[type, dict[str, int | None]] = {
    Matrix: {"out": 0, "weights": 0, "x": None},
    Outer: {"out": 0, "x": 0, "y": None},
    Total: {"out": 0, "x": 0},
    Dot: {"out": 0, "x": 1, "y": 1},
    Sum: {"out": 0, "x": 1},
}


class _Elements:
    """The elements of a step, and where their operands stand: (elements, k) for k numbers of each."""

    def __init__(self, step: Step) -> None:
        self.step, self.count = step, step.out.index.shape[0]
        if isinstance(step, Map):
            shape = step.out.index.shape
            self.count = step.out.size
            operands = {name: np.broadcast_to(rows.index, shape) for name, rows in step.operands.items()}
            self._flat = {name: Rows(step.operands[name].batched, index.ravel()) for name, index in operands.items()}
            self.operands = [(rows.batched, rows.index[:, None]) for rows in (step.out.flat, *self._flat.values())]
        else:
            named = [(getattr(step, name), axis) for name, axis in _AXES[type(step)].items()]
            self.operands = [(rows.batched, self._by_element(rows.index, axis)) for rows, axis in named]

    def _by_element(self, index: Index, axis: int | None) -> Index:
        if axis is None:
            return np.broadcast_to(index.ravel(), (self.count, index.size))
        return index.T if axis else index.reshape(self.count, -1)

    def some(self, k: int, count: int) -> Step:
        """A step of some elements from k on."""
        step, there = self.step, slice(k, k + count)
        if isinstance(step, Map):
            own = {name: Rows(rows.batched, rows.index[there]) for name, rows in self._flat.items()}
            return replace(step, out=Rows(step.out.batched, step.out.index.ravel()[there]), args={**step.args, **own})
        found = {}
        for name, axis in _AXES[type(step)].items():
            rows = getattr(step, name)
            if axis is not None:
                found[name] = Rows(rows.batched, rows.index[:, there] if axis else rows.index[there])
        return replace(step, **found)  # type: ignore[arg-type]


class Loops(Moving):
    """Writes steps into a body."""

    @staticmethod
    def can(steps: Sequence[Step]) -> bool:
        """Whether it writes all of these steps: no lookups."""
        return not any(isinstance(step, (Take, Spread)) for step in steps)

    def write(self, step: Step) -> None:
        """Write one step: a loop for each run of elements that are evenly apart."""
        if isinstance(step, Sum) and step.starts is not None:
            super().write(step)
            return
        if isinstance(step, (Outer, Total)):
            self.added.update(step.out.index.ravel().tolist())
        elements, at_once = _Elements(step), _PAIR if isinstance(step, (Matrix, Outer)) else 1
        for first, count, moving in self._runs(elements, at_once):
            turns = count // at_once if count // at_once >= _FEW else 0
            if turns:
                self.loop(turns, moving, lambda first=first: self._write(elements.some(first, at_once)))  # type: ignore[misc]
            for k in range(first + turns * at_once, first + count):
                self._write(elements.some(k, 1))

    def _write(self, step: Step) -> None:
        """Write one element, or a pair of them."""
        self._checked.clear()  # it stands for all of its run
        if isinstance(step, Matrix) and step.out.index.shape[1] == 1:
            self._product(step)
        elif isinstance(step, Outer):
            self._outer(step)
        else:
            super().write(step)

    def _product(self, step: Matrix) -> None:
        """Rows of a matrix times a column. Every number is loaded once."""
        x, weights = step.x.index.ravel(), step.weights.index
        ones = np.array([self.fixed.get(i) == 1.0 for i in x.tolist()])
        totals = [[self.body.local() for _ in range(self.width)] for _ in weights]
        for row, own in enumerate(totals):  # the bias comes first
            self._sum(False, weights[row, ones].tolist(), 0)
            if not ones.any():
                self.body.put(("v128.const", 0.0))
            first = self.body.keep()
            for total in own:
                self.body.code.extend([("local.get", first), ("local.set", total)])
        terms = replace(step, weights=Rows(False, weights[:, ~ones]), x=Rows(True, step.x.index[~ones]))
        self.within([(True, x[None, ~ones]), (False, terms.weights.index)], lambda n: self._term(terms, n, totals))
        for i, own in zip(step.out.index.ravel().tolist(), totals, strict=True):
            self.set(step.out, i, lambda v, own=own: self.body.get(own[v]))  # type: ignore[misc]

    def _term(self, step: Matrix, n: int, totals: list[list[int]]) -> None:
        """Add term n to the sum of each row."""
        weights = []
        for w in step.weights.index[:, n].tolist():
            self.push(False, w)
            weights.append(self.body.keep())
        for v in range(self.width):
            self.push(True, step.x.index.item(n, 0), v)
            number = self.body.keep()
            for own, weight in zip(totals, weights, strict=True):
                for local in (own[v], weight, number):
                    self.body.get(local)
                self.body.code.extend([("f64x2.mul",), ("f64x2.add",), ("local.set", own[v])])

    def _outer(self, step: Outer) -> None:
        """The products of lines with others. Every number is loaded once."""
        if np.isin(step.y.index, step.x.index).any():  # a line that is held does not move
            super().write(step)
            return
        self._hold(step.x.index)
        fixed = np.isin(step.y.index, list(self.fixed)).any(axis=1)
        for some in (~fixed, fixed):
            part = replace(step, out=Rows(False, step.out.index[:, some]), y=Rows(True, step.y.index[some]))
            if some.any():
                self.within([(True, part.y.index.T), (False, part.out.index)], lambda n, p=part: self._column(p, n))  # type: ignore[misc]
        self.lines.clear()

    def _column(self, step: Outer, n: int) -> None:
        """The products with number n."""
        y = step.y.index[n].tolist()
        held = self._hold(step.y.index[n])
        for i, x in zip(step.out.index[:, n].tolist(), step.x.index.tolist(), strict=True):
            self.add_up(i, lambda v, x=x: self._products(True, x, True, y, v))  # type: ignore[misc]
        for i in held:
            del self.lines[i]

    def _hold(self, index: Index) -> list[int]:
        """Load lines into locals, and return which ones: those that are not there yet."""
        new = sorted(set(index.ravel().tolist()) - self.fixed.keys() - self.lines.keys())
        for i in new:
            held = []
            for v in range(self.width):
                self.push(True, i, v)
                held.append(self.body.keep())
            self.lines[i] = held
        return new

    # ------------------------------------------------------------------------------------------ runs

    def _runs(self, elements: _Elements, at_once: int) -> Iterator[tuple[int, int, dict[Number, int]]]:
        """The first of each run of elements, how many it has, and how far the numbers of so many at once move."""
        addresses = np.hstack([self.addresses(*operand) for operand in elements.operands])
        steps = np.diff(addresses, axis=0)
        same = (steps[1:] == steps[:-1]).all(axis=1)
        first = 0
        while first < elements.count:
            count, moving = 1, {}
            if first + 1 < elements.count:
                moving = self._moves(elements.operands, first, steps[first], at_once)
            if moving:
                different = np.flatnonzero(~same[first:])
                count = 2 + (int(different[0]) if len(different) else len(same) - first)
            yield first, count, moving
            first += count

    def _moves(
        self, operands: Sequence[tuple[bool, Index]], first: int, steps: Index, at_once: int
    ) -> dict[Number, int]:
        """How far each number of some elements moves; nothing where one would move in two ways, or back."""
        found: dict[Number, int] = {}
        for k in range(first, min(first + at_once, len(operands[0][1]))):
            numbers = [(batched, i) for batched, index in operands for i in index[k].tolist()]
            for number, by in zip(numbers, steps.tolist(), strict=True):
                if not 0 <= by < FAR // 2 or found.setdefault(number, by * at_once) != by * at_once:
                    return {}
        return found
