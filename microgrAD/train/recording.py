"""A run of training kept whole: the weights after every epoch, beside the data and the history."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from microgrAD.datasets.arrays import counted
from microgrAD.nn import Module
from microgrAD.outputs import Array
from microgrAD.train.fit import evaluate, fit
from microgrAD.train.history import History
from microgrAD.train.loop import parameters_by_layer
from microgrAD.train.task import Loss
from microgrAD.train.weights import weights_of, with_weights


class Recording:
    """What `record` gives. Frame 0 is the network before it learned; `epochs` says of which epoch each frame is.

        model      the network, taught to the end
        X, y       what it was taught, (rows, features) and (rows,)
        weights    all parameters in order at each frame, (frames, parameters)
        criterion  the loss that it was taught by, as given to `fit`
        loss, accuracy    at each frame, over all rows (accuracy None where there are no classes)
    """

    def __init__(self, model: Module, X: Any, y: Any, *, loss: str | Loss | None = None, every: int = 1) -> None:
        self.model, self.X, self.y = model, np.asarray(X, dtype=float), np.asarray(y)
        self.history, self.every, self.criterion = History(), counted(every, "every"), loss
        first = evaluate(model, self.X, self.y, loss=loss)
        self.epochs, self._weights = [0], [weights_of(model)]
        self.loss: list[float] = [first[0]]
        self.accuracy: list[float | None] = [first[1]]

    def __call__(self, model: Module, history: History) -> None:
        """Keep this epoch; a callback of `fit`."""
        self.history = history
        if history.epochs % self.every == 0:
            self._keep()

    def finish(self) -> None:
        """Keep the last epoch too, whatever its number."""
        if self.epochs[-1] != self.history.epochs:
            self._keep()

    def _keep(self) -> None:
        self.epochs.append(self.history.epochs)
        self._weights.append(weights_of(self.model))
        self.loss.append(self.history.loss[-1])
        self.accuracy.append(self.history.accuracy[-1] if self.history.accuracy else None)

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
        return {name: self.weights[:, [place[p] for p in parameters]]
                for name, parameters in parameters_by_layer(self.model).items()}


def record(model: Module, X: Any, y: Any, *, every: int = 1, loss: str | Loss | None = None,
           **options: Any) -> Recording:
    """Teach the model as `fit` does, with its `options`, and keep the weights after every so many epochs."""
    recording = Recording(model, X, y, loss=loss, every=every)
    callbacks = [recording, *options.pop("callbacks", ())]
    recording.history = fit(model, X, y, loss=loss, callbacks=callbacks, **options)
    recording.finish()
    return recording
