"""A concept as a direction in a hidden layer, and what becomes of the answers along it. Kim et al. 2018 (TCAV).

h    what a layer gives for a row
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.interpret.layers import activations, after, layers_of
from microgrAD.interpret.linear import linear_probe
from microgrAD.interpret.rows import Array, answer, value_and_gradient
from microgrAD.nn.shapes import flatten
from microgrAD.outputs import outputs


@dataclass(frozen=True)
class Concept:
    """The direction in which a layer's answer moves when the concept is there."""

    layer: int
    direction: Array  # (units,), of length 1
    spread: float  # the distance of the two groups' means along it
    accuracy: float  # how well the plane across it parts the two groups

    def sensitivity(self, model: Any, X: Any, output: int) -> Array:
        """∂output/∂h · direction for each row, (rows,); the share of positive ones is TCAV's score."""
        rest, given = after(model, self.layer), activations(model, X)[self.layer]
        slopes = np.array([value_and_gradient(lambda h: flatten(answer(rest, h))[output], h)[1] for h in given])
        along_it: Array = slopes @ self.direction
        return along_it


def concept(model: Any, layer: int, X: Any, without: Any) -> Concept:
    """The direction, in what layer `layer` gives, from rows `without` a concept to rows X that have it.

    It stands square on the plane by which a linear classifier parts the two.
    """
    if not 1 <= layer < len(layers_of(model)):
        raise ValueError(
            f"a concept takes a layer from 1 to {len(layers_of(model)) - 1}, with another one after it, got {layer}"
        )
    has, lacks = (activations(model, rows)[layer] for rows in (X, without))
    probe = linear_probe(np.concatenate([lacks, has]), np.repeat([0, 1], [len(lacks), len(has)]), l2=1e-2)
    normal = probe.weights[1] - probe.weights[0]
    if not (length := float(np.linalg.norm(normal))):
        raise ValueError(f"layer {layer} gives the same for the rows with the concept and for those without")
    direction = normal / length
    return Concept(layer, direction, float((has.mean(axis=0) - lacks.mean(axis=0)) @ direction), probe.accuracy)


def along(model: Any, concept: Concept, X: Any, amounts: Any) -> Array:
    """The outputs when every row's h is moved by each amount · spread · direction, (amounts, rows, outputs).

    An amount of 1 is as far as the two groups are apart, 0 the model itself.
    """
    rest, given = after(model, concept.layer), activations(model, X)[concept.layer]
    return np.array(
        [
            outputs(rest, given + amount * concept.spread * concept.direction)
            for amount in np.asarray(amounts, dtype=float).tolist()
        ]
    )
