"""A recorded run of training: one page with the answers, the loss, the hidden layer, and every number.

Open it in a browser. Drag the slider, click a point, drag a new point over the plane, open a neuron or the loss.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_circles
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)

X, y = make_circles(120)
history = fit(
    MLP(2, [4, 3, 1], rng=2), X, y, validation=0.25, optimizer=lambda p: Adam(p, lr=0.05), epochs=150, record=True
)
print(
    f"{history.recording.accuracy[0]:.0%} right before training, {history.accuracy[-1]:.0%} after it, and "
    f"{history.test_accuracy[-1]:.0%} of the rows held out"
)
viz.player(history, folder / "training.html", title="A network learns circles")
_folder.wrote(folder / "training.html")
