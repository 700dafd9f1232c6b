"""Vanishing gradients: how much of the gradient reaches each layer, with sigmoids and with rectifiers.

On its way back, a gradient is multiplied by one local derivative after another. That of the sigmoid is at most 1/4.
So in a deep network of sigmoids the first layers get almost no gradient, and learn almost nothing.
The rectifier's is 1 for every active unit: with suitable weights (Kaiming), all layers get about the same gradient.
"""

from __future__ import annotations

import _folder
import _slides
import numpy as np

from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import fit
from viz import style

folder = _folder.chosen(__doc__)
X, y = make_moons(100)
figure = _slides.blank()
look = style.theme("light")

for ax, (activation, init) in zip(
    figure.subplots(1, 2, sharey=True), {"sigmoid": "xavier", "relu": "kaiming"}.items(), strict=True
):
    for shade, depth in enumerate((2, 4, 6, 8, 10)):
        norms = []
        for seed in range(5):
            model = MLP(2, [8] * depth + [1], activation=activation, init=init, rng=seed)
            history = fit(model, X, y, optimizer=SGD(model.parameters(), lr=1e-12), epochs=1)
            norms.append([norm for (norm,) in history.gradient_norms.values()])
        mean = np.exp(np.mean(np.log(norms), axis=0))
        ax.plot(
            range(1, depth + 2),
            mean,
            marker=style.MARKERS[shade],
            color=style.CLASSES[shade],
            linewidth=2,
            label=f"{depth} hidden layers",
        )
        if depth == 10:
            print(f"{activation}, 10 hidden layers: the first gets {mean[0] / mean[-1]:.1e} of what the last gets")
    ax.set(yscale="log", xlabel="layer, from the input", title=activation, xticks=range(1, 12))
    ax.grid(axis="y", color=look.cluster_line, linewidth=0.6)
figure.suptitle("Backward through sigmoids the gradient vanishes, through rectifiers it doesn't")
figure.axes[0].set_ylabel("norm of the gradient")
figure.axes[0].legend(frameon=False)
_slides.save(figure, folder / "vanishing_gradients.png")
