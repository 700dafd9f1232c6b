"""`fit`: train a model, in epochs of batches; each batch is a step of the optimizer."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from microgrAD.errors import positive
from microgrAD.graph import topological
from microgrAD.guesses import refuse_keywords
from microgrAD.init import generator
from microgrAD.nn import Module, Perceptron
from microgrAD.nn.modes import dropouts, mode
from microgrAD.nn.parts import values
from microgrAD.operators import Value
from microgrAD.optim import NAMED, Adam, Optimizer, Schedule
from microgrAD.outputs import Array, last, outputs
from microgrAD.train.checkpoint import Run, keepable
from microgrAD.train.eager import Data, Eager
from microgrAD.train.history import History, Recording
from microgrAD.train.holding import counting, hold_out
from microgrAD.train.loop import Callback, Limits, Loop, explained
from microgrAD.train.replay import engine
from microgrAD.train.settings import common
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
    """Train a model, and return the history of the run.

    Arguments:
        model: the network; its parameters change.
        X, y: rows (rows, features) and targets (rows,), or (rows, outputs).
        loss: a name in `microgrAD.losses`, or a function of one row's (output, target). The default is for a model
            whose last layer is linear: cross entropy if y holds classes that are numbered from 0, otherwise "mse".
        optimizer: an Optimizer, its name, or a function that makes one from the parameters; by default Adam with
            lr=0.01.
        epochs: the largest number of epochs.
        batch_size: the number of rows in a step, by default all; 1 is the online rule.
        shuffle: whether each epoch takes the rows in a new random order; False takes them in the order given.
        sample_weight: the weight of each row, (rows,): 2 is the same as having the row twice, 0 as leaving it out.
        validation: data held out, (X, y) or (X, y, sample_weight); or the share of the rows to hold out.
        stop_below: training stops after an epoch whose loss is below this number.
        patience: training stops after this number of epochs without a new lowest loss (on the held-out data, if there
            are any). Then the model gets the parameters of the best epoch.
        schedule: a schedule of the same optimizer; it makes a step after each epoch.
        l1, l2: the weights of the penalties l1 · Σ|w| + l2 · Σw², which are added to the loss.
        max_norm: the largest norm of the gradient; a longer one is scaled down.
        clip_value: the largest size of each number in the gradient.
        callbacks: functions that are called after each epoch as callback(model, history); training stops if one
            returns True.
        record: True keeps the weights after every epoch, n after every n-th and the last one, in `history.recording`,
            for `viz.player` and other pictures.
        progress: whether to show a bar; by default only on a terminal.
        rng: a seed or generator for the order of the rows, the rows held out, and Dropout.
        checkpoint: a file, written after each epoch. If it exists, the run continues from it, with the same results.
        compiled: None replays a recorded program if it can, True requires that, and False builds the graph of every
            row in every step.
    Returns: a `History`, with losses and accuracies of each epoch.
    Raises: TrainingError if a number is not finite; it names the operation, its arguments and the place in the
    network. ValueError, TypeError or FileNotFoundError for arguments that are not valid, before the first step.
    """
    refuse_keywords("fit", unknown, _GUESSED)
    _refuse_step(model)
    _say_fixed(model)
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
                "the schedule is that of another optimizer; make the optimizer, then its schedule, and pass both"
            )
        size = len(X) if batch_size is None else batch_size
        limits = Limits(epochs, size, stop_below, patience, max_norm, clip_value, shuffle)
        for dropout in dropouts(model):
            dropout.rng = rng.spawn(1)[0]
        run = Run(model, opt, schedule, rng, History(), {}, {})
        if checkpoint is not None:
            run.settings = common(model, opt, schedule, learn, held_out, limits, l1, l2)
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


def _say_fixed(model: Module) -> None:
    """Warn of an attribute that was computed once, of numbers that are no parameters, and so is never trained."""
    known: set[Value] = set(model.parameters()) if isinstance(model, Module) else set()
    for part in model.modules() if known else ():
        for name, value in vars(part).items():
            for v in () if name.startswith("_") else values(value):
                if v.op and known.isdisjoint(topological(v)):
                    warnings.warn(
                        f"{type(part).__name__}.{name} is a result of {v.op}, which is never trained; for a parameter "
                        f"write Value({v.data:g}), and for a constant keep the number",
                        stacklevel=3,
                    )
                    break


def _refuse_step(model: Any) -> None:
    """Raise ValueError for a network that ends in a step: all its gradients are 0, so it cannot learn by them."""
    if getattr(last(model), "activation", "") == "step":
        rule = "call model.fit(X, y), Rosenblatt's rule, or " if isinstance(model, Perceptron) else ""
        raise ValueError(
            f"{type(model).__name__} ends in a step, whose derivative is 0, so gradients never change it; {rule}take "
            'another last activation, such as "sigmoid" or "linear"'
        )


def evaluate(model: Module, X: Any, y: Any, *, loss: str | Loss | None = None) -> tuple[float, float | None]:
    """Return the mean loss over some rows, and the share of rows whose class is right.

    Arguments:
        model: the network.
        X, y: rows (rows, features) and targets (rows,), or (rows, outputs).
        loss: as for `fit`.
    Returns: the loss, and the accuracy; None if there are no classes.
    """
    with mode(model, training=False):
        data = data_of(model, rows(X), y, loss)
        mean, given = Eager(model, data).evaluate(data)
    return mean, data.task.accuracy(given)


def predict(model: Module, X: Any) -> Array:
    """Return the outputs of a model in eval mode, (rows, outputs), for the rows X (rows, features)."""
    with mode(model, training=False):
        return outputs(model, rows(X))


def make_optimizer(optimizer: MakeOptimizer, model: Module) -> Optimizer:
    """Return the optimizer of a model.

    Arguments:
        optimizer: an Optimizer, a name, a function that makes one from the parameters, or None for Adam with lr=0.01.
        model: the model.
    Raises: ValueError or TypeError for anything else, or for an optimizer of other parameters.
    """
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
            "the optimizer moves parameters that are not the model's; make it with model.parameters(), or "
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
    """Return the data to learn from, after a check that rows, targets, weights, model and loss fit together."""
    X = rows(X)
    with mode(model, training=False), explained(History()):
        width = outputs(model, X[:1]).shape[1]
    return Data(X, replace(task(model, y, width, len(X), loss), weights=weights), width)
