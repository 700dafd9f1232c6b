"""Weights as images: what each output of a softmax regression looks for, or each hidden unit of a network.

How to read them: a pixel is one weight. Ink on vermilion raises the output of the unit, ink on blue lowers it, and on
white it changes nothing. The bars under a hidden unit are its weights to the outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.layers import layers_of, weights_of_layer
from viz import style
from viz.networks.axes import columns_for, dress, figure_on, figure_title
from viz.networks.colors import around_zero, scale
from viz.networks.given import names
from viz.networks.pixels import image
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def weight_images(
    model: Any,
    *,
    class_names: Sequence[str] | None = None,
    shape: tuple[int, int] = (8, 8),
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the weights of each unit of the first layer as an image, all on one colour scale around 0.

    In a network with one layer the units are the outputs. In other networks, bars under each image show the weights of
    the hidden unit to the units of the next layer.

    Arguments:
        model: the network.
        class_names: a name for each output; or for each unit of the next layer, if that is the last.
        shape: the height and the width of an image, in pixels.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes for each unit.
    """
    look, (weights, _) = style.theme(theme), weights_of_layer(model, 1)
    hidden = len(layers_of(model)) > 1
    onward = weights_of_layer(model, 2)[0] if hidden else np.empty((0, len(weights)))
    called = names(class_names, range(len(onward) or len(weights)))
    figure = figure_on(figure, look)
    axes, under = _grid(len(weights), hidden, figure)
    norm, reach = around_zero(weights), float(np.abs(onward).max(initial=0.0)) or 1.0
    for k, ax in enumerate(axes):
        image(ax, weights[k], look, shape=shape, norm=norm, title=f"unit {k + 1}" if hidden else called[k])
    for k, ax in enumerate(under):
        _bars(ax, onward[:, k], called, reach, look)
    scale(axes[0], look, norm, "weight of a pixel", beside=axes + under, shrink=0.7)
    point = "What each hidden unit looks for, and what it speaks for" if hidden else "What each output looks for"
    figure_title(axes, title, point, look)
    return Picture(axes)


# ---------------------------------------------------------------------------------------------- parts


def _grid(count: int, hidden: bool, figure: Figure | SubFigure) -> tuple[list[Axes], list[Axes]]:
    """Return Axes for each image, and Axes for the bars under it."""
    columns = columns_for(count)
    lines = -(-count // columns)
    ratios = [5, 2] * lines if hidden else [1] * lines
    grid = figure.add_gridspec(len(ratios), columns, height_ratios=ratios)
    step = 2 if hidden else 1
    images = [figure.add_subplot(grid[step * (k // columns), k % columns]) for k in range(count)]
    bars = [figure.add_subplot(grid[step * (k // columns) + 1, k % columns]) for k in range(count)] if hidden else []
    return images, bars


def _bars(ax: Axes, weights: Any, names: Sequence[str], reach: float, look: style.Theme) -> None:
    ax.bar(range(len(weights)), weights, color=[look.flow_positive if w > 0 else look.flow_negative for w in weights])
    ax.axhline(0, color=look.ink, linewidth=0.8)
    ax.set_ylim(-1.1 * reach, 1.1 * reach)
    ax.set_xticks(range(len(weights)), names[: len(weights)])
    ax.set_yticks([])
    dress(ax, look)
