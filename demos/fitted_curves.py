"""Three curves through noisy points: one bends too little, one fits well, and one learns the noise.

All three networks see the same 24 points of a sine with noise. One hidden unit has one bend. Three units follow the
wave. With two hidden layers of 30 the curve follows single points, and the error on new points is larger again.
"""

from __future__ import annotations

import _folder
import _slides

import viz
from microgrAD.datasets import make_sine
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import evaluate, fit
from viz import style
from viz.networks.legends import figure_legend, take_legend

folder = _folder.chosen(__doc__)
X, y = make_sine(24, noise=0.35)
new = make_sine(400, noise=0.35, rng=99)

figure = _slides.blank()
axes = figure.subplots(1, 3, sharey=True)
for ax, (name, hidden) in zip(
    axes, {"1 hidden unit": [1], "3 hidden units": [3], "30 + 30 units": [30, 30]}.items(), strict=True
):
    model = MLP(1, [*hidden, 1], rng=0)
    fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.02), epochs=2000)
    seen, unseen = evaluate(model, X, y)[0], evaluate(model, *new)[0]
    print(f"{name}: squared error {seen:.3f} on the points, {unseen:.3f} on new ones")
    viz.fitted_curve(model, X, y, ax=ax, title=f"{name}\nerror {seen:.2f}, on new {unseen:.2f}")
    ax.set_ylim(-2, 2)
    ax.label_outer()
    entries = take_legend(ax)
figure_legend(axes[0], entries, style.theme("light"))
figure.suptitle("Too stiff, right, and so supple that it learns the noise")
_slides.save(figure, folder / "fitted_curves.png")
