"""Where the numbers of straight code are: every batched number is a local, or several, every uniform one in memory.

width     vectors of two rows that are computed side by side
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from microgrAD.compiler.program.tensors import Rows
from microgrAD.compiler.write.wasm.body import Body
from microgrAD.compiler.write.wasm.memory import Places


@dataclass(eq=False)
class Operands:
    """Pushes numbers and takes them.

    Arguments:
        constants: the places that hold one number in every call.
        fixed: the lines that hold one number for all rows.
        count: how many lines there are, for code that keeps them in memory.
    """

    body: Body
    places: Places
    constants: Mapping[int, float]
    fixed: Mapping[int, float]
    width: int = 1
    count: int = 0
    lines: dict[int, list[int]] = field(default_factory=dict, init=False)  # the locals of those that have a number
    sums: dict[int, list[int]] = field(default_factory=dict, init=False)  # by place: where it is added up over the rows
    cleared: list[int] = field(default_factory=list, init=False)  # addresses at which code adds up in memory
    fault: int = field(init=False)  # 0 as long as all numbers are finite that a result might hide

    def __post_init__(self) -> None:
        self.fault = self.body.local()

    def push(self, batched: bool, i: int, v: int = 0) -> None:
        """Push line i, or place i for both rows."""
        if batched:
            if i in self.fixed:
                self.body.put(("v128.const", self.fixed[i]))
            else:
                self.body.get(self.lines[i][v])
        elif i in self.constants:
            self.body.put(("v128.const", self.constants[i]))
        else:
            self.body.put(("i32.const", 0))
            self.body.put(("v128.load64_splat", self.places.at(i)))

    def operand(self, batched: bool, i: int, v: int) -> int | Callable[[], None]:
        """The same where a formula names it: a local, or what pushes it."""
        if batched and i not in self.fixed:
            return self.lines[i][v]
        return lambda: self.push(batched, i)

    def take(self, line: int, load: Callable[[int], None]) -> None:
        """Give the line of an input the numbers that `load` pushes for each vector."""
        self.set(Rows(True, np.array([line])), line, load)

    def set(self, out: Rows, i: int, write: Callable[[int], None]) -> None:
        """Give line i, or place i, the numbers that `write` pushes for each vector."""
        if out.batched:
            self.lines[i] = []
            for v in range(self.width):
                write(v)
                self.lines[i].append(self.body.keep())
        else:
            self.body.put(("i32.const", 0))
            write(0)
            self.body.put(("f64x2.extract_lane", 0))
            self.body.put(("f64.store", self.places.at(i)))

    def doubt(self, push: Callable[[], None]) -> None:
        """Let `fault` know of a number."""
        self.body.doubt(self.fault, push)

    # ------------------------------------------------------------------------------------------ over the rows

    def add_up(self, place: int, write: Callable[[int], None]) -> None:
        """Add what `write` pushes for each vector to a place, over the rows."""
        if place not in self.sums:
            self.sums[place] = [self.body.local()]
        (total,) = self.sums[place]
        write(0)
        for v in range(1, self.width):
            write(v)
            self.body.put(("f64x2.add",))
        self.body.get(total)
        self.body.put(("f64x2.add",))
        self.body.put(("local.set", total))

    def clear(self) -> None:
        """Begin to add up: called when all steps are written, for code that stands before them."""
        for totals in self.sums.values():
            for total in totals:
                self.body.put(("v128.const", 0.0))
                self.body.put(("local.set", total))
        self.zero(self.cleared)

    def finish(self) -> None:
        """Put the sums over the rows in their places."""
        for place, totals in self.sums.items():
            self.body.put(("i32.const", 0))
            self.body.get(totals[0])
            for total in totals[1:]:
                self.body.get(total)
                self.body.put(("f64x2.add",))
            both = self.body.keep()
            for lane in (0, 1):
                self.body.get(both)
                self.body.put(("f64x2.extract_lane", lane))
            self.body.put(("f64.add",))
            self.body.put(("f64.store", self.places.at(place)))

    def zero(self, addresses: list[int]) -> None:
        """Put 0 at addresses."""
        for address in addresses:
            self.body.put(("i32.const", 0))
            self.body.put(("f64.const", 0.0))
            self.body.put(("f64.store", address))
