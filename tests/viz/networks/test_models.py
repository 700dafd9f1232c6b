"""Which models pictures of networks take: functions of a row that can be followed, as they answer in use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from sklearn.linear_model import LogisticRegression

import viz
from microgrAD import interpret, losses
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP, Dropout, Layer, Sequential, Softmax
from microgrAD.outputs import outputs
from microgrAD.train import fit

X, y = make_moons(20, noise=0.1)
TWO, THREE = MLP(2, [3, 1], rng=0), MLP(2, [3, 3], rng=0)


class Estimator:
    """As scikit-learn has them: not to be called."""

    def get_params(self) -> dict[str, Any]:
        return {}


class Fitted(Estimator):
    model_ = TWO


@pytest.mark.parametrize(
    "draw",
    [viz.decision_boundary, viz.hidden_units, viz.random_plane, lambda model, X, y: viz.input_gradients(model, X, y)],
)
@pytest.mark.parametrize(
    ("model", "message"),
    [(None, "got NoneType"), ("MLP", "got str"), (Estimator(), "got Estimator"), (Fitted(), "got Fitted")],
)
def test_what_is_no_model_is_named(draw: Any, model: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw(model, X, y)


@pytest.mark.parametrize("draw", [viz.decision_boundary, viz.hidden_units, viz.random_plane])
def test_of_an_estimator_its_network_is_to_be_passed(draw: Any) -> None:
    with pytest.raises(TypeError, match=r"its network is its \.model_"):
        draw(Fitted(), X, y)
    with pytest.raises(TypeError, match=r"call its \.fit first"):
        draw(Estimator(), X, y)


def test_an_estimator_of_scikit_learn_is_drawn_as_the_message_says() -> None:
    model = LogisticRegression().fit(X, y)
    with pytest.raises(TypeError, match=r"got LogisticRegression; pass lambda x: model.predict_proba\(\[x\]\)\[0\]"):
        viz.decision_boundary(model, X, y)
    (ax,) = viz.decision_boundary(
        lambda x: model.predict_proba([x])[0], X, y, reading="probabilities", resolution=20
    ).axes
    (contour,) = (c for c in ax.collections if isinstance(c, LineCollection))
    line = np.concatenate([path.vertices for path in contour.get_paths()])
    assert model.decision_function(line) == pytest.approx(0.0, abs=0.02)


def test_a_model_that_gives_now_one_number_and_now_two_is_refused() -> None:
    with pytest.raises(ValueError, match="the same number of outputs for every row, got 1 for one and 2 for another"):
        viz.decision_boundary(lambda x: [0.0] * (1 + (x[0] > 0)), resolution=5)


@pytest.mark.parametrize("color_by", ["weight", "gradient"])
def test_the_drawing_of_a_network_takes_layers_with_weights(color_by: str) -> None:
    with pytest.raises(TypeError, match=r"a fully connected layer, got Sequential\(Softmax\(\)\)"):
        viz.network_drawing(Sequential(Softmax()), X[0], color_by=color_by)


@pytest.mark.parametrize(
    "draw",
    [
        lambda f: viz.input_gradients(f, X, y),
        lambda f: viz.saliency_maps(f, X[0], shape=(1, 2)),
        lambda f: interpret.input_gradient(f, X[0]),
        lambda f: interpret.integrated_gradients(f, X[0]),
    ],
)
def test_a_gradient_that_is_cut_off_is_no_zero(draw: Any) -> None:
    """float() in a model takes the number out of the graph: arrows of length 0 would be a lie."""
    with pytest.raises(TypeError, match=r"without float\(\) and math"):
        draw(lambda x: float(x[0] * x[1]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda m: outputs(m, X),
        lambda m: viz.decision_boundary(m, X, y, resolution=9).axes[0].images[0].get_array(),
        lambda m: viz.unit_boundary(m, X, layer=3, resolution=9).axes[0].images[0].get_array(),
        lambda m: interpret.input_gradient(m, X[0]),
        lambda m: interpret.input_gradient(m, X[0], loss=losses.binary_cross_entropy_with_logits, target=1),
        lambda m: interpret.integrated_gradients(m, X[0]).values,
        lambda m: interpret.adversarial(m, X[0]).x,
        lambda m: interpret.maximise(interpret.unit(m, 3, 1), X[0], max_norm=1.0).x,
        lambda m: interpret.gradient_similarity(m, X, y, X[0], 1),
        lambda m: interpret.concept(m, 1, X[:10], X[10:]).sensitivity(m, X, 0),
    ],
)
def test_dropout_is_off_in_what_a_network_learned(ask: Any) -> None:
    """A network in train mode, as `fit` leaves it, is pictured as it answers in use; its mode stays."""
    model = Sequential(Layer(2, 6, activation="tanh", rng=3), Dropout(0.5), Layer(6, 1, activation="linear", rng=4))
    fit(model, X, y, epochs=30, progress=False)
    training, used = ask(model.train()), ask(model.eval())
    assert np.asarray(training).tolist() == np.asarray(used).tolist()
    assert model.train().training and model.layers[1].training
