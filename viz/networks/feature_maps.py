"""The maps that the filters of a convolutional network make of an image.

How to read it: a feature map shows where on the image a filter found what it looks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.interpret.layers import layers_of
from microgrAD.interpret.rows import Array, answer
from microgrAD.nn import Conv2d
from viz import style
from viz.networks.axes import figure_on, figure_title
from viz.networks.colors import around_zero
from viz.networks.pixels import glyph, image
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def feature_maps(
    model: Any,
    x: Any,
    *,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw what each convolution and pooling step makes of an image: a row for each step, a column for each filter.

    The image is at the top, and beside it are the weights of the first filters, if they have one channel. All maps of a
    step have the same colour scale around 0.

    Arguments:
        model: the network.
        x: the image, one row of pixels.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes of the image, of the weights (if they are drawn), and of the maps of each step.
    Raises: TypeError for a network without such steps.
    """
    look, (first, *steps) = style.theme(theme), image_steps(model, x)
    kernels = filters(model)
    rows = [("its weights", kernels)] * bool(kernels) + steps
    columns = max(len(maps) for _, maps in rows)
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(len(rows), columns + 1, width_ratios=[columns / 2] + [1] * columns)
    whole = grid[:, 0].subgridspec(len(first[1]), 1)
    found = []
    for k, shown in enumerate(first[1]):
        found.append(figure.add_subplot(whole[k]))
        glyph(found[-1], shown, look, shape=shown.shape, title="the image")
    for row, (name, maps) in enumerate(rows):
        norm = around_zero(*maps)
        for k, shown in enumerate(maps):
            found.append(figure.add_subplot(grid[row, k + 1]))
            name_above = "" if row else f"filter {k + 1}"
            image(found[-1], shown, look, shape=shown.shape, norm=norm, title=name_above)
        found[-len(maps)].set_ylabel(f"{name}\n{maps[0].shape[0]}×{maps[0].shape[1]}", color=look.ink)
    figure_title(found, title, "What each filter finds in the image, and what pooling keeps of it", look)
    return Picture(found)


def filters(model: Any) -> list[Array]:
    """Return the weights of each filter of the first convolution, (height, width); none if it has several channels."""
    first = next((layer for layer in layers_of(model) if isinstance(layer, Conv2d)), None)
    if first is None or first.in_channels > 1:
        return []
    return [np.array([w.data for w in neuron.w]).reshape(first.kernel_size) for neuron in first.filters]


def image_steps(model: Any, x: Any) -> list[tuple[str, list[Array]]]:
    """Return the image x, and each step that makes images: its name, and an array (height, width) for each channel."""
    found: list[tuple[str, list[Array]]] = []
    with no_grad():
        for layer in layers_of(model):
            x = answer(layer, x)
            if isinstance(x, list) and x and isinstance(x[0], list):
                name = "the image" if not found else type(layer).__name__.replace("2d", "")
                found.append((name, [np.array([[float(v) for v in line] for line in channel]) for channel in x]))
    if len(found) < 2:
        raise TypeError(
            "feature maps take a network with Unflatten, then Conv2d or pooling, such as "
            "Sequential(Unflatten(1, 8, 8), Conv2d(1, 4, 3), MaxPool2d(2), Flatten(), Layer(36, 6))"
        )
    return found
