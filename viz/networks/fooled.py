"""What fools a network: the smallest change of an image that changes its answer.

How to read it: the change is drawn with its sign, vermilion for more ink, blue for less. Under each image are the
outputs, and in the middle the changes of the outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import adversarial, bounds_of
from microgrAD.outputs import outputs
from viz import style
from viz.networks.answers import logit_bars, outputs_by_class
from viz.networks.axes import dress, figure_on, figure_title
from viz.networks.colors import around_zero, scale
from viz.networks.given import classes
from viz.networks.pixels import glyph, image
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def adversarial_images(
    model: Any,
    x: Any,
    *,
    target: int | None = None,
    bounds: tuple[float, float] | None = None,
    class_names: Sequence[str] | None = None,
    shape: tuple[int, int] = (8, 8),
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw an image, the smallest change that changes its answer, and both together, with the outputs.

    The change is found by `microgrAD.interpret.adversarial`.

    Arguments:
        model: the network.
        x: the image, one row of pixels.
        target: the class, from 0, that the network shall answer; by default the nearest one.
        bounds: (low, high), the limits of each pixel; by default those of the image. Those of data are
            `microgrAD.interpret.bounds_of(X)`.
        class_names: a name for each class.
        shape: the height and the width of an image, in pixels.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes of the three images, then on those of the bars under them.
    """
    look = style.theme(theme)
    count = max(outputs(model, [x]).shape[1], 2)
    called = classes(class_names, range(count))
    bounds = bounds_of([x]) if bounds is None else bounds
    found = adversarial(model, x, target=target, bounds=bounds)
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(2, 3, height_ratios=[3, 2])
    axes = [figure.add_subplot(grid[line, k]) for line in range(2) for k in range(3)]
    glyph(axes[0], x, look, shape=shape, bounds=bounds, title=f"“{called[found.before]}”")
    image(axes[1], found.change, look, shape=shape, title="+ a little change")
    glyph(axes[2], found.x, look, shape=shape, bounds=bounds, title=f"= “{called[found.after]}”")
    scale(axes[1], look, around_zero(found.change), "ink", fraction=0.05)
    for ax, row in ((axes[3], np.asarray(x)), (axes[5], found.x)):
        logit_bars(model, row, class_names=called, ax=ax, title="", theme=theme)
        ax.set_xlabel("outputs, and their probabilities")
    given = [outputs_by_class(model, row) for row in (x, found.x)]
    moved = given[1] - given[0]
    axes[4].barh(range(len(called)), moved, color=[look.flow_positive if v > 0 else look.flow_negative for v in moved])
    axes[4].axvline(0, color=look.ink, linewidth=1)
    axes[4].set_yticks(range(len(called)), called)
    axes[4].invert_yaxis()
    dress(axes[4], look, x="change of the outputs")
    low, high = min(0.0, *given[0], *given[1], *moved), max(0.0, *given[0], *given[1], *moved)
    for ax in axes[3:]:
        ax.set_xlim(low - 0.33 * (high - low), high + 0.33 * (high - low))  # with room for the numbers beside the bars
    lengths = [style.number(float(np.linalg.norm(v)), 2) for v in (found.change, np.asarray(x))]
    point = f"A change of length {lengths[0]} to an image of length {lengths[1]} flips the answer"
    figure_title(axes, title, point, look)
    return Picture(axes)
