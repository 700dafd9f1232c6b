"""Searches: they find what they look for, and with any executor, on any number of workers, the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from microgrAD import DomainError
from microgrAD.datasets import make_moons, make_xor
from microgrAD.init import constant
from microgrAD.nn import MLP
from microgrAD.optim import Adam
from microgrAD.train import TrainingError, Trial, cross_validate, evaluate, fit, hill_climb, random_restarts, sweep

XOR = partial(MLP, 2, [2, 1])
QUICK: dict[str, Any] = {"optimizer": partial(Adam, lr=0.1), "epochs": 6}


def hidden(n: int, *, rng: Any) -> MLP:
    return MLP(2, [n, 1], rng=rng)


@pytest.fixture(scope="module")
def dask() -> Iterator[Executor]:
    """A real cluster: a scheduler and two worker processes of their own. A busy machine may take its time."""
    import dask
    from distributed import Client, LocalCluster

    patient = {f"distributed.comm.timeouts.{name}": "300s" for name in ("connect", "tcp")}
    with (
        dask.config.set(patient),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster, timeout=300) as client,
    ):
        client.wait_for_workers(2, timeout=300)
        assert len({*client.run(lambda: __import__("os").getpid()).values()}) == 2
        yield client.get_executor()


@pytest.fixture(scope="module", params=["1 thread", "3 threads", "2 processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "dask":
        yield request.getfixturevalue("dask")
        return
    make: Callable[[], Executor] = {
        "1 thread": partial(ThreadPoolExecutor, 1),
        "3 threads": partial(ThreadPoolExecutor, 3),
        "2 processes": partial(ProcessPoolExecutor, 2, mp_context=get_context("spawn")),
    }[request.param]
    with make() as made:
        yield made


def told(trials: list[Trial]) -> list[Any]:
    return [(t.history, t.model.state_dict()) for t in trials]


def test_any_executor_gives_the_same(executor: Executor) -> None:
    X, y = make_moons(12)
    for search in (
        partial(random_restarts, XOR, X, y, restarts=3, rng=4, **QUICK),
        partial(cross_validate, XOR, X, y, folds=3, rng=4, **QUICK),
    ):
        assert told(search(executor=executor)) == told(search())
    there, here = (sweep(hidden, [1, 3], X, y, folds=2, rng=4, executor=e, **QUICK) for e in (executor, None))
    assert {n: told(trials) for n, trials in there.items()} == {n: told(trials) for n, trials in here.items()}
    a, b = XOR(), XOR()
    assert hill_climb(a, X, y, steps=3, rng=4, executor=executor) == hill_climb(b, X, y, steps=3, rng=4)
    assert a.state_dict() == b.state_dict()


def test_hill_climbing_only_goes_down_and_learns_xor() -> None:
    X, y = make_xor()
    model = MLP(2, [4, 1])
    start = evaluate(model, X, y)[0]
    history = hill_climb(model, X, y, steps=200, neighbours=8, scale=1.0, stop_below=0.2)
    assert (np.diff([start, *history.loss]) <= 0).all()
    assert history.loss[-1] < 0.2
    assert history.accuracy[-1] == 1.0
    assert evaluate(model, X, y) == (pytest.approx(history.loss[-1]), 1.0)
    assert history.stopped == "stop_below"


def test_a_hill_climber_that_finds_nothing_stays() -> None:
    X, y = make_xor()
    model = MLP(2, [2, 1])
    before = model.state_dict()
    hill_climb(model, X, y, steps=2, neighbours=3, scale=0.0)
    assert model.state_dict() == before


def logarithmic(*, rng: Any) -> MLP:
    """A network that has no value for the negative half of all weights."""
    return MLP(1, [1], activation=["log"], bias=False, init="uniform", rng=rng)


def test_a_neighbour_without_a_loss_is_worse_than_any(executor: Executor) -> None:
    X, y, runs = [[1.0], [2.0]], [0.1, 0.8], []
    for given in (None, executor):
        model = MLP(1, [1], activation=["log"], bias=False, init="uniform", rng=0)
        model.parameters()[0].data = 0.2
        runs.append((hill_climb(model, X, y, steps=6, neighbours=5, rng=1, executor=given), model.state_dict()))
    history, weights = runs[0]
    assert runs[1] == runs[0]
    assert 0 < history.failed < 30
    assert history.as_dict()["failed"] == history.failed
    assert history.loss[-1] < 0.01
    assert next(iter(weights.values())) == pytest.approx(1.1, abs=0.1)


def test_a_hill_climb_that_starts_without_a_loss_says_where() -> None:
    model = MLP(1, [1], activation=["log"], bias=False)
    model.parameters()[0].data = -1.0
    with pytest.raises(DomainError, match=r"log needs x > 0, got -1\.0"):
        hill_climb(model, [[1.0]], [0.0])


def test_a_restart_without_a_loss_comes_last_and_says_why(executor: Executor) -> None:
    X, y = [[1.0], [2.0]], [0.1, 0.8]
    trials = random_restarts(logarithmic, X, y, restarts=6, rng=1, executor=executor, **QUICK)
    failed = [trial for trial in trials if trial.error]
    assert 0 < len(failed) < 6
    assert trials[-len(failed) :] == failed
    assert all(t.loss == math.inf and "epoch 1" in t.error and "log needs x > 0" in t.error for t in failed)
    assert [t.loss for t in trials[: -len(failed)]] == [evaluate(t.model, X, y)[0] for t in trials[: -len(failed)]]
    assert told(trials) == told(random_restarts(logarithmic, X, y, restarts=6, rng=1, **QUICK))
    hopeless = partial(MLP, 1, [1], activation=["log"], bias=False, init=constant(-1.0))
    with pytest.raises(TrainingError, match=r"not one of 2 restarts ended well; the first: epoch 1.*log needs x > 0"):
        random_restarts(hopeless, X, y, restarts=2, executor=executor)
    with pytest.raises(TrainingError, match="log needs x > 0") as caught:
        cross_validate(hopeless, X, y, folds=2, executor=executor)
    assert caught.value.history.epochs == 0


def test_restarts_start_elsewhere_and_come_best_first() -> None:
    X, y = make_xor()
    trials = random_restarts(XOR, X, y, restarts=6, rng=1, optimizer=partial(Adam, lr=0.1), epochs=60)
    losses = [t.loss for t in trials]
    assert losses == sorted(losses)
    assert losses[-1] > losses[0] + 0.05
    assert trials[0].loss == pytest.approx(evaluate(trials[0].model, X, y)[0])


def test_cross_validation_is_what_one_would_do_by_hand() -> None:
    X, y = make_moons(9)
    rng = np.random.default_rng(7)
    parts = np.array_split(rng.permutation(9), 3)
    seeds = [int(s) for s in rng.integers(2**32, size=3)]
    trials = cross_validate(XOR, X, y, folds=3, rng=7, **QUICK)
    for part, seed, trial in zip(parts, seeds, trials, strict=True):
        rest = [k for k in range(9) if k not in part]
        model = XOR(rng=seed)
        history = fit(model, X[rest], y[rest], validation=(X[part], y[part]), rng=seed, **QUICK)
        assert history == trial.history
        assert model.state_dict() == trial.model.state_dict()


def test_a_sweep_sees_that_one_hidden_unit_is_too_few() -> None:
    X, y = make_xor(40, noise=0.1)
    found = sweep(hidden, [1, 8], X, y, folds=2, optimizer=partial(Adam, lr=0.1), epochs=60)
    mean = {n: np.mean([t.history.test_accuracy[-1] for t in trials]) for n, trials in found.items()}
    assert mean[1] < 0.9 < mean[8]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X, y: cross_validate(XOR, X, y, folds=1), "folds must be from 2 to 4"),
        (lambda X, y: cross_validate(XOR, X, y, folds=5), "folds must be from 2 to 4, the number of rows, got 5"),
        (lambda X, y: random_restarts(XOR, X, y, restarts=0), "restarts takes"),
        (lambda X, y: hill_climb(XOR(), X, y, steps=0), "steps takes"),
        (lambda X, y: random_restarts(XOR, X, y, optimizer=Adam(XOR().parameters())), "not the model's"),
        (lambda X, y: random_restarts(XOR, X, y, checkpoint="c.json"), "a checkpoint is of one run"),
        (lambda X, y: cross_validate(XOR, X, y, folds=2, checkpoint="c.json"), "a checkpoint is of one run"),
        (lambda X, y: cross_validate(XOR, X, y, folds=2, validation=0.5), "each fold is held out in turn"),
        (lambda X, y: sweep(hidden, [2], X, [*y, 0, 1], folds=2), "one target for each of 4 rows"),
        (lambda X, y: sweep(hidden, [2], X, y[:2], folds=2), "one target for each of 4 rows"),
        (lambda X, y: sweep(hidden, [[2], [3]], X, y, folds=2), r"such as 8 or the tuple \(8, 8\), got \[2\]"),
        (lambda X, y: sweep(hidden, 3, X, y, folds=2), "choices takes a list, such as .* got 3"),
        (lambda X, y: sweep(hidden, [3], X, y, folds=2, executor=4), "executor takes .*, got int 4"),
        (lambda X, y: random_restarts(XOR, X, y, executor="threads"), "executor takes .*, got str 'threads'"),
        (lambda X, y: hill_climb(XOR(), X, y, executor=4), "executor takes .*, got int 4"),
        (lambda X, y: random_restarts(XOR, X, y, epochs=0), "no loss, since no epoch was run"),
        (lambda X, y: hill_climb(XOR(), X, y, scale=-1.0), "scale must be 0 or more"),
        (lambda X, y: hill_climb(XOR(), X, y, scale=float("nan")), "scale takes a finite number"),
        (lambda X, y: hill_climb(XOR(), X, y, stop_below=float("nan")), "stop_below takes a finite number"),
    ],
)
def test_what_a_search_refuses(call: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call(*make_xor())


def test_trials_with_patience_are_judged_by_the_parameters_that_were_put_back() -> None:
    X, y = make_moons(40, noise=0.5)
    held_out = make_moons(20, noise=0.5, rng=1)
    trials = random_restarts(
        partial(MLP, 2, [12, 1]),
        X,
        y,
        restarts=3,
        epochs=200,
        optimizer=partial(Adam, lr=0.1),
        patience=4,
        validation=held_out,
    )
    for trial in trials:
        assert trial.loss == pytest.approx(evaluate(trial.model, *held_out)[0])
        assert trial.loss < trial.history.test_loss[-1]
    assert [t.loss for t in trials] == sorted(t.loss for t in trials)
