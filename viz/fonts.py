"""The width of text: from the tables of DejaVu Sans, which matplotlib brings along, so the same on every machine."""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import lru_cache
from pathlib import Path

# DejaVu Sans is as wide as Verdana and wider than Arial, Helvetica, Segoe UI or Roboto, which a viewer without it
# falls back to: text that fits in it fits in all of them.
STACK = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
CAP = 0.729                 # height of capitals and digits
_WIDE = 1.3                 # an emoji in the widest of the usual fonts
_EMPTY = ("Mn", "Me", "Cf")     # combining marks, joiners, variation selectors


def file(bold: bool = False) -> Path:
    """The font's file."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None and found.origin is not None
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@lru_cache
def _advances(bold: bool) -> dict[int, float]:
    """The advance width of every character that the font has, in em."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(file(bold), lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text, in the unit of `size`; what the font lacks is taken to be wide."""
    known = _advances(bold)
    return size * sum(known.get(ord(c), 0.0 if unicodedata.category(c) in _EMPTY else _WIDE) for c in text)


@lru_cache
def middle(text: str, bold: bool = False) -> float:
    """How far below the middle of what is written the baseline is, in em: a lone sign is centred as it is drawn."""
    if len(text) != 1 or text.isalpha() and text.isascii():
        return CAP / 2
    from fontTools.ttLib import TTFont

    with TTFont(file(bold), lazy=True) as font:
        glyph = font["glyf"][font.getBestCmap().get(ord(text), ".notdef")]
        return float((glyph.yMin + glyph.yMax) / 2 / font["head"].unitsPerEm)


def lacks(text: str, bold: bool = False) -> bool:
    """Whether the font lacks a character of the text."""
    known = _advances(bold)
    return any(ord(c) not in known for c in text)


def substitute(text: str, bold: bool = False) -> str:
    """The text with a box in the place of each character that the font lacks.

    >>> substitute("x → 🦊")
    'x → □'
    """
    known = _advances(bold)
    return "".join(c if ord(c) in known else "" if unicodedata.category(c) in _EMPTY else "□" for c in text)


def shorten(text: str, limit: float, size: float, bold: bool = False) -> str:
    """The text, or as much of it as fits into `limit` with … after it.

    >>> shorten("the loss of the whole training set", 100, 14)
    'the loss of t…'
    """
    if width(text, size, bold) <= limit:
        return text
    room = limit - width("…", size, bold)
    end = 0
    while width(text[:end + 1], size, bold) <= room:
        end += 1
    return text[:end].rstrip() + "…"
