"""The layers of a network one by one: what each gives, the network up to one, and from one on.

A network is whatever keeps its layers, in order, in `layers`: an MLP, a Sequential.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microgrAD.engine import no_grad
from microgrAD.errors import numbered
from microgrAD.interpret.rows import Array, Function, answer, table
from microgrAD.nn import Sequential
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import of_estimator, outputs


def layers_of(model: Any) -> list[Any]:
    """The layers of a network; TypeError when it has none to look at."""
    layers = getattr(model, "layers", None)
    if not layers:
        raise TypeError(
            f"to look inside a network takes one with layers, such as MLP or Sequential, got "
            f"{type(model).__name__}{of_estimator(model)}"
        )
    return list(layers)


def upto(model: Any, layer: int) -> Function:
    """The network as far as layer `layer`, counted from 1, as a function of one row; 0 gives the row itself."""
    return _Chain(*layers_of(model)[: layer_number(model, layer)])


def after(model: Any, layer: int) -> Function:
    """The rest of the network after layer `layer`, as a function of what that layer gives."""
    return _Chain(*layers_of(model)[layer_number(model, layer) :])


def unit(model: Any, layer: int, unit: int) -> Function:
    """What one unit gives, as a function of one row. `unit` counts from 1 through all that its layer gives."""
    part = upto(model, layer)

    def one(x: Any) -> Any:
        given = flatten(answer(part, x))
        return given[unit_number(unit, len(given), layer) - 1]

    return one


def activations(model: Any, X: Any) -> list[Array]:
    """What each layer gives for each row: arrays of shape (rows, units), after X itself, the first."""
    X, through = table(X), _Through(*layers_of(model))
    with no_grad():
        widths = [len(given) for given in through.each(X[0])]
    return [X, *np.split(outputs(through, X), np.cumsum(widths)[:-1], axis=1)]


def weights_of_layer(model: Any, layer: int) -> tuple[Array, Array]:
    """The weights (units, inputs) and biases (units,) of a fully connected layer; TypeError for another one."""
    if not layer_number(model, layer) >= 1:
        raise ValueError("the input has no weights; layers count from 1")
    neurons = getattr(layers_of(model)[layer - 1], "neurons", None)
    if neurons is None:
        raise TypeError(
            f"layer {layer} has no neurons with weights, it is {layers_of(model)[layer - 1]!r}; "
            "take a fully connected one"
        )
    weights = np.array([[w.data for w in neuron.w] for neuron in neurons])
    return weights, np.array([neuron.b.data if neuron.b is not None else 0.0 for neuron in neurons])


class _Chain(Sequential):
    """Some layers of a network, as a module, so that many rows go through a compiled program; with none the row."""

    def __init__(self, *layers: Any) -> None:
        self.layers = list(layers)


class _Through(_Chain):
    """What each of the layers gives, all in one list."""

    def each(self, x: Any) -> list[list[Any]]:
        found = []
        for layer in self.layers:
            x = layer(x)
            found.append(flatten(x))
        return found

    def __call__(self, x: Any) -> Any:
        return [v for given in self.each(x) for v in given]


def layer_number(model: Any, layer: int) -> int:
    """The number of a layer, checked: 0 is the input, 1 the first layer."""
    count = len(layers_of(model))
    return numbered(layer, "layer", 0, count, said=f"from 0, the input, to {count}, the last")


def unit_number(unit: int, count: int, layer: int) -> int:
    """The number of one of the `count` units of a layer, checked: 1 is the first."""
    return numbered(unit, "unit", 1, count, said=f"from 1 to {count} in layer {layer}")
