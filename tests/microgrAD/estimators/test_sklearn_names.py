"""What those who come from scikit-learn know by name does what it does there, compared with scikit-learn's own."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sklearn import neural_network
from sklearn.base import clone
from sklearn.datasets import load_iris, make_multilabel_classification, make_regression
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, r2_score
from sklearn.multiclass import OneVsRestClassifier

from microgrAD.datasets import make_blobs, make_circles, make_moons
from microgrAD.estimators import MLPClassifier, MLPRegressor

X, Y = make_moons(60, noise=0.2)
W = np.random.default_rng(0).integers(0, 4, 60)
T = np.sin(X[:, 0]) + X[:, 1]
SHORT = {"tol": None, "random_state": 0}


def fitted(estimator: Any, *args: Any, **options: Any) -> Any:
    """Taught, however short of convergence."""
    with pytest.warns(ConvergenceWarning, match="epochs were run, and the loss still falls; raise max_iter"):
        return estimator.fit(*args, **options)


def weights(estimator: Any) -> Any:
    return np.concatenate([part.ravel() for part in (*estimator.coefs_, *estimator.intercepts_)])


@pytest.mark.parametrize(
    ("make", "y"),
    [(MLPClassifier, Y), (MLPClassifier, np.arange(60) % 3), (MLPRegressor, T), (MLPRegressor, np.c_[T, T**2])],
)
@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_a_weight_is_a_row_repeated(make: Any, y: Any, alpha: float) -> None:
    one = fitted(make((5,), max_iter=30, alpha=alpha, **SHORT), X, y, sample_weight=W)
    other = fitted(make((5,), max_iter=30, alpha=alpha, **SHORT), X.repeat(W, axis=0), y.repeat(W, axis=0))
    assert weights(one) == pytest.approx(weights(other), abs=1e-12)
    assert one.loss_curve_ == pytest.approx(other.loss_curve_, abs=1e-13)
    truth = y.repeat(W, axis=0)
    score = (accuracy_score if make is MLPClassifier else r2_score)(truth, one.predict(X.repeat(W, axis=0)))
    assert one.score(X, y, sample_weight=W) == pytest.approx(score)
    assert one.score(X, y) != pytest.approx(score)


def test_weights_in_small_batches_and_where_it_stops_early() -> None:
    for options in ({"batch_size": 7}, {"early_stopping": True, "validation_fraction": 0.3}):
        one = fitted(MLPClassifier((5,), max_iter=20, **SHORT, **options), X, Y, sample_weight=1 + 0 * W)
        assert weights(one) == pytest.approx(weights(fitted(clone(one), X, Y)), abs=1e-12)
        other = fitted(clone(one), X, Y, sample_weight=1 + W)
        assert weights(one) != pytest.approx(weights(other), abs=1e-3)
        without = fitted(clone(one), X[W > 0], Y[W > 0], sample_weight=3.0 * W[W > 0])
        assert weights(fitted(clone(one), X, Y, sample_weight=W)) == pytest.approx(weights(without), abs=1e-12)
    # newer scikit-learn refuses weights that are all 0 before we do
    no_weight = "non-zero number|is 0 for every row"
    for w, message in ((-1.0 + 0 * W, "0 or more"), (0.0 * W, no_weight), (np.ones(3), "sample_weight.shape")):
        with pytest.raises(ValueError, match=message):
            MLPClassifier().fit(X, Y, sample_weight=w)


def test_linear_networks_with_weights_are_scikit_learns_linear_models() -> None:
    rng = np.random.default_rng(1)
    w, noisy = rng.uniform(0.1, 3, 60), T + rng.normal(size=60)
    descent = {"solver": "sgd", "learning_rate_init": 0.5, "max_iter": 5000, "tol": 1e-9, "random_state": 0}
    ours = MLPRegressor((), **descent).fit(X, noisy, sample_weight=w)
    line = LinearRegression().fit(X, noisy, sample_weight=w)
    assert [*ours.coefs_[0][:, 0], ours.intercepts_[0][0]] == pytest.approx([*line.coef_, line.intercept_], abs=1e-4)
    ours = MLPClassifier((), alpha=1e-2, **descent).fit(X, Y, sample_weight=w)
    logistic = LogisticRegression(C=1e2, tol=1e-10, max_iter=1000).fit(X, Y, sample_weight=w)
    assert ours.predict_proba(X) == pytest.approx(logistic.predict_proba(X), abs=2e-3)


@pytest.mark.parametrize(
    ("make", "y", "activation"),
    [
        ("MLPClassifier", Y, "logistic"),
        ("MLPClassifier", np.arange(60) % 3, "tanh"),
        ("MLPClassifier", np.c_[Y, 1 - Y, Y * (W > 1)], "relu"),
        ("MLPRegressor", T, "identity"),
        ("MLPRegressor", np.c_[T, T**2], "logistic"),
    ],
)
def test_steps_from_the_same_weights_are_scikit_learns(make: str, y: Any, activation: str) -> None:
    """One step of plain gradient descent after the other, with the loss before each."""
    options = {"activation": activation, "learning_rate_init": 0.3, "solver": "sgd", "random_state": 0}
    ours = (MLPClassifier if make == "MLPClassifier" else MLPRegressor)((4,), **options)
    theirs = getattr(neural_network, make)(hidden_layer_sizes=(4,), momentum=0, alpha=0, **options)
    known = np.unique(y) if y.ndim == 1 else np.arange(y.shape[1])
    classes = {"classes": known} if make == "MLPClassifier" else {}
    ours.partial_fit(X, y, **classes)
    theirs.partial_fit(X, y, **classes)
    theirs.coefs_[:] = [part.copy() for part in ours.coefs_]
    theirs.intercepts_[:] = [part.copy() for part in ours.intercepts_]
    theirs._optimizer.params = theirs.coefs_ + theirs.intercepts_
    weighted = "sample_weight" in inspect.signature(theirs.partial_fit).parameters  # scikit-learn 1.7 and newer
    more = {"sample_weight": 1.0 + W} if weighted else {}
    for _ in range(5):
        ours.partial_fit(X, y, **more)
        theirs.partial_fit(X, y, **more)
        assert [part.shape for part in ours.coefs_] == [part.shape for part in theirs.coefs_]
        assert weights(ours) == pytest.approx(weights(theirs), abs=1e-9)
    # theirs is the loss of the batch before its step, ours that of all rows after it
    several = y.shape[1] if make == "MLPRegressor" and y.ndim == 2 else 1  # theirs: a mean, whose gradient is a sum's
    assert ours.loss_curve_[-2] == pytest.approx(several * theirs.loss_curve_[-1], abs=1e-9)
    assert ours.predict(X) == pytest.approx(theirs.predict(X), abs=1e-9)
    if make == "MLPClassifier":
        assert ours.predict_proba(X) == pytest.approx(theirs.predict_proba(X), abs=1e-9)


@pytest.mark.parametrize("size", [20, 60])
def test_the_penalty_is_scikit_learns_in_batches_too(size: int) -> None:
    """Where all rows are 0, nothing but the penalty moves the weights."""
    nothing, options = np.zeros((60, 3)), {"alpha": 5.0, "batch_size": size, "solver": "sgd", "learning_rate_init": 0.3}
    ours = MLPRegressor((), random_state=0, **options).partial_fit(nothing, nothing[:, 0])
    theirs = neural_network.MLPRegressor(hidden_layer_sizes=(), momentum=0, **options)
    theirs.partial_fit(nothing, nothing[:, 0])
    for _ in range(2):
        before = ours.coefs_[0].copy()
        theirs.coefs_[0][:] = before
        ours.partial_fit(nothing, nothing[:, 0])
        theirs.partial_fit(nothing, nothing[:, 0])
        assert ours.coefs_[0] == pytest.approx(theirs.coefs_[0] * 1.0, abs=1e-12)
        assert np.abs(ours.coefs_[0] / before).max() < 0.98


def test_training_ends_where_the_loss_stays() -> None:
    model = MLPClassifier((4,), max_iter=500, tol=0.01, n_iter_no_change=3, random_state=0).fit(X, Y)
    assert model.n_iter_ == len(model.loss_curve_) < 500
    least = np.minimum.accumulate(model.loss_curve_)
    better = [now <= before - 0.01 for before, now in zip([np.inf, *least], model.loss_curve_, strict=False)]
    assert better[-4:] == [False] * 4
    assert not any(better[k : k + 4] == [False] * 4 for k in range(len(better) - 4))
    assert fitted(clone(model).set_params(tol=None, max_iter=model.n_iter_ + 20), X, Y).n_iter_ == model.n_iter_ + 20
    early = clone(model).set_params(early_stopping=True, validation_fraction=0.2, tol=1e-4).fit(X, Y)
    held = early.history_.test_loss
    assert early.loss_ == early.loss_curve_[int(np.argmin(held))]
    assert len(held) == early.n_iter_ < 500


@pytest.mark.parametrize("fraction", [0.1, 0.5])
def test_rows_to_stop_on_have_all_classes(fraction: float) -> None:
    rare = np.where(np.arange(60) < 2, 2, Y)
    features = X + 4.0 * (rare == 2)[:, None]
    options = {"early_stopping": True, "validation_fraction": fraction, "tol": None, "max_iter": 60}
    for seed in range(8 if fraction == 0.5 else 1):
        model = MLPClassifier((), random_state=seed, learning_rate_init=0.2, **options)
        assert (fitted(model, features, rare).predict(features[:2]) == 2).all()  # one of the two was learned from
    with pytest.raises(ValueError, match="leaves none to learn from"):
        model.set_params(validation_fraction=0.99).fit(X[:10], Y[:10])


def test_partial_fit_goes_on_and_survives_pickling() -> None:
    whole, halves = (MLPClassifier((4,), random_state=1, batch_size="auto") for _ in range(2))
    for _ in range(40):
        whole.partial_fit(X, Y, classes=[0, 1])
    for _ in range(20):
        halves.partial_fit(X, Y, classes=[0, 1])
    halves = pickle.loads(pickle.dumps(halves))
    for _ in range(20):
        halves.partial_fit(X, Y)
    assert (weights(halves) == weights(whole)).all()
    assert (whole.n_iter_, len(whole.loss_curve_)) == (1, 40)
    assert whole.loss_curve_[-1] < whole.loss_curve_[0] / 2
    only = MLPClassifier((4,), random_state=1).partial_fit(X[Y == 0], Y[Y == 0], classes=[0, 1, 2])
    assert only.predict_proba(X).shape == (60, 3)
    for call, message in (
        (lambda: MLPClassifier().partial_fit(X, Y), "first call of partial_fit takes classes"),
        (lambda: only.partial_fit(X, Y + 5), "other classes than were known"),
        (lambda: only.partial_fit(X, Y, classes=[0, 1]), "classes must be those of the first call"),
        (lambda: MLPClassifier(early_stopping=True).partial_fit(X, Y, classes=[0, 1]), "can't stop early"),
        (lambda: only.set_params(hidden_layer_sizes=(7,)).partial_fit(X, Y), "the trained network has layers"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_a_warm_start_goes_on_from_the_weights() -> None:
    model = fitted(MLPRegressor((4,), max_iter=15, warm_start=True, **SHORT), X, T)
    before = weights(model)
    fitted(model, X, T)
    assert (model.n_iter_, len(model.loss_curve_)) == (15, 30)
    assert model.loss_curve_[15] < model.loss_curve_[0] / 2
    cold = fitted(clone(model).set_params(warm_start=False), X, T)
    assert (weights(cold) == before).all()
    assert (weights(fitted(cold, X, T)) == before).all()
    labelled = fitted(MLPClassifier(max_iter=2, warm_start=True, **SHORT), X, Y)
    with pytest.raises(ValueError, match="other classes than were known"):
        labelled.fit(X, Y + 1)


def test_labels_of_which_a_row_has_any_number() -> None:
    features, labels = make_multilabel_classification(120, 6, n_classes=4, random_state=0)
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    model = MLPClassifier((8,), max_iter=400, tol=1e-3, random_state=0).fit(features, labels)
    assert model.predict(features).shape == model.predict_proba(features).shape == labels.shape
    apart = OneVsRestClassifier(MLPClassifier((8,), max_iter=600, tol=1e-3, random_state=0)).fit(features, labels)
    assert model.score(features, labels) > 0.8 * apart.score(features, labels)
    assert ((model.predict_proba(features) > 0.5) == model.predict(features)).all()
    assert (model.classes_ == np.arange(4)).all()
    sparsely = clone(model).fit(features, sparse.csr_matrix(labels))
    assert (weights(sparsely) == weights(model)).all()


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_array, sparse.coo_matrix])
def test_sparse_rows_are_as_dense_ones(kind: Any) -> None:
    dense = X * (np.random.default_rng(2).random(X.shape) > 0.4)
    model = fitted(MLPClassifier((4,), max_iter=10, **SHORT), dense, Y)
    other = fitted(clone(model), kind(dense), Y)
    assert (weights(other) == weights(model)).all()
    assert (other.predict_proba(kind(dense)) == model.predict_proba(dense)).all()


def test_inside_of_ensembles() -> None:
    features, y = make_circles(60)
    weak = MLPClassifier((2,), max_iter=300, tol=1e-2, random_state=0)
    boosted = AdaBoostClassifier(weak, n_estimators=8, random_state=0).fit(features, y)
    assert boosted.score(features, y) > weak.fit(features, y).score(features, y)
    assert len({weights(each).tobytes() for each in boosted.estimators_}) > 1
    assert BaggingClassifier(weak, n_estimators=3, random_state=0).fit(features, y).score(features, y) > 0.5
    rows, quantity = make_regression(50, 3, noise=1, random_state=0)
    line = MLPRegressor((), max_iter=500, tol=1e-3, random_state=0)
    assert (
        AdaBoostRegressor(line, n_estimators=3, random_state=0).fit(rows, quantity / 100).score(rows, quantity / 100)
        > 0.9
    )


def test_shapes_of_weights_are_scikit_learns() -> None:
    iris, kinds = load_iris(return_X_y=True)
    ours = fitted(MLPClassifier((5, 3), max_iter=3, **SHORT), iris, kinds)
    theirs = neural_network.MLPClassifier((5, 3), max_iter=500, tol=1.0).fit(iris, kinds)
    for name in ("coefs_", "intercepts_"):
        assert [part.shape for part in getattr(ours, name)] == [part.shape for part in getattr(theirs, name)]
    hidden = np.tanh(np.tanh(iris @ ours.coefs_[0] + ours.intercepts_[0]) @ ours.coefs_[1] + ours.intercepts_[1])
    logits = hidden @ ours.coefs_[2] + ours.intercepts_[2]
    assert (logits.argmax(axis=1) == ours.predict(iris)).all()
    assert not hasattr(MLPClassifier(), "coefs_")


def test_batches_of_auto_are_up_to_two_hundred() -> None:
    many, y = make_blobs(450)
    one = fitted(MLPClassifier((3,), max_iter=3, batch_size="auto", **SHORT), many, y)
    other = fitted(MLPClassifier((3,), max_iter=3, batch_size=200, **SHORT), many, y)
    assert (weights(one) == weights(other)).all()
    assert (weights(one) != weights(fitted(MLPClassifier((3,), max_iter=3, **SHORT), many, y))).any()
    small = fitted(MLPClassifier((3,), max_iter=3, batch_size="auto", **SHORT), many[:50], y[:50])
    assert (weights(small) == weights(fitted(MLPClassifier((3,), max_iter=3, **SHORT), many[:50], y[:50]))).all()
