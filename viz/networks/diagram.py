"""The network itself: layers of circles, and a line for each weight, for one input.

How to read it: a line is a weight, vermilion if it is positive and blue if it is negative; a larger weight has a
thicker line. With color_by="gradient" it is the derivative of the loss, or of an output, with respect to the weight.
The number in a circle, and its colour, is the output of the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.errors import one_of, whole_digits
from microgrAD.interpret.layers import activations, layers_of, weights_of_layer
from microgrAD.interpret.rows import Array, answer, output_number
from microgrAD.nn.shapes import flatten
from microgrAD.operators import Value
from viz import style
from viz.networks.axes import axes_on, dress, entitle, size_of
from viz.networks.colors import around_zero, diverging, scale
from viz.networks.given import features, names
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 16  # the largest number of units of a layer that are drawn; of more, the first and last ones
COLORS = ("weight", "gradient")


@dataclass(frozen=True)
class Wiring:
    """The numbers of the drawing: for each layer the lines (units, inputs), and the outputs of the units (units,)."""

    lines: list[Array]
    given: list[Array]  # the input is the first


def wiring(
    model: Any, x: Any, y: Any = None, *, color_by: str = "weight", output: int | None = None, loss: Any = None
) -> Wiring:
    """Return the weights of a network, or the gradients by them, and the outputs of its units for one row x."""
    one_of(color_by, "color_by", COLORS)
    given = [h[0] for h in activations(model, [x])]
    weights = [weights_of_layer(model, k)[0] for k in range(1, len(given))]
    if color_by == "weight":
        return Wiring(weights, given)
    of = output_number(output, given[-1])
    result = flatten(answer(model, x))[of] if loss is None else loss(answer(model, x), y)
    slopes = gradients(result, 1.0, model.parameters()) if isinstance(result, Value) else {}
    return Wiring(
        [np.array([[slopes.get(w, 0.0) for w in neuron.w] for neuron in layer.neurons]) for layer in layers_of(model)],
        given,
    )


def network_drawing(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    output: int | None = None,
    loss: Any = None,
    color_by: str = "weight",
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    digits: int = 2,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw a network of fully connected layers, with its weights and the outputs of its units for one row.

    Arguments:
        model: the network.
        x, y: one row of numbers, and its target (for a loss).
        output: the number of the output, from 0, for color_by="gradient"; by default the largest.
        loss: a function of one row's (output, target); with color_by="gradient" it is differentiated in place of an
            output.
        color_by: "weight", or "gradient" for the derivative of the output or the loss with respect to each weight.
        feature_names: a name for each input.
        class_names: a name for each output.
        digits: significant digits of each number.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: TypeError for a layer without weights.
    """
    look, digits = style.theme(theme), whole_digits(digits)
    seen = wiring(model, x, y, color_by=color_by, output=output, loss=loss)
    ax = axes_on(ax, look)
    places = [heights(len(h)) for h in seen.given]
    norm, radius = around_zero(*seen.lines), _canvas(ax, places)
    weight_lines(ax, seen.lines, places, norm, look)
    for k, (given, place) in enumerate(zip(seen.given, places, strict=True)):
        _circles(ax, k, given, place, radius, digits, look)
    _names(ax, seen, places, radius, feature_names, class_names, look)
    what = "loss" if loss is not None else "output"
    lines = "the weights between them" if color_by == "weight" else f"how the {what} changes with each weight"
    entitle(ax, title, f"What each unit gives, and {lines}", look, pad=_above(ax))
    dress(ax, look)
    scale(ax, look, norm, "weight" if color_by == "weight" else f"∂{what}/∂weight", shrink=0.8, pad=0.01)
    return Picture([ax])


# ---------------------------------------------------------------------------------------------- parts


def heights(count: int) -> dict[int, float]:
    """Return the height of each unit that is drawn, of `count` units."""
    shown = list(range(count)) if count <= MOST else [*range(MOST // 2), *range(count - MOST // 2, count)]
    apart = min(0.75, 4.4 / max(len(shown), 1))
    middle = (len(shown) - 1) / 2
    gap = 0.5 if count > MOST else 0.0
    return {
        unit: (middle - at) * apart + (gap * apart if at < len(shown) / 2 else -gap * apart)
        for at, unit in enumerate(shown)
    }


def _canvas(ax: Axes, places: list[dict[int, float]]) -> float:
    """Return the radius of a circle in points, on an empty plane with a layer at each x from 0."""
    top, last = max(max(p.values()) for p in places), len(places) - 1
    ax.set(xlim=(-0.13 * last - 0.02, 1.11 * last + 0.02), ylim=(-top - 0.4, top + 0.7), xticks=[], yticks=[])
    ax.set_frame_on(False)
    wide, high = (72 * inches for inches in size_of(ax))
    apart = 2 * top / max(max(len(p) for p in places) - 1, 1) * high / (2 * top + 1.1)
    return float(min(20.0, 0.42 * apart if top else 20.0, 0.3 * wide / (last + 1)))


def _above(ax: Axes) -> float | None:
    """Return the points from the Axes to their title, if they have no room for the names of layers; otherwise None."""
    low, high = ax.get_ylim()
    out = 12 - 0.25 * 72 * size_of(ax)[1] / (high - low)
    return 6 + out if out > 3 else None


def weight_lines(ax: Axes, lines: list[Array], places: list[dict[int, float]], norm: Any, look: style.Theme) -> None:
    """Draw a line for each weight between layers at x = 0, 1, ..., with units at the given heights."""
    from matplotlib.collections import LineCollection

    segments, numbers = [], []
    for k, (weights, before, here) in enumerate(zip(lines, places, places[1:], strict=False)):
        for unit, y in here.items():
            for source, y0 in before.items():
                segments.append([(k, y0), (k + 1, y)])
                numbers.append(weights[unit, source])
    order = np.argsort(np.abs(numbers), kind="stable")  # the largest weights on top
    sizes = np.abs(np.array(numbers)[order]) / norm.vmax
    thickest = 6 * min(1.0, (60 / len(segments)) ** 0.5)
    hues = [look.flow_positive if numbers[k] > 0 else look.flow_negative for k in order]
    ax.add_collection(
        LineCollection(
            [segments[k] for k in order],
            linewidths=0.4 + thickest * sizes,
            colors=hues,
            alpha=list(0.25 + 0.7 * sizes),
            zorder=1,
        )
    )


def _circles(
    ax: Axes, x: int, given: Array, place: dict[int, float], radius: float, digits: int, look: style.Theme
) -> None:
    shade, norm = diverging(look), around_zero(given)
    ax.scatter(
        [x] * len(place),
        list(place.values()),
        s=(2 * radius) ** 2,
        linewidths=1.2,
        zorder=3,
        clip_on=False,
        c=[shade(0.5 + 0.6 * (norm(given[unit]) - 0.5)) for unit in place],
        edgecolors=look.ink,
    )
    for unit, y in place.items() if radius > 9 else ():
        ax.text(
            x,
            y,
            style.number(float(given[unit]), digits),
            ha="center",
            va="center",
            color=look.ink,
            zorder=4,
            fontsize=0.54 * radius,
        )
    if len(given) > len(place):
        ax.text(x, 0, f"… {len(given) - len(place)} more …", ha="center", va="center", color=look.muted, zorder=4)


def _names(
    ax: Axes,
    seen: Wiring,
    places: list[dict[int, float]],
    radius: float,
    feature_names: Sequence[str] | None,
    class_names: Sequence[str] | None,
    look: style.Theme,
) -> None:
    top = max(max(p.values()) for p in places) + 0.45
    last = len(places) - 1
    for k, h in enumerate(seen.given):
        kind = "input" if k == 0 else "output" if k == last else f"layer {k}"
        ax.text(k, top, kind, ha="center", va="bottom", color=look.muted)
        if k == 0:
            called = features(feature_names, len(h))
        elif k == last and class_names is not None:
            called = names(class_names, range(len(h)), each="outputs")
        else:
            continue
        for unit, y in places[k].items():
            side = -1 if k == 0 else 1
            ax.annotate(
                called[unit],
                (k, y),
                (side * (radius + 5), 0),
                textcoords="offset points",
                va="center",
                ha="right" if k == 0 else "left",
                color=look.ink,
            )
