"""Marks the answers of a class: what is right, what follows from a student's own numbers, and what went wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microgrAD.errors import DomainError
from microgrAD.explanation.blanks import Blank
from microgrAD.explanation.exam.record import Paper
from microgrAD.explanation.marking import Marker, Mistake, half_unit, inputs_of, spread
from microgrAD.expression import ExpressionError, parse


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one answer.

    Arguments:
        blank: what was asked.
        typed: what was typed.
        points: the points, from 0 to 1.
        reason: "right", "follows" (right from own numbers), "wrong", "empty" or "unreadable".
        expected: the right number; for "follows" that which follows from the student's own numbers.
        mistake: the usual mistake that gives this answer, or None.
        own: for "follows", the keys of the student's own numbers that it follows from.
    """

    blank: Blank
    typed: str
    points: float
    reason: str
    expected: float
    mistake: Mistake | None = None
    own: tuple[str, ...] = ()


def read_answer(typed: str) -> float | None:
    """Return the number of a typed answer: a number or an expression of numbers; None if it is none.

    Either minus sign is read, and a decimal comma between two digits, as pages do.
    """
    text = typed.strip().replace("−", "-").replace("–", "-")
    if text.count(",") == 1 and "(" not in text:
        text = text.replace(",", ".")
    try:
        found = parse(text.replace("^", "**")).data if text else math.nan
    except (ExpressionError, DomainError):
        return None
    return found if math.isfinite(found) else None


def grade(paper: Paper, typed: Mapping[str, str], *, follow: float = 1.0) -> list[Mark]:
    """Return a mark for each number that a paper asks for, one point each.

    An answer is right if it is the right number, within the margin of rounding; it follows if it is what the rule gives
    from the student's own earlier answers. A number without an answer, or that was given, is the right one.

    Arguments:
        paper: the paper of the student.
        typed: the answers by the keys of the blanks.
        follow: the points of an answer that follows from a wrong one.
    """
    own: dict[str, float] = {}
    marks = []
    for blank in paper.blanks:
        text = typed.get(blank.key, "").strip()
        answer = read_answer(text)
        marks.append(_mark(paper, blank, text, answer, own, follow))
        if answer is not None:
            own[blank.key] = answer
    return marks


def _mark(paper: Paper, blank: Blank, text: str, answer: float | None, own: Mapping[str, float], follow: float) -> Mark:
    if answer is None:
        return Mark(blank, text, 0.0, "unreadable" if text else "empty", blank.truth)
    if abs(answer - blank.truth) <= paper.margins[blank.key]:
        return Mark(blank, text, 1.0, "right", blank.truth)
    marker = Marker(paper.trace, own)
    used = tuple(key for key in inputs_of(paper.trace, blank.key) if key in own)
    if used:
        followed = marker.follows(blank.key)
        if math.isfinite(followed) and abs(answer - followed) <= _margin(paper, marker, blank.key, followed):
            wrong = tuple(
                key
                for key in used
                if abs(own[key] - marker.numbers[key]) > paper.margins[key]
                and Marker(paper.trace, {k: x for k, x in own.items() if k != key}).follows(blank.key) != followed
            )
            if not wrong:  # its own numbers are right but rounded further
                return Mark(blank, text, 1.0, "right", blank.truth)
            return Mark(blank, text, follow, "follows", followed, own=wrong)
    share = max(paper.exam.tolerance, 0.5 * 10.0 ** (1 - paper.exam.digits))
    mistake = Marker(paper.trace).mistake(blank.key, answer, share) or marker.mistake(blank.key, answer, share)
    return Mark(blank, text, 0.0, "wrong", blank.truth, mistake)


def _margin(paper: Paper, marker: Marker, key: str, followed: float) -> float:
    """Return how far an answer may be from what follows from own numbers, each of them rounded."""
    digits = paper.exam.digits
    errors = {source: _typed_error(marker.get(source), digits) for source in inputs_of(paper.trace, key)}
    rounding = spread(paper.trace, key, marker.get, errors) + half_unit(followed, digits)
    return max(rounding, paper.exam.tolerance * abs(followed)) + 1e-9 * max(1.0, abs(followed))


def _typed_error(x: float, digits: int) -> float:
    """Return how far a typed number may be from the one that was worked on with: whole numbers are exact."""
    return half_unit(x, digits) if x.is_integer() else half_unit(x * (1 + 1e-10), digits)


def total(marks: Sequence[Mark]) -> float:
    """Return the points of a paper."""
    return math.fsum(mark.points for mark in marks)
