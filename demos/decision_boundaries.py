"""Decision boundaries: four models on the same circles, the units of one of them, and a film.

Logistic regression has one straight line. A hidden layer has one line for each unit, and the boundary consists of
parts of these lines. The film shows how they turn during training.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_blobs, make_circles
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)
X, y = make_circles(80)

models = {}
for name, hidden in {
    "logistic regression": [],
    "1 hidden layer": [4],
    "2 hidden layers": [4, 4],
    "3 hidden layers": [4, 4, 4],
}.items():
    models[name] = MLP(2, [*hidden, 1], rng=3)
    history = fit(models[name], X, y, optimizer=Adam(models[name].parameters(), lr=0.05), epochs=200)
    print(f"{name}: {history.accuracy[-1]:.0%} right")
_folder.wrote(viz.compare_boundaries(models, X, y).save(folder / "boundaries.png"))
_folder.wrote(viz.hidden_units(models["1 hidden layer"], X, y).save(folder / "hidden_units.png"))
_folder.wrote(viz.network_planes(models["2 hidden layers"], X, y).save(folder / "network_planes.png"))

X4, y4 = make_blobs(120, centers=4, cluster_std=1.6)
model = MLP(2, [8, 4], rng=1)
fit(model, X4, y4, optimizer=Adam(model.parameters(), lr=0.05), epochs=100)
picture = viz.decision_boundary(model, X4, y4, title="Four classes: a line wherever two are equally likely")
_folder.wrote(picture.save(folder / "four_classes.png"))

history = fit(MLP(2, [4, 1], rng=3), X, y, optimizer=lambda p: Adam(p, lr=0.05), epochs=200, record=True)
_folder.wrote(viz.boundary_movie(history, folder / "learning.gif", frames=20))
