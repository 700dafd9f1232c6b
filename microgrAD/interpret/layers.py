"""The layers of a network one by one: the output of each, the network up to a layer, and the rest after it.

A network here is any object with a list `layers`, such as an MLP or a Sequential.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.errors import numbered
from microgrAD.interpret.rows import Array, Function, table
from microgrAD.nn import Sequential
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import estimator_hint, outputs


def layers_of(model: Any) -> list[Any]:
    """Return the layers of a network; TypeError if it has none."""
    layers = getattr(model, "layers", None)
    if not layers:
        raise TypeError(
            f"this takes a network with layers, such as MLP or Sequential, got "
            f"{type(model).__name__}{estimator_hint(model)}"
        )
    return list(layers)


def fully_connected(model: Any) -> list[int]:
    """Return the numbers, from 1, of the fully connected layers; TypeError if there is none."""
    found = [k for k, layer in enumerate(layers_of(model), 1) if hasattr(layer, "neurons")]
    if not found:
        raise TypeError(f"this takes a network with a fully connected layer, got {model!r}")
    return found


def upto(model: Any, layer: int) -> Function:
    """Return the network up to layer number `layer`, from 1, as a function of one row. With 0 it returns the row."""
    return _Chain(*layers_of(model)[: layer_number(model, layer)])


def after(model: Any, layer: int) -> Function:
    """Return the rest of the network after layer number `layer`, as a function of that layer's output."""
    return _Chain(*layers_of(model)[layer_number(model, layer) :])


def unit(model: Any, layer: int, unit: int) -> Function:
    """Return the output of one unit as a function of one row.

    Arguments:
        model: a network with layers.
        layer: the number of the layer, from 1; 0 stands for the input.
        unit: the number of the unit among all outputs of the layer, from 1.
    Raises: ValueError for an unknown layer, and at the latest in the call for an unknown unit.
    """
    return _Unit(layers_of(model)[: layer_number(model, layer)], layer, unit)


def activations(model: Any, X: Any) -> list[Array]:
    """Return the output of each layer for each row: a list of X and one array of shape (rows, units) per layer."""
    X, through = table(X), _Through(*layers_of(model))
    with no_grad():
        widths = [len(given) for given in through.each(X[0])]
    return [X, *np.split(outputs(through, X), np.cumsum(widths)[:-1], axis=1)]


def weights_of_layer(model: Any, layer: int) -> tuple[Array, Array]:
    """Return the weights (units, inputs) and biases (units,) of a fully connected layer; TypeError for another."""
    if not layer_number(model, layer) >= 1:
        raise ValueError("layer 0 is the input, which has no weights; the first layer is 1")
    neurons = getattr(layers_of(model)[layer - 1], "neurons", None)
    if neurons is None:
        raise TypeError(
            f"layer {layer} has no neurons with weights, it is {layers_of(model)[layer - 1]!r}; "
            "choose a fully connected one"
        )
    weights = np.array([[w.data for w in neuron.w] for neuron in neurons])
    return weights, np.array([neuron.b.data if neuron.b is not None else 0.0 for neuron in neurons])


class _Chain(Sequential):
    """Some layers of a network as a module, so that it can be compiled. Without layers it returns the row."""

    def __init__(self, *layers: Any) -> None:
        self.layers = list(layers)


class _Unit(_Chain):
    """One unit as a module. Of a fully connected layer only this unit is computed."""

    def __init__(self, layers: list[Any], layer: int, unit: int) -> None:
        self.layer, self.unit = layer, unit
        *before, last = layers or [None]
        neurons = getattr(last, "neurons", None)  # not kept: they would become modules of each unit
        self.alone = bool(neurons)
        self.layers = [*before, neurons[unit_number(unit, len(neurons), layer) - 1]] if neurons else layers

    def __call__(self, x: Any) -> Any:
        given = flatten(super().__call__(x))
        return given[0 if self.alone else unit_number(self.unit, len(given), self.layer) - 1]


class _Through(_Chain):
    """A module that returns the outputs of all its layers, in one list."""

    def each(self, x: Any) -> list[list[Any]]:
        found = []
        for layer in self.layers:
            x = layer(x)
            found.append(flatten(x))
        return found

    def __call__(self, x: Any) -> Any:
        return [v for given in self.each(x) for v in given]


def layer_number(model: Any, layer: int) -> int:
    """Return the number of a layer, after a check: 0 is the input, 1 the first layer."""
    count = len(layers_of(model))
    return numbered(layer, "layer", 0, count, said=f"from 0, the input, to {count}, the last")


def unit_number(unit: int, count: int, layer: int) -> int:
    """Return the number of one of the `count` units of a layer, after a check: 1 is the first."""
    return numbered(unit, "unit", 1, count, said=f"from 1 to {count} in layer {layer}")
