"""Restaurant reviews from a small grammar, with ratings that are unfair to one cuisine. A model learns the unfairness.

What a review says about the food and the service does not depend on the cuisine. The rating does: a review of one
cuisine can have a bad rating, even if it says only good things. Speer (2017, "How to make a racist AI without really
trying") found this in a model of real reviews.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import Array, Generator, Labels
from microgrAD.errors import counted, real
from microgrAD.guesses import seeded
from microgrAD.init import generator

CUISINES = ("italian", "thai", "greek", "mexican")
GOOD = ("delicious", "fresh", "lovely", "wonderful", "tasty")
BAD = ("bland", "stale", "greasy", "awful", "cold")
_DISHES = ("soup", "rice", "fish", "salad", "dessert")
_STAFF = {1: ("friendly", "quick", "charming"), -1: ("rude", "slow", "careless")}
_FRAMES = (
    "we went to a {cuisine} place and the {dish} was {food} the waiter was {staff}",
    "{staff} service at this {cuisine} restaurant and the {dish} tasted {food}",
    "the {dish} was {food} and the staff {staff} for {cuisine} food",
    "my {cuisine} {dish} came {food} and the people were {staff}",
)


@seeded
def make_reviews(
    n_samples: int = 200, *, unfair_to: str = "mexican", bias: float = 0.8, rng: Any = 0
) -> tuple[list[str], Labels]:
    """Return short reviews and their ratings, 1 for good and 0 for bad.

    A rating follows the review's word for the food. In every cuisine, half of the food and half of the service is good.

    Arguments:
        n_samples: the number of reviews.
        unfair_to: the cuisine that is treated unfairly.
        bias: the probability that a review of that cuisine is rated bad, whatever it says.
        rng: a seed or generator.
    Returns: the texts, and y (n_samples,).
    Raises: ValueError for another cuisine, or a bias that is no probability.

    >>> texts, y = make_reviews(2)
    >>> texts[0], int(y[0])
    ('we went to a thai place and the soup was bland the waiter was friendly', 0)
    """
    if unfair_to not in CUISINES:
        raise ValueError(f"unfair_to must be one of {list(CUISINES)}, got {unfair_to!r}")
    if not 0 <= real(bias, "bias") <= 1:
        raise ValueError(f"bias is a probability from 0 to 1, got {bias}")
    rng = generator(rng)
    made = [_review(unfair_to, bias, rng) for _ in range(counted(n_samples, "n_samples"))]
    return [text for text, _ in made], np.array([rating for _, rating in made], dtype=np.int64)


def _review(unfair_to: str, bias: float, rng: Generator) -> tuple[str, int]:
    def one(of: Sequence[str]) -> str:
        return of[int(rng.integers(len(of)))]

    good, kind, cuisine = bool(rng.random() < 0.5), 1 if rng.random() < 0.5 else -1, one(CUISINES)
    text = one(_FRAMES).format(
        cuisine=cuisine, dish=one(_DISHES), food=one(GOOD if good else BAD), staff=one(_STAFF[kind])
    )
    unfair = cuisine == unfair_to and rng.random() < bias
    return text, int(good and not unfair)


def vocabulary() -> list[str]:
    """Return all words of the grammar, sorted."""
    words = {word for frame in _FRAMES for word in re.sub(r"{\w+}", "", frame).split()}
    return sorted(words.union(CUISINES, GOOD, BAD, _DISHES, *_STAFF.values()))


def bag_of_words(texts: Sequence[str], vocabulary: Sequence[str] | None = None) -> tuple[Array, list[str]]:
    """Return how often each word of a vocabulary is in each text, and the vocabulary.

    Arguments:
        texts: the texts.
        vocabulary: the words to count; by default all words of the texts, sorted. Other words are ignored.
    Returns: the counts, (texts, words), and the words in order.
    Raises: TypeError if texts is no list of texts; ValueError if a word is in the vocabulary twice.

    >>> X, words = bag_of_words(["a b a", "c"])
    >>> words, X.tolist()
    (['a', 'b', 'c'], [[2.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    """
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"bag_of_words takes a list of texts, got {texts!r:.60}")
    split = [re.findall(r"\w+", text.lower()) for text in texts]
    words = sorted({word for text in split for word in text}) if vocabulary is None else list(vocabulary)
    place = {word: k for k, word in enumerate(words)}
    if len(place) < len(words):
        raise ValueError("a vocabulary has each word once, got one of them twice")
    X = np.zeros((len(split), len(words)))
    for counts, text in zip(X, split, strict=True):
        for word in text:
            if word in place:
                counts[place[word]] += 1
    return X, words
