"""`fit`: teach a model, epoch after epoch of minibatches, each a step of the optimiser."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from microgrAD.errors import positive
from microgrAD.guesses import refuse_keywords
from microgrAD.init import generator
from microgrAD.nn import Module, Perceptron
from microgrAD.nn.modes import dropouts, mode
from microgrAD.operators import Value
from microgrAD.optim import NAMED, Adam, Optimizer, Schedule
from microgrAD.outputs import Array, last, outputs
from microgrAD.train.checkpoint import Run, fingerprint, keepable
from microgrAD.train.history import History, Recording
from microgrAD.train.holding import counting, hold_out
from microgrAD.train.loop import Callback, Limits, Loop, explained
from microgrAD.train.replay import Data, Eager, engine
from microgrAD.train.task import Loss, rows, task

_RATE = "write optimizer=functools.partial(microgrAD.optim.Adam, lr=0.1), or an optimizer of model.parameters()"
_GUESSED = {  # what users of other libraries write
    "lr": _RATE,
    "learning_rate": _RATE,
    "momentum": "write optimizer=functools.partial(microgrAD.optim.SGD, lr=0.1, momentum=0.9)",
    "weight_decay": "write optimizer=functools.partial(microgrAD.optim.SGD, lr=0.1, weight_decay=0.01), or l2=",
    "seed": "write rng=",
    "random_state": "write rng=",
    "n_epochs": "write epochs=",
    "num_epochs": "write epochs=",
    "steps": "write epochs=",
    "max_iter": "write epochs=",
    "batch": "write batch_size=",
    "verbose": "write progress=",
    "validation_data": "write validation=(X, y)",
    "validation_split": "write validation=",
    "early_stopping": "write patience=, with validation=",
    "loss_fn": "write loss=",
    "criterion": "write loss=",
    "opt": "write optimizer=",
    "shuffle": "rows are in random order where there are several batches",
}

MakeOptimizer = Optimizer | str | Callable[[list[Value]], Optimizer] | None


def fit(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: str | Loss | None = None,
    optimizer: MakeOptimizer = None,
    epochs: int = 100,
    batch_size: int | None = None,
    shuffle: bool = True,
    sample_weight: Any = None,
    validation: tuple[Any, ...] | float | None = None,
    stop_below: float | None = None,
    patience: int | None = None,
    schedule: Schedule | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    max_norm: float | None = None,
    clip_value: float | None = None,
    callbacks: Iterable[Callback] = (),
    record: bool | int = False,
    progress: bool | None = None,
    rng: Any = 0,
    checkpoint: str | os.PathLike[str] | None = None,
    compiled: bool | None = None,
    **unknown: Any,
) -> History:
    """Teach `model` the targets y (rows,) of X (rows, features), epoch after epoch; gives the History.

    loss         a name of `microgrAD.losses`, or a function of one row's (output, target). By itself, for a model
                 whose last layer is linear: cross entropy where y are classes numbered from 0, else "mse"
    optimizer    an Optimizer, its name, or a function that makes one of the parameters; by itself Adam, lr=0.01
    batch_size   rows a step; by default all; 1 is the online rule
    shuffle      whether each epoch takes the rows in a new random order; False takes them as given
    sample_weight    how much each row counts, (rows,): 2 is a row that is there twice, 0 one that is not there
    validation   (X, y) held out, or (X, y, sample_weight), or the share of rows to hold out
    stop_below   ends after an epoch whose loss is below it
    patience     ends after so many epochs in which the loss, the held-out one if there is such, was no better than
                 ever before, and puts the best epoch's parameters back
    schedule     a schedule of the optimizer, stepped after each epoch
    l1, l2       weights of penalties that are added to the loss: l1 · Σ|w| + l2 · Σw²
    max_norm, clip_value    bounds for gradients: their norm, each of them
    callbacks    each is called after an epoch as callback(model, history); one that gives True ends the run
    record       True keeps the weights after every epoch, a number n after every n-th and the last, in
                 `history.recording`, for `viz.player` and other pictures of the run
    progress     a bar: by itself on a terminal only
    checkpoint   a file, written after each epoch; if it is there, the run goes on from it, with the same results
    compiled     False builds every graph anew; True and None replay a recorded program where that can be

    TrainingError when a number is not finite, naming the operation, what it was given, and where in the network.
    """
    refuse_keywords("fit", unknown, _GUESSED)
    _refuse_step(model)
    seed = int(rng) if hasattr(rng, "__index__") else None
    rng, callbacks = generator(rng), _callable(callbacks)
    l1, l2 = positive(l1, "l1"), positive(l2, "l2")
    if checkpoint is not None:
        keepable(checkpoint, rng)
    X, y, w, held = hold_out(*counting(rows(X), np.asarray(y), sample_weight), validation, rng)
    with mode(model, training=True):
        learn = data_of(model, X, y, loss, w)
        held_out = None if held is None else data_of(model, held[0], held[1], loss, held[2])
        opt = make_optimizer(optimizer, model)
        if schedule is not None and getattr(schedule, "optimizer", None) is not opt:
            raise ValueError(
                "the schedule is that of another optimizer; make the optimizer, then the schedule of it, and pass both"
            )
        size = len(X) if batch_size is None else batch_size
        limits = Limits(epochs, size, stop_below, patience, max_norm, clip_value, shuffle)
        for dropout in dropouts(model):
            dropout.rng = rng.spawn(1)[0]
        run = Run(model, opt, schedule, rng, History(), {}, {})
        if checkpoint is not None:
            run.settings = _settings(model, opt, schedule, learn, held_out, limits, l1, l2)
            if os.path.exists(checkpoint):
                run.resume(checkpoint)
        replay = engine(model, learn, l1=l1, l2=l2, compiled=compiled)
        loop = Loop(run, learn, held_out, replay, limits, callbacks)
        if record is not False:
            run.history.kept = Recording(
                model,
                X,
                y,
                held_out=held and held[:2],
                loss=loss,
                every=record,
                epoch=run.history.epochs,
                measured=loop.measure(),
                how={
                    "optimizer": type(opt).__name__,
                    "options": opt.options(),
                    "batch_size": limits.batch_size,
                    "seed": seed,
                },
            )
            loop.callbacks.insert(0, run.history.kept)
        loop.go(progress, None if checkpoint is None else Path(checkpoint))
    return run.history


def _refuse_step(model: Any) -> None:
    """ValueError for a network that ends in a step: it can't learn by gradients, which are 0 everywhere behind it."""
    if getattr(last(model), "activation", "") == "step":
        rule = "call model.fit(X, y), Rosenblatt's rule, or " if isinstance(model, Perceptron) else ""
        raise ValueError(
            f"{type(model).__name__} ends in a step, whose derivative is 0, so gradients never move it; {rule}take "
            'another last activation, such as "sigmoid" or "linear"'
        )


def evaluate(model: Module, X: Any, y: Any, *, loss: str | Loss | None = None) -> tuple[float, float | None]:
    """The mean loss over the rows, and the share of them whose class is right (None where there are no classes)."""
    with mode(model, training=False):
        data = data_of(model, rows(X), y, loss)
        mean, given = Eager(model, data).evaluate(data)
    return mean, data.task.accuracy(given)


def predict(model: Module, X: Any) -> Array:
    """What the model gives for each row of X in eval mode, an array of shape (rows, outputs)."""
    with mode(model, training=False):
        return outputs(model, rows(X))


def make_optimizer(optimizer: MakeOptimizer, model: Module) -> Optimizer:
    """The optimizer itself, or that of a name, or of a function of the parameters; Adam with lr=0.01 for None."""
    if isinstance(optimizer, str):
        if optimizer not in NAMED:
            raise ValueError(
                f"optimizer must be one of {list(NAMED)}, an Optimizer, or a function of the parameters, "
                f"got {optimizer!r}"
            )
        return NAMED[optimizer](model.parameters(), lr=0.01)
    if optimizer is None:
        return Adam(model.parameters(), lr=0.01)
    made = optimizer(model.parameters()) if callable(optimizer) else optimizer
    if not isinstance(made, Optimizer):
        raise TypeError(
            f"optimizer takes a name of {list(NAMED)}, an Optimizer, or a function that makes one of the "
            f"parameters, got {made!r}"
        )
    if not set(made.parameters) <= set(model.parameters()):
        raise ValueError(
            "the optimizer moves parameters that are not the model's; make it of model.parameters(), or "
            "pass a function of the parameters, such as functools.partial(SGD, lr=0.1)"
        )
    return made


def _callable(callbacks: Iterable[Callback]) -> list[Callback]:
    listed = isinstance(callbacks, Iterable) and not callable(callbacks)
    found = list(callbacks) if listed else []
    if not listed or not all(map(callable, found)):
        raise TypeError(f"callbacks takes a list of functions of (model, history), got {callbacks!r}")
    return found


def data_of(model: Module, X: Any, y: Any, loss: str | Loss | None, weights: Array | None = None) -> Data:
    """Rows, targets and weights, checked against each other, the model and the loss."""
    X = rows(X)
    with mode(model, training=False), explained(History()):
        width = outputs(model, X[:1]).shape[1]
    return Data(X, replace(task(model, y, width, len(X), loss), weights=weights), width)


def _settings(
    model: Module,
    optimizer: Optimizer,
    schedule: Schedule | None,
    learn: Data,
    held_out: Data | None,
    limits: Limits,
    l1: float,
    l2: float,
) -> dict[str, Any]:
    """What a run must have in common with the one that it goes on from, as JSON gives it back."""
    arrays = [part for data in (learn, held_out) if data for part in (data.X, np.asarray(data.task.targets))]
    arrays += [data.task.weights for data in (learn, held_out) if data and data.task.weights is not None]
    plan = (
        {name: value for name, value in vars(schedule).items() if isinstance(value, (int, float)) and name != "epoch"}
        if schedule
        else {}
    )
    settings = {
        "data": fingerprint(*arrays),
        "model": repr(model),
        "config of the model": _config(model),
        "loss": _called(learn.task.loss),
        "optimizer": [type(optimizer).__name__, optimizer.options()],
        "schedule": [type(schedule).__name__, plan],
        "batch_size": limits.batch_size,
        "max_norm": limits.max_norm,
        "clip_value": limits.clip_value,
        "l1": l1,
        "l2": l2,
        "keeps the best": limits.patience is not None,
        **({} if limits.shuffle else {"shuffle": False}),
    }
    try:
        found: dict[str, Any] = json.loads(json.dumps(settings))
    except TypeError as error:
        raise TypeError(
            f"a checkpoint keeps the optimizer's options() as JSON: {error}; let options() give plain numbers only"
        ) from None
    return found


def _config(model: Module) -> str:
    """A short text that is another one when any number in the model is that is not learned, such as a stride."""
    with suppress(NotImplementedError, TypeError):  # a class of the user's own
        return hashlib.sha256(json.dumps(model.config()).encode()).hexdigest()[:16]
    return ""


def _called(loss: Loss) -> str:
    """The name of a loss, and what functools.partial sets of it."""
    if isinstance(loss, partial):
        return f"{_called(loss.func)}({', '.join(f'{name}={value!r}' for name, value in loss.keywords.items())})"
    return getattr(loss, "__name__", "a function")
