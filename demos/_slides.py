"""Slides to draw on with matplotlib, 1280×720, for what no function of `viz` draws."""

from __future__ import annotations

from pathlib import Path

import _folder
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz import Picture, style
from viz.picture import new_figure


def blank() -> Figure:
    """A new figure."""
    return new_figure(style.theme("light"))


def slide() -> Axes:
    """The Axes of a new figure."""
    return blank().subplots()


def save(figure: Figure, path: Path) -> None:
    """Write the figure, and say so."""
    _folder.wrote(Picture(figure.axes).save(path))
