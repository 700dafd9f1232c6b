"""What an epoch is made of: rows in a new order each time, and the first of equally good epochs as the best."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import fit

X = np.random.default_rng(0).normal(size=(6, 2))
Y = X @ [2.0, -1.0] + [0.5, -0.5, 1.0, 0.0, -1.0, 0.3]


def test_of_equal_epochs_the_first_is_the_best() -> None:
    model = MLP(2, [1], activation="linear")
    history = fit(model, X, Y, optimizer=SGD(model.parameters(), lr=0.0), epochs=20, patience=3, progress=False)
    assert len(set(history.loss)) == 1
    assert (history.best_epoch, history.epochs, history.stopped, history.restored) == (1, 4, "patience", 1)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("weights", [None, np.array([1.0, 3.0, 0.5, 2.0, 1.0, 4.0])], ids=["alike", "weighted"])
def test_rows_come_in_a_new_random_order_each_epoch(size: int, compiled: bool, weights: Any) -> None:
    """Against gradient descent in plain NumPy, in the orders that the generator draws."""
    model = MLP(2, [1], activation="linear", rng=1)
    theta = np.array([p.data for p in model.parameters()])
    rule = SGD(model.parameters(), lr=0.1)
    options = {"batch_size": size, "epochs": 3, "rng": 7, "compiled": compiled, "progress": False}
    fit(model, X, Y, optimizer=rule, sample_weight=weights, **options)
    w = np.ones(6) if weights is None else weights
    rng, rows = np.random.default_rng(7), np.c_[X, np.ones(6)]
    orders = [rng.permutation(6) for _ in range(3)]
    for order in orders:
        for batch in np.split(order, 6 // size):
            share = w[batch] / w[batch].sum()
            theta = theta - 0.1 * 2 * (share * (rows[batch] @ theta - Y[batch])) @ rows[batch]
    assert [p.data for p in model.parameters()] == pytest.approx(theta, abs=1e-12)
    assert len({tuple(order) for order in orders} | {tuple(range(6))}) == 4
