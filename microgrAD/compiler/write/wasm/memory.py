"""Where numbers stand in a module's memory, in bytes from its start.

0         the tables that functions look numbers up in
TABLES    the table U: parameters first, their gradient further on, each with one more place where they are odd
...       what training needs: the rule's own table, what it remembers, and all of it as it will be next
rows      blocks of rows: the numbers of the first input of the block's rows, of the second, ..., and what each
          row counts in the root
...       the values of the roots, in blocks likewise
"""

from __future__ import annotations

from dataclasses import dataclass

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.write.wasm import tables

TABLES = tables.END
assert TABLES % 16 == 0


@dataclass(frozen=True)
class Places:
    """The table U from some address on; `even` lists where runs of places end that are used in pairs."""

    start: int
    count: int
    even: tuple[int, ...] = ()

    def at(self, i: int) -> int:
        """The address of place i."""
        return self.start + 8 * (i + sum([i >= end for end in self.even]))

    @property
    def end(self) -> int:
        """The address behind the table, a multiple of 16."""
        return self.start + (8 * (self.count + len(self.even)) + 15) // 16 * 16


def table(tensors: Tensors, backward: Backward | None) -> Places:
    """The table U of a program."""
    count, even = (backward or tensors).places, []
    if len(tensors.parameters) % 2:
        even = [len(tensors.parameters)]
        if backward:
            even.append(backward.first + len(tensors.parameters))
    return Places(TABLES, count, tuple(even))
