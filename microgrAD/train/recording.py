"""A run of training kept whole: the weights epoch after epoch, beside the data that they were learned from."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.task import Loss
from microgrAD.train.weights import parameters_by_layer, weights_of, with_weights

if TYPE_CHECKING:
    from microgrAD.train.history import History

Measured = list[tuple[float, float | None]]  # loss and accuracy of the data learned from, and of those held out


class Recording:
    """What `fit(..., record=True)` leaves in `history.recording`. Frame 0 is the network as it was before.

    model      the network, taught to the end
    X, y       what it was taught, (rows, features) and (rows,)
    held_out   (X, y) of the rows held out, or None
    criterion  the loss that it was taught by, as given to `fit`
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
    ) -> None:
        self.model, self.X, self.y = model, np.asarray(X, dtype=float), np.asarray(y)
        self.held_out = None if held_out is None else (np.asarray(held_out[0], dtype=float), np.asarray(held_out[1]))
        self.criterion, self.every = loss, 1 if every is True else counted(every, "record")
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
