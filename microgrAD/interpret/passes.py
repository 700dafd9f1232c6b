"""A fully connected network on one example: output and δ of every unit, gradient and update of every weight.

n, o    a unit's weighted sum and its output
δ       ∂L/∂n
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.graph import edges, topological
from microgrAD.interpret.rows import table
from microgrAD.nn import Module
from microgrAD.nn.layers import LINEAR
from microgrAD.nn.modes import mode
from microgrAD.nn.units import Unit, units
from microgrAD.operators import Value
from microgrAD.train.fitting import MakeOptimizer, make_optimizer
from microgrAD.train.task import Loss, task


@dataclass(frozen=True)
class UnitPass:
    """A unit.

    Arguments:
        unit: its number, its place, and its weights.
        net, out: n and o.
        delta: δ; None without a target.
    """

    unit: Unit
    net: float
    out: float
    delta: float | None


@dataclass(frozen=True)
class Passes:
    """The passes of one example.

    Arguments:
        inputs: the inputs of the first layer, x after a Standardize in front.
        layers: the units of each layer.
        targets: one number for each output; empty without a target, or if it is the number of a class.
        loss: the loss; None without a target.
        gradients: ∂L/∂p of each weight and bias.
        updated: each weight and bias after a step of the optimiser; empty without one.
    """

    inputs: tuple[float, ...]
    layers: tuple[tuple[UnitPass, ...], ...]
    targets: tuple[float, ...]
    loss: float | None
    gradients: Mapping[Value, float]
    updated: Mapping[Value, float]


def passes(
    model: Module, x: Any, y: Any = None, *, loss: str | Loss | None = None, optimizer: MakeOptimizer = None
) -> Passes:
    """Return the passes of one example. The model, its gradients and the optimiser do not change.

    Arguments:
        model: fully connected layers, and parts without weights around them.
        x: one row.
        y: its target; without it there is only a forward pass.
        loss: as for `microgrAD.train.fit`.
        optimizer: as for `fit`; without it there are no updates.
    Raises: TypeError for another model; ValueError if an optimiser is given without a target.
    """
    layers = units(model)
    if not layers:
        raise TypeError(f"this takes a network of fully connected layers, such as MLP, got {model!r}")
    if y is None and optimizer is not None:
        raise ValueError("an update takes a target y; pass y, or leave out the optimizer")
    row = table([x])[0]
    with mode(model, training=False):
        inputs = [Value(number) for number in row.tolist()]
        out: Any = model(inputs)
        several = out if isinstance(out, list) else [out]
        targets: tuple[float, ...] = ()
        total = None
        if y is not None:
            wanted = task(model, [y], len(several), 1, loss)
            given = wanted.targets[0]
            targets = tuple(given) if isinstance(given, list) else () if isinstance(given, int) else (given,)
            total = wanted.loss(out, given)
    slopes = gradients(total, 1.0) if total is not None else {}
    parameters = {p: slopes.get(p, 0.0) for p in model.parameters()} if total is not None else {}
    nodes = {v: None for each in several for v in topological(each)}
    found = {v.scope: v for v in nodes if v.op and v.scope}
    return Passes(
        _fed(nodes, layers[0][0]),
        tuple(tuple(_unit(unit, found[unit.neuron.scope], slopes) for unit in layer) for layer in layers),
        targets,
        total.data if total is not None else None,
        parameters,
        {} if optimizer is None else _updated(model, optimizer, parameters),
    )


def _unit(unit: Unit, out: Value, slopes: Mapping[Value, float]) -> UnitPass:
    net = out if unit.neuron.activation == LINEAR else out.args[0]
    assert isinstance(net, Value)
    return UnitPass(unit, net.data, out.data, slopes.get(net, 0.0) if slopes else None)


def _fed(nodes: Iterable[Value], first: Unit) -> tuple[float, ...]:
    """Return what the weights of a unit are multiplied with."""
    weights = set(first.neuron.w)
    partials = {a: partial for v in nodes for a, partial in edges(v) if a in weights}
    return tuple(partials[w] for w in first.neuron.w)


def _updated(model: Module, optimizer: MakeOptimizer, gradients: Mapping[Value, float]) -> dict[Value, float]:
    own = make_optimizer(optimizer, model)
    twin = copy.copy(own)  # its state is replaced in a step, never changed
    theta = np.array([p.data for p in own.parameters])
    after = twin.advance(theta, np.array([gradients[p] for p in own.parameters]))
    return dict(zip(own.parameters, after.tolist(), strict=True))
