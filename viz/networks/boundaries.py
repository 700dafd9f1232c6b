"""Decision boundaries of several models side by side, of each hidden unit, and over a run of training.

How to read them: a network's boundary is put together out of those of its hidden units. A unit of the first layer
parts the plane by a straight line, and the arrow on it points to where the unit gives more.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.errors import between
from microgrAD.files import write_bytes
from microgrAD.interpret.layers import activations, layers_of, weights_of_layer
from microgrAD.nn.layers import LINEAR, activation_function
from microgrAD.outputs import classes, default_reading, outputs
from viz import style
from viz.networks.axes import (
    Limits,
    around_zero,
    axes_on,
    columns_for,
    diverging,
    dress,
    figure_legend,
    figure_on,
    figure_title,
    new_figure,
    panels,
    scale,
    scatter,
    size_of,
    take_legend,
)
from viz.networks.decision_boundary import decision_boundary
from viz.networks.extent import framed, grid_over, plane_on
from viz.networks.given import checked, classes_of, names
from viz.write import gif

FILM_WIDTH = 960  # pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from microgrAD.train import History, Recording


def compare_boundaries(
    models: Mapping[str, Any],
    X: Any,
    y: Any,
    *,
    figure: Figure | SubFigure | None = None,
    columns: int | None = None,
    theme: str = "light",
    **options: Any,
) -> list[Axes]:
    """The decision boundary of each model on the same data and plane, its name and its share of right answers above.

    `options` are those of `decision_boundary`; with `held_out` the share of right answers there is told too. Gives the
    Axes, one a model. How to read it: see `viz.boundary`; what differs from panel to panel is the model alone.
    """
    look, held_out = style.theme(theme), options.get("held_out")
    figure, columns = figure_on(figure, look), columns or columns_for(len(models))
    axes = panels(len(models), look, figure=figure, columns=columns)
    X, y = checked(X, y)
    for ax, (name, model) in zip(axes, models.items(), strict=True):
        decision_boundary(model, X, y, ax=ax, theme=theme, colorbar=False, **options)
        entries = take_legend(ax)
        right = f"{_right(model, X, y, y, options.get('reading')):.0%} right"
        if held_out is not None:
            share = _right(model, held_out[0], held_out[1], y, options.get("reading"))
            right += ("\n" if columns > 2 else ", ") + f"held out {share:.0%}"
        ax.set_title(f"{name}\n{right}", color=look.ink)
        ax.label_outer()
    figure_legend(axes[0], entries, look)
    return axes


def unit_boundary(
    model: Any,
    layer: int,
    neuron: int,
    X: Any = None,
    y: Any = None,
    *,
    ax: Axes | None = None,
    limits: Limits | None = None,
    feature_names: Sequence[str] = ("x1", "x2"),
    resolution: int = 60,
    theme: str = "light",
    colorbar: bool = True,
    arrow: bool = True,
) -> Axes:
    """What one unit gives over the plane of the two inputs, and the line on which its weighted sum is 0.

    `layer` and `neuron` count from 1. Vermilion is more than at that line, blue less. In the first layer the line is
    straight, a half-plane on either side; the arrow is the unit's weights, pointing to where it gives more.
    """
    look = style.theme(theme)
    ax = axes_on(ax, look)
    X, y = checked(X, y)
    view, whole = plane_on(ax, X, limits)
    (left, right), (bottom, top) = whole
    grid = grid_over(whole, view, resolution)
    points = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, 2)
    weights, biases = weights_of_layer(model, layer)
    if not 1 <= neuron <= len(weights):
        raise ValueError(f"neuron must be from 1 to {len(weights)} in layer {layer}, got {neuron}")
    before, here = activations(model, points)[layer - 1 : layer + 1]
    given = here[:, neuron - 1].reshape(len(grid[1]), len(grid[0]))
    sums = (before @ weights[neuron - 1] + biases[neuron - 1]).reshape(given.shape)
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
    if sums.min() < 0 < sums.max():
        ax.contour(*grid, sums, levels=[0.0], colors=[look.ink], linewidths=1.8, zorder=2)
    if layer == 1 and arrow:
        _arrow(ax, weights[neuron - 1], biases[neuron - 1], view, look)
    if y is not None:
        scatter(ax, X, y, [str(c) for c in np.unique(y)], look)
    features = names(feature_names, ("x1", "x2"), "feature_names", "features")
    dress(ax, look, x=features[0], y=features[1], title=f"layer {layer}, unit {neuron}")
    framed(ax, view, whole)
    if colorbar:
        scale(ax, look, norm, "what the unit gives, against its line")
    return ax


def hidden_units(
    model: Any,
    X: Any,
    y: Any,
    *,
    layer: int = 1,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
    **options: Any,
) -> list[Axes]:
    """`unit_boundary` of every unit of a layer, and last, large, the network's own boundary that is made of them."""
    look = style.theme(theme)
    figure = figure_on(figure, look)
    *units, whole = _beside(len(weights_of_layer(model, layer)[0]), figure)
    for k, ax in enumerate(units, 1):
        unit_boundary(model, layer, k, X, y, ax=ax, theme=theme, colorbar=False, **options)
        ax.set(title=f"unit {k}", xticks=[], yticks=[])
        ax.label_outer()
    shared = {name: options[name] for name in ("limits", "feature_names") if name in options}
    decision_boundary(model, X, y, ax=whole, theme=theme, colorbar=False, **shared)
    figure_legend(whole, take_legend(whole), look)
    whole.set_title("the network", color=look.ink, fontweight="bold")
    axes = [*units, whole]
    kind = "straight line" if layer == 1 else "curve"
    figure_title(axes[0], f"Each unit of layer {layer} draws a {kind}; together they make the boundary", look)
    return axes


def boundary_movie(
    history: History,
    path: str | os.PathLike[str],
    *,
    frames: int = 40,
    seconds: float = 0.125,
    hold: float = 3.0,
    resolution: int = 60,
    theme: str = "light",
    **options: Any,
) -> Path:
    """Write a GIF of the decision boundary while the network learns, the loss beside it; gives the path.

    `frames` of the run, recorded by `fit(..., record=True)`, first and last among them, evenly on the way of the loss
    downhill. Each stands for so many `seconds`, the last one for `hold`. `options` are those of `decision_boundary`.
    """
    target, look = Path(path), style.theme(theme)
    if target.suffix.lower() != ".gif":
        raise ValueError(f"a film's name must end in .gif, got {os.fspath(path)!r}")
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    recording = history.recording
    figure = new_figure(look)
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    pictures = []
    for frame in chosen_frames(recording.loss, frames):
        for ax in (left, right):
            ax.clear()
        with recording.at(frame) as model:
            decision_boundary(
                model, recording.X, recording.y, ax=left, resolution=resolution, theme=theme, colorbar=False, **options
            )
        left.set_title(f"epoch {recording.epochs[frame]}", color=look.ink)
        _loss_so_far(right, recording, frame, look)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=FILM_WIDTH / figure.get_figwidth())
        pictures.append(gif.pixels(png.getvalue()))
    write_bytes(target, gif.write(pictures, seconds=seconds, hold=hold, shaded=True))
    return target


def chosen_frames(loss: Sequence[float], count: int) -> list[int]:
    """At most `count` frames, first and last among them, where much happens closer together."""
    if count < 2:
        raise ValueError(f"a film takes two frames or more, got {count}")
    changes = np.abs(np.diff(np.asarray(loss, dtype=float)))
    way = np.concatenate([[0.0], np.cumsum(changes / (changes.sum() or 1) + 1 / max(len(changes), 1))])
    return [int(k) for k in np.unique(np.searchsorted(way, np.linspace(0, way[-1], count) - 1e-12))]


# ---------------------------------------------------------------------------------------------- parts


def _beside(count: int, figure: Figure | SubFigure) -> list[Axes]:
    """So many panels in lines, and last one as high as all the lines."""

    def side(lines: int) -> float:
        return min(1.6 / (-(-count // lines) + lines), 0.8 / lines)

    lines = max(range(1, count + 1), key=side)
    columns = -(-count // lines)
    grid = figure.add_gridspec(lines, columns + 1, width_ratios=[1] * columns + [1.07 * lines])
    small = [figure.add_subplot(grid[k // columns, k % columns]) for k in range(count)]
    return [*small, figure.add_subplot(grid[:, -1])]


def _at_zero(model: Any, layer: int) -> float:
    function = activation_function(getattr(layers_of(model)[layer - 1], "activation", LINEAR))
    if function is None:
        return 0.0
    try:
        with no_grad():
            return float(function(0.0))
    except ValueError:  # log and its like have no value there
        return 0.0


def _right(model: Any, X: Any, y: Any, taught: Any, reading: str | None) -> float:
    """The share of rows that are answered with their label; `taught` has those of all classes."""
    given = outputs(model, X)
    found = classes(given, reading or default_reading(model))
    return float((np.asarray(classes_of(taught, max(given.shape[1], 2)))[found] == np.asarray(y)).mean())


def _arrow(ax: Axes, w: Any, b: float, limits: Limits, look: style.Theme) -> None:
    """The weights, as an arrow from the point of the line nearest to the middle of the plane."""
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


def _loss_so_far(ax: Axes, recording: Recording, frame: int, look: style.Theme) -> None:
    ax.plot(recording.epochs, recording.loss, color=look.edge, linewidth=1, alpha=0.5)
    ax.plot(recording.epochs[: frame + 1], recording.loss[: frame + 1], color=look.ink, linewidth=2)
    ax.plot(recording.epochs[frame], recording.loss[frame], "o", color=look.ink)
    ax.set_ylim(bottom=0)
    dress(ax, look, x="epoch", y="loss", title=f"loss {style.number(recording.loss[frame], 3)}")
