"""Numbers that stand in memory, and loops in which they move on: code for the first ones runs for all others.

Each address has a local added to it, which a loop moves on from turn to turn.

width     vectors of two rows that a block has: parameters are loaded once for all of them
lines     16 · width bytes each, behind the table U
sums      16 bytes for each place of U that is added up over the rows: two rows, which are added at the end
moving    by how many bytes each number moves in a turn; below 0 it says which operand of an inner loop it is
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from microgrAD.compiler.program.tensors import Rows
from microgrAD.compiler.record.numbers import Index
from microgrAD.compiler.write.wasm.encoding import I32
from microgrAD.compiler.write.wasm.memory import Places
from microgrAD.compiler.write.wasm.straight import Straight

_VECTOR = 16
FAR = 1 << 40  # a distance that no address has from another
_SHORTEST = 4  # turns of which no fewer make an inner loop
Number = tuple[bool, int]  # whether it is batched, and its line or place


@dataclass(eq=False)
class Moving(Straight):
    """Straight code whose numbers are all in memory, and loops around it. The lines stand behind all places."""

    added: set[int] = field(default_factory=set, init=False)  # the places that are added up over the rows
    # by how far it moves in a turn: the local that is added to an address
    _offsets: dict[int, int] = field(default_factory=dict, init=False)
    _moving: dict[Number, int] = field(default_factory=dict, init=False)  # how far a number of the first element moves
    _pool: list[int] = field(default_factory=list, init=False)  # locals for offsets

    @staticmethod
    def end(places: Places, width: int, lines: int) -> int:
        """The address behind all that is needed."""
        return places.end + _VECTOR * width * lines + 2 * (places.end - places.start)

    # ------------------------------------------------------------------------------------------ numbers

    def _line_at(self, i: int) -> int:
        return self.places.end + _VECTOR * self.width * i

    def _sum_at(self, place: int) -> int:
        return self._line_at(self.count) + 2 * (self.places.at(place) - self.places.start)

    def _offset(self, batched: bool, i: int) -> None:
        """Push what is added to the address of a number, or 0."""
        moves = self._moving.get((batched, i), 0)
        self.body.put(("local.get", self._offsets[moves]) if moves else ("i32.const", 0))

    def push(self, batched: bool, i: int, v: int = 0) -> None:
        """Push line i, or place i for both rows."""
        if i in (self.fixed if batched else self.constants) or batched and i in self.lines:
            super().push(batched, i, v)
            return
        self._offset(batched, i)
        if batched:
            self.body.put(("v128.load", self._line_at(i) + _VECTOR * v))
        else:
            self.body.put(("v128.load64_splat", self.places.at(i)))

    def operand(self, batched: bool, i: int, v: int) -> Callable[[], None]:
        """What pushes it, where a formula names it."""
        return lambda: self.push(batched, i, v)

    def set(self, out: Rows, i: int, write: Callable[[int], None]) -> None:
        """Give line i, or place i, the numbers that `write` pushes for each vector."""
        for v in range(self.width if out.batched else 1):
            self._offset(out.batched, i)
            write(v)
            if out.batched:
                self.body.put(("v128.store", self._line_at(i) + _VECTOR * v))
            else:
                self.body.code.extend([("f64x2.extract_lane", 0), ("f64.store", self.places.at(i))])

    # ------------------------------------------------------------------------------------------ loops

    def loop(self, count: int, moving: dict[Number, int], write: Callable[[], None]) -> None:
        """Write what is written for one element so that it runs for `count`."""
        body, moves = self.body, sorted(set(moving.values()) - {0})
        while len(self._pool) < len(moves):
            self._pool.append(body.local(I32))
        self._moving, self._offsets = moving, dict(zip(moves, self._pool, strict=False))
        for offset in self._offsets.values():
            body.code.extend([("i32.const", 0), ("local.set", offset)])
        body.put(("loop",))
        write()
        for by, offset in self._offsets.items():
            body.advance(offset, by)
        body.get(self._offsets[moves[0]])
        body.code.extend([("i32.const", moves[0] * count), ("i32.ne",), ("br_if", 0), ("end",)])
        self._moving = {}

    def within(self, operands: list[tuple[bool, Index]], write: Callable[[int], None]) -> None:
        """Write what is done for each column of some operands: a loop where each of them is evenly apart.

        It is short, since what is computed in one turn of a loop is kept in registers. In long straight code all is
        loaded first.
        """
        body, count = self.body, operands[0][1].shape[1]
        steps = [np.diff(self.addresses(*operand), axis=1) for operand in operands]
        numbers = [[(batched, i) for i in index[:, :1].ravel().tolist()] for batched, index in operands]
        starts = [{self._moving.get(number, 0) for number in own} for own in numbers]
        if count < _SHORTEST or any(len(start) > 1 for start in starts) or not all(map(_is_even, steps)):
            for n in range(count):
                write(n)
            return
        outside, left = (self._moving, self._offsets), body.local(I32)
        body.code.extend([("i32.const", count), ("local.set", left)])
        offsets = {}
        for k, own in enumerate(numbers):
            self._offset(*own[0])
            offsets[-1 - k] = body.local(I32)
            body.put(("local.set", offsets[-1 - k]))
        moving = {number: -1 - k for k, own in enumerate(numbers) for number in own}
        self._moving, self._offsets = self._moving | moving, self._offsets | offsets
        body.put(("loop",))
        write(0)
        for offset, by in zip(offsets.values(), steps, strict=True):
            body.advance(offset, by.item(0))
        body.advance(left, -1)
        body.get(left)
        body.code.extend([("br_if", 0), ("end",)])
        self._moving, self._offsets = outside

    def addresses(self, batched: bool, index: Index) -> Index:
        """Where numbers stand; what stands in the code instead is far from all others."""
        if batched:
            found = _VECTOR * self.width * index
        else:
            ends = np.array(self.places.even, dtype=np.intp)
            found = 8 * (index + (index[..., None] >= ends).sum(axis=-1))
        fixed = np.isin(index, list(self.fixed if batched else self.constants))
        return np.where(fixed, -FAR * (1 + index), found)

    # ------------------------------------------------------------------------------------------ over the rows

    def add_up(self, place: int, write: Callable[[int], None]) -> None:
        """Add what `write` pushes for each vector to the sum of a place, over the rows."""
        self._twice(place)
        self._twice(place)
        self.body.put(("v128.load", self._sum_at(place)))
        for v in range(self.width):
            write(v)
            self.body.put(("f64x2.add",))
        self.body.put(("v128.store", self._sum_at(place)))

    def _twice(self, place: int) -> None:
        """Push what is added to the address of a place's sum, which takes twice the room."""
        self._offset(False, place)
        if self._moving.get((False, place), 0):
            self.body.code.extend([("i32.const", 1), ("i32.shl",)])

    def clear(self) -> None:
        """Begin to add up: called when all steps are written, for code that stands before them."""
        for first, count in self._ranges():
            at, size = self._sum_at(first), self._sum_at(first + count - 1) + _VECTOR - self._sum_at(first)
            self.body.code.extend([("i32.const", at), ("i32.const", 0), ("i32.const", size), ("memory.fill",)])

    def finish(self) -> None:
        """Put the sums over the rows in their places."""
        for first, count in self._ranges():
            self.loop(count, {(False, first): 8}, lambda first=first: self._add_both(first))  # type: ignore[misc]

    def _add_both(self, place: int) -> None:
        body = self.body
        self._offset(False, place)
        self._twice(place)
        body.put(("v128.load", self._sum_at(place)))
        both = body.keep()
        for lane in (0, 1):
            body.get(both)
            body.put(("f64x2.extract_lane", lane))
        body.code.extend([("f64.add",), ("f64.store", self.places.at(place))])

    def _ranges(self) -> list[tuple[int, int]]:
        """The places that are added up, as the first of each range that is without a gap in memory, and its length."""
        found: list[tuple[int, int]] = []
        for place in sorted(self.added):
            if found and place == sum(found[-1]) and self.places.at(place) == self.places.at(place - 1) + 8:
                found[-1] = found[-1][0], found[-1][1] + 1
            else:
                found.append((place, 1))
        return found


def _is_even(steps: Index) -> bool:
    """Whether all steps are the same one, and forward."""
    return bool((steps == steps.flat[0]).all()) and 0 < steps.item(0) < FAR // 2
