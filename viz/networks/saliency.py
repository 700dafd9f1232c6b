"""Input gradients: what in an input moves the answer, as arrows, as maps over an image, as ranked words.

How to read them: a gradient says which small change of the input moves an output, or the loss, most. Vermilion is
what speaks for the answer, blue what speaks against it. Integrated gradients add up to what the answer differs by
from that to a blank input; plain gradients add up to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import gradient_times_input, input_gradient, integrated_gradients
from microgrAD.interpret.rows import table
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import SLIDE, Array, around_zero, axes_on, bare, diverging, dress, figure_on, figure_title
from viz.networks.decision_boundary import decision_boundary
from viz.networks.extent import shape_of, widened
from viz.networks.given import names, plane_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def input_gradients(
    model: Any,
    X: Any,
    y: Any,
    *,
    points: Any = None,
    output: int | None = None,
    loss: Any = None,
    ax: Axes | None = None,
    theme: str = "light",
    **options: Any,
) -> Axes:
    """Arrows of the gradient by the input over the decision boundary, at `points` (n, 2), by itself rows of X.

    They are gradients of the output of that number, by itself the largest; with `loss`, a function of
    `microgrAD.losses`, of the loss at the rows of X with their y, and `points` are numbers of rows. The longest arrow
    is about an eighth of the plane. `options` are those of `decision_boundary`.
    """
    look, X = style.theme(theme), np.asarray(X, dtype=float)
    ax = decision_boundary(model, X, y, ax=ax, theme=theme, **options)
    if loss is None:
        at = _some(X) if points is None else plane_rows(points, "points")
        arrows = np.array([input_gradient(model, x, output=output) for x in at])
        name = "the output" if output is None else f"output {output}"
    else:
        rows = range(len(X)) if points is None else points
        if not len(rows) or any(k not in range(len(X)) for k in rows):
            raise ValueError(f"with a loss, points takes numbers of rows, from 0 to {len(X) - 1}, got {list(rows)}")
        at, targets = X[list(rows)], np.asarray(y)[list(rows)].tolist()
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
    ax.set_title(f"Which way {name} grows (the longest arrow: a slope of {style.number(longest, 2)})", color=look.ink)
    return ax


def image(
    values: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    ax: Axes | None = None,
    norm: Any = None,
    ink: Any = None,
    title: str = "",
    theme: str = "light",
) -> Axes:
    """Numbers of pixels with a sign as an image: vermilion above 0, blue below; `ink` is a glyph to outline on it."""
    look = style.theme(theme)
    ax = axes_on(ax, look)
    pixels = _pixels(values, shape)
    ax.imshow(pixels, cmap=diverging(look), norm=norm or around_zero(pixels), interpolation="nearest")
    if ink is not None:
        _outline(ax, _pixels(ink, shape), look)
    return bare(ax, look, title=title)


def glyph(
    values: Any, *, shape: tuple[int, int] = (8, 8), ax: Axes | None = None, title: str = "", theme: str = "light"
) -> Axes:
    """An image from 0, paper, to 1, ink."""
    from matplotlib.colors import LinearSegmentedColormap

    look = style.theme(theme)
    ax = axes_on(ax, look)
    ax.imshow(
        _pixels(values, shape),
        cmap=LinearSegmentedColormap.from_list("ink", [look.background, look.ink]),
        vmin=0,
        vmax=1,
        interpolation="nearest",
    )
    return bare(ax, look, title=title)


def saliency_maps(
    model: Any,
    x: Any,
    *,
    shape: tuple[int, int] = (8, 8),
    output: int | None = None,
    class_names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
) -> list[Axes]:
    """An image x, and what in it made the network say what it says, in three ways; gives the four images' Axes.

    The gradient: where more ink would help. Gradient × input: only where there is ink. Integrated gradients: shares
    of the answer that add up (see `microgrAD.interpret`). Each has a colour scale of its own, around 0. The bars are
    the sums of the three maps, the dashed line how much more the output is than for a blank image.
    """
    look = style.theme(theme)
    given = outputs(model, [x])[0]
    k = int(given.argmax()) if output is None else output
    whole = integrated_gradients(model, x, output=k)
    maps = {
        "gradient": input_gradient(model, x, output=k),
        "gradient × input": gradient_times_input(model, x, output=k),
        "integrated gradients": whole.values,
    }
    figure = figure_on(figure, look)
    grid = figure.add_gridspec(2, 4)
    axes = [figure.add_subplot(place) for place in (grid[:, :2], grid[0, 2], grid[0, 3], grid[1, 2])]
    name = names(class_names, [f"output {j}" for j in range(len(given))])[k]
    glyph(x, shape=shape, ax=axes[0], title="the image", theme=theme)
    for ax, (title, values) in zip(axes[1:], maps.items(), strict=True):
        image(values, shape=shape, ax=ax, ink=x, title=title, theme=theme)
    _sums(figure.add_subplot(grid[1, 3]), [float(values.sum()) for values in maps.values()], whole.difference, look)
    figure_title(axes[0], f"What speaks for {name} (vermilion), and what against it (blue)", look)
    return axes


def word_gradients(model: Any, rows: Any, *, output: int | None = None) -> Array:
    """∂output/∂count of each word, averaged over texts as rows of counts (texts, words): (words,)."""
    rows = table(rows, "rows")
    average: Array = np.mean([input_gradient(model, x, output=output) for x in rows], axis=0)
    return average


def word_importance(
    model: Any,
    rows: Any,
    words: Sequence[str],
    *,
    output: int = 0,
    count: int = 16,
    highlight: Collection[str] = (),
    ax: Axes | None = None,
    theme: str = "light",
) -> Axes:
    """The words of one text or several that move the answer most; rows of counts (texts, words).

    Words that occur in no text are left out. A bar to the right raises the output, one to the left lowers it. Words
    in `highlight` are hatched and bold: words that should not matter, such as cuisines, are to be looked for there.
    """
    look, gradients = style.theme(theme), word_gradients(model, rows, output=output)
    if len(gradients) != len(words):
        raise ValueError(f"words takes one for each of {len(gradients)} columns, got {len(words)}")
    there = (np.asarray(rows, dtype=float) != 0).any(axis=0)
    order = np.argsort(-np.abs(gradients), kind="stable")
    order = order[there[order]][:count]
    order = order[np.argsort(gradients[order], kind="stable")]
    ax = axes_on(ax, look, SLIDE)
    for place, k in enumerate(order):
        special = words[k] in highlight
        ax.barh(
            place,
            gradients[k],
            color=look.flow_positive if gradients[k] > 0 else look.flow_negative,
            hatch="//" if special else None,
            edgecolor=look.ink if special else look.background,
            height=0.8,
        )
    ax.axvline(0, color=look.ink, linewidth=1)
    ax.set_yticks(range(len(order)), [words[k] for k in order])
    for label in ax.get_yticklabels():
        if label.get_text() in highlight:
            label.set_fontweight("bold")
    return dress(
        ax,
        look,
        x="gradient of the output by the word's count"
        if len(rows) == 1
        else "mean gradient of the output by the word's count",
    )


# ---------------------------------------------------------------------------------------------- parts


def _sums(ax: Axes, sums: Sequence[float], difference: float, look: style.Theme) -> None:
    """What each map adds up to, against what the output grows by from a blank image to this one."""
    bars = ax.bar(range(len(sums)), sums, color=[look.flow_positive if s > 0 else look.flow_negative for s in sums])
    ax.bar_label(bars, [style.number(s, 3) for s in sums], padding=2, color=look.ink)
    ax.axhline(0, color=look.ink, linewidth=0.8)
    ax.axhline(difference, color=look.ink, linestyle="--", linewidth=1.5)
    ax.set_xticks(range(len(sums)), ["gradient", "× input", "integr."], fontsize=9)
    ax.set_yticks([])
    reach = max(map(abs, (*sums, difference)))
    ax.set_ylim(min(0.0, *sums, difference) - 0.2 * reach, max(0.0, *sums, difference) + 0.2 * reach)
    dress(ax, look, title="adds up to")


def _some(X: Array, count: int = 24) -> Array:
    """Rows evenly through the data."""
    some: Array = X[np.unique(np.linspace(0, len(X) - 1, min(count, len(X))).astype(int))]
    return some


def _pixels(values: Any, shape: tuple[int, int]) -> Array:
    values = np.array(values, dtype=np.float64)
    if values.size != shape[0] * shape[1]:
        raise ValueError(f"an image of {shape[0]}×{shape[1]} takes {shape[0] * shape[1]} numbers, got {values.size}")
    pixels: Array = values.reshape(shape)
    return pixels


def _outline(ax: Axes, pixels: Array, look: style.Theme) -> None:
    """Lines between ink and paper, along the pixels' edges."""
    inked = np.pad(pixels > (pixels.min() + pixels.max()) / 2, 1)
    for i, j in np.argwhere(inked[1:, 1:-1] != inked[:-1, 1:-1]):
        ax.plot([j - 0.5, j + 0.5], [i - 0.5, i - 0.5], color=look.ink, linewidth=1.2)
    for i, j in np.argwhere(inked[1:-1, 1:] != inked[1:-1, :-1]):
        ax.plot([j - 0.5, j - 0.5], [i - 0.5, i + 0.5], color=look.ink, linewidth=1.2)
