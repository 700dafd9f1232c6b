"""The tape: a scalar graph as flat lists, which every pass of the compiler reads.

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

from microgrAD.engine import Value


class Tape:
    """Operations in the order in which they were recorded; `op` is empty for a leaf."""

    def __init__(self, parameters: Iterable[Value] = ()) -> None:
        self.op: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.uniform: list[bool] = []
        self.parameters: dict[Value, int] = {}
        self.watched: dict[Value, int] = {}
        self.inputs: list[int] = []
        self.constants: dict[int, float] = {}
        self.roots: list[int] = []
        self._interned: dict[tuple[float, float], int] = {}
        for parameter in parameters:
            if parameter not in self.parameters:
                self.parameters[parameter] = self._leaf()

    def __len__(self) -> int:
        return len(self.op)

    def _leaf(self, uniform: bool = True) -> int:
        self.op.append("")
        self.args.append(())
        self.uniform.append(uniform)
        return len(self.op) - 1

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
        for i in args:
            if not uniform[i]:
                flag = False
                break
        else:
            flag = True
        uniform.append(flag)
        self.op.append(op)
        self.args.append(args)
        return len(uniform) - 1

    def live(self) -> list[bool]:
        """Which nodes the roots depend on."""
        seen = [False] * len(self)
        for i in self.roots:
            seen[i] = True
        for i in range(len(self) - 1, -1, -1):
            if seen[i]:
                for j in self.args[i]:
                    seen[j] = True
        return seen
