"""The exam as a file: who has which numbers, and what is asked. Sheets, quizzes and marks are made from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from microgrAD.errors import DomainError, whole_digits
from microgrAD.explanation.blanks import Blank, chosen
from microgrAD.explanation.exam.draws import Variant
from microgrAD.explanation.marking import margins
from microgrAD.expression import ExpressionError
from microgrAD.files import FileError, number, read_json, reader, write_json
from microgrAD.steps.trace import Trace

KIND = "exam"


class Student(NamedTuple):
    """A student of the class. `id`: what tells one from the others; `name`: what the sheet says."""

    id: str
    name: str

    @property
    def said(self) -> str:
        """The name, and the id if it is another; "" without a name."""
        return f"{self.name} ({self.id})" if self.name and self.id != self.name else self.name


@dataclass(frozen=True)
class Paper:
    """What one student gets.

    Arguments:
        student: the student.
        variant: the expression with its numbers.
        exam: the exam.
    """

    student: Student
    variant: Variant
    exam: Exam

    @cached_property
    def trace(self) -> Trace:
        """The trace of the backward pass."""
        return self.variant.trace(self.exam.gradient)

    @cached_property
    def blanks(self) -> list[Blank]:
        """The numbers that are asked for, in their order."""
        return chosen(self.trace, True if self.exam.blanks is None else self.exam.blanks)

    @cached_property
    def margins(self) -> dict[str, float]:
        """How far an answer to each number may be off, by its key."""
        found = margins(self.trace, self.exam.digits)
        truths = {blank.key: blank.truth for blank in self.blanks}
        return {key: max(found[key], self.exam.tolerance * abs(truth)) for key, truth in truths.items()}


@dataclass(frozen=True)
class Exam:
    """An exam.

    Arguments:
        title: its title.
        dealt: each student with a variant.
        blanks: the names of what is asked for, as for `chosen`; None for everything.
        digits: significant digits of all numbers that are shown, and of answers.
        tolerance: a relative error that is always accepted, 0 for none but that of rounding.
        gradient: what flows into the result.
    """

    title: str
    dealt: Sequence[tuple[Student, Variant]]
    blanks: Sequence[str] | None = None
    digits: int = 4
    tolerance: float = 0.0
    gradient: float = 1.0

    @cached_property
    def papers(self) -> list[Paper]:
        """What each student gets."""
        return [Paper(student, variant, self) for student, variant in self.dealt]

    def content(self) -> dict[str, Any]:
        """Return the exam as plain data for JSON."""
        return {
            "title": self.title,
            "digits": self.digits,
            "tolerance": self.tolerance,
            "gradient": self.gradient,
            "blanks": None if self.blanks is None else list(self.blanks),
            "papers": [
                {"id": s.id, "name": s.name, "expression": v.expression, "numbers": dict(v.numbers)}
                for s, v in self.dealt
            ],
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the exam as a JSON file, which `read` reads."""
        write_json(path, KIND, self.content())


def read(path: str | os.PathLike[str]) -> Exam:
    """Return the exam of a file; FileError if it is none, or was changed."""
    content = read_json(path, KIND)
    get = reader(content, f"{path}")
    blanks = content.get("blanks")
    if blanks is not None and not (isinstance(blanks, list) and all(isinstance(name, str) for name in blanks)):
        raise FileError(f"{path} needs 'blanks' as a list of names, or null")
    try:
        exam = Exam(
            get("title", str),
            [_dealt(entry, str(path)) for entry in get("papers", list)],
            blanks,
            whole_digits(content.get("digits", 4)),
            number(content.get("tolerance"), f"{path}: tolerance"),
            number(content.get("gradient"), f"{path}: gradient"),
        )
        for paper in exam.papers:
            paper.blanks  # noqa: B018  # a wrong expression is refused here, before anything is marked
    except (ExpressionError, DomainError, ValueError) as error:
        raise FileError(f"{path} holds no exam: {str(error).splitlines()[0]}") from None
    return exam


def _dealt(entry: Any, path: str) -> tuple[Student, Variant]:
    get = reader(entry, f"a paper in {path}")
    numbers = {str(name): number(x, f"{path}: {name}") for name, x in get("numbers", dict).items()}
    return Student(get("id", str), get("name", str)), Variant(get("expression", str), numbers)
