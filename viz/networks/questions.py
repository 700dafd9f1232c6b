"""Three small questions: what a feature does on average, which points taught an answer, where a concept lies.

How to read them: a steep curve of partial dependence is a feature that matters. A point whose absence makes the loss
grow taught the answer; one that makes it fall misled it. An output that rises along a concept's direction uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import Concept, along, partial_dependence
from microgrAD.outputs import default_reading, probabilities
from viz import style
from viz.networks.axes import (
    around_zero,
    axes_on,
    color,
    diverging,
    dress,
    figure_legend,
    figure_on,
    figure_title,
    legend_below,
    marker,
    panels,
    scale,
    take_legend,
)
from viz.networks.decision_boundary import decision_boundary
from viz.networks.given import checked, labels, names, plane_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure


def dependence_curve(
    model: Any,
    X: Any,
    feature: int,
    *,
    name: str = "",
    class_index: int = 1,
    each: bool = True,
    ax: Axes | None = None,
    theme: str = "light",
    **options: Any,
) -> Axes:
    """P(class) when a feature is set to each of its values, averaged over the rows of X, (rows, features).

    Thin lines are single rows: where they part, the feature works together with others, and the average hides it.
    `options` are those of `microgrAD.interpret.partial_dependence`.
    """
    look, X = style.theme(theme), np.asarray(X, dtype=float)
    found = partial_dependence(model, X, feature, **options)
    if not 0 <= class_index < found.each.shape[2]:
        raise ValueError(f"class_index must be from 0 to {found.each.shape[2] - 1}, got {class_index}")
    ax = axes_on(ax, look)
    name = name or f"x{feature + 1}"
    if each:
        lines = ax.plot(found.values, found.each[:, :, class_index], color=look.edge, linewidth=0.7, alpha=0.5)
        lines[0].set_label("one row")
    ax.plot(found.values, found.mean[:, class_index], color=look.flow_positive, linewidth=3.5, label="average")
    ax.plot(X[:, feature], np.full(len(X), ax.get_ylim()[0]), "|", color=look.ink, label="data")
    dress(
        ax,
        look,
        x=f"{name} set to",
        y=f"P(class {class_index})",
        title=f"What {name} does, when all else stays as it is",
    )
    legend_below(ax, [*ax.lines[:1], *ax.lines[-2:]] if each else ax.lines, look)
    return ax


def influential_points(
    model: Any,
    X: Any,
    y: Any,
    x: Any,
    left_out: Any,
    alike: Any,
    *,
    figure: Figure | SubFigure | None = None,
    theme: str = "light",
    **options: Any,
) -> list[Axes]:
    """Which points of the plane taught the answer at x (the cross): by leaving each out, beside gradient similarity.

    `left_out` and `alike` (rows,) are what `leave_one_out` and `gradient_similarity` of `microgrAD.interpret` give.
    Vermilion points help with x, blue ones stand against it; the larger, the more. `options` are those of
    `decision_boundary`.
    """
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

    look, (X, y), x = style.theme(theme), checked(X, y), plane_rows([x], "x")[0]
    y = labels(y, len(X))
    axes = panels(2, look, figure=figure_on(figure, look))
    kinds = (
        ("leave one out, retrain", left_out, "how much the loss at × grows without it"),
        ("similarity of gradients", alike, "cosine of the loss gradients"),
    )
    for ax, (title, amounts, label) in zip(axes, kinds, strict=True):
        decision_boundary(model, X, y, ax=ax, theme=theme, colorbar=False, **options)
        for part in [*ax.images, *(dots for dots in ax.collections if isinstance(dots, PathCollection))]:
            part.remove()  # what is left is the boundary: colours are for influence here
        take_legend(ax)
        amounts = np.asarray(amounts, dtype=float)
        if amounts.shape != (len(X),) or not np.isfinite(amounts).all():
            raise ValueError(
                f"left_out and alike take a finite number for each of {len(X)} rows, got shape "
                f"{amounts.shape}" + (" with one that is not" if amounts.shape == (len(X),) else "")
            )
        norm = around_zero(amounts)
        sizes = 25 + 200 * np.abs(amounts) / np.abs(amounts).max(initial=1e-12)
        entries = [Line2D([], [], color=look.ink, linewidth=1.8, label="the boundary")]
        for shape, c in zip(style.MARKERS, np.unique(y).tolist(), strict=False):
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
                    label=f"class {c}",
                )
            )
        ax.scatter(x[0], x[1], s=160, c=look.ink, marker="x", linewidths=4, zorder=5)
        ax.set_title(title, color=look.ink)
        ax.label_outer()
        scale(ax, look, norm, label, orientation="horizontal", location="bottom")
    figure_legend(axes[0], entries, look)
    figure_title(axes[0], "Which training points taught the answer at ×", look)
    return axes


def concept_effect(
    model: Any,
    concept: Concept,
    X: Any,
    *,
    class_names: Sequence[str] | None = None,
    name: str = "the concept",
    reading: str | None = None,
    ax: Axes | None = None,
    theme: str = "light",
) -> Axes:
    """How the probability of each class moves when a hidden layer is moved along a concept's direction.

    At 0 stands the network itself, averaged over the rows X; at 1 as much of the concept is added as the groups that
    it was found from are apart.
    """
    look, amounts = style.theme(theme), np.linspace(-1, 2, 25)
    given = along(model, concept, X, amounts)
    read = reading or default_reading(model)
    p = np.array([probabilities(rows, read).mean(axis=0) for rows in given])
    called = names(class_names, [f"class {k}" for k in range(p.shape[1])])
    ax = axes_on(ax, look)
    for k, label in enumerate(called):
        ax.plot(
            amounts,
            p[:, k],
            color=color(k),
            linewidth=2.5,
            label=label,
            marker=marker(k),
            markevery=6,
            markeredgecolor=look.ink,
        )
    ax.axvline(0, color=look.edge, linewidth=1, linestyle="--")
    ax.text(
        -0.03, 0.5, "the network itself", color=look.muted, ha="right", va="center", transform=ax.get_xaxis_transform()
    )
    ax.legend(frameon=False, labelcolor=look.ink)
    return dress(
        ax,
        look,
        x=f"amount of {name} added to layer {concept.layer}",
        y="mean probability",
        title=f"The answers, when layer {concept.layer} is moved towards {name}",
    )
