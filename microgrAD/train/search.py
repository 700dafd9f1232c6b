"""Searches that train many models: random restarts, cross-validation, a sweep over a choice such as hidden units.

Arguments that they share:
    make: a function that makes a model, called as make(rng=...), in a sweep as make(choice, rng=...).
    X, y: rows (rows, features) and targets (rows,).
    rng: a seed or generator.
    executor: any `concurrent.futures.Executor` (threads, processes, Dask's `Client.get_executor()`), by default none.
        The results are the same with each of them: all random numbers are drawn before work is handed out, and results
        are taken in order. What goes to other processes must be picklable: `functools.partial(MLP, 2, [8, 1])`, not a
        lambda.
    options: what else `fit` takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.init import generator
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.fitting import fit
from microgrAD.train.history import History
from microgrAD.train.loop import TrainingError
from microgrAD.train.task import rows

Make = Callable[..., Module]  # makes a model from rng=, and in a sweep from a choice


@dataclass(frozen=True)
class Trial:
    """A training run of a search: the model, its history, and the error if it ended with one."""

    model: Module
    history: History
    error: str = ""  # the TrainingError that ended the run

    @property
    def loss(self) -> float:
        """The loss by which trials are compared: on held-out data, if there are any; infinite after an error."""
        if not self.history.epochs and not self.error:
            raise ValueError("this trial has no loss, since no epoch was run; pass epochs of 1 or more")
        return math.inf if self.error else (self.history.test_loss or self.history.loss)[self.history.end]


def random_restarts(
    make: Make, X: Any, y: Any, *, restarts: int = 10, rng: Any = 0, executor: Executor | None = None, **options: Any
) -> list[Trial]:
    """Train several models from different weights, and return the trials, the best one first.

    Arguments:
        make, X, y, rng, executor, options: as the module says.
        restarts: the number of models.
    Returns: a trial for each model. A run that ended with an error comes last; its `error` says why.
    Raises: TrainingError if every run ended with an error.
    """
    _one_run_only(options)
    seeds = _seeds(rng, counted(restarts, "restarts"))
    jobs = [(make, seed, X, y, None) for seed in seeds]
    trials = list(mapping(executor)(partial(_teach, options, go_on=True), jobs))
    if all(trial.error for trial in trials):
        raise TrainingError(
            f"not one of {restarts} restarts ended well; the first: {trials[0].error}", trials[0].history
        )
    return sorted(trials, key=lambda trial: trial.loss)


def cross_validate(
    make: Make, X: Any, y: Any, *, folds: int = 5, rng: Any = 0, executor: Executor | None = None, **options: Any
) -> list[Trial]:
    """Train a model for each fold, on all other folds, with this one held out.

    Arguments:
        make, X, y, rng, executor, options: as the module says.
        folds: the number of folds.
    Returns: a trial for each fold.
    Raises: TrainingError if one run ends with an error, since a mean over the other folds would be too good.
    Source: Stone 1974.
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
    """Cross-validate models for several choices, such as numbers of hidden units, with the same folds and seeds.

    Arguments:
        make, X, y, rng, executor, options: as the module says.
        choices: what to pass to `make`, one after the other; each can be a key of a dict.
        folds: the number of folds.
    Returns: for each choice its trials, one for each fold.
    Raises: ValueError or TypeError for choices or folds that are not valid; TrainingError as for `cross_validate`.
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
    trials = list(mapping(executor)(partial(_teach, options), jobs))
    return {choice: trials[k * folds : (k + 1) * folds] for k, choice in enumerate(choices)}


def _teach(options: dict[str, Any], job: tuple[Make, int, Any, Any, Any], *, go_on: bool = False) -> Trial:
    """Return the trial of a job. A run that ends with an error is raised, or kept in the trial if `go_on`."""
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


def mapping(executor: Executor | None) -> Callable[..., Iterable[Any]]:
    """Return the `map` of an executor, or Python's. Raise TypeError for what is not an executor."""
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
        raise ValueError("a checkpoint is of one run, and a search makes many; leave it out")


def _keys(choices: Iterable[Any]) -> list[Any]:
    """Return each choice once. Raise TypeError for a choice that cannot be a key of a dict."""
    if not hasattr(choices, "__iter__"):
        raise TypeError(f"choices takes a list, such as [1, 2, 4] hidden units, got {choices!r:.40}")
    choices = list(choices)
    for choice in choices:
        try:
            hash(choice)
        except TypeError:
            raise TypeError(f"choices takes keys of a dict, such as 8 or the tuple (8, 8), got {choice!r}") from None
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
