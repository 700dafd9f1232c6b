"""Tables from CSV files: numbers in columns, and one column to be learned."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array
from microgrAD.datasets.asking import TableError, TableWarning, columns_option
from microgrAD.datasets.columns import Columns, features_of, numbers_rows, place
from microgrAD.datasets.delimited import read_cells
from microgrAD.datasets.headers import Parted, parted
from microgrAD.datasets.numerals import numbers, with_points
from microgrAD.datasets.targets import targets

_NUMBERED = re.compile(r"x([1-9]\d*)")


@dataclass(frozen=True)
class Table:
    """What a CSV file holds: X (rows, features), y (rows,), and what they are called."""

    X: Array
    y: Any  # whole numbers where there are classes, else floats; None without a target
    feature_names: list[str]
    target_name: str
    class_names: list[str]  # what y = 0, 1, ... were called; empty where y are quantities
    assumed: list[str] = field(default_factory=list)  # notes: what the file does not say, and what was taken


def read_csv(
    path: str | os.PathLike[str],
    *,
    target: str | int | None = -1,
    features: Columns | None = None,
    drop: Columns = (),
    header: bool | None = None,
    classes: bool = False,
    quantity: bool = False,
) -> Table:
    """Read a table from a text file: one column to learn, the others to learn it from.

    target      the column to learn, by name or number (-1 is the last); None for none
    features    the columns to learn from, by name or number; by default all others that are not dropped
    drop        columns to leave out
    header      whether the first line names the columns; by default it does where it has texts above numbers
    classes     take the numbers to be learned as classes
    quantity    take them as quantities; by default texts and two whole numbers are classes, fractions are quantities

    Columns may be parted by commas, semicolons, tabs, bars or blanks, and numbers may have decimal commas.
    TableError says what is wrong and where, and asks where the file can be read in two ways: a column that counts the
    rows, a first line of numbers that could be names, up to 20 whole numbers to be learned. A TableWarning says what
    was assumed, such as that an index of pandas, a first column without a name, is left out; see `Table.assumed`.
    """
    if classes and quantity:
        raise ValueError("classes and quantity exclude each other; pass one of them")
    t = _table(path, header)
    if len(t.names) == 1 and target is not None:
        raise TableError(f"{path} has one column only; a table takes one feature or more beside the target")
    column = None if target is None else place(target, t.names, "target")
    chosen, notes = features_of(path, t.names, t.rows, column, features, drop)
    X = _features(path, t, chosen)
    y, class_names, note = None, list[str](), ""
    if column is not None:
        known = True if classes else False if quantity else None
        y, class_names, note = targets(path, t.names[column], column, t.rows, known)
        if why := numbers_rows(t.names[column], [cells[column] for _, cells in t.rows]):
            notes.append(f"column {t.names[column]!r}, which is to be learned, {why}; --target says which is learned")
    assumed = [text for text in (t.note, *notes, note) if text]
    for text in assumed:
        warnings.warn(f"{path}: {text}", TableWarning, stacklevel=2)
    called = [t.names[k] for k in chosen]
    return Table(X, y, called, "" if column is None else t.names[column], class_names, assumed)


def read_rows(
    path: str | os.PathLike[str], features: Sequence[str], target: str = "", *, header: bool | None = None
) -> tuple[Array, list[str]]:
    """The features of each row, (rows, features), found by name or else by place, and the target's cells, if any.

    A table with none of those names has the features in their order, and may have the target after them. One with
    some of them only is refused. `header` is as in `read_csv`.
    """
    bare = all(map(_NUMBERED.fullmatch, features))
    t = _table(path, header, known=features, bare=bare)
    columns = None
    if t.named and set(features) <= set(t.names):
        columns = [t.names.index(name) for name in features], [t.names.index(target)] if target in t.names else []
    elif not t.named and bare:
        columns = _by_number(path, len(t.names), features, target)
    if columns is None and len(t.names) - len(features) in (0, 1) and not (t.named and set(features) & set(t.names)):
        columns = list(range(len(features))), list(range(len(features), len(t.names)))
    if columns is None:
        raise TableError(
            f"{path} has {len(t.names)} columns, {t.names[:8]}; the model takes {len(features)}, {list(features[:8])}"
        )
    if t.note:
        warnings.warn(f"{path}: {t.note}", TableWarning, stacklevel=2)
    X = np.array([numbers(path, t.rows, k, t.names[k]) for k in columns[0]]).T
    return X, [cells[k] for _, cells in t.rows for k in columns[1]]


def _table(path: Any, header: bool | None, *, known: Sequence[str] = (), bare: bool = False) -> Parted:
    sheet = read_cells(path)
    return parted(path, replace(sheet, rows=with_points(path, sheet.rows)), header, known=known, bare=bare)


def _features(path: Any, t: Parted, chosen: list[int]) -> Array:
    def column(k: int) -> list[float]:
        out = f"; to leave the column out, pass {columns_option('drop', [t.names[k]])}"
        return numbers(path, t.rows, k, t.names[k], out)

    return np.array([column(k) for k in chosen]).T


def _by_number(path: Any, width: int, features: Sequence[str], target: str) -> tuple[list[int], list[int]] | None:
    """The columns x1, x2, ... of a table without names, by number if it has all columns that were there to learn from.

    None where it has the features only, in their order, and perhaps the target after them.
    """
    there = [int(name[1:]) for name in features]
    last = int(target[1:]) if _NUMBERED.fullmatch(target) else 0
    whole = max(*there, last)
    if width == whole:
        return [k - 1 for k in there], [last - 1] if last else []
    if width == whole - 1 and last == whole > len(features) + 1:  # with the dropped column, or with the target?
        if width == len(features) + 1:
            raise TableError(
                f"{path} has {width} columns without names: the {len(features)} features and the target, or all but "
                "the target; give its columns names, or pass them all"
            )
        return [k - 1 for k in there], []
    return None
