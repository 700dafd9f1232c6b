"""A run of training to play back: one page with the boundary, the loss, the hidden layer, and every number.

Open it in a browser: drag the slider, click a point, drag a new one over the plane, open a neuron.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_circles
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import record

folder = _folder.chosen(__doc__)

X, y = make_circles(80)
recording = record(MLP(2, [4, 3, 1], rng=2), X, y, optimizer=lambda p: Adam(p, lr=0.05), epochs=150)
print(f"{recording.accuracy[0]:.0%} right before training, {recording.accuracy[-1]:.0%} after it")
viz.player(recording, folder / "training.html", title="A network learns circles")
_folder.wrote(folder / "training.html")
