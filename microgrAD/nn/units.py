"""The units of a fully connected network, numbered through as in a lecture: inputs first, then layer after layer.

In a 2-2-1 network the inputs are 1 and 2, the hidden units 3 and 4, the output is 5. The weight from 1 to 3 is w13,
the bias of 3 is b3, its weighted sum n3, and its output o3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from microgrAD.graph import topological
from microgrAD.nn.layers import LINEAR, Layer, Neuron
from microgrAD.nn.module import Module
from microgrAD.operators import Value

MOST = 9  # up to this number, w13 can only be the weight from 1 to 3


@dataclass(frozen=True)
class Unit:
    """A unit.

    Arguments:
        number: its number, from 1; inputs are counted too.
        layer: the number of its layer, from 1.
        place: its place in the layer, from 1.
        neuron: its weights and bias.
        sources: the numbers of the units that its weights come from.
    """

    number: int
    layer: int
    place: int
    neuron: Neuron
    sources: range


def units(model: Module) -> list[list[Unit]]:
    """Return the units of each layer; none if the model is not fully connected layers and parts without weights.

    >>> from microgrAD.nn import MLP
    >>> [[unit.number for unit in layer] for layer in units(MLP(2, [2, 1]))]
    [[3, 4], [5]]
    """
    layers = [part for part in model.modules() if isinstance(part, Layer)]
    weights = [p for layer in layers for p in layer.parameters()]
    fits = all(after.nin == len(before.neurons) for before, after in pairwise(layers))
    if not layers or not fits or len(weights) != len(model.parameters()):
        return []
    found: list[list[Unit]] = []
    before = range(1, layers[0].nin + 1)
    for k, layer in enumerate(layers, 1):
        here = range(before.stop, before.stop + len(layer.neurons))
        found.append(
            [Unit(n, k, j, neuron, before) for j, (n, neuron) in enumerate(zip(here, layer.neurons, strict=True), 1)]
        )
        before = here
    return found


@contextmanager
def numbered(model: Module) -> Iterator[list[Unit]]:
    """Label the weights of a small network by its units, inside this block, unless their labels differ already.

    After the block the labels are as before. Yields the units that `label_outputs` can label.
    """
    labels = {p: p.label for p in model.parameters()}
    every = [unit for layer in units(model) for unit in layer]
    if not every or every[-1].number > MOST or len(set(labels.values())) == len(labels):
        yield []
        return
    try:
        for unit in every:
            for source, w in zip(unit.sources, unit.neuron.w, strict=True):
                w.label = f"w{source}{unit.number}"
            if unit.neuron.b is not None:
                unit.neuron.b.label = f"b{unit.number}"
        yield every
    finally:
        for p, label in labels.items():
            p.label = label


def label_outputs(every: list[Unit], out: Any) -> None:
    """Label the weighted sums n3, n4, ... and the outputs o3, o4, ... in the graph behind a model's output."""
    by_scope = {unit.neuron.scope: unit for unit in every}
    for each in out if isinstance(out, list) else [out]:
        for v in topological(each):
            unit = by_scope.get(v.scope)
            if unit is None or not v.op or v.label:
                continue
            v.label = f"o{unit.number}"
            if unit.neuron.activation != LINEAR and isinstance(total := v.args[0], Value) and not total.label:
                total.label = f"n{unit.number}"
