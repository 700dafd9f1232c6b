"""An image on Axes: numbers with a sign, or ink on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import bounds_of
from microgrAD.interpret.rows import Array
from viz import style
from viz.networks.axes import dress, entitle
from viz.networks.colors import around_zero, diverging

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDER = 1.06  # the share of a panel for a title: images, without names of axes, are in its middle


def image(
    ax: Axes,
    values: Any,
    look: style.Theme,
    *,
    shape: tuple[int, int],
    norm: Any = None,
    ink: Any = None,
    title: str = "",
) -> None:
    """Draw the number of each pixel: vermilion above 0, blue below. `ink` is a glyph whose outline is drawn on it."""
    pixels = _pixels(values, shape)
    ax.imshow(pixels, cmap=diverging(look), norm=norm or around_zero(pixels), interpolation="nearest")
    if ink is not None:
        _outline(ax, _pixels(ink, shape), look)
    _bare(ax, look, title)


def glyph(
    ax: Axes,
    values: Any,
    look: style.Theme,
    *,
    shape: tuple[int, int],
    bounds: tuple[float, float] | None = None,
    title: str = "",
) -> None:
    """Draw an image of ink on paper.

    Arguments:
        bounds: the numbers that are paper and ink, such as those of all data; by default those of this image.
    """
    from matplotlib.colors import LinearSegmentedColormap

    low, high = bounds or bounds_of([np.ravel(values)])

    ax.imshow(
        _pixels(values, shape),
        cmap=LinearSegmentedColormap.from_list("ink", [look.background, look.ink]),
        vmin=low,
        vmax=high,
        interpolation="nearest",
    )
    _bare(ax, look, title)


# ---------------------------------------------------------------------------------------------- parts


def _bare(ax: Axes, look: style.Theme, title: str) -> None:
    """Draw a frame without ticks."""
    ax.set_xticks([])
    ax.set_yticks([])
    dress(ax, look)
    if title:
        entitle(ax, title, "", look, room=WIDER)


def _pixels(values: Any, shape: tuple[int, int]) -> Array:
    values = np.array(values, dtype=np.float64)
    if values.size != shape[0] * shape[1]:
        raise ValueError(f"an image of {shape[0]}×{shape[1]} takes {shape[0] * shape[1]} numbers, got {values.size}")
    pixels: Array = values.reshape(shape)
    return pixels


def _outline(ax: Axes, pixels: Array, look: style.Theme) -> None:
    """Draw lines between ink and paper, along the edges of pixels."""
    inked = np.pad(pixels > (pixels.min() + pixels.max()) / 2, 1)
    for i, j in np.argwhere(inked[1:, 1:-1] != inked[:-1, 1:-1]):
        ax.plot([j - 0.5, j + 0.5], [i - 0.5, i - 0.5], color=look.ink, linewidth=1.2)
    for i, j in np.argwhere(inked[1:-1, 1:] != inked[1:-1, :-1]):
        ax.plot([j - 0.5, j - 0.5], [i - 0.5, i + 0.5], color=look.ink, linewidth=1.2)
