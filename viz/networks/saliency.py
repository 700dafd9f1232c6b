"""Input gradients: which parts of an input change the answer, as arrows, and as maps over an image.

How to read them: a gradient says which small change of the input changes an output, or the loss, most. Vermilion is for
the answer, and blue against it. Integrated gradients add up to the difference between the output for the input and for
a blank input; the sum of plain gradients has no such meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import gradient_times_input, input_gradient, integrated_gradients
from microgrAD.interpret.rows import Array, output_number, row_numbers
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import axes_on, dress, entitle, figure_on, figure_title
from viz.networks.decision_boundary import decision_boundary
from viz.networks.extent import shape_of, widened
from viz.networks.given import names, plane_rows
from viz.networks.pixels import glyph, image
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def input_gradients(
    model: Any,
    X: Any,
    y: Any,
    *,
    output: int | None = None,
    loss: Any = None,
    points: Any = None,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Picture:
    """Draw arrows of the gradient with respect to the input, over the decision boundary.

    The longest arrow is about an eighth of the plane.

    Arguments:
        model: the network.
        X, y: data (rows, 2) and the class of each row (rows,).
        output: the number of the output, from 0, whose gradient is drawn; by default the largest one at each point.
        loss: a function in `microgrAD.losses`: then the gradient of the loss is drawn, at rows of X.
        points: where the arrows are, (n, 2); by default at some rows of X. With a loss, numbers of rows of X.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
        options: as for `decision_boundary`.
    Returns: a Picture, on one Axes.
    """
    look, X = style.theme(theme), plane_rows(X)
    ax = axes_on(ax, look)
    decision_boundary(model, X, y, ax=ax, title="", theme=theme, **options)
    if loss is None:
        at = _some(X) if points is None else plane_rows(points, "points")
        arrows = np.array([input_gradient(model, x, output=output) for x in at])
        name = "the output" if output is None else f"output {output}"
    else:
        rows = row_numbers(range(len(X)) if points is None else points, len(X))
        at, targets = X[rows], np.asarray(y)[rows].tolist()
        arrows = np.array([input_gradient(model, x, loss=loss, target=t) for x, t in zip(at, targets, strict=True)])
        name = "the loss"
    longest = float(np.linalg.norm(arrows, axis=1).max()) or 1.0
    left, right = widened((ax.get_xlim(), ax.get_ylim()), shape_of(ax))[0]
    reach = (right - left) / 8
    ax.quiver(
        *at.T,
        *(arrows / longest * reach).T,
        angles="xy",
        scale_units="xy",
        scale=1,
        color=look.ink,
        width=0.006,
        minlength=0.1,
        headwidth=3.5,
        zorder=5,
    )
    entitle(ax, title, f"Which way {name} grows (the longest arrow: a slope of {style.number(longest, 2)})", look)
    return Picture([ax])


def saliency_maps(
    model: Any,
    x: Any,
    *,
    output: int | None = None,
    class_names: Sequence[str] | None = None,
    shape: tuple[int, int] = (8, 8),
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw an image, and three maps of what in it led to the answer.

    The gradient shows where more ink would raise the output. Gradient × input shows this only where there is ink.
    Integrated gradients are shares of the output that add up to it (see `microgrAD.interpret`). Each map has its own
    colour scale around 0. The bars are the sums of the maps, and the dashed line is the difference between the output
    for this image and for a blank one.

    Arguments:
        model: the network.
        x: the image, one row of pixels.
        output: the number of the output, from 0; by default the largest.
        class_names: a name for each output.
        shape: the height and the width of an image, in pixels.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes of the image and of the three maps.
    """
    look = style.theme(theme)
    given = outputs(model, [x])[0]
    k = output_number(output, given)
    whole = integrated_gradients(model, x, output=k)
    maps = {
        "gradient": input_gradient(model, x, output=k),
        "gradient × input": gradient_times_input(model, x, output=k),
        "integrated gradients": whole.values,
    }
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(2, 4)
    axes = [figure.add_subplot(place) for place in (grid[:, :2], grid[0, 2], grid[0, 3], grid[1, 2])]
    called = names(class_names, [f"output {j}" for j in range(len(given))])[k]
    glyph(axes[0], x, look, shape=shape, title="the image")
    for ax, (name, values) in zip(axes[1:], maps.items(), strict=True):
        image(ax, values, look, shape=shape, ink=x, title=name)
    _sums(figure.add_subplot(grid[1, 3]), [float(values.sum()) for values in maps.values()], whole.difference, look)
    figure_title(axes, title, f"What speaks for {called} (vermilion), and what against it (blue)", look)
    return Picture(axes)


# ---------------------------------------------------------------------------------------------- parts


def _sums(ax: Axes, sums: Sequence[float], difference: float, look: style.Theme) -> None:
    """Draw the sum of each map, and the difference between the outputs for this image and for a blank one."""
    bars = ax.bar(range(len(sums)), sums, color=[look.flow_positive if s > 0 else look.flow_negative for s in sums])
    ax.bar_label(bars, [style.number(s, 3) for s in sums], padding=2, color=look.ink)
    ax.axhline(0, color=look.ink, linewidth=0.8)
    ax.axhline(difference, color=look.ink, linestyle="--", linewidth=1.5)
    ax.set_xticks(range(len(sums)), ["gradient", "× input", "integr."], fontsize=9)
    ax.set_yticks([])
    reach = max(map(abs, (*sums, difference)))
    ax.set_ylim(min(0.0, *sums, difference) - 0.2 * reach, max(0.0, *sums, difference) + 0.2 * reach)
    dress(ax, look)
    entitle(ax, None, "adds up to", look)


def _some(X: Array, count: int = 24) -> Array:
    """Return some rows, evenly spaced."""
    some: Array = X[np.unique(np.linspace(0, len(X) - 1, min(count, len(X))).astype(int))]
    return some
