"""Latent representations: the data, and a grid over the input plane, as each hidden layer sees them.

How to read them: each layer bends the plane a little more, and the grid shows how. If no straight line separates the
classes in the input, a straight line often separates them in the last hidden layer; this line is what the last layer
learns. The share in each title says how much of the data the best straight line, or plane, gets right there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import Plane, after, linear_probe, principal_plane
from microgrAD.interpret.layers import activations, layer_number, layers_of
from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import default_reading, outputs
from viz import style
from viz.networks.axes import axes_on, columns_of_squares, dress, entitle, figure_on, figure_title, panels
from viz.networks.colors import scatter
from viz.networks.decision_boundary import tie_lines
from viz.networks.extent import framed, ground, limits_of
from viz.networks.given import Limits, classes, features, labels
from viz.networks.legends import figure_legend, legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

LINES, STEPS = 13, 41  # of the grid: lines in each direction, points on each line
MOST = 4  # the largest number of panels in one row, with numbers at their axes
FLAT = 0.95  # from this share of the variance in the plane on, the boundary is drawn


@dataclass(frozen=True)
class Latent:
    """The data as a layer sees them, in the plane in which they are drawn."""

    layer: int
    points: Array  # (rows, 2)
    grid: list[Array]  # lines of the input plane, (steps, 2) each; only for two inputs
    accuracy: float  # the share of the data that planes separate, in the space of the layer
    plane: Plane | None  # of the first two principal components, for more than two units
    width: int  # the number of units


def latent(model: Any, layer: int, X: Any, y: Any, *, grid: bool = True) -> Latent:
    """Return the data as a layer sees them.

    Arguments:
        model: the network.
        layer: the number of the layer; 0 is the input.
        X, y: data (rows, features) and the class of each row (rows,).
        grid: whether to add a grid over the plane of two inputs, as large as the data with a margin.
    """
    X = table(X)
    y = labels(y, len(X))
    H = activations(model, X)[layer_number(model, layer)]
    plane = principal_plane(H) if H.shape[1] > 2 else None
    lines = []
    if grid and X.shape[1] == 2:
        at = np.concatenate(_grid(limits_of(X)))
        lines = np.split(_shown(activations(model, at)[layer], plane), len(at) // STEPS)
    accuracy = linear_probe(H, np.unique(y, return_inverse=True)[1]).accuracy
    return Latent(layer, _shown(H, plane), lines, accuracy, plane, H.shape[1])


def latent_space(
    model: Any,
    X: Any,
    y: Any,
    *,
    layer: int = 1,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    grid: bool = True,
    legend: bool = True,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the data, and a grid over the input plane, as one layer sees them.

    For two units the axes are the units. For more units they are the first two principal components, with their share
    of the variance. In the last hidden layer a line shows the network's boundary, unless the two components leave out
    more than 5 % of the variance, as the line would be wrong then.

    Arguments:
        model: the network.
        X, y: data (rows, features) and the class of each row (rows,).
        layer: the number of the layer; 0 is the input.
        feature_names: the names of the inputs, for layer 0.
        class_names: a name for each class.
        grid: whether to draw the grid, for two inputs.
        legend: whether there is a legend.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look = style.theme(theme)
    ax = axes_on(ax, look)
    seen = latent(model, layer, X, y, grid=grid)
    entries = _draw(ax, model, seen, y, _names(y, class_names), feature_names, look)
    entitle(ax, title, _title(seen), look)
    if legend:
        legend_below(ax, entries, look)
    return Picture([ax])


def latent_spaces(
    model: Any,
    X: Any,
    y: Any,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    grid: bool = True,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw `latent_space` of the input and of each hidden layer.

    Up to four panels have numbers and names at their axes. For more there is no room: then PC stands for principal
    component.

    Arguments:
        figure: the Figure to draw on; by default a new slide.
        model, X, y, feature_names, class_names, grid, title, theme: as for `latent_space`.
    Returns: a Picture, on one Axes for each layer; the input is the first.
    """
    look, depth = style.theme(theme), len(layers_of(model))
    figure, many = figure_on(figure, look, layout="compressed"), depth > MOST
    columns = columns_of_squares(depth, figure, around=(18, 50), outside=(0, 50)) if many else depth
    axes = panels(depth, look, figure=figure, columns=columns)
    entries: list[Any] = []
    for layer, ax in enumerate(axes):
        seen = latent(model, layer, X, y, grid=grid)
        drawn = _draw(ax, model, seen, y, _names(y, class_names), feature_names, look)
        ax.set_title(_title(seen), color=look.ink)
        entries = max(entries, drawn, key=len)
        if many:
            _crowded(ax, columns)
        elif columns > 2:
            _narrow(ax, columns)
    figure_legend(axes[0], entries, look)
    figure_title(axes, title, "Layer by layer the network bends the plane until a straight line will do", look)
    return Picture(axes)


# ---------------------------------------------------------------------------------------------- parts


def _draw(
    ax: Axes,
    model: Any,
    seen: Latent,
    y: Any,
    called: list[str],
    feature_names: Sequence[str] | None,
    look: style.Theme,
) -> list[Any]:
    """Draw a layer without its title, and return the entries of the legend."""
    for line in seen.grid:
        ax.plot(*line.T, color=look.edge, linewidth=0.8, alpha=0.55, zorder=1)
    sides = limits_of(np.concatenate([seen.points, *seen.grid]), share=0.04)
    whole = ground(ax, sides)
    entries = scatter(ax, seen.points, y, called, look) + _line(ax, model, seen, whole, look)
    x_name, y_name = _axes_names(seen, feature_names)
    framed(ax, sides, whole)
    dress(ax, look, x=x_name, y=y_name)
    return entries


def _narrow(ax: Axes, columns: int) -> None:
    """Fold the name and the title of a panel, which is one of three or four in a row."""
    ax.set_xlabel(ax.get_xlabel().replace(" component", "\ncomponent"))
    ax.title.set_fontsize("medium")
    ax.locator_params(axis="x", nbins=3 if columns > 3 else 5)
    if columns > 3:
        ax.title.set_text(ax.get_title().replace(" gets", "\ngets"))


def _crowded(ax: Axes, columns: int) -> None:
    """Use the shortest names and title, and no numbers."""
    ax.set(xlabel=_short(ax.get_xlabel()), ylabel=_short(ax.get_ylabel()), xticks=[], yticks=[])
    place, right = ax.get_title().split("\n")
    place = place if columns <= MOST + 1 else place.partition(",")[0]
    ax.set_title(f"{place}\n{right.partition(' gets ')[2]}", fontsize="medium", color=ax.title.get_color())


def _short(name: str) -> str:
    return " ".join(name.split()).replace("1st principal component", "PC 1").replace("2nd principal component", "PC 2")


def _grid(limits: Limits) -> list[Array]:
    """Return lines across the plane and up the plane, (STEPS, 2) each, about equally far apart."""
    (left, right), (bottom, top) = limits
    across, up = np.linspace(left, right, STEPS), np.linspace(bottom, top, STEPS)
    longer = (right - left) / (top - bottom)
    n, m = (round(LINES * by) if 1 <= by <= 4 else LINES for by in (longer, 1 / longer))
    return [
        *(np.stack([np.full(STEPS, x), up], axis=1) for x in np.linspace(left, right, n)),
        *(np.stack([across, np.full(STEPS, y)], axis=1) for y in np.linspace(bottom, top, m)),
    ]


def _shown(H: Array, plane: Plane | None) -> Array:
    if plane is not None:
        return plane.project(H)
    return H if H.shape[1] == 2 else np.hstack([H, np.zeros((len(H), 1))])


def _line(ax: Axes, model: Any, seen: Latent, limits: Limits, look: style.Theme) -> list[Any]:
    """Draw where the rest of the network is undecided, on the plane of the last hidden layer."""
    from matplotlib.lines import Line2D

    last = 0 < seen.layer == len(layers_of(model)) - 1
    if not last or seen.width == 1 or seen.plane is not None and seen.plane.shares.sum() < FLAT:
        return []
    sides = np.linspace(*limits[0], 60), np.linspace(*limits[1], 60)
    at = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    at = at if seen.plane is None else seen.plane.lift(at)
    tie_lines(ax, sides, outputs(after(model, seen.layer), at), default_reading(model), look)
    return [Line2D([], [], color=look.ink, linewidth=1.8, label="the last layer's line")]


def _axes_names(seen: Latent, feature_names: Sequence[str] | None) -> tuple[str, str]:
    if seen.plane is not None:
        first, second = seen.plane.shares
        return f"1st principal component ({first:.0%})", f"2nd principal component ({second:.0%})"
    called = features(feature_names, seen.width) if seen.layer == 0 else ["unit 1", "unit 2"]
    return called[0], called[1] if seen.width == 2 else ""


def _title(seen: Latent) -> str:
    place = "input" if seen.layer == 0 else f"layer {seen.layer}, {seen.width} unit{'s' * (seen.width > 1)}"
    what = "line" if seen.width <= 2 else "plane"
    return f"{place}\na {what} gets {seen.accuracy:.0%} right"


def _names(y: Any, class_names: Sequence[str] | None) -> list[str]:
    return classes(class_names, np.unique(np.asarray(y)).tolist())
