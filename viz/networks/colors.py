"""Colours: those of classes, with a marker for each; those of signs, from blue (negative) to vermilion; and points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.rows import Array
from viz import style
from viz.networks.axes import size_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize


def rgb(colors: Sequence[str]) -> Array:
    """Return colours #rrggbb as numbers from 0 to 1, (colours, 3)."""
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colors])


def diverging(look: style.Theme) -> Colormap:
    """Return the colours from blue (negative) over the background (0) to vermilion (positive)."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signs", [look.flow_negative, look.background, look.flow_positive])


def around_zero(*arrays: Any) -> Normalize:
    """Return one scale for all arrays, with 0 in its middle."""
    from matplotlib.colors import Normalize

    reach = max((float(np.abs(np.asarray(a, dtype=float)).max()) for a in arrays if np.size(a)), default=0.0) or 1.0
    return Normalize(-reach, reach)


def scale(
    ax: Axes, look: style.Theme, norm: Normalize, label: str, *, beside: Sequence[Axes] | None = None, **options: Any
) -> None:
    """Draw the scale of `diverging`, beside `ax` or beside all panels."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.ticker import MaxNLocator

    options.setdefault("ticks", MaxNLocator(6))
    bar = ax.figure.colorbar(
        ScalarMappable(norm, diverging(look)), ax=list(beside) if beside else ax, panchor=False, **options
    )
    bar.set_label(label, color=look.ink)
    bar.ax.tick_params(colors=look.ink)
    bar.outline.set_edgecolor(look.edge)


def scatter(
    ax: Axes,
    points: Array,
    y: Any,
    names: Sequence[str],
    look: style.Theme,
    *,
    size: float | None = None,
    classes: Sequence[Any] | None = None,
) -> list[Any]:
    """Draw points (n, 2) with the colour and the marker of their class. Return the entries of the legend.

    If there are many points, a few of each class are drawn in turn, so that no class hides another.
    """
    y = np.asarray(y)
    found = np.unique(y).tolist() if classes is None else classes
    size = size if size is not None else dot_size(ax, len(points))
    rounds = 1 + min(len(points) // 500, 40)
    of_class = [points[y == c] for c in found]
    drawn = [
        ax.scatter(
            some[:, 0],
            some[:, 1],
            s=size,
            c=color(k),
            marker=marker(k),
            edgecolors=look.ink,
            zorder=3,
            linewidths=min(0.9, 0.14 * size**0.5),
            label=name if first == 0 else None,
        )
        for first in range(rounds)
        for k, (name, some) in enumerate(zip(names, (of[first::rounds] for of in of_class), strict=True))
    ]
    return drawn[: len(found)]


def color(k: int) -> str:
    """Return the colour of class k."""
    return style.CLASSES[k % len(style.CLASSES)]


def marker(k: int) -> str:
    """Return the marker of class k. Marker and colour together are different for 64 classes."""
    count = len(style.MARKERS)
    return style.MARKERS[(k + k // count) % count]


def dot_size(ax: Axes, count: int) -> float:
    """Return the area of a marker, in points². It is smaller for more points and on smaller Axes."""
    wide, high = size_of(ax)
    return float(np.clip(75 * np.sqrt(wide * high / max(count, 1)), 6, 90))
