"""Tables from CSV files: columns of numbers, and a column to learn."""

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
    """The content of a CSV file: X (rows, features), y (rows,), and their names."""

    X: Array
    y: Any  # whole numbers for classes, otherwise floats; None without a target
    feature_names: list[str]
    target_name: str
    class_names: list[str]  # the names of y = 0, 1, ...; empty if y holds quantities
    assumed: list[str] = field(default_factory=list)  # notes on what was assumed, as the file does not say it


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

    Columns are separated by commas, semicolons, tabs, bars or blanks. Numbers can have decimal commas.

    Arguments:
        path: the file.
        target: the column to learn, by name or number (-1 is the last); None for none.
        features: the columns to learn from, by name or number; by default all others that are not dropped.
        drop: columns to leave out.
        header: whether the first line has the names of the columns; by default yes, if it has texts above numbers.
        classes: take the numbers of the target as classes.
        quantity: take them as a quantity. By default texts and two whole numbers are classes, and numbers with a
            fraction are a quantity.
    Returns: a `Table`. If something was assumed, such as that the index of pandas is left out, there is a TableWarning.
    Raises: TableError, which says what is wrong and where. It is also raised if the file can be read in two ways, such
    as a column that counts the rows, a first line of numbers that could be names, or a target of up to 20 different
    whole numbers; then it says which option to pass.
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
    """Return the features of a table's rows for a model that was trained, and the cells of the target.

    Arguments:
        path: the file.
        features: the names of the model's features. If the table has no names, its columns are the features in order,
            and perhaps the target after them.
        target: the name of the target.
        header: as for `read_csv`.
    Returns: X (rows, features), and the target's cells; an empty list without a target.
    Raises: TableError if the table has names and not all features among them, or cannot be read.
    """
    bare = all(map(_NUMBERED.fullmatch, features))
    t = _table(path, header, known=features, bare=bare)
    columns = None
    if t.named and not bare:
        columns = _by_name(path, t.names, features, target)
    elif t.named and set(features) <= set(t.names):
        columns = [t.names.index(name) for name in features], [t.names.index(target)] if target in t.names else []
    elif not t.named and bare:
        columns = _by_number(path, len(t.names), features, target)
    fits = not t.named or bare and not set(features) & set(t.names)
    if columns is None and fits and len(t.names) - len(features) in (0, 1):
        columns = list(range(len(features))), list(range(len(features), len(t.names)))
    if columns is None:
        advice = "; give the columns the model's names" if t.named and not bare else ""
        raise TableError(
            f"{path} has {len(t.names)} columns, {t.names[:8]}; the model takes {len(features)}, {list(features[:8])}"
            + advice
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


def _by_name(
    path: Any, names: Sequence[str], features: Sequence[str], target: str
) -> tuple[list[int], list[int]] | None:
    """Return the columns of the features, and that of the target if it is there; None if a feature is not there.

    Capitals, blanks and signs make no difference where no two names become the same; then there is a TableWarning.
    """
    if set(features) <= set(names):
        return [names.index(name) for name in features], [names.index(target)] if target in names else []
    plain = ["".join(filter(str.isalnum, name.casefold())) for name in names]
    wanted = ["".join(filter(str.isalnum, name.casefold())) for name in (*features, target)]
    twice = len(set(plain)) < len(plain) or len(set(wanted)) < len(wanted)
    if twice or "" in plain or not set(wanted[:-1]) <= set(plain):  # "" of a name that is signs alone
        return None
    found = [plain.index(name) for name in wanted if name in plain]
    pairs = ", ".join(f"{names[k]!r} as {name!r}" for k, name in zip(found, (*features, target), strict=False))
    warnings.warn(f"{path}: took {pairs}", TableWarning, stacklevel=3)
    return found[: len(features)], found[len(features) :]


def _by_number(path: Any, width: int, features: Sequence[str], target: str) -> tuple[list[int], list[int]] | None:
    """Return the columns x1, x2, ... of a table without names, by number, if it has all columns of the training table.

    None if it has only the features in order, and perhaps the target after them.
    """
    there = [int(name[1:]) for name in features]
    last = int(target[1:]) if _NUMBERED.fullmatch(target) else 0
    whole = max(*there, last)
    if width == whole:
        return [k - 1 for k in there], [last - 1] if last else []
    if width == whole - 1 and last == whole > len(features) + 1:  # it can have the dropped column or the target
        if width == len(features) + 1:
            raise TableError(
                f"{path} has {width} columns without names: the {len(features)} features and the target, or all but "
                "the target; give its columns names, or pass them all"
            )
        return [k - 1 for k in there], []
    return None
