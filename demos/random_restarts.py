"""Local minima: the same network from thirty random starts.

Two hidden units are just enough for XOR, and gradient descent often ends in a local minimum.
Such runs stop near a loss of ln 2 / 2, with two corners right and two undecided, and longer training does not help.
New random weights do: the best of a few runs has learned XOR.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import _folder
import _slides

from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import Trial, random_restarts
from viz import style
from viz.networks.axes import log_axis

folder = _folder.chosen(__doc__)
X, y = make_xor()
trials: Sequence[Trial] = random_restarts(
    partial(MLP, 2, [2, 1]), X, y, restarts=30, rng=1, epochs=1500, optimizer=partial(SGD, lr=0.5, momentum=0.5)
)
stuck = [trial for trial in trials if trial.history.accuracy[-1] < 1]
print(
    f"{len(stuck)} of {len(trials)} starts got stuck; the best loss is {trials[0].loss:.4f}, the worst "
    f"{trials[-1].loss:.4f}"
)
ax = _slides.slide()
for trial in trials:
    bad = trial in stuck
    name = "learned XOR" if trial is trials[0] else "got stuck" if trial is stuck[0] else None
    ax.plot(
        trial.history.loss,
        color=style.CLASSES[5 if bad else 0],
        linestyle="--" if bad else "-",
        linewidth=1.4,
        alpha=0.8,
        label=name,
    )
ax.set(
    yscale="log",
    xlabel="epoch",
    ylabel="loss",
    title=f"XOR with two hidden units: {len(stuck)} of {len(trials)} starts get stuck",
)
log_axis(ax.yaxis)
ax.legend(frameon=False)
_slides.save(ax.figure, folder / "random_restarts.png")
