"""The page's engine against Python: weights after 1,000 steps, the seeded generator, the data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from training import PLACES, Run, in_browser, in_node

from microgrAD import datasets
from microgrAD.nn import MLP, Dropout, Layer, Module, Sequential
from microgrAD.optim import SGD, Adam, AdamW, CosineAnnealingLR, ExponentialLR, Optimizer, RMSprop, StepLR
from microgrAD.train import History, fit
from viz.trainer import formulas

STEPS = 1000


@pytest.fixture
def run(page: Page) -> Run:
    return in_browser(page)


@pytest.fixture(params=PLACES)
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    return in_node(tmp_path) if request.param == "node" else in_browser(request.getfixturevalue("page"))


def rows(X: Any, y: Any) -> list[dict[str, Any]]:
    return [{"x": x, "y": t} for x, t in zip(X.tolist(), y.tolist(), strict=True)]


def weights(model: Module) -> Any:
    return np.array([p.data for p in model.parameters()])


def relative(found: Any, expected: Any) -> float:
    """The largest difference, relative to the weight or to 1 where that is more."""
    return float((np.abs(np.array(found) - expected) / np.maximum(np.abs(expected), 1)).max())


# Rates at which a run is no chaos: RMSprop at 0.003 jumps to and fro in the end, and there a difference of one last
# digit in a first weight, in Python alone, grows to 1e-3.
OPTIMIZERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "sgd": (lambda p: SGD(p, lr=0.1), {"lr": 0.1}),
    "momentum": (lambda p: SGD(p, lr=0.05, momentum=0.9), {"lr": 0.05}),
    "nesterov": (lambda p: SGD(p, lr=0.05, momentum=0.9, nesterov=True), {"lr": 0.05}),
    "rmsprop": (lambda p: RMSprop(p, lr=0.001), {"lr": 0.001}),
    "adam": (lambda p: Adam(p, lr=0.01), {"lr": 0.01}),
    "adamw": (lambda p: AdamW(p, lr=0.01), {"lr": 0.01}),
}


def compared(
    run: Run,
    model: Module,
    X: Any,
    y: Any,
    *,
    optimizer: Any,
    tune: dict[str, Any],
    build: dict[str, Any],
    epochs: int = STEPS,
    seed: int = 0,
    **options: Any,
) -> History:
    """Teach a model in Python and its twin in the page's engine; their weights must agree to 1e-12."""
    history = fit(model, X, y, optimizer=optimizer, epochs=epochs, rng=seed, **options)
    ids = [f"x{k}" for k in range(1, X.shape[1] + 1)]
    batch = options.get("batch_size") or len(X)
    found = run(
        "taught",
        {"learn": rows(X, y), "ids": ids, "build": {"seed": seed, "init": "xavier", **build},
         "tune": {"batch": batch, **tune}, "epochs": epochs},
    )  # fmt: skip
    assert found["fault"] is None
    assert relative(found["records"][0]["theta"], weights(model)) < 1e-12
    assert found["losses"] == pytest.approx(history.loss, rel=1e-11, abs=1e-12)
    if history.accuracy:
        assert found["records"][0]["accuracy"] == history.accuracy[-1]
    return history


BINARY = "binary_cross_entropy_with_logits"
X, y = datasets.make_moons(40, rng=3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str, anywhere: Run) -> None:
    make, tune = OPTIMIZERS[name]
    compared(
        anywhere, MLP(2, [4, 3, 1], rng=0), X, y, optimizer=make, tune={"rule": name, **tune},
        build={"sizes": [2, 4, 3, 1], "kinds": ["tanh", "tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


@pytest.mark.parametrize("kind", formulas.everywhere())
def test_every_activation(kind: str, run: Run) -> None:
    compared(
        run, MLP(2, [4, 1], activation=[kind, "linear"], rng=1), X / 4, y, seed=1,
        optimizer=lambda p: SGD(p, lr=0.005), tune={"rule": "sgd", "lr": 0.005},  # tan has poles, so small steps
        build={"sizes": [2, 4, 1], "kinds": [kind, "linear"], "loss": BINARY, "classes": 2},
        # the slope of cbrt has no bound at 0, so differences of rounding grow without end in a long run
        epochs=20 if kind == "cbrt" else STEPS,
    )  # fmt: skip


@pytest.mark.parametrize(("l1", "l2"), [(0.001, 0.0), (0.0, 0.003), (0.001, 0.001)])
def test_every_penalty(l1: float, l2: float, run: Run) -> None:
    compared(
        run, MLP(2, [5, 1], rng=2), X, y, seed=2, l1=l1, l2=l2,
        optimizer=lambda p: Adam(p, lr=0.01), tune={"rule": "adam", "lr": 0.01, "l1": l1, "l2": l2},
        build={"sizes": [2, 5, 1], "kinds": ["tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_losses_of_many_classes(loss: str, run: Run) -> None:
    rows_, targets = datasets.make_blobs(45, cluster_std=1.5, rng=1)
    compared(
        run, MLP(2, [4, 3], rng=5), rows_ / 4, targets, seed=5, loss=loss, batch_size=15, epochs=334,
        optimizer=lambda p: Adam(p, lr=0.01), tune={"rule": "adam", "lr": 0.01},
        build={"sizes": [2, 4, 3], "kinds": ["tanh", "linear"], "loss": loss, "classes": 3},
    )  # fmt: skip


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_losses_of_quantities(loss: str, run: Run) -> None:
    rows_, targets = datasets.make_sine(40, rng=1)
    compared(
        run, MLP(1, [6, 1], rng=5), rows_, targets, seed=5, loss=loss,
        optimizer=lambda p: Adam(p, lr=0.01), tune={"rule": "adam", "lr": 0.01},
        build={"sizes": [1, 6, 1], "kinds": ["tanh", "linear"], "loss": loss, "classes": 0},
    )  # fmt: skip


def test_the_hinge(run: Run) -> None:
    model = MLP(2, [6, 1], rng=3)
    fit(model, X, 2 * y - 1, loss="hinge", optimizer=lambda p: SGD(p, lr=0.05), epochs=STEPS)
    found = run(
        "taught",
        {"learn": rows(X, y), "ids": ["x1", "x2"], "tune": {"rule": "sgd", "lr": 0.05, "batch": 40}, "epochs": STEPS,
         "build": {"sizes": [2, 6, 1], "kinds": ["tanh", "linear"], "loss": "hinge", "classes": 2, "seed": 3,
                   "init": "xavier"}},
    )  # fmt: skip
    assert relative(found["records"][0]["theta"], weights(model)) < 1e-12


@pytest.mark.parametrize("batch", [1, 7, 39, 40])
def test_batches_come_in_the_same_order(batch: int, run: Run) -> None:
    compared(
        run, MLP(2, [3, 1], rng=4), X, y, seed=4, batch_size=batch, epochs=-(-STEPS // -(-40 // batch)),
        optimizer=lambda p: SGD(p, lr=0.05), tune={"rule": "sgd", "lr": 0.05},
        build={"sizes": [2, 3, 1], "kinds": ["tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


@pytest.mark.parametrize("init", ["xavier", "kaiming", "uniform"])
def test_first_weights(init: str, run: Run) -> None:
    for seed in (0, 1, 20, 2**40 + 3):
        found = run("([sizes, kind, seed]) => initialWeights(sizes, kind, seed)", [[3, 5, 4, 2], init, seed])
        assert found == weights(MLP(3, [5, 4, 2], init=init, rng=seed)).tolist()


def test_dropout_draws_the_same_masks(run: Run) -> None:
    rng = np.random.default_rng(6)
    model = Sequential(
        Layer(2, 8, rng=rng), Dropout(0.25), Layer(8, 6, rng=rng), Dropout(0.25),
        Layer(6, 1, activation="linear", rng=rng),
    )  # fmt: skip
    compared(
        run, model, X, y, seed=6, batch_size=16, epochs=334,
        optimizer=lambda p: SGD(p, lr=0.05), tune={"rule": "sgd", "lr": 0.05, "dropout": 0.25},
        build={"sizes": [2, 8, 6, 1], "kinds": ["tanh", "tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("step", lambda rule: StepLR(rule, step_size=100, gamma=0.5)),
        ("exponential", lambda rule: ExponentialLR(rule, gamma=0.99)),
        ("cosine", lambda rule: CosineAnnealingLR(rule, T_max=500, eta_min=rule.lr / 50)),
    ],
)
def test_schedules(name: str, make: Any, run: Run) -> None:
    model = MLP(2, [4, 1], rng=7)
    rule: Optimizer = Adam(model.parameters(), lr=0.03)
    compared(
        run, model, X, y, seed=7, epochs=500, optimizer=rule, schedule=make(rule),
        tune={"rule": "adam", "lr": 0.03, "schedule": name},
        build={"sizes": [2, 4, 1], "kinds": ["tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


def test_clipping(run: Run) -> None:
    compared(
        run, MLP(2, [4, 1], rng=8), X, y, seed=8, max_norm=0.1,
        optimizer=lambda p: SGD(p, lr=0.5), tune={"rule": "sgd", "lr": 0.5, "clip": 0.1},
        build={"sizes": [2, 4, 1], "kinds": ["tanh", "linear"], "loss": BINARY, "classes": 2},
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- numbers and data


def test_random_numbers_are_those_of_numpy(run: Run) -> None:
    draws = """(seed) => { const r = new Random(seed); return {
        u: times(50, () => r.random()), p: r.permutation(301), n: times(20000, () => r.normal()), v: r.uniform(-3, 2),
        q: r.permutation(7), s: (r.spawn(), r.spawn().random())}; }"""
    for seed in (0, 1, 99, 2**32 + 5, 2**53 - 1):
        found, rng = run(draws, seed), np.random.default_rng(seed)
        assert found["u"] == rng.random(50).tolist()
        assert found["p"] == rng.permutation(301).tolist()
        assert found["n"] == pytest.approx(rng.standard_normal(20000).tolist(), rel=1e-13, abs=1e-14)
        assert found["v"] == rng.uniform(-3, 2)
        assert found["q"] == rng.permutation(7).tolist()
        assert found["s"] == rng.spawn(2)[1].random()


SETS: dict[str, Any] = {
    "circles": lambda n, noise, rng: datasets.make_circles(n, noise=noise, rng=rng),
    "xor": lambda n, noise, rng: datasets.make_xor(n, noise=noise, rng=rng),
    "blobs": lambda n, noise, rng: datasets.make_blobs(n, cluster_std=noise, rng=rng),
    "spirals": lambda n, noise, rng: datasets.make_spirals(n, n_classes=3, noise=noise, rng=rng),
    "moons": lambda n, noise, rng: datasets.make_moons(n, noise=noise, rng=rng),
    "yin-yang": lambda n, noise, rng: datasets.make_yin_yang(n, noise=noise, rng=rng),
    "sine": lambda n, noise, rng: datasets.make_sine(n, noise=noise, rng=rng),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("n", "noise", "seed", "share"), [(61, 0.0, 0, 0.25), (200, 0.2, 5, 0.5), (10, 0.1, 1, 0.05)])
def test_data_sets_are_those_of_python(name: str, n: int, noise: float, seed: int, share: float, run: Run) -> None:
    found = run("([name, options]) => makeData(name, options)",
                [name, {"n": n, "noise": noise, "classes": 3, "seed": seed, "share": share}])  # fmt: skip
    X, y = SETS[name](n, noise, seed)
    parts = datasets.train_test_split(X, y, test_size=share, rng=seed)
    for key, rows_, targets in (("learn", parts[0], parts[2]), ("held", parts[1], parts[3])):
        assert [row["x"] for row in found[key]] == pytest.approx(rows_, rel=1e-12, abs=1e-13)
        assert [row["y"] for row in found[key]] == pytest.approx(targets, rel=1e-12, abs=1e-13)


# ---------------------------------------------------------------------------------------------- going wrong, going back

DIVERGE = {"sizes": [2, 4, 1], "kinds": ["exp", "linear"], "loss": "mse", "classes": 2, "seed": 0, "init": "xavier"}


def test_what_diverges_is_named_and_undone(run: Run) -> None:
    found = run("taught", {"learn": rows(X, y), "ids": ["x1", "x2"], "tune": {"rule": "sgd", "lr": 50.0, "batch": 8},
                           "build": DIVERGE, "epochs": 500})  # fmt: skip
    fault = found["fault"]
    assert fault["kind"] == "exp"
    assert fault["layer"] == 0
    assert fault["part"] == "activation"
    assert fault["epoch"] >= 1


def test_it_goes_on_from_a_record_as_if_nothing_had_come_after(run: Run) -> None:
    again = """({rows, build, tune}) => {
        const trainer = new Trainer();
        trainer.tune(tune);
        trainer.load({learn: matrix(rows, ["x1", "x2"]), held: matrix([], ["x1", "x2"])});
        trainer.build(build);
        const {records} = trainer.run({epochs: 60, ms: 1e9});
        trainer.restore(records[29]);
        const second = trainer.run({epochs: 30, ms: 1e9});
        return [records.at(-1).theta, second.records.at(-1).theta, second.records.at(-1).epoch]; }"""
    for rule in OPTIMIZERS:
        first, second, epoch = run(again, {
            "rows": rows(X, y), "tune": {"rule": rule, "lr": 0.01, "batch": 7, "dropout": 0.1, "schedule": "cosine"},
            "build": {**DIVERGE, "kinds": ["tanh", "linear"]}})  # fmt: skip
        assert first == second
        assert epoch == 60
