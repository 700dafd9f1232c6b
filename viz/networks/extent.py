"""How much of the plane of two features is shown: its limits, and Axes that are filled so that circles are round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import AutoLocator

from microgrAD.errors import counted
from microgrAD.interpret.rows import Array
from viz.networks.axes import LAID_OUT, size_of
from viz.networks.given import Limits, plane_rows, sides

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 0.12  # around the data, as a share of their size
UNSURE = 1.6  # the largest error, as a factor, of the ratio that is estimated before the layout


def limits_of(X: Any, *, share: float = MARGIN) -> Limits:
    """Return the limits of data X (n, 2) with a margin, a share of their size; -1 to 1 without data."""
    if X is None:
        return (-1.0, 1.0), (-1.0, 1.0)
    X = plane_rows(X)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = np.where(high > low, share * (high - low), 1.0)
    (left, bottom), (right, top) = low - margin, high + margin
    return (left, right), (bottom, top)


def plane_on(ax: Axes, X: Any, limits: Limits | None) -> tuple[Limits, Limits]:
    """Return the part of the plane that must be shown, and the part that may be shown after the layout of the Axes.

    Both are `limits` if they are given, and -1 to 1 without data.
    """
    view = limits_of(X) if limits is None else sides(limits)
    return view, view if X is None or limits is not None else ground(ax, view)


def grid_over(whole: Limits, view: Limits, resolution: int) -> tuple[Array, Array]:
    """Return places along x and along y: `resolution` on each side of the view, equally dense on the whole."""
    x, y = [
        np.linspace(low, high, 1 + round((counted(resolution, "resolution", 2) - 1) * (high - low) / (b - a)))
        for (low, high), (a, b) in zip(whole, view, strict=True)
    ]
    return x, y


def shape_of(ax: Axes) -> float:
    """Return the estimated height/width ratio of the Axes after the layout."""
    wide, high = size_of(ax)
    if ax.get_subplotspec() is not None and ax.figure.get_layout_engine() is not None:
        wide, high = wide / LAID_OUT[0], high / LAID_OUT[1]  # of their panel; less of it where there is little:
        wide, high = wide - min(50 / 72, 0.35 * wide), high - min(75 / 72, 0.45 * high)  # numbers, names, legends
    return float(np.clip(high / wide, 0.3, 3))


def ground(ax: Axes, limits: Limits) -> Limits:
    """Return all of the plane that the Axes may show when they are filled; see `Filling`."""
    shape = shape_of(ax)
    return widened(limits, shape / UNSURE)[0], widened(limits, shape * UNSURE)[1]


def widened(limits: Limits, shape: float) -> Limits:
    """Return limits, wider on one side, for which a unit has the same length on both axes.

    If one feature is more than four times as wide as the other, each keeps its own scale.

    Arguments:
        limits: the limits.
        shape: the height/width ratio of the Axes.
    """
    (left, right), (bottom, top) = limits
    wide, high = right - left, top - bottom
    if not 1 / 4 <= high / wide <= 4:
        return limits
    x, y = max(0.0, high / shape - wide) / 2, max(0.0, wide * shape - high) / 2
    return (left - x, right + x), (bottom - y, top + y)


class Filling:
    """Fills Axes with the plane around the limits, so that circles are round, whatever shape the layout gives the Axes.

    matplotlib asks it for the place of the Axes in each layout. If the Axes would show more than the `ground`, they are
    made smaller. Limits that were set later are not changed.
    """

    def __init__(self, ax: Axes, limits: Limits, before: Any) -> None:
        shape = shape_of(ax)
        self.limits, self.shapes = limits, (shape / UNSURE, shape * UNSURE)
        self.before = before  # what gave the place before
        self.get_subplotspec = ax.get_subplotspec  # for tight_layout
        self._show(ax, limits)

    def __call__(self, ax: Axes, renderer: Any) -> Any:
        place = self.before(ax, renderer) if self.before else ax.get_position(original=True)
        if self.shown == (ax.get_xlim(), ax.get_ylim()) and place.width > 0 < place.height:
            stretch = ax.figure.bbox.height / ax.figure.bbox.width
            shape = float(np.clip(stretch * place.height / place.width, *self.shapes))
            self._show(ax, widened(self.limits, shape))
            if self.limits != self.shown:
                place = place.shrunk_to_aspect(shape, place, stretch).anchored("C", place)
        return place

    def _show(self, ax: Axes, limits: Limits) -> None:
        ax.set(xlim=limits[0], ylim=limits[1])
        self.shown = ax.get_xlim(), ax.get_ylim()


class InnerLocator(AutoLocator):
    """Ticks that are not at the ends of an axis, where a number would touch that of the next panel."""

    def __call__(self) -> Any:
        assert self.axis is not None
        low, high = sorted(self.axis.get_view_interval())
        ticks, margin = np.asarray(super().__call__()), 0.06 * (high - low)
        return ticks[(ticks >= low + margin) & (ticks <= high - margin)]


def framed(ax: Axes, limits: Limits, whole: Limits) -> None:
    """Show what is within the limits, and fill the Axes with more of one side, if there is more of the whole."""
    before = ax.get_axes_locator()
    before = before.before if isinstance(before, Filling) else before
    ax.set(xlim=limits[0], ylim=limits[1])
    ax.xaxis.set_major_locator(InnerLocator())
    ax.set_axes_locator(Filling(ax, limits, before) if whole != limits else before)  # type: ignore[arg-type]
