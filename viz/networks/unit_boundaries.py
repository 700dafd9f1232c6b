"""The line of each unit over the plane of the two inputs: of one unit, or of all units of a layer.

How to read them: the boundary of a network is made of those of its hidden units. A unit of the first layer has a
straight line. The arrow on it points to where the output of the unit is larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.interpret.layers import activations, layers_of, unit_number, weights_of_layer
from microgrAD.nn.layers import LINEAR, activation_function
from viz import style
from viz.networks.axes import axes_on, dress, entitle, figure_on, figure_title, size_of
from viz.networks.colors import around_zero, diverging, scale, scatter
from viz.networks.decision_boundary import decision_boundary
from viz.networks.extent import framed, grid_over, plane_on
from viz.networks.given import Limits, checked, features
from viz.networks.legends import figure_legend, take_legend
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def unit_boundary(
    model: Any,
    X: Any = None,
    y: Any = None,
    *,
    layer: int = 1,
    unit: int = 1,
    feature_names: Sequence[str] | None = None,
    limits: Limits | None = None,
    resolution: int = 100,
    colorbar: bool = True,
    arrow: bool = True,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the output of one unit over the plane of the two inputs, and the line where its weighted sum is 0.

    Where the output is larger than on the line, the plane is vermilion, and where it is smaller, blue. In the first
    layer the line is straight, and the arrow shows the unit's weights: it points to where the output is larger.

    Arguments:
        layer, unit: the numbers of the layer and of the unit, from 1.
        arrow: whether to draw the weights, in the first layer.
        model, X, y, feature_names, limits, resolution, colorbar, ax, title, theme: as for `decision_boundary`.
    Returns: a Picture, on one Axes.
    """
    look = style.theme(theme)
    X, y = checked(X, y)
    inputs = features(feature_names)
    ax = axes_on(ax, look)
    view, whole = plane_on(ax, X, limits)
    (left, right), (bottom, top) = whole
    grid = grid_over(whole, view, resolution)
    points = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, 2)
    weights, biases = weights_of_layer(model, layer)
    at = unit_number(unit, len(weights), layer) - 1
    before, here = activations(model, points)[layer - 1 : layer + 1]
    given = here[:, at].reshape(len(grid[1]), len(grid[0]))
    sums = (before @ weights[at] + biases[at]).reshape(given.shape)
    shown = given - _at_zero(model, layer)
    norm = around_zero(shown)
    ax.imshow(
        shown,
        origin="lower",
        extent=(left, right, bottom, top),
        aspect="auto",
        cmap=diverging(look),
        norm=norm,
        interpolation="bilinear",
        zorder=0,
        alpha=0.75,
    )
    if drawn := bool(sums.min() < 0 < sums.max()):
        ax.contour(*grid, sums, levels=[0.0], colors=[look.ink], linewidths=1.8, zorder=2)
    if layer == 1 and arrow:
        _arrow(ax, weights[at], biases[at], view, look)
    if y is not None:
        scatter(ax, X, y, [str(c) for c in np.unique(y)], look)
    dress(ax, look, x=inputs[0], y=inputs[1])
    line = ("draws a straight line" if layer == 1 else "draws a curve") if drawn else "has its line elsewhere"
    entitle(ax, title, f"Layer {layer}, unit {unit} {line}", look)
    framed(ax, view, whole)
    if colorbar:
        scale(ax, look, norm, "what the unit gives, against its line")
    return Picture([ax])


def hidden_units(
    model: Any,
    X: Any,
    y: Any,
    *,
    layer: int = 1,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    limits: Limits | None = None,
    resolution: int = 100,
    arrow: bool = True,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw `unit_boundary` of each unit of a layer, and a large panel with the boundary of the whole network.

    Arguments:
        figure: the Figure to draw on; by default a new slide.
        model, X, y, layer, feature_names, class_names, limits, resolution, arrow, title, theme: as for `unit_boundary`
            and `decision_boundary`.
    Returns: a Picture, on one Axes for each unit, and last that of the network.
    """
    look = style.theme(theme)
    figure = figure_on(figure, look)
    *units, whole = _beside(len(weights_of_layer(model, layer)[0]), figure)
    plane: dict[str, Any] = {"feature_names": feature_names, "limits": limits, "resolution": resolution, "theme": theme}
    for k, ax in enumerate(units, 1):
        unit_boundary(model, X, y, layer=layer, unit=k, arrow=arrow, ax=ax, colorbar=False, title="", **plane)
        entitle(ax, None, f"unit {k}", look)
        ax.set(xticks=[], yticks=[])
        ax.label_outer()
    decision_boundary(model, X, y, class_names=class_names, ax=whole, colorbar=False, title="", **plane)
    figure_legend(whole, take_legend(whole), look)
    entitle(whole, None, "the network", look, fontweight="bold")
    kind = "straight line" if layer == 1 else "curve"
    figure_title(units, title, f"Each unit of layer {layer} draws a {kind}; together they make the boundary", look)
    return Picture([*units, whole])


# ---------------------------------------------------------------------------------------------- parts


def _beside(count: int, figure: Figure | SubFigure) -> list[Axes]:
    """Return panels in rows for the units, and one that is as high as all rows."""

    def side(lines: int) -> float:
        return min(1.6 / (-(-count // lines) + lines), 0.8 / lines)

    lines = max(range(1, count + 1), key=side)
    columns = -(-count // lines)
    grid = figure.add_gridspec(lines, columns + 1, width_ratios=[1] * columns + [1.07 * lines])
    small = [figure.add_subplot(grid[k // columns, k % columns]) for k in range(count)]
    return [*small, figure.add_subplot(grid[:, -1])]


def _at_zero(model: Any, layer: int) -> float:
    """Return the output of a unit of the layer where its weighted sum is 0."""
    function = activation_function(getattr(layers_of(model)[layer - 1], "activation", LINEAR))
    if function is None:
        return 0.0
    try:
        with no_grad():
            return float(function(0.0))
    except ValueError:  # log and its like have no value there
        return 0.0


def _arrow(ax: Axes, w: Any, b: float, limits: Limits, look: style.Theme) -> None:
    """Draw the weights as an arrow. It begins at the point of the line that is nearest to the middle of the plane."""
    if not (size := float(np.linalg.norm(w))):
        return
    low, high = np.array(limits).T
    middle = (low + high) / 2
    foot = middle - (float(w @ middle) + b) / size**2 * w
    if ((foot > low) & (foot < high)).all():
        tip = foot + 0.16 * float((high - low).min()) * w / size
        ax.annotate(
            "",
            tip,
            foot,
            arrowprops={
                "arrowstyle": "-|>",
                "color": look.ink,
                "linewidth": 2,
                "mutation_scale": float(np.clip(8 * min(size_of(ax)), 6, 16)),
            },
            zorder=4,
        )
