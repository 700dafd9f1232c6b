"""`train_steps`: the trace of a run, step by step. It runs the loop of `fit` and records each step."""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.errors import real
from microgrAD.init import generator
from microgrAD.nn import Module
from microgrAD.nn.modes import dropouts, mode
from microgrAD.nn.units import label_outputs, numbered
from microgrAD.operators import Value
from microgrAD.optim import Optimizer
from microgrAD.optim.working import Quantity
from microgrAD.outputs import Array
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import Example, Step, TrainingTrace
from microgrAD.train.checkpoint import Run
from microgrAD.train.eager import Data, Engine
from microgrAD.train.fitting import MakeOptimizer, data_of, make_optimizer
from microgrAD.train.history import History
from microgrAD.train.loop import Limits, Loop
from microgrAD.train.replay import engine
from microgrAD.train.task import Loss
from microgrAD.train.weights import weights_of, with_weights

ORDERS = ("as given", "random")


def train_steps(
    model: Module,
    X: Any,
    y: Any,
    *,
    optimizer: MakeOptimizer = None,
    loss: str | Loss | None = None,
    order: str = "as given",
    batch_size: int = 1,
    epochs: int = 1,
    until: float | None = None,
    compiled: bool | None = None,
    rng: Any = 0,
) -> TrainingTrace:
    """Train `model` as `fit` does, and return the trace: examples, and every update with the rule's arithmetic.

    The numbers are equal to those of `fit(..., shuffle=False)` to the last bit, and the model is left as `fit` leaves
    it.

    Arguments:
        model: the model; no layer of it may be a Dropout, whose numbers are different in each pass.
        X, y: rows (rows, features) and targets (rows,).
        optimizer, loss, compiled: as for `fit`.
        order: "as given", or "random" for a new order in each epoch, as by `fit`.
        batch_size: the number of rows of a step; 1 is the online rule.
        epochs: the largest number of epochs.
        until: training ends after an epoch whose mean loss is below it.
        rng: a seed or generator for the random order.
    Returns: a `TrainingTrace`, the sequence of events; `microgrAD.explanation.explain` tells it.
    Raises: ValueError for another order or a Dropout, and what `fit` raises.

    >>> from microgrAD.init import constant
    >>> from microgrAD.nn import Neuron
    >>> from microgrAD.optim import SGD
    >>> model = Neuron(1, activation="linear", bias=False, init=constant(2.0))
    >>> trace = train_steps(model, [[3.0]], [5.0], optimizer=SGD(model.parameters(), lr=0.25), loss="mse")
    >>> update = trace[1]
    >>> update.parameter, update.before, update.gradient, update.step, update.after
    ('w1', 2.0, 6.0, -1.5, 0.5)
    """
    if order not in ORDERS:
        raise ValueError(f"order must be one of {list(ORDERS)}, got {order!r}")
    if dropouts(model):
        raise ValueError("train_steps takes a model without Dropout, whose numbers change in each pass; leave it out")
    until = None if until is None else real(until, "until")
    with mode(model, training=True):
        learn = data_of(model, X, y, loss)
        opt = make_optimizer(optimizer, model)
        if type(opt).step is not Optimizer.step:
            raise ValueError(
                f"{type(opt).__name__} has a step of its own, which can't be followed; define rule or update"
            )
        limits = Limits(epochs, batch_size, until, None, shuffle=order == "random")
        run = Run(model, opt, None, generator(rng), History(), {}, {})
        listening = _Listening(engine(model, learn, l1=0.0, l2=0.0, compiled=compiled))
        loop = _Watched(run, learn, None, listening, limits, [])
        before = loop.measure()[0][0]
        loop.go(False, None)
    stopped = "until" if run.history.stopped == "stop_below" else run.history.stopped
    return TrainingTrace(type(opt).__name__, tuple(loop.kept), (before, *run.history.loss), stopped, model)


class _Listening:
    """An engine that remembers its last call: the rows and the weights."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.batch: Array | None = None
        self.theta = np.empty(0)

    def gradient(self, theta: Array, batch: Array | None) -> Array:
        self.batch, self.theta = batch, theta
        return self.engine.gradient(theta, batch)

    def evaluate(self, data: Data) -> tuple[float, Array]:
        return self.engine.evaluate(data)


class _Watched(Loop):
    """The loop of `fit`, which records each step."""

    engine: _Listening

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept: list[Step] = []
        found = _passes(self.run.model, self.learn, 0, weights_of(self.run.model))
        names = {v.value: v.name for v in found.variables.values()}
        dotted = {p: name for name, p in self.run.model.named_parameters()}
        self.names = [names.get(p, dotted[p]) for p in self.run.optimizer.parameters]

    def _advance(self, theta: Array, g: Array) -> Array:
        quantities = self.run.optimizer.worked(theta, g)
        self._keep(theta, g, quantities)
        return quantities[-1].result

    def _keep(self, theta: Array, g: Array, quantities: list[Quantity]) -> None:
        epoch, number = self.run.history.epochs + 1, len(self.kept) + 1
        batch = self.engine.batch
        rows = range(len(self.learn.X)) if batch is None else batch.tolist()
        examples = tuple(self._example(epoch, number, row) for row in rows)
        values = self.run.optimizer.parameters
        self.kept.append(Step(epoch, number, examples, self.names, values, theta, g, quantities))

    def _example(self, epoch: int, step: int, row: int) -> Example:
        model, learn, weights = self.run.model, self.learn, self.engine.theta
        target = learn.task.targets[row]
        return Example(epoch, step, row, learn.X[row], target, lambda: _passes(model, learn, row, weights))


def _passes(model: Module, learn: Data, row: int, weights: Array) -> Trace:
    """Return the trace of one row's loss L with these weights. Inputs are x1, x2, ..., units as in `numbered`."""
    with with_weights(model, weights), mode(model, training=True), numbered(model) as units:
        x: Any = learn.X[row].copy()
        if x.ndim == 1:
            x = [Value(number, label=f"x{k}") for k, number in enumerate(x.tolist(), 1)]
        out = model(x)
        label_outputs(units, out)
        loss = learn.task.loss(out, learn.task.targets[row])
        loss.label = loss.label or "L"
        return steps(loss)
