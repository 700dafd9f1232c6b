"""Fonts: DejaVu Sans, which is part of matplotlib, so that widths are the same everywhere; and fonts of the machine.

Where matplotlib is not installed, which is in a browser, widths come from recorded metrics, and are the same.
"""

from __future__ import annotations

import importlib.util
import unicodedata
import warnings
from contextlib import suppress
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from microgrAD.steps import naming
from viz import metrics

# DejaVu Sans is as wide as Verdana and wider than Arial, Helvetica, Segoe UI and Roboto. A viewer without DejaVu Sans
# uses one of those, and text that fits in DejaVu Sans also fits in them.
STACK = "DejaVu Sans, Verdana, Segoe UI, Helvetica, Arial, sans-serif"
CAP = 0.729  # em; the height of capitals and digits
_WIDE = 1.3  # em; the width of an emoji in the widest of the usual fonts
_EMPTY = ("Mn", "Me", "Cf")  # combining marks, joiners, variation selectors


def file(bold: bool = False) -> Path:
    """Return the path of the font's file."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None and found.origin is not None
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@lru_cache
def has_file() -> bool:
    """Return whether the font itself is here."""
    return importlib.util.find_spec("matplotlib") is not None


@lru_cache
def _advances(bold: bool) -> dict[int, float]:
    """Return the advance width of every character in the font, in em."""
    if not has_file():
        known = metrics.recorded(bold)
        return {code: wide / known.em for code, wide in known.advances.items()}
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(file(bold), lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@lru_cache
def mathematics(text: str) -> float:
    """Return the width of a label between dollars, such as $w_{12}^{[2]}$, in em; 0.0 for any other text."""
    if not naming.mathematics(text) or not has_file():  # without matplotlib it is shown as it is written
        return 0.0
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    try:
        parsed: Any = MathTextParser("path").parse(text, dpi=72, prop=FontProperties(size=100))
    except ValueError:  # such as two indices one after the other
        return 0.0
    return float(parsed[0]) / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a line of text, in the unit of `size`. Characters that the font lacks count as wide."""
    if text[:1] == "$" and (em := mathematics(text)):
        return size * em
    known = _advances(bold)
    return size * sum(known.get(ord(c), 0.0 if unicodedata.category(c) in _EMPTY else _WIDE) for c in text)


@lru_cache
def middle(text: str, bold: bool = False) -> float:
    """Return how far the baseline is below the middle of the text, in em; for one sign, of that sign's own glyph."""
    if len(text) != 1 or text.isalpha() and text.isascii():
        return CAP / 2
    if not has_file():
        known = metrics.recorded(bold)
        return known.heights.get(ord(text), known.missing) / 2 / known.em
    from fontTools.ttLib import TTFont

    with TTFont(file(bold), lazy=True) as font:
        glyph = font["glyf"][font.getBestCmap().get(ord(text), ".notdef")]
        return float((glyph.yMin + glyph.yMax) / 2 / font["head"].unitsPerEm)


def lacks(text: str, bold: bool = False) -> bool:
    """Return whether the font lacks a character of the text."""
    known = _advances(bold)
    return any(ord(c) not in known for c in text)


def runs(text: str, bold: bool = False) -> list[tuple[str, str]]:
    """Return the text in pieces to draw side by side, each with the file of a font that has its characters.

    Characters that the font lacks come from other fonts that matplotlib finds on the machine. A character that no font
    has becomes □, with a UserWarning.
    """
    known, own = _advances(bold), str(file(bold))
    found: list[tuple[str, str]] = []
    missing = ""
    for c in text:
        if ord(c) in known:
            found.append((c, own))
        elif unicodedata.category(c) in _EMPTY:
            continue
        elif other := _other(ord(c)):
            found.append((c, other))
        else:
            found.append(("□", own))
            missing += c
    if missing:
        _warn_once("".join(dict.fromkeys(missing)))
    return [("".join(c for c, _ in some), font) for font, some in groupby(found, key=itemgetter(1))]


@lru_cache  # so that it warns once
def _warn_once(missing: str) -> None:
    warnings.warn(
        f"no font on this machine has {missing[:8]!r}, and PNG, PDF and GIF show □ instead; install one that "
        "has it, such as Noto Sans CJK, or save SVG or a page, which use the viewer's fonts",
        stacklevel=4,
    )


@lru_cache
def _other(code: int) -> str:
    """Return the file of a font that has the character, as an outline; "" if there is none."""
    from fontTools.ttLib import TTFont, TTLibError
    from matplotlib.font_manager import fontManager
    from matplotlib.ft2font import FT2Font

    upright = [entry for entry in fontManager.ttflist if entry.style == "normal" and "Last Resort" not in entry.name]
    upright.sort(key=lambda entry: (entry.weight not in (400, "normal", "regular"), entry.name, entry.fname))
    for path in (entry.fname for entry in upright):
        with suppress(OSError, RuntimeError, TTLibError):  # a font that was deleted or is damaged
            if FT2Font(path).get_char_index(code):
                with TTFont(path, lazy=True, fontNumber=0) as font:
                    if "glyf" in font or "CFF " in font:  # outlines, not bitmaps of one size
                        return path
    return ""


def shorten(text: str, limit: float, size: float, bold: bool = False) -> str:
    """Return the text; or, if it is wider than `limit`, its beginning with … after it.

    >>> shorten("the loss of the whole training set", 100, 14)
    'the loss of t…'
    """
    if width(text, size, bold) <= limit:
        return text
    room = limit - width("…", size, bold)
    end = 0
    while width(text[: end + 1], size, bold) <= room:
        end += 1
    return text[:end].rstrip() + "…"
