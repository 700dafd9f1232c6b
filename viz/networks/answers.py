"""What a network answers for images: its outputs for one image, and the images that are hardest for it.

How to read them: a bar is an output, and the percentage beside it is the probability that it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.interpret import bounds_of
from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import default_reading, outputs, probabilities
from viz import style
from viz.networks.axes import axes_on, columns_for, dress, entitle, figure_on, figure_title
from viz.networks.given import classes, names
from viz.networks.pixels import glyph
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def logit_bars(
    model: Any,
    x: Any,
    *,
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the outputs for one row as bars, with their probabilities; the largest bar is marked.

    Arguments:
        model: the network.
        x: one row of numbers.
        class_names: a name for each class.
        reading: what the outputs are, see `microgrAD.outputs`; by default the last activation says it.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look, shown = style.theme(theme), outputs_by_class(model, x)
    p = probabilities(outputs(model, [x]), reading or default_reading(model))[0]
    called = classes(class_names, range(len(p)))
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
    dress(ax, look, x="output (logit), and its probability")
    entitle(ax, title, f"The network says {called[top]}", look)
    return Picture([ax])


def hard_images(
    model: Any,
    X: Any,
    y: Any,
    *,
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    shape: tuple[int, int] = (8, 8),
    count: int = 8,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the images whose true class has the lowest probability.

    Under each image are the three classes with the highest probabilities; the true class is hatched.

    Arguments:
        model: the network.
        X, y: images, one row of pixels each, and the class of each, (rows,), from 0.
        class_names: a name for each class.
        reading: what the outputs are, see `microgrAD.outputs`; by default the last activation says it.
        shape: the height and the width of an image, in pixels.
        count: the largest number of images.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes for each image, the hardest first.
    """
    look, X, y = style.theme(theme), table(X), np.asarray(y)
    p = probabilities(outputs(model, X), reading or default_reading(model))
    if y.shape != (len(X),) or not np.isin(y, range(p.shape[1])).all():
        raise ValueError(
            f"y takes a class for each of {len(X)} images, from 0 to {p.shape[1] - 1}, got shape "
            f"{y.shape} of {np.unique(y).tolist()[:10]}"
        )
    y = y.astype(int)
    called = names(class_names, range(p.shape[1]))
    hardest = np.argsort(p[np.arange(len(X)), y], kind="stable")[: counted(count, "count")]
    figure, columns = figure_on(figure, look), columns_for(len(hardest))
    lines = -(-len(hardest) // columns)
    grid = figure.add_gridspec(2 * lines, columns, height_ratios=[5, 3] * lines)
    axes = []
    for place, k in enumerate(hardest):
        line, column = divmod(place, columns)
        truth, said = called[y[k]], called[p[k].argmax()]
        axes.append(figure.add_subplot(grid[2 * line, column]))
        told = f"{truth}, right" if truth == said else f"{truth}, says {said}"
        glyph(axes[-1], X[k], look, shape=shape, bounds=bounds_of(X), title=told)
        _likely(figure.add_subplot(grid[2 * line + 1, column]), p[k], int(y[k]), called, look)
    wrong = int((p.argmax(axis=1) != y).sum())
    figure_title(axes, title, f"The hardest images (wrong in {wrong} of {len(X)}; hatched: the truth)", look)
    return Picture(axes)


def percent(share: float) -> str:
    """Return a share in percent. A share below 1 is never written as 100 %, and one above 0 never as 0 %."""
    return "<1%" if 0 < share < 0.005 else ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def outputs_by_class(model: Any, x: Any) -> Array:
    """Return the outputs for one row, one for each class. A single output is that of class 1, and class 0 has 0."""
    given: Array = outputs(model, [x])[0]
    return given if len(given) > 1 else np.array([0.0, given[0]])


# ---------------------------------------------------------------------------------------------- parts


def _likely(ax: Axes, p: Array, truth: int, names: Sequence[str], look: style.Theme) -> None:
    """Draw the three classes with the highest probabilities as bars."""
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
