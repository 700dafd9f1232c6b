"""What a concept does: the answers when a hidden layer is moved along the direction of the concept.

How to read it: if the probability of a class rises along the direction, the class depends on the concept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import Concept, along
from microgrAD.outputs import default_reading, probabilities
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.colors import color, marker
from viz.networks.given import classes
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def concept_effect(
    model: Any,
    X: Any,
    *,
    concept: Concept,
    concept_name: str = "the concept",
    class_names: Sequence[str] | None = None,
    reading: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw how the probability of each class changes when a hidden layer is moved along the direction of a concept.

    At 0 is the network itself, the mean over the rows. The unit of the axis is the distance between the two groups from
    which the concept was found.

    Arguments:
        model: the network.
        X: data (rows, features).
        concept: what `microgrAD.interpret.concept` returns.
        concept_name: the name of the concept, for the axis.
        class_names: a name for each class.
        reading: what the outputs are, see `microgrAD.outputs`; by default the last activation says it.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look, amounts = style.theme(theme), np.linspace(-1, 2, 25)
    given = along(model, concept, X, amounts)
    read = reading or default_reading(model)
    p = np.array([probabilities(rows, read).mean(axis=0) for rows in given])
    called = classes(class_names, range(p.shape[1]))
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
    dress(ax, look, x=f"amount of {concept_name} added to layer {concept.layer}", y="mean probability")
    entitle(ax, title, f"The answers, when layer {concept.layer} is moved towards {concept_name}", look)
    return Picture([ax])
