"""The curve of a network with one input, through the data that it learned.

How to read it: the line is the output of the model, and the dots are the data. A line through every dot learned the
noise too. A line that does not follow the dots where they bend learned too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import words
from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.colors import dot_size
from viz.networks.given import names
from viz.networks.legends import legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def fitted_curve(
    model: Any,
    X: Any,
    y: Any,
    *,
    feature_names: Sequence[str] | None = None,
    target_name: str = "y",
    resolution: int = 300,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the curve of a model with one input, and the data.

    Arguments:
        model: the network.
        X, y: data (rows, 1) or (rows,), and the target of each row (rows,).
        feature_names: a list with the name of the input; by default x.
        target_name: the name of the quantity.
        resolution: the number of places along the curve.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default the mean of (p - y)² over the data; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError for more than one feature, or for another number of targets.
    """
    look = style.theme(theme)
    x, y = points(X, y)
    name = names(feature_names, ["x"], "feature_names", "features")[0]
    ax = axes_on(ax, look)
    margin = 0.05 * (np.ptp(x) or 1.0)
    line = np.linspace(x.min() - margin, x.max() + margin, resolution)
    dots = ax.scatter(
        x[:, 0],
        y,
        s=dot_size(ax, len(x)),
        c=style.CLASSES[0],
        edgecolors=look.ink,
        linewidths=0.5,
        label="data",
        zorder=2,
    )
    (curve,) = ax.plot(
        line, outputs(model, line[:, None])[:, 0], color=style.CLASSES[5], linewidth=2.5, label="model", zorder=3
    )
    error = float(((outputs(model, x)[:, 0] - y) ** 2).mean())
    entitle(ax, title, f"mean squared error {style.number(error, 2)}", look)
    dress(ax, look, x=name, y=words(target_name, "target_name"))
    legend_below(ax, [dots, curve], look)
    return Picture([ax])


def points(X: Any, y: Any) -> tuple[Array, Array]:
    """Return rows of one feature, (rows, 1), and their targets, (rows,). Raise ValueError for other shapes."""
    shapes = np.shape(X), np.shape(y)
    if len(shapes[1]) != 1 or shapes[0] not in (shapes[1], (*shapes[1], 1)) or not shapes[1][0]:
        raise ValueError(f"a curve takes one feature, and a target for each row, got {shapes[0]} and {shapes[1]}")
    return table(np.reshape(X, (-1, 1))), table(np.reshape(y, (-1, 1)), "y")[:, 0]
