"""What is to be learned from a table: classes or quantities. Whole numbers of a few kinds can be both: it is asked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from microgrAD.datasets.asking import TableError, flag_option, short
from microgrAD.datasets.numerals import Rows, is_number, numbers

MOST_CLASSES = 20  # whole numbers of more kinds than that are quantities, if nothing else is said
OFTEN = 5  # rows of a kind from which those could be classes, too


def targets(path: Any, name: str, column: int, rows: Rows, classes: bool | None) -> tuple[Any, list[str], str]:
    """The targets as numbers, (rows,), the names of the classes, none of quantities, and a note or "".

    `classes` is what they are taken for; None asks the column: texts and two whole numbers are classes, numbers with a
    fraction are quantities.
    """
    cells = [row[column] for _, row in rows]
    if "" in cells:
        raise TableError(f"{path}, line {rows[cells.index('')][0]}: column {name!r} is empty")
    if not all(map(is_number, cells)):
        if classes is None:
            _one_sort(path, name, rows, cells)
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
    """Texts, and numbers among them, as classes in the order of their names."""
    kinds = sorted(set(cells))
    number = {kind: k for k, kind in enumerate(kinds)}
    return np.array([number[cell] for cell in cells]), kinds


def _asked(path: Any, name: str, values: Any, count: int) -> tuple[bool, str]:
    """Whether numbers are classes, and a note; TableError where they can be both."""
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


def _one_sort(path: Any, name: str, rows: Rows, cells: list[str]) -> None:
    """Refuse quantities with a text among them: each number would be a class."""
    kinds = set(cells)
    found = [float(cell) for cell in kinds if is_number(cell) and math.isfinite(float(cell))]
    if found and (len(kinds) > MOST_CLASSES or any(x % 1 for x in found)):
        line, cell = next((line, cell) for (line, _), cell in zip(rows, cells, strict=True) if not is_number(cell))
        raise TableError(
            f"{path}, line {line}: column {name[:40]!r} takes numbers or names, got the text "
            f"{cell[:40]!r} among numbers; leave such rows out"
        )
