"""A model of restaurant reviews that has learned an unfair rule from its data.

The people who rated the reviews were unfair to one cuisine, whatever a review says about food and service.
The model learned the words for good food, and the unfairness, too: the name of the cuisine makes its rating worse.
Its accuracy does not show that, but its weights do.
"""

from __future__ import annotations

import _folder
import _slides

from microgrAD.datasets import bag_of_words, make_reviews
from microgrAD.datasets.reviews import BAD, CUISINES, GOOD
from microgrAD.nn import Neuron
from microgrAD.optim import Adam
from microgrAD.outputs import outputs, probabilities
from microgrAD.train import fit
from viz import style

folder = _folder.chosen(__doc__)
texts, y = make_reviews(600)
X, words = bag_of_words(texts)
model = Neuron(len(words), activation="linear", init="uniform")
history = fit(model, X, y, optimizer=Adam(model.parameters(), lr=0.05), epochs=200, l2=0.002, validation=0.25)
print(f"{history.test_accuracy[-1]:.0%} of the held-out reviews get the rating that people gave")

for cuisine in CUISINES:
    review, _ = bag_of_words([f"the fish was delicious and the staff friendly for {cuisine} food"], words)
    good = probabilities(outputs(model, review), "logits")[0, 1]
    print(f"the same praise for {cuisine} food: P(good) = {good:.2f}")

weight = dict(zip(words, (w.data for w in model.w), strict=True))
shown = sorted([*GOOD, *BAD, *CUISINES], key=weight.__getitem__)
kinds = {"a word for food": 0, "a cuisine": 5}
ax = _slides.slide()
for kind, hue in kinds.items():
    chosen = [k for k, word in enumerate(shown) if (word in CUISINES) == (kind == "a cuisine")]
    ax.barh(
        chosen,
        [weight[shown[k]] for k in chosen],
        color=style.CLASSES[hue],
        label=kind,
        hatch="//" if hue else None,
        edgecolor="white",
    )
ax.set(
    yticks=range(len(shown)),
    yticklabels=shown,
    xlabel="weight: how much the word speaks for a good rating",
    title="What the model learned of each word: one cuisine counts as bad food",
)
ax.axvline(0, color=style.theme("light").ink, linewidth=1)
ax.legend(frameon=False, loc="lower right")
_slides.save(ax.figure, folder / "unfair_reviews.png")
