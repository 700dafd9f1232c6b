"""Numbers as tables write them: with a decimal point, or all with a decimal comma."""

from __future__ import annotations

import math
import re
from typing import Any

from microgrAD.datasets.asking import TableError

Rows = list[tuple[int, list[str]]]  # the number of each line, and its cells

_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII)  # 1.234,5
_UNCLEAR = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)  # 1,234: above a thousand, or 1 and a bit
_POINT = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?", re.ASCII)


def is_number(cell: str) -> bool:
    """Whether a cell holds a number, finite or not."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # 1_000 is a number to Python only


def is_whole(cell: str) -> bool:
    """Whether a cell holds a finite whole number, such as 3 or 3.0."""
    return is_number(cell) and math.isfinite(float(cell)) and float(cell).is_integer()


def has_comma(cell: str) -> bool:
    """Whether a cell is a number with a decimal comma, or could be one."""
    return bool(_COMMA.fullmatch(cell) or _GROUPED.fullmatch(cell))


def with_points(path: Any, rows: Rows) -> Rows:
    """The rows with decimal points for decimal commas; TableError where a comma can mean two things."""
    commas = [(line, cell) for line, cells in rows for cell in cells if "," in cell and has_comma(cell)]
    if not commas:
        return rows
    line, cell = next(((line, cell) for line, cell in commas if not _UNCLEAR.fullmatch(cell)), commas[0])
    if _UNCLEAR.fullmatch(cell):
        raise TableError(
            f"{path}, line {line}: {cell!r} is {cell.replace(',', '')} or {cell.replace(',', '.')}, and nothing else "
            "in the table says which; write its numbers without commas"
        )
    points = ((line, other) for line, cells in rows for other in cells if _POINT.fullmatch(other))
    if found := next(points, None):
        raise TableError(
            f"{path} has both decimal commas and points: {cell[:40]!r} in line {line}, {found[1][:40]!r} in line "
            f"{found[0]}; write all numbers with points"
        )
    return [(line, [_pointed(cell) for cell in cells]) for line, cells in rows]


def _pointed(cell: str) -> str:
    return cell.replace(".", "").replace(",", ".") if "," in cell and has_comma(cell) else cell


def numbers(path: Any, rows: Rows, column: int, name: str, advice: str = "") -> list[float]:
    """A column as numbers; one of True and False only as 1 and 0. TableError names the line of what is neither."""
    cells = [cells[column] for _, cells in rows]
    if {cell.lower() for cell in cells} <= {"true", "false"}:
        return [float(cell.lower() == "true") for cell in cells]
    return [_number(path, line, name, cell, advice) for (line, _), cell in zip(rows, cells, strict=True)]


def _number(path: Any, line: int, name: str, cell: str, advice: str) -> float:
    if not is_number(cell):
        found = f"the text {cell[:40]!r}{advice}" if cell else "nothing; fill it in, or leave such rows out"
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a number, got {found}")
    if not math.isfinite(number := float(cell)):
        raise TableError(f"{path}, line {line}: column {name[:40]!r} takes a finite number, got {cell[:40]}")
    return number
