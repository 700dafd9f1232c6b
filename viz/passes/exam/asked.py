"""The questions of a quiz, for every platform alike: right numbers, margins, usual mistakes, choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from microgrAD.explanation import lines
from microgrAD.explanation.blanks import NEAR, Blank
from microgrAD.explanation.exam.record import Exam, Paper
from microgrAD.explanation.marking import Marker, Mistake
from microgrAD.explanation.writers import Text
from viz.style import number
from viz.web.words import Words

MOST = 6  # the most mistakes of a question that are named
CHOICES = 4  # the most wrong answers of a choice
FEWEST = 2  # the fewest of them
SAY = Words("en")


class Wrong(NamedTuple):
    """A wrong answer.

    Arguments:
        answer: the number.
        margin: how far from it an answer is taken for the same mistake.
        said: what went wrong, in words.
    """

    answer: float
    margin: float
    said: str


@dataclass(frozen=True)
class Asked:
    """A number that is asked for.

    Arguments:
        name: how it is written, such as ∂o/∂n.
        key: its key in the trace.
        truth: the right number, rounded to two digits more than are shown.
        margin: the largest error of an answer, from the rounding of all numbers that it follows from.
        wrong: the usual mistakes; an answer may fit several, and the first counts.
    """

    name: str
    key: str
    truth: float
    margin: float
    wrong: Sequence[Wrong]


@dataclass(frozen=True)
class Choice:
    """A question with several answers. `blank`: what is asked for, as `chosen` takes it; `right`: the right answer."""

    name: str
    blank: str
    right: str
    wrong: Sequence[tuple[str, str]]


def asked(paper: Paper) -> list[Asked]:
    """Return the questions of a paper, in their order."""
    marker = Marker(paper.trace)
    return [_asked(paper, blank, marker) for blank in paper.blanks]


def _asked(paper: Paper, blank: Blank, marker: Marker) -> Asked:
    truth = float(f"{blank.truth:.{paper.exam.digits + 2}g}")
    margin = paper.margins[blank.key] + abs(truth - blank.truth)
    share = max(paper.exam.tolerance, 0.5 * 10.0 ** (1 - paper.exam.digits))
    wrong: list[Wrong] = []
    for mistake in marker.mistakes(blank.key):
        near = max(share * abs(mistake.answer), NEAR)
        taken = [(truth, margin), *((other.answer, other.margin) for other in wrong)]
        if all(abs(mistake.answer - x) > near + width for x, width in taken):
            wrong.append(Wrong(mistake.answer, near, said(mistake)))
    return Asked(name(paper, blank), blank.key, truth, margin, wrong[:MOST])


def name(paper: Paper, blank: Blank) -> str:
    """Return how a number is written, such as ∂o/∂n."""
    writer = Text(paper.exam.digits)
    if blank.key.endswith(".data"):
        return writer.alone(blank.node.name)
    return lines.derivative(paper.trace, blank.node, writer)


def said(mistake: Mistake | None) -> str:
    """Return what went wrong, in words."""
    return SAY(f"mistake-{mistake.key}", **mistake.given) if mistake else SAY("mistake")


def choice(paper: Paper) -> Choice | None:
    """Return the question which gradient is right, for the gradient with the most usual mistakes; None if too few."""
    found = [made for blank in paper.blanks if blank.key.endswith(".derivative") and (made := _choice(paper, blank))]
    return max(found, key=lambda made: len(made.wrong), default=None)


def _choice(paper: Paper, blank: Blank) -> Choice | None:
    right = number(blank.truth, paper.exam.digits)
    wrong: dict[str, str] = {}
    for mistake in Marker(paper.trace).mistakes(blank.key):
        written = number(mistake.answer, paper.exam.digits)
        if written != right and abs(mistake.answer - blank.truth) > paper.margins[blank.key]:
            wrong.setdefault(written, said(mistake))
    options = list(wrong.items())[:CHOICES]
    if len(options) < FEWEST:
        return None
    return Choice(name(paper, blank), f"{blank.node.name}.grad", right, options)


def different(exam: Exam) -> Iterator[tuple[int, Paper]]:
    """Yield one paper of each variant, with the number of the variant, from 1."""
    seen = set()
    for paper in exam.papers:
        mark = (paper.variant.expression, tuple(paper.variant.numbers.items()))
        if mark not in seen:
            seen.add(mark)
            yield len(seen), paper


def introduction(paper: Paper) -> str:
    """Return what to do, as HTML: the expression, the numbers that are given, and how to round."""
    writer = Text(paper.exam.digits)
    given = ", ".join(
        f"{writer.alone(v.name)} = {writer.number(v.data, '')}" for v in paper.trace.variables.values() if not v.op
    )
    above = "" if paper.exam.gradient == 1 else f" The gradient {writer.number(paper.exam.gradient, '')} flows into it."
    return (
        f"<p>The graph of <code>{safe(paper.variant.expression)}</code> with {safe(given)}.{above} "
        f"Round to {paper.exam.digits} significant digits.</p>"
    )


def alternative(paper: Paper) -> str:
    """Return the text for readers who don't see the picture."""
    return f"The computational graph of {paper.variant.expression}, with blanks for what is asked."


def safe(text: str) -> str:
    """Return text for HTML, without the braces that Moodle reads."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def exact(x: float) -> str:
    """Return a number that every platform reads: digits, a point, and e for powers of ten."""
    return f"{x:.12g}"


def wide(margin: float) -> str:
    """Return a margin, rounded up."""
    return f"{margin * 1.005:.3g}"
