"""The simple answers beside a network's are scikit-learn's, and rows that are reported choose nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets as scikit
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from microgrAD.outputs import classes, outputs
from microgrAD.train.baselines import Score, compared, errors
from microgrAD.train.problem import Problem
from microgrAD.train.recipes import built_in, table


def written(path: Path, name: str, **options: Any) -> Problem:
    getattr(scikit, f"load_{name}")(as_frame=True).frame.to_csv(path / "t.csv", index=False)
    return table(path / "t.csv", **options)


def learned_from(problem: Problem) -> tuple[Any, Any]:
    assert problem.validation is not None
    return np.concatenate([problem.X, problem.validation[0]]), np.concatenate([problem.y, problem.validation[1]])


@pytest.mark.parametrize("seed", range(3))
def test_a_quantity_beside_the_mean_and_a_straight_line(tmp_path: Path, seed: int) -> None:
    problem = written(tmp_path, "diabetes", rng=seed)
    network = problem.network(hidden=[4], rng=seed)
    history = problem.teach(network, rng=seed, epochs=40)
    found, (X, y) = compared(problem, network), learned_from(problem)
    assert problem.held_out is not None
    held_X, held_y = problem.held_out
    line = make_pipeline(StandardScaler(), Ridge()).fit(X, y)
    assert found.linear.r2 == pytest.approx(line.score(held_X, held_y), abs=1e-9)
    assert found.constant.r2 == pytest.approx(DummyRegressor().fit(X, y).score(held_X, held_y), abs=1e-9)
    answers = outputs(network, held_X)[:, 0]
    assert found.network.r2 == pytest.approx(r2_score(held_y, answers))
    assert found.network.error == pytest.approx(mean_squared_error(held_y, answers) ** 0.5)
    assert found.network.r2 is not None
    assert found.network.r2 > 0.35  # 0.16 without an early stop
    assert history.restored == history.best_epoch


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_classes_beside_the_most_frequent_and_a_linear_model(tmp_path: Path, name: str) -> None:
    problem = written(tmp_path, name, classes=True, rng=1)
    network = problem.network(hidden=[], rng=1)
    problem.teach(network, epochs=2, rng=1)
    found, (X, y) = compared(problem, network), learned_from(problem)
    assert problem.held_out is not None
    held_X, held_y = problem.held_out
    theirs = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y).score(held_X, held_y) * len(held_y)
    assert found.linear.right is not None
    assert abs(found.linear.right - theirs) < 2.1
    dummy = DummyClassifier().fit(X, y)
    assert found.constant.right == round(dummy.score(held_X, held_y) * len(held_y))
    assert found.guess == dummy.predict(held_X)[0]
    assert found.network.right == (classes(outputs(network, held_X), "logits") == held_y).sum()
    assert found.network.loses_to(found.network)


def test_more_features_than_rows_and_none_that_changes() -> None:
    rng = np.random.default_rng(0)
    problem = built_in("sine", samples=40)
    wide = np.hstack([rng.normal(size=(30, 60)), np.ones((30, 1)), problem.X])
    held = np.hstack([rng.normal(size=(10, 60)), np.ones((10, 1)), problem.held_out[0]])  # type: ignore[index]
    problem = replace(problem, X=wide, held_out=(held, problem.held_out[1]))  # type: ignore[index]
    found = compared(problem, problem.network(hidden=[]))
    line = make_pipeline(StandardScaler(), Ridge()).fit(problem.X, problem.y)
    assert found.linear.r2 == pytest.approx(line.score(held, problem.held_out[1]), abs=1e-9)  # type: ignore[index]


def test_scores_of_one_row_and_of_huge_numbers() -> None:
    assert errors(np.array([1.0]), np.array([2.0])).r2 is None
    huge = errors(np.array([1e300, 2e300]), np.array([1e300, 4e300]))
    assert huge.error == pytest.approx(2e300 / 2**0.5)
    assert huge.r2 == pytest.approx(1 - 4 / 4.5)
    with pytest.raises(ValueError, match="xor holds no rows out"):
        compared(built_in("xor"), built_in("xor").network())


@pytest.mark.parametrize(
    ("score", "other", "loses"),
    [
        (Score(9, right=5), Score(9, right=4), False),
        (Score(9, right=5), Score(9, right=5), True),
        (Score(9, right=5), Score(9, right=6), True),
        (Score(9, error=0.5), Score(9, error=0.75), False),
        (Score(9, error=0.5), Score(9, error=0.5), True),
        (Score(9, error=0.5), Score(9, error=0.25), True),
        (Score(9, error=0.0), Score(9, error=0.25), False),
    ],
)
def test_which_of_two_scores_is_better(score: Score, other: Score, loses: bool) -> None:
    assert score.loses_to(other) == loses


def test_what_is_held_out_chooses_nothing(tmp_path: Path) -> None:
    problem = written(tmp_path, "iris", classes=True)
    assert problem.validation is not None
    assert problem.held_out is not None
    parts = [problem.X, problem.validation[0], problem.held_out[0]]
    assert [len(part) for part in parts] == [90, 22, 38]
    rows = {tuple(row) for row in scikit.load_iris().data.tolist()}
    assert {tuple(row) for part in parts for row in part.tolist()} == rows
    X, y = problem.held_out
    other = replace(problem, held_out=(X[::-1] * 3 - 1, (y + 1) % 3))
    runs = []
    for each in (problem, other):
        network = each.network(hidden=[5])
        history = each.teach(network, patience=4)
        assert history.stopped == "patience"
        assert history.restored == history.best_epoch == history.epochs - 4
        runs.append((history.as_dict(), network.state_dict()))
    assert runs[0] == runs[1]


def test_without_a_patience_a_run_waits_for_twenty_epochs(tmp_path: Path) -> None:
    problem = written(tmp_path, "iris", classes=True)
    network = problem.network(hidden=[5])
    history = problem.teach(network, lr=0.2, epochs=400)
    assert history.stopped == "patience"
    assert history.best_epoch == history.epochs - 20


def test_ten_rows_to_learn_from_are_enough_to_keep_some(tmp_path: Path) -> None:
    kept = []
    for rows in (12, 13):
        (tmp_path / f"{rows}.csv").write_text("a,y\n" + "".join(f"{k * 0.5},{k * k / 3}\n" for k in range(rows)))
        problem = table(tmp_path / f"{rows}.csv")
        learned = len(problem.X) + (len(problem.validation[0]) if problem.validation else 0)
        kept.append((learned, problem.validation is not None))
    assert kept == [(9, False), (10, True)]


def test_of_few_rows_none_are_kept_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n" + "".join(f"{k * 0.5},{k * k / 3}\n" for k in range(12)))
    assert table(tmp_path / "t.csv").validation is None
    assert table(tmp_path / "t.csv", validation_size=0.2).validation is not None
    assert table(tmp_path / "t.csv", test_size=0.1).validation is not None
    assert table(tmp_path / "t.csv", test_size=0.1, validation_size=0).validation is None
