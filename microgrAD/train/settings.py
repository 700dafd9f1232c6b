"""Settings: what a resumed run must have in common with the run that wrote the checkpoint."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from microgrAD.nn import Module
from microgrAD.optim import Optimizer, Schedule
from microgrAD.train.checkpoint import fingerprint
from microgrAD.train.eager import Data
from microgrAD.train.loop import Limits
from microgrAD.train.task import Loss


def common(
    model: Module,
    optimizer: Optimizer,
    schedule: Schedule | None,
    learn: Data,
    held_out: Data | None,
    limits: Limits,
    l1: float,
    l2: float,
) -> dict[str, Any]:
    """Return the settings of a run that must be the same when it continues, in the form in which JSON returns them."""
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
    """Return a short text that changes when a number in the model changes that is not learned, such as a stride."""
    with suppress(NotImplementedError, TypeError):  # a class that a user wrote
        return hashlib.sha256(json.dumps(model.config()).encode()).hexdigest()[:16]
    return ""


def _called(loss: Loss) -> str:
    """Return the name of a loss, with the options that functools.partial sets."""
    if isinstance(loss, partial):
        return f"{_called(loss.func)}({', '.join(f'{name}={value!r}' for name, value in loss.keywords.items())})"
    return getattr(loss, "__name__", "a function")
