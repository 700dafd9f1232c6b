"""Running records: a graph without matrices, or one that is thousands deep, by one loop of machine code.

Compiling is no more than writing the graph down as numbers. If a number is not finite, each row is computed alone, and
the engine says what happened in the first that fails.

block     rows that are computed at once: two, or four, which share the time that the loop takes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from microgrAD.compiler.program.adjoint import Backward, adjoint
from microgrAD.compiler.program.passes import tensor_program
from microgrAD.compiler.program.sums import Forms
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.lowered import lowered
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import CODES, NONE, Tape
from microgrAD.compiler.run.faults import blame
from microgrAD.compiler.run.host import LARGEST, Host
from microgrAD.compiler.run.kinds import by_kind
from microgrAD.compiler.write.wasm.listing import listing
from microgrAD.compiler.write.wasm.memory import TABLES
from microgrAD.compiler.write.wasm.records import FIRST_ROOT, RECORD, Kind, slot, written
from microgrAD.lookup import TAKE

_AT_ONCE = 4_000_000  # operations of one call, about 50 ms: an interrupt is heard after it
_FEW = 2  # rows that are computed two by two
_WIDE = 2  # vectors of two rows in a block of more of them: a slot is a line of the cache
_NEAR = 3 * 2**18  # bytes: where operands are further away on average, wide slots come from slow memory
_HELD = 2**26  # bytes that the rows of one call may take
_Whole = np.ndarray[Any, np.dtype[np.int32]]


def fits(tape: Tape, width: int = 1) -> bool:
    """Whether the records of a tape find room in a module's memory, with as much for what stands beside them."""
    lookup = CODES[TAKE]  # which becomes up to five records for each operand; a sum or a dot product up to two
    apart = sum([(5 if tape.code[i] == lookup else 2) * len(args) for i, args in tape.many.items()])
    return (len(tape) + apart) * (slot(width) + RECORD) * 2 < LARGEST


class Places(NamedTuple):
    """A graph as slots, by their numbers: parameters, watched leaves, constants, inputs, and what records make.

    Arguments:
        records: the kind of each, the slot that it makes, those of its operands, (records, 5).
        slots: how many there are.
    """

    kinds: tuple[Kind, ...]
    records: _Whole
    roots: _Whole
    constants: Array
    inputs: int
    slots: int


class Records:
    """What runs such a tape, as a Runner runs others. To be called within `strict`, by one thread at a time."""

    def __init__(self, forms: Forms) -> None:
        self.tape, self.forms = forms.tape, forms
        found, self.kinds, which = by_kind(self.tape, lowered(forms.tape, forms.zero))
        tape = self.tape
        leaves = [*tape.parameters.values(), *tape.watched.values(), *tape.constants, *tape.inputs]
        slots = np.zeros(found.size + 1, dtype=np.int32)
        slots[leaves] = np.arange(len(leaves))
        slots[found.nodes] = np.arange(len(leaves), len(leaves) + len(found.nodes))
        operands = np.where(found.operands == NONE, 0, slots[found.operands])
        records = np.column_stack([which, slots[found.nodes], operands]).astype(np.int32)
        constants = np.array(list(tape.constants.values()), dtype=float)
        count = len(leaves) + len(records)
        self.places = Places(self.kinds, records, slots[tape.roots], constants, len(tape.inputs), count)
        self._loaded: dict[int, Loaded] = {}

    @property
    def source(self) -> str:
        """The code that runs, and how many records it runs."""
        count = len(self.places.records)
        head = f";; run by a loop over {count} records of {len(self.kinds)} kinds, which stand in memory\n"
        return head + listing(written(self.kinds, max(self._loaded, default=1))[1])

    @cached_property
    def tensors(self) -> Tensors:
        """The tensor program that it would be, to be shown."""
        return tensor_program(self.forms.whole())

    @cached_property
    def backward(self) -> Backward | None:
        """Its backward pass, likewise."""
        return adjoint(self.tensors) if len(self.tape.roots) == 1 else None

    # ------------------------------------------------------------------------------------------ passes

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        found = self._run("values", theta, columns, np.zeros(columns.shape[1]))
        if found is None:
            rows = self._alone("values", theta, columns, np.zeros(columns.shape[1]))
            return np.concatenate([values for values, _ in rows], axis=1)
        return found[0]

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        found = self._run("gradient", theta, columns, seeds)
        if found is None:
            rows = list(self._alone("gradient", theta, columns, seeds))
            return np.concatenate([values[0] for values, _ in rows]), np.sum([slope for _, slope in rows], axis=0)
        return found[0][0], found[1]

    def loop(self, columns: Array, seeds: Array, steps: int = 0) -> Callable[[Array], Array]:
        """A function of theta that gives the gradient alone."""
        return lambda theta: self.gradients(theta, columns, seeds)[1]

    def _run(self, name: str, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array] | None:
        """The values of the roots, and the gradient if it is asked for; None where a number is not finite."""
        loaded = self.loaded(columns.shape[1])
        watched = np.array([leaf._data for leaf in self.tape.watched], dtype=float)
        values = loaded.run(name, theta, watched, columns, seeds)
        gradient = loaded.gradient(len(theta))
        return None if values is None or not np.isfinite(gradient).all() else (values, gradient)

    def _alone(self, name: str, theta: Array, columns: Array, seeds: Array) -> Iterator[tuple[Array, Array]]:
        """The same of each row alone, after a fault: the engine's error for the first that fails."""
        for k in range(columns.shape[1]):
            found = self._run(name, theta, columns[:, [k]], seeds[[k]])
            if found is None:
                blame(self.tape, theta.tolist(), [leaf._data for leaf in self.tape.watched], columns, [k])
            yield found

    @cached_property
    def _widest(self) -> int:
        """The vectors of a slot, where rows are many."""
        records = self.places.records
        operands = records[:, 2:]
        made = operands >= self.places.slots - len(records)  # by other records
        near = slot(_WIDE) * float((records[:, 1:2] - operands).mean(where=made)) < _NEAR if made.any() else True
        return _WIDE if near and fits(self.tape, _WIDE) else 1

    def loaded(self, rows: int) -> Loaded:
        """The module for so many rows, with the records in its memory."""
        width = self._widest if rows > _FEW else 1
        if width not in self._loaded:
            self._loaded[width] = Loaded(self.places, width)
        return self._loaded[width]


class Loaded:
    """A module with the records of a graph in its memory, in slots of so many vectors of two rows."""

    def __init__(self, places: Places, width: int) -> None:
        self.places, self.width, self.block = places, width, 2 * width
        self.host = Host(written(places.kinds, width)[0])
        size = slot(width)
        self.start = -(-(FIRST_ROOT + 4 * len(places.roots)) // size) * size
        begin = self.start + size * places.slots
        end = begin + RECORD * len(places.records)
        self.rows = -(-end // 16) * 16
        self.host.reserve(self.rows)
        records = places.records * size + self.start
        records[:, 0] = places.records[:, 0]
        roots = places.roots * size + self.start
        self.first_input = places.slots - len(places.records) - places.inputs
        head = [begin, end, self.start + size * self.first_input, size * places.inputs, len(roots), *roots.tolist()]
        self.host.whole(TABLES, len(head))[:] = head
        self.host.whole(begin, records.size)[:] = records.ravel()
        self._values(self.first_input - len(places.constants), places.constants)

    def _table(self, first: int, count: int) -> Array:
        """Slots: a number of each row, and their gradients, (slots, 2 · rows)."""
        size = 2 * self.block
        return self.host.numbers(self.start + 8 * size * first, size * count).reshape(count, size)

    def _values(self, first: int, numbers: Array) -> None:
        """Put numbers that all rows share in their slots, without a gradient."""
        table = self._table(first, len(numbers))
        table[:, : self.block], table[:, self.block :] = numbers[:, None], 0.0

    def gradient(self, parameters: int) -> Array:
        """The gradient by the parameters."""
        found: Array = self._table(0, parameters)[:, self.block :].sum(axis=1)
        return found

    def run(self, name: str, theta: Array, watched: Array, columns: Array, seeds: Array) -> Array | None:
        """The values of the roots, (roots, rows), by a function of the module; None where a number is not finite."""
        places, rows = self.places, columns.shape[1]
        held = 8 * self.block * (2 * places.inputs + 1 + len(places.roots))  # bytes of a block
        size = self.block * max(1, min(_AT_ONCE // (self.block * len(places.records)), _HELD // held))
        self.host.reserve(self.rows + held * -(-min(rows, size) // self.block))
        self._values(0, theta)
        self._values(len(theta), watched)
        call = self.host.function(name)
        found = np.empty((len(places.roots), rows))
        for first in range(0, rows, size):
            part = slice(first, min(first + size, rows))
            values = self._some(call, columns[:, part], seeds[part])
            if values is None:
                return None
            found[:, part] = values
        return found

    def _some(self, call: Callable[..., int], columns: Array, seeds: Array) -> Array | None:
        """The same of few rows: the last is repeated up to a whole block, and does not count."""
        (inputs, rows), block, roots = columns.shape, self.block, len(self.places.roots)
        blocks = -(-rows // block)
        line = (2 * inputs + 1) * block
        table = self.host.numbers(self.rows, blocks * line).reshape(blocks, line)
        full, shares = np.empty((inputs, block * blocks)), np.zeros(block * blocks)
        full[:, :rows], full[:, rows:], shares[:rows] = columns, columns[:, -1:], seeds
        slots = table[:, :-block].reshape(blocks, inputs, 2, block)
        slots[:, :, 0] = full.reshape(inputs, blocks, block).transpose(1, 0, 2)
        table[:, :-block] = slots.reshape(blocks, line - block)
        table[:, -block:] = shares.reshape(blocks, block)
        out = self.rows + 8 * blocks * line
        if call(self.rows, blocks, out):
            return None
        values = self.host.numbers(out, blocks * roots * block).reshape(blocks, roots, block)
        return np.array(values.transpose(1, 0, 2).reshape(roots, block * blocks)[:, :rows])
