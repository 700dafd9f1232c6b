"""Layers that are no plain neurons: Dropout, pools, images, the perceptron; their gradients and their errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from microgrAD import gradcheck, losses
from microgrAD.datasets import make_and, make_glyphs, make_or, make_xor
from microgrAD.nn import (
    MLP,
    AvgPool2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    MaxPool2d,
    Module,
    Perceptron,
    Rescale,
    Sequential,
    Softmax,
    Standardize,
    SumPool2d,
    Unflatten,
)

IMAGES: dict[str, Callable[[], Module]] = {
    "conv": lambda: Conv2d(1, 2, 2, activation="tanh"),
    "conv, stride and padding": lambda: Conv2d(1, 1, (2, 3), stride=2, padding=1, fused=True),
    "max": lambda: MaxPool2d(2),
    "average": lambda: AvgPool2d(2),
    "sum": lambda: SumPool2d((2, 3), stride=1),
}


@pytest.mark.parametrize("name", IMAGES)
def test_gradients_of_image_layers(name: str) -> None:
    layer = Sequential(Unflatten(1, 3, 4), IMAGES[name](), Flatten())
    x = np.random.default_rng(5).normal(size=12).tolist()
    weights = np.random.default_rng(6).normal(size=len(layer(x))).tolist()
    assert gradcheck(lambda *row: losses.mse(layer(row), weights), *x)


@pytest.mark.parametrize(
    "make",
    [
        lambda: MLP(3, [4, 2]),
        lambda: Sequential(Layer(3, 3), Softmax()),
        lambda: Sequential(Dropout(0.5).eval(), Layer(3, 2)),
        lambda: Sequential(Layer(3, 2), Rescale([300.0, -1.0], [50.0, 0.1])),
    ],
)
def test_gradients_of_rows(make: Callable[[], Module]) -> None:
    model = make()
    assert gradcheck(lambda *row: losses.mse(model(row), np.arange(len(model(row))) / 3), 0.3, -0.8, 1.1)


@pytest.mark.parametrize(
    ("name", "p", "y"),
    [
        ("mse", [0.3, -1.0], [0.0, 2.0]),
        ("binary_cross_entropy", [0.3, 0.8], [0.2, 1.0]),
        ("binary_cross_entropy_with_logits", [0.3, -2.8], [0.2, 1.0]),
        ("cross_entropy", [0.3, -1.0, 2.0], 1),
        ("cross_entropy", [0.3, -1.0, 2.0], [0.2, 0.3, 0.5]),
        ("nll", [-0.3, -1.0], 1),
        ("hinge", [0.3, -1.0], [1, 1]),
        ("multi_margin", [0.3, -1.0, 0.2], 0),
        ("huber", [0.3, 5.0], [0.0, 2.0]),
    ],
)
def test_gradients_of_losses(name: str, p: list[float], y: Any) -> None:
    assert gradcheck(lambda *row: getattr(losses, name)(list(row), y), *p)


@pytest.mark.parametrize("penalty", [losses.l1_penalty, losses.l2_penalty])
def test_gradients_of_penalties(penalty: Any) -> None:
    assert gradcheck(lambda *w: penalty(w, 0.3), 1.0, -2.0)


def test_pools_and_convolution_by_hand() -> None:
    image = [[1.0, 2.0, 0.0], [3.0, 5.0, 1.0], [0.0, 4.0, 2.0]]
    assert MaxPool2d(2)(image) == [[[5.0]]]
    assert AvgPool2d(2, stride=1)(image) == [[[2.75, 2.0], [3.0, 3.0]]]
    assert SumPool2d((1, 3))(image) == [[[3.0], [9.0], [6.0]]]
    conv = Conv2d(1, 1, 2)
    for w, number in zip(conv.parameters(), [1.0, 0.0, 0.0, -1.0, 10.0], strict=True):
        w.data = number
    assert [[v.data for v in line] for line in conv(image)[0]] == [[6.0, 11.0], [9.0, 13.0]]


def test_a_filter_is_one_neuron_everywhere() -> None:
    conv = Sequential(Conv2d(1, 2, 2))
    out = conv([[1.0, 2.0, 3.0]] * 3)
    assert {v.scope for line in out[1] for v in line} == {"layer1/filter2"}
    assert len(conv.parameters()) == 2 * 5


@pytest.mark.parametrize(
    ("layer", "x", "message"),
    [
        (Conv2d(2, 1, 3), np.zeros((1, 5, 5)), "takes 2 channels, got 1"),
        (Conv2d(1, 1, 3), np.zeros((2, 5)), "an image of at least 3×3 with its padding, got 2×5"),
        (Conv2d(1, 1, 3), np.zeros(25), "put Unflatten"),
        (Conv2d(1, 1, 3), [[1.0, 2.0], [1.0]], "an image of shape"),
        (Conv2d(1, 1, 3), [[[1.0, 2.0], [3.0, 4.0]], 5.0], "an image of shape"),
        (MaxPool2d(3), np.zeros((2, 2)), "at least 3×3"),
        (MaxPool2d(3), np.zeros((1, 1, 1, 2)), "an image of shape"),
        (Unflatten(1, 8, 8), np.zeros(63), "takes 64 numbers, got 63"),
    ],
)
def test_images_of_other_shapes_are_errors(layer: Module, x: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        layer(x)


def test_a_kernel_may_be_numpys_number() -> None:
    assert Conv2d(1, 1, np.int64(2)).kernel_size == MaxPool2d(np.int64(2)).kernel_size == (2, 2)
    with pytest.raises(TypeError, match=r"kernel_size takes a whole number, got float 2\.5"):
        Conv2d(1, 1, 2.5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Conv2d(1, 1, 0),
        lambda: Conv2d(1, 0, 2),
        lambda: MaxPool2d(2, stride=0),
        lambda: Dropout(1.0),
        lambda: Dropout(-0.1),
        lambda: Conv2d(1, 1, 2, padding=-1),
        lambda: Conv2d(1, 1, 2, padding=(1, 10**30)),
        lambda: MaxPool2d((1, 2, 3)),
        lambda: Rescale([1.0], [0.0]),
        lambda: Rescale([], []),
        lambda: Standardize([1.0, 2.0], [1.0]),
    ],
)
def test_layers_that_cannot_be(make: Any) -> None:
    with pytest.raises(ValueError):
        make()


def test_dropout_keeps_the_mean_and_drops_its_share() -> None:
    out = np.array(Dropout(0.3, rng=1)(np.ones(20_000)))
    assert set(out.round(9)) == {0.0, round(1 / 0.7, 9)}
    assert (out == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert out.mean() == pytest.approx(1.0, abs=0.02)


def test_dropout_draws_anew_each_time_and_rests_when_asked() -> None:
    layer = Dropout(0.5)
    assert layer(np.ones(50)) != layer(np.ones(50))
    assert layer.eval()([1.0, 2.0]) == [1.0, 2.0]


def test_dropout_keeps_the_shape_of_an_image() -> None:
    layer, picture = Dropout(0.5, rng=1), [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]
    found = np.array(layer(picture))
    assert found.shape == (2, 2, 2)
    assert set((found / picture).ravel()) == {0.0, 2.0}
    assert layer.eval()(picture) == layer(np.array(picture)) == picture
    assert layer(3.0) == 3.0
    small = Sequential(Conv2d(1, 2, 2), Dropout(0.5), MaxPool2d(2), Flatten())
    assert len(small(np.ones((1, 3, 3)))) == 2


def test_softmax_gives_probabilities() -> None:
    p = Softmax()([1000.0, 1000.0, -1000.0])
    assert p == pytest.approx([0.5, 0.5, 0.0])


@pytest.mark.parametrize("make", [make_and, make_or])
def test_a_perceptron_learns_what_a_line_parts(make: Any) -> None:
    X, y = make()
    p = Perceptron(2)
    assert p.fit(X, y)[-1] == 0
    assert [p(x).data for x in X] == y.tolist()


def test_a_perceptron_never_learns_xor() -> None:
    mistakes = Perceptron(2).fit(*make_xor(), epochs=200)
    assert len(mistakes) == 200
    assert min(mistakes) > 0


def test_rosenblatts_rule_by_hand() -> None:
    p = Perceptron(2)
    for w, number in zip(p.parameters(), [1.0, -1.0, 0.5], strict=True):
        w.data = number
    assert p.learn([2.0, 1.0], 0, lr=0.1)
    assert [w.data for w in p.parameters()] == pytest.approx([0.8, -1.1, 0.4])
    assert not p.learn([2.0, 1.0], 1)


def test_no_gradient_reaches_a_perceptron() -> None:
    p = Perceptron(2)
    ((p([1.0, 2.0]) - 1) ** 2).backward()
    assert not any(w.grad for w in p.parameters())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lr": 0.0}, "lr must be above 0, got 0"),
        ({"lr": float("nan")}, "lr takes a finite number"),
        ({"lr": "1"}, "lr takes one real number"),
        ({"epochs": -1}, "epochs must be 0 or more"),
        ({"epochs": 1.5}, "epochs takes a whole number"),
    ],
)
def test_what_rosenblatts_rule_does_not_take(options: dict[str, Any], message: str) -> None:
    p = Perceptron(2)
    before = p.state_dict()
    with pytest.raises((ValueError, TypeError), match=message):
        p.fit([[0, 1], [1, 0]], [0, 1], **options)
    assert p.state_dict() == before


def test_a_perceptron_takes_0_and_1() -> None:
    with pytest.raises(ValueError, match="targets of 0 or 1, got 2"):
        Perceptron(1).learn([1.0], 2)


def test_a_glyph_goes_through_a_small_convolutional_network() -> None:
    X, _ = make_glyphs(2)
    model = Sequential(
        Unflatten(1, 8, 8),
        Conv2d(1, 2, 3, activation="relu"),
        MaxPool2d(2),
        Flatten(),
        Layer(18, 6, activation="linear"),
    )
    assert len(model(X[0])) == 6
    losses.cross_entropy(model(X[0]), 2).backward()
    assert sum(p.grad != 0 for p in model.parameters()) > 60


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.mse([1.0, 2.0], [1.0]), r"shape \(2,\) take targets of the same shape"),
        (lambda: losses.mse([[1.0], [2.0, 3.0]], [1.0, 2.0]), "rows must have the same shape"),
        (lambda: losses.mse([1.0], [1.0], reduction="max"), "reduction must be one of"),
        (lambda: losses.mse([], []), "one output or more"),
        (lambda: losses.binary_cross_entropy_with_logits(1.0, 2), "targets from 0 to 1, got 2"),
        (lambda: losses.binary_cross_entropy(0.5, -1), "targets from 0 to 1"),
        (lambda: losses.hinge([1.0], [0]), "targets of -1 or 1, got 0"),
        (lambda: losses.cross_entropy([1.0, 2.0], 2), "whole numbers from 0 to 1, got 2"),
        (lambda: losses.cross_entropy([1.0, 2.0], 0.5), "whole numbers from 0 to 1"),
        (lambda: losses.cross_entropy([1.0, 2.0], [0, 1, 1]), "do not fit outputs of shape .*one-hot row"),
        (lambda: losses.cross_entropy(1.0, 0), "do not fit outputs of shape .*one-hot row"),
        (lambda: losses.huber(1.0, 0.0, delta=0.0), "delta must be above 0"),
        (lambda: losses.huber(1.0, 0.0, delta=float("inf")), "delta takes a finite number"),
        (lambda: losses.huber(1.0, 0.0, delta="x"), "delta takes one real number"),
        (lambda: losses.mse("ab", "ab"), "a loss takes one real number, got str 'ab'"),
        (lambda: losses.mse([1.0], ["a"]), "a loss takes one real number, got str 'a'"),
        (lambda: losses.hinge(None, None), "a loss takes one real number, got NoneType"),
        (lambda: losses.mse([0.5], [float("nan")]), "a loss takes a finite number, got nan"),
        (lambda: losses.cross_entropy([1.0, 2.0], float("nan")), "a loss takes a finite number, got nan"),
        (lambda: losses.cross_entropy([], 0), "one output or more"),
        (lambda: losses.multi_margin([1.0, 2.0], [0.5, 0.5]), r"takes one 1, and 0 for .*, got \[0\.5, 0\.5\]"),
        (lambda: losses.mse([1e200], [0.0]), "more than a float holds"),
        (lambda: losses.huber([1e308], [-1e308]), "finite number"),
    ],
)
def test_what_a_loss_cannot_take(call: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call()
