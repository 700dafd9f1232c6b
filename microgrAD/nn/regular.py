"""Layers without weights: Standardize, its inverse Rescale, Dropout and Softmax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from microgrAD import functions
from microgrAD import init as initialisers
from microgrAD.compiler.record.traced import Traced
from microgrAD.errors import CompileError, real
from microgrAD.guesses import seeded
from microgrAD.nn.module import Module
from microgrAD.nn.shapes import flatten, in_shape_of, row


class _Scale(Module):
    """Base of Standardize and Rescale: a mean and a deviation for each number of a row. Training keeps them."""

    def __init__(self, mean: Sequence[float], deviation: Sequence[float]) -> None:
        who = type(self).__name__
        if not (hasattr(mean, "__iter__") and hasattr(deviation, "__iter__")):
            raise TypeError(
                f"{who} takes a list of means and one of deviations, got {mean!r:.40} and {deviation!r:.40}"
            )
        self.mean, self.deviation = ([real(x, who) for x in numbers] for numbers in (mean, deviation))
        if not len(self.mean) == len(self.deviation) > 0 or not all(d > 0 for d in self.deviation):
            raise ValueError(
                f"{who} takes one mean or more and as many deviations above 0, got {len(self.mean)} means "
                f"and {len(self.deviation)} deviations, the smallest {min(self.deviation, default='none')}"
            )

    def config(self) -> dict[str, Any]:
        return {"mean": list(self.mean), "deviation": list(self.deviation)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.mean)})"


class Standardize(_Scale):
    """(x - mean) / deviation for each input, so that a network takes features in their own units.

    Arguments:
        mean, deviation: a number for each input, as `microgrAD.datasets.scaling` computes them.

    >>> Standardize([10.0, 0.0], [2.0, 1.0])([14.0, 3.0])
    [2.0, 3.0]
    """

    def __call__(self, x: Any) -> list[Any]:
        values = row(x, len(self.mean), self)
        return [(v - m) / d for v, m, d in zip(values, self.mean, self.deviation, strict=True)]


class Rescale(_Scale):
    """deviation · x + mean for each output, the inverse of Standardize.

    The layers before it learn numbers around 0, and the network's outputs have the targets' own units. It returns a
    list of the outputs, or one Value if there is one.

    Arguments:
        mean, deviation: a number for each output.

    >>> Rescale([300.0], [50.0])([-2.0])
    200.0
    """

    def __call__(self, x: Any) -> Any:
        values = row(x, len(self.mean), self)
        out = [v * d + m for v, m, d in zip(values, self.mean, self.deviation, strict=True)]
        return out[0] if len(out) == 1 else out


class Dropout(Module):
    """Sets each input to 0 with probability p, and others to x / (1 - p). After eval() it changes nothing.

    The output has the shape of the input, a row or an image.

    Arguments:
        p: the probability, from 0 to below 1.
        rng: a seed, or NumPy's generator. While `microgrAD.train.fit` trains a network, its own rng is used instead.
    Source: Srivastava et al. 2014.

    >>> Dropout(0.5, rng=3)([1.0, 1.0, 1.0, 1.0])
    [0.0, 0.0, 2.0, 2.0]
    >>> Dropout(0.5).eval()([1.0, 2.0])
    [1.0, 2.0]
    """

    @seeded
    def __init__(self, p: float = 0.5, *, rng: Any = 0) -> None:
        self.p = real(p, "Dropout: p")
        if not 0 <= self.p < 1:
            raise ValueError(f"Dropout takes a probability from 0 to below 1, got {p}")
        self.rng = initialisers.generator(rng)
        self.seen = 0  # how many numbers it has taken so far
        self.given: Iterator[Any] | None = None  # factors that `microgrAD.train` has drawn; None: draw them here

    def __call__(self, x: Any) -> Any:
        values = flatten(x)
        self.seen += len(values)
        if not self.training:
            return in_shape_of(x, iter(values))
        if self.given is None and any(isinstance(v, Traced) for v in values):
            raise CompileError(
                "Dropout draws random numbers for every row, and a compiled function would use the same ones for all; "
                "call eval() on the model first, or train with microgrAD.train.fit"
            )
        factors = self.given or iter(self.factors(1, len(values))[0].tolist())
        return in_shape_of(x, iter([v * next(factors) for v in values]))

    def factors(self, rows: int, size: int) -> Any:
        """Return random factors for rows, 0 or 1 / (1 - p): an array of shape (rows, size)."""
        return (self.rng.random((rows, size)) >= self.p) / (1 - self.p)

    def config(self) -> dict[str, Any]:
        return {"p": self.p}

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class Softmax(Module):
    """exp(zⱼ) / Σ exp(z) for a row of logits z, as probabilities of classes.

    For training, leave it out, and use the loss cross_entropy on the logits.

    >>> Softmax()([0.0, 0.0])
    [0.5, 0.5]
    """

    reading = "probabilities"

    def __call__(self, x: Any) -> list[Any]:
        return functions.softmax(flatten(x))

    def config(self) -> dict[str, Any]:
        return {}

    def __repr__(self) -> str:
        return "Softmax()"
