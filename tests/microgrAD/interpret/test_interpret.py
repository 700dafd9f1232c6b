"""Hidden layers, features, influence, concepts and dependence, against scikit-learn and what can be known by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.decomposition import PCA
from sklearn.inspection import partial_dependence as their_dependence
from sklearn.linear_model import LogisticRegression

from microgrAD import interpret
from microgrAD.datasets import make_blobs, make_glyphs, make_xor
from microgrAD.nn import MLP, Conv2d, Flatten, Layer, MaxPool2d, Sequential, Unflatten
from microgrAD.optim import SGD
from microgrAD.outputs import outputs
from microgrAD.train import evaluate, fit


@pytest.fixture(scope="module")
def xor() -> MLP:
    model = MLP(2, [3, 1], rng=2)
    fit(model, *make_xor(), optimizer=SGD(model.parameters(), lr=0.5, momentum=0.9), epochs=300, progress=False)
    return model


# ---------------------------------------------------------------------------------------------- layers


def test_activations_are_those_of_the_layers(xor: MLP) -> None:
    X = np.array([[0.3, 0.7], [-1.0, 2.0]])
    found = interpret.activations(xor, X)
    w = np.array([[p.data for p in n.w] for n in xor.layers[0].neurons])
    b = np.array([n.b.data for n in xor.layers[0].neurons if n.b is not None])
    assert found[0].tolist() == X.tolist()
    assert found[1] == pytest.approx(np.tanh(X @ w.T + b))
    assert found[2] == pytest.approx(outputs(xor, X))


def test_the_parts_of_a_network_make_the_whole(xor: MLP) -> None:
    x = [0.3, 0.7]
    for layer in range(3):
        assert float(interpret.after(xor, layer)(interpret.upto(xor, layer)(x))) == float(xor(x))
    assert float(interpret.unit(xor, 1, 2)(x)) == float(xor.layers[0](x)[1])


def test_layers_of_images_are_rows_too() -> None:
    model = Sequential(Unflatten(1, 4, 4), Conv2d(1, 2, 3), MaxPool2d(2), Flatten(), Layer(2, 3))
    assert [h.shape for h in interpret.activations(model, np.ones((2, 16)))] == [
        (2, 16),
        (2, 16),
        (2, 8),
        (2, 2),
        (2, 2),
        (2, 3),
    ]


@pytest.mark.parametrize(
    "model",
    [
        MLP(2, [30, 20, 3], rng=0),
        Sequential(Unflatten(1, 4, 4), Conv2d(1, 8, 3, rng=0), MaxPool2d(2), Flatten(), Layer(8, 30, rng=0)),
    ],
    ids=["MLP", "convolution"],
)
def test_many_rows_go_through_a_program_and_come_out_the_same(model: Any) -> None:
    inputs = 2 if isinstance(model, MLP) else 16
    X = np.random.default_rng(0).uniform(-1, 1, (300, inputs))
    many = interpret.activations(model, X)
    few = [interpret.activations(model, x[None]) for x in X[::60]]
    for layer, given in enumerate(many):
        assert given[::60] == pytest.approx(np.concatenate([one[layer] for one in few]), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: interpret.upto(m, 3), ValueError, "from 0, the input, to 2"),
        (lambda m: interpret.unit(m, 1, 4)([0.0, 0.0]), ValueError, "from 1 to 3"),
        (lambda m: interpret.upto(lambda x: x, 1), TypeError, "with layers"),
    ],
)
def test_what_is_not_there_is_named(call: Any, error: type[Exception], message: str, xor: MLP) -> None:
    with pytest.raises(error, match=message):
        call(xor)


# ---------------------------------------------------------------------------------------------- linear


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_the_probe_is_scikit_learns_logistic_regression(classes: int) -> None:
    X, y = make_blobs(80, centers=classes, cluster_std=2.5, rng=classes)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    probe = interpret.linear_probe(X, y, l2=1e-2)
    share = 0.5 if classes == 2 else 1.0  # for two classes theirs has one vector of weights, ours two
    theirs = LogisticRegression(C=1 / (share * 1e-2 * len(X)), tol=1e-10, max_iter=10_000).fit(X, y)
    scores = probe(X)
    scores = scores[:, 1] - scores[:, 0] if classes == 2 else scores - scores.mean(axis=1, keepdims=True)
    assert scores == pytest.approx(theirs.decision_function(X), abs=2e-3)
    assert probe.accuracy == theirs.score(X, y)


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e8, 1e12])
def test_the_probe_parts_features_of_any_size(size: float) -> None:
    X, y = make_blobs(60, centers=3, cluster_std=0.5)
    assert interpret.linear_probe(size * X, y, l2=1e-4 * size**2).accuracy == 1.0


def test_the_input_of_xor_can_not_be_parted_and_the_hidden_layer_can(xor: MLP) -> None:
    X, y = make_xor()
    given = interpret.activations(xor, X)
    assert interpret.linear_probe(given[0], y).accuracy <= 0.75
    assert interpret.linear_probe(given[1], y).accuracy == 1.0


def test_the_principal_plane_is_scikit_learns() -> None:
    H = np.random.default_rng(0).standard_normal((40, 6)) * [3, 1, 2, 0.5, 1, 0.1]
    plane, theirs = interpret.principal_plane(H), PCA(2).fit(H)
    assert np.abs(plane.axes @ theirs.components_.T) == pytest.approx(np.eye(2), abs=1e-12)
    assert plane.shares == pytest.approx(theirs.explained_variance_ratio_)
    assert plane.project(plane.lift([[1.0, -2.0]])) == pytest.approx(np.array([[1.0, -2.0]]))


# ---------------------------------------------------------------------------------------------- features


def test_maximised_activation_rises_and_ends_at_its_bound(xor: MLP) -> None:
    found = interpret.maximise(interpret.unit(xor, 1, 1), [0.1, 0.1], max_norm=2.0)
    assert (np.diff(found.objective) > 0).all()
    assert found.norm == pytest.approx(2.0)
    w = np.array([p.data for p in xor.layers[0].neurons[0].w])
    assert found.x == pytest.approx(2.0 * w / np.linalg.norm(w), abs=1e-2)


def test_the_penalty_of_a_linear_unit_has_its_optimum_at_w_over_2_l2() -> None:
    found = interpret.maximise(lambda x: 3 * x[0] - 4 * x[1], [0.0, 0.0], l2=0.5)
    assert found.x == pytest.approx([3.0, -4.0], abs=1e-3)
    assert found.objective[-1] == pytest.approx(12.5, abs=1e-6)


def test_bounds_hold_every_number() -> None:
    found = interpret.maximise(lambda x: 3 * x[0] - 4 * x[1], [0.5, 0.5], bounds=(0.0, 1.0))
    assert found.x == pytest.approx([1.0, 0.0])


def test_bounds_and_a_norm_go_together_around_0() -> None:
    with pytest.raises(ValueError, match="bounds must include 0"):
        interpret.maximise(lambda x: x[0], [5.0, 5.0], max_norm=1.0, bounds=(0.9, 2.0))
    found = interpret.maximise(lambda x: 3 * x[0] + x[1], [0.0, 0.0], max_norm=1.0, bounds=(0.0, 0.5))
    assert found.x == pytest.approx([0.5, 0.5])


def test_a_relu_that_sleeps_is_woken_and_one_that_can_not_be_is_left() -> None:
    model = MLP(3, [2, 1], activation="relu", rng=0)
    for p, number in zip(model.parameters(), [-1.0, -2.0, -2.0, 0.5, -1.0, 0.0, 0.0, -9.0], strict=False):
        p.data = number
    found = interpret.maximise(interpret.unit(model, 1, 1), [1.0, 1.0, 1.0], max_norm=2.0)
    assert found.x == pytest.approx([-2 / 3, -4 / 3, -4 / 3], abs=1e-4)
    assert found.value == pytest.approx(2.0 * 3.0 + 0.5)
    assert (np.diff(found.objective) > 0).all()
    dead = interpret.maximise(interpret.unit(model, 1, 2), [1.0, 1.0, 1.0], max_norm=2.0)
    assert (dead.value, dead.norm) == (0.0, pytest.approx(3**0.5))


def test_a_search_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a limit"):
        interpret.maximise(lambda x: x[0], [1.0])


def test_the_most_exciting_rows_come_first() -> None:
    assert interpret.most_exciting(lambda x: -x[0], [[3.0], [1.0], [2.0], [1.0]], count=3).tolist() == [1, 3, 2]


def test_the_least_change_of_a_linear_model_is_the_way_to_its_line() -> None:
    found = interpret.adversarial(lambda x: 3 * x[0] - 4 * x[1] + 2, [1.0, 0.0])
    assert found.distance == pytest.approx(1.0, abs=1e-6)
    assert found.change == pytest.approx([-0.6, 0.8], abs=1e-6)
    assert (found.before, found.after) == (1, 0)


@pytest.mark.parametrize("seed", range(5))
def test_no_point_near_by_is_nearer_than_the_least_change(xor: MLP, seed: int) -> None:
    """Against a search through a fine grid of directions and lengths."""
    x = np.random.default_rng(seed).uniform(0, 1, 2)
    found = interpret.adversarial(xor, x, starts=8)
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    circle = x + 0.98 * found.distance * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    here = outputs(xor, x[None])[0, 0] > 0
    assert ((outputs(xor, circle)[:, 0] > 0) == here).all()
    assert (outputs(xor, found.x[None])[0, 0] > 0) != here


def test_a_change_to_a_chosen_class_within_bounds() -> None:
    model = MLP(6, [8, 4], rng=1)
    x = np.full(6, 0.5)
    first = int(outputs(model, x[None])[0].argmax())
    target = next(k for k in range(4) if k != first)
    try:
        found = interpret.adversarial(model, x, target=target, bounds=(-5.0, 5.0))
    except ValueError as error:
        assert "no change was found" in str(error)
    else:
        assert int(outputs(model, found.x[None])[0].argmax()) == target == found.after
    with pytest.raises(ValueError, match="another class"):
        interpret.adversarial(model, x, target=first)


def test_the_least_change_within_bounds_is_that_of_the_corner() -> None:
    """3 x₁ + 4 x₂ > 6.6 from (0, 0) in the unit square: x₂ ends at its bound, x₁ carries what is left, 2.6 / 3."""
    found = interpret.adversarial(lambda x: 3 * x[0] + 4 * x[1] - 6.6, [0.0, 0.0], bounds=(0.0, 1.0))
    assert found.x == pytest.approx([2.6 / 3, 1.0], abs=1e-6)


def test_an_attack_on_pixels_of_any_range_is_the_same() -> None:
    """Of digits from 0 to 16 the least change is 16 times that of the same digits from 0 to 1."""
    X, y = make_glyphs(60, kinds=("A", "O"))
    line = np.linalg.lstsq(np.c_[X, np.ones(len(X))], 2.0 * y - 1, rcond=None)[0]
    small = interpret.adversarial(lambda x: line[:-1] @ x + line[-1], X[0], bounds=interpret.bounds_of(X))
    large = interpret.adversarial(
        lambda x: line[:-1] @ x / 16 + line[-1], 16 * X[0], bounds=interpret.bounds_of(16 * X)
    )
    assert large.distance == pytest.approx(16 * small.distance, rel=1e-6)
    assert large.x.min() >= 0
    assert 1 < large.x.max() <= 16
    with pytest.raises(ValueError, match=r"x goes from 0 to 1\d.*, which is not within bounds of 0 to 1; pass"):
        interpret.adversarial(lambda x: line[:-1] @ x / 16 + line[-1], 16 * X[0], bounds=(0.0, 1.0))


def test_bounds_of_each_feature() -> None:
    X = np.array([[0.0, -5.0], [2.0, 30.0], [1.0, 3.0]])
    assert interpret.bounds_of(X) == (-5.0, 30.0)
    low, high = interpret.bounds_of(X, by_feature=True)
    assert (low.tolist(), high.tolist()) == ([0, -5], [2, 30])
    found = interpret.maximise(lambda x: x[0] + x[1], [0.5, 0.5], bounds=(low, high))
    assert found.x == pytest.approx([2.0, 30.0])
    found = interpret.adversarial(lambda x: 3 * x[0] + 4 * x[1] - 6.6, [0.0, 0.0], bounds=([0, 0], [1, 1]))
    assert found.x == pytest.approx([2.6 / 3, 1.0], abs=1e-6)
    for bounds, message in (
        ((1.0, 0.0), "with low below high"),
        ((low, high[:1]), r"two rows of 2, got shapes \(2,\) and \(1,\)"),
        (X, r"of data they are interpret.bounds_of\(X\)"),
    ):
        with pytest.raises(ValueError, match=message):
            interpret.adversarial(lambda x: x[0] - x[1], [1.0, 1.0], bounds=bounds)


def test_an_answer_that_never_changes_is_said() -> None:
    with pytest.raises(ValueError, match="no change was found"):
        interpret.adversarial(lambda x: [x[0] * 0 + 1, x[0] * 0], [1.0])


# ---------------------------------------------------------------------------------------------- influence


def test_leaving_a_point_out_is_to_learn_without_it() -> None:
    X, y = make_xor()
    options: dict[str, Any] = {"optimizer": lambda p: SGD(p, lr=0.5), "epochs": 20, "progress": False}

    def make() -> MLP:
        return MLP(2, [2, 1], rng=5)

    found = interpret.leave_one_out(make, X, y, X[1], y[1], **options)
    whole, less = make(), make()
    fit(whole, X, y, **options)
    fit(less, X[[0, 1, 3]], y[[0, 1, 3]], **options)
    assert found[2] == evaluate(less, X[1:2], y[1:2])[0] - evaluate(whole, X[1:2], y[1:2])[0]
    assert found[1] == max(found) > 0  # the point itself helps most
    with pytest.raises(ValueError, match="numbers of rows"):
        interpret.leave_one_out(make, X, y, X[1], y[1], points=[4])


def test_gradients_of_the_same_point_are_alike_and_of_the_other_class_opposed(xor: MLP) -> None:
    X = np.array([[0.2, 0.1], [0.2, 0.1], [0.9, 0.1]])
    found = interpret.gradient_similarity(xor, X, [0, 1, 1], X[0], 0)
    assert found[:2] == pytest.approx([1.0, -1.0])
    assert -1 < found[2] < 1


def test_gradient_similarity_is_the_cosine_that_backward_gives(xor: MLP) -> None:
    from microgrAD.losses import binary_cross_entropy_with_logits as bce

    X = np.array([[0.2, 0.1], [0.9, 0.3]])
    rows = []
    for x, t in zip(X, (0.0, 1.0), strict=True):
        xor.zero_grad()
        bce(xor(x), t).backward()
        rows.append([p.grad for p in xor.parameters()])
    a, b = np.array(rows)
    xor.zero_grad()
    found = interpret.gradient_similarity(xor, X[1:], [1], X[0], 0)
    assert found[0] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


# ---------------------------------------------------------------------------------------------- concepts, dependence


def test_a_concept_is_found_where_it_was_put() -> None:
    """Layer 1 passes the row on; the output is its first number: only the first direction moves it."""
    model = Sequential(Layer(3, 3, activation="linear"), Layer(3, 1, activation="linear"))
    for layer, weights in zip(model.layers, (np.eye(3), np.array([[1.0, 0, 0]])), strict=True):
        for neuron, w in zip(layer.neurons, weights.tolist(), strict=True):
            for p, number in zip(neuron.w, w, strict=True):
                p.data = number
    noise = np.random.default_rng(0).normal(0, 0.1, (2, 30, 3))
    found = interpret.concept(model, 1, noise[0] + [2.0, 0, 0], noise[1])
    assert found.accuracy == 1.0
    assert abs(found.direction[0]) > 0.99
    assert found.spread == pytest.approx(2.0, abs=0.1)
    assert found.sensitivity(model, noise[1], 0) == pytest.approx(found.direction[0])
    moved = interpret.along(model, found, noise[1], [0.0, 1.0])
    assert moved[0] == pytest.approx(outputs(model, noise[1]))
    assert (moved[1] - moved[0]) == pytest.approx(found.spread * found.direction[0])


class Wrapped(RegressorMixin, BaseEstimator):
    """A model of ours as scikit-learn sees one."""

    def __init__(self, model: Any = None) -> None:
        self.model = model
        self.fitted_ = True

    def fit(self, X: Any, y: Any) -> Wrapped:
        return self

    def predict(self, X: Any) -> np.ndarray:
        return outputs(self.model, X)[:, 0]


def test_partial_dependence_is_scikit_learns(xor: MLP) -> None:
    X = np.random.default_rng(0).uniform(0, 1, (25, 2))
    found = interpret.partial_dependence(xor, X, 1, reading="none", resolution=9)
    theirs = their_dependence(Wrapped(xor), X, [1], kind="both", grid_resolution=9, percentiles=(0, 1), method="brute")
    assert found.values == pytest.approx(theirs["grid_values"][0])
    assert found.mean[:, 0] == pytest.approx(theirs["average"][0])
    assert np.abs(found.each[:, :, 0].T - theirs["individual"][0]).max() < 1e-12


def test_partial_dependence_of_classes_adds_up_to_one(xor: MLP) -> None:
    found = interpret.partial_dependence(xor, make_xor()[0], 0, resolution=5)
    assert found.mean.sum(axis=1) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="feature must be"):
        interpret.partial_dependence(xor, make_xor()[0], 2)


@pytest.mark.parametrize("layer", [1, 2])
def test_a_compiled_unit_is_maximised_as_a_plain_function_is(layer: int) -> None:
    model = MLP(6, [5, 3], activation=["tanh", "linear"], rng=3)
    whole = interpret.upto(model, layer)
    quick = interpret.maximise(interpret.unit(model, layer, 2), np.full(6, 0.1), max_norm=2.0, l2=0.01)
    plain = interpret.maximise(lambda x: whole(x)[1], np.full(6, 0.1), max_norm=2.0, l2=0.01)
    assert quick.x == pytest.approx(plain.x, rel=1e-6, abs=1e-9)
    assert quick.value == pytest.approx(plain.value, rel=1e-9)
    assert quick.objective[:5] == pytest.approx(plain.objective[:5], rel=1e-12)


def test_a_unit_is_that_of_its_layer_for_all_rows() -> None:
    model = MLP(6, [5, 3], activation=["tanh", "linear"], rng=3)
    X = np.random.default_rng(0).normal(size=(2000, 6))
    for layer, width in ((1, 5), (2, 3)):
        each = interpret.activations(model, X)[layer]
        for k in range(1, width + 1):
            f = interpret.unit(model, layer, k)
            assert outputs(f, X)[:, 0] == pytest.approx(each[:, k - 1], rel=1e-12, abs=1e-15)
            assert interpret.most_exciting(f, X).tolist() == np.argsort(-each[:, k - 1], kind="stable")[:5].tolist()
