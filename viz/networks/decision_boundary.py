"""The decision boundary of a model with two inputs: its answers over the plane, and the data.

How to read it: the colour says which class the model answers at that place, and its strength how sure the model is;
white means that it cannot decide. The line is where the answer changes. Each point has the colour and the marker of its
true class, so a mistake is a marker on another colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.layers import activations
from microgrAD.interpret.rows import Array
from microgrAD.nn.layers import Neuron
from microgrAD.outputs import EVEN, default_reading, last, outputs, probabilities
from microgrAD.outputs import classes as answered
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.colors import color, dot_size, marker, rgb, scatter
from viz.networks.extent import framed, grid_over, plane_on
from viz.networks.given import Limits, checked, classes, classes_of, features, labels, plane_rows
from viz.networks.legends import legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TIES = "ties"  # the id of the lines where the answer changes
_DEPTH = 0.55  # how much of a class's hue the surest place has: points of the same hue stay visible


def decision_boundary(
    model: Any,
    X: Any = None,
    y: Any = None,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    held_out: tuple[Any, Any] | None = None,
    reading: str | None = None,
    limits: Limits | None = None,
    resolution: int = 100,
    colorbar: bool = True,
    legend: bool = True,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the answers of a model over the plane of its two inputs, and the data.

    Arguments:
        model: a network, or a function of one row of two numbers. For an estimator of scikit-learn, pass `lambda x:
            model.predict_proba([x])[0]` with reading="probabilities".
        X, y: data (rows, 2) and the class of each row (rows,).
        feature_names: the names of the two inputs; by default x1 and x2.
        class_names: a name for each class.
        held_out: more data (X, y), which the model did not learn from; its markers are empty.
        reading: what the outputs are, "logits", "logarithms", "probabilities" or "signs", see `microgrAD.outputs`; by
            default the last activation says it.
        limits: ((left, right), (bottom, top)); by default those of the data with a margin, widened so that a circle is
            round; -1 to 1 without data.
        resolution: the number of places along each side of the data.
        colorbar: whether there is a scale of the probability, for two classes; a perceptron, which has none, never
            has one.
        legend: whether there is a legend below the Axes. A figure of your own has room for it if its layout is
            "constrained".
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError for rows, labels, names or limits that cannot be drawn.
    """
    from matplotlib.lines import Line2D

    look = style.theme(theme)
    X, y = checked(X, y)
    inputs = features(feature_names)
    ax = axes_on(ax, look)
    view, whole = plane_on(ax, X, limits)
    (left, right), (bottom, top) = whole
    grid = grid_over(whole, view, resolution)
    points = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, 2)
    given, reading = outputs(model, points), reading or default_reading(model)
    p = probabilities(given, reading).reshape(len(grid[1]), len(grid[0]), -1)
    if p.shape[2] > len(style.CLASSES):
        raise ValueError(
            f"a decision boundary shows up to {len(style.CLASSES)} classes, and the model gives {p.shape[2]}"
        )
    found = classes_of(y, p.shape[2])
    called = classes(class_names, found)
    ax.imshow(
        _shade(p, look),
        origin="lower",
        extent=(left, right, bottom, top),
        aspect="auto",
        interpolation="bilinear",
        zorder=0,
    )
    tie_lines(ax, grid, *_undecided(model, points, given, reading), look)
    hard = is_step(model)  # a perceptron has answers, and no probabilities
    half = "boundary" if hard else "P = 0.5"
    tie = Line2D([], [], color=look.ink, linewidth=1.8, label=half if p.shape[2] == 2 else "tie of two classes")
    dots = [] if y is None else scatter(ax, X, y, called, look, classes=found)
    dots += [] if held_out is None else _held_out(ax, held_out, found, look)
    dress(ax, look, x=inputs[0], y=inputs[1])
    framed(ax, view, whole)
    legend_below(ax, [*dots, tie] if legend else [], look)
    if colorbar and p.shape[2] == 2 and not hard:
        _colorbar(ax, called[1], look)
    share = "" if y is None or title is not None else f": {share_right(model, X, y, y, reading):.0%} right"
    entitle(ax, title, f"Where the answer changes{share}", look)
    return Picture([ax])


def repaint(ax: Axes, model: Any, look: style.Theme, reading: str | None = None) -> None:
    """Draw another model's answers on the Axes of a decision boundary, in place of those there; the data stay."""
    for lines in [found for found in ax.collections if found.get_gid() == TIES]:
        lines.remove()
    (image,) = ax.images
    left, right, bottom, top = image.get_extent()
    high, wide, _ = np.shape(image.get_array())  # type: ignore[arg-type]
    grid = np.linspace(left, right, wide), np.linspace(bottom, top, high)
    points = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, 2)
    given, reading = outputs(model, points), reading or default_reading(model)
    image.set_data(_shade(probabilities(given, reading).reshape(high, wide, -1), look))
    tie_lines(ax, grid, *_undecided(model, points, given, reading), look)


def is_step(model: Any) -> bool:
    """Return whether a model ends in a step."""
    return bool(getattr(last(model), "activation", "") == "step")


def _undecided(model: Any, points: Array, given: Array, reading: str) -> tuple[Array, str]:
    """Return the numbers that tell where a model is undecided: its outputs, or the sum behind one last step.

    The outputs of a step jump, so that a line between them would go up and down from place to place.
    """
    part = last(model)
    ends = getattr(model, "layers", [model])[-1] is part  # and is not the end of a model within the model
    if not is_step(model) or given.shape[1] > 1 or not ends:
        return given, reading
    neuron = part if isinstance(part, Neuron) else part.neurons[0]
    before = points if part is model else activations(model, points)[-2]
    bias = 0.0 if neuron.b is None else neuron.b.data
    return (before @ [w.data for w in neuron.w] + bias)[:, None], "logits"


def share_right(model: Any, X: Any, y: Any, taught: Any, reading: str | None) -> float:
    """Return the share of rows whose answer is their label. `taught` has the labels of all classes."""
    given = outputs(model, X)
    found = answered(given, reading or default_reading(model))
    return float((np.asarray(classes_of(taught, max(given.shape[1], 2)))[found] == np.asarray(y)).mean())


def tie_lines(ax: Axes, grid: Sequence[Array], given: Array, reading: str, look: style.Theme) -> None:
    """Draw the lines on which a class and the best other class are equally likely, from outputs on a grid.

    They are found from outputs, (places, outputs), and not from probabilities, which jump there if a model is sure. So
    the lines are smooth.
    """
    from contourpy import contour_generator  # matplotlib's own
    from matplotlib.collections import LineCollection

    count, (x, y) = given.shape[1], grid
    if count == 1:
        leads = [given[:, 0] - EVEN[reading]]
    else:
        second, best = np.partition(given, count - 2, axis=1)[:, count - 2 :].T
        others = (np.where(given[:, k] == best, second, best) for k in range(count))  # the best of the other classes
        leads = [given[:, k] - other for k, other in enumerate(others)][1 if count == 2 else 0 :]
    lines: list[Any] = [
        line
        for lead in leads
        if lead.min() < 0 < lead.max()
        for line in contour_generator(x, y, lead.reshape(len(y), len(x))).lines(0.0)
    ]
    # one collection, since a contour set for each class takes ten times as long, in each frame of a film
    ax.add_collection(LineCollection(lines, colors=[look.ink], linewidths=1.8, zorder=2, gid=TIES), autolim=False)


def _held_out(ax: Axes, held_out: tuple[Any, Any], known: Sequence[Any], look: style.Theme) -> list[Any]:
    """Draw empty markers in the colours of their classes, and return one entry for the legend."""
    from matplotlib.lines import Line2D

    if not isinstance(held_out, (tuple, list)) or len(held_out) != 2:
        raise ValueError(f"held_out takes (X, y), the rows and the class of each, got {type(held_out).__name__}")
    X = plane_rows(held_out[0], "held_out")
    y = labels(held_out[1], len(X), "held_out")
    if unknown := set(np.unique(y).tolist()) - set(known):
        raise ValueError(f"the classes held out must be among {list(known)}, got {sorted(unknown)} too")
    for k, c in enumerate(known):
        ax.scatter(
            X[y == c, 0],
            X[y == c, 1],
            s=0.7 * dot_size(ax, len(X)),
            facecolors=look.background,
            linewidths=1.1,
            edgecolors=color(k),
            marker=marker(k),
            zorder=2.5,
        )
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markerfacecolor=look.background,
            markeredgecolor=look.ink,
            label="held out",
        )
    ]


def _shade(p: Array, look: style.Theme) -> Array:
    """Return the picture behind the data: the mixed colours of the classes at each place, stronger if surer."""
    k, total = p.shape[2], p.sum(axis=2, keepdims=True)
    p = np.divide(p, total, out=np.full_like(p, 1 / k), where=total > 0)  # sigmoids of several don't add up to 1
    background = rgb([look.background])
    hues = background + _DEPTH * (rgb(style.CLASSES[:k]) - background)
    sure = (p.max(axis=2, keepdims=True) - 1 / k) / (1 - 1 / k)
    shade: Array = background + sure * (p @ hues - background)
    return shade


def _colorbar(ax: Axes, name: str, look: style.Theme) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap

    ramp = np.linspace(0, 1, 256)
    colors = _shade(np.stack([1 - ramp, ramp], axis=-1)[None], look)[0]
    bar = ax.figure.colorbar(ScalarMappable(cmap=ListedColormap(colors)), ax=ax)
    bar.set_label(f"P({name})", color=look.ink)
    bar.ax.tick_params(colors=look.ink)
    bar.outline.set_edgecolor(look.edge)
