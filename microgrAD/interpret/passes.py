"""A fully connected network on one example: output and δ of every unit, gradient and update of every weight.

n, o    a unit's weighted sum and its output
δ       ∂L/∂n
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD import operators
from microgrAD.backward import gradients
from microgrAD.graph import edges, topological
from microgrAD.interpret.rows import table
from microgrAD.nn import Module
from microgrAD.nn.layers import LINEAR
from microgrAD.nn.modes import fused, mode
from microgrAD.nn.units import Unit, units
from microgrAD.operators import Value
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import Update
from microgrAD.train.fitting import MakeOptimizer, make_optimizer
from microgrAD.train.task import Loss, task

MANY = 2_000  # parameters; a model with more of them is large, and makes one node of each weighted sum


@dataclass(frozen=True)
class UnitPass:
    """A unit.

    Arguments:
        unit: its number, its place, and its weights.
        net, out: n and o.
        delta: δ; None without a target.
        slope: ∂L/∂o; None without a target.
    """

    unit: Unit
    net: float
    out: float
    delta: float | None
    slope: float | None


@dataclass(frozen=True)
class Passes:
    """The passes of one example.

    Arguments:
        inputs: the inputs of the first layer, x after a Standardize in front.
        layers: the units of each layer.
        targets: one number for each output; empty without a target, or if it is the number of a class.
        loss: the loss; None without a target.
        weights: each weight and bias p, as it is in these passes.
        gradients: ∂L/∂p; empty without a target.
        updated: p after a step of the optimiser; empty without one.
        changes: Δp, what the optimiser's rule adds to p.
    """

    inputs: tuple[float, ...]
    layers: tuple[tuple[UnitPass, ...], ...]
    targets: tuple[float, ...]
    loss: float | None
    weights: Mapping[Value, float]
    gradients: Mapping[Value, float]
    updated: Mapping[Value, float]
    changes: Mapping[Value, float]


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
    large = len(model.parameters()) > MANY
    with mode(model, training=False), fused(model) if large else nullcontext():
        inputs = [Value(number) for number in row.tolist()]
        out: Any = model(inputs)
        several = out if isinstance(out, list) else [out]
        targets: tuple[float, ...] = ()
        total = None
        if y is not None:
            wanted = task(model, [y], len(several), 1, loss)
            given = wanted.targets[0]
            targets = _numbers(given)
            total = wanted.loss(out, given)
    slopes = gradients(total, 1.0) if total is not None else {}
    parameters = {p: slopes.get(p, 0.0) for p in model.parameters()} if total is not None else {}
    nodes = topological(operators.sum(several))
    found = {v.scope: v for v in nodes if v.op and v.scope}
    updated, changes = ({}, {}) if optimizer is None else _updated(model, optimizer, parameters)
    return Passes(
        _fed(nodes, layers[0][0]),
        tuple(tuple(_unit(unit, found[unit.neuron.scope], slopes) for unit in layer) for layer in layers),
        targets,
        total.data if total is not None else None,
        {p: p.data for p in model.parameters()},
        parameters,
        updated,
        changes,
    )


def passes_in(model: Module, trace: Trace, target: Any, updates: Iterable[Update] = ()) -> Passes:
    """Return the passes of one example of a trace of training. Nothing is computed again.

    Arguments:
        model: what was trained: fully connected layers, and parts without weights around them.
        trace: the example's own trace.
        target: its target.
        updates: the updates of its step.
    """
    layers, moved = units(model), list(updates)
    known = {v.value: v for v in trace.variables.values()}
    slopes = {v.value: trace.derivatives[v.id] for v in trace.variables.values()}
    found = {v.scope: v.value for v in trace.variables.values() if v.op and v.scope}
    parameters = [p for layer in layers for unit in layer for p in unit.neuron.parameters()]
    return Passes(
        _fed([v.value for v in trace.variables.values()], layers[0][0]),
        tuple(tuple(_unit(unit, found[unit.neuron.scope], slopes) for unit in layer) for layer in layers),
        _numbers(target),
        trace.root.data,
        {p: known[p].data for p in parameters if p in known},
        {p: slopes.get(p, 0.0) for p in parameters},
        {u.value: u.after for u in moved},
        {u.value: u.step for u in moved},
    )


def _numbers(target: Any) -> tuple[float, ...]:
    """Return a target as numbers; none if it is the number of a class."""
    return tuple(target) if isinstance(target, list) else () if isinstance(target, int) else (target,)


def _unit(unit: Unit, out: Value, slopes: Mapping[Value, float]) -> UnitPass:
    net = out if unit.neuron.activation == LINEAR else out.args[0]
    assert isinstance(net, Value)
    delta, slope = (slopes.get(net, 0.0), slopes.get(out, 0.0)) if slopes else (None, None)
    return UnitPass(unit, net.data, out.data, delta, slope)


def _fed(nodes: Iterable[Value], first: Unit) -> tuple[float, ...]:
    """Return what the weights of a unit are multiplied with."""
    weights = set(first.neuron.w)
    partials = {a: partial for v in nodes for a, partial in edges(v) if a in weights}
    return tuple(partials[w] for w in first.neuron.w)


def _updated(
    model: Module, optimizer: MakeOptimizer, gradients: Mapping[Value, float]
) -> tuple[dict[Value, float], dict[Value, float]]:
    """Return each parameter after a step, and what the rule adds to it."""
    own = make_optimizer(optimizer, model)
    twin = copy.copy(own)  # its state is replaced in a step, never changed
    theta = np.array([p.data for p in own.parameters])
    worked = twin.worked(theta, np.array([gradients[p] for p in own.parameters]))
    after = worked[-1].result
    change = next((quantity.result for quantity in worked if quantity.line.letter == "Δ"), after - theta)
    return _by_value(own.parameters, after), _by_value(own.parameters, change)


def _by_value(parameters: Iterable[Value], numbers: Any) -> dict[Value, float]:
    return dict(zip(parameters, numbers.tolist(), strict=True))
