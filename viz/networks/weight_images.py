"""Weights as images: what each output of a softmax regression looks for, and each hidden unit of a network.

How to read them: a pixel is one weight. Ink on vermilion raises the unit, ink on blue lowers it, white doesn't
matter. The bars under a hidden unit are its weights to the outputs: what it speaks for and against.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.interpret import most_exciting
from microgrAD.interpret.layers import layers_of, unit, weights_of_layer
from microgrAD.interpret.rows import table
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import around_zero, columns_for, dress, figure_on, figure_title, scale
from viz.networks.given import names
from viz.networks.saliency import glyph, image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def weight_images(
    model: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    class_names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """The weights of each unit of the first layer as an image, on one colour scale around 0; gives the Axes.

    For a network of one layer the units are the outputs; else under each hidden unit stand bars, its weights to the
    units of the next layer.
    """
    look, (weights, _) = style.theme(theme), weights_of_layer(model, 1)
    hidden = len(layers_of(model)) > 1
    onward = weights_of_layer(model, 2)[0] if hidden else np.empty((0, len(weights)))
    called = names(class_names, range(len(onward) or len(weights)))
    figure = figure_on(figure, look)
    axes, under = _grid(len(weights), hidden, figure)
    norm, reach = around_zero(weights), float(np.abs(onward).max(initial=0.0)) or 1.0
    for k, ax in enumerate(axes):
        image(weights[k], shape=shape, ax=ax, norm=norm, theme=theme, title=f"unit {k + 1}" if hidden else called[k])
    for k, ax in enumerate(under):
        _bars(ax, onward[:, k], called, reach, look)
    scale(axes[0], look, norm, "weight of a pixel", beside=axes + under, shrink=0.7)
    figure_title(
        axes[0],
        "What each hidden unit looks for, and what it speaks for" if hidden else "What each output looks for",
        look,
    )
    return axes


def exciting_images(
    model: Any,
    layer: int,
    neuron: int,
    X: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    count: int = 4,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """A unit as a dot product: the images of X that excite it most and least, and for layer 1 its weights before them.

    Gives the Axes: the weights', if they are drawn, then those of the most exciting images, and of the least. The more
    of an image's ink lies on vermilion weights, and the less on blue ones, the more the unit gives.
    """
    look, X = style.theme(theme), table(X)
    f = unit(model, layer, neuron)
    given, count = outputs(f, X)[:, 0], counted(count, "count")
    best, worst = most_exciting(f, X, count=count), most_exciting(lambda x: -f(x), X, count=count)
    figure, first = figure_on(figure, look), 1 if layer == 1 else 0
    grid = figure.add_gridspec(2, first + len(best))
    axes = []
    if first:
        axes.append(figure.add_subplot(grid[:, 0]))
        image(weights_of_layer(model, 1)[0][neuron - 1], shape=shape, ax=axes[0], theme=theme, title="its weights")
    for line, rows in enumerate((best, worst)):
        for k, row in enumerate(rows):
            axes.append(figure.add_subplot(grid[line, first + k]))
            glyph(X[row], shape=shape, ax=axes[-1], title=f"gives {style.number(float(given[row]), 2)}", theme=theme)
        axes[-len(rows)].set_ylabel(("most" if line == 0 else "least") + " exciting", color=look.ink)
    figure_title(axes[0], f"Layer {layer}, unit {neuron}: the images that excite it most and least", look)
    return axes


# ---------------------------------------------------------------------------------------------- parts


def _grid(count: int, hidden: bool, figure: Figure | SubFigure) -> tuple[list[Axes], list[Axes]]:
    """A place for each image, and one for the bars under it."""
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
