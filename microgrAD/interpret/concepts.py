"""A concept as a direction in a hidden layer, and how the outputs change along it. Kim et al. 2018 (TCAV).

h    the output of a layer for one row
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
    """The direction in which a layer's output moves if the concept is present.

    Arguments:
        layer: the number of the layer, from 1.
        direction: a vector of length 1, (units,).
        spread: the distance between the means of the two groups, along the direction.
        accuracy: the share of rows on the right side of the plane that separates the two groups.
    """

    layer: int
    direction: Array
    spread: float
    accuracy: float

    def sensitivity(self, model: Any, X: Any, output: int) -> Array:
        """Return ∂output/∂h · direction for each row, (rows,). The share of positive ones is TCAV's score."""
        rest, given = after(model, self.layer), activations(model, X)[self.layer]
        slopes = np.array([value_and_gradient(lambda h: flatten(answer(rest, h))[output], h)[1] for h in given])
        along_it: Array = slopes @ self.direction
        return along_it


def concept(model: Any, layer: int, X: Any, without: Any) -> Concept:
    """Return the direction of a concept in a hidden layer, from rows without the concept to rows with it.

    The direction is normal to the plane by which a linear classifier separates the two groups.

    Arguments:
        model: a network with layers.
        layer: the number of the layer, from 1; not the last one.
        X: rows with the concept, (rows, features).
        without: rows without it, (rows, features).
    Raises: ValueError for another layer, or if the layer's outputs are the same for both groups.
    """
    if not 1 <= layer < len(layers_of(model)):
        raise ValueError(
            f"a concept takes a layer from 1 to {len(layers_of(model)) - 1}, before the last one, got {layer}"
        )
    has, lacks = (activations(model, rows)[layer] for rows in (X, without))
    probe = linear_probe(np.concatenate([lacks, has]), np.repeat([0, 1], [len(lacks), len(has)]), l2=1e-2)
    normal = probe.weights[1] - probe.weights[0]
    if not (length := float(np.linalg.norm(normal))):
        raise ValueError(f"layer {layer} returns the same for the rows with the concept and for those without")
    direction = normal / length
    return Concept(layer, direction, float((has.mean(axis=0) - lacks.mean(axis=0)) @ direction), probe.accuracy)


def along(model: Any, concept: Concept, X: Any, amounts: Any) -> Array:
    """Return the outputs if every row's h is moved along a concept's direction.

    Arguments:
        model: the network that the concept belongs to.
        concept: the concept.
        X: rows, (rows, features).
        amounts: how far h is moved, in units of the concept's spread; with 0 the outputs are the model's own.
    Returns: an array of shape (amounts, rows, outputs).
    """
    rest, given = after(model, concept.layer), activations(model, X)[concept.layer]
    return np.array(
        [
            outputs(rest, given + amount * concept.spread * concept.direction)
            for amount in np.asarray(amounts, dtype=float).tolist()
        ]
    )
