"""A small network on two moons, taught once for all tests of its pictures."""

from __future__ import annotations

from functools import cache

from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import History, fit

X, y = make_moons(24, noise=0.1)


@cache
def history() -> History:
    return fit(
        MLP(2, [4, 3, 1], fused=True, rng=0),
        X,
        y,
        optimizer=lambda p: Adam(p, lr=0.03),
        epochs=150,
        record=True,
        progress=False,
    )
