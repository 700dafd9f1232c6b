"""A small GPT of scalars: each weight is a Value, and each product and sum of it a node of the graph.

A token is a letter, or the end of a word, which also stands before its first letter. The network reads the tokens
before a place, and says what comes there: embeddings of letter and place, RMSNorm, attention in several heads to the
tokens so far, a layer of relu units; both are added to what they read. After Radford et al. 2019, as small as
Karpathy's microgpt: one block, 16 numbers a token, 4 heads, 4,192 parameters for 26 letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import microgrAD
from microgrAD import Value, dot, take
from microgrAD.nn import Module

Vector = list[Any]


class GPT(Module):
    """The network of a GPT, with weights around 0.

    Arguments:
        letters: what words are made of.
        width: how many numbers stand for a token.
        heads: how many times attention looks, each time with its share of these numbers.
        longest: the most tokens that are read.
        rng: the seed of the weights.
    """

    def __init__(self, letters: str, *, width: int = 16, heads: int = 4, longest: int = 16, rng: int = 0) -> None:
        self.letters, self.width, self.heads, self.longest = letters, width, heads, longest
        draw = np.random.default_rng(rng)

        def matrix(rows: int, columns: int, spread: float = 0.08) -> list[list[Value]]:
            return [[Value(x) for x in row] for row in draw.normal(0.0, spread, (rows, columns)).tolist()]

        tokens = len(letters) + 1
        self.token, self.place, self.head = matrix(tokens, width), matrix(longest, width), matrix(tokens, width)
        self.query, self.key, self.value = (matrix(width, width) for _ in range(3))
        self.mixed, self.wide, self.narrow = matrix(width, width), matrix(4 * width, width), matrix(width, 4 * width)

    @property
    def end(self) -> int:
        """The token before the first letter and after the last one."""
        return len(self.letters)

    def tokens(self, word: str) -> list[int]:
        """Return the tokens of a word, from one end to the other."""
        return [self.end, *[self.letters.index(letter) for letter in word], self.end]

    def __call__(self, tokens: Sequence[Any]) -> Any:
        """Return the loss on a word, the mean cross entropy of its letters and its end; tokens: those of the word."""
        terms = [
            microgrAD.logsumexp(scores) - take(scores, after)
            for scores, after in zip(self.scores(tokens[:-1]), tokens[1:], strict=True)
        ]
        return microgrAD.sum(terms) / len(terms)

    def scores(self, tokens: Sequence[Any]) -> list[Vector]:
        """Return for each place a score for each token that may come next."""
        return [_times(self.head, x) for x in self.read(tokens)]

    def read(self, tokens: Sequence[Any], attention: list[list[Vector]] | None = None) -> list[Vector]:
        """Return for each place the numbers from which its scores are computed.

        Arguments:
            tokens: what is read.
            attention: a list to which each place adds, for each head, its weights of the places so far.
        """
        keys: list[Vector] = []
        values: list[Vector] = []
        found = []
        for k, token in enumerate(tokens):
            x, weights = self._block(_normed(self._embedded(token, k)), keys, values)
            found.append(x)
            if attention is not None:
                attention.append(weights)
        return found

    def _embedded(self, token: Any, k: int) -> Vector:
        return [a + b for a, b in zip(take(self.token, token), self.place[k], strict=True)]

    def _block(self, x: Vector, keys: list[Vector], values: list[Vector]) -> tuple[Vector, list[Vector]]:
        """Return the next numbers of a place, and the weights of each head; places before it left keys and values."""
        seen = _normed(x)
        keys.append(_times(self.key, seen))
        values.append(_times(self.value, seen))
        attended, weights = self._attended(_times(self.query, seen), keys, values)
        x = _added(x, _times(self.mixed, attended))
        return _added(x, _times(self.narrow, [h.relu() for h in _times(self.wide, _normed(x))])), weights

    def _attended(self, query: Vector, keys: list[Vector], values: list[Vector]) -> tuple[Vector, list[Vector]]:
        size = self.width // self.heads
        found: Vector = []
        every: list[Vector] = []
        for head in range(self.heads):
            part = slice(head * size, (head + 1) * size)
            weights = microgrAD.softmax([dot(query[part], key[part]) / size**0.5 for key in keys])
            every.append(weights)
            found += [dot(weights, [value[j] for value in values]) for j in range(part.start, part.stop)]
        return found, every


def _times(matrix: list[list[Value]], x: Vector) -> Vector:
    return [dot(row, x) for row in matrix]


def _added(x: Vector, y: Vector) -> Vector:
    return [a + b for a, b in zip(x, y, strict=True)]


def _normed(x: Vector) -> Vector:
    """RMSNorm: x / √(mean of x² + 1e-5). Zhang & Sennrich 2019."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def written(model: GPT, rng: np.random.Generator, temperature: float = 0.5) -> str:
    """Return a word that the model writes, letter by letter."""
    tokens = [model.end]
    with microgrAD.no_grad():
        while len(tokens) < model.longest:
            scores = np.array([float(score) for score in model.scores(tokens)[-1]]) / temperature
            chances = np.exp(scores - scores.max())
            tokens.append(int(rng.choice(len(chances), p=chances / chances.sum())))
            if tokens[-1] == model.end:
                break
    return "".join(model.letters[token] for token in tokens if token != model.end)


# ---------------------------------------------------------------------------------------------- words to learn from

_FIRST = ["b", "d", "f", "g", "l", "m", "n", "r", "s", "t", "v", "el", "al", "ar", "or"]
_MIDDLE = ["a", "e", "i", "o", "u", "ia", "ea"]
_LAST = ["na", "la", "ra", "ri", "no", "lo", "ta", "ma", "n", "s", "l"]


def names(count: int = 1000, *, rng: int = 0) -> list[str]:
    """Return names that nobody has, of 4 to 7 letters, made of syllables: the same ones for the same seed."""
    draw = np.random.default_rng(rng)
    found: list[str] = []
    while len(found) < count:
        parts = [_FIRST, _MIDDLE, _LAST] if draw.random() < 0.6 else [_FIRST, _MIDDLE, _FIRST[:11], _MIDDLE[:5], _LAST]
        name = "".join(str(draw.choice(part)) for part in parts)
        if 4 <= len(name) <= 7:
            found.append(name)
    return found
