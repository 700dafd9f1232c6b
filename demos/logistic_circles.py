"""Logistic regression against a network, on circles.

Logistic regression is a network without a hidden layer, so its boundary is always a straight line.
Here one class is around the other, and a line gets about half of the points right, like guessing.
Eight hidden units bend the boundary into a closed curve, which fits the data.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_circles
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)
X, y = make_circles(200, noise=0.1)
held_out = X[150:], y[150:]
X, y = X[:150], y[:150]

models = {"logistic regression": MLP(2, [1]), "8 hidden units": MLP(2, [8, 1])}
for name, model in models.items():
    history = fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.05), epochs=200, validation=held_out)
    print(f"{name}: {history.test_accuracy[-1]:.0%} of the held-out points are right")
_folder.wrote(viz.compare_boundaries(models, X, y, held_out=held_out).save(folder / "logistic_circles.png"))
