"""The networks that every peer trains: layers, data, loss, learning rate, initial parameters.

xor      2-4-1 tanh, squared error, 4 rows
circles  2-8-8-1 tanh, squared error, 100 rows
moons    2-16-16-1 ReLU, hinge loss and L2 penalty, 100 rows: micrograd's demo
digits   64-32-10 tanh, softmax cross entropy on one-hot targets, 256 rows of random images
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from microgrAD.datasets import make_circles, make_moons

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Case:
    """sizes of the layers; activations of the hidden layers and of the last; loss "squares", "hinge" or "softmax"."""

    name: str
    sizes: tuple[int, ...]
    hidden: str
    last: str
    loss: str
    penalty: float
    lr: float
    X: Array
    Y: Array
    weights: tuple[tuple[Array, Array], ...]  # (inputs, outputs) and (outputs,) of each layer


def _weights(sizes: tuple[int, ...], rng: np.random.Generator) -> tuple[tuple[Array, Array], ...]:
    return tuple((rng.uniform(-1, 1, (m, n)) / np.sqrt(m), rng.uniform(-0.1, 0.1, n)) for m, n in pairwise(sizes))


def case(name: str, rows: int | None = None) -> Case:
    """Return a case by its name. `rows`: its number of rows; by default its own. More rows of XOR repeat its four."""
    rng = np.random.default_rng(0)
    if name == "xor":
        sizes: tuple[int, ...] = (2, 4, 1)
        k = np.arange(rows or 4)
        X, Y = np.column_stack([k // 2 % 2, k % 2]) * 1.0, 2.0 * (k // 2 % 2 != k % 2) - 1.0
        return Case(name, sizes, "tanh", "tanh", "squares", 0.0, 0.2, X, Y, _weights(sizes, rng))
    if name == "circles":
        sizes = (2, 8, 8, 1)
        X, y = make_circles(rows or 100, noise=0.1, rng=0)
        return Case(name, sizes, "tanh", "tanh", "squares", 0.0, 0.1, X, 2.0 * y - 1.0, _weights(sizes, rng))
    if name == "moons":
        sizes = (2, 16, 16, 1)
        X, y = make_moons(rows or 100, noise=0.1, rng=0)
        return Case(name, sizes, "relu", "linear", "hinge", 1e-4, 0.05, X, 2.0 * y - 1.0, _weights(sizes, rng))
    sizes = (64, 32, 10)
    rows = rows or 256
    X, Y = rng.uniform(0, 1, (rows, 64)), np.eye(10)[rng.integers(0, 10, rows)]
    return Case(name, sizes, "tanh", "linear", "softmax", 0.0, 0.1, X, Y, _weights(sizes, rng))
