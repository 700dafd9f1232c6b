"""The text of a program while it is being written: named views of the tables, scratch space, and lines of code.

    D    batched numbers     (lines, B)
    X    the rows of the batch, the first lines of D: another tile of rows may have another X
    U    uniform numbers     (places, 1)

Views and scratch are made once, when the program is bound to tables for some number of rows B; the lines that run
at every call only name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from microgrAD.compiler.program.adjoint import Marks
from microgrAD.compiler.program.tensors import Rows
from microgrAD.compiler.record.numbers import Index, stride

SCRATCH = "t"  # names of buffers that are used again and again begin with it
SECTIONS = ("setup", "seed", "turn", "forward", "finish", "backward")


class Code(NamedTuple):
    """A piece of code that gives numbers; `wide` when they have one column for each row of the batch."""

    text: str
    wide: bool


class Source:
    """Views, scratch and the lines of each section."""

    def __init__(self, moving: Marks, fixed: int, later: dict[bool, int]) -> None:
        self.moving = moving  # what depends on a parameter
        self.later = later  # the first line of D, and the first place of U, of the backward pass
        self.fixed = fixed  # so many lines are X
        self.mixed = False  # whether an operand has lines of X and others, so that X has to be a part of D
        self.views: dict[str, str] = {}
        self.helpers: dict[str, tuple[str, str]] = {}  # by name: arguments and body
        self.sections: dict[str, list[str]] = {section: [] for section in SECTIONS}
        self.section = SECTIONS[0]
        self.indices: dict[str, Index] = {}
        self.masks: dict[Any, tuple[Code, str]] = {}  # conditions as numbers 0 and 1, and where they are computed
        self._named: dict[Any, str] = {}
        self._free: dict[tuple[str, bool], list[str]] = {}
        self._gathered: dict[Rows, set[str]] = {}
        self._found: dict[Any, set[str]] = {}
        self._counts: dict[str, int] = {}

    def line(self, text: str) -> None:
        """Add a line to the section that is being written."""
        self.sections[self.section].append(text)

    def name(self, prefix: str) -> str:
        """A name that is not taken."""
        self._counts[prefix] = count = self._counts.get(prefix, 0) + 1
        return f"{prefix}{count}"

    def view(self, prefix: str, text: str) -> str:
        """The name of a view; the same text has the same name."""
        if text not in self._named:
            self._named[text] = name = self.name(prefix)
            self.views[name] = text
        return self._named[text]

    def index(self, index: Index) -> str:
        """The name of an index array."""
        key = index.tobytes(), index.shape
        if key not in self._named:
            self._named[key] = name = self.name("i")
            self.indices[name] = index
        return self._named[key]

    def helper(self, prefix: str, arguments: str, body: str) -> str:
        """The name of a function that several lines may call; the same text has the same name."""
        key = arguments, body
        if key not in self._named:
            self._named[key] = name = self.name(prefix)
            self.helpers[name] = key
        return self._named[key]

    # ------------------------------------------------------------------------------------------ scratch

    @contextmanager
    def scratch(self, shape: str, wide: bool) -> Iterator[Code]:
        """A buffer of some shape for as long as the block lasts: `n` lines, one column or one for each row."""
        buffer = self.take(shape, wide)
        yield buffer
        self.free(shape, buffer)

    def take(self, shape: str, wide: bool) -> Code:
        """A buffer that nobody uses."""
        free = self._free.setdefault((shape, wide), [])
        if free:
            return Code(free.pop(), wide)
        return Code(self.keep(shape, wide, SCRATCH), wide)

    def keep(self, shape: str, wide: bool, prefix: str = "k") -> str:
        """A buffer for good."""
        name = self.name(prefix)
        self.views[name] = f"space(({shape}, {'B' if wide else '1'}))"
        return name

    def free(self, shape: str, code: Code) -> None:
        """Give a buffer back; anything else stays as it is."""
        if code.text.startswith(SCRATCH):
            free = self._free[shape, code.wide]
            assert code.text not in free, "two could take a buffer that is free twice, and write over each other"
            free.append(code.text)

    # ------------------------------------------------------------------------------------------ operands

    def operand(self, rows: Rows) -> Code:
        """The numbers of `rows`, in their shape and one more axis of columns: a view, or gathered into a buffer."""
        view = self._slice(rows)
        if view is None:
            view = self._shaped(self.gathered(rows.flat), rows.index.shape)
        return Code(view, rows.batched)

    def _slice(self, rows: Rows) -> str | None:
        """A view of lines that stand evenly, by its name; None where there is no such view."""
        flat, step, table = rows.flat.index, rows.stride, "D" if rows.batched else "U"
        if step is not None:
            if step == 0 and rows.index.ndim > 1:
                return None
            table = self._table(table, flat)
            if step == 0:
                return self.view(table.lower(), f"{table}[{flat[0]}:{flat[0] + 1}]")
            text = f"{table}[{flat[0]}:{flat[-1] + 1}{f':{step}' if step > 1 else ''}]"
            return self._shaped(text, rows.index.shape, table.lower())
        if rows.index.ndim == 2 and stride(rows.index.T.ravel()) == 1:
            text, (k, n) = f"{self._table(table, flat)}[{flat[0]}:{flat[0] + flat.size}]", rows.index.shape
            return self.view(table.lower(), f"{text}.reshape({n}, {k}, -1).swapaxes(0, 1)")
        return None

    def _table(self, table: str, flat: Index, *, even: bool = True) -> str:
        """The table that lines stand in: those of the rows in X. Where they are `even`, the ends are all to look at."""
        first, last = (flat.item(0), flat.item(-1)) if even else (flat.min(), flat.max())
        if table != "D" or first >= self.fixed:
            return table
        self.mixed |= bool(last >= self.fixed)
        return table if last >= self.fixed else "X"

    def matrix(self, rows: Rows) -> str:
        """Lines (a, b, B) as a matrix (a, b · B), or places (a, b) as one (a, b): a view, or gathered into a buffer."""
        flat, (a, b) = rows.flat.index, rows.index.shape
        if rows.batched and rows.stride == 1:
            return self.view("m", f"{self._table('D', flat)}[{flat[0]}:{flat[-1] + 1}].reshape({a}, -1)")
        steps = None if rows.batched else _steps(rows.index)
        if steps:
            return self.view("m", f"ndarray(({a}, {b}), float, U, {8 * flat[0]}, ({8 * steps[0]}, {8 * steps[1]}))")
        return self.view("m", f"{self.gathered(rows.flat)}.reshape({a}, {-1 if rows.batched else b})")

    def table(self, rows: Rows) -> str:
        """The table that lines, or places, stand in, wherever in it."""
        return self._table("D" if rows.batched else "U", rows.index, even=False)

    def found_at(self, index: Rows, places: Index, batched: bool) -> str:
        """The name of a buffer that says where chosen numbers stand, filled where the present section does not find it
        filled: places (n, m) in a table, of which index (m,) chooses; `batched` if that has a column for each row."""
        key = ("found", index, places.tobytes(), places.shape, batched)
        if key not in self._named:
            self._named[key] = name = self.name("k")
            self.views[name] = f"space(({index.size}, {'B' if index.batched else '1'})).view('q')"
        buffer, seen = self._named[key], self._found.setdefault(key, set())
        section = self.section if self.moving.any(index) else "setup"
        if not seen & BEFORE[section]:
            given = self.operand(index).text
            self.sections[section].append(f"found_at({given}, {self.index(places)}, {buffer}, {batched:d})")
            seen.add(section)
        return buffer

    def _shaped(self, text: str, shape: tuple[int, ...], prefix: str = "v") -> str:
        if len(shape) == 1:
            return text if text.isidentifier() else self.view(prefix, text)
        return self.view(prefix, f"{text}.reshape({', '.join(map(str, shape))}, -1)")

    def gathered(self, rows: Rows) -> str:
        """The name of a buffer with the lines of `rows`, filled where the present section does not find it filled."""
        key = ("gather", rows)
        if key not in self._named:
            self._named[key] = self.keep(str(rows.size), rows.batched)
        buffer = self._named[key]
        seen = self._gathered.setdefault(rows, set())
        still = "seed" if rows.index.max() >= self.later[rows.batched] else "setup"
        section = self.section if self.moving.any(rows) else still
        if not seen & BEFORE[section]:
            self.sections[section].append(f"{self.table(rows)}.take({self.index(rows.index)}, 0, {buffer}, 'clip')")
            seen.add(section)
        return buffer


VALUES = ("setup", "forward", "finish")  # the sections that compute values
# the sections that have run when a section runs
BEFORE = {
    "setup": {"setup"},
    "seed": {"setup", "seed"},
    "turn": {"setup", "turn"},
    "forward": {"setup", "forward"},
    "finish": {"setup", "forward", "finish"},
    "backward": {"setup", "seed", "forward", "backward"},
}


def _steps(index: Index) -> tuple[int, int] | None:
    """How far it is from each row of a table of places to the next, and from column to column; None if unevenly."""
    down, right = index[1:] - index[:-1], index[:, 1:] - index[:, :-1]
    steps = int(down.flat[0]) if down.size else 1, int(right.flat[0]) if right.size else 1
    even = (down == steps[0]).all() and (right == steps[1]).all() and min(steps) > 0
    return steps if even else None
