"""A worksheet as an HTML page without a script, to be printed or read on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import escape

from microgrAD.explanation.lines import without_repeats
from microgrAD.explanation.writers import OnPage
from viz.passes.lesson.said import math
from viz.passes.worksheet.sheet import Sheet
from viz.web import shell
from viz.write import svg

STYLES = ("web/base.css", "web/picture.css", "passes/worksheet/sheet.css")


def write(sheet: Sheet, *, key: bool) -> bytes:
    """Return the page of the sheet, or of its key."""
    picture = sheet.picture(key=key)
    drawn = svg.write(replace(picture, background="", title=f"Computational graph of {sheet.board.trace.root.name}"))
    title = f"{sheet.title}: key" if key else sheet.title
    name = "" if key else '<p class="name">Name:</p>'
    body = f"""<header><h1>{escape(title)}</h1>{name}</header>
<main>
<p>{sheet.instruction(key=key)}</p>
<figure><div class="drawing paper">{drawn}</div></figure>
<ol class="{"answers" if key else "blanks"}">
{"".join(_rows(sheet, key))}</ol>
</main>"""
    size = f".drawing svg {{ --wide: {picture.width * 96 / 72:.0f}; --high: {picture.height * 96 / 72:.0f}; }}\n"
    if sheet.theme:
        size += f".drawing.paper {{ background: {sheet.look.background}; }}\n"
    return shell.document(
        title=title, style=shell.style(STYLES, sheet.theme) + size, body=body, theme=sheet.theme
    ).encode()


def _rows(sheet: Sheet, key: bool) -> Iterator[str]:
    for blank, line in sheet.questions(OnPage(sheet.board.look.digits)):
        rest = (
            "".join(f'<span class="side">{math("= " + side)}</span>' for side in without_repeats(line.written()))
            if key
            else (f'{math("=")}<span class="rule"></span>')
        )
        yield f'<li data-key="{blank.key}">{math(line.left)} {rest}</li>\n'
