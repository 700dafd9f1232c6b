"""The images that excite a unit: those of the data with the largest and smallest output, and one made for the unit.

How to read them: an image with a large output shows what the unit looks for. In an image that is made for a unit,
vermilion is ink that raises the output, and blue is ink that lowers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.errors import counted
from microgrAD.interpret import bounds_of, maximise, most_exciting
from microgrAD.interpret import unit as unit_of
from microgrAD.interpret.layers import layer_number, layers_of, unit_number, weights_of_layer
from microgrAD.interpret.rows import table
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import figure_on, figure_title, panels
from viz.networks.colors import around_zero, scale
from viz.networks.given import names
from viz.networks.pixels import glyph, image
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def exciting_images(
    model: Any,
    X: Any,
    *,
    layer: int = 1,
    unit: int = 1,
    shape: tuple[int, int] = (8, 8),
    count: int = 4,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the images for which a unit has the largest and the smallest outputs, and in layer 1 its weights.

    A unit adds up the ink of an image times its weights: ink on vermilion weights raises the output, and ink on blue
    ones lowers it.

    Arguments:
        model: the network.
        X: images, one row of pixels each.
        layer, unit: the numbers of the layer and of the unit, from 1.
        shape: the height and the width of an image, in pixels.
        count: the number of images with large outputs, and of those with small ones.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes of the weights (in layer 1), of the images with large outputs, and of those with
    small ones.
    """
    look, X = style.theme(theme), table(X)
    f = unit_of(model, layer, unit)
    given, count = outputs(f, X)[:, 0], counted(count, "count")
    best, worst = most_exciting(f, X, count=count), most_exciting(lambda x: -f(x), X, count=count)
    figure, first = figure_on(figure, look), 1 if layer == 1 else 0
    grid = figure.add_gridspec(2, first + len(best))
    axes = []
    if first:
        axes.append(figure.add_subplot(grid[:, 0]))
        image(axes[0], weights_of_layer(model, 1)[0][unit - 1], look, shape=shape, title="its weights")
    for line, rows in enumerate((best, worst)):
        for k, row in enumerate(rows):
            axes.append(figure.add_subplot(grid[line, first + k]))
            glyph(
                axes[-1],
                X[row],
                look,
                shape=shape,
                bounds=bounds_of(X),
                title=f"gives {style.number(float(given[row]), 2)}",
            )
        axes[-len(rows)].set_ylabel(("most" if line == 0 else "least") + " exciting", color=look.ink)
    figure_title(axes, title, f"Layer {layer}, unit {unit}: the images that excite it most and least", look)
    return Picture(axes)


def maximised_images(
    model: Any,
    *,
    layer: int = 1,
    units: Sequence[int] | None = None,
    class_names: Sequence[str] | None = None,
    shape: tuple[int, int] = (8, 8),
    max_norm: float = 2.0,
    l2: float = 0.0,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw for each unit of a layer the image with the largest output, found by `interpret.maximise`.

    The number under each image is the output.

    Arguments:
        model: the network.
        layer: the number of the layer, from 1.
        units: the numbers of the units, from 1; by default all units of the layer.
        class_names: a name for each output, for the last layer.
        shape: the height and the width of an image, in pixels.
        max_norm: the largest length of an image.
        l2: the weight of a penalty on its length.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes for each unit.
    """
    look, size = style.theme(theme), shape[0] * shape[1]
    with no_grad():
        width = _width(model, layer, size)
    chosen = list(range(1, width + 1)) if units is None else [unit_number(k, width, layer) for k in units]
    last = layer_number(model, layer) == len(layers_of(model))
    if class_names is not None and not last:
        raise ValueError(f"class_names are those of the last layer, and layer {layer} is not the last; leave them out")
    called = names(class_names, [f"unit {k}" for k in range(1, width + 1)], each="outputs")
    found = [maximise(unit_of(model, layer, k), np.full(size, 0.1), max_norm=max_norm, l2=l2) for k in chosen]
    axes = panels(len(chosen), look, figure=figure)
    norm = around_zero(*[f.x for f in found])
    for ax, k, best in zip(axes, chosen, found, strict=True):
        image(ax, best.x, look, shape=shape, norm=norm, title=called[k - 1])
        ax.set_xlabel(f"gives {style.number(best.value, 3)}", color=look.ink)
    scale(axes[0], look, norm, "ink", beside=axes, shrink=0.7)
    whose = "output" if last else f"unit of layer {layer}"
    figure_title(axes, title, f"The image that each {whose} would like best", look)
    return Picture(axes)


# ---------------------------------------------------------------------------------------------- parts


def _width(model: Any, layer: int, size: int) -> int:
    """Return the number of units of a layer, for images of `size` pixels."""
    x: Any = [0.0] * size
    for part in layers_of(model)[:layer]:
        x = part(x)
    return len(flatten(x))
