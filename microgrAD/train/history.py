"""What a training run leaves behind: numbers of each epoch, and the weights if they were recorded."""

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
from microgrAD.train.task import Loss
from microgrAD.train.weights import parameters_by_layer, weights_of, with_weights


@dataclass
class History:
    """Lists with one entry an epoch. Losses and accuracies are those at its end, over all rows, without Dropout."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)  # empty where targets are no classes
    test_loss: list[float] = field(default_factory=list)  # empty without held-out data
    test_accuracy: list[float] = field(default_factory=list)
    lr: list[float] = field(default_factory=list)
    gradient_norms: dict[str, list[float]] = field(default_factory=dict)  # by layer, the mean over the epoch's steps
    best_epoch: int = 0  # the number, from 1, of the epoch with the least loss, held-out if there is such
    stopped: str = ""  # why it ended: "epochs", "stop_below", "patience" or "callback"
    restored: int = 0  # the epoch whose parameters were put back at the end (see `patience`); 0 if none were
    failed: int = 0  # how many neighbours of a hill climb had no loss, and counted as worse than any
    loss_unit: str = ""  # what a loss of 1 is, where the loss does not say so itself
    kept: Recording | None = field(default=None, repr=False, compare=False)  # see `recording`

    @property
    def epochs(self) -> int:
        """How many epochs were run."""
        return len(self.loss)

    @property
    def end(self) -> int:
        """The place in the lists of the epoch whose parameters the model was left with."""
        return (self.restored or self.epochs) - 1

    @property
    def recording(self) -> Recording:
        """The weights of every epoch, for pictures of the run; ValueError unless `fit` was told to record them."""
        if self.kept is None:
            raise ValueError("this history has losses only, no weights to show; train with fit(..., record=True)")
        return self.kept

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain lists and numbers, without the recording; what does not apply is left out."""
        return {name: value for name, value in asdict(replace(self, kept=None)).items() if value or name == "loss"}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as JSON: for each epoch `loss` and `accuracy`, `test_loss` and `test_accuracy` where there are."""
        write_json(path, "history", self.as_dict())


def history_from(content: Any) -> History:
    """A History from what `as_dict` gave; FileError unless it is one."""
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


Measured = list[tuple[float, float | None]]  # loss and accuracy of the data learned from, and of those held out


class Recording:
    """What `fit(..., record=True)` leaves in `history.recording`. Frame 0 is the network as it was before.

    model      the network, taught to the end
    X, y       what it was taught, (rows, features) and (rows,)
    held_out   (X, y) of the rows held out, or None
    criterion  the loss that it was taught by, as given to `fit`
    how        how it was taught, as far as `fit` knows: "optimizer", its "options", "batch_size", and the "seed" that
               `rng` was, if it was a number
    epochs     of which epoch each frame is: every so many, and the last
    weights    all parameters in order at each frame, (frames, parameters)
    loss, accuracy, test_loss, test_accuracy    at each frame, over all rows; accuracies are None where there are
               no classes, what is of held-out rows is empty without such
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
        measured: Measured,
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
        """Keep this epoch, in place of the one before where that was only the last; a callback of `fit`."""
        if len(self) > 1 and self.epochs[-1] % self.every:
            for kept in self._lists():
                kept[-1:] = []
        lists = [(history.loss, history.accuracy), (history.test_loss, history.test_accuracy)]
        self._keep(
            history.epochs,
            [(losses[-1], accuracies[-1] if accuracies else None) for losses, accuracies in lists if losses],
        )

    def _keep(self, epoch: int, measured: Measured) -> None:
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
        """The network as it was at that frame, within a `with`; after it, it is as it was before."""
        return with_weights(self.model, self._weights[frame])

    def by_layer(self) -> dict[str, Array]:
        """The parameters of each layer at each frame: (frames, parameters of the layer), by the layer's name."""
        place = {p: k for k, p in enumerate(self.model.parameters())}
        return {
            name: self.weights[:, [place[p] for p in parameters]]
            for name, parameters in parameters_by_layer(self.model).items()
        }
