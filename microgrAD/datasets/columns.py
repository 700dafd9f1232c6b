"""Which columns of a table are features. A column that numbers the rows is not one; in doubt, an error asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from microgrAD.datasets.asking import TableError, columns_option, features_option, short
from microgrAD.datasets.numerals import Rows, is_whole

Columns = str | int | Sequence[str | int]

FEW = 5  # with fewer rows, no column counts as numbers of rows
_UNNAMED = re.compile(r"column \d+|Unnamed: \d+(_level_\d+)?")
_IDENTITY = re.compile(
    r"(.*[\W_])?(id|ids|idx|index|key|uuid|row|rows|rowid|rownum|no|nr|num|number|obs|observation|level_0)|#|.*[a-z]Id",
)


def place(column: str | int, names: Sequence[str], what: str) -> int:
    """Return the number of a column, which is given by its name or its number (-1 is the last)."""
    if isinstance(column, str):
        if column not in names:
            raise TableError(f"{what} must be one of {list(names)[:40]}, got {column!r}")
        return list(names).index(column)
    if isinstance(column, bool) or not hasattr(column, "__index__"):
        raise TypeError(f"{what} takes the name of a column or its number, got {column!r}")
    if not -len(names) <= column < len(names):
        raise TableError(f"{what} must be a column from 0 to {len(names) - 1}, got {column}")
    return int(column) % len(names)


def features_of(
    path: Any, names: list[str], rows: Rows, target: int | None, features: Columns | None, drop: Columns
) -> tuple[list[int], list[str]]:
    """Return the numbers of the columns to learn from, and notes on what was assumed."""
    dropped = _places(drop, names, "drop")
    if features is not None:
        chosen = _places(features, names, "features")
        if dropped:
            raise TableError("features and drop both say which columns to learn from; pass one of them")
        if target in chosen:
            raise TableError(f"column {names[target]!r} is the target, so it can't be one of the features")
        if not chosen:
            raise TableError("features takes one column or more, got none")
        return chosen, []
    if target in dropped:
        raise TableError(f"column {names[target]!r} is the target, so it can't be dropped; pass another target")
    left = [k for k in range(len(names)) if k != target and k not in dropped]
    out, notes = _without_a_name(path, names, rows, left)
    kept = [k for k in left if k not in out]
    if not kept:
        raise TableError(
            f"{path} has no column to learn from{_beside(out, names)}; a table takes one feature or more beside the "
            "target"
        )
    return kept, notes + _numbering(path, names, rows, kept)


def _beside(out: list[int], names: list[str]) -> str:
    if not out:
        return ""
    listed = [names[k] for k in out]
    return f" but {short(listed)}, which numbers the rows; {columns_option('features', listed)} takes it as a feature"


def _places(columns: Columns, names: list[str], what: str) -> list[int]:
    if isinstance(columns, str) or hasattr(columns, "__index__"):
        columns = [columns]  # type: ignore[list-item]
    found = [place(column, names, what) for column in columns]
    if len(set(found)) < len(found):
        raise TableError(f"{what} takes each column once, got {list(columns)}")
    return found


def _without_a_name(path: Any, names: list[str], rows: Rows, columns: list[int]) -> tuple[list[int], list[str]]:
    """Return columns to leave out, which have no name and number or name the rows; and a note on each."""
    out, notes = [], []
    for k in columns:
        if not _UNNAMED.fullmatch(names[k]):
            continue
        cells = [cells[k] for _, cells in rows]
        if len(set(cells)) < len(cells) and any(cells):
            raise TableError(
                f"{path}: column {k + 1} has no name; give it one, or pass {columns_option('drop', [names[k]])}, or "
                f"name all features: {features_option([names[j] for j in columns])}"
            )
        out.append(k)
        why = f"is different in every row, as an index is ({short(cells, 3)})" if any(cells) else "is empty"
        others = [names[j] for j in columns if j not in out]
        notes.append(
            f"column {k + 1} has no name and {why}, so it is left out; to learn from it, name all features: "
            f"{features_option([names[k], *others])}"
        )
    return out, notes


def _numbering(path: Any, names: list[str], rows: Rows, columns: list[int]) -> list[str]:
    """Return notes on columns that could number the rows. Raise TableError if one very likely does."""
    likely, notes = {}, []
    for k in columns:
        cells = [cells[k] for _, cells in rows]
        if why := numbers_rows(names[k], cells):
            likely[k] = f"{why} ({short(cells, 3)})"
        elif len(cells) > 2 * FEW and _all_whole_and_different(cells) and _rises(np.array(cells, dtype=float)):
            notes.append(
                f"column {names[k]!r} rises from row to row ({short(cells, 3)}) and is taken as a feature; if it "
                f"numbers the rows, pass {columns_option('drop', [names[k]])}"
            )
    if likely and len(columns) > 1:
        k, why = next(iter(likely.items()))
        raise TableError(
            f"{path}: column {names[k]!r} {why}, as an index does, which says nothing about new rows; pass "
            f"{columns_option('drop', [names[j] for j in likely])}, or, to learn from it, "
            f"{features_option([names[j] for j in columns])}"
        )
    return notes + [
        f"column {names[k]!r} {why} and is the only feature, so it is learned from" for k, why in likely.items()
    ]


def numbers_rows(name: str, cells: Sequence[str]) -> str:
    """Return why a column looks like numbers of rows; "" if it does not."""
    if len(cells) < FEW or not _all_whole_and_different(cells):
        return ""
    values = np.array(cells, dtype=float)
    if values.max() - values.min() == len(values) - 1:
        return "counts the rows" if _rises(values) or _rises(-values) else "has each number of a count once"
    identity = _IDENTITY.fullmatch(name) or _IDENTITY.fullmatch(name.lower())
    return "has another whole number in every row" if identity else ""


def _all_whole_and_different(cells: Sequence[str]) -> bool:
    return len(set(cells)) == len(cells) and all(map(is_whole, cells)) and len(set(map(float, cells))) == len(cells)


def _rises(values: Any) -> bool:
    return bool((np.diff(values) > 0).all())
