"""Training through the compiler: the same numbers as eagerly, and what can't be compiled is said."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from microgrAD.compiler import CompileError, compile
from microgrAD.datasets import make_blobs, make_glyphs, make_moons, make_sine, make_xor
from microgrAD.nn import (
    MLP,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    MaxPool2d,
    Module,
    Neuron,
    Rescale,
    Sequential,
    Unflatten,
)
from microgrAD.optim import SGD, Adam
from microgrAD.train import fit


def glyph_network() -> Module:
    return Sequential(
        Unflatten(1, 8, 8),
        Conv2d(1, 2, 3, stride=2, activation="tanh"),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.2),
        Layer(2, 2, activation="linear"),
    )


@pytest.mark.parametrize(
    ("make", "data", "options"),
    [
        (lambda: MLP(2, [4, 1]), make_xor(), {"optimizer": partial(SGD, lr=1.0, momentum=0.9), "epochs": 150}),
        (lambda: MLP(2, [6, 1], activation="relu"), make_moons(20), {"batch_size": 7, "l2": 0.01, "l1": 0.001}),
        (lambda: MLP(2, [4, 1], activation=["tanh", "sigmoid"]), make_moons(12), {"validation": 0.25, "max_norm": 0.1}),
        (lambda: MLP(2, [4, 1], activation=["tanh", "sigmoid"]), make_moons(12), {"loss": "mse", "clip_value": 0.01}),
        (lambda: MLP(2, [4, 3]), make_blobs(15), {"batch_size": 1, "epochs": 6}),
        (lambda: MLP(2, [4, 3]), make_blobs(15), {"loss": "multi_margin"}),
        (lambda: MLP(2, [4, 1], fused=True), (make_moons(12)[0], 2 * make_moons(12)[1] - 1), {"loss": "hinge"}),
        (lambda: MLP(1, [4, 1]), make_sine(12), {"loss": "huber"}),
        (lambda: Sequential(*MLP(1, [4, 1]).layers, Rescale([0.1], [0.7])), make_sine(12), {"batch_size": 5}),
        (
            lambda: Sequential(Layer(2, 5), Dropout(0.4), Layer(5, 4), Dropout(0.2), Layer(4, 1, activation="linear")),
            make_moons(12),
            {"batch_size": 5},
        ),
        (glyph_network, make_glyphs(8, kinds=("L", "X")), {"epochs": 5, "batch_size": 4}),
    ],
)
def test_a_compiled_run_is_the_eager_one(make: Any, data: Any, options: dict[str, Any]) -> None:
    runs = []
    for compiled in (True, False):
        model = make()
        history = fit(model, *data, **{"epochs": 20, "rng": 1, **options}, compiled=compiled)
        runs.append(
            (
                list(model.state_dict().values()),
                history.loss,
                history.test_loss,
                history.accuracy,
                [*history.gradient_norms.values()],
            )
        )
    for ours, plain in zip(*runs, strict=True):
        # where the rows' shares of a gradient cancel out, Adam makes 1e-9 of what rounding leaves
        assert np.array(ours) == pytest.approx(np.array(plain), rel=1e-12, abs=1e-9)


class Branching(Module):
    def __init__(self) -> None:
        self.w = Neuron(2)

    def __call__(self, x: Any) -> Any:
        out = self.w(x)
        return out if out > 0 else 2 * out


def test_what_cannot_be_compiled_runs_eagerly_and_says_why() -> None:
    X, y = make_xor()
    with pytest.warns(UserWarning, match=r"builds every row's graph anew.*test_replay\.py") as said:
        history = fit(Branching(), X, y, epochs=3)
    assert len(said) == 1
    assert history.loss == fit(Branching(), X, y, epochs=3, compiled=False).loss
    with pytest.raises(CompileError):
        fit(Branching(), X, y, compiled=True)


def test_dropout_is_not_compiled_into_one_draw() -> None:
    model = Dropout(0.5)
    with pytest.raises(CompileError, match=r"call eval\(\) on the model first"):
        compile(model, parameters=[], shapes=[(3,)])


def test_a_frozen_layer_stays() -> None:
    model = MLP(2, [3, 1])
    before = model.layers[0].state_dict()
    history = fit(model, *make_xor(), optimizer=Adam(model.layers[1].parameters(), lr=0.1), epochs=5)
    assert model.layers[0].state_dict() == before
    assert history.loss[-1] < history.loss[0]
