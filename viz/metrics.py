"""Metrics of DejaVu Sans as plain numbers: for places without matplotlib, which has the font, such as a browser.

`written` makes the text of the file `viz/assets/metrics.json` on a machine that has the font; the studio's folder has
it. `recorded` reads that file where it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, groupby
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "assets" / "metrics.json"


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the layout of a line needs to know of a font, in font units.

    Arguments:
        em: the units of an em.
        advances: how wide each character is, by its code.
        heights: the lowest and the highest point of each character's outline, added.
        missing: the same sum for the sign of a character that the font lacks.
    """

    em: int
    advances: dict[int, int]
    heights: dict[int, int]
    missing: int


def of_font(file: Path) -> Metrics:
    """Return the metrics of a TrueType font."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(file, lazy=True) as font:
        glyphs, widths, names = font["glyf"], font["hmtx"].metrics, font.getBestCmap()

        def height(name: str) -> int:
            glyph = glyphs[name]
            return glyph.yMin + glyph.yMax if glyph.numberOfContours else 0  # a space has no outline

        return Metrics(
            font["head"].unitsPerEm,
            {code: widths[name][0] for code, name in names.items()},
            {code: height(name) for code, name in names.items()},
            height(".notdef"),
        )


def written(regular: Path, bold: Path) -> str:
    """Return both fonts' metrics as JSON: for each run of codes its first, then advances and heights."""
    return json.dumps([_packed(of_font(file)) for file in (regular, bold)], separators=(",", ":"))


def recorded(bold: bool) -> Metrics:
    """Return the metrics from the file. FileNotFoundError where the file is missing."""
    return _read(FILE)[bold]


@lru_cache
def _read(file: Path) -> tuple[Metrics, Metrics]:
    regular, bold = map(_unpacked, json.loads(file.read_text("utf-8")))
    return regular, bold


def _packed(font: Metrics) -> dict[str, Any]:
    following = count()
    runs = [list(run) for _, run in groupby(sorted(font.advances), key=lambda code: code - next(following))]
    return {
        "em": font.em,
        "missing": font.missing,
        "runs": [[run[0], [font.advances[c] for c in run], [font.heights[c] for c in run]] for run in runs],
    }


def _unpacked(found: dict[str, Any]) -> Metrics:
    advances: dict[int, int] = {}
    heights: dict[int, int] = {}
    for first, wide, high in found["runs"]:
        advances.update(zip(count(first), wide, strict=False))
        heights.update(zip(count(first), high, strict=False))
    return Metrics(found["em"], advances, heights, found["missing"])
