"""The sheets of a class: one worksheet of all students, and the picture of one paper."""

from __future__ import annotations

from typing import Any

from microgrAD.explanation.exam.record import Exam, Paper
from viz.passes.worksheet.files import Worksheet
from viz.passes.worksheet.sheet import Sheet
from viz.write import mpl

DPI = 120.0


def sheets(exam: Exam, **options: Any) -> Worksheet:
    """Return the worksheet of all students, with a sheet each. `options`: those of `worksheet` about its look."""
    return Worksheet(*(sheet(paper, **options) for paper in exam.papers))


def sheet(paper: Paper, *, blanks: list[str] | None = None, **options: Any) -> Sheet:
    """Return the sheet of one student. `blanks`: other blanks than those of the exam."""
    asked = blanks if blanks is not None else True if paper.exam.blanks is None else list(paper.exam.blanks)
    title = paper.exam.title if paper.student.name else f"{paper.exam.title} · {paper.student.id}"
    return Sheet.of(paper.trace, asked, title, digits=paper.exam.digits, student=paper.student.said, **options)


def picture(paper: Paper, *, blanks: list[str] | None = None, **options: Any) -> bytes:
    """Return the picture with its blanks as PNG."""
    return mpl.write(sheet(paper, blanks=blanks, **options).picture(key=False), "png", DPI)
