"""An explanation as a worked solution in LaTeX, a document that compiles with what every TeX brings."""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD.explanation.lines import Line
from microgrAD.explanation.terminal import chapters, measure
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


def write(trace: Trace, digits: int = 6) -> str:
    """The whole document."""
    both = zip(chapters(trace, Latex(digits)), chapters(trace, Measure(digits)), strict=True)
    return _DOCUMENT.format(
        "\n\n".join(
            f"\\section*{{{_heading(title, trace.root.name)}}}\n{equations(said, plain)}"
            for (title, said), (_, plain) in both
        )
    )


def _heading(title: str, name: str) -> str:
    return naming.escape(title.replace(name, naming.abridged(name, LABEL)))


def equations(said: Sequence[Line], plain: Sequence[Line]) -> str:
    """Lines under each other; `plain` are the same as text, by which those that are too long are found."""
    room = WIDTH - max(measure(line.left) for line in plain)
    rows = [row for line, measured in zip(said, plain, strict=True) for row in _rows(line, measured, room)]
    body = "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"
    return _beside([line.left for line in said]) + body if any(r"\fit{" in row for row in rows) else body


def _beside(left: Sequence[str]) -> str:
    """How wide a row may be beside the widest of the left sides, which TeX finds by setting them all."""
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
    """A row, made smaller by TeX where it is too long, as it could be with words in it."""
    broad = sum(c in naming.BROAD for c in plain)
    return rf"\fit{{{body}}}" if r"\text{" in body or measure(plain) + 0.7 * broad > room - 2 else body
