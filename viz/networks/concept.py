"""What a concept does: the answers when a hidden layer is moved along the concept's direction.

How to read it: a class whose probability rises along the direction uses the concept.
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
    """How the probability of each class moves when a hidden layer is moved along a concept's direction.

    At 0 stands the network itself, averaged over the rows; at 1 as much of the concept is added as the groups that it
    was found from are apart.

    X               rows (rows, features)
    concept         what `microgrAD.interpret.concept` returns; concept_name is what the axis calls it
    class_names     one for each class
    reading         what the outputs are, see `microgrAD.outputs`; by default that follows from the last activation
    ax              the Axes to draw on, by default those of a new slide
    title           in place of the picture's own; "" for none

    Returns the Picture, on one Axes.
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
