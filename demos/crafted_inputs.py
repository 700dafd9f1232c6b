"""Inputs made by hand, as in TensorFlow Playground: x1², x2², x1·x2, sin x1 and sin x2, besides x1 and x2.

Your own layer is a Module with a `__call__`; training, the compiler and the pictures accept it. With such inputs a
single unit separates circles. The picture of its weights shows which inputs it needs: the two squares.
"""

from __future__ import annotations

from typing import Any

import _folder

import viz
from microgrAD import sin
from microgrAD.datasets import make_circles
from microgrAD.nn import Layer, Module, Sequential
from microgrAD.optim import Adam
from microgrAD.train import fit


class Crafted(Module):
    """A layer that returns x1 and x2, and five more inputs that are computed from them."""

    names = ("x1", "x2", "x1²", "x2²", "x1·x2", "sin x1", "sin x2")

    def __call__(self, x: Any) -> Any:
        x1, x2 = x
        return [x1, x2, x1 * x1, x2 * x2, x1 * x2, sin(x1), sin(x2)]


folder = _folder.chosen(__doc__)
X, y = make_circles(80)
models = {
    "x1 and x2": Sequential(Layer(2, 1, activation="linear", rng=0)),
    "seven inputs": Sequential(Crafted(), Layer(7, 1, activation="linear", rng=0)),
}
for name, model in models.items():
    history = fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.1), epochs=100)
    print(f"one unit on {name}: {history.accuracy[-1]:.0%} right")
_folder.wrote(viz.compare_boundaries(models, X, y).save(folder / "crafted_inputs.png"))

picture = viz.network_drawing(Sequential(*model.layers[1:]), Crafted()(X[0]), feature_names=Crafted.names)
_folder.wrote(picture.save(folder / "crafted_weights.png"))
