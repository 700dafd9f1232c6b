"""mse per row: the sum over a row's outputs, divided by the number of rows; as NumPy and a published loss have it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from microgrAD import Value
from microgrAD.gallery import agrees, find
from microgrAD.losses import mse
from microgrAD.nn import MLP
from microgrAD.train import fit

P, Y = np.random.default_rng(0).normal(size=(2, 5, 3))


def test_it_divides_by_rows() -> None:
    values = [[Value(v) for v in row] for row in P.tolist()]
    assert mse(values, Y, per="row").data == pytest.approx(((P - Y) ** 2).sum(axis=1).mean())
    assert mse(values, Y, per="row", half=True, reduction="sum").data == pytest.approx(((P - Y) ** 2).sum() / 2)
    each = mse(values, Y, per="row", reduction="none")
    assert [v.data for v in each] == pytest.approx(((P - Y) ** 2).sum(axis=1).tolist())
    assert mse(values, Y).data == pytest.approx(((P - Y) ** 2).mean())
    assert mse(Value(3.0), 1.0, per="row").data == 4.0


def test_mazurs_loss_is_half_of_it() -> None:
    printed = find("mazur").make().numbers()
    outputs = [printed["out_o1"], printed["out_o2"]]
    loss = mse([Value(o) for o in outputs], [0.01, 0.99], per="row", half=True)
    assert agrees("0.298371109", loss.data)


def test_fit_learns_with_it() -> None:
    model, loss = MLP(3, [3], activation="linear", rng=0), partial(mse, per="row")
    history = fit(model, P, Y, loss=loss, epochs=20, progress=False)
    assert history.loss[-1] < history.loss[0]
    given = np.array([[v.data for v in model(row)] for row in P])
    assert history.loss[-1] == pytest.approx(((given - Y) ** 2).sum(axis=1).mean())


def test_other_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="per must be one of"):
        mse(1.0, 2.0, per="column")
    with pytest.raises(ValueError, match="same shape"):
        mse([1.0, 2.0], [1.0], per="row")
