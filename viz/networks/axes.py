"""New Axes and figures for the pictures of networks: panels, titles, ticks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from microgrAD.errors import words
from viz import fonts, style
from viz.options import one_axes
from viz.picture import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

ROOM = 0.92  # the share of a panel for its title and names; Axes are not in the middle of their panel
LAID_OUT = 0.775, 0.77  # the share of a panel's width and height that Axes have before any layout


def axes_on(ax: Axes | None, look: style.Theme) -> Axes:
    """Return the given Axes, or those of a new slide. Raise TypeError for anything else."""
    return one_axes(ax) if ax is not None else new_figure(look).subplots()


def figure_on(
    figure: Figure | SubFigure | None, look: style.Theme, *, layout: str = "constrained"
) -> Figure | SubFigure:
    """Return the given figure, or a new slide. Raise TypeError for anything else."""
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
    """Return `count` Axes in rows, on a figure or a new slide. `options` are those of `subplots`."""
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
    """Return the number of panels in a row of a slide: up to 4 in one row, more in rows of about equal length."""
    lines = 1 if count <= 4 else max(2, round(float(np.sqrt(count * 9 / 16))))
    return -(-count // lines)


def columns_of_squares(
    count: int, figure: Figure | SubFigure, *, around: tuple[float, float], outside: tuple[float, float]
) -> int:
    """Return the number of panels in a row that leaves the most room for squares.

    Arguments:
        count: the number of panels.
        figure: the figure.
        around: the room that titles and names take at each panel, across and up, in points.
        outside: the room that they take once, beside all panels.
    """
    size = 72 / figure.dpi * np.array([figure.bbox.width, figure.bbox.height]) - outside

    def side(columns: int) -> float:
        return float((size / (columns, -(-count // columns)) - around).min())

    return max(range(1, count + 1), key=side)


def size_of(ax: Axes) -> tuple[float, float]:
    """Return the estimated width and height of Axes, in inches, before the layout."""
    box, whole = ax.get_position(original=True), ax.figure.bbox
    return float(box.width * whole.width / ax.figure.dpi), float(box.height * whole.height / ax.figure.dpi)


def room_of(ax: Axes) -> tuple[float, float]:
    """Return the estimated width and height of the panel of Axes, in points."""
    wide, high = (72 * inches / share for inches, share in zip(size_of(ax), LAID_OUT, strict=True))
    return wide, high


def dress(ax: Axes, look: style.Theme, *, x: str = "", y: str = "") -> Axes:
    """Set the names of the axes, and the colours of ticks and frame, by the theme. Return the Axes."""
    wide, high = room_of(ax)
    ax.set_facecolor(look.background)
    ax.set_xlabel(folded(x or ax.get_xlabel(), ROOM * wide, "axes.labelsize"), color=look.ink)
    ax.set_ylabel(folded(y or ax.get_ylabel(), ROOM * high, "axes.labelsize"), color=look.ink)
    ax.tick_params(colors=look.ink)
    for spine in ax.spines.values():
        spine.set_edgecolor(look.edge)
    return ax


def log_axis(axis: Any) -> None:
    """Make an axis (`ax.xaxis` or `ax.yaxis`) logarithmic, with plain numbers at 1, 2 and 5 of each power of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    low, high = sorted(np.log10(np.abs(axis.get_view_interval())))
    steps = (1.0, 2.0, 5.0) if high - low < 2.5 else (1.0,)
    axis.set_major_locator(LogLocator(subs=steps, numticks=12))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda x, _: style.number(x, 2)))


# ---------------------------------------------------------------------------------------------- titles


def entitle(ax: Axes, title: str | None, point: str, look: style.Theme, *, room: float = ROOM, **font: Any) -> None:
    """Set the title of Axes.

    Arguments:
        ax: the Axes.
        title: the title; None for `point`; "" for none.
        point: what the picture says.
        look: the theme.
        room: the share of the panel that the title may take.
        font: options of the text.
    """
    text = point if title is None else words(title, "title")
    ax.set_title(folded(text, room * room_of(ax)[0]), color=look.ink, **font)


def figure_title(axes: Sequence[Axes], title: str | None, point: str, look: style.Theme) -> None:
    """Set the title above all panels: `title`; or `point`, what the picture says, for None; "" for none."""
    figure = axes[0].figure
    text = point if title is None else words(title, "title")
    if text:
        figure.suptitle(folded(text, 72 * 0.96 * figure.bbox.width / figure.dpi), color=look.ink)


def folded(text: str, room: float, size: Literal["axes.titlesize", "axes.labelsize"] = "axes.titlesize") -> str:
    """Return a title or a name, on several lines of about equal length if one would be wider than `room` points."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties

    points = FontProperties(size=rcParams[size]).get_size_in_points()
    return "\n".join(line for part in text.split("\n") for line in _lines(part, room, points))


def _lines(text: str, room: float, points: float) -> list[str]:
    """Return a text on as few lines as fit into the room, of about equal length."""
    words = text.split()
    if fonts.width(text, points) <= room or not words:
        return [text]
    found = narrower = _filled(words, room, points)
    while len(narrower) == len(found) < len(words):
        found, room = narrower, 0.95 * room
        narrower = _filled(words, room, points)
    return found


def _filled(words: Sequence[str], room: float, points: float) -> list[str]:
    """Return lines that are filled with words. A word that is wider than the room has its own line."""
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if fonts.width(longer, points) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
