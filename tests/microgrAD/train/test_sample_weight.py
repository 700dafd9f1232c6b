"""`fit(sample_weight=)`: a weight of 2 is a row that is there twice, one of 0 a row that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microgrAD.files import FileError
from microgrAD.nn import MLP, Dropout, Layer, Sequential
from microgrAD.train import fit
from microgrAD.train.weights import weights_of

RNG = np.random.default_rng(0)
X, CLASSES, W = RNG.normal(size=(12, 2)), RNG.integers(0, 3, 12), RNG.integers(0, 4, 12)
QUANTITIES = RNG.normal(size=12)


def taught(X: Any, y: Any, **options: Any) -> tuple[Any, Any]:
    model = MLP(2, [4, 3 if y.dtype.kind == "i" else 1], activation=["tanh", "linear"], rng=1)
    return fit(model, X, y, epochs=25, progress=False, **options), weights_of(model)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("y", [CLASSES, QUANTITIES], ids=["classes", "quantities"])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_weights_are_rows_repeated(compiled: bool, y: Any, l2: float) -> None:
    again = X.repeat(W, axis=0), y.repeat(W)
    options = {"compiled": compiled, "l2": l2}
    one, ours = taught(X, y, sample_weight=W, validation=(X[::-1], y, 2.5 * W), **options)
    held = X[::-1].repeat(W, axis=0), y.repeat(W)
    other, theirs = taught(*again, validation=held, **options)
    assert ours == pytest.approx(theirs, abs=1e-13)
    for name in ("loss", "test_loss", "accuracy", "test_accuracy"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-13)
    plain, _ = taught(X, y, **options)
    assert plain.loss != pytest.approx(one.loss, abs=1e-4)


@pytest.mark.parametrize("compiled", [True, False])
def test_rows_of_weight_0_are_not_there(compiled: bool) -> None:
    """Nor do they change what is drawn: batches, Dropout and what is held out are those of the other rows."""
    ends = []
    for rows, y, w in ((X, CLASSES, 3.0 * (W > 0)), (X[W > 0], CLASSES[W > 0], None)):
        model = Sequential(Layer(2, 4), Dropout(0.5, rng=0), Layer(4, 3, activation="linear"))
        options = {"batch_size": 3, "validation": 0.25, "compiled": compiled, "rng": 5}
        fit(model, rows, y, epochs=6, sample_weight=w, progress=False, **options)
        ends.append(weights_of(model))
    assert ends[0] == pytest.approx(ends[1], abs=1e-13)


def test_eager_and_compiled_agree_in_batches() -> None:
    runs = [taught(X, CLASSES, sample_weight=W + 0.5, batch_size=5, compiled=compiled, l1=0.01) for compiled in (1, 0)]
    assert runs[0][1] == pytest.approx(runs[1][1], abs=1e-12)
    assert runs[0][1] != pytest.approx(taught(X, CLASSES, batch_size=5, l1=0.01)[1], abs=1e-3)


def test_a_checkpoint_knows_its_weights(tmp_path: Path) -> None:
    taught(X, CLASSES, sample_weight=W, checkpoint=tmp_path / "c.json")
    with pytest.raises(FileError, match="is from a run with another data"):
        taught(X, CLASSES, sample_weight=W[::-1] * (W > 0) + (W > 0), checkpoint=tmp_path / "c.json")


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(3), "a number for each of 12 rows, got shape"),
        (np.zeros(12), "is 0 for every row"),
        (np.r_[-1.0, np.ones(11)], r"0 or more, got -1\.0 at 0"),
        (np.r_[np.ones(11), np.nan], "got nan at 11"),
    ],
)
def test_what_is_no_weight(weights: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        taught(X, CLASSES, sample_weight=weights)
