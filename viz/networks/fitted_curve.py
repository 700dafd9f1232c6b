"""What a network of one input learned to predict: its curve through the data.

How to read it: the line is what the model gives, the dots are the data. A line through every dot learned the noise
too; one that passes by where the dots bend learned too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import axes_on, dot_size, dress, legend_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def fitted_curve(
    model: Any,
    X: Any,
    y: Any,
    *,
    ax: Axes | None = None,
    feature_name: str = "x",
    target_name: str = "y",
    resolution: int = 300,
    theme: str = "light",
) -> Axes:
    """The curve of a model of one input through the data X (n, 1) or (n,) and y (n,); gives the Axes.

    The title is the mean of (p - y)² over the data. ValueError for more than one feature, or targets that don't match.
    How to read it: see `viz.fitted`.
    """
    look = style.theme(theme)
    x, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    if y.ndim != 1 or x.shape != (len(y), 1) or not len(x):
        raise ValueError(f"a curve takes one feature, and a target for each row, got {x.shape} and {y.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("X and y take finite numbers, got some that are not; leave such rows out")
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
    legend_below(ax, [dots, curve], look)
    error = float(((outputs(model, x)[:, 0] - y) ** 2).mean())
    return dress(ax, look, x=feature_name, y=target_name, title=f"mean squared error {style.number(error, 2)}")
