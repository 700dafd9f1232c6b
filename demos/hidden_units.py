"""Too few hidden units, and too many: the error on the training data, and on held-out data.

With one or two units the boundary cannot bend enough, and both errors are large. That is underfitting.
With many units the error on the training data keeps falling, but the held-out error rises: the network learns the
noise. A sweep with cross-validation finds a good number without test data.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import _folder
import _slides
import numpy as np

from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import sweep
from viz import style

folder = _folder.chosen(__doc__)
X, y = make_xor(100, noise=0.35, rng=2)
SIZES = (1, 2, 4, 8, 16, 32)


def network(hidden: int, *, rng: Any) -> MLP:
    """Return a network with two inputs, one hidden layer, one output."""
    return MLP(2, [hidden, 1], rng=rng)


found = sweep(network, SIZES, X, y, folds=10, rng=1, optimizer=partial(Adam, lr=0.05), epochs=300)
errors = {
    "training data": [np.mean([t.history.loss[-1] for t in found[n]]) for n in SIZES],
    "held-out data": [np.mean([t.history.test_loss[-1] for t in found[n]]) for n in SIZES],
}
best = SIZES[int(np.argmin(errors["held-out data"]))]
print(f"smallest held-out loss with {best} hidden units")
print(
    f"with {SIZES[-1]} the training loss is {errors['training data'][-1]:.3f}, the held-out loss "
    f"{errors['held-out data'][-1]:.3f}"
)
ax = _slides.slide()
for k, (name, losses) in enumerate(errors.items()):
    ax.plot(
        SIZES,
        losses,
        marker=style.MARKERS[k],
        color=style.CLASSES[5 * k],
        linestyle=("-", "--")[k],
        linewidth=2.5,
        markersize=8,
        label=name,
    )
ax.axvline(best, color=style.theme("light").muted, linewidth=1, linestyle=":")
ax.set(
    xscale="log",
    xticks=SIZES,
    xticklabels=SIZES,
    xlabel="hidden units",
    ylabel="cross entropy",
    title=f"Noisy XOR: with more than {best} hidden units the error on new data grows",
)
ax.minorticks_off()
ax.set_ylim(bottom=0)
ax.legend(frameon=False)
_slides.save(ax.figure, folder / "hidden_units.png")
