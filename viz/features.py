"""Features: what each unit wants to see, what filters make of an image, what a network says, and what fools it.

How to read them: an image that excites a unit most is drawn by the unit itself, so to speak: vermilion is ink that it
wants, blue ink that it wants away. A feature map shows where on the image a filter found what it looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.interpret import adversarial, maximise, unit
from microgrAD.interpret.layers import layers_of
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs, probabilities
from viz import style
from viz.axes import Array, around_zero, dress, figure_title, new_axes, new_figure, panels, scale
from viz.saliency import glyph, image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def maximised_images(model: Any, layer: int, *, shape: tuple[int, int] = (8, 8), units: Sequence[int] | None = None,
                     max_norm: float = 2.0, l2: float = 0.0, names: Sequence[str] | None = None,
                     figure: Figure | SubFigure | None = None, theme: str = "light") -> list[Axes]:
    """For each unit of a layer the image of length `max_norm` that excites it most, found by `interpret.maximise`.

    `units` count from 1, by themselves all; `names` are those of the units, such as classes in the last layer. Under
    each image stands what the unit gives for it.
    """
    look, size = style.theme(theme), shape[0] * shape[1]
    with no_grad():
        width = _width(model, layer, size)
    chosen = list(range(1, width + 1)) if units is None else list(units)
    found = [maximise(unit(model, layer, k), np.full(size, 0.1), max_norm=max_norm, l2=l2) for k in chosen]
    axes = panels(len(chosen), look, figure=figure)
    norm = around_zero(*[f.x for f in found])
    for ax, k, best in zip(axes, chosen, found, strict=True):
        image(best.x, shape=shape, ax=ax, norm=norm, theme=theme, title=names[k - 1] if names else f"unit {k}")
        ax.set_xlabel(f"gives {style.number(best.value, 3)}", color=look.ink)
    scale(axes[0], look, norm, "ink", beside=axes, shrink=0.7)
    last = layer == len(layers_of(model))
    figure_title(axes[0], f"The image that each {'output' if last else f'unit of layer {layer}'} would like best", look)
    return axes


def feature_maps(model: Any, x: Any, *, figure: Figure | SubFigure | None = None, theme: str = "light") -> list[Axes]:
    """What each convolution and pooling step makes of an image x: a row a step, a column a filter; the image first.

    All maps of a step have one colour scale around 0. TypeError when the network has no such step.
    """
    look, steps = style.theme(theme), image_steps(model, x)
    columns = max(len(maps) for _, maps in steps)
    figure = figure if figure is not None else new_figure(look, layout="compressed")
    grid = np.asarray(figure.subplots(len(steps), columns, squeeze=False))
    found = []
    for row, (line, (name, maps)) in enumerate(zip(grid, steps, strict=True)):
        norm = around_zero(*maps)
        for k, ax in enumerate(line):
            if k >= len(maps):
                ax.set_axis_off()
                continue
            if row == 0:
                glyph(maps[k], shape=maps[k].shape, ax=ax, theme=theme)
            else:
                image(maps[k], shape=maps[k].shape, ax=ax, norm=norm, theme=theme)
            if row == 1:
                ax.set_title(f"filter {k + 1}", color=look.ink)
            found.append(ax)
        line[0].set_ylabel(f"{name}\n{maps[0].shape[0]}×{maps[0].shape[1]}", color=look.ink)
    figure_title(found[0], "What each filter finds in the image, and what pooling keeps of it", look)
    return found


def image_steps(model: Any, x: Any) -> list[tuple[str, list[Array]]]:
    """The image x, and what each step that gives images makes of it: (name, one array (height, width) a channel)."""
    found: list[tuple[str, list[Array]]] = []
    with no_grad():
        for layer in layers_of(model):
            x = layer(x)
            if isinstance(x, list) and x and isinstance(x[0], list):
                name = "the image" if not found else type(layer).__name__.replace("2d", "")
                found.append((name, [np.array([[float(v) for v in line] for line in channel]) for channel in x]))
    if len(found) < 2:
        raise TypeError("feature maps take a network with Unflatten, then Conv2d or pooling, such as "
                        "Sequential(Unflatten(1, 8, 8), Conv2d(1, 4, 3), MaxPool2d(2), Flatten(), Layer(36, 6))")
    return found


def logit_bars(model: Any, x: Any, *, class_names: Sequence[str] | None = None, reading: str | None = None,
               ax: Axes | None = None, theme: str = "light") -> Axes:
    """The outputs for one row x as bars, the probability that each stands for beside it, the largest one marked."""
    look, given = style.theme(theme), outputs(model, [x])
    p = probabilities(given, reading or default_reading(model))[0]
    shown = given[0] if given.shape[1] > 1 else np.r_[0.0, given[0]]
    names = list(class_names) if class_names is not None else [f"class {k}" for k in range(len(p))]
    if len(names) != len(p):
        raise ValueError(f"class_names takes one name for each of {len(p)} classes, got {names}")
    ax = ax if ax is not None else new_axes(look)
    top = int(p.argmax())
    ax.barh(range(len(shown)), shown, color=[look.flow_positive if v > 0 else look.flow_negative for v in shown],
            edgecolor=[look.ink if k == top else look.background for k in range(len(shown))], linewidth=2)
    reach = float(np.abs(shown).max()) or 1.0
    for k, (value, share) in enumerate(zip(shown, p, strict=True)):
        ax.text(value + (0.04 if value >= 0 else -0.04) * reach, k, f"{share:.0%}", va="center",
                ha="left" if value >= 0 else "right", color=look.ink, fontweight="bold" if k == top else "normal")
    ax.axvline(0, color=look.ink, linewidth=1)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(min(0, shown.min()) - 0.35 * reach, max(0, shown.max()) + 0.35 * reach)
    return dress(ax, look, x="output (logit), and its probability")


def adversarial_images(model: Any, x: Any, *, shape: tuple[int, int] = (8, 8), target: int | None = None,
                       class_names: Sequence[str] | None = None, figure: Figure | SubFigure | None = None,
                       theme: str = "light") -> list[Axes]:
    """An image, the least change that flips its answer, and both together; under each what the network says.

    Pixels stay between 0 and 1. See `microgrAD.interpret.adversarial`.
    """
    look = style.theme(theme)
    found = adversarial(model, x, target=target, bounds=(0.0, 1.0))
    count = max(outputs(model, [x]).shape[1], 2)
    names = list(class_names) if class_names is not None else [f"class {k}" for k in range(count)]
    figure = figure if figure is not None else new_figure(look)
    grid = figure.add_gridspec(2, 3, height_ratios=[3, 2])
    axes = [figure.add_subplot(grid[0, k]) for k in range(3)]
    before, after = figure.add_subplot(grid[1, 0]), figure.add_subplot(grid[1, 2])
    glyph(x, shape=shape, ax=axes[0], title=f"“{names[found.before]}”", theme=theme)
    image(found.change, shape=shape, ax=axes[1], theme=theme,
          title=f"+ a change of {style.number(found.distance, 2)}\n(the image: "
                f"{style.number(float(np.linalg.norm(x)), 2)})")
    glyph(found.x, shape=shape, ax=axes[2], title=f"= “{names[found.after]}”", theme=theme)
    for ax, row in ((before, np.asarray(x)), (after, found.x)):
        logit_bars(model, row, class_names=names, ax=ax, theme=theme)
    scale(axes[1], look, around_zero(found.change), "change of ink", orientation="horizontal", location="bottom",
          shrink=0.8)
    return [*axes, before, after]


def _width(model: Any, layer: int, size: int) -> int:
    x: Any = [0.0] * size
    for part in layers_of(model)[:layer]:
        x = part(x)
    return len(flatten(x))
