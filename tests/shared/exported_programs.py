"""Compiled programs for the scripts of other libraries, each with the rows that it is called with."""

from __future__ import annotations

from typing import Any

import numpy as np

import microgrAD
from microgrAD import Value, losses, nn
from microgrAD.compiler import FunctionProgram


def rng() -> np.random.Generator:
    """The same numbers whenever it is asked, since a recorded script has them in it."""
    return np.random.default_rng(5)


def network(model: nn.Module, loss: Any) -> FunctionProgram:
    return microgrAD.compile(lambda x, y: loss(model(x), y), parameters=model.parameters())


def pooled() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 2, 2, activation="tanh"), nn.MaxPool2d(2), nn.Flatten(), nn.Layer(2, 1, activation="sigmoid")
    )


def odd() -> FunctionProgram:
    w, b, c = Value(0.5, label="w"), Value(0.1), Value(2.0, label="c")
    watched = Value(0.3)

    def f(x: Any) -> Any:
        chosen = microgrAD.where(x, w * x, b * x) ** 2 + microgrAD.max(w, b) * c
        curved = microgrAD.softplus(x) * c**b + microgrAD.erf(w * c) + x.tanh() * watched
        return chosen + curved + microgrAD.sum([w * x, b, c * x * x, x])

    return microgrAD.compile(f, parameters=[w, b, c])


def flat() -> FunctionProgram:
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    return microgrAD.compile(lambda x: (w * x).step() + x * b, parameters=[w, b])


def ignored() -> FunctionProgram:
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    return microgrAD.compile(lambda x: w * x, parameters=[b, w])


def looked_up() -> FunctionProgram:
    """An embedding of letters, and the logit of a target: lookups in parameters and in what is computed."""
    numbers = rng().normal(size=(4, 3)).tolist()
    rows = [[Value(x, label=f"e{k}{j}") for j, x in enumerate(row)] for k, row in enumerate(numbers)]

    def f(letter: Any, other: Any, target: Any) -> Any:
        pairs = zip(microgrAD.take(rows, letter), microgrAD.take(rows, other), strict=True)
        logits = [a * b + a.tanh() for a, b in pairs]
        return microgrAD.logsumexp(logits) - microgrAD.take(logits, target)

    return microgrAD.compile(f, parameters=[leaf for row in rows for leaf in row])


LETTERS = (np.array([0.0, 3, 1, 1, 2]), np.array([2.0, 2, 1, 0, 3]), np.array([0.0, 1, 2, 2, 0]))
CASES: dict[str, Any] = {
    "mlp": lambda: (network(nn.MLP(2, [3, 1], rng=1), losses.mse), (rng().normal(size=(5, 2)), rng().normal(size=5))),
    "deep": lambda: (
        network(nn.MLP(3, [4, 4, 3], activation=["gelu", "relu", "linear"], rng=2), losses.cross_entropy),
        (rng().normal(size=(6, 3)), np.eye(3)[[0, 1, 2, 1, 0, 2]]),
    ),
    "convolution": lambda: (network(pooled(), losses.mse), (rng().normal(size=(4, 1, 4, 4)), rng().normal(size=4))),
    "odd": lambda: (odd(), (rng().normal(size=7),)),
    "one row": lambda: (odd(), (np.array([0.7]),)),
    "flat": lambda: (flat(), (rng().normal(size=4),)),
    "lookups": lambda: (looked_up(), LETTERS),
    "an unused parameter": lambda: (ignored(), (rng().normal(size=4),)),
}
