"""The pictures in README, each on a light and a dark background, and a film.

They are a neuron's graph, the answers of a network for XOR, and the outputs of each unit of another network. The film
goes through both passes of README's first expression.
"""

from __future__ import annotations

import _folder
from matplotlib.figure import Figure

import viz
from microgrAD import parse
from microgrAD.datasets import make_circles, make_xor
from microgrAD.nn import MLP
from microgrAD.optim import SGD, Adam
from microgrAD.train import fit
from viz.style import theme as themed

folder = _folder.chosen(__doc__)

o = parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)
o.backward()

X, y = make_xor()
model = MLP(2, [4, 1])
fit(model, X, y, optimizer=SGD(model.parameters(), lr=0.5, momentum=0.9), epochs=500, stop_below=0.02)

circles = make_circles(80)
network = MLP(2, [4, 4, 1], rng=3)
fit(network, *circles, optimizer=Adam(network.parameters(), lr=0.05), epochs=200)

f = parse("q = x + y; f = q * z", x=-2, y=5, z=-4)
_folder.wrote(*viz.movie(f, dpi=144).save(folder / "pass.gif"))

for theme in ("light", "dark"):
    _folder.wrote(viz.draw(o, theme=theme, dpi=144).save(folder / f"neuron_{theme}.png"))
    paper = {"dpi": 144, "layout": "constrained", "facecolor": themed(theme).background}
    figure = Figure(figsize=(6, 4.5), **paper)
    xor = viz.decision_boundary(model, X, y, ax=figure.subplots(), theme=theme)
    _folder.wrote(xor.save(folder / f"xor_{theme}.png"))
    figure = Figure(figsize=(8, 4.5), **paper)
    planes = viz.network_planes(network, *circles, figure=figure, theme=theme)
    _folder.wrote(planes.save(folder / f"planes_{theme}.png"))
