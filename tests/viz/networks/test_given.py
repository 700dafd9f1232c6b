"""What pictures of networks refuse: data that would vanish from them, names that would stand at the wrong place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import viz
from microgrAD import interpret, losses
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP, Layer, Sequential
from microgrAD.train import History, fit

X, y = make_moons(20, noise=0.1)
TWO, THREE = MLP(2, [3, 1], rng=0), MLP(2, [3, 3], rng=0)
NAN = np.where(np.arange(20)[:, None] == 7, np.nan, X)


@pytest.mark.parametrize(
    "draw",
    [
        viz.decision_boundary,
        viz.hidden_units,
        viz.network_planes,
        viz.latent_spaces,
        lambda model, X, y: viz.latent_space(model, X, y),
        lambda model, X, y: viz.unit_boundary(model, X, y),
        lambda model, X, y: viz.compare_boundaries({"it": model}, X, y),
    ],
)
@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (X, y[:-1], r"a label for each of 20 rows, got shape \(19,\)"),
        (X, y[:, None], r"a label for each of 20 rows, got shape \(20, 1\)"),
        (X, np.where(y == 1, np.nan, 0.0), "y takes a label for each row, got nan"),
        (NAN, y, "finite number"),
        (np.where(np.isnan(NAN), np.inf, X), y, "finite number"),
    ],
)
def test_data_that_would_vanish_are_refused(draw: Any, rows: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw(TWO, rows, labels)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
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
    ],
)
def test_what_a_boundary_can_not_show_is_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        viz.decision_boundary(TWO, **arguments)


def test_limits_may_be_an_array() -> None:
    (ax,) = viz.decision_boundary(TWO, limits=np.array([[-1.0, 2.0], [0.0, 3.0]]), resolution=5).axes
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1.0, 2.0), (0.0, 3.0))


def test_more_classes_than_hues_are_refused() -> None:
    with pytest.raises(ValueError, match="up to 8 classes, and the model gives 14"):
        viz.decision_boundary(MLP(2, [14]), X)


def test_sigmoids_of_several_classes_have_colours() -> None:
    """Their sum may be 0 or 3: a mix of hues by shares, and no colour out of range."""
    model = Sequential(Layer(2, 3, activation="sigmoid", rng=0))
    for p, b in zip(model.parameters(), [0, 0, 9.0] * 3, strict=True):
        p.data = b
    shade = viz.decision_boundary(model, resolution=5).axes[0].images[0].get_array()
    assert shade is not None and shade.min() >= 0 and shade.max() <= 1
    (ax,) = viz.decision_boundary(lambda x: [0.0, 0.0, 0.0], reading="probabilities", resolution=5).axes
    nothing = ax.images[0]
    assert np.asarray(nothing.get_array()) == pytest.approx(1.0)  # white: it can't tell


def test_the_share_of_right_answers_where_a_class_is_missing() -> None:
    """Held-out rows of class 1 alone, and data of classes 0 and 2 of three: labels stay what they are."""
    (ax,) = viz.compare_boundaries({"ones": lambda x: 1.0}, X, y, held_out=(X[y == 1], y[y == 1]), resolution=5).axes
    assert ax.get_title() == "ones\n50% right, held out 100%"
    (ax,) = viz.compare_boundaries({"twos": lambda x: [0.0, 0.0, 1.0]}, X, 2 * y, resolution=5).axes
    assert ax.get_title() == "twos\n50% right"
    (ax,) = viz.compare_boundaries({"yes": lambda x: 1.0}, X, np.where(y == 1, "yes", "no"), resolution=5).axes
    assert ax.get_title() == "yes\n50% right"


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: viz.decision_boundary(TWO, X, y, ax=ax),
        lambda ax: viz.unit_boundary(TWO, ax=ax),
        lambda ax: viz.latent_space(TWO, X, y, ax=ax),
        lambda ax: viz.network_drawing(TWO, X[0], ax=ax),
        lambda ax: viz.logit_bars(TWO, X[0], ax=ax),
        lambda ax: viz.dependence_curve(TWO, X, ax=ax),
        lambda ax: viz.fitted_curve(lambda x: x[0], X[:, 0], y, ax=ax),
        lambda ax: viz.random_plane(TWO, X, y, resolution=2, ax=ax),
        lambda ax: viz.word_importance(TWO, X, feature_names=["a", "b"], ax=ax),
    ],
)
@pytest.mark.parametrize("ax", [np.empty(2, dtype=object), 3, Figure()], ids=["several", "number", "figure"])
def test_what_is_no_axes_is_named(draw: Any, ax: Any) -> None:
    with pytest.raises(TypeError, match=r"ax takes one matplotlib Axes, got (ndarray|int|Figure); pass one"):
        draw(ax)


@pytest.mark.parametrize(
    "draw",
    [
        lambda figure: viz.compare_boundaries({"it": TWO}, X, y, figure=figure),
        lambda figure: viz.hidden_units(TWO, X, y, figure=figure),
        lambda figure: viz.network_planes(TWO, X, y, figure=figure),
        lambda figure: viz.latent_spaces(TWO, X, y, figure=figure),
        lambda figure: viz.weight_images(THREE, shape=(1, 2), figure=figure),
        lambda figure: viz.maximised_images(THREE, shape=(1, 2), figure=figure),
        lambda figure: viz.saliency_maps(THREE, X[0], shape=(1, 2), figure=figure),
    ],
)
def test_what_is_no_figure_is_named(draw: Any) -> None:
    with pytest.raises(TypeError, match=r"figure takes a matplotlib Figure or a part of one, got Axes; this"):
        draw(Figure().subplots())


@pytest.mark.parametrize(
    "draw",
    [
        lambda names: viz.network_drawing(THREE, X[0], class_names=names),
        lambda names: viz.network_drawing(THREE, X[0], feature_names=names),
        lambda names: viz.saliency_maps(THREE, X[0], shape=(1, 2), class_names=names),
        lambda names: viz.logit_bars(THREE, X[0], class_names=names),
        lambda names: viz.hard_images(THREE, X, y, shape=(1, 2), class_names=names),
        lambda names: viz.adversarial_images(THREE, X[0], shape=(1, 2), class_names=names),
        lambda names: viz.weight_images(THREE, shape=(1, 2), class_names=names),
        lambda names: viz.decision_boundary(THREE, X, class_names=names),
    ],
)
def test_names_are_one_each(draw: Any) -> None:
    with pytest.raises(ValueError, match=r"takes one name for each of [23] (classes|features|outputs), got \['a'\]"):
        draw(["a"])


def influence(labels: Any, x: Any, left_out: Any, alike: Any) -> viz.Picture:
    return viz.influential_points(TWO, X, labels, x=x, left_out=left_out, alike=alike)


def recorded() -> History:
    return fit(MLP(2, [2, 1]), X, y, epochs=1, record=True, progress=False)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: viz.hard_images(THREE, X, y, shape=(1, 2), count=0), "count takes a whole number of 1 or more"),
        (lambda: viz.hard_images(THREE, X, y + 2, shape=(1, 2)), r"from 0 to 2, got shape \(20,\) of \[2, 3\]"),
        (lambda: viz.exciting_images(THREE, X, shape=(1, 2), count=0), "count takes a whole number of 1 or more"),
        (
            lambda: viz.maximised_images(THREE, layer=2, shape=(1, 2), class_names=["a"]),
            "class_names takes one name for each of 3 outputs",
        ),
        (
            lambda: viz.maximised_images(THREE, shape=(1, 2), class_names="abc"),
            "class_names are those of the last layer",
        ),
        (lambda: viz.maximised_images(THREE, units=[4], shape=(1, 2)), "unit must be from 1 to 3 in layer 1, got 4"),
        (lambda: viz.unit_boundary(TWO, X, y, unit=4), "unit must be from 1 to 3 in layer 1, got 4"),
        (lambda: viz.weight_histograms(recorded(), layer=3), r"layer must be one of \[1, 2\], the layers with weights"),
        (lambda: viz.word_importance(TWO, X, output=1), "output must be from 0 to 0"),
        (lambda: viz.dependence_curve(THREE, X, output=3), "output must be from 0 to 2"),
        (lambda: viz.dependence_curve(TWO, X, feature=0.5), "feature must be a number from 0 to 1, got 0.5"),
        (lambda: viz.dependence_curve(TWO, X, resolution=0), "resolution takes a whole number of 1 or more"),
        (lambda: viz.input_gradients(TWO, X, y, points=X[0]), "got points of shape"),
        (lambda: viz.input_gradients(TWO, X, y, loss=losses.mse, points=[0, 20]), "numbers of rows, from 0 to 19"),
        (lambda: viz.network_drawing(THREE, X[0], color_by="gradient", output=3), "output must be from 0 to 2"),
        (lambda: viz.network_drawing(THREE, X[0], digits=0), "digits must be a whole number"),
        (lambda: viz.latent_space(THREE, X, y, layer=3), "layer must be from 0, the input, to 2, the last, got 3"),
        (lambda: interpret.concept(THREE, 1, X, X), "layer 1 returns the same"),
        (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], X), "a target for each row"),
        (lambda: viz.fitted_curve(lambda x: x[0], [], []), "a target for each row"),
        (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], NAN[:, 0]), "takes finite numbers"),
        (lambda: viz.loss_curves({}), "nothing to draw"),
        (lambda: viz.random_plane(TWO, X, y, resolution=1), "resolution takes a whole number of 2 or more"),
        (lambda: viz.unit_boundary(TWO, resolution=1), "resolution takes a whole number of 2 or more"),
        (
            lambda: viz.influential_points(TWO, X, y, x=X[0], left_out=[1, 2], alike=y),
            r"each of 20 rows, got shape \(2,\)",
        ),
        (lambda: influence(y, X[0], y, NAN[:, 0]), "with one that is not"),
        (lambda: influence(y, [0.0], y, y), "got x of shape"),
        (
            lambda: viz.influential_points(TWO, X, None, x=X[0], left_out=y, alike=y),
            "y takes a label for each of 20 rows",
        ),
        (lambda: viz.latent_space(TWO, X, X[:, 0]), "got 20 quantities such as"),
        (lambda: viz.decision_boundary(TWO, X, X[:, 0]), "those viz.player shows"),
        (lambda: viz.latent_spaces(TWO, X[:, 0], y), r"X takes rows of finite numbers, \(rows, features\), got"),
        (lambda: viz.exciting_images(THREE, X[:0], shape=(1, 2)), r"got shape \(0, 2\)"),
        (lambda: viz.hard_images(THREE, X[:0], y[:0], shape=(1, 2)), r"got shape \(0, 2\)"),
        (lambda: viz.word_importance(TWO, X[:0], feature_names=["a", "b"]), r"X takes rows of finite numbers"),
        (lambda: viz.fitted_curve(lambda x: x[0], X[:, 0], None), "a target for each row"),
    ],
)
def test_options_that_make_no_picture_are_named(draw: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()


def test_classes_of_images_may_be_whole_floats() -> None:
    floats, whole = (viz.hard_images(THREE, X, labels, shape=(1, 2)) for labels in (y * 1.0, y))
    assert [ax.get_title() for ax in floats.axes] == [ax.get_title() for ax in whole.axes]


def test_a_single_epoch_is_a_dot() -> None:
    history = fit(MLP(2, [2, 1]), X, y, epochs=1, validation=0.25, record=True, progress=False)
    axes = [*viz.learning_curves(history).axes[:3], *viz.loss_curves({"one": history}).axes]
    assert all(line.get_marker() == "o" for ax in axes for line in ax.lines)
