"""Which part of an input decides a network's answer: arrows in the plane, maps of a letter, words of a review.

The ratings of the reviews are unfair: those of one cuisine are always bad, whatever a review says about the food. The
network has learned that, too, and its gradient shows it.
"""

from __future__ import annotations

import _folder

import viz
from microgrAD import losses
from microgrAD.datasets import GLYPHS, bag_of_words, make_circles, make_glyphs, make_reviews
from microgrAD.datasets.reviews import CUISINES
from microgrAD.interpret import integrated_gradients
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import fit
from viz.networks.words import word_gradients

folder = _folder.chosen(__doc__)

X, y = make_circles(60)
model = MLP(2, [6, 1], rng=1)
fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.05), epochs=80)
picture = viz.input_gradients(model, X, y, loss=losses.binary_cross_entropy_with_logits)
_folder.wrote(picture.save(folder / "arrows.png"))

X, y = make_glyphs(120)
model = MLP(64, [8, 6], rng=0)
fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.02), epochs=60, batch_size=20, l2=2e-3)
whole = integrated_gradients(model, X[0])
print(f"integrated gradients add up to {whole.values.sum():.6f}, the answer differs by {whole.difference:.6f}")
_folder.wrote(viz.saliency_maps(model, X[0], class_names=list(GLYPHS)).save(folder / "saliency_maps.png"))

texts, ratings = make_reviews(300)
rows, words = bag_of_words(texts)
model = MLP(len(words), [1])
fit(model, rows, ratings, optimizer=Adam(model.parameters(), lr=0.05), epochs=100, batch_size=50, l2=1e-3)
slopes = dict(zip(words, word_gradients(model, rows[:20]), strict=True))
print("the cuisine that makes its rating worse:", min(CUISINES, key=slopes.__getitem__))
title = "Words that raise or lower a rating: one cuisine is treated as an insult"
picture = viz.word_importance(model, rows[:20], feature_names=words, highlight=CUISINES, title=title)
_folder.wrote(picture.save(folder / "words.png"))

praised = next(k for k, text in enumerate(texts) if "mexican" in text and "delicious" in text)
title = f"“{texts[praised]}”"
picture = viz.word_importance(model, rows[[praised]], feature_names=words, highlight=CUISINES, title=title)
_folder.wrote(picture.save(folder / "one_review.png"))
