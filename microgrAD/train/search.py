"""Searching: random neighbours, random restarts, cross-validation, a sweep over a choice such as hidden units.

Each takes `executor=`, any `concurrent.futures.Executor` (threads, processes, Dask's `Client.get_executor()`), and
gives the same result with any, and with none: all that is random is drawn before work is handed out, and results are
taken in order. What goes to other processes must be picklable: `functools.partial(MLP, 2, [8, 1])`, not a lambda.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from microgrAD.compiler import CompileError
from microgrAD.errors import DomainError, counted, positive, real
from microgrAD.init import generator
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.fitting import data_of, fit
from microgrAD.train.history import History
from microgrAD.train.loop import TrainingError
from microgrAD.train.replay import Eager, Measures
from microgrAD.train.task import Loss, rows
from microgrAD.train.weights import put_weights, weights_of

SHARES = 4  # into so many jobs a step's neighbours are parted
Measured = tuple[float, float | None]  # loss and accuracy
NONE: Measured = (math.inf, None)  # of weights at which a number is not finite
Make = Callable[..., Module]  # makes a model, given rng= (and, for a sweep, one choice)


@dataclass(frozen=True)
class Trial:
    """One training run of a search."""

    model: Module
    history: History
    error: str = ""  # why it ended early, with a number that was not finite

    @property
    def loss(self) -> float:
        """What it is judged by: the held-out loss of the model as it is, or its loss where nothing is held out.

        Infinite where the run ended with an error.
        """
        if not self.history.epochs and not self.error:
            raise ValueError("this trial has no loss, since no epoch was run; pass epochs of 1 or more")
        return math.inf if self.error else (self.history.test_loss or self.history.loss)[self.history.end]


def hill_climb(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: str | Loss | None = None,
    steps: int = 100,
    neighbours: int = 10,
    scale: float = 0.3,
    stop_below: float | None = None,
    rng: Any = 0,
    executor: Executor | None = None,
) -> History:
    """Learn without a gradient: of so many random neighbours of the weights, the best is kept if it is better.

    A neighbour is the weights plus Gaussian noise of standard deviation `scale`. The history has one entry a step; a
    neighbour that has no finite loss counts as worse than any, and in `history.failed`.
    """
    rng, history = generator(rng), History()
    scale, stop_below = positive(scale, "scale"), None if stop_below is None else real(stop_below, "stop_below")
    X, y, here, hand_out = rows(X), np.asarray(y), weights_of(model), _mapping(executor)
    ask = _asked(model, X, y, loss)
    best = ask(here)
    for _ in range(counted(steps, "steps")):
        around = here + scale * rng.standard_normal((counted(neighbours, "neighbours"), len(here)))
        found = (
            _each(ask, around)
            if executor is None
            else [
                pair
                for pairs in hand_out(partial(_ask, model, X, y, loss), np.array_split(around, SHARES))
                for pair in pairs
            ]
        )
        history.failed += found.count(NONE)
        k = int(np.argmin([mean for mean, _ in found]))
        if found[k][0] < best[0]:
            here, best, history.best_epoch = around[k], found[k], history.epochs + 1
        history.loss.append(best[0])
        if best[1] is not None:
            history.accuracy.append(best[1])
        if stop_below is not None and best[0] < stop_below:
            break
    put_weights(model, here)
    history.stopped = "stop_below" if stop_below is not None and best[0] < stop_below else "epochs"
    return history


def random_restarts(
    make: Make, X: Any, y: Any, *, restarts: int = 10, rng: Any = 0, executor: Executor | None = None, **options: Any
) -> list[Trial]:
    """`restarts` models make(rng=...) from different weights, each taught by `fit` with `options`; the best first.

    One in which a number stops being finite comes last, with its `error`; TrainingError if all of them do.
    """
    _one_run_only(options)
    seeds = _seeds(rng, counted(restarts, "restarts"))
    jobs = [(make, seed, X, y, None) for seed in seeds]
    trials = list(_mapping(executor)(partial(_teach, options, go_on=True), jobs))
    if all(trial.error for trial in trials):
        raise TrainingError(
            f"not one of {restarts} restarts ended well; the first: {trials[0].error}", trials[0].history
        )
    return sorted(trials, key=lambda trial: trial.loss)


def cross_validate(
    make: Make, X: Any, y: Any, *, folds: int = 5, rng: Any = 0, executor: Executor | None = None, **options: Any
) -> list[Trial]:
    """A trial for each fold: a model taught by `fit` on the other folds, with this one held out. Stone 1974.

    A run that ends with an error ends it all: a mean over the other folds would flatter.
    """
    return next(
        iter(sweep(partial(_ignoring, make), [None], X, y, folds=folds, rng=rng, executor=executor, **options).values())
    )


def sweep(
    make: Make,
    choices: Iterable[Any],
    X: Any,
    y: Any,
    *,
    folds: int = 5,
    rng: Any = 0,
    executor: Executor | None = None,
    **options: Any,
) -> dict[Any, list[Trial]]:
    """For each choice, such as a number of hidden units, the trials of a cross-validation of make(choice, rng=...).

    All choices get the same folds and seeds.
    """
    _one_run_only(options)
    if "validation" in options:
        raise ValueError("each fold is held out in turn, so there is no validation to pass")
    choices, rng = _keys(choices), generator(rng)
    X, y = rows(X), np.asarray(y)
    if y.ndim < 1 or len(y) != len(X):
        raise ValueError(f"y takes one target for each of {len(X)} rows, got shape {y.shape}")
    parts = np.array_split(rng.permutation(len(X)), _folds(folds, len(X)))
    seeds = _seeds(rng, folds)
    jobs = [
        (partial(make, choice), seed, *_split(X, y, part))
        for choice in choices
        for seed, part in zip(seeds, parts, strict=True)
    ]
    trials = list(_mapping(executor)(partial(_teach, options), jobs))
    return {choice: trials[k * folds : (k + 1) * folds] for k, choice in enumerate(choices)}


# ---------------------------------------------------------------------------------------------- what workers do


def _asked(model: Module, X: Array, y: Any, loss: str | Loss | None) -> Callable[[Array], Measured]:
    """A function that measures at other weights (parameters,), on a copy, since threads share the model."""
    model = copy.deepcopy(model)
    data = data_of(model, X, y, loss)
    measures: Eager | Measures = Eager(model, data)
    with suppress(CompileError):
        program = Measures(Eager(model, data))
        with suppress(DomainError):
            program.evaluate(data)  # compared with the engine before it is believed
        measures = program

    def at(weights: Array) -> Measured:
        put_weights(model, weights)
        mean, given = measures.evaluate(data)
        return mean, data.task.accuracy(given)

    return at


def _each(ask: Callable[[Array], Measured], several: Array) -> list[Measured]:
    """What it says of each of several weights (n, parameters)."""
    found = []
    for weights in several:
        try:
            found.append(ask(weights))
        except DomainError:
            found.append(NONE)
    return found


def _ask(model: Module, X: Array, y: Any, loss: str | Loss | None, several: Array) -> list[Measured]:
    return _each(_asked(model, X, y, loss), several)


def _teach(options: dict[str, Any], job: tuple[Make, int, Any, Any, Any], *, go_on: bool = False) -> Trial:
    """A trial; one that ends with an error is raised, or else kept with it."""
    make, seed, X, y, held_out = job
    model = make(rng=seed)
    held = options if held_out is None else {**options, "validation": held_out}
    try:
        return Trial(model, fit(model, X, y, **{"progress": False, **held, "rng": seed}))
    except TrainingError as error:
        if not go_on:
            raise
        return Trial(model, error.history, str(error))


def _ignoring(make: Make, choice: None, *, rng: Any) -> Module:
    return make(rng=rng)


# ---------------------------------------------------------------------------------------------- handing out


def _mapping(executor: Executor | None) -> Callable[..., Iterable[Any]]:
    """The executor's `map`, or Python's; TypeError for what is no executor."""
    if executor is None:
        return map
    if not callable(getattr(executor, "map", None)):
        raise TypeError(
            "executor takes a concurrent.futures.Executor, such as ThreadPoolExecutor(4), or None, got "
            f"{type(executor).__name__} {executor!r:.40}"
        )
    return executor.map


def _one_run_only(options: dict[str, Any]) -> None:
    if options.get("checkpoint") is not None:
        raise ValueError(
            "a checkpoint is of one run, and a search makes many: each would go on from the one before; leave it out"
        )


def _keys(choices: Iterable[Any]) -> list[Any]:
    """The choices, once each; TypeError where one can be no key of a dict."""
    if not hasattr(choices, "__iter__"):
        raise TypeError(f"choices takes a list, such as [1, 2, 4] hidden units, got {choices!r:.40}")
    choices = list(choices)
    for choice in choices:
        try:
            hash(choice)
        except TypeError:
            raise TypeError(f"choices take what can be a key, such as 8 or the tuple (8, 8), got {choice!r}") from None
    return list(dict.fromkeys(choices))


def _seeds(rng: Any, count: int) -> list[int]:
    return [int(seed) for seed in generator(rng).integers(2**32, size=count)]


def _folds(folds: int, n: int) -> int:
    if not 2 <= counted(folds, "folds") <= n:
        raise ValueError(f"folds must be from 2 to {n}, the number of rows, got {folds}")
    return folds


def _split(X: Array, y: Any, part: Any) -> tuple[Array, Any, tuple[Array, Any]]:
    rest = np.setdiff1d(np.arange(len(X)), part)
    return X[rest], y[rest], (X[part], y[part])
