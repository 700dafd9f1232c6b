"""What the pictures of networks share on matplotlib's Axes: new ones, their dress, panels, legends, colour scales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz import style
from viz.options import one_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure, SubFigure

Array = np.ndarray[Any, np.dtype[np.float64]]
Limits = tuple[tuple[float, float], tuple[float, float]]
SLIDE = (8.0, 4.5)  # inches, 16:9, so small that type of 10 points reads from the last row
PIXELS = 1280  # across a new figure
BELOW = 40  # points from the Axes to a legend under them: as high as ticks, numbers and a name


def new_figure(look: style.Theme, size: tuple[float, float] = SLIDE, *, layout: str = "constrained") -> Figure:
    """A figure of its own, which no window and no pyplot knows of; "compressed" keeps square panels together."""
    from matplotlib.figure import Figure

    return Figure(
        figsize=size,
        dpi=PIXELS / size[0],
        layout=layout,  # type: ignore[arg-type]
        facecolor=look.background,
    )


def axes_on(ax: Axes | None, look: style.Theme, size: tuple[float, float] = (6.4, 4.8)) -> Axes:
    """The Axes given, or those of a new figure; TypeError for anything else."""
    return one_axes(ax) if ax is not None else new_figure(look, size).subplots()


def figure_on(
    figure: Figure | SubFigure | None, look: style.Theme, *, layout: str = "constrained"
) -> Figure | SubFigure:
    """The figure given, or a new one of a slide's size; TypeError for anything else."""
    from matplotlib.figure import FigureBase

    if figure is not None and not isinstance(figure, FigureBase):
        raise TypeError(
            f"figure takes a matplotlib Figure or a part of one, got {type(figure).__name__}; this "
            "picture has several Axes: leave figure out for a new one, or divide yours by subfigures()"
        )
    return figure if figure is not None else new_figure(look, layout=layout)


def panels(
    count: int,
    look: style.Theme,
    *,
    figure: Figure | SubFigure | None = None,
    columns: int | None = None,
    **options: Any,
) -> list[Axes]:
    """So many Axes in rows, on `figure` or a new one of a slide's size; `options` are those of `subplots`."""
    if count < 1:
        raise ValueError("there is nothing to draw: no panel")
    columns = columns or columns_for(count)
    lines = -(-count // columns)
    figure = figure_on(figure, look, layout="compressed")
    grid = np.asarray(figure.subplots(lines, columns, squeeze=False, **options)).ravel().tolist()
    for ax in grid[count:]:
        ax.set_axis_off()
    return grid[:count]


def columns_for(count: int) -> int:
    """As many beside each other as fill a slide: up to four in one row, else rows of about equal length."""
    lines = 1 if count <= 4 else max(2, round(float(np.sqrt(count * 9 / 16))))
    return -(-count // lines)


def columns_of_squares(
    count: int, figure: Figure | SubFigure, *, around: tuple[float, float], outside: tuple[float, float]
) -> int:
    """As many beside each other as leave most room for squares.

    Titles and names take so many points, across and up, `around` each panel and `outside` of all of them.
    """
    size = 72 / figure.dpi * np.array([figure.bbox.width, figure.bbox.height]) - outside

    def side(columns: int) -> float:
        return float((size / (columns, -(-count // columns)) - around).min())

    return max(range(1, count + 1), key=side)


def size_of(ax: Axes) -> tuple[float, float]:
    """About how wide and how high the Axes are, in inches, before anything is laid out."""
    box, whole = ax.get_position(original=True), ax.figure.bbox
    return float(box.width * whole.width / ax.figure.dpi), float(box.height * whole.height / ax.figure.dpi)


def dress(ax: Axes, look: style.Theme, *, x: str = "", y: str = "", title: str = "") -> Axes:
    """Names, title, ticks and frame in the theme's colours."""
    ax.set_facecolor(look.background)
    ax.set_xlabel(x or ax.get_xlabel(), color=look.ink)
    ax.set_ylabel(y or ax.get_ylabel(), color=look.ink)
    ax.tick_params(colors=look.ink)
    for spine in ax.spines.values():
        spine.set_edgecolor(look.edge)
    if title:
        ax.set_title(title, color=look.ink)
    return ax


def bare(ax: Axes, look: style.Theme, *, title: str = "") -> Axes:
    """A picture of pixels: a frame without ticks."""
    ax.set_xticks([])
    ax.set_yticks([])
    return dress(ax, look, title=title)


def legend_below(ax: Axes, entries: Sequence[Any], look: style.Theme) -> None:
    """A legend under the Axes and their x axis' name, since within it would hide data."""
    from matplotlib.transforms import ScaledTranslation

    if entries:
        below = ax.transAxes + ScaledTranslation(0, -BELOW / 72, ax.figure.dpi_scale_trans)
        ax.legend(
            handles=list(entries),
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=below,
            borderaxespad=0,
            frameon=False,
            labelcolor=look.ink,
            ncols=_abreast(entries, 72 * size_of(ax)[0] / 0.775),
        )


def _abreast(entries: Sequence[Any], width: float) -> int:
    """How many entries stand beside each other in a legend at most so many points wide, all lines about as full."""
    sizes = [6.5 * len(str(entry.get_label())) + 46 for entry in entries]
    lines = 1 if sum(sizes) <= width else int(np.ceil(len(sizes) * max(sizes) / width))
    return -(-len(sizes) // lines)


def take_legend(ax: Axes) -> list[Any]:
    """The entries of the Axes' legend, which is taken away: for one legend under several panels."""
    legend = ax.get_legend()
    if legend is None:
        return []
    legend.remove()
    return list(legend.legend_handles)


def figure_legend(ax: Axes, entries: Sequence[Any], look: style.Theme) -> None:
    """One legend for all panels, at the foot of the figure that `ax` is on."""
    if entries:
        ax.figure.legend(
            handles=list(entries),
            loc="outside lower center",
            frameon=False,
            labelcolor=look.ink,
            ncols=_abreast(entries, 72 * ax.figure.bbox.width / ax.figure.dpi),
        )


def figure_title(ax: Axes, title: str, look: style.Theme) -> None:
    """A title over all panels."""
    ax.figure.suptitle(title, color=look.ink)


def log_axis(axis: Any) -> None:
    """A logarithmic axis (`ax.xaxis` or `ax.yaxis`) with plain numbers at 1, 2 and 5 of each power of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = sorted(np.log10(np.abs(axis.get_view_interval())))
    steps = (1.0, 2.0, 5.0) if high - low < 2.5 else (1.0,)
    axis.set_major_locator(LogLocator(subs=steps, numticks=12))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda x, _: style.number(x, 2)))


# ---------------------------------------------------------------------------------------------- colours


def rgb(colors: Sequence[str]) -> Array:
    """Colours #rrggbb as numbers from 0 to 1, (colours, 3)."""
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colors])


def diverging(look: style.Theme) -> Colormap:
    """From blue, negative, over the background, 0, to vermilion, positive."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signs", [look.flow_negative, look.background, look.flow_positive])


def around_zero(*arrays: Any) -> Normalize:
    """One scale for all arrays, as far below 0 as above."""
    from matplotlib.colors import Normalize

    reach = max((float(np.abs(np.asarray(a, dtype=float)).max()) for a in arrays if np.size(a)), default=0.0) or 1.0
    return Normalize(-reach, reach)


def scale(
    ax: Axes, look: style.Theme, norm: Normalize, label: str, *, beside: Sequence[Axes] | None = None, **options: Any
) -> None:
    """The colour bar of `diverging`, beside `ax` or beside all the panels."""
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
    """Points (n, 2) with the colour and the marker of their class; gives the entries of the legend.

    Many points are drawn in rounds, some of each class in turn, so that no class hides another.
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
    """The colour of class k."""
    return style.CLASSES[k % len(style.CLASSES)]


def marker(k: int) -> str:
    """The marker of class k: with its colour no other of 64 classes has it."""
    count = len(style.MARKERS)
    return style.MARKERS[(k + k // count) % count]


def dot_size(ax: Axes, count: int) -> float:
    """The area of a marker, in points²: the more of them and the smaller the Axes, the smaller."""
    wide, high = size_of(ax)
    return float(np.clip(75 * np.sqrt(wide * high / max(count, 1)), 6, 90))
