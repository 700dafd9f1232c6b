"""What pictures of networks refuse: data that would vanish from them, names that would stand at the wrong place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.contour import ContourSet
from sklearn.linear_model import LogisticRegression

import viz
from microgrAD import interpret, losses
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP, Dropout, Layer, Sequential, Softmax
from microgrAD.outputs import outputs
from microgrAD.train import fit

X, y = make_moons(20, noise=0.1)
TWO, THREE = MLP(2, [3, 1], rng=0), MLP(2, [3, 3], rng=0)
NAN = np.where(np.arange(20)[:, None] == 7, np.nan, X)


@pytest.mark.parametrize("draw", [viz.decision_boundary, viz.hidden_units, viz.network_planes, viz.latent_spaces,
                                  lambda model, X, y: viz.latent_space(model, 1, X, y),
                                  lambda model, X, y: viz.unit_boundary(model, 1, 1, X, y),
                                  lambda model, X, y: viz.compare_boundaries({"it": model}, X, y)])
@pytest.mark.parametrize(("rows", "labels", "message"), [
    (X, y[:-1], r"a label for each of 20 rows, got shape \(19,\)"),
    (X, y[:, None], r"a label for each of 20 rows, got shape \(20, 1\)"),
    (X, np.where(y == 1, np.nan, 0.0), "y takes a label for each row, got nan"),
    (NAN, y, "finite number"),
    (np.where(np.isnan(NAN), np.inf, X), y, "finite number"),
])
def test_data_that_would_vanish_are_refused(draw: Any, rows: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(TWO, rows, labels)


@pytest.mark.parametrize(("arguments", "message"), [
    ({"y": y}, "there is no X"),
    ({"X": X, "y": ["yes"] * 20}, "can't be told from 'yes'; number the classes from 0"),
    ({"X": X, "y": [7] * 20}, "can't be told from 7"),
    ({"X": X, "held_out": X}, r"held_out takes \(X, y\)"),
    ({"X": X, "y": y, "held_out": (X, y[:3])}, "held_out takes a label for each of 20 rows"),
    ({"X": X, "y": y, "held_out": (X[:, :1], y)}, "got held_out of shape"),
    ({"feature_names": ["width"]}, "feature_names takes one name for each of 2 features"),
    ({"limits": (0, 1)}, r"limits takes \(\(left, right\), \(bottom, top\)\)"),
    ({"limits": ((1, 1), (0, 1))}, "from low to high"),
    ({"limits": "all"}, "from low to high"),
    ({"resolution": 1}, "resolution takes a whole number of 2 or more"),
])
def test_what_a_boundary_can_not_show_is_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        viz.decision_boundary(TWO, **arguments)


def test_limits_may_be_an_array() -> None:
    ax = viz.decision_boundary(TWO, limits=np.array([[-1.0, 2.0], [0.0, 3.0]]), resolution=5)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1.0, 2.0), (0.0, 3.0))


def test_more_classes_than_hues_are_refused() -> None:
    with pytest.raises(ValueError, match="up to 8 classes, and the model gives 14"):
        viz.decision_boundary(MLP(2, [14]), X)


def test_sigmoids_of_several_classes_have_colours() -> None:
    """Their sum may be 0 or 3: a mix of hues by shares, and no colour out of range."""
    model = Sequential(Layer(2, 3, activation="sigmoid", rng=0))
    for p, b in zip(model.parameters(), [0, 0, 9.0] * 3, strict=True):
        p.data = b
    shade = viz.decision_boundary(model, resolution=5).images[0].get_array()
    assert shade is not None and shade.min() >= 0 and shade.max() <= 1
    nothing = viz.decision_boundary(lambda x: [0.0, 0.0, 0.0], reading="probabilities", resolution=5).images[0]
    assert np.asarray(nothing.get_array()) == pytest.approx(1.0)            # white: it can't tell


def test_the_share_of_right_answers_where_a_class_is_missing() -> None:
    """Held-out rows of class 1 alone, and data of classes 0 and 2 of three: labels stay what they are."""
    ax, = viz.compare_boundaries({"ones": lambda x: 1.0}, X, y, held_out=(X[y == 1], y[y == 1]), resolution=5)
    assert ax.get_title() == "ones\n50% right, held out 100%"
    ax, = viz.compare_boundaries({"twos": lambda x: [0.0, 0.0, 1.0]}, X, 2 * y, resolution=5)
    assert ax.get_title() == "twos\n50% right"
    ax, = viz.compare_boundaries({"yes": lambda x: 1.0}, X, np.where(y == 1, "yes", "no"), resolution=5)
    assert ax.get_title() == "yes\n50% right"


class Estimator:
    """As scikit-learn has them: not to be called."""

    def get_params(self) -> dict[str, Any]:
        return {}


class Fitted(Estimator):
    model_ = TWO


@pytest.mark.parametrize("draw", [viz.decision_boundary, viz.hidden_units, viz.random_plane,
                                  lambda model, X, y: viz.input_gradients(model, X, y)])
@pytest.mark.parametrize(("model", "message"), [(None, "got NoneType"), ("MLP", "got str"),
                                                (Estimator(), "got Estimator"), (Fitted(), "got Fitted")])
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
    with pytest.raises(TypeError, match=r"got LogisticRegression; take lambda x: model.predict_proba\(\[x\]\)\[0\]"):
        viz.decision_boundary(model, X, y)
    ax = viz.decision_boundary(lambda x: model.predict_proba([x])[0], X, y, reading="probabilities", resolution=20)
    contour, = (c for c in ax.collections if isinstance(c, ContourSet))
    line = np.concatenate([path.vertices for path in contour.get_paths()])
    assert model.decision_function(line) == pytest.approx(0.0, abs=0.02)


def test_a_model_that_gives_now_one_number_and_now_two_is_refused() -> None:
    with pytest.raises(ValueError, match="as many numbers for every row, got 1 for one and 2 for another"):
        viz.decision_boundary(lambda x: [0.0] * (1 + (x[0] > 0)), resolution=5)


@pytest.mark.parametrize("color_by", ["weight", "gradient"])
def test_the_drawing_of_a_network_takes_layers_with_weights(color_by: str) -> None:
    with pytest.raises(TypeError, match=r"layer 2 has no neurons with weights, it is Softmax\(\)"):
        viz.network_drawing(Sequential(Layer(2, 3), Softmax()), X[0], color_by=color_by)


@pytest.mark.parametrize("draw", [
    lambda names: viz.network_drawing(THREE, X[0], class_names=names),
    lambda names: viz.network_drawing(THREE, X[0], input_names=names),
    lambda names: viz.saliency_maps(THREE, X[0], shape=(1, 2), class_names=names),
    lambda names: viz.logit_bars(THREE, X[0], class_names=names),
    lambda names: viz.hard_images(THREE, X, y, shape=(1, 2), class_names=names),
    lambda names: viz.adversarial_images(THREE, X[0], shape=(1, 2), class_names=names),
    lambda names: viz.weight_images(THREE, shape=(1, 2), class_names=names),
    lambda names: viz.decision_boundary(THREE, X, class_names=names),
])
def test_names_are_one_each(draw: Any) -> None:
    with pytest.raises(ValueError, match=r"takes one name for each of [23] (classes|inputs|outputs), got \['a'\]"):
        draw(["a"])


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: viz.hard_images(THREE, X, y, shape=(1, 2), count=0), "count takes a whole number of 1 or more"),
    (lambda: viz.hard_images(THREE, X, y + 2, shape=(1, 2)), r"from 0 to 2, got shape \(20,\) of \[2, 3\]"),
    (lambda: viz.exciting_images(THREE, 1, 1, X, shape=(1, 2), count=0), "count takes a whole number of 1 or more"),
    (lambda: viz.maximised_images(THREE, 1, shape=(1, 2), names=["a"]), "names takes one name for each of 3 units"),
    (lambda: viz.dependence_curve(TWO, X, 0.5), "feature must be a number from 0 to 1, got 0.5"),
    (lambda: viz.dependence_curve(TWO, X, 0, resolution=0), "resolution takes a whole number of 1 or more"),
    (lambda: viz.input_gradients(TWO, X, y, points=X[0]), "got points of shape"),
    (lambda: viz.input_gradients(TWO, X, y, loss=losses.mse, points=[0, 20]), "numbers of rows, from 0 to 19"),
    (lambda: viz.network_drawing(THREE, X[0], color_by="gradient", output=3), "output must be from 0 to 2"),
    (lambda: viz.network_drawing(THREE, X[0], digits=0), "digits must be a whole number"),
    (lambda: viz.latent_space(THREE, 3, X, y), "layer must be from 0, the input, to 2, the last, got 3"),
    (lambda: interpret.concept(THREE, 1, X, X), "layer 1 gives the same"),
    (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], X), "a target for each row"),
    (lambda: viz.fitted_curve(lambda x: x[0], [], []), "a target for each row"),
    (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], NAN[:, 0]), "take finite numbers"),
    (lambda: viz.loss_curves({}), "nothing to draw"),
    (lambda: viz.random_plane(TWO, X, y, resolution=1), "resolution takes a whole number of 2 or more"),
    (lambda: viz.unit_boundary(TWO, 1, 1, resolution=1), "resolution takes a whole number of 2 or more"),
    (lambda: viz.influential_points(TWO, X, y, X[0], [1, 2], y), r"each of 20 rows, got shape \(2,\)"),
    (lambda: viz.influential_points(TWO, X, y, X[0], y, NAN[:, 0]), "with one that is not"),
    (lambda: viz.influential_points(TWO, X, y, [0.0], y, y), "got x of shape"),
    (lambda: viz.influential_points(TWO, X, None, X[0], y, y), "y takes a label for each of 20 rows"),
    (lambda: viz.latent_space(TWO, 1, X, X[:, 0]), "got 20 quantities such as"),
    (lambda: viz.decision_boundary(TWO, X, X[:, 0]), "those viz.player shows"),
    (lambda: viz.latent_spaces(TWO, X[:, 0], y), r"X takes rows of finite numbers, \(rows, features\), got"),
    (lambda: viz.exciting_images(THREE, 1, 1, X[:0], shape=(1, 2)), r"got shape \(0, 2\)"),
    (lambda: viz.hard_images(THREE, X[:0], y[:0], shape=(1, 2)), r"got shape \(0, 2\)"),
    (lambda: viz.word_importance(TWO, X[:0], ["a", "b"]), r"rows takes rows of finite numbers"),
    (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], None), "a target for each row"),
])
def test_options_that_make_no_picture_are_named(draw: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()


def test_classes_of_images_may_be_whole_floats() -> None:
    floats, whole = (viz.hard_images(THREE, X, labels, shape=(1, 2)) for labels in (y * 1.0, y))
    assert [ax.get_title() for ax in floats] == [ax.get_title() for ax in whole]


@pytest.mark.parametrize("draw", [
    lambda f: viz.input_gradients(f, X, y),
    lambda f: viz.saliency_maps(f, X[0], shape=(1, 2)),
    lambda f: interpret.input_gradient(f, X[0]),
    lambda f: interpret.integrated_gradients(f, X[0]),
])
def test_a_gradient_that_is_cut_off_is_no_zero(draw: Any) -> None:
    """float() in a model takes the number out of the graph: arrows of length 0 would be a lie."""
    with pytest.raises(TypeError, match=r"leave out float\(\) and math"):
        draw(lambda x: float(x[0] * x[1]))


@pytest.mark.parametrize("ask", [
    lambda m: outputs(m, X),
    lambda m: viz.decision_boundary(m, X, y, resolution=9).images[0].get_array(),
    lambda m: viz.unit_boundary(m, 3, 1, X, resolution=9).images[0].get_array(),
    lambda m: interpret.input_gradient(m, X[0]),
    lambda m: interpret.input_gradient(m, X[0], loss=losses.binary_cross_entropy_with_logits, target=1),
    lambda m: interpret.integrated_gradients(m, X[0]).values,
    lambda m: interpret.adversarial(m, X[0]).x,
    lambda m: interpret.maximise(interpret.unit(m, 3, 1), X[0], max_norm=1.0).x,
    lambda m: interpret.gradient_similarity(m, X, y, X[0], 1),
    lambda m: interpret.concept(m, 1, X[:10], X[10:]).sensitivity(m, X, 0),
])
def test_dropout_is_off_in_what_a_network_learned(ask: Any) -> None:
    """A network in train mode, as `fit` leaves it, is pictured as it answers in use; its mode stays."""
    model = Sequential(Layer(2, 6, activation="tanh", rng=3), Dropout(0.5), Layer(6, 1, activation="linear", rng=4))
    fit(model, X, y, epochs=30, progress=False)
    training, used = ask(model.train()), ask(model.eval())
    assert np.asarray(training).tolist() == np.asarray(used).tolist()
    assert model.train().training and model.layers[1].training


def test_a_single_epoch_is_a_dot() -> None:
    history = fit(MLP(2, [2, 1]), X, y, epochs=1, validation=0.25, record=True, progress=False)
    axes = [*viz.learning_curves(history)[:3], viz.loss_curves({"one": history})]
    assert all(line.get_marker() == "o" for ax in axes for line in ax.lines)
