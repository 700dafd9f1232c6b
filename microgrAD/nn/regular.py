"""Layers without weights: Standardize and its way back, Dropout and Softmax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from microgrAD import functions
from microgrAD import init as initialisers
from microgrAD.compiler.record.traced import Traced
from microgrAD.errors import CompileError, real
from microgrAD.nn.module import Module
from microgrAD.nn.shapes import alike, flatten, row


class _Scale(Module):
    """A mean and a deviation for each number of a row. They stay: nothing learns them."""

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
                f"and {len(self.deviation)} deviations, the least {min(self.deviation, default='none')}"
            )

    def config(self) -> dict[str, Any]:
        return {"mean": list(self.mean), "deviation": list(self.deviation)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.mean)})"


class Standardize(_Scale):
    """(x - mean) / deviation for each input: a network that takes features as they come.

    `microgrAD.datasets.scaling` finds the numbers.

    >>> Standardize([10.0, 0.0], [2.0, 1.0])([14.0, 3.0])
    [2.0, 3.0]
    """

    def __call__(self, x: Any) -> list[Any]:
        values = row(x, len(self.mean), self)
        return [(v - m) / d for v, m, d in zip(values, self.mean, self.deviation, strict=True)]


class Rescale(_Scale):
    """deviation · x + mean for each output, the way back from Standardize: what is before it learns numbers around 0.

    The network answers in the targets' own unit. A list of the outputs, of one its Value.

    >>> Rescale([300.0], [50.0])([-2.0])
    200.0
    """

    def __call__(self, x: Any) -> Any:
        values = row(x, len(self.mean), self)
        out = [v * d + m for v, m, d in zip(values, self.mean, self.deviation, strict=True)]
        return out[0] if len(out) == 1 else out


class Dropout(Module):
    """While training, each input is 0 with probability p and else x / (1 - p); after eval() all pass unchanged.

    What comes in keeps its shape: a row, or an image. Srivastava et al. 2014. A network that `fit` teaches gets its
    masks from the rng of `fit`.

    >>> Dropout(0.5, rng=3)([1.0, 1.0, 1.0, 1.0])
    [0.0, 0.0, 2.0, 2.0]
    >>> Dropout(0.5).eval()([1.0, 2.0])
    [1.0, 2.0]
    """

    def __init__(self, p: float = 0.5, *, rng: Any = 0) -> None:
        self.p = real(p, "Dropout: p")
        if not 0 <= self.p < 1:
            raise ValueError(f"Dropout takes a probability from 0 to below 1, got {p}")
        self.rng = initialisers.generator(rng)
        self.seen = 0  # how many numbers have come in
        self.given: Iterator[Any] | None = None  # factors that somebody else has drawn

    def __call__(self, x: Any) -> Any:
        values = flatten(x)
        self.seen += len(values)
        if not self.training:
            return alike(x, iter(values))
        if self.given is None and any(isinstance(v, Traced) for v in values):
            raise CompileError(
                "Dropout draws anew for every row, and what is compiled would repeat one draw for all; "
                "call eval() on the model first, or let microgrAD.train.fit draw"
            )
        factors = self.given or iter(self.factors(1, len(values))[0].tolist())
        return alike(x, iter([v * next(factors) for v in values]))

    def factors(self, rows: int, size: int) -> Any:
        """What so many rows of that size are multiplied by, an array: 0 or 1 / (1 - p)."""
        return (self.rng.random((rows, size)) >= self.p) / (1 - self.p)

    def config(self) -> dict[str, Any]:
        return {"p": self.p}

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class Softmax(Module):
    """exp(zⱼ) / Σ exp(z), as probabilities of classes. To train, take cross_entropy on the logits before it.

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
