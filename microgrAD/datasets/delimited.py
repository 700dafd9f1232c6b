"""Text files of cells: encoding, separators, comments, and rows of the same width.

Separators are commas, semicolons, tabs, bars or blanks. A first line `sep=;` says which, as in Excel. A line that
begins with # is a comment.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from microgrAD.datasets.asking import TableError
from microgrAD.datasets.numerals import Rows, has_comma, is_number

LARGEST = 1 << 28  # bytes
_MARKS = ",;\t| "
_SAMPLE = 200  # the number of rows from which the separator is found
_SAID = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
_OTHERS = {b"PK\x03\x04": "a workbook or another zip archive", b"\x1f\x8b": "compressed", b"%PDF": "a PDF"}


@dataclass(frozen=True)
class Sheet:
    """The cells of a file.

    `above`: the cells of a comment right above the first line, if it has the same number of cells.
    `short`: whether the first line had one cell less than the others. R and pandas write names of columns like this,
    with nothing above the names of the rows. Then an empty cell is put before it.
    """

    rows: Rows
    above: list[str]
    short: bool


def read_cells(path: str | os.PathLike[str]) -> Sheet:
    """Return the cells of a text file, without blanks around them. Raise TableError if it is not a table."""
    lines = list(io.StringIO(_text(path), newline=""))
    said = _SAID.fullmatch(lines[0]) if lines else None
    start = 1 if said else 0
    try:
        mark = said.group(1) if said else _between(path, lines)
        feed = _Feed(lines, start, mark)
        rows = list(_rows(feed, mark))
    except csv.Error as error:
        raise TableError(f"{path} is no CSV table: {error}") from None
    if not rows:
        raise TableError(f"{path} has comments only" if feed.comments else f"{path} is empty")
    rows, short = _even(path, rows)
    width, above = len(rows[0][1]), list[str]()
    for line, text in feed.comments:
        cells = next(csv.reader([text.strip().lstrip("#").strip()], delimiter=mark, skipinitialspace=True), [])
        if len(cells) == width > 1 and line > rows[0][0]:
            raise TableError(
                f"{path}, line {line}: {text.strip()[:40]!r} begins with # as a comment does, and has as many cells as "
                "a row; take it out, or put quotes around the first cell"
            )
        if len(cells) == width and line < rows[0][0]:
            above = [cell.strip() for cell in cells]
    return Sheet(rows, above, short)


def _text(path: str | os.PathLike[str]) -> str:
    with open(path, "rb") as file:
        start = file.read(1 << 16)
        for mark, kind in _OTHERS.items():
            if start.startswith(mark):
                raise TableError(f"{path} is {kind}, not text; save the table as CSV")
        wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
        if b"\0" in start and not wide:
            raise TableError(f"{path} holds zero bytes, so it is no text; save it in UTF-8")
        content = start + file.read(LARGEST + 1 - len(start))
    if len(content) > LARGEST:
        raise TableError(f"{path} has more than the {LARGEST} bytes that a table may have")
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path} is no CSV table in UTF-8: {error.reason} at byte {error.start}; save it in UTF-8"
        ) from None


class _Feed:
    """The lines for a csv.reader, without comments. It counts all lines and keeps the comments."""

    def __init__(self, lines: list[str], start: int, mark: str) -> None:
        self.lines, self.number, self.strips, self.fresh = iter(lines[start:]), start, mark == " ", True
        self.comments: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self.lines:
            self.number += 1
            if self.fresh and line.lstrip().startswith("#"):  # not inside quotes, where it would be no comment
                self.comments.append((self.number, line))
                continue
            self.fresh = False
            return line.strip() + "\n" if self.strips else line
        raise StopIteration


def _rows(feed: _Feed, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not empty, each with its number."""
    reader = csv.reader(feed, delimiter=mark, strict=True, skipinitialspace=True)
    while True:
        feed.fresh = True
        if (row := next(reader, None)) is None:
            return
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield feed.number, cells


def _between(path: Any, lines: list[str]) -> str:
    """Return the separator: the mark that makes rows of the same width and leaves no other mark inside texts."""
    found = {}
    for mark in _MARKS:
        if (judged := _judged(path, lines, mark)) is not None:
            found[mark] = judged
    if found:
        best = min(found.values())
        marks = [mark for mark, judged in found.items() if judged == best]
        if len(marks) > 1:
            raise TableError(
                f"{path} can be read with {' or '.join(map(repr, marks))} between its cells; write as its first line "
                f"sep={marks[0]} or sep={marks[1]}"
            )
        return marks[0]
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    return max(_MARKS.strip(), key=first.count)  # the comma if there is none


def _judged(path: Any, lines: list[str], mark: str) -> tuple[float, float] | None:
    """Return how badly a mark fits: the share of texts with other marks in them, and the share of columns of text.

    None if rows have different widths, or only one cell.
    """
    try:
        rows, _ = _even(path, list(islice(_rows(_Feed(lines, 0, mark), mark), _SAMPLE)))
    except (csv.Error, TableError):
        return None
    if not rows or (width := len(rows[0][1])) < 2:
        return None
    body = [cells for _, cells in rows[1:] or rows]
    odd = sum(_is_odd(cell, mark) for cells in body for cell in cells)
    numeric = sum(all(is_number(cell) or has_comma(cell) for cell in column) for column in zip(*body, strict=True))
    if mark == " " and not numeric:
        return None  # words
    return odd / (width * len(body)), -numeric / width


def _is_odd(cell: str, mark: str) -> bool:
    """Return whether a cell looks as if other marks should separate it."""
    parts = cell.split()
    if mark != " " and len(parts) > 1 and all(is_number(part) or has_comma(part) for part in parts):
        return True
    return any(other in cell for other in _MARKS if other != mark and other != " ") and not has_comma(cell)


def _even(path: Any, rows: Rows) -> tuple[Rows, bool]:
    """Return rows of the same width, without empty columns at the right, and whether the first had one cell less."""
    if not rows:
        return rows, False
    width = max((len(cells) for _, cells in rows[1:]), default=len(rows[0][1]))
    used = max(_used(cells) for _, cells in rows)
    if all(len(cells) >= used for _, cells in rows):  # all cells after that are empty
        rows = [(line, cells[:used]) for line, cells in rows]
    first = rows[0][1]
    if (
        len(rows) > 2
        and not any(map(is_number, first))
        and all(len(cells) == len(first) + 1 == width for _, cells in rows[1:])
    ):
        return [(rows[0][0], ["", *first]), *rows[1:]], True
    for line, cells in rows:
        if len(cells) != len(first):
            raise TableError(f"{path}, line {line}: {len(cells)} columns, where the first line has {len(first)}")
    return rows, False


def _used(cells: list[str]) -> int:
    """Return the number of cells up to the last one that is not empty."""
    if cells[-1]:
        return len(cells)
    return max((k for k, cell in enumerate(cells, 1) if cell), default=0)
