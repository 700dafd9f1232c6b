"""The networks whose digits a lecture and Mazur printed, as models."""

from __future__ import annotations

from microgrAD.gallery import networks
from microgrAD.nn import MLP

NAMES = ["w13", "w23", "b3", "w14", "w24", "b4", "w35", "w45", "b5"]


def lecture() -> MLP:
    """The lecture's 2-2-1 network."""
    model = MLP(2, [2, 1], activation=["sigmoid", "sigmoid"])
    for p, name in zip(model.parameters(), NAMES, strict=True):
        p.data = networks.WEIGHTS[name]
    return model


def mazur() -> MLP:
    """Mazur's 2-2-2 network."""
    model = MLP(2, [2, 2], activation=["sigmoid", "sigmoid"])
    w = networks.MAZUR
    numbers = [w["w1"], w["w2"], 0.35, w["w3"], w["w4"], 0.35, w["w5"], w["w6"], 0.6, w["w7"], w["w8"], 0.6]
    for p, number in zip(model.parameters(), numbers, strict=True):
        p.data = number
    return model
