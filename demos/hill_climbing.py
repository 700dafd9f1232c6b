"""Hill climbing against gradient descent: learning without derivatives, and with them.

A hill climber tries random neighbours of its weights, and takes the best if it is better than the present weights.
It needs no derivative, but one evaluation of the loss for each neighbour. The more weights there are, the fewer
neighbours are better. A gradient costs about two or three evaluations, and shows the way down for all weights at once.
"""

from __future__ import annotations

import _folder
import _slides

from microgrAD.datasets import make_circles
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import fit, hill_climb
from viz import style
from viz.networks.axes import log_axis

folder = _folder.chosen(__doc__)
X, y = make_circles(60)
NEIGHBOURS, COST = 10, 3  # COST: of a forward and a backward pass, in evaluations of the loss

ax = _slides.slide()
climber, walker = MLP(2, [8, 1]), MLP(2, [8, 1])
climbed = hill_climb(climber, X, y, steps=150, neighbours=NEIGHBOURS, scale=0.3)
walked = fit(walker, X, y, optimizer=SGD(walker.parameters(), lr=0.5, momentum=0.9), epochs=500)
for k, (name, history, cost) in enumerate((("hill climbing", climbed, NEIGHBOURS), ("gradient descent", walked, COST))):
    ax.plot(
        [cost * n for n in range(1, history.epochs + 1)],
        history.loss,
        color=style.CLASSES[5 * (1 - k)],
        linestyle=("--", "-")[k],
        linewidth=2.5,
        label=name,
    )
    print(f"{name}: after {cost * history.epochs} evaluations the loss is {history.loss[-1]:.4f}")
ax.set(
    yscale="log",
    ylim=(0.005, 1),
    xlabel="evaluations of the loss",
    ylabel="loss",
    title="Knowing the slope beats guessing: circles, 33 weights",
)
log_axis(ax.yaxis)
ax.legend(frameon=False)
_slides.save(ax.figure, folder / "hill_climbing.png")
