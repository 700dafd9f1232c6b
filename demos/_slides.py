"""Slides of 1280×720 pixels to draw on with matplotlib, for pictures that `viz` does not have."""

from __future__ import annotations

from pathlib import Path

import _folder
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz import Picture, style
from viz.picture import new_figure


def blank() -> Figure:
    """Return a new figure."""
    return new_figure(style.theme("light"))


def slide() -> Axes:
    """Return the Axes of a new figure."""
    return blank().subplots()


def save(figure: Figure, path: Path) -> None:
    """Write the figure to a file, and print its path."""
    _folder.wrote(Picture(figure.axes).save(path))
