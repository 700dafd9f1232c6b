"""Writes an explanation as plain text, in aligned columns, with colours if the terminal shows them."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence

from microgrAD.explanation.chapters import Told, chapters
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text

WIDTH = 100  # characters of a line if there is no terminal
_OPERATION = re.compile(r" (?=[·+−/] )")
BOLD, DIM, GREEN, RED, BLUE, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[34m", "\x1b[0m"
STYLES = {"value": GREEN, "derivative": RED, "update": BLUE}  # of results, by the kind of chapter


def write(trace: Told, digits: int = 6, color: bool | None = None, width: int | None = None) -> str:
    """Return the whole explanation. By default the terminal decides about `color` and `width`."""
    color = has_color() if color is None else color
    if width is None:
        width = shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    return "\n\n".join(
        "\n".join([paint(title, BOLD, color), *table(said, width, color, STYLES[kind])])
        for title, said, kind in chapters(trace, Text(digits))
    )


def has_color() -> bool:
    """Return whether standard output is a terminal that shows colours, and NO_COLOR is not set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, color: bool) -> str:
    return f"{style}{text}{PLAIN}" if color and text else text


# ---------------------------------------------------------------------------------------------- columns


def table(said: Sequence[Line], width: int, color: bool = False, style: str = "") -> list[str]:
    """Return the rows of a table: equal signs are aligned, results have their own column, long lines are broken."""
    return [row for rows in groups(said, width, color, style) for row in rows]


def groups(said: Sequence[Line], width: int, color: bool = False, style: str = "") -> list[list[str]]:
    """Return the rows of `table`, one list for each line."""
    aligned = [k for k, line in enumerate(said) if _length(line) <= width]
    while aligned and 2 + sum(_columns([said[k] for k in aligned])) > width:
        aligned = sorted(aligned, key=lambda k: _length(said[k]))[: len(aligned) - 1 - len(aligned) // 10]
    columns = _columns([said[k] for k in aligned])
    left = max((measure(line.left) for line in said), default=0)
    fits = set(aligned)
    return [
        [_row(line, columns, color, style)] if k in fits else _broken(line, left, width, color, style)
        for k, line in enumerate(said)
    ]


def _cells(line: Line) -> list[str]:
    """Return the sides between the left side and the result."""
    return [f"  = {side}" for side in line.written()[:-1]]


def _columns(said: Sequence[Line]) -> list[int]:
    """Return the widths of the columns: the left side, the sides between, extra room for notes, the result."""
    cells = [_cells(line) for line in said]
    between = [max(measure(row[j]) for row in cells if j < len(row)) for j in range(max(map(len, cells), default=0))]
    notes = max((measure(line.note) + 2 for line in said if line.note and len(line.sides) == 1), default=0)
    return [
        max((measure(line.left) for line in said), default=0),
        *between,
        max(0, notes - sum(between)),
        max((measure(line.written()[-1]) + 4 for line in said), default=0),
    ]


def _row(line: Line, columns: list[int], color: bool, style: str) -> str:
    *sides, result = line.written()
    row = "  " + pad(line.left, columns[0])
    if sides:
        cells = _cells(line) + [""] * len(columns)
        row += "".join(pad(cell, space) for cell, space in zip(cells, columns[1:-1], strict=False))
    else:
        row += paint(pad(f"  {line.note}" * bool(line.note), sum(columns[1:-1])), DIM, color)
    return row + "  = " + paint(result, style, color) + (_note(line, color) if sides else "")


def _broken(line: Line, left: int, width: int, color: bool, style: str) -> list[str]:
    """Return a line as several rows, one or more for each side."""
    rows = []
    for k, side in enumerate(line.sides):
        last = k == len(line.sides) - 1
        row = ("  " + pad(line.left, left) if k == 0 else " " * (left + 2)) + "  = "
        for j, term in enumerate(side):
            if j and measure(row) + measure(term) + 3 > width:
                rows.append(row)
                row = " " * (left + 4) + "+ " + term
            else:
                row += (" + " if j else "") + (paint(term, style, color) if last else term)
        rows.append(row + (_note(line, color) if last else ""))
    return [piece for row in rows for piece in _wrapped(row, " " * (left + 8), width)]


def _wrapped(row: str, indent: str, width: int) -> Iterator[str]:
    """Return a row as several if it is too wide: cut before an operation, outside of parentheses if possible."""
    while measure(row) > width:
        places = [found.start() for found in _OPERATION.finditer(row, len(indent) + 1)]
        fitting = [place for place in places if measure(row[:place]) <= width]
        if not fitting:
            break
        cut = min(fitting, key=lambda place: (row.count("(", 0, place) - row.count(")", 0, place), -place))
        yield row[:cut]
        row = indent + row[cut + 1 :]
    yield row


def _note(line: Line, color: bool) -> str:
    return "   " + paint(line.note, DIM, color) if line.note else ""


def _length(line: Line) -> int:
    return 2 + sum(_columns([line]))


def pad(text: str, width: int) -> str:
    return text + " " * (width - measure(text))


def measure(text: str) -> int:
    """Return the width of a text in a terminal, in cells."""
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Cf")
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )
