"""A whole run of training: learning curves, gradients by layer, the spread of weights, and the path down the loss."""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)

X, y = make_moons(120, noise=0.3, rng=1)
model = MLP(2, [6, 4, 1], rng=1)
history = fit(
    model, X[:80], y[:80], validation=(X[80:], y[80:]), optimizer=lambda p: Adam(p, lr=0.02), epochs=250, record=True
)
_folder.wrote(viz.learning_curves(history).save(folder / "learning_curves.png"))
_folder.wrote(viz.training_path(history).save(folder / "loss_surface.png"))
_folder.wrote(viz.random_plane(model, X[:80], y[:80]).save(folder / "random_plane.png"))
