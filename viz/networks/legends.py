"""Legends below Axes, or below all panels of a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz import style
from viz.networks.axes import room_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BELOW = 40  # points between Axes and a legend below them: the height of ticks, numbers and a name
LINE = 12  # points for each further line of the name


def legend_within(ax: Axes, look: style.Theme, **options: Any) -> None:
    """Draw a legend on the Axes, where matplotlib finds the most room."""
    ax.legend(facecolor=look.background, edgecolor=look.background, framealpha=0.8, labelcolor=look.ink, **options)


def legend_below(ax: Axes, entries: Sequence[Any], look: style.Theme) -> None:
    """Draw a legend below the Axes and the name of the x axis, which must be set before."""
    from matplotlib.transforms import ScaledTranslation

    if entries:
        under = BELOW + LINE * ax.get_xlabel().count("\n")
        below = ax.transAxes + ScaledTranslation(0, -under / 72, ax.figure.dpi_scale_trans)
        ax.legend(
            handles=list(entries),
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=below,
            borderaxespad=0,
            frameon=False,
            labelcolor=look.ink,
            ncols=_abreast(entries, room_of(ax)[0]),
        )


def take_legend(ax: Axes) -> list[Any]:
    """Remove the legend of Axes and return its entries, for one legend below several panels."""
    legend = ax.get_legend()
    if legend is None:
        return []
    legend.remove()
    return list(legend.legend_handles)


def figure_legend(ax: Axes, entries: Sequence[Any], look: style.Theme) -> None:
    """Draw one legend for all panels, at the bottom of the figure of `ax`."""
    if entries:
        ax.figure.legend(
            handles=list(entries),
            loc="outside lower center",
            frameon=False,
            labelcolor=look.ink,
            ncols=_abreast(entries, 72 * ax.figure.bbox.width / ax.figure.dpi),
        )


def _abreast(entries: Sequence[Any], width: float) -> int:
    """Return the number of columns of a legend that is up to `width` points wide, with lines of about equal length."""
    sizes = [6.5 * len(str(entry.get_label())) + 46 for entry in entries]
    lines = 1 if sum(sizes) <= width else int(np.ceil(len(sizes) * max(sizes) / width))
    return -(-len(sizes) // lines)
