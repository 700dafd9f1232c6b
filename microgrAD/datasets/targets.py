"""What to learn from a table: classes or a quantity. A few different whole numbers can be both; then an error asks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from microgrAD.datasets.asking import TableError, flag_option, short
from microgrAD.datasets.headers import MISSING
from microgrAD.datasets.numerals import Rows, is_number, numbers

MOST_CLASSES = 20  # more different whole numbers are a quantity by default
OFTEN = 5  # from this mean number of rows for each number on, a note says that they can be classes


def targets(path: Any, name: str, column: int, rows: Rows, classes: bool | None) -> tuple[Any, list[str], str]:
    """Return the targets as numbers, (rows,), the names of the classes, and a note on what was assumed.

    Arguments:
        path: the file, for errors.
        name: the name of the column.
        column: its number.
        rows: the rows of the table.
        classes: whether the targets are classes. None decides: texts and two whole numbers are classes, numbers with a
            fraction are a quantity.
    Raises: TableError if a cell is empty or not valid, or if it is not clear whether the targets are classes.
    """
    cells = [row[column] for _, row in rows]
    if "" in cells:
        raise TableError(f"{path}, line {rows[cells.index('')][0]}: column {name!r} is empty")
    if not all(map(is_number, cells)):
        if classes is None:
            _one_sort(path, name, rows, cells)
            _none_missing(path, name, rows, cells)
            _none_twice(path, name, cells)
        if classes is not False:
            return *_by_name(cells), ""
    y = np.array(numbers(path, rows, column, name, "; a quantity takes numbers"))
    values = np.unique(y)
    note = ""
    if classes is None:
        classes, note = _asked(path, name, values, len(y))
    if not classes:
        return y, [], note
    return np.searchsorted(values, y), [f"{value + 0.0:.17g}" for value in values], note


def _by_name(cells: list[str]) -> tuple[Any, list[str]]:
    """Return texts as classes, in the order of their names."""
    kinds = sorted(set(cells))
    number = {kind: k for k, kind in enumerate(kinds)}
    return np.array([number[cell] for cell in cells]), kinds


def _asked(path: Any, name: str, values: Any, count: int) -> tuple[bool, str]:
    """Return whether numbers are classes, and a note. Raise TableError if they can be both."""
    whole, kinds = bool((values == np.round(values)).all()), len(values)
    if not whole or kinds == 1 or 2 < kinds == count:
        return False, ""
    if kinds == 2:
        return True, ""
    shown = short([f"{value + 0.0:.17g}" for value in values], 5)
    if kinds <= MOST_CLASSES:
        raise TableError(
            f"{path}: column {name!r} has {kinds} different whole numbers ({shown}), which can be classes or a "
            f"quantity such as a count; pass {flag_option('classes', 'classes', True)} or "
            f"{flag_option('quantity', 'quantity', True)}"
        )
    if count < OFTEN * kinds:
        return False, ""
    return False, (
        f"column {name!r} has {kinds} different whole numbers and is taken as a quantity; "
        f"{flag_option('classes', 'classes', True)} says otherwise"
    )


def _none_missing(path: Any, name: str, rows: Rows, cells: list[str]) -> None:
    """Raise TableError for a text that may stand for a missing value, since it would be a class."""
    for (line, _), cell in zip(rows, cells, strict=True):
        if cell.casefold() in MISSING:
            raise TableError(
                f"{path}, line {line}: column {name[:40]!r} has {cell!r}, which can be a missing value or a "
                f"class; leave such rows out, or pass {flag_option('classes', 'classes', True)}"
            )


def _none_twice(path: Any, name: str, cells: list[str]) -> None:
    """Raise TableError for names that differ in their capitals alone, since each would be a class."""
    kinds = dict[str, str]()
    for cell in cells:
        if kinds.setdefault(cell.casefold(), cell) != cell:
            raise TableError(
                f"{path}: column {name[:40]!r} has {kinds[cell.casefold()][:40]!r} and {cell[:40]!r}, which can be one "
                f"class or two; write them alike, or pass {flag_option('classes', 'classes', True)}"
            )


def _one_sort(path: Any, name: str, rows: Rows, cells: list[str]) -> None:
    """Raise TableError for numbers with a few texts among them, since each number would be a class."""
    kinds = set(cells)
    found = [float(cell) for cell in kinds if is_number(cell) and math.isfinite(float(cell))]
    if found and (len(kinds) > MOST_CLASSES or any(x % 1 for x in found)):
        line, cell = next((line, cell) for (line, _), cell in zip(rows, cells, strict=True) if not is_number(cell))
        raise TableError(
            f"{path}, line {line}: column {name[:40]!r} takes numbers or names, got the text "
            f"{cell[:40]!r} among numbers; leave such rows out"
        )
