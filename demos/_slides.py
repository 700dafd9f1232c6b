"""Figures of a slide's size, 1280×720, for the pictures of networks."""

from __future__ import annotations

from pathlib import Path

import _folder
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz import style
from viz.networks.axes import new_figure


def blank() -> Figure:
    """A new figure."""
    return new_figure(style.theme("light"))


def slide() -> Axes:
    """The Axes of a new figure."""
    return blank().subplots()


def save(ax: Axes, path: Path) -> None:
    """Write the figure that `ax` is on, and say so."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(path)
    _folder.wrote(path)
