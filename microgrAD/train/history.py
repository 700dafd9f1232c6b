"""The history of a training run: numbers of each epoch, and the weights if they were recorded."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.files import FileError, numbers, reader, write_json
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.showing import Shown
from microgrAD.train.task import Loss
from microgrAD.train.weights import parameters_by_layer, weights_of, with_weights


@dataclass
class History(Shown):
    """Lists with one entry for each epoch. Losses and accuracies are over all rows, at its end, without Dropout."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)  # empty if the targets are not classes
    test_loss: list[float] = field(default_factory=list)  # empty without held-out data
    test_accuracy: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    gradient_norms: dict[str, list[float]] = field(default_factory=dict)  # by layer, the mean over the epoch's steps
    best_epoch: int = 0  # the epoch, from 1, with the least loss (on held-out data, if there are any)
    stopped: str = ""  # why it ended: "epochs", "stop_below", "patience" or "callback"
    restored: int = 0  # the epoch whose parameters were put back at the end (see `patience`); 0 if none were
    failed: int = 0  # how many neighbours of a hill climb had no finite loss
    loss_unit: str = ""  # the unit of the loss, if it has one
    kept: Recording | None = field(default=None, repr=False, compare=False)  # see `recording`

    @property
    def epochs(self) -> int:
        """The number of epochs that were run."""
        return len(self.loss)

    @property
    def end(self) -> int:
        """The index in the lists of the epoch whose parameters the model has at the end."""
        return (self.restored or self.epochs) - 1

    @property
    def recording(self) -> Recording:
        """The weights of every epoch, for pictures of the run. Raises ValueError if they were not recorded."""
        if self.kept is None:
            raise ValueError("this history has losses only, no weights to show; train with fit(..., record=True)")
        return self.kept

    def as_dict(self) -> dict[str, Any]:
        """Return the history as plain lists and numbers, without the recording and without entries that are empty."""
        return {name: value for name, value in asdict(replace(self, kept=None)).items() if value or name == "loss"}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the history as JSON, without the recording.

        Arguments:
            path: the file.
        Raises: OSError if the file cannot be written.
        """
        write_json(path, "history", self.as_dict())


def history_from(content: Any) -> History:
    """Return the History from what `as_dict` returned. Raise FileError if it is not valid."""
    read = reader(content, "a history")
    history = History(numbers(content.get("loss"), "loss", len(read("loss", list))))
    for name in ("accuracy", "test_loss", "test_accuracy", "lr"):
        if name in content:
            setattr(history, name, numbers(content[name], name, history.epochs))
    if "gradient_norms" in content:
        history.gradient_norms = {
            layer: numbers(norms, f"gradient norms of {layer}", history.epochs)
            for layer, norms in read("gradient_norms", dict).items()
        }
    for name, kind in (("best_epoch", int), ("failed", int), ("stopped", str), ("loss_unit", str)):
        setattr(history, name, read(name, kind) if name in content else kind())
    if not 0 <= history.best_epoch <= history.epochs:
        raise FileError(f"best_epoch must be from 0 to {history.epochs}, got {history.best_epoch}")
    return history


Measured = tuple[float, float | None]  # loss and accuracy


class Recording:
    """The weights and losses of a run at chosen epochs, its frames. `fit(..., record=True)` makes one.

    Frame 0 is the network before training.

    Attributes:
        model: the network, after training.
        X, y: the data that it learned from, (rows, features) and (rows,).
        held_out: (X, y) of the rows held out, or None.
        criterion: the loss, as it was passed to `fit`.
        how: how it was trained: "optimizer", its "options", "batch_size", and "seed" if `rng` was a number.
        epochs: the epoch of each frame.
        weights: all parameters in order at each frame, (frames, parameters).
        loss, accuracy: at each frame, over all rows; an accuracy is None if there are no classes.
        test_loss, test_accuracy: the same on the rows held out; empty if there are none.
    """

    def __init__(
        self,
        model: Module,
        X: Any,
        y: Any,
        *,
        held_out: tuple[Any, Any] | None = None,
        loss: str | Loss | None = None,
        every: int = 1,
        epoch: int = 0,
        measured: list[Measured],
        how: dict[str, Any] | None = None,
    ) -> None:
        self.model, self.X, self.y = model, np.asarray(X, dtype=float), np.asarray(y)
        self.held_out = None if held_out is None else (np.asarray(held_out[0], dtype=float), np.asarray(held_out[1]))
        self.criterion, self.every = loss, 1 if every is True else counted(every, "record")
        self.how = dict(how or {})
        self.epochs: list[int] = []
        self._weights: list[Array] = []
        self.loss: list[float] = []
        self.accuracy: list[float | None] = []
        self.test_loss: list[float] = []
        self.test_accuracy: list[float | None] = []
        self._keep(epoch, measured)

    def __call__(self, model: Module, history: History) -> None:
        """Keep this epoch; a callback of `fit`. The frame before is dropped if it was kept only as the last epoch."""
        if len(self) > 1 and self.epochs[-1] % self.every:
            for kept in self._lists():
                kept[-1:] = []
        lists = [(history.loss, history.accuracy), (history.test_loss, history.test_accuracy)]
        self._keep(
            history.epochs,
            [(losses[-1], accuracies[-1] if accuracies else None) for losses, accuracies in lists if losses],
        )

    def _keep(self, epoch: int, measured: list[Measured]) -> None:
        for kept, number in zip(self._lists(), (epoch, weights_of(self.model), *sum(measured, ())), strict=False):
            kept.append(number)

    def _lists(self) -> list[list[Any]]:
        return [self.epochs, self._weights, self.loss, self.accuracy, self.test_loss, self.test_accuracy]

    def __len__(self) -> int:
        return len(self.epochs)

    @property
    def weights(self) -> Array:
        """All parameters in order at each frame, (frames, parameters)."""
        return np.array(self._weights)

    def at(self, frame: int) -> AbstractContextManager[Module]:
        """Give the network the weights of a frame inside a `with` block; after it, the network has its own again."""
        return with_weights(self.model, self._weights[frame])

    def by_layer(self) -> dict[str, Array]:
        """Return the parameters of each layer at each frame, (frames, parameters of the layer), by the layer's name."""
        place = {p: k for k, p in enumerate(self.model.parameters())}
        return {
            name: self.weights[:, [place[p] for p in parameters]]
            for name, parameters in parameters_by_layer(self.model).items()
        }
