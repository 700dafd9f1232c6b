"""A worksheet as an HTML page without a script, to be printed or read on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from microgrAD.explanation.lines import Line, without_repeats
from microgrAD.explanation.writers import OnPage
from microgrAD.steps import naming
from viz.passes.lesson.said import math
from viz.passes.worksheet.runs import RunSheet
from viz.passes.worksheet.sheet import Section, Sheet
from viz.scene import Scene
from viz.web import shell
from viz.web.words import Words
from viz.write import svg

STYLES = ("web/base.css", "web/picture.css", "passes/worksheet/sheet.css")


def write(sheets: Sequence[Sheet | RunSheet], *, key: bool) -> bytes:
    """Return the page of the sheets one after another, or of their keys."""
    first = sheets[0]
    papers = [_paper(sheet, key, k, alone=len(sheets) == 1) for k, sheet in enumerate(sheets)]
    style = shell.style(STYLES, first.theme) + "".join(size for _, size in papers)
    if first.theme:
        style += f".drawing.paper {{ background: {first.look.background}; }}\n"
    body = "\n".join(written for written, _ in papers)
    return shell.document(title=_title(first, key), style=style, body=body, theme=first.theme, lang=first.lang).encode()


def _title(sheet: Sheet | RunSheet, key: bool) -> str:
    return Words(sheet.lang, "told")("key-of", title=sheet.title) if key else sheet.title


def _paper(sheet: Sheet | RunSheet, key: bool, k: int, *, alone: bool) -> tuple[str, str]:
    """Return the HTML of a sheet, and the CSS for the size of its pictures."""
    name = f"{Words(sheet.lang, 'told')('name')} {sheet.student or ''}".strip()
    named = f'<p class="name">{escape(name)}</p>' if sheet.student or not key else ""
    pictures = [section.picture(key=key) for section in sheet.sections]
    parts = "".join(
        _section(sheet, section, picture, key) for section, picture in zip(sheet.sections, pictures, strict=True)
    )
    heading = f"<header><h1>{escape(_title(sheet, key))}</h1>{named}</header>"
    wide, high = (side * 96 / 72 for side in (pictures[0].width, pictures[0].height))
    size = f".drawing svg {{ --wide: {wide:.0f}; --high: {high:.0f}; }}\n"
    if alone:
        return f"{heading}\n<main>\n{parts}</main>", size
    return f'<article id="paper-{k + 1}">{heading}\n{parts}</article>', f"#paper-{k + 1} {size}"


def _section(sheet: Sheet | RunSheet, section: Section, picture: Scene, key: bool) -> str:
    of_graph = "" if isinstance(sheet, RunSheet) else naming.plain(sheet.board.trace.root.name)
    called = Words(sheet.lang)("picture-of", root=of_graph) if of_graph else picture.title
    drawn = svg.write(replace(picture, background="", title=called))
    return f"""<p>{escape(section.instruction(key=key))}</p>
<figure><div class="drawing paper">{drawn}</div></figure>
<ol class="{"answers" if key else "blanks"}">
{"".join(_rows(sheet, section, key))}</ol>
"""


def _rows(sheet: Sheet | RunSheet, section: Section, key: bool) -> Iterator[str]:
    for question in section.questions(OnPage(sheet.digits)):
        said = (*question.before, question.line) if key else (question.line,)
        written = "<br>".join(f"{math(line.left)} {_rest(line, key)}" for line in said)
        yield f'<li data-key="{escape(question.name)}">{written}</li>\n'


def _rest(line: Line, key: bool) -> str:
    if key:
        return "".join(f'<span class="side">{math("= " + side)}</span>' for side in without_repeats(line.written()))
    return f'{math("=")}<span class="rule"></span>'
