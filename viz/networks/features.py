"""Features: what each unit wants to see, what filters make of an image, what a network says, and what fools it.

How to read them: an image that excites a unit most is drawn by the unit itself, so to speak: vermilion is ink that it
wants, blue ink that it wants away. A feature map shows where on the image a filter found what it looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.errors import counted
from microgrAD.interpret import adversarial, bounds_of, maximise, unit
from microgrAD.interpret.layers import layers_of
from microgrAD.interpret.rows import answer, table
from microgrAD.nn import Conv2d
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import default_reading, outputs, probabilities
from viz import style
from viz.networks.axes import Array, around_zero, axes_on, columns_for, dress, figure_on, figure_title, panels, scale
from viz.networks.given import names as named
from viz.networks.saliency import glyph, image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def maximised_images(
    model: Any,
    layer: int,
    *,
    shape: tuple[int, int] = (8, 8),
    units: Sequence[int] | None = None,
    max_norm: float = 2.0,
    l2: float = 0.0,
    names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """For each unit of a layer the image of length `max_norm` that excites it most, found by `interpret.maximise`.

    `units` count from 1, by themselves all; `names` are those of the units, such as classes in the last layer. Under
    each image stands what the unit gives for it.
    """
    look, size = style.theme(theme), shape[0] * shape[1]
    with no_grad():
        width = _width(model, layer, size)
    chosen = list(range(1, width + 1)) if units is None else list(units)
    called = named(names, [f"unit {k}" for k in range(1, width + 1)], "names", "units")
    found = [maximise(unit(model, layer, k), np.full(size, 0.1), max_norm=max_norm, l2=l2) for k in chosen]
    axes = panels(len(chosen), look, figure=figure)
    norm = around_zero(*[f.x for f in found])
    for ax, k, best in zip(axes, chosen, found, strict=True):
        image(best.x, shape=shape, ax=ax, norm=norm, theme=theme, title=called[k - 1])
        ax.set_xlabel(f"gives {style.number(best.value, 3)}", color=look.ink)
    scale(axes[0], look, norm, "ink", beside=axes, shrink=0.7)
    last = layer == len(layers_of(model))
    figure_title(axes[0], f"The image that each {'output' if last else f'unit of layer {layer}'} would like best", look)
    return axes


def feature_maps(model: Any, x: Any, *, figure: Figure | SubFigure | None = None, theme: str = "light") -> list[Axes]:
    """What each convolution and pooling step makes of an image x: a row a step, a column a filter; the image before.

    Above them stand the weights of the first convolution's filters, where they see one channel. All maps of a step have
    one colour scale around 0. Gives the Axes in this order. TypeError when the network has no such step.
    """
    look, (first, *steps) = style.theme(theme), image_steps(model, x)
    kernels = filters(model)
    rows = [("its weights", kernels)] * bool(kernels) + steps
    columns = max(len(maps) for _, maps in rows)
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(len(rows), columns + 1, width_ratios=[columns / 2] + [1] * columns)
    whole = grid[:, 0].subgridspec(len(first[1]), 1)
    found = [
        glyph(shown, shape=shown.shape, ax=figure.add_subplot(whole[k]), title="the image", theme=theme)
        for k, shown in enumerate(first[1])
    ]
    for row, (name, maps) in enumerate(rows):
        norm = around_zero(*maps)
        for k, shown in enumerate(maps):
            ax = figure.add_subplot(grid[row, k + 1])
            image(shown, shape=shown.shape, ax=ax, norm=norm, theme=theme, title="" if row else f"filter {k + 1}")
            found.append(ax)
        found[-len(maps)].set_ylabel(f"{name}\n{maps[0].shape[0]}×{maps[0].shape[1]}", color=look.ink)
    figure_title(found[0], "What each filter finds in the image, and what pooling keeps of it", look)
    return found


def filters(model: Any) -> list[Array]:
    """The weights of each filter of the first convolution, (height, width) each; none where that sees many channels."""
    first = next((layer for layer in layers_of(model) if isinstance(layer, Conv2d)), None)
    if first is None or first.in_channels > 1:
        return []
    return [np.array([w.data for w in neuron.w]).reshape(first.kernel_size) for neuron in first.filters]


def image_steps(model: Any, x: Any) -> list[tuple[str, list[Array]]]:
    """The image x, and what each step that gives images makes of it: (name, one array (height, width) a channel)."""
    found: list[tuple[str, list[Array]]] = []
    with no_grad():
        for layer in layers_of(model):
            x = answer(layer, x)
            if isinstance(x, list) and x and isinstance(x[0], list):
                name = "the image" if not found else type(layer).__name__.replace("2d", "")
                found.append((name, [np.array([[float(v) for v in line] for line in channel]) for channel in x]))
    if len(found) < 2:
        raise TypeError(
            "feature maps take a network with Unflatten, then Conv2d or pooling, such as "
            "Sequential(Unflatten(1, 8, 8), Conv2d(1, 4, 3), MaxPool2d(2), Flatten(), Layer(36, 6))"
        )
    return found


def logit_bars(
    model: Any,
    x: Any,
    *,
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    ax: Axes | None = None,
    theme: str = "light",
) -> Axes:
    """The outputs for one row x as bars, the probability that each stands for beside it, the largest one marked."""
    look, shown = style.theme(theme), _by_class(model, x)
    p = probabilities(outputs(model, [x]), reading or default_reading(model))[0]
    called = named(class_names, [f"class {k}" for k in range(len(p))])
    ax = axes_on(ax, look)
    top = int(p.argmax())
    ax.barh(
        range(len(shown)),
        shown,
        color=[look.flow_positive if v > 0 else look.flow_negative for v in shown],
        edgecolor=[look.ink if k == top else look.background for k in range(len(shown))],
        linewidth=2,
    )
    reach = float(np.abs(shown).max()) or 1.0
    for k, (value, share) in enumerate(zip(shown, p, strict=True)):
        ax.text(
            value + (0.04 if value >= 0 else -0.04) * reach,
            k,
            percent(share),
            va="center",
            ha="left" if value >= 0 else "right",
            color=look.ink,
            fontweight="bold" if k == top else "normal",
        )
    ax.axvline(0, color=look.ink, linewidth=1)
    ax.set_yticks(range(len(called)), called)
    ax.invert_yaxis()
    ax.set_xlim(min(0, shown.min()) - 0.35 * reach, max(0, shown.max()) + 0.35 * reach)
    return dress(ax, look, x="output (logit), and its probability", title=f"The network says {called[top]}")


def hard_images(
    model: Any,
    X: Any,
    y: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    count: int = 8,
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """The images of X whose true class y (rows,), numbered from 0, the network thinks least probable.

    Under each image stand the three most probable classes, the true one hatched. Gives the images' Axes, the hardest
    first.
    """
    look, X, y = style.theme(theme), table(X), np.asarray(y)
    p = probabilities(outputs(model, X), reading or default_reading(model))
    if y.shape != (len(X),) or not np.isin(y, range(p.shape[1])).all():
        raise ValueError(
            f"y takes a class for each of {len(X)} images, from 0 to {p.shape[1] - 1}, got shape "
            f"{y.shape} of {np.unique(y).tolist()[:10]}"
        )
    y = y.astype(int)
    called = named(class_names, range(p.shape[1]))
    hardest = np.argsort(p[np.arange(len(X)), y], kind="stable")[: counted(count, "count")]
    figure, columns = figure_on(figure, look), columns_for(len(hardest))
    lines = -(-len(hardest) // columns)
    grid = figure.add_gridspec(2 * lines, columns, height_ratios=[5, 3] * lines)
    axes = []
    for place, k in enumerate(hardest):
        line, column = divmod(place, columns)
        truth, said = called[y[k]], called[p[k].argmax()]
        ax = glyph(
            X[k],
            shape=shape,
            ax=figure.add_subplot(grid[2 * line, column]),
            theme=theme,
            title=f"{truth}, right" if truth == said else f"{truth}, says {said}",
        )
        _likely(figure.add_subplot(grid[2 * line + 1, column]), p[k], int(y[k]), called, look)
        axes.append(ax)
    wrong = int((p.argmax(axis=1) != y).sum())
    figure_title(axes[0], f"The hardest images (wrong in {wrong} of {len(X)}; hatched: the truth)", look)
    return axes


def percent(share: float) -> str:
    """A share in percent; what is nearly nothing or nearly all doesn't pass for it."""
    return "<1%" if 0 < share < 0.005 else ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def adversarial_images(
    model: Any,
    x: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    target: int | None = None,
    bounds: tuple[Any, Any] | None = None,
    class_names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """An image, the least change that flips its answer, and both together; under each the outputs, or their change.

    Pixels stay within `bounds`, (low, high), by default those of the image; of data they are
    `microgrAD.interpret.bounds_of(X)`. See `microgrAD.interpret.adversarial`. Gives the Axes of the images, then
    the bars'.
    """
    look = style.theme(theme)
    count = max(outputs(model, [x]).shape[1], 2)
    called = named(class_names, [f"class {k}" for k in range(count)])
    found = adversarial(model, x, target=target, bounds=bounds_of([x]) if bounds is None else bounds)
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(2, 3, height_ratios=[3, 2])
    axes = [figure.add_subplot(grid[line, k]) for line in range(2) for k in range(3)]
    glyph(x, shape=shape, ax=axes[0], title=f"“{called[found.before]}”", theme=theme)
    image(found.change, shape=shape, ax=axes[1], theme=theme, title="+ a little change")
    glyph(found.x, shape=shape, ax=axes[2], title=f"= “{called[found.after]}”", theme=theme)
    scale(axes[1], look, around_zero(found.change), "ink", fraction=0.05)
    for ax, row in ((axes[3], np.asarray(x)), (axes[5], found.x)):
        logit_bars(model, row, class_names=called, ax=ax, theme=theme)
        ax.set(title="", xlabel="outputs, and their probabilities")
    given = [_by_class(model, row) for row in (x, found.x)]
    moved = given[1] - given[0]
    axes[4].barh(range(len(called)), moved, color=[look.flow_positive if v > 0 else look.flow_negative for v in moved])
    axes[4].axvline(0, color=look.ink, linewidth=1)
    axes[4].set_yticks(range(len(called)), called)
    axes[4].invert_yaxis()
    dress(axes[4], look, x="change of the outputs")
    low, high = min(0.0, *given[0], *given[1], *moved), max(0.0, *given[0], *given[1], *moved)
    for ax in axes[3:]:
        ax.set_xlim(low - 0.33 * (high - low), high + 0.33 * (high - low))  # with room for what stands at the bars
    lengths = [style.number(float(np.linalg.norm(v)), 2) for v in (found.change, np.asarray(x))]
    figure_title(axes[0], f"A change of length {lengths[0]} to an image of length {lengths[1]} flips the answer", look)
    return axes


def _likely(ax: Axes, p: Array, truth: int, names: Sequence[str], look: style.Theme) -> None:
    """The three most probable classes as bars."""
    top = np.argsort(-p, kind="stable")[:3]
    ax.barh(
        range(len(top)),
        p[top],
        color=[look.flow_positive if k == truth else look.edge for k in top],
        hatch=["//" if k == truth else "" for k in top],
        edgecolor=look.background,
    )
    for place, k in enumerate(top):
        ax.text(float(p[k]) + 0.04, place, percent(float(p[k])), va="center", color=look.ink)
    ax.set_yticks(range(len(top)), [names[k] for k in top])
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.3), xticks=[])
    dress(ax, look)


def _by_class(model: Any, x: Any) -> Array:
    """The outputs for one row, a number a class: one output is that of class 1, against 0."""
    given: Array = outputs(model, [x])[0]
    return given if len(given) > 1 else np.array([0.0, given[0]])


def _width(model: Any, layer: int, size: int) -> int:
    x: Any = [0.0] * size
    for part in layers_of(model)[:layer]:
        x = part(x)
    return len(flatten(x))
