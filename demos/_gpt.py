"""A small GPT of scalars: every number in it is a Value. It learns to spell names, letter by letter.

    embeddings of a letter and of its position, RMSNorm, attention of 4 heads over the letters so far, an MLP with
    squared ReLU, a linear layer to 27 logits: 4,192 parameters, in the manner of Karpathy's microgpt of 2026

A word is a list of whole numbers: 0 to 25 are letters, 26 stands before the first letter and behind the last one.

w[i]    a row of a weight matrix: the weights of output i
t       a position in the word
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

import microgrAD
from microgrAD import Value
from microgrAD.optim import Adam

EDGE = 26  # before the first letter, and behind the last one
LONGEST = 16  # positions
WIDTH, HEADS = 16, 4
HEAD = WIDTH // HEADS
Vector = list[Any]
Matrix = list[list[Value]]


class GPT:
    """The model: its weight matrices as lists of rows."""

    def __init__(self, rng: int = 0) -> None:
        self._rng = np.random.default_rng(rng)
        self.letters = self._matrix("letter", 27, WIDTH)
        self.positions = self._matrix("position", LONGEST, WIDTH)
        self.queries = self._matrix("query", WIDTH, WIDTH)
        self.keys = self._matrix("key", WIDTH, WIDTH)
        self.values = self._matrix("value", WIDTH, WIDTH)
        self.mixing = self._matrix("mix", WIDTH, WIDTH)
        self.up = self._matrix("up", 4 * WIDTH, WIDTH)
        self.down = self._matrix("down", WIDTH, 4 * WIDTH)
        self.output = self._matrix("output", 27, WIDTH)

    def _matrix(self, label: str, rows: int, columns: int) -> Matrix:
        numbers = self._rng.normal(0.0, 0.08, (rows, columns)).tolist()
        return [[Value(x, label=f"{label}[{i}][{j}]") for j, x in enumerate(row)] for i, row in enumerate(numbers)]

    def parameters(self) -> list[Value]:
        """Return all weights in one list."""
        matrices = (self.letters, self.positions, self.queries, self.keys, self.values, self.mixing)
        return [w for matrix in (*matrices, self.up, self.down, self.output) for row in matrix for w in row]

    # ------------------------------------------------------------------------------------------ forward

    def logits(self, word: Any, attention: list[list[Vector]] | None = None) -> list[Vector]:
        """Return for each letter of a word the 27 logits of the letter after it.

        `attention`: gets for each letter, for each head, the weights of the letters up to this one.
        """
        keys: list[Vector] = []
        values: list[Vector] = []
        found = []
        for t, letter in enumerate(word):
            x = normalised(added(microgrAD.take(self.letters, letter), self.positions[t]))
            h = normalised(x)
            keys.append(linear(self.keys, h))
            values.append(linear(self.values, h))
            heads, weights = attended(linear(self.queries, h), keys, values)
            x = added(linear(self.mixing, heads), x)
            hidden = [a.relu() ** 2 for a in linear(self.up, normalised(x))]
            x = added(linear(self.down, hidden), x)
            found.append(linear(self.output, x))
            if attention is not None:
                attention.append(weights)
        return found

    def loss(self, word: Any) -> Any:
        """Return the mean cross entropy of a word's letters, each after those before it."""
        found = self.logits(word[:-1])
        after = [microgrAD.take(microgrAD.log_softmax(z, fused=True), a) for z, a in zip(found, word[1:], strict=True)]
        return -microgrAD.mean(after, fused=True)


def linear(weights: Matrix, x: Vector) -> Vector:
    """Return W x."""
    return [microgrAD.dot(row, x) for row in weights]


def added(x: Vector, y: Vector) -> Vector:
    """Return x + y."""
    return [a + b for a, b in zip(x, y, strict=True)]


def normalised(x: Vector) -> Vector:
    """Return x over the root of its mean square: RMSNorm without weights. Zhang & Sennrich 2019, eq. 4."""
    scale = (microgrAD.dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def attended(query: Vector, keys: list[Vector], values: list[Vector]) -> tuple[Vector, list[Vector]]:
    """Return what the heads find, one after the other, and the weights of each. Vaswani et al. 2017, eq. 1."""
    found: Vector = []
    weights: list[Vector] = []
    for first in range(0, WIDTH, HEAD):
        part = slice(first, first + HEAD)
        scores = [microgrAD.dot(query[part], key[part]) / HEAD**0.5 for key in keys]
        weights.append(microgrAD.softmax(scores, fused=True))
        found += [microgrAD.dot(weights[-1], [value[k] for value in values]) for k in range(first, first + HEAD)]
    return found, weights


# ---------------------------------------------------------------------------------------------- words

_FIRST = ["b", "br", "d", "dr", "f", "g", "k", "l", "m", "n", "r", "s", "t", "th", "v", "z"]
_VOWELS = ["a", "e", "i", "o", "u"]
_LATER = ["l", "ll", "m", "n", "nd", "r", "rn", "s", "v", "x"]
_LAST = ["a", "as", "en", "i", "ia", "in", "is", "o", "on", "yn"]


def names(count: int = 500, rng: int = 0) -> list[str]:
    """Return made-up names of three to seven letters, all different: a syllable or two, and an ending."""
    draw = random.Random(rng)
    found: dict[str, None] = {}
    while len(found) < count:
        middle = [draw.choice(_VOWELS), draw.choice(_LATER)] if draw.random() < 0.7 else []
        name = "".join([draw.choice(_FIRST), *middle, draw.choice(_LAST)])
        if 3 <= len(name) <= 7:
            found[name] = None
    return list(found)


def numbers(name: str) -> list[int]:
    """Return a name as the numbers of its letters, between two edges."""
    return [EDGE, *[ord(letter) - ord("a") for letter in name], EDGE]


def trained(
    model: GPT, words: list[list[int]], *, steps: int = 1000, seen: Callable[[int], None] | None = None
) -> None:
    """Train a model on one word after the other, by Adam with a learning rate that falls to 0.

    `seen`: called after every 50 steps with their number.
    """
    program = microgrAD.compile(model.loss, parameters=model.parameters())
    optimizer = Adam(model.parameters(), lr=0.01, betas=(0.85, 0.99))
    for step in range(0, steps, 50):
        optimizer.lr = 0.01 * (1 - step / steps)
        program.train(words, optimizer=optimizer, steps=min(50, steps - step), batch_size=1)
        if seen is not None:
            seen(min(step + 50, steps))


def sampled(model: GPT, count: int, rng: int = 0, *, longest: int = 9) -> list[str]:
    """Return names that the model spells: each letter is drawn with the probability that the model gives it."""
    draw = np.random.default_rng(rng)
    program = microgrAD.compile(lambda word: microgrAD.softmax(model.logits(word)[-1]), parameters=model.parameters())
    words = [[EDGE] for _ in range(count)]
    for _ in range(longest):
        growing = [word for word in words if len(word) == 1 or word[-1] != EDGE]
        if not growing:
            break
        for word, p in zip(growing, program.predict(growing), strict=True):
            word.append(int(draw.choice(27, p=p / p.sum())))
    return [spelled(word) for word in words]


def spelled(word: list[int]) -> str:
    """Return the letters of a word."""
    return "".join([chr(ord("a") + letter) for letter in word if letter != EDGE])
