"""Writes an explanation as a worked solution in LaTeX: a document that needs only packages of every TeX."""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD.explanation.chapters import Told, chapters
from microgrAD.explanation.lines import Line
from microgrAD.explanation.terminal import measure
from microgrAD.explanation.writers import LABEL, Latex, Measure
from microgrAD.steps import naming
from microgrAD.steps.trace import Trace

WIDTH = 74  # characters that fit on a line
_DOCUMENT = r"""\documentclass[fleqn]{{article}}
\usepackage[utf8]{{inputenc}}
\usepackage[margin=25mm]{{geometry}}
\usepackage{{amsmath, graphicx}}
\allowdisplaybreaks
\newlength{{\room}}
\newcommand{{\fit}}[1]{{\resizebox{{\ifdim\width>\room\room\else\width\fi}}{{!}}{{$\displaystyle #1$}}}}
\pagestyle{{empty}}
\begin{{document}}
{}
\end{{document}}
"""


def write(trace: Told, digits: int = 6) -> str:
    """Return the whole document."""
    both = zip(chapters(trace, Latex(digits)), chapters(trace, Measure(digits)), strict=True)
    return _DOCUMENT.format(
        "\n\n".join(
            f"\\section*{{{_heading(title, trace)}}}\n{equations(said, plain)}"
            for (title, said, _), (_, plain, _) in both
        )
    )


def _heading(title: str, trace: Told) -> str:
    long = trace.root.name if isinstance(trace, Trace) else ""
    return naming.escape(title.replace(long, naming.abridged(long, LABEL)) if long else title)


def equations(said: Sequence[Line], plain: Sequence[Line]) -> str:
    """Return aligned equations. `plain` holds the same lines as text, which shows which ones are too long."""
    room = WIDTH - max(measure(line.left) for line in plain)
    rows = [row for line, measured in zip(said, plain, strict=True) for row in _rows(line, measured, room)]
    body = "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
    return _beside([line.left for line in said]) + body if any(r"\fit{" in row for row in rows) else body


def _beside(left: Sequence[str]) -> str:
    """Return TeX code that computes the room beside the widest left side; TeX typesets all of them to measure it."""
    stack = " \\\\\n".join(left)
    return (
        f"\\settowidth{{\\room}}{{$\\begin{{aligned}}\n{stack}\n\\end{{aligned}}$}}\n"
        "\\setlength{\\room}{\\dimexpr\\linewidth-\\mathindent-\\room-4.5em}\n"
    )


def _rows(line: Line, plain: Line, room: int) -> list[str]:
    note = rf" \qquad\text{{{naming.escape(line.note)}}}" if line.note else ""
    whole = " = ".join(plain.written())
    if measure(whole) + 3 <= room:
        return [f"{line.left} &= {_fitted(' = '.join(line.written()), whole, room)}{note}"]
    rows = []
    for k, (side, measured) in enumerate(zip(line.sides, plain.sides, strict=True)):
        head, body, said = (line.left if k == 0 else "") + " &= ", "", ""
        for j, (term, text) in enumerate(zip(side, measured, strict=True)):
            if j and measure(said) + measure(text) > room:
                rows.append(head + _fitted(body, said, room))
                head, body, said = r" &\quad {} + ", "", ""
            elif j:
                body, said = body + " + ", said + " + "
            body, said = body + term, said + text
        rows.append(head + _fitted(body, said, room))
    return [*rows[:-1], rows[-1] + note]


def _fitted(body: str, plain: str, room: int) -> str:
    """Return a row. TeX shrinks it if it may be too long: text of unknown width, or many characters."""
    broad = sum(c in naming.BROAD for c in plain)
    return rf"\fit{{{body}}}" if r"\text{" in body or measure(plain) + 0.7 * broad > room - 2 else body
