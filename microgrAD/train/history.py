"""What a training run leaves behind: losses, accuracies and gradient norms, epoch by epoch."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from microgrAD.files import FileError, numbers, reader, write_json

if TYPE_CHECKING:
    from microgrAD.train.recording import Recording


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
