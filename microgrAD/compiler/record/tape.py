"""The tape: a scalar graph as flat columns of numbers, which every pass of the compiler reads.

i, j        a node: its place on the tape; operands stand before what uses them
parameter   a leaf that gets a gradient
watched     a leaf that gets none, whose number is read at every call all the same
input       a number that every row has its own of
constant    a number that stays
uniform     one number for all rows: whatever does not depend on an input
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from microgrAD.compiler.record.numbers import Flags, Index, distinct
from microgrAD.graph import Record
from microgrAD.lookup import TAKE
from microgrAD.operators import Value
from microgrAD.ops import OPS

NAMES = ("", *OPS, TAKE)  # a leaf has no operation; the operands of a lookup are its index and n values
CODES = {name: code for code, name in enumerate(NAMES)}
NONE = -1  # in the place of an operand
_TURNS = 100  # in which what nobody reads is found all at once; after them, node by node


class Tape:
    """Operations in the order in which they were recorded: their codes, at most two operands, or `many` of them."""

    def __init__(self, parameters: Iterable[Value] = ()) -> None:
        self.code: list[int] = []
        self.first: list[int] = []
        self.second: list[int] = []
        self.many: dict[int, tuple[int, ...]] = {}
        self.uniform: list[bool] = []
        self.parameters: dict[Value, int] = {}
        self.watched: dict[Value, int] = {}
        self.inputs: list[int] = []
        self.constants: dict[int, float] = {}
        self.roots: list[int] = []
        self.sides: dict[int, list[range]] = {}  # a choice between functions: what each of them recorded
        self.read: dict[Record, float] = {}  # other leaves whose plain number the function took, and that number
        self.recording = True  # whether operations on traced values may still come
        self._interned: dict[tuple[float, float], int] = {}
        self._live: tuple[tuple[int, ...], Flags] = (), np.empty(0, dtype=bool)
        self._columns: tuple[Index, Index, Index] = (np.empty(0, dtype=np.intp),) * 3
        self._listed: tuple[list[str], list[tuple[int, ...]]] = [], []
        for parameter in parameters:
            if parameter not in self.parameters:
                self.parameters[parameter] = self._leaf()

    def __len__(self) -> int:
        return len(self.code)

    def _leaf(self, uniform: bool = True) -> int:
        self.uniform.append(uniform)
        return self._put(0, NONE, NONE)

    def input(self) -> int:
        """A new input."""
        i = self._leaf(uniform=False)
        self.inputs.append(i)
        return i

    def constant(self, number: float) -> int:
        """The node of a plain number; equal numbers share one."""
        key = number, math.copysign(1.0, number)
        if key not in self._interned:
            self._interned[key] = i = self._leaf()
            self.constants[i] = number
        return self._interned[key]

    def leaf(self, value: Value) -> int:
        """The node of a Value that no operation made."""
        if value in self.parameters:
            return self.parameters[value]
        if value not in self.watched:
            self.watched[value] = self._leaf()
        return self.watched[value]

    def add(self, op: str, args: tuple[int, ...]) -> int:
        """Record an operation."""
        uniform = self.uniform
        if len(args) == 2:
            i, j = args
            uniform.append(uniform[i] and uniform[j])
            return self._put(CODES[op], i, j)
        uniform.append(False not in [uniform[i] for i in args])
        if len(args) == 1:
            return self._put(CODES[op], args[0], NONE)
        self.many[len(self.code)] = args
        return self._put(CODES[op], NONE, NONE)

    def _put(self, code: int, first: int, second: int) -> int:
        self.code.append(code)
        self.first.append(first)
        self.second.append(second)
        return len(self.code) - 1

    # ------------------------------------------------------------------------------------------ reading

    @property
    def op(self) -> list[str]:
        """The name of each node's operation; empty for a leaf."""
        return self._lists()[0]

    @property
    def args(self) -> list[tuple[int, ...]]:
        """The operands of each node."""
        return self._lists()[1]

    def _lists(self) -> tuple[list[str], list[tuple[int, ...]]]:
        if len(self._listed[0]) != len(self):
            pairs = zip(self.first, self.second, strict=True)
            args: list[tuple[int, ...]] = [(i, j) if j >= 0 else (i,) if i >= 0 else () for i, j in pairs]
            for place, operands in self.many.items():
                args[place] = operands
            self._listed = [NAMES[code] for code in self.code], args
        return self._listed

    def columns(self) -> tuple[Index, Index, Index]:
        """Code, first and second operand of each node, as arrays."""
        if len(self._columns[0]) != len(self):
            code, first, second = [np.array(column, dtype=np.intp) for column in (self.code, self.first, self.second)]
            self._columns = code, first, second
        return self._columns

    def live(self) -> Flags:
        """Which nodes the roots depend on."""
        state = len(self), *self.roots
        if self._live[0] != state:
            self._live = state, self._reached()
        return self._live[1]

    def _reached(self) -> Flags:
        code, first, second = self.columns()
        read: Flags = np.zeros(len(self) + 1, dtype=bool)  # the last for NONE
        read[first] = read[second] = read[self.roots] = True
        for args in self.many.values():
            read[list(args)] = True
        # where some node reads every result, the last of them is a root, and so all are needed
        if read[:-1][code > 0].all():
            return read[:-1]
        if not self.many and (left := self._without_unread()) is not None:
            return left
        return np.array(self._walked(), dtype=bool)

    def _without_unread(self) -> Flags | None:
        """Take away what nobody reads, turn by turn; None where that takes many turns."""
        _, first, second = self.columns()
        uses = np.bincount(first + 1, minlength=len(self) + 1) + np.bincount(second + 1, minlength=len(self) + 1)
        uses[[0, *[i + 1 for i in self.roots]]] += len(self)  # the first for NONE
        live: Flags = np.ones(len(self) + 1, dtype=bool)
        unread = np.flatnonzero(uses == 0)
        for _ in range(_TURNS):
            if not unread.size:
                return live[1:]
            live[unread] = False
            operands = np.concatenate([first[unread - 1], second[unread - 1]]) + 1
            np.subtract.at(uses, operands, 1)
            uses[0] = len(self)
            unread = distinct(operands[uses[operands] == 0])
        return None

    def _walked(self) -> list[bool]:
        first, second, many = self.first, self.second, self.many
        seen = [False] * (len(self) + 1)
        for i in self.roots:
            seen[i] = True
        for i in range(len(self) - 1, -1, -1):
            if seen[i]:
                seen[first[i]] = seen[second[i]] = True
                if i in many:
                    for j in many[i]:
                        seen[j] = True
        return seen[:-1]

    def operations(self) -> int:
        """How many operations the roots depend on."""
        return int(np.count_nonzero(self.live() & (self.columns()[0] > 0)))
