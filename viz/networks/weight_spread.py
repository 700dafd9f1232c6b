"""How the weights of a layer are distributed during training.

How to read it: a column is the histogram of one epoch; where it is darker, there are more weights. Look for weights
that grow more and more, and for weights that do not move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microgrAD.errors import counted
from microgrAD.interpret.rows import Array
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.legends import legend_within
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microgrAD.train import History, Recording


def weight_histograms(
    history: History,
    *,
    layer: int | None = None,
    bins: int = 41,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the distribution of the weights in each epoch. Lines are the smallest, the median and the largest weight.

    Arguments:
        history: what `fit(..., record=True)` returns.
        layer: the number of the layer, from 1; by default all layers.
        bins: the number of bins of each histogram.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError for a layer without weights.
    """
    from matplotlib.colors import LinearSegmentedColormap

    look, recording = style.theme(theme), history.recording
    weights = recording.weights if layer is None else _of_layer(recording, layer)
    low, high = float(weights.min()), float(weights.max())
    edges = np.linspace(low, high if high > low else low + 1, counted(bins, "bins") + 1)
    counts = np.array([np.histogram(w, edges)[0] for w in weights]) / weights.shape[1]
    ax = axes_on(ax, look)
    steps = _edges(recording.epochs)
    ink = LinearSegmentedColormap.from_list("count", [look.background, look.flow_negative, look.ink])
    ax.pcolormesh(steps, edges, counts.T, cmap=ink, shading="flat", rasterized=True)
    for quantile, dash in ((0.0, ":"), (0.5, "-"), (1.0, ":")):
        ax.plot(
            recording.epochs,
            np.quantile(weights, quantile, axis=1),
            color=look.flow_positive,
            linestyle=dash,
            linewidth=1.5,
            label={0.5: "median", 1.0: "least, largest"}.get(quantile),
        )
    ax.set_ylim(edges[0], edges[-1] + 0.3 * (edges[-1] - edges[0]))  # room for the legend
    legend_within(ax, look, loc="upper left", ncols=2)
    first, last = (style.number(float(weights[k].std()), 2) for k in (0, -1))
    dress(ax, look, x="epoch", y=f"weights of {f'layer {layer}' if layer else 'all layers'}")
    entitle(ax, title, f"How the weights spread: standard deviation {first} at first, {last} at last", look)
    return Picture([ax])


def _of_layer(recording: Recording, layer: int) -> Array:
    """Return the weights of a layer at each epoch, (epochs, weights)."""
    layers = recording.by_layer()
    if f"layer{layer}" not in layers:
        there = [int(name.removeprefix("layer")) for name in layers if name != "model"]
        raise ValueError(f"layer must be one of {there}, the layers with weights, got {layer!r}")
    return layers[f"layer{layer}"]


def _edges(epochs: list[int]) -> Array:
    """Return the borders of the columns around each epoch."""
    at = np.asarray(epochs, dtype=float)
    if len(at) == 1:
        return np.array([at[0] - 0.5, at[0] + 0.5])
    middle = (at[1:] + at[:-1]) / 2
    edges: Array = np.r_[at[0] - (middle[0] - at[0]), middle, at[-1] + (at[-1] - middle[-1])]
    return edges
