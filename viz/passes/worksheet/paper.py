"""A worksheet as a PDF of landscape A4 pages: the picture on the first, then the questions, or the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from microgrAD.explanation.lines import Line, without_repeats
from microgrAD.steps import naming
from viz import fonts
from viz.passes import captions
from viz.passes.worksheet.runs import RunSheet
from viz.passes.worksheet.sheet import Section, Sheet
from viz.scene import Curve, Group, Part, Scene, Shape, Text, moved
from viz.style import Theme
from viz.web.words import Words

WIDE, HIGH = 842.0, 595.0  # points
MARGIN = 31.0
TYPE, SMALL, HEADING = 12.0, 10.0, 17.0
NAME = 100.0  # the largest width of a name
INDENT = 24.0  # before the second and later rows of a long answer
TOP = 78.0  # the height of title and instruction
SMALLEST = 0.6  # of the size of the picture
ROW, ANSWER = 31.0, 22.0  # the height of a question, with room to write, and of an answer


def write(sheets: Sequence[Sheet | RunSheet], *, key: bool) -> bytes:
    """Return a PDF of the sheets one after another, or of their keys. Each has page numbers of its own."""
    from viz.write import mpl

    return mpl.book([page for sheet in sheets for page in _pages(sheet, key)])


def _pages(sheet: Sheet | RunSheet, key: bool) -> Iterator[Scene]:
    """Yield the pages: each section begins on a new one, with its picture."""
    pages = [page for section in sheet.sections for page in _on_pages(section, sheet, key)]
    for k, (said, content) in enumerate(pages, 1):
        groups = (*_head(sheet, said, key, k, len(pages)), *content)
        yield Scene(WIDE, HIGH, groups, sheet.look.background, sheet.title)


def _on_pages(section: Section, sheet: Sheet | RunSheet, key: bool) -> Iterator[tuple[str, list[Group]]]:
    """Yield for each page of a section its instruction, and what stands below it.

    The picture is made smaller, down to `SMALLEST`, where the whole section then fits on one page.
    """
    rows = list((_answers if key else _questions)(section, sheet.digits, numbered=sheet.student is not None))
    picture, high, room = section.picture(key=key), ANSWER if key else ROW, HIGH - MARGIN - TOP
    scale = min(1.0, (room - len(rows) * high) / picture.height)
    scale = scale if scale >= SMALLEST else 1.0
    top, first = TOP + picture.height * scale, int((room - picture.height * scale) / high)
    content = [moved(group, (WIDE - picture.width * scale) / 2, TOP - 14, scale) for group in picture.groups]
    yield section.instruction(key=key), content + _column(rows[:first], top, high, sheet.look)
    for k in range(first, len(rows), more := int(room / high)):
        yield "", _column(rows[k : k + more], TOP, high, sheet.look)


def _column(rows: Sequence[_Row], top: float, high: float, look: Theme) -> list[Group]:
    return [_placed(row, top + high * (at + 0.5), look) for at, row in enumerate(rows)]


def _head(sheet: Sheet | RunSheet, said: str, key: bool, page: int, count: int) -> Iterator[Group]:
    title = fonts.shorten(sheet.title, WIDE - 2 * MARGIN - 230, HEADING, True)
    say = Words(sheet.lang, "told")
    name = fonts.shorten(sheet.student or "", 175, TYPE)
    right = " ".join((say("key"), name) if key else (say("name"), name or "_" * 30)).strip()
    yield _words(
        "title",
        Text(MARGIN, MARGIN + HEADING, title, HEADING, sheet.look.ink, True),
        Text(WIDE - MARGIN, MARGIN + HEADING, right, TYPE, sheet.look.ink, key, "end", fonts.width(right, TYPE)),
    )
    if said:
        small = SMALL * min(1.0, (WIDE - 2 * MARGIN) / fonts.width(said, SMALL))
        yield _words("instruction", Text(MARGIN, MARGIN + HEADING + 20, said, small, sheet.look.muted))
    if count > 1:
        foot = f"{page} / {count}"
        yield _words(
            "page",
            Text(WIDE - MARGIN, HIGH - 16, foot, SMALL, sheet.look.muted, anchor="end", width=fonts.width(foot, SMALL)),
        )


def _words(id: str, *texts: Text) -> Group:
    return Group(id, "text", (Part(f"{id}.text", "text", texts),))


# ---------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the page: for each column its x, its text, and the length of the line to write on after the text."""

    pieces: tuple[tuple[float, str, float], ...]


class _Writer(captions.Pictured):
    """Text with long names shortened, so that other text fits on the line."""

    def name(self, name: str) -> str:
        return super().name(name if naming.mathematics(name) else self.alone(name))

    def alone(self, name: str) -> str:
        if naming.mathematics(name):
            return super().alone(name)
        return naming.abridged(name, NAME, lambda text: fonts.width(text, TYPE))


def _questions(section: Section, digits: int, *, numbered: bool = False) -> Iterator[_Row]:
    """Return the questions, two in a row, each with a line to write on."""
    asked = [question.line.left for question in section.questions(_Writer(digits))]
    half = (WIDE - 2 * MARGIN) / 2
    for k in range(0, len(asked), 2):
        pieces = []
        for column, left in enumerate(asked[k : k + 2]):
            said = f"{_number(k + column, numbered)}{left} ="
            pieces.append((MARGIN + column * half, said, half - fonts.width(said, TYPE) - 26))
        yield _Row(tuple(pieces))


def _answers(section: Section, digits: int, *, numbered: bool = False) -> Iterator[_Row]:
    """Return the answers, from the rule to the number; a long answer has several rows."""
    for k, question in enumerate(section.questions(_Writer(digits))):
        for line in (*question.before, question.line):
            yield from _answer(replace(line, left=_number(k, numbered) + line.left))


def _number(k: int, numbered: bool) -> str:
    return f"{k + 1}.  " if numbered else ""


def _answer(line: Line) -> Iterator[_Row]:
    x, row = MARGIN, line.left
    for sign, term in (
        (" + " if k else "  = ", term) for side in without_repeats(line.sides) for k, term in enumerate(side)
    ):
        if fonts.width(row + sign + term, TYPE) > WIDE - MARGIN - x and row != line.left:
            yield _Row(((x, row, 0.0),))
            x, row = MARGIN + INDENT, (sign + term).strip()
        else:
            row += sign + term
    yield _Row(((x, row, 0.0),))


def _placed(row: _Row, y: float, look: Theme) -> Group:
    shapes: list[Shape] = []
    for x, text, line in row.pieces:
        room = WIDE - MARGIN - x
        size = TYPE * max(0.5, min(1.0, room / max(fonts.width(text, TYPE), 1.0)))
        shapes.append(Text(x, y, fonts.shorten(text, room + 0.01, size), size, look.ink))
        if line:
            start, end = x + fonts.width(text, TYPE) + 8, x + fonts.width(text, TYPE) + line
            at = y + 2
            shapes.append(Curve(((start, at), (start, at), (end, at), (end, at)), look.muted, 0.6))
    return Group("row", "text", (Part("row.text", "text", tuple(shapes)),))
