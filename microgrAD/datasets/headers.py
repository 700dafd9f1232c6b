"""Whether the first line of a table has the names of the columns or is a row. If both can be, an error asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from microgrAD.datasets.asking import TableError, flag_option, short
from microgrAD.datasets.delimited import Sheet
from microgrAD.datasets.numerals import Rows, is_number, is_whole

_SAMPLE = 1000  # the number of rows with which the first line is compared
MISSING = {"na", "n/a", "nan", "nil", "none", "null", "?", "-", "."}  # how a missing number is often written


@dataclass(frozen=True)
class Parted:
    """The names of the columns, and the rows below them."""

    names: list[str]  # "column 1" for one without a name; x1, x2, ... in a table without names
    rows: Rows
    named: bool  # whether the table has names
    note: str  # what was assumed, or ""


def parted(path: Any, sheet: Sheet, header: bool | None, *, known: Sequence[str] = (), bare: bool = False) -> Parted:
    """Separate names from rows.

    Arguments:
        path: the file, for errors.
        sheet: its cells.
        header: whether the first line has names; None decides by what the table looks like.
        known: names that are expected.
        bare: whether no names are expected.
    Raises: TableError if it is not clear, or if names are not valid.
    """
    names, note = _names(path, sheet, header, set(known), bare)
    rows = sheet.rows if names is None or names is sheet.above else sheet.rows[1:]
    if names is None:
        return Parted([f"x{k}" for k in range(1, len(rows[0][1]) + 1)], rows, False, note)
    if not rows:
        raise TableError(f"{path} has names of columns and no rows below them")
    called = [name or f"column {k}" for k, name in enumerate(names, 1)]
    if len(set(called)) < len(called):
        twice = sorted({name for name in called if called.count(name) > 1})
        raise TableError(f"{path} has two columns of one name: {short(twice)}; give each its own")
    return Parted(called, rows, True, note)


def _names(path: Any, sheet: Sheet, header: bool | None, known: set[str], bare: bool) -> tuple[list[str] | None, str]:
    """Return the names, or None, and a note on what was assumed."""
    first = sheet.rows[0][1]
    if header is not None:
        return (first if header else None), ""
    if sheet.short or known and known <= set(first) or "" in first and any(first):
        return first, ""
    kind = _kind(path, first, [cells for _, cells in sheet.rows[1:_SAMPLE]], bare)
    if kind == "row":
        if len(set(sheet.above)) == len(first) and not any(map(is_number, sheet.above)):
            return sheet.above, (
                f"the comment above the first row is taken for the names of the columns: {short(sheet.above)}; "
                f"{flag_option('no-header', 'header', False)} says otherwise"
            )
        return None, ""
    if any(map(is_number, first)):
        return first, (
            f"the first line is taken for the names of the columns, {short(first)}, since it has texts above numbers; "
            f"{flag_option('no-header', 'header', False)} says otherwise"
        )
    return first, ""


def _kind(path: Any, first: list[str], body: list[list[str]], bare: bool) -> str:
    """Return what the first line is, "names" or "row". Raise TableError if it can be both."""
    columns: list[tuple[str, ...]] = list(zip(*body, strict=True)) if body else [()] * len(first)
    texts = [k for k, cell in enumerate(first) if not is_number(cell)]
    above = [k for k in texts if columns[k] and all(map(is_number, columns[k]))]  # a text above numbers
    if not bare and any(first[k].lower() in MISSING for k in texts):
        raise _asked(path, first, "a value that is missing, or a name")
    if above or len(texts) == len(first):
        return "names"
    if bare:
        return "row"
    if texts and body and all(first[k] not in columns[k] for k in texts):
        raise _asked(path, first, "its text is in no other row")
    if not texts and _like_names(first, columns):
        raise _asked(path, first, "its numbers can be names, as years are, or 0, 1, 2 from pandas")
    return "row"


def _asked(path: Any, first: list[str], why: str) -> TableError:
    return TableError(
        f"{path}: the first line, {short(first)}, can be names of columns or a row ({why}); pass "
        f"{flag_option('header', 'header', True)} or {flag_option('no-header', 'header', False)}"
    )


def _like_names(first: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Return whether a line of numbers could be names: all different, and not like the numbers below them."""
    values = list(map(float, first))
    if len(set(values)) < len(values) or len(values) < 2 or not all(map(math.isfinite, values)):
        return False
    if values == list(range(len(values))):
        return True  # how pandas names columns without names
    steps = [after - before for before, after in pairwise(values)]
    if len(values) > 2 and all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps) and steps[0] > 0:
        return True
    below = [[float(cell) for cell in column if is_number(cell)] for column in columns]
    if not all(map(len, below)):
        return False
    broken = [sum(not is_whole(cell) for cell in column) > len(column) / 2 for column in columns]
    if all(map(is_whole, first)) and sum(broken) > len(first) / 2:
        return True
    return len(columns[0]) > 2 and all(map(_is_far, values, below))


def _is_far(value: float, others: list[float]) -> bool:
    """Return whether a number is farther from all others than they are from each other."""
    low, high = min(others), max(others)
    return max(low - value, value - high) > high - low
