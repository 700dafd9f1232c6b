"""A run with everything that has a memory: what test_checkpoints breaks off, in this process and in others."""

from __future__ import annotations

from typing import Any

from microgrAD.datasets import make_moons
from microgrAD.nn import Dropout, Layer, Module, Sequential
from microgrAD.optim import SGD, CosineAnnealingLR
from microgrAD.train import History, fit


class Killed(Exception):
    pass


def learner(checkpoint: Any, *, epochs: int = 8, die_after: int = 999, rule: Any = SGD, **change: Any) -> Module:
    """Momentum, a schedule, Dropout, minibatches and patience; Killed after so many epochs, before they are kept."""
    X, y = make_moons(16, noise=0.3)
    model = Sequential(Layer(2, 3), Dropout(0.4), Layer(3, 1, activation="linear"))
    optimizer = rule(model.parameters(), lr=0.3, **({"momentum": 0.9} if rule is SGD else {}))

    def die(_: Module, history: History) -> None:
        if history.epochs >= die_after:
            raise Killed

    fit(
        model,
        X,
        y,
        **{
            "optimizer": optimizer,
            "epochs": epochs,
            "batch_size": 5,
            "validation": 0.25,
            "patience": 7,
            "schedule": CosineAnnealingLR(optimizer, T_max=epochs),
            "rng": 3,
            "callbacks": [die],
            "checkpoint": checkpoint,
            **change,
        },
    )
    return model
