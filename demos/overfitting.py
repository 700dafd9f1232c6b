"""Overfitting with 300 hidden units, and three remedies: a penalty on weights, dropout, early stopping.

300 units can learn every single point. On noisy data they draw islands around points that are only noise.
An L2 penalty keeps the weights small and the boundary smooth. With dropout, no unit can rely on another.
Early stopping ends the training when the held-out loss no longer falls, before the noise is learned.
"""

from __future__ import annotations

from typing import Any

import _folder

import viz
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP, Dropout, Module, Sequential
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)
X, y = make_moons(80, noise=0.35, rng=3)
held_out = make_moons(400, noise=0.35, rng=4)
HIDDEN = 300


def network(dropout: float = 0.0) -> Module:
    """Return a network with two inputs, 300 rectifiers, one output."""
    layers = MLP(2, [HIDDEN, 1], activation="relu", init="kaiming", rng=1).children()
    return Sequential(layers[0], Dropout(dropout), layers[1]) if dropout else Sequential(*layers)


ways: dict[str, tuple[Module, dict[str, Any]]] = {
    "300 hidden units": (network(), {}),
    "L2 penalty": (network(), {"l2": 0.003}),
    "dropout": (network(0.9), {}),
    "early stopping": (network(), {"patience": 40}),
}
losses = {}
for name, (model, options) in ways.items():
    history = fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.02), epochs=1000, validation=held_out, **options)
    last = history.best_epoch - 1 if "patience" in options else -1
    losses[name] = f"loss {history.loss[last]:.3f}, held out {history.test_loss[last]:.3f}"
    print(f"{name}: {losses[name]}")
models = {name: model.eval() for name, (model, _) in ways.items()}
point = "300 hidden units learn the noise, unless something holds them back"
picture = viz.compare_boundaries(models, X, y, columns=2, title=point)
for ax, name in zip(picture.axes, ways, strict=True):
    ax.set_title(f"{name}\n{losses[name]}")
_folder.wrote(picture.save(folder / "overfitting.png"))
