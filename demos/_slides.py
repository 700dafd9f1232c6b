"""Figures of a slide's size, 1280×720, for the pictures of networks."""

from __future__ import annotations

from pathlib import Path

import _folder
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def blank() -> Figure:
    """A new figure."""
    return Figure(figsize=(9.6, 5.4), dpi=400 / 3, layout="constrained")


def slide() -> Axes:
    """The Axes of a new figure."""
    return blank().subplots()


def save(ax: Axes, path: Path) -> None:
    """Write the figure that `ax` is on, and say so."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()         # square panels get their room only when they are laid out once more
    figure.savefig(path)
    _folder.wrote(path)
