"""The decision boundary of a model of two inputs: what it answers everywhere, and the data that it learned from.

How to read it: the hue says which class the model gives at that place, the depth of colour how sure it is, white
that it can't tell. The line is where it changes its mind. Each point of data has the colour and the marker of its
true class, so that a mistake is a marker on the wrong colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.outputs import EVEN, default_reading, outputs, probabilities
from viz import style
from viz.networks.axes import Array, Limits, axes_on, color, dot_size, dress, legend_below, marker, rgb, scatter
from viz.networks.extent import framed, grid_over, plane_on
from viz.networks.given import checked, classes_of, labels, names, plane_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DEPTH = 0.55  # how much of a class's hue the surest place has: points of the same hue stay visible


def decision_boundary(
    model: Any,
    X: Any = None,
    y: Any = None,
    *,
    ax: Axes | None = None,
    reading: str | None = None,
    feature_names: Sequence[str] = ("x1", "x2"),
    class_names: Sequence[str] | None = None,
    limits: Limits | None = None,
    resolution: int = 100,
    theme: str = "light",
    colorbar: bool = True,
    legend: bool = True,
    held_out: tuple[Any, Any] | None = None,
) -> Axes:
    """Draw what `model` answers over the plane of its two inputs, with data X (n, 2) and classes y (n,) on it.

    `held_out` are more data (X, y), which the model was not taught, as empty markers.

    `model` is a function of one row of two numbers; of an estimator of scikit-learn,
    `lambda x: model.predict_proba([x])[0]` with reading="probabilities". `reading` says what its outputs are, see
    `microgrAD.outputs`; by itself that follows from the last activation. `limits` are ((left, right), (bottom, top)),
    by itself those of the data with a margin, and so much more of one side that a circle is round; without data -1 to
    1. `resolution` is the number of places along each side of the data. Gives the Axes; without `ax` those of a new
    figure. The legend stands below the Axes: a figure of your own keeps room for it with layout="constrained".
    """
    from matplotlib.lines import Line2D

    look = style.theme(theme)
    X, y = checked(X, y)
    features = names(feature_names, ("x1", "x2"), "feature_names", "features")
    ax = axes_on(ax, look)
    view, whole = plane_on(ax, X, limits)
    (left, right), (bottom, top) = whole
    grid = grid_over(whole, view, resolution)
    points = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, 2)
    given, reading = outputs(model, points), reading or default_reading(model)
    p = probabilities(given, reading).reshape(len(grid[1]), len(grid[0]), -1)
    if p.shape[2] > len(style.CLASSES):
        raise ValueError(
            f"a decision boundary shows up to {len(style.CLASSES)} classes, and the model gives {p.shape[2]}"
        )
    classes = classes_of(y, p.shape[2])
    called = names(class_names, [f"class {c}" for c in classes])
    ax.imshow(
        _shade(p, look),
        origin="lower",
        extent=(left, right, bottom, top),
        aspect="auto",
        interpolation="bilinear",
        zorder=0,
    )
    tie_lines(ax, grid, given, reading, look)
    tie = Line2D([], [], color=look.ink, linewidth=1.8, label="P = 0.5" if p.shape[2] == 2 else "tie of two classes")
    dots = [] if y is None else scatter(ax, X, y, called, look, classes=classes)
    dots += [] if held_out is None else _held_out(ax, held_out, classes, look)
    dress(ax, look, x=features[0], y=features[1])
    framed(ax, view, whole)
    legend_below(ax, [*dots, tie] if legend else [], look)
    if colorbar and p.shape[2] == 2:
        _colorbar(ax, called[1], look)
    return ax


def tie_lines(ax: Axes, grid: Sequence[Array], given: Array, reading: str, look: style.Theme) -> None:
    """The lines on which a class and the best other one are equally likely, from outputs on a grid (places, outputs).

    Outputs cross there at a slope, where probabilities of a sure model jump: so the lines are smooth.
    """
    count = given.shape[1]
    leads = (
        [given[:, 0] - EVEN[reading]]
        if count == 1
        else [given[:, k] - np.delete(given, k, axis=1).max(axis=1) for k in ([1] if count == 2 else range(count))]
    )
    for lead in leads:
        if lead.min() < 0 < lead.max():
            ax.contour(
                *grid,
                lead.reshape(len(grid[1]), len(grid[0])),
                levels=[0.0],
                colors=[look.ink],
                linewidths=1.8,
                zorder=2,
            )


def _held_out(ax: Axes, held_out: tuple[Any, Any], classes: Sequence[Any], look: style.Theme) -> list[Any]:
    """Empty markers in the colours of their classes, and one entry for the legend."""
    from matplotlib.lines import Line2D

    if not isinstance(held_out, (tuple, list)) or len(held_out) != 2:
        raise ValueError(f"held_out takes (X, y), the rows and the class of each, got {type(held_out).__name__}")
    X = plane_rows(held_out[0], "held_out")
    y = labels(held_out[1], len(X), "held_out")
    if unknown := set(np.unique(y).tolist()) - set(classes):
        raise ValueError(f"the classes held out must be among {list(classes)}, got {sorted(unknown)} too")
    for k, c in enumerate(classes):
        ax.scatter(
            X[y == c, 0],
            X[y == c, 1],
            s=0.7 * dot_size(ax, len(X)),
            facecolors=look.background,
            linewidths=1.1,
            edgecolors=color(k),
            marker=marker(k),
            zorder=2.5,
        )
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markerfacecolor=look.background,
            markeredgecolor=look.ink,
            label="held out",
        )
    ]


def _shade(p: Array, look: style.Theme) -> Array:
    """The picture behind: each place the mix of its classes' hues, the surer the deeper."""
    k, total = p.shape[2], p.sum(axis=2, keepdims=True)
    p = np.divide(p, total, out=np.full_like(p, 1 / k), where=total > 0)  # sigmoids of several don't add up to 1
    background = rgb([look.background])
    hues = background + _DEPTH * (rgb(style.CLASSES[:k]) - background)
    sure = (p.max(axis=2, keepdims=True) - 1 / k) / (1 - 1 / k)
    shade: Array = background + sure * (p @ hues - background)
    return shade


def _colorbar(ax: Axes, name: str, look: style.Theme) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap

    ramp = np.linspace(0, 1, 256)
    colors = _shade(np.stack([1 - ramp, ramp], axis=-1)[None], look)[0]
    bar = ax.figure.colorbar(ScalarMappable(cmap=ListedColormap(colors)), ax=ax)
    bar.set_label(f"P({name})", color=look.ink)
    bar.ax.tick_params(colors=look.ink)
    bar.outline.set_edgecolor(look.edge)
