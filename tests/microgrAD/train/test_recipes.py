"""Recipes: every built-in data set is learned by its own, and tables of any kind are."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paths import ROOT

from microgrAD.outputs import default_reading, outputs
from microgrAD.train import evaluate
from microgrAD.train.recipes import RECIPES, built_in, table

WANTED = {
    "xor": 1.0,
    "and": 1.0,
    "or": 1.0,
    "parity": 1.0,
    "circles": 0.97,
    "moons": 0.97,
    "blobs": 0.97,
    "spirals": 0.95,
    "glyphs": 0.95,
    "reviews": 0.9,
    "sine": 0.025,
    "yin-yang": 0.97,
}
measure: Any = runpy.run_path(str(ROOT / "benchmarks" / "twenty_seeds.py"))["measure"]


def test_every_recipe_has_its_mark() -> None:
    assert WANTED.keys() == RECIPES.keys()


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "yin-yang"])  # takes many seconds
def test_a_recipe_learns_its_data(name: str) -> None:
    row = measure(name, 1)
    assert len(row.scores) == 1
    assert (row.worst >= WANTED[name]) if row.classes else (row.worst <= WANTED[name])
    assert row.line().count("|") == 5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "epochs"), [("xor", 60), ("and", 160), ("or", 80), ("parity", 60)])
def test_a_truth_table_is_learned_until_the_loss_is_small(name: str, epochs: int, seed: int) -> None:
    """The loss gets below 0.02, and within the epochs that a class can watch."""
    problem = built_in(name, rng=seed)
    history = problem.teach(problem.network(rng=seed), rng=seed, progress=False)
    assert history.loss[-1] < 0.02
    assert len(history.loss) <= epochs


@pytest.mark.parametrize("name", ["and", "or"])
def test_what_a_line_separates_is_learned_by_one_neuron(name: str) -> None:
    assert len(built_in(name).network().parameters()) == 3


def test_a_smaller_yin_yang_is_learned_too() -> None:
    problem = built_in("yin-yang", samples=800, rng=1)
    history = problem.teach(problem.network(hidden=[16], rng=1), epochs=40, rng=1)
    assert history.test_accuracy[-1] > 0.85
    assert problem.class_names == ("yin", "yang", "dot") or list(problem.class_names) == ["yin", "yang", "dot"]


def test_a_network_takes_features_as_they_come() -> None:
    problem = built_in("moons", samples=80, rng=2)
    network = problem.network(rng=2)
    problem.teach(network, epochs=60, rng=2)
    assert default_reading(network) == "logits"
    assert problem.held_out is not None
    X, y = problem.held_out
    assert evaluate(network, X, y)[1] == np.mean((outputs(network, X)[:, 0] > 0) == y)


@pytest.mark.parametrize("name", ["circles", "xor"])
def test_noise_and_samples_are_taken(name: str) -> None:
    problem = built_in(name, samples=40, noise=0.05)
    assert len(problem.X) == 30
    assert problem.held_out is not None
    assert built_in("xor").held_out is None


def test_tables(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(5, 20, (80, 2))
    kinds = np.array(["low", "mid", "high"])[(X[:, 0] > 0).astype(int) + (X[:, 0] > 10)]
    lines = [f"{x},{y},{k}\n" for (x, y), k in zip(X, kinds, strict=True)]
    (tmp_path / "a.csv").write_text("a,b,kind\n" + "".join(lines))
    problem = table(tmp_path / "a.csv")
    network = problem.network()
    assert problem.teach(network, epochs=60).test_accuracy[-1] >= 0.8
    assert dict(network.notes) == {
        "data": str(tmp_path / "a.csv"),
        "features": ["a", "b"],
        "target": "kind",
        "classes": ["high", "low", "mid"],
    }
    (tmp_path / "b.csv").write_text("".join(f"{x},{0.1 * x - 0.3}\n" for x in X[:, 0]))
    problem = table(tmp_path / "b.csv")
    assert problem.teach(problem.network(), epochs=80).test_loss[-1] < 0.3


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize(("unit", "shift"), [(1.0, 0.0), (2.0**20, 2.0**22), (2.0**-30, -(2.0**-31))])
def test_the_unit_of_a_quantity_changes_nothing_but_the_answers(
    tmp_path: Path, unit: float, shift: float, optimizer: str
) -> None:
    rng = np.random.default_rng(1)
    X = rng.uniform(-2, 2, (120, 2))
    y = np.round(np.sin(X[:, 0]) * X[:, 1], 3)
    (tmp_path / "t.csv").write_text(
        "".join(f"{a!r},{b!r},{unit * c + shift!r}\n" for (a, b), c in zip(X.tolist(), y.tolist(), strict=True))
    )
    problem = table(tmp_path / "t.csv")
    network = problem.network(hidden=[12])
    history = problem.teach(network, optimizer=optimizer, epochs=60)
    assert history.loss_unit == "unexplained share of the targets' variance"
    assert history.test_loss[-1] < 0.1
    assert problem.validation is not None
    X, y = problem.validation
    left = np.mean((outputs(network, X)[:, 0] - y) ** 2) / np.var(problem.y)
    assert history.test_loss[history.end] == pytest.approx(left)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: built_in("mars"), "a data set is one of"),
        (lambda: built_in("reviews", noise=1.0), "take no noise"),
        (lambda: built_in("moons").teach(built_in("moons").network(), optimizer="x"), "optimizer must be one of"),
        (lambda: built_in("moons").teach(built_in("moons").network(), optimizer="adam", momentum=0.5), "no momentum"),
        (lambda: built_in("moons", noise=-1.0), "0 or more"),
        (lambda: built_in("xor", test_size=2.0), "test_size is the share held out"),
        (lambda: built_in("moons", validation_size=1.5), "validation_size is the share of the rows to learn from"),
        (lambda: built_in("xor", validation_size=0.2), "a whole truth table"),
        (lambda: built_in("moons").teach(built_in("moons").network(), patience=3), "validation rows other than those"),
    ],
)
def test_what_a_recipe_refuses(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
