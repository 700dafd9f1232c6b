"""Where gradients stand, and how contributions get there.

A place that hears from one consumer gets its gradient written, one that hears from several has the others added.
Where a gradient is handed on unchanged to somebody who hears from nobody else, both share its line. What no
parameter moves is computed once, in the section `seed`.
"""

from __future__ import annotations

import numpy as np

from microgrAD.compiler.plan import Marks
from microgrAD.compiler.source import Code, Source
from microgrAD.compiler.tensors import Index, Rows, Tensors, distinct, stride

MANY = 4  # so many separate runs of lines are set to 0 by themselves, more by their indices


class Gradients:
    """The gradients of lines and places while the section `backward` is written."""

    def __init__(self, source: Source, tensors: Tensors) -> None:
        self.source = source
        self.written = Marks(tensors)
        self.same = np.arange(tensors.lines)  # the line of G that a line's gradient stands in
        self.hears = {True: np.zeros(tensors.lines, dtype=int), False: np.zeros(tensors.places, dtype=int)}
        self.zeros: dict[bool, list[Index]] = {True: [], False: []}
        self.still = Marks(tensors)  # gradients that no parameter moves
        self.later: list[tuple[Rows, Code]] = []  # contributions that do not move either, to be added last

    def own(self, rows: Rows) -> Code:
        """The gradient of a step's own results."""
        if rows.batched:
            return self.source.operand(Rows(True, self.same[rows.index]), "G")
        return self.source.operand(rows, "V")

    def fresh(self, rows: Rows) -> str:
        """A view of gradients that nobody has written to, to write into; empty where there is none."""
        if rows.stride == 0 or rows.stride is None and rows.index.ndim == 1 or self.written.any(rows):
            return ""
        return self.source.slice(rows, "G" if rows.batched else "V") or ""

    def share(self, rows: Rows, out: Rows) -> bool:
        """Let `rows` have the gradient of `out` for its own, where nobody else adds to it."""
        if (
            not (rows.batched and out.batched)
            or not self.alone(rows)
            or self.written.any(rows)
            or stride(self.same[out.index]) not in (0, 1)
        ):
            return False
        self.same[rows.index] = self.same[out.index]
        self.written.mark(rows)
        if self.still.all(out):
            self.still.mark(rows)
        return True

    def alone(self, rows: Rows) -> bool:
        """Whether each of them hears from one consumer only."""
        return bool((self.hears[rows.batched][rows.index] == 1).all())

    def clear(self, rows: Rows) -> None:
        """Set what nobody has written to 0: all at once, before anything is sent back."""
        flags = self.written.table(rows)
        if not flags[rows.index].all():
            lines = rows.index[~flags[rows.index]]
            flags[lines] = True
            if self.source.section == "seed":
                self.zero(rows.batched, lines)
            else:
                self.zeros[rows.batched].append(lines)

    def zero(self, batched: bool, lines: Index) -> None:
        """Set lines of G, or places of V, to 0."""
        table, lines = "G" if batched else "V", distinct(lines)
        runs = np.split(lines, np.flatnonzero(np.diff(lines) != 1) + 1)
        if len(runs) > MANY:
            self.source.line(f"{table}[{self.source.index(lines)}] = 0.0")
            return
        for run in runs:
            self.source.line(f"{self.source.view(table.lower(), f'{table}[{run[0]}:{run[-1] + 1}]')}.fill(0.0)")

    def put(self, rows: Rows, given: Code) -> None:
        """Add (n, B) gradients to those of n lines, or summed over the batch, to those of n places."""
        if given.wide and not rows.batched:
            target = self.fresh(rows)
            if target:
                self.source.line(f"add.reduce({given.text}, 1, None, {target}, True)")
                self.written.mark(rows)
                return
            with self.source.scratch(str(rows.size), wide=False) as buffer:
                self.source.line(f"add.reduce({given.text}, 1, None, {buffer.text}, True)")
                self.put(rows, buffer)
            return
        table = "G" if rows.batched else "V"
        if rows.stride == 0:
            with self.source.scratch("1", rows.batched) as buffer:
                self.source.line(f"add.reduce({given.text}, 0, None, {buffer.text}, True)")
                self.put(Rows(rows.batched, rows.index[:1]), buffer)
            return
        view = self.source.slice(rows, table)
        if view and not self.written.any(rows):
            self.source.line(f"{view}[...] = {given.text}")
            self.written.mark(rows)
            return
        self.clear(rows)
        if view:
            self.source.line(f"add({view}, {given.text}, out={view})")
        else:
            self._scatter(table, rows.index, given.text)

    def _scatter(self, table: str, index: Index, given: str) -> None:
        """Add lines to places that stand anywhere, some of them several times."""
        order = np.argsort(index, kind="stable")
        places, name = index[order], self.source.index
        first = np.ones(places.size, dtype=bool)
        np.not_equal(places[1:], places[:-1], out=first[1:])
        starts = first.nonzero()[0]
        places = places[starts]
        if places.size == index.size:
            self.source.line(f"{table}[{name(index)}] += {given}")
        else:
            self.source.line(f"{table}[{name(places)}] += add.reduceat({given}[{name(order)}], {name(starts)}, 0)")

    def deliver(self, rows: Rows) -> None:
        """Add what does not move to the gradients of `rows`."""
        mine = [
            item for item in self.later if item[0].batched == rows.batched and np.isin(item[0].index, rows.index).any()
        ]
        self.later = [item for item in self.later if item not in mine]
        for given, code in mine:
            self.put(given, code)
