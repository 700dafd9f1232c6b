"""The estimators keep scikit-learn's conventions, all that scikit-learn checks, and work inside of its tools."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from microgrAD.datasets import make_blobs, make_circles, make_sine
from microgrAD.estimators import MLPClassifier, MLPRegressor

CHECK = """
import warnings
warnings.simplefilter("ignore")
from sklearn.utils.estimator_checks import check_estimator
from microgrAD.estimators import MLPClassifier, MLPRegressor
results = check_estimator({estimator}((4,), max_iter=40, learning_rate_init=0.1, tol=0.001), on_fail=None)
missing = "does not have a decision_function"  # nor does scikit-learn's own
others = [r for r in results if r["status"] != "passed" and missing not in str(r["exception"])]
print(len(results), *[f"{{r['check_name']}} {{r['status']}}: {{r['exception']}}" for r in others], sep="\\n")
"""


@pytest.mark.parametrize("estimator", ["MLPClassifier", "MLPRegressor"])
def test_check_estimator_passes_whole(estimator: str) -> None:
    # in a process of its own: one of the checks runs only if this is set before SciPy is imported
    done = subprocess.run(
        [sys.executable, "-c", CHECK.format(estimator=estimator)],
        capture_output=True,
        text=True,
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, *others = done.stdout.splitlines()
    assert int(count) > 55
    assert others == []


def test_a_pipeline_in_a_grid_search() -> None:
    X, y = make_circles(40)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(max_iter=400, random_state=0))
    search = GridSearchCV(pipeline, {"mlpclassifier__hidden_layer_sizes": [(1,), (8,)]}, cv=2).fit(100 * X + 7, y)
    assert search.best_params_ == {"mlpclassifier__hidden_layer_sizes": (8,)}
    assert search.score(100 * X + 7, y) > 0.9


def test_classes_of_any_name_with_probabilities() -> None:
    X, y = make_blobs(30, cluster_std=0.5)
    names = np.array(["red", "green", "blue"])[y]
    model = MLPClassifier((), max_iter=400, tol=1e-3, random_state=1).fit(X, names)
    assert model.classes_.tolist() == ["blue", "green", "red"]
    assert (model.predict(X) == names).all()
    p = model.predict_proba(X)
    assert p.sum(axis=1) == pytest.approx(1.0)
    assert (model.classes_[p.argmax(axis=1)] == names).all()
    assert model.n_iter_ == len(model.loss_curve_)


def test_a_regression_and_early_stopping() -> None:
    X, y = make_sine(60, noise=0.05)
    model = MLPRegressor((6,), max_iter=400, early_stopping=True, n_iter_no_change=50, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.85
    assert len(model.history_.test_loss) == model.n_iter_
    assert model.loss_ == model.loss_curve_[model.history_.best_epoch - 1]
    assert cross_val_score(clone(model).set_params(early_stopping=False), X, y, cv=2).min() > 0.8


def test_a_quantity_of_any_size_through_scikit_learns_own_scales() -> None:
    X, y = make_sine(60, noise=0.05)
    X, y = 1000 * X, 1e5 * y + 3e6
    network = make_pipeline(StandardScaler(), MLPRegressor(max_iter=500, n_iter_no_change=20, random_state=0))
    assert TransformedTargetRegressor(network, transformer=StandardScaler()).fit(X, y).score(X, y) > 0.95
    with pytest.warns(ConvergenceWarning):
        clone(network).fit(X, y)
    assert clone(network).set_params(mlpregressor__tol=1e9).fit(X, y).score(X, y) < 0  # targets are taken as they are


def test_a_taught_estimator_can_be_pickled() -> None:
    X, y = make_circles(20)
    model = MLPClassifier(tol=0.1, random_state=0).fit(X, y)
    assert (pickle.loads(pickle.dumps(model)).predict_proba(X) == model.predict_proba(X)).all()


def test_what_they_refuse() -> None:
    X, y = make_circles(10)
    with pytest.raises(ValueError, match="solver must be one of"):
        MLPClassifier(solver="lbfgs").fit(X, y)
    with pytest.raises(ValueError, match=r"two classes or more, got one class: 1\.0"):
        MLPClassifier().fit(X, np.ones(10))
    for options, message in (
        ({"max_iter": 0}, "max_iter takes"),
        ({"hidden_layer_sizes": (8.7,)}, "whole number"),
        ({"hidden_layer_sizes": "a"}, "whole number"),
        ({"alpha": -1.0}, "alpha must be 0"),
        ({"learning_rate_init": "x"}, "learning_rate_init takes"),
        ({"tol": "x"}, "tol takes"),
        ({"tol": -1.0}, "tol must be 0"),
        ({"batch_size": "all"}, 'takes a number of rows, "auto" or None'),
        ({"batch_size": 0}, "batch_size takes"),
        ({"activation": "logit"}, "activation must be one of"),
        ({"early_stopping": True, "n_iter_no_change": 0}, "n_iter_no_change takes"),
        ({"early_stopping": True, "validation_fraction": 1}, "validation_fraction must be"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            MLPClassifier(**options).fit(X, y)
