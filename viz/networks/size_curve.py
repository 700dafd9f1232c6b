"""The error against a choice such as the number of hidden units, from a sweep.

How to read it: a dot is one trial, the line joins the means. Held-out errors that rise again at the right are those of
networks that learn their data by heart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.legends import legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microgrAD.train import Trial


def sweep_curve(
    trials: Mapping[Any, Sequence[Trial]],
    *,
    name: str = "hidden units",
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the held-out loss of each trial of a sweep, and the mean losses.

    Arguments:
        trials: what `microgrAD.train.sweep` returns: choice -> its trials. Those that ended with an error are left out.
        name: what was chosen.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError if no trial is left.
    """
    look = style.theme(theme)
    kept = {choice: [t for t in some if np.isfinite(t.loss)] for choice, some in trials.items()}
    kept = {choice: some for choice, some in kept.items() if some}
    if not kept:
        raise ValueError("there is nothing to draw: no trial has a loss")
    ax, at = axes_on(ax, look), range(len(kept))
    held = [[trial.loss for trial in some] for some in kept.values()]
    own = [float(np.mean([t.history.loss[t.history.end] for t in some])) for some in kept.values()]
    means = [float(np.mean(some)) for some in held]
    for k, some in zip(at, held, strict=True):
        ax.plot([k] * len(some), some, "o", color=style.CLASSES[5], alpha=0.45, markersize=5)
    (unseen,) = ax.plot(at, means, "--o", color=style.CLASSES[5], linewidth=2, label="held-out data, mean")
    (seen,) = ax.plot(at, own, "-s", color=style.CLASSES[0], linewidth=2, label="training data, mean")
    ax.set_xticks(list(at), [str(choice) for choice in kept])
    ax.set_ylim(bottom=0)
    dress(ax, look, x=name, y="loss")
    legend_below(ax, [unseen, seen], look)
    best = list(kept)[int(np.argmin(means))]
    least = style.number(min(means), 2)
    entitle(ax, title, f"The held-out loss is least with {best} {name}, {least}", look)
    return Picture([ax])
