"""Partial dependence: how the answer changes, on average, when one feature is set to other values.

How to read it: a steep curve is a feature that matters. Thin lines are single rows. If they have different shapes, the
feature works together with others, which the average does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import partial_dependence
from microgrAD.interpret.rows import output_number, table
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.given import classes, features
from viz.networks.legends import legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def dependence_curve(
    model: Any,
    X: Any,
    *,
    feature: int = 0,
    output: int | None = None,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    each: bool = True,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Picture:
    """Draw the probability of a class when a feature is set to each of its values: the mean over the rows.

    Arguments:
        model: the network.
        X: data (rows, features).
        feature: the number of the feature, from 0.
        output: the number of the class, from 0; by default the only output, or the one that is largest on average.
        feature_names: a name for each feature.
        class_names: a name for each class.
        each: whether to draw thin lines for single rows.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
        options: as for `microgrAD.interpret.partial_dependence`: values, resolution, reading.
    Returns: a Picture, on one Axes.
    """
    look, X = style.theme(theme), table(X)
    found = partial_dependence(model, X, feature, **options)
    name = features(feature_names, X.shape[1])[feature]
    k, axis = _asked(model, X, output, found.each.shape[2], class_names, options.get("reading"))
    ax = axes_on(ax, look)
    entries = []
    if each:
        lines = ax.plot(found.values, found.each[:, :, k], color=look.edge, linewidth=0.7, alpha=0.5)
        lines[0].set_label("one row")
        entries = lines[:1]
    entries += ax.plot(found.values, found.mean[:, k], color=look.flow_positive, linewidth=3.5, label="average")
    entries += ax.plot(X[:, feature], np.full(len(X), ax.get_ylim()[0]), "|", color=look.ink, label="data")
    dress(ax, look, x=f"{name} set to", y=axis)
    entitle(ax, title, f"What {name} does, when all else stays as it is", look)
    legend_below(ax, entries, look)
    return Picture([ax])


def _asked(
    model: Any, X: Any, output: int | None, answers: int, class_names: Sequence[str] | None, reading: str | None
) -> tuple[int, str]:
    """Return the number of the answer that is drawn, and the name of its axis. A single output is that of class 1."""
    given = outputs(model, X).mean(axis=0)
    chosen = output_number(output, given)
    k = chosen if len(given) > 1 else answers - 1
    return k, f"output {chosen}" if reading == "none" else f"P({classes(class_names, range(answers))[k]})"
