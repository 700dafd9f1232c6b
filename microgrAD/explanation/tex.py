"""An explanation as a worked solution in LaTeX, a document that compiles with what every TeX brings."""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD import naming
from microgrAD.explanation.lines import Line
from microgrAD.explanation.terminal import chapters, measure
from microgrAD.explanation.writers import Latex, Measure
from microgrAD.trace import Trace

WIDTH = 74          # characters that fit on a line
_DOCUMENT = r"""\documentclass[fleqn]{{article}}
\usepackage[utf8]{{inputenc}}
\usepackage[margin=25mm]{{geometry}}
\usepackage{{amsmath}}
\allowdisplaybreaks
\pagestyle{{empty}}
\begin{{document}}
{}
\end{{document}}
"""


def write(trace: Trace, digits: int = 6) -> str:
    """The whole document."""
    both = zip(chapters(trace, Latex(digits)), chapters(trace, Measure(digits)), strict=True)
    return _DOCUMENT.format("\n\n".join(f"\\section*{{{naming.escape(title)}}}\n{equations(said, plain)}"
                                        for (title, said), (_, plain) in both))


def equations(said: Sequence[Line], plain: Sequence[Line]) -> str:
    """Lines under each other; `plain` are the same as text, by which those that are too long are found."""
    room = WIDTH - max(measure(line.left) for line in plain)
    rows = [row for line, measured in zip(said, plain, strict=True) for row in _rows(line, measured, room)]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _rows(line: Line, plain: Line, room: int) -> list[str]:
    note = rf" \qquad\text{{{naming.escape(line.note)}}}" if line.note else ""
    if sum(measure(side) + 3 for side in plain.written()) <= room:
        return [f"{line.left} &= {' = '.join(line.written())}{note}"]
    rows = []
    for k, (side, measured) in enumerate(zip(line.sides, plain.sides, strict=True)):
        row, length = (line.left if k == 0 else "") + " &= ", 0
        for j, (term, size) in enumerate(zip(side, map(measure, measured), strict=True)):
            if j and length + size > room:
                rows.append(row)
                row, length = r" &\quad {} + ", 0
            elif j:
                row += " + "
            row, length = row + term, length + size + 3
        rows.append(row)
    return [*rows[:-1], rows[-1] + note]
