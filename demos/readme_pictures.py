"""The pictures of README: a neuron's graph, and what a network learned of XOR, each on a light and a dark ground."""

from __future__ import annotations

import _folder
from matplotlib.figure import Figure

import viz
from microgrAD import parse
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import fit
from viz.boundary import decision_boundary
from viz.style import theme as themed

folder = _folder.chosen(__doc__)

o = parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)
o.backward()

X, y = make_xor()
model = MLP(2, [4, 1])
fit(model, X, y, optimizer=SGD(model.parameters(), lr=0.5, momentum=0.9), epochs=500, stop_below=0.02)

for theme in ("light", "dark"):
    _folder.wrote(viz.draw(o, theme=theme, dpi=144).save(folder / f"neuron_{theme}.png"))
    figure = Figure(figsize=(6, 4.5), dpi=144, layout="constrained", facecolor=themed(theme).background)
    decision_boundary(model, X, y, ax=figure.subplots(), theme=theme)
    path = folder / f"xor_{theme}.png"
    figure.savefig(path)
    _folder.wrote(path)
