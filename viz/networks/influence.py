"""Influence: which training points an answer was learned from.

How to read it: if the loss rises without a point, the answer was learned from that point; if it falls, the point misled
the network. Vermilion points help the answer at the cross, and blue points work against it. Larger points have more
influence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.rows import Array
from viz import style
from viz.networks.axes import entitle, figure_on, figure_title, panels
from viz.networks.colors import around_zero, diverging, scale
from viz.networks.decision_boundary import decision_boundary
from viz.networks.given import checked, classes, labels, plane_rows
from viz.networks.legends import figure_legend, take_legend
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


def influential_points(
    model: Any,
    X: Any,
    y: Any,
    *,
    x: Any,
    left_out: Any,
    alike: Any,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Picture:
    """Draw which points the answer at x, the cross, was learned from: by leaving each out, and by similarity.

    Arguments:
        model: the network.
        X, y: data (rows, 2) and the class of each row (rows,).
        x: the point, two numbers.
        left_out: (rows,), what `microgrAD.interpret.leave_one_out` returns.
        alike: (rows,), what `microgrAD.interpret.gradient_similarity` returns.
        feature_names: the names of the two inputs; by default x1 and x2.
        class_names: a name for each class in y.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
        options: as for `decision_boundary`.
    Returns: a Picture, on two Axes: leaving out, and similarity.
    """
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

    look, (X, y), x = style.theme(theme), checked(X, y), plane_rows([x], "x")[0]
    y = labels(y, len(X))
    found = np.unique(y).tolist()
    called = classes(class_names, found)
    shown = [_amounts(given, len(X)) for given in (left_out, alike)]
    axes = panels(2, look, figure=figure_on(figure, look))
    kinds = (
        ("leave one out, retrain", "how much the loss at × grows without it"),
        ("similarity of gradients", "cosine of the loss gradients"),
    )
    for ax, (kind, label), amounts in zip(axes, kinds, shown, strict=True):
        decision_boundary(
            model, X, y, feature_names=feature_names, ax=ax, title="", theme=theme, colorbar=False, **options
        )
        for part in [*ax.images, *(dots for dots in ax.collections if isinstance(dots, PathCollection))]:
            part.remove()  # only the boundary stays, since colours show influence here
        take_legend(ax)
        norm = around_zero(amounts)
        sizes = 25 + 200 * np.abs(amounts) / np.abs(amounts).max(initial=1e-12)
        entries = [Line2D([], [], color=look.ink, linewidth=1.8, label="the boundary")]
        for shape, c, name in zip(style.MARKERS, found, called, strict=False):
            mine = np.asarray(y) == c
            ax.scatter(
                X[mine, 0],
                X[mine, 1],
                s=sizes[mine],
                c=amounts[mine],
                norm=norm,
                cmap=diverging(look),
                edgecolors=look.ink,
                linewidths=1,
                marker=shape,
                zorder=3,
            )
            entries.append(
                Line2D(
                    [],
                    [],
                    linestyle="none",
                    marker=shape,
                    markerfacecolor=look.background,
                    markeredgecolor=look.ink,
                    markersize=8,
                    label=name,
                )
            )
        ax.scatter(x[0], x[1], s=160, c=look.ink, marker="x", linewidths=4, zorder=5)
        entitle(ax, None, kind, look)
        ax.label_outer()
        scale(ax, look, norm, label, orientation="horizontal", location="bottom")
    figure_legend(axes[0], entries, look)
    figure_title(axes, title, "Which training points taught the answer at ×", look)
    return Picture(axes)


def _amounts(given: Any, rows: int) -> Array:
    """Return a finite number for each of `rows` rows. Raise ValueError for anything else."""
    amounts = np.asarray(given, dtype=float)
    if amounts.shape != (rows,) or not np.isfinite(amounts).all():
        raise ValueError(
            f"left_out and alike take a finite number for each of {rows} rows, got shape "
            f"{amounts.shape}" + (" with one that is not" if amounts.shape == (rows,) else "")
        )
    return amounts
