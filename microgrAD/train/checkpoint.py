"""Checkpoints: a run in one file, so that a run that was stopped continues with the same results.

The file also holds the run's settings. Continuing with other data or other settings raises an error.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from microgrAD.files import FileError, in_folder, read_json, reader, write_json
from microgrAD.nn import Module
from microgrAD.nn.modes import dropouts
from microgrAD.optim import Optimizer, Schedule
from microgrAD.train.history import History, history_from


@dataclass
class Run:
    """A run: all that changes from epoch to epoch, and its settings."""

    model: Module
    optimizer: Optimizer
    schedule: Schedule | None
    rng: np.random.Generator
    history: History
    best: dict[str, float]  # the parameters of the best epoch, if they are kept
    settings: dict[str, Any]  # what must be the same when the run continues

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run to a file, whole or not at all."""
        write_json(
            path,
            "checkpoint",
            {
                "settings": self.settings,
                "parameters": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "schedule": self.schedule.epoch if self.schedule else 0,
                "rng": self.rng.bit_generator.state,
                "dropout": [d.rng.bit_generator.state for d in dropouts(self.model)],
                "history": self.history.as_dict(),
                "best": self.best,
            },
        )

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Continue from a file. Raise FileError, and change nothing, if the file is damaged or from another run."""
        read = reader(read_json(path, "checkpoint"), "a checkpoint")
        theirs = read("settings", dict)
        for name in {**self.settings, **theirs}:
            if self.settings.get(name) != theirs.get(name):
                raise FileError(
                    f"{path} is from a run with another {name}: {theirs.get(name)!r}, here it is "
                    f"{self.settings.get(name)!r}; delete the file to start again"
                )
        history, states = history_from(read("history", dict)), read("dropout", list)
        generators = [_generator(state) for state in (read("rng", dict), *states)]
        if len(states) != len(dropouts(self.model)):
            raise FileError(f"{path} has the state of {len(states)} Dropout layers, not {len(dropouts(self.model))}")
        before, best, epoch = self.model.state_dict(), read("best", dict), read("schedule", int)
        try:
            self.model.load_state_dict(best or before)
            self.model.load_state_dict(read("parameters", dict))
            self.optimizer.load_state_dict(read("optimizer", dict))
        except ValueError:
            self.model.load_state_dict(before)
            raise
        if self.schedule:
            self.schedule.epoch = epoch  # its learning rate is in the optimizer's state
        self.rng, self.history, self.best = generators[0], history, best
        for dropout, rng in zip(dropouts(self.model), generators[1:], strict=True):
            dropout.rng = rng


def keepable(path: str | os.PathLike[str], rng: np.random.Generator) -> None:
    """Raise, before a run begins, for what could not be saved after its first epoch.

    Arguments:
        path: the checkpoint's file.
        rng: the generator of the run.
    Raises: FileNotFoundError for a folder that does not exist; ValueError for a generator that cannot be saved.
    """
    in_folder(Path(path))
    if not isinstance(rng.bit_generator, np.random.PCG64):
        raise ValueError(
            f"a checkpoint takes rng as a seed or as numpy.random.default_rng(seed), got a generator of "
            f"{type(rng.bit_generator).__name__}"
        )


def fingerprint(*arrays: Any) -> str:
    """Return a short text that changes when a number in one of the arrays changes."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(repr((array.shape, array.dtype.str)).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _generator(state: Any) -> np.random.Generator:
    rng = np.random.default_rng(0)
    try:
        rng.bit_generator.state = state
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise FileError(f"a checkpoint's random state is damaged: {error}") from None
    return rng
