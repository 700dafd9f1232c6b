"""What a network for letters has learned: weights as images, images that excite units, filters, adversarial images."""

from __future__ import annotations

import _folder

import viz
from microgrAD.datasets import GLYPHS, make_glyphs
from microgrAD.nn import MLP, Conv2d, Flatten, Layer, MaxPool2d, Sequential, Unflatten
from microgrAD.optim import Adam
from microgrAD.train import fit

folder = _folder.chosen(__doc__)
names = list(GLYPHS)

X, y = make_glyphs(120)
regression, model = MLP(64, [6], rng=0), MLP(64, [8, 6], rng=0)
for each in (regression, model):
    fit(each, X, y, optimizer=Adam(each.parameters(), lr=0.02), epochs=60, batch_size=20, l2=2e-3)
_folder.wrote(viz.weight_images(regression, class_names=names).save(folder / "softmax_weights.png"))
_folder.wrote(viz.weight_images(model, class_names=names).save(folder / "hidden_weights.png"))
_folder.wrote(viz.exciting_images(model, X).save(folder / "exciting.png"))
_folder.wrote(viz.maximised_images(model, layer=2, class_names=names).save(folder / "maximised.png"))
_folder.wrote(viz.adversarial_images(model, X[0], class_names=names).save(folder / "adversarial.png"))
_folder.wrote(viz.logit_bars(model, X[1], class_names=names).save(folder / "logits.png"))

_folder.wrote(viz.hard_images(model, *make_glyphs(300, rng=1), class_names=names).save(folder / "hard_images.png"))

X, y = make_glyphs(60, kinds="AHLO")
net = Sequential(
    Unflatten(1, 8, 8),
    Conv2d(1, 4, 3, activation="relu", rng=1),
    MaxPool2d(2),
    Flatten(),
    Layer(36, 4, activation="linear", rng=1),
)
fit(net, X, y, optimizer=Adam(net.parameters(), lr=0.02), epochs=20, batch_size=15)
_folder.wrote(viz.feature_maps(net, X[0]).save(folder / "feature_maps.png"))
