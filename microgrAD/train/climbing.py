"""Hill climbing: learning without gradients."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from microgrAD.compiler import CompileError
from microgrAD.errors import DomainError, counted, positive, real
from microgrAD.init import generator
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.eager import Eager
from microgrAD.train.fitting import data_of
from microgrAD.train.history import History, Measured
from microgrAD.train.replay import Measures
from microgrAD.train.search import mapping
from microgrAD.train.task import Loss, rows
from microgrAD.train.weights import put_weights, weights_of

JOBS = 4  # the number of jobs for an executor in a step
NONE: Measured = (math.inf, None)  # at weights where a number is not finite


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
    """Train a model without gradients: in each step, the best of some random neighbours is taken if it is better.

    A neighbour is the weights plus Gaussian noise.

    Arguments:
        model: the network; its parameters change.
        X, y: rows (rows, features) and targets (rows,).
        loss: as for `fit`.
        steps: the number of steps.
        neighbours: the number of neighbours in a step.
        scale: the standard deviation of the noise.
        stop_below: the search stops after a step whose loss is below this number.
        rng: a seed or generator.
        executor: what measures the neighbours at the same time, as for `random_restarts`.
    Returns: a History with one entry for each step. `failed` counts the neighbours without a finite loss.
    """
    rng, history = generator(rng), History()
    scale, stop_below = positive(scale, "scale"), None if stop_below is None else real(stop_below, "stop_below")
    X, y, here, hand_out = rows(X), np.asarray(y), weights_of(model), mapping(executor)
    ask = _asked(model, X, y, loss)
    best = ask(here)
    for _ in range(counted(steps, "steps")):
        around = here + scale * rng.standard_normal((counted(neighbours, "neighbours"), len(here)))
        found = (
            _each(ask, around)
            if executor is None
            else [
                pair
                for pairs in hand_out(partial(_ask, model, X, y, loss), np.array_split(around, JOBS))
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


def _asked(model: Module, X: Array, y: Any, loss: str | Loss | None) -> Callable[[Array], Measured]:
    """Return a function that measures at given weights, (parameters,), on a copy, since threads share the model."""
    model = copy.deepcopy(model)
    data = data_of(model, X, y, loss)
    measures: Eager | Measures = Eager(model, data)
    with suppress(CompileError):
        program = Measures(Eager(model, data))
        with suppress(DomainError):
            program.evaluate(data)  # compares the program with the engine
        measures = program

    def at(weights: Array) -> Measured:
        put_weights(model, weights)
        mean, given = measures.evaluate(data)
        return mean, data.task.accuracy(given)

    return at


def _each(ask: Callable[[Array], Measured], several: Array) -> list[Measured]:
    """Return the measurements at each of several weights, (n, parameters)."""
    found = []
    for weights in several:
        try:
            found.append(ask(weights))
        except DomainError:
            found.append(NONE)
    return found


def _ask(model: Module, X: Array, y: Any, loss: str | Loss | None, several: Array) -> list[Measured]:
    return _each(_asked(model, X, y, loss), several)
