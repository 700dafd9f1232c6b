"""Captions: what happens in each frame of a film or a slide, in rows below the picture, of one size in all frames.

A long line is broken before an equal sign, or before an operation; nothing is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from microgrAD.explanation.lines import Line, without_repeats
from microgrAD.explanation.writers import Latex, Measure, Text
from microgrAD.steps import naming
from viz import fonts, scene
from viz.scene import Group, Part, Scene, moved
from viz.style import Theme, number

Said = Callable[[Text], Sequence[Line]]  # writes what is said in one frame
LEADING = 1.5  # em, from row to row
PADDING = 1.1  # em, above and below all rows
GAP = 2.0  # em, between two equations of a row
SMALLEST = 0.7  # the smallest factor on the size of captions
NARROWEST = 20.0  # em; the width of a picture with captions
WIDEST = 760.0  # points; a picture of natural size becomes up to so wide for its captions
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ABOVE = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_OPERATION = re.compile(r" [·+−/×] ")


@dataclass(frozen=True)
class Pictured(Text):
    """Plain text with numbers written as in pictures."""

    def number(self, x: float, key: str) -> str:
        return number(x, self.digits)

    def name(self, name: str) -> str:
        return indexed(super().name(name)) if naming.mathematics(name) else super().name(name)

    def alone(self, name: str) -> str:
        return self.name(name) if naming.mathematics(name) else super().alone(name)


def indexed(text: str) -> str:
    """Return a text in which the indices of mathematics are small: w₁₂⁽²⁾ for w^(2)_12.

    There are no small brackets, so w^[2]_12 becomes w₁₂^[2].
    """
    ordered = re.sub(r"(\^[(\[]\d+[)\]])(_[\d,]+)", r"\2\1", text)
    below = re.sub(r"_(\d+(?:,\d+)?)", lambda found: found[1].translate(_BELOW), ordered)
    return re.sub(r"\^(\d+|\(\d+\))", lambda found: found[1].translate(_ABOVE), below)


@dataclass(frozen=True)
class Measured(Measure):
    """Text about as wide as LaTeX prints it, with numbers written as in pictures."""

    def number(self, x: float, key: str) -> str:
        return number(x, self.digits)


@dataclass(frozen=True)
class Captions:
    """The rows of all frames, and the size of their type in points."""

    rows: tuple[tuple[str, ...], ...]
    size: float

    @property
    def foot(self) -> float:
        """The height that a picture keeps free at the bottom for the most rows."""
        most = max(map(len, self.rows), default=0)
        return (LEADING * max(most, 1) + PADDING) * self.size


def fitted(said: Sequence[Said], writer: Text, width: float, size: float) -> Captions:
    """Return the captions at the largest size at which each has at most two rows; or three, or more.

    Arguments:
        said: what is said in each frame.
        writer: the medium.
        width: the width of the picture in points.
        size: the largest size.
    """
    spoken = [pieces(some(writer)) for some in said]
    for most in (2, 3, 4, 0):
        for factor in (1.0, 0.9, 0.8, SMALLEST):
            found = Captions(
                tuple(tuple(rows(some, room(width, factor * size), factor * size)) for some in spoken), factor * size
            )
            fits = max(map(len, found.rows)) <= most if most else factor == SMALLEST
            if fits:
                return found
    raise AssertionError("the last size is taken")


def wide_enough(said: Sequence[Said], writer: Text, width: float, size: float) -> float:
    """Return the width of a picture, from its own up to WIDEST, at which each caption has two rows if possible."""
    spoken, width = [pieces(some(writer)) for some in said], max(width, NARROWEST * size)
    while width < WIDEST and any(len(list(rows(some, room(width, size), size))) > 2 for some in spoken):
        width = min(WIDEST, 1.1 * width)
    return width


def room(width: float, size: float) -> float:
    """Return the width of a row of a caption."""
    return width - _left(size) - 1.2 * size


def pieces(said: Iterable[Line]) -> list[list[str]]:
    """Return the pieces of each equation, its left and its sides, without a side that repeats the one before it."""
    found = []
    for line in said:
        found.append([line.left, *(f"= {side}" for side in without_repeats(line.written()))])
    return found


def equation(line: Line) -> str:
    """Return an equation as one line, with its remark."""
    sides = " = ".join([line.left, *without_repeats(line.written())])
    return f"{sides} ({line.note})" if line.note else sides


def rows(equations: Sequence[Sequence[str]], width: float, size: float) -> Iterator[str]:
    """Yield the rows of some equations, one after another, none wider than `width`."""
    row, gap = "", " " * round(GAP * size / fonts.width(" ", size))
    for equation in equations:
        for k, piece in enumerate(equation):
            joint = "" if not row else "   " if k else gap
            whole = "   ".join(equation)
            if row and k == 0 and fonts.width(row + gap + whole, size) > width:
                yield row
                row, joint = "", ""
            if row and fonts.width(row + joint + piece, size) > width:
                yield row
                row, joint = "", ""
            *full, row = _broken(row + joint + piece, width, size)
            yield from full
    if row:
        yield row


def _broken(row: str, width: float, size: float) -> Iterator[str]:
    """Yield a row that is too wide as several, cut before operations outside of parentheses, or where it must be."""
    while fonts.width(row, size) > width:
        fitting = [m.start() for m in _OPERATION.finditer(row, 1) if fonts.width(row[: m.start()], size) <= width]
        if fitting:
            cut = min(fitting, key=lambda place: (row.count("(", 0, place) - row.count(")", 0, place), -place))
        else:
            cut = max([k for k in range(1, len(row)) if fonts.width(row[:k], size) <= width], default=1)
        yield row[:cut].rstrip()
        row = row[cut:].strip()
    yield row


def latex(said: Said, digits: int) -> str:
    """Return a caption as mathematics in LaTeX: equations that can be broken between each other and at equal signs."""
    return r"\quad ".join(f"${' '.join(equation)}$" for equation in pieces(said(Latex(digits))))


# ---------------------------------------------------------------------------------------------- on the picture


def widened(picture: Scene, width: float) -> Scene:
    """Return the picture in the middle of a wider sheet."""
    if width <= picture.width:
        return picture
    aside = (width - picture.width) / 2
    return replace(picture, width=width, groups=tuple(moved(group, aside, 0.0) for group in picture.groups))


def add(picture: Scene, said: Sequence[str], count: str, theme: Theme, captions: Captions) -> Scene:
    """Return the picture with rows in its free foot, after the number of the step."""
    size = captions.size
    top = picture.height - captions.foot + PADDING * size / 2
    first = top + LEADING * size / 2 + fonts.CAP / 2 * size
    step = scene.Text(1.2 * size, first, count, 0.8 * size, theme.muted)
    shapes = tuple(
        scene.Text(_left(size), first + k * LEADING * size, row, size, theme.ink, width=fonts.width(row, size))
        for k, row in enumerate(said)
    )
    parts = Part("caption.count", "count", (step,)), Part("caption.said", "said", shapes)
    return replace(picture, groups=(*picture.groups, Group("caption", "caption", parts)))


def _left(size: float) -> float:
    """Return where rows begin, right of the number of the step."""
    return 2.2 * size + fonts.width("000 / 000", 0.8 * size)
