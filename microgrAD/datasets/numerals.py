"""Numbers as they are written in tables: with a decimal point, or all with a decimal comma."""

from __future__ import annotations

import math
import re
from typing import Any

from microgrAD.datasets.asking import TableError

Rows = list[tuple[int, list[str]]]  # the number of each line, and its cells

_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+(?:[eE][-+]?\d+)?", re.ASCII)  # 1,5 and 1.234,5
_UNCLEAR = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)  # 1,234: this can be 1234 or 1.234
_POINT = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?", re.ASCII)


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number, finite or not."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # 1_000 is a number only in Python


def is_whole(cell: str) -> bool:
    """Return whether a cell holds a finite whole number, such as 3 or 3.0."""
    return is_number(cell) and math.isfinite(float(cell)) and float(cell).is_integer()


def has_comma(cell: str) -> bool:
    """Return whether a cell is a number with a decimal comma, or could be one."""
    return "," in cell and _COMMA.fullmatch(cell) is not None


def with_points(path: Any, rows: Rows) -> Rows:
    """Return the rows with points in place of decimal commas. Raise TableError if a comma can mean two things."""
    found: list[tuple[int, str] | None] = [None, None, None]  # the first clear comma, unclear comma, point
    changed = [(line, [_pointed(line, cell, found) for cell in cells]) for line, cells in rows]
    clear, unclear, point = found
    if clear is None and unclear is not None:
        line, cell = unclear
        raise TableError(
            f"{path}, line {line}: {cell!r} is {cell.replace(',', '')} or {cell.replace(',', '.')}, and nothing else "
            "in the table says which; write its numbers without commas"
        )
    if clear is not None and point is not None:
        raise TableError(
            f"{path} has both decimal commas and points: {clear[1][:40]!r} in line {clear[0]}, {point[1][:40]!r} in "
            f"line {point[0]}; write all numbers with points"
        )
    return rows if clear is None else changed


def _pointed(line: int, cell: str, found: list[tuple[int, str] | None]) -> str:
    """Return a cell with a point in place of its decimal comma, and put the first of each kind in `found`."""
    if "," not in cell:
        if found[2] is None and "." in cell and _POINT.fullmatch(cell):
            found[2] = line, cell
        return cell
    if _COMMA.fullmatch(cell) is None:
        return cell
    if found[0] is None:
        kind = int(_UNCLEAR.fullmatch(cell) is not None)
        found[kind] = found[kind] or (line, cell)
    return cell.replace(".", "").replace(",", ".")


def numbers(path: Any, rows: Rows, column: int, name: str, advice: str = "") -> list[float]:
    """Return a column as numbers; True and False become 1 and 0. Raise TableError for anything else."""
    cells = [cells[column] for _, cells in rows]
    if (found := _quickly(cells)) is not None:
        return found
    if {cell.lower() for cell in cells} <= {"true", "false"}:
        return [float(cell.lower() == "true") for cell in cells]
    return [_number(path, line, name, cell, advice) for (line, _), cell in zip(rows, cells, strict=True)]


def _quickly(cells: list[str]) -> list[float] | None:
    """Return the numbers of cells if all are finite, otherwise None."""
    try:
        found = list(map(float, cells))
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) and "_" not in "".join(cells) else None


def _number(path: Any, line: int, name: str, cell: str, advice: str) -> float:
    if not is_number(cell):
        found = f"the text {cell[:40]!r}{advice}" if cell else "nothing; fill it in, or leave such rows out"
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a number, got {found}")
    if not math.isfinite(number := float(cell)):
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a finite number, got {cell[:40]}")
    return number
