"""Tables from CSV files: numbers in columns, and one column to be learned."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array

LARGEST = 1 << 28  # bytes
MOST_CLASSES = 20  # whole numbers of more kinds than that are quantities


class TableError(ValueError):
    """A CSV file is not a table of numbers that can be learned from; says which line and column."""


@dataclass(frozen=True)
class Table:
    """What a CSV file holds: X (rows, features), y (rows,), and what they are called."""

    X: Array
    y: Any  # whole numbers where there are classes, else floats; None without a target
    feature_names: list[str]
    target_name: str
    class_names: list[str]  # what y = 0, 1, ... were called; empty where y are quantities


def read_csv(path: str | os.PathLike[str], *, target: str | int | None = -1) -> Table:
    """Read a comma-separated table, whose first line may name the columns.

    `target` is the column to learn, by name or number (-1 is the last); None for none. Text, or at most 20 different
    whole numbers of which some are there twice, are classes, in sorted order; other numbers are quantities. Features
    must be numbers. TableError says what is wrong and where.
    """
    names, rows = _cells(path)
    column = None if target is None else _column(target, names)
    features = [k for k in range(len(names)) if k != column]
    if not features:
        raise TableError(f"{path} has one column only; a table takes one feature or more beside the target")
    X = np.array([[_number(path, line, names[k], cells[k]) for k in features] for line, cells in rows])
    y, class_names = (None, []) if column is None else _targets(path, names[column], column, rows)
    return Table(X, y, [names[k] for k in features], "" if column is None else names[column], class_names)


def read_rows(path: str | os.PathLike[str], features: Sequence[str], target: str = "") -> tuple[Array, list[str]]:
    """The features of each row, (rows, features), found by name or else by place, and the target's cells, if any.

    A table with none of those names has the features in their order, and may have the target after them. One with
    some of them only is refused.
    """
    names, rows = _cells(path)
    if set(features) <= set(names):
        columns = [names.index(name) for name in features]
        last = [names.index(target)] if target in names else []
    elif len(names) - len(features) in (0, 1) and (set(features).isdisjoint(names) or names == _numbered(names)):
        columns, last = list(range(len(features))), list(range(len(features), len(names)))
    else:
        raise TableError(
            f"{path} has {len(names)} columns, {names[:8]}; the model takes {len(features)}, {list(features[:8])}"
        )
    X = np.array([[_number(path, line, names[k], cells[k]) for k in columns] for line, cells in rows])
    return X, [cells[k] for _, cells in rows for k in last]


Rows = list[tuple[int, list[str]]]


def _cells(path: str | os.PathLike[str]) -> tuple[list[str], Rows]:
    """The names of the columns, and the lines below with their numbers."""
    if (size := os.stat(path).st_size) > LARGEST:
        raise TableError(f"{path} has {size} bytes, more than the {LARGEST} that a table may have")
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path} is no CSV table in UTF-8: {error.reason} at byte {error.start}; save it in UTF-8"
        ) from None
    except csv.Error as error:
        raise TableError(f"{path} is no CSV table: {error}") from None
    if not rows:
        raise TableError(f"{path} is empty")
    width = len(rows[0][1])
    if width == 1 and (other := next((mark for mark in ";\t|" if mark in rows[0][1][0]), "")):
        raise TableError(
            f"{path} has columns parted by {other!r}; save it with commas between them, and with points in its numbers"
        )
    for line, cells in rows:
        if len(cells) != width:
            raise TableError(f"{path}, line {line}: {len(cells)} columns, where the first line has {width}")
    if any(_is_number(cell) for cell in rows[0][1]):
        return _numbered(rows[0][1]), rows
    if len(rows) == 1:
        raise TableError(f"{path} has names of columns and no rows below them")
    names = rows[0][1]
    if len(set(names)) < width:
        raise TableError(f"{path} has two columns of one name: {sorted({n for n in names if names.count(n) > 1})}")
    return names, rows[1:]


def _numbered(columns: Sequence[str]) -> list[str]:
    """What columns are called where the table gives no names."""
    return [f"x{k}" for k in range(1, len(columns) + 1)]


def _column(target: str | int, names: list[str]) -> int:
    if isinstance(target, str):
        if target not in names:
            raise TableError(f"target must be one of {names}, got {target!r}")
        return names.index(target)
    if not -len(names) <= target < len(names):
        raise TableError(f"target must be a column from 0 to {len(names) - 1}, got {target}")
    return target % len(names)


def _targets(path: Any, name: str, column: int, rows: Rows) -> tuple[Any, list[str]]:
    cells = [row[column] for _, row in rows]
    if "" in cells:
        raise TableError(f"{path}, line {rows[cells.index('')][0]}: column {name!r} is empty")
    if not all(map(_is_number, cells)):
        kinds = sorted(set(cells))
        _one_sort(path, name, rows, cells, kinds)
        return np.array([kinds.index(cell) for cell in cells]), kinds
    y = np.array([_number(path, line, name, row[column]) for line, row in rows])
    values = np.unique(y)
    if len(values) > MOST_CLASSES or (values != np.round(values)).any() or 2 < len(values) == len(y):
        return y, []
    return np.searchsorted(values, y), [f"{value + 0.0:.17g}" for value in values]


def _one_sort(path: Any, name: str, rows: Rows, cells: list[str], kinds: list[str]) -> None:
    """Refuse quantities with a text among them: each number would be a class."""
    numbers = [float(cell) for cell in kinds if _is_number(cell) and math.isfinite(float(cell))]
    if numbers and (len(kinds) > MOST_CLASSES or any(x % 1 for x in numbers)):
        line, cell = next((line, cell) for (line, _), cell in zip(rows, cells, strict=True) if not _is_number(cell))
        raise TableError(
            f"{path}, line {line}: column {name[:40]!r} takes numbers or names, got the text "
            f"{cell[:40]!r} among numbers; leave such rows out"
        )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # 1_000 is a number to Python only


def _number(path: Any, line: int, name: str, cell: str) -> float:
    if not _is_number(cell):
        found = f"the text {cell[:40]!r}" if cell else "nothing; fill it in, or leave such rows out"
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a number, got {found}")
    if not math.isfinite(float(cell)):
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a finite number, got {cell[:40]}")
    return float(cell)
