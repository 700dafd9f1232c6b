"""A worksheet as a LaTeX document of landscape A4 pages: the picture, then the questions, or the answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from microgrAD.explanation import tex as solution
from microgrAD.explanation.writers import Latex, Measure
from microgrAD.steps import naming
from viz.passes.worksheet.runs import RunSheet
from viz.passes.worksheet.sheet import Section, Sheet
from viz.web.words import Words
from viz.write import tex

_DOCUMENT = r"""\documentclass[fleqn]{{article}}
\usepackage[a4paper, landscape, margin=10mm, top=8mm, bottom=13mm, footskip=7mm]{{geometry}}
{preamble}
\usepackage{{graphicx, multicol}}
\allowdisplaybreaks
\newlength{{\room}}
\newcommand{{\fit}}[1]{{\resizebox{{\ifdim\width>\room\room\else\width\fi}}{{!}}{{$\displaystyle #1$}}}}
\newcommand{{\blank}}[1]{{\par\noindent\rule{{0pt}}{{9mm}}#1\enspace\hrulefill}}
\setlength{{\parindent}}{{0pt}}
\setlength{{\columnsep}}{{12mm}}
\begin{{document}}
{papers}
\end{{document}}
"""
_UNWRITTEN = re.compile(r"(?:\[U\+[0-9A-F]+\]\s*)+")
_LINE = r"\rule{55mm}{0.4pt}"


def write(sheets: Sequence[Sheet | RunSheet], *, key: bool) -> bytes:
    """Return the document of the sheets one after another, or of their keys. Each begins on page 1."""
    papers = "\n\\clearpage\n".join("".join(_paper(sheet, key)) for sheet in sheets)
    return _DOCUMENT.format(preamble=tex.PREAMBLE, papers=papers).encode()


def _paper(sheet: Sheet | RunSheet, key: bool) -> Iterator[str]:
    # what every TeX can write: a name in another script is a line to write on, and its id stays
    name = _UNWRITTEN.sub(lambda _: f"{_LINE} ", naming.escape(sheet.student or ""))
    say = Words(sheet.lang, "told")
    right = f"{say('name')} {name or _LINE}"
    if key:
        right = rf"\textbf{{{say('key')}}}\enspace {name}"
    yield "\\setcounter{page}{1}\n"
    for k, section in enumerate(sheet.sections):
        if k:
            yield "\\clearpage\n"
        yield rf"{{\large\bfseries {naming.escape(sheet.title)}}}\hfill {right}\par\smallskip" + "\n"
        yield rf"{{\small {_sentence(section.instruction(key=key))}}}\par\medskip" + "\n"
        picture = replace(section.picture(key=key), background="")
        yield rf"\begin{{center}}{tex.write([picture])}\end{{center}}" + "\n"
        yield from _answers(section, sheet) if key else _questions(section, sheet)


def _questions(section: Section, sheet: Sheet | RunSheet) -> Iterator[str]:
    yield "\\begin{multicols}{2}\\raggedcolumns\n"
    for k, question in enumerate(section.questions(Latex(sheet.digits))):
        yield rf"\blank{{{_number(k, sheet)}${question.line.left} =$}}" + "\n"
    yield "\\end{multicols}\n"


def _answers(section: Section, sheet: Sheet | RunSheet) -> Iterator[str]:
    asked = section.questions(Latex(sheet.digits)), section.questions(Measure(sheet.digits))
    said, plain = (
        [
            replace(line, left=_number(k, sheet) + line.left)
            for k, q in enumerate(questions)
            for line in (*q.before, q.line)
        ]
        for questions in asked
    )
    yield solution.equations(said, plain) + "\n"


def _number(k: int, sheet: Sheet | RunSheet) -> str:
    return "" if sheet.student is None else rf"{k + 1}.\enspace "


def _sentence(text: str) -> str:
    """Return a sentence of ours, with its signs of mathematics."""
    return "".join({"×": r"$\times$", "δ": r"$\delta$", "Δ": r"$\Delta$", "′": "$'$"}.get(c) or c for c in text)
