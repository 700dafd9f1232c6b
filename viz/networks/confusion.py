"""The confusion matrix: how often each class is taken for each other one.

How to read it: a row is a true class, a column an answer. Right answers are on the diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret.rows import Array, table
from microgrAD.outputs import classes, default_reading, outputs
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.given import names
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def confusion_matrix(
    model: Any,
    X: Any,
    y: Any,
    *,
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw how often rows of each class get each answer.

    Arguments:
        model: the network.
        X, y: data (rows, features) and the class of each row (rows,), numbered from 0.
        class_names: a name for each class.
        reading: what the outputs are, as for `decision_boundary`.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError for labels that are no classes of the model.
    """
    from matplotlib.colors import LinearSegmentedColormap

    look = style.theme(theme)
    counts = confusions(model, X, y, reading=reading)
    called = names(class_names, range(len(counts)), each="classes")
    ax = axes_on(ax, look)
    ramp = LinearSegmentedColormap.from_list("count", [look.background, look.flow_negative])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shares, cmap=ramp, vmin=0, vmax=1.4)
    size = min(14.0, 150 / len(counts))
    for (i, j), count in np.ndenumerate(counts):
        ink = look.ink if count else look.muted
        ax.text(j, i, str(count), ha="center", va="center", color=ink, fontsize=size, weight="bold" if i == j else None)
    ax.set_xticks(range(len(called)), called)
    ax.set_yticks(range(len(called)), called)
    dress(ax, look, x="answer", y="true class")
    entitle(ax, title, _told(counts, called), look)
    return Picture([ax])


def confusions(model: Any, X: Any, y: Any, *, reading: str | None = None) -> Any:
    """Return the counts, (classes, classes): true classes down, answers across."""
    given: Array = outputs(model, table(X))
    count, truth = max(given.shape[1], 2), np.asarray(y)
    if truth.shape != (len(given),) or not np.isin(truth, range(count)).all():
        raise ValueError(
            f"y takes one class for each of {len(given)} rows, a whole number from 0 to {count - 1}; "
            f"got shape {truth.shape}{'' if truth.ndim != 1 else f', from {truth.min()} to {truth.max()}'}"
        )
    found = np.zeros((count, count), dtype=int)
    np.add.at(found, (truth.astype(int), classes(given, reading or default_reading(model))), 1)
    return found


def _told(counts: Any, called: Sequence[str]) -> str:
    right = f"{counts.trace() / counts.sum():.0%} right"
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return f"{right}: no class is taken for another one"
    i, j = np.unravel_index(wrong.argmax(), wrong.shape)
    return f"{right}; most often {called[i]} is taken for {called[j]}: {wrong[i, j]} of {counts[i].sum()} rows"
