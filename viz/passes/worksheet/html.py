"""A worksheet as an HTML page without a script, to be printed or read on a screen."""

from __future__ import annotations

from collections.abc import Iterator
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


def write(sheet: Sheet | RunSheet, *, key: bool) -> bytes:
    """Return the page of the sheet, or of its key."""
    say = Words(sheet.lang, "told")
    title = say("key-of", title=sheet.title) if key else sheet.title
    name = "" if key else f'<p class="name">{escape(say("name"))}</p>'
    pictures = [section.picture(key=key) for section in sheet.sections]
    parts = "".join(
        _section(sheet, section, picture, key) for section, picture in zip(sheet.sections, pictures, strict=True)
    )
    body = f"""<header><h1>{escape(title)}</h1>{name}</header>
<main>
{parts}</main>"""
    wide, high = (side * 96 / 72 for side in (pictures[0].width, pictures[0].height))
    size = f".drawing svg {{ --wide: {wide:.0f}; --high: {high:.0f}; }}\n"
    if sheet.theme:
        size += f".drawing.paper {{ background: {sheet.look.background}; }}\n"
    return shell.document(
        title=title, style=shell.style(STYLES, sheet.theme) + size, body=body, theme=sheet.theme, lang=sheet.lang
    ).encode()


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
