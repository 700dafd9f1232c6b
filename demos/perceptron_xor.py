"""A perceptron fails on XOR, and a network with one hidden layer does not.

A perceptron has one straight line. No line separates the classes of XOR, so Rosenblatt's rule never ends.
For AND there is such a line, and the rule finds it within a few epochs.
Two layers combine lines: with four hidden units every corner is on the right side.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import make_and, make_xor
from microgrAD.nn import MLP, Perceptron
from microgrAD.train import fit

folder = _folder.chosen(__doc__)
X, y = make_xor()

mistakes = Perceptron(2).fit(*make_and())
print(f"AND: the perceptron makes no mistake after {len(mistakes)} epochs")
perceptron = Perceptron(2)
mistakes = perceptron.fit(X, y, epochs=1000)
print(
    f"XOR: after {len(mistakes)} epochs it still makes {mistakes[-1]} mistakes in one, and never fewer than "
    f"{min(mistakes)}"
)
network = MLP(2, [4, 1], rng=1)
history = fit(network, X, y, epochs=1000, stop_below=0.02)
print(f"a hidden layer of four: {history.accuracy[-1]:.0%} right after {history.epochs} epochs")
models = {"perceptron": perceptron, "one hidden layer": network}
_folder.wrote(viz.compare_boundaries(models, X, y, resolution=300).save(folder / "perceptron_xor.png"))
