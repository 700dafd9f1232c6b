"""Captions: one line under each frame of a film or a slide, which says what happens in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from microgrAD.explanation import lines
from microgrAD.explanation.writers import Latex, Text
from microgrAD.steps.trace import Trace
from viz import fonts, scene
from viz.scene import Group, Part, Scene
from viz.style import Theme, number

HEIGHT = 2.6  # em of the caption's type; the height of the foot of a picture
SMALLEST = 0.55  # the smallest factor on the size of a long line; after that it is cut off


@dataclass(frozen=True)
class Pictured(Text):
    """Plain text with numbers written as in pictures."""

    def number(self, x: float, key: str) -> str:
        return number(x, self.digits)


def text(trace: Trace, k: int, digits: int) -> str:
    """Return the caption of step k, from 1; of k = 0, before the first step, it is empty."""
    return _joined(trace, k, Pictured(digits), "   ", "    ")


def latex(trace: Trace, k: int, digits: int) -> str:
    """Return the caption of step k as mathematics in LaTeX."""
    return _joined(trace, k, Latex(digits), r" ", r" \qquad ")


def _joined(trace: Trace, k: int, writer: Text, space: str, gap: str) -> str:
    said = lines.event(trace, k - 1, writer) if k else []
    sides = (([line.left, *lines.without_repeats(line.written())]) for line in said)
    return gap.join(f"{space}= ".join(side) for side in sides)


def add(picture: Scene, line: str, count: str, theme: Theme, size: float) -> Scene:
    """Return the picture with a caption in its free foot: the number of the step, then the line."""
    margin = 1.2 * size
    left = margin + fonts.width("00 / 00", 0.8 * size) + size
    room = picture.width - left - margin
    wide = fonts.width(line, size)
    fitted = size * max(SMALLEST, min(1.0, room / wide)) if wide else size
    line = fonts.shorten(line, room, fitted)
    y = picture.height - HEIGHT * size / 2 + fonts.CAP / 2 * size
    step = scene.Text(margin, y, count, 0.8 * size, theme.muted)
    said = scene.Text(left, y, line, fitted, theme.ink, width=fonts.width(line, fitted))
    parts = Part("caption.count", "count", (step,)), Part("caption.said", "said", (said,))
    return replace(picture, groups=(*picture.groups, Group("caption", "caption", parts)))
