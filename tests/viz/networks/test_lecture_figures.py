"""A lecture's other figures: their numbers are those of scikit-learn, of finite differences, of the runs themselves."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as their_confusions
from slides import history, images, kinds, letters, network, reader, sizes

import viz
from microgrAD.datasets import make_and
from microgrAD.losses import mse
from microgrAD.nn import MLP, Conv2d, Perceptron, Sequential
from microgrAD.train import evaluate, fit
from microgrAD.train.weights import with_weights
from viz import style
from viz.networks.activation_curves import curves
from viz.networks.confusion import confusions
from viz.networks.decision_boundary import TIES
from viz.networks.layer_gradients import sizes_by_layer

X, y = np.random.default_rng(1).normal(size=(12, 2)), np.arange(12) % 2


def test_activations_and_their_derivatives() -> None:
    x = np.linspace(-3, 3, 13)
    values = curves("sigmoid", x)[0]
    assert values == pytest.approx([1 / (1 + math.exp(-v)) for v in x], rel=1e-12)
    for name in ("sigmoid", "tanh", "relu", "gelu"):
        at = x[x != 0]
        low, high = curves(name, at - 1e-6)[0], curves(name, at + 1e-6)[0]
        assert curves(name, at)[1] == pytest.approx((high - low) / 2e-6, abs=1e-6)
    left, right = viz.activation_curves(["step", "sigmoid"]).axes
    assert [line.get_label() for line in left.lines[:2]] == ["step", "sigmoid"]
    assert np.nanmax(np.abs(right.lines[0].get_ydata())) == 0, "the step has no slope"
    assert np.isnan(left.lines[0].get_ydata()).any(), "no line joins both sides of the jump"
    with pytest.raises(ValueError, match="activation must be one of"):
        viz.activation_curves("sigmund")


def test_confusions_are_those_of_scikit_learn() -> None:
    found = confusions(reader, images, letters)
    answers = np.array([np.argmax([v.data for v in reader(row)]) for row in images])
    assert found.tolist() == their_confusions(letters, answers, labels=range(6)).tolist()
    picture = viz.confusion_matrix(reader, images, letters)
    assert [t.get_text() for t in picture.axes[0].texts] == [str(n) for n in found.ravel()]
    with pytest.raises(ValueError, match="from 0 to 5"):
        viz.confusion_matrix(reader, images, letters + 1)


def test_gradients_by_layer_are_those_of_backward() -> None:
    deep = MLP(2, [3, 3, 3, 1], activation="sigmoid", rng=0)
    found = sizes_by_layer(deep, X, y.astype(float), loss="mse")
    total = sum((deep(row) - target) ** 2 for row, target in zip(X.tolist(), y.tolist(), strict=True)) / len(X)
    total.backward()
    for layer, size in zip(deep.layers, found.values(), strict=True):
        assert size == pytest.approx(math.sqrt(np.mean([p.grad**2 for p in layer.parameters()])), rel=1e-9)
    title = viz.layer_gradients(deep, X, y.astype(float), loss="mse").title
    assert title.startswith("The gradient of layer1 is 0.") and title.endswith("times that of layer4")


def test_the_plane_of_two_weights() -> None:
    run = history()
    ax = viz.weight_plane(run, weights=("w13", "w23"), resolution=3).axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("w13", "w23")
    path = next(line for line in ax.lines if line.get_label() == "path of training")
    names = [name for name, _ in run.recording.model.named_parameters()]
    where = [names.index(name) for name in names[:2]]
    assert np.asarray(path.get_xydata()) == pytest.approx(run.recording.weights[:, where])
    model, entries = run.recording.model, [line.get_label() for line in ax.lines]
    with with_weights(model, np.r_[run.recording.weights[0, where], run.recording.weights[-1, 2:]]):
        begin = evaluate(model, run.recording.X, run.recording.y)[0]  # only these two weights are as at the beginning
    assert where == [0, 1]
    assert any(str(label).startswith(f"start, loss {style.number(begin, 2)}") for label in entries)
    assert f"end, loss {style.number(run.recording.loss[-1], 2)}" in entries
    same = viz.weight_plane(run, weights=(names[0], names[1]), resolution=3).axes[0]
    assert same.get_xlim() == ax.get_xlim()
    with pytest.raises(ValueError, match="no weight is called 'w99'"):
        viz.weight_plane(run, weights=("w13", "w99"))
    with pytest.raises(ValueError, match="takes two names"):
        viz.weight_plane(run, weights=("w13", "w13"))


def test_a_plane_has_the_loss_of_the_run() -> None:
    model = MLP(2, [2, 1], activation="sigmoid", rng=0)
    half = partial(mse, half=True)
    run = fit(model, X, y.astype(float), loss=half, epochs=3, record=True, progress=False)
    for draw in (partial(viz.weight_plane, weights=("w13", "w23")), viz.training_path):
        labels = [line.get_label() for line in draw(run, resolution=3).axes[0].lines]
        assert f"end, loss {style.number(run.loss[-1], 2)}" in labels, labels  # without "in the run": it is the same


@pytest.mark.parametrize("model", [Perceptron(2, rng=3), MLP(2, [1], activation="step", rng=3)])
def test_the_line_of_a_step_is_straight(model: Any) -> None:
    w1, w2 = (p.data for p in model.parameters()[:2])
    (ax,) = viz.decision_boundary(model, X, y, resolution=20).axes
    (lines,) = [c for c in ax.collections if c.get_gid() == TIES]
    at = np.concatenate([path.vertices for path in lines.get_paths()])
    assert len(at) > 10
    assert at @ [w1, w2] + model.parameters()[2].data == pytest.approx(0.0, abs=1e-9)


def test_error_against_size() -> None:
    trials = sizes()
    ax = viz.sweep_curve(trials).axes[0]
    held = next(line for line in ax.lines if str(line.get_label()).startswith("held-out"))
    means = [np.mean([trial.history.test_loss[trial.history.end] for trial in some]) for some in trials.values()]
    assert np.asarray(held.get_ydata()) == pytest.approx(means)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1", "2", "4"]
    with pytest.raises(ValueError, match="no trial has a loss"):
        viz.sweep_curve({})


def test_initial_weights_on_one_scale() -> None:
    picture = viz.weights_by_layer(kinds())
    assert len(picture.axes) == 9 and len({ax.get_xlim() for ax in picture.axes}) == 1
    first = kinds()["uniform"].layers[0]
    spread = np.std([w.data for neuron in first.neurons for w in neuron.w])
    assert f"{spread:.2g}" in picture.axes[0].get_title()
    with pytest.raises(ValueError, match="as many layers"):
        viz.weights_by_layer({"a": network, "b": MLP(2, [1])})
    with pytest.raises(TypeError, match="fully connected"):
        viz.weights_by_layer({"a": Sequential(Conv2d(1, 1, 2))})


def test_a_perceptron_has_a_boundary_and_no_probabilities() -> None:
    X, y = make_and()
    model = Perceptron(2)
    model.fit(X, y)
    picture = viz.decision_boundary(model, X, y, resolution=20)
    assert len(picture.figure.axes) == 1, "no bar"
    labels = [t.get_text() for t in picture.axes[0].get_legend().get_texts()]
    assert "boundary" in labels and "P = 0.5" not in labels
    assert len(viz.decision_boundary(network, X, y, resolution=8).figure.axes) == 2


@pytest.mark.parametrize("draw", [viz.loss_curve, viz.accuracy_curve, viz.gradient_norms])
def test_legends_stand_below_the_curves(draw: Any) -> None:
    picture = draw(history())
    picture.figure.draw_without_rendering()
    (ax,) = picture.axes
    legend = ax.get_legend().get_window_extent()
    assert legend.y1 < ax.get_window_extent().y0 and legend.y0 >= 0
