"""The network as a row of pictures: each unit is a picture of its output over the plane of the two inputs.

How to read it: a line is a weight, vermilion if it is positive and blue if it is negative; a larger weight has a
thicker line. A plane is vermilion where the output of the unit is larger than on its line, where its weighted sum is 0,
and blue where it is smaller. The planes of a layer are made from those of the layer before, and the answer from the
last ones. After TensorFlow Playground, Smilkov et al. 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.layers import activations
from microgrAD.interpret.rows import table
from viz import style
from viz.networks.axes import dress, entitle, figure_on, figure_title
from viz.networks.colors import around_zero, diverging
from viz.networks.decision_boundary import decision_boundary
from viz.networks.diagram import heights, weight_lines, wiring
from viz.networks.extent import framed, plane_on
from viz.networks.given import Limits, features
from viz.networks.legends import figure_legend, take_legend
from viz.networks.unit_boundaries import unit_boundary
from viz.picture import Picture

SMALL: dict[str, Any] = {"resolution": 50, "colorbar": False, "arrow": False, "title": ""}  # of the plane of a unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def network_planes(
    model: Any,
    X: Any,
    y: Any,
    *,
    feature_names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Picture:
    """Draw the output of each unit over the plane of the two inputs, at its place in the network, and the boundary.

    Arguments:
        model: the network.
        X, y: data (rows, 2) and the class of each row (rows,).
        feature_names: the names of the two inputs; by default x1 and x2.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
        options: as for `decision_boundary`.
    Returns: a Picture, on the Axes of the inputs, of the units layer after layer, and last of the boundary.
    Raises: ValueError for another number of inputs.
    """
    look, X = style.theme(theme), table(X)
    inputs = features(feature_names)
    widths = [given.shape[1] for given in activations(model, X[:1])]
    if widths[0] != 2:
        raise ValueError(f"planes take a network of two inputs, got one of {widths[0]}")
    places = [heights(width) for width in widths]
    shown = places if widths[-1] > 1 else places[:-1]  # a single output is the answer itself
    figure = figure_on(figure, look)
    left, whole = figure.subplots(1, 2, width_ratios=[len(shown) + 0.5, 2.6])
    across, up = _canvas(left, places, len(shown), figure)
    weights = wiring(model, X[0]).lines
    weight_lines(left, weights, places, around_zero(*weights), look)
    axes, limits = [], options.get("limits")
    for k, place in enumerate(shown):
        left.text(
            k,
            max(max(p.values()) for p in places) + 0.47,
            f"layer {k}" if k else "input",
            ha="center",
            color=look.muted,
        )
        for unit, y0 in place.items():
            tile = left.inset_axes((k - across, y0 - up, 2 * across, 2 * up), transform=left.transData, zorder=5)
            if k:
                unit_boundary(model, X, layer=k, unit=unit + 1, ax=tile, limits=limits, theme=theme, **SMALL)
            else:
                _feature(tile, unit, X, limits, look)
                left.text(-across - 0.05, y0, inputs[unit], ha="right", va="center", color=look.ink)
            tile.set(title="", xlabel="", ylabel="", xticks=[], yticks=[])
            axes.append(tile)
    options |= {"feature_names": feature_names, "colorbar": False, "title": "", "theme": theme}
    decision_boundary(model, X, y, ax=whole, **options)
    figure_legend(whole, [*take_legend(whole), *_signs(look)], look)
    entitle(whole, None, "the network's answer", look)
    figure_title([whole], title, "Each unit puts together what the units before it see", look)
    return Picture([*axes, whole])


# ---------------------------------------------------------------------------------------------- parts


def _canvas(ax: Axes, places: list[dict[int, float]], columns: int, figure: Figure | SubFigure) -> tuple[float, float]:
    """Return half the width and height of square tiles, on an empty plane with a layer at each x from 0."""
    top, most = max(max(p.values()) for p in places), max(len(p) for p in places)
    up = 0.43 * (2 * top / (most - 1) if most > 1 else 0.75)
    low, high, start, end = -top - up - 0.05, top + 0.7, -0.55, columns - (0.0 if columns < len(places) else 0.5)
    ax.set(xlim=(start, end), ylim=(low, high), xticks=[], yticks=[])
    ax.set_frame_on(False)
    box, share = figure.bbox, (columns + 0.5) / (columns + 3.1)
    across = up * (0.73 * box.height / (high - low)) / (0.9 * box.width * share / (end - start))
    return float(min(across, 0.38)), float(up * min(1.0, 0.38 / across))


def _feature(ax: Axes, k: int, X: Any, limits: Limits | None, look: style.Theme) -> None:
    """Draw an input as a plane: its values rise from one side to the other."""
    view, whole = plane_on(ax, X, limits)
    shown = np.meshgrid(*(np.linspace(*side, 50) for side in whole))[k]
    ax.imshow(
        shown,
        origin="lower",
        extent=(*whole[0], *whole[1]),
        aspect="auto",
        cmap=diverging(look),
        norm=around_zero(view[k]),
        alpha=0.75,
    )
    framed(ax, view, whole)
    dress(ax, look)


def _signs(look: style.Theme) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=color, linewidth=4, label=f"weight {sign} 0")
        for color, sign in ((look.flow_positive, ">"), (look.flow_negative, "<"))
    ]
