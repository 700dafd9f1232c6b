"""How large gradients are, layer by layer: vanishing and exploding gradients, at one look.

How to read it: a bar is the typical size of ∂L/∂w in a layer, on a logarithmic scale. If bars shrink many times from
the last layer to the first, the first layers hardly learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.rows import Array
from microgrAD.nn.modes import mode
from microgrAD.train.fitting import data_of
from microgrAD.train.replay import engine
from microgrAD.train.weights import parameters_by_layer, weights_of
from viz import style
from viz.networks.axes import axes_on, dress, entitle, log_axis
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def layer_gradients(
    model: Any,
    X: Any,
    y: Any,
    *,
    loss: Any = None,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the size of the loss's gradient in each layer, the root of the mean of (∂L/∂w)².

    Arguments:
        model: the network, which does not change.
        X, y: data (rows, features) and their targets.
        loss: a name or a function of `microgrAD.losses`; by default what fits the targets.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look, sizes = style.theme(theme), sizes_by_layer(model, X, y, loss=loss)
    ax = axes_on(ax, look)
    ax.bar(range(len(sizes)), list(sizes.values()), color=style.CLASSES[0], width=0.6)
    ax.set_xticks(range(len(sizes)), list(sizes))
    if any(size > 0 for size in sizes.values()):
        ax.set_yscale("log")
        least = min(size for size in sizes.values() if size > 0)
        ax.set_ylim(least / 3, 3 * max(sizes.values()))
        log_axis(ax.yaxis)
    for k, size in enumerate(sizes.values()):
        ax.annotate(
            style.number(size, 2),
            (k, max(size, ax.get_ylim()[0])),
            (0, 4),
            textcoords="offset points",
            ha="center",
            color=look.ink,
        )
    dress(ax, look, x="layer", y="size of the gradient")
    entitle(ax, title, _told(sizes), look)
    return Picture([ax])


def sizes_by_layer(model: Any, X: Any, y: Any, *, loss: Any = None) -> dict[str, float]:
    """Return the root of the mean square of each layer's gradient of the mean loss."""
    with mode(model, training=False):
        data = data_of(model, X, y, loss)
        slopes: Array = engine(model, data, l1=0.0, l2=0.0, compiled=None).gradient(weights_of(model), None)
    place = {p: k for k, p in enumerate(model.parameters())}
    layers = parameters_by_layer(model)
    several = {name: some for name, some in layers.items() if name != "model"} or layers
    return {
        name: float(np.sqrt(np.mean(slopes[[place[p] for p in parameters]] ** 2)))
        for name, parameters in several.items()
    }


def _told(sizes: dict[str, float]) -> str:
    (first, begin), *_, (last, end) = [*sizes.items(), *sizes.items()]
    if len(sizes) == 1 or not end:
        return f"How large the gradient is in {first}"
    return f"The gradient of {first} is {style.number(begin / end, 2)} times that of {last}"
