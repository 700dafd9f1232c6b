"""The loop of a run: steps, measurements, reasons to stop, a bar on the terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from microgrAD.datasets.splits import batches
from microgrAD.errors import DomainError, counted, flag, positive, real
from microgrAD.nn import Module
from microgrAD.optim import Optimizer
from microgrAD.optim.clipping import clipped_norm, clipped_value, norm
from microgrAD.outputs import Array
from microgrAD.train.checkpoint import Run
from microgrAD.train.eager import Data, Engine
from microgrAD.train.history import History, Measured
from microgrAD.train.weights import parameters_by_layer

Callback = Callable[[Module, History], Any]


class TrainingError(DomainError):
    """A number is not finite any more. `history` holds the epochs before; the parameters are those of the last step."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.history)  # pickled when it comes from another process


@dataclass(frozen=True)
class Limits:
    """The limits of a run and of its gradients; `fit` explains each."""

    epochs: int
    batch_size: int
    stop_below: float | None
    patience: int | None
    max_norm: float | None = None
    clip_value: float | None = None
    shuffle: bool = True

    def __post_init__(self) -> None:
        counted(self.epochs, "epochs", 0)
        counted(self.batch_size, "batch_size")
        flag(self.shuffle, "shuffle")
        if self.patience is not None:
            counted(self.patience, "patience")
        if self.stop_below is not None:
            real(self.stop_below, "stop_below")
        for name in ("max_norm", "clip_value"):
            if (bound := getattr(self, name)) is not None:
                positive(bound, name)


class Loop:
    """A run: epochs on the data to learn from, with measurements on these and on the held-out data."""

    def __init__(
        self, run: Run, learn: Data, held_out: Data | None, engine: Engine, limits: Limits, callbacks: list[Callback]
    ) -> None:
        self.run, self.learn, self.held_out, self.engine, self.limits = run, learn, held_out, engine, limits
        self.callbacks, self.parameters = callbacks, run.model.parameters()
        place = {p: k for k, p in enumerate(self.parameters)}
        self.layers = {name: [place[p] for p in layer] for name, layer in parameters_by_layer(run.model).items()}
        self.moved = [place[p] for p in run.optimizer.parameters]

    def go(self, progress: bool | None, checkpoint: Path | None) -> None:
        """Run epochs until there is a reason to stop."""
        history = self.run.history
        with _bar(self.limits.epochs, history.epochs, progress) as bar:
            while not self._finished():
                with explained(history):
                    self._epoch()
                bar.set_postfix(loss=f"{history.loss[-1]:.4g}", refresh=False)
                bar.update()
                for callback in self.callbacks:
                    history.stopped = "callback" if callback(self.run.model, history) else history.stopped
                if checkpoint is not None:
                    self.run.save(checkpoint)
        if self.run.best:
            self.run.model.load_state_dict(self.run.best)
            history.restored = history.best_epoch

    def _finished(self) -> bool:
        history = self.run.history
        if history.stopped != "callback":
            history.stopped = self._reason(history)
        return bool(history.stopped)

    def _reason(self, history: History) -> str:
        """Return why the run stops after this epoch; "" if it goes on."""
        limits = self.limits
        if limits.stop_below is not None and history.loss and history.loss[-1] < limits.stop_below:
            return "stop_below"
        if limits.patience is not None and history.loss and history.epochs - history.best_epoch >= limits.patience:
            return "patience"
        return "epochs" if history.epochs >= limits.epochs else ""

    def _epoch(self) -> None:
        run, size = self.run, self.limits.batch_size
        norms, rate = [], run.optimizer.lr
        theta = self._theta()
        try:
            rng, rows = run.rng if self.limits.shuffle else None, len(self.learn.X)
            for batch in [None] if size >= rows else batches(rows, size, rng):
                g = self.engine.gradient(theta, batch)
                norms.append([norm(g[places]) for places in self.layers.values()])
                theta = self._step(theta, self._bounded(g))
        finally:
            for p, number in zip(self.parameters, theta.tolist(), strict=True):
                p.data = number
        for p, slope in zip(self.parameters, g.tolist(), strict=True):
            p.grad = slope
        if run.schedule:
            run.schedule.step()
        measured, means = self.measure(), self._means(norms)
        run.history.lr.append(rate)
        for layer, mean in zip(self.layers, means, strict=True):
            run.history.gradient_norms.setdefault(layer, []).append(mean)
        self._note(measured)

    def _means(self, norms: list[list[float]]) -> list[float]:
        """Return the gradient norm of each layer, the mean over the steps."""
        with np.errstate(over="ignore"):
            means: list[float] = np.mean(norms, axis=0).tolist()
        for layer, mean in zip(self.layers, means, strict=True):
            if not math.isfinite(mean):
                raise DomainError(f"the norm of the gradient of {layer} is more than a float holds; scale the data")
        return means

    def _bounded(self, g: Array) -> Array:
        """Return the gradient of the parameters that the optimizer moves, clipped as `limits` says."""
        g = g[self.moved]
        if self.limits.max_norm is not None:
            g = clipped_norm(g, self.limits.max_norm)
        if self.limits.clip_value is not None:
            g = clipped_value(g, self.limits.clip_value)
        return g

    def _step(self, theta: Array, g: Array) -> Array:
        """Return the parameters after a step of the optimizer: on arrays, or on Values if a user wrote its `step`."""
        optimizer = self.run.optimizer
        if type(optimizer).step is Optimizer.step:
            new = theta.copy()
            new[self.moved] = self._advance(theta[self.moved], g)
            return new
        for p, number, slope in zip(optimizer.parameters, theta[self.moved].tolist(), g.tolist(), strict=True):
            p.data, p.grad = number, slope
        optimizer.step()
        return self._theta()

    def _advance(self, theta: Array, g: Array) -> Array:
        return self.run.optimizer.advance(theta, g)

    def _theta(self) -> Array:
        return np.array([p.data for p in self.parameters])

    def measure(self) -> list[Measured]:
        """Return loss and accuracy on the data to learn from, and on the data held out."""
        found = []
        for data in (self.learn, self.held_out):
            if data is not None:
                mean, given = self.engine.evaluate(data)
                found.append((mean, data.task.accuracy(given)))
        return found

    def _note(self, measured: list[Measured]) -> None:
        history = self.run.history
        lists = [(history.loss, history.accuracy), (history.test_loss, history.test_accuracy)]
        for (losses, accuracies), (mean, accuracy) in zip(lists, measured, strict=False):
            losses.append(mean)
            if accuracy is not None:
                accuracies.append(accuracy)
        judged = history.test_loss or history.loss
        if judged[-1] < min(judged[:-1], default=math.inf):
            history.best_epoch = history.epochs
            if self.limits.patience is not None:
                self.run.best = self.run.model.state_dict()


@contextmanager
def explained(history: History) -> Iterator[None]:
    """Inside this block, turn an error about a number into a TrainingError that names the epoch and the layer."""
    try:
        yield
    except DomainError as error:
        raise TrainingError(f"epoch {history.epochs + 1}{_where(error)}: {error}", history) from error


def _where(error: BaseException) -> str:
    """Return where an error comes from, the innermost module that was called: ", in layer2/neuron1", or ""."""
    found, trace = "", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_locals.get("self")
        if isinstance(module, Module) and module.scope:
            found = f", in {module.scope}"
        trace = trace.tb_next
    return found


class _Bar(Protocol):
    def update(self) -> Any: ...
    def set_postfix(self, *, refresh: bool, loss: str) -> Any: ...


class _Quiet:
    def update(self) -> None: ...
    def set_postfix(self, *, refresh: bool, loss: str) -> None: ...


@contextmanager
def _bar(epochs: int, done: int, progress: bool | None) -> Iterator[_Bar]:
    """Show a progress bar: on a terminal by default, elsewhere if `progress` is True."""
    if not (sys.stderr.isatty() if progress is None else progress):
        yield _Quiet()
        return
    from tqdm import tqdm

    with tqdm(total=epochs, initial=done, desc="training", unit=" epochs", leave=False) as bar:
        yield bar
