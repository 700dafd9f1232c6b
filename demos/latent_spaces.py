"""How hidden layers transform circles: they bend the plane until a straight line separates the classes.

In the input no line does. For each layer, the accuracy of the best line is printed.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_circles
from microgrAD.interpret import activations, linear_probe
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)

X, y = make_circles(80, factor=0.4)
model = MLP(2, [4, 2, 1], rng=2)
fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.03), epochs=250, l2=1e-3)

for layer, seen in enumerate(activations(model, X)[:-1]):
    place, right = f"layer {layer}" if layer else "input", linear_probe(seen, y).accuracy
    print(f"{place}: a linear classifier gets {right:.0%} right")
_folder.wrote(viz.latent_spaces(model, X, y).save(folder / "latent_spaces.png"))
_folder.wrote(viz.network_drawing(model, X[0]).save(folder / "network.png"))
_folder.wrote(viz.network_drawing(model, X[0], color_by="gradient").save(folder / "network_gradient.png"))
