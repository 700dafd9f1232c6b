"""An explanation as a str, and the Markdown with mathematics that a notebook shows of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Self

from microgrAD.explanation import markdown
from microgrAD.explanation.chapters import Told, chapters
from microgrAD.explanation.lines import Line
from microgrAD.explanation.terminal import measure
from microgrAD.explanation.writers import Latex, Measure
from microgrAD.showing import Shown

WIDTH = 70  # characters of a row of mathematics; a cell is as wide
# signs that end or begin something in Markdown, MathJax or KaTeX, and others that look like them
_ALIKE = str.maketrans("\\{}$%#&~^_`<>|", "＼❴❵＄％＃＆～＾ˍ‘＜＞｜")


class Explanation(str, Shown):
    """What `explain` returns.

    Arguments:
        text: the explanation in its format.
        trace: what is explained.
        digits: significant digits.
        format: "text", "markdown" or "latex".
    """

    trace: Told
    digits: int
    format_: str

    def __new__(cls, text: str, trace: Told, digits: int, format: str) -> Self:
        made = super().__new__(cls, text)
        made.trace, made.digits, made.format_ = trace, digits, format
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)  # a copy is a text

    def __repr__(self) -> str:
        return f"<Explanation of {len(self.splitlines())} lines; print() writes them>"

    @property
    def markdown(self) -> str:
        """Markdown with mathematics; in the format "markdown", the explanation itself."""
        return str(self) if self.format_ == "markdown" else write(self.trace, self.digits)


class _Mathematics(Latex):
    r"""Writes mathematics for MathJax and KaTeX, which know no \_ within \text."""

    def label(self, text: str) -> str:
        return text.translate(_ALIKE)

    quoted = label


def write(trace: Told, digits: int) -> str:
    """Return a heading and aligned equations for each part of the explanation."""
    both = zip(chapters(trace, _Mathematics(digits)), chapters(trace, Measure(digits)), strict=True)
    return "\n\n".join(
        f"**{markdown.escape(title)}**\n\n{_equations(said, plain)}" for (title, said, _), (_, plain, _) in both
    )


def _equations(said: Sequence[Line], plain: Sequence[Line]) -> str:
    room = WIDTH - max(measure(line.left) for line in plain)
    rows = [row for line, measured in zip(said, plain, strict=True) for row in _rows(line, measured, room)]
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$"


def _rows(line: Line, plain: Line, room: int) -> Iterator[str]:
    """Yield an equation on one row, or if it is long, each side on a row of its own, and long sums on several."""
    note = rf" \quad\text{{({line.note.translate(_ALIKE)})}}" if line.note else ""
    if measure(" = ".join(plain.written())) <= room:
        yield f"{line.left} &= {' = '.join(line.written())}{note}"
        return
    rows: list[str] = []
    for k, (side, measured) in enumerate(zip(line.sides, plain.sides, strict=True)):
        row, used = f"{line.left if k == 0 else ''} &= ", 0
        for j, (term, text) in enumerate(zip(side, measured, strict=True)):
            if j and used + measure(text) > room:
                rows.append(row)
                row, used = r" &\quad {} + ", 0
            elif j:
                row += " + "
            row, used = row + term, used + measure(text) + 3
        rows.append(row)
    yield from [*rows[:-1], rows[-1] + note]
