"""Which words of a text change the answer most, in order.

How to read it: a bar to the right raises the output, and a bar to the left lowers it. Look for words that should not
matter, such as the name of a cuisine in a review.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.interpret import input_gradient
from microgrAD.interpret.rows import Array, output_number, table
from microgrAD.outputs import outputs
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.given import features
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def word_importance(
    model: Any,
    X: Any,
    *,
    output: int | None = None,
    feature_names: Sequence[str] | None = None,
    count: int = 16,
    highlight: Collection[str] = (),
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the words of one text, or of several texts, that change an output most.

    Arguments:
        model: the network.
        X: texts as rows of counts, (texts, words).
        output: the number of the output, from 0; by default the one that is largest on average.
        feature_names: the word of each column.
        count: the largest number of words. Words that are in no text are left out.
        highlight: words that are hatched and bold.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look, X = style.theme(theme), table(X)
    words = features(feature_names, X.shape[1])
    given = outputs(model, X).mean(axis=0)
    of = output_number(output, given)
    gradients = word_gradients(model, X, output=of)
    there = (X != 0).any(axis=0)
    order = np.argsort(-np.abs(gradients), kind="stable")
    order = order[there[order]][:count]
    order = order[np.argsort(gradients[order], kind="stable")]
    ax = axes_on(ax, look)
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
    over = "gradient" if len(X) == 1 else "mean gradient"
    dress(ax, look, x=f"{over} of the output by the word's count")
    entitle(ax, title, f"The words that move {'the output' if len(given) == 1 else f'output {of}'} most", look)
    return Picture([ax])


def word_gradients(model: Any, X: Any, *, output: int = 0) -> Array:
    """Return ∂output/∂count of each word, (words,), the mean over texts as rows of counts, X (texts, words)."""
    average: Array = np.mean([input_gradient(model, x, output=output) for x in table(X)], axis=0)
    return average
