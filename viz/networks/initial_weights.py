"""The weights of several networks as histograms, layer by layer: such as initial weights of several kinds.

How to read it: a row is a network, a column a layer; all are on one scale. Weights that are too small let signals fade
from layer to layer, weights that are too large saturate the units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.interpret.layers import layers_of, weights_of_layer
from microgrAD.interpret.rows import Array
from viz import style
from viz.networks.axes import dress, entitle, figure_title, panels
from viz.networks.colors import color
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def weights_by_layer(
    models: Mapping[str, Any],
    *,
    bins: int = 41,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the weights of each layer of each network, without biases, as histograms on one scale.

    Arguments:
        models: name -> network of fully connected layers, such as {"xavier": MLP(...), "kaiming": MLP(...)}; all have
            as many layers.
        bins: the number of bins of each histogram.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes for each layer of each network, network after network.
    """
    look, found = style.theme(theme), {name: _weights(model) for name, model in models.items()}
    if not found or len({len(layers) for layers in found.values()}) > 1:
        raise ValueError("models takes one network or more, all with as many layers with weights")
    columns = len(next(iter(found.values())))
    reach = max(float(np.abs(w).max()) for layers in found.values() for w in layers) or 1.0
    edges = np.linspace(-1.05 * reach, 1.05 * reach, counted(bins, "bins") + 1)
    axes = panels(len(found) * columns, look, figure=figure, columns=columns, sharex=True)
    for k, (name, layers) in enumerate(found.items()):
        for j, weights in enumerate(layers):
            ax = axes[k * columns + j]
            ax.hist(weights, bins=edges.tolist(), color=color(k), weights=np.full(len(weights), 1 / len(weights)))
            ax.set_yticks([])
            head = f"{name}, layer {j + 1}" if columns > 1 else name
            entitle(ax, None, f"{head}: σ = {style.number(float(weights.std()), 2)}", look, fontsize=11)
            dress(ax, look, x="weight" if k == len(found) - 1 else "")
    figure_title(axes, title, "How weights are spread in each layer", look)
    return Picture(axes)


def _weights(model: Any) -> list[Array]:
    """Return the weights of each fully connected layer."""
    numbers = [k for k, layer in enumerate(layers_of(model), 1) if hasattr(layer, "neurons")]
    if not numbers:
        raise TypeError(f"this takes networks of fully connected layers, got {model!r}")
    return [weights_of_layer(model, k)[0].ravel() for k in numbers]
