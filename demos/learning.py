"""A run of training seen whole: curves, gradients by layer, weights as they spread, and its path down the loss."""

from __future__ import annotations

import _folder
import _slides

import viz
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import record

folder = _folder.chosen(__doc__)

X, y = make_moons(120, noise=0.2)
recording = record(MLP(2, [6, 4, 1], rng=1), X[:80], y[:80], validation=(X[80:], y[80:]),
                   optimizer=lambda p: Adam(p, lr=0.03), epochs=150, batch_size=20)
_slides.save(viz.learning_curves(recording)[0], folder / "learning_curves.png")
_slides.save(viz.training_path(recording, ax=_slides.slide()), folder / "loss_surface.png")
_slides.save(viz.random_plane(recording.model, X[:80], y[:80], ax=_slides.slide()), folder / "random_plane.png")
