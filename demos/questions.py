"""Three questions to a trained network: what a feature does, which data taught an answer, where a concept is.

For the last question, letters O get a crossbar inside the network: it then starts to read them as A and H.
"""

from __future__ import annotations

from functools import partial

import _folder
import numpy as np

import viz
from microgrAD.datasets import GLYPHS, make_glyphs, make_moons
from microgrAD.interpret import concept, gradient_similarity, leave_one_out
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)

X, y = make_moons(60, noise=0.2)
make = partial(MLP, 2, [6, 1], rng=1)
options = {"optimizer": partial(Adam, lr=0.1), "epochs": 150}
model = make()
fit(model, X, y, **options)
_folder.wrote(viz.dependence_curve(model, X).save(folder / "dependence.png"))

point, answer = np.array([0.0, 0.4]), 1
left_out = leave_one_out(make, X, y, point, answer, **options)
alike = gradient_similarity(model, X, y, point, answer)
print(
    f"of the 10 points that help most, {len(set(np.argsort(-left_out)[:10]) & set(np.argsort(-alike)[:10]))} "
    "are also among the 10 with the most similar gradients"
)
picture = viz.influential_points(model, X, y, x=point, left_out=left_out, alike=alike)
_folder.wrote(picture.save(folder / "influence.png"))

X, y = make_glyphs(180)
names, crossbar = list(GLYPHS), np.isin(y, [0, 1])
model = MLP(64, [8, 6], rng=0)
fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.02), epochs=60, batch_size=20, l2=2e-3)
found = concept(model, 1, X[crossbar], X[~crossbar])
letters = X[y == names.index("O")]
title = "Letters O, given a crossbar inside of the network, turn into A and H"
picture = viz.concept_effect(model, letters, concept=found, concept_name="a crossbar", class_names=names, title=title)
print(f"a plane in the hidden layer tells letters with a crossbar from those without: {found.accuracy:.0%} right")
_folder.wrote(picture.save(folder / "concept.png"))
