"""The loss around a trained network, over a plane in the space of its weights.

weights    all parameters in order, (parameters,)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from microgrAD.init import generator
from microgrAD.interpret.linear import principal_plane
from microgrAD.interpret.rows import Array, table
from microgrAD.nn import Module
from microgrAD.nn.modes import mode
from microgrAD.outputs import estimator_hint, outputs
from microgrAD.train.eager import Data
from microgrAD.train.replay import engine
from microgrAD.train.task import Loss, rows, task
from microgrAD.train.weights import weights_of, with_weights


@dataclass(frozen=True)
class Surface:
    """The loss at center + a · directions[0] + b · directions[1].

    Arguments:
        a, b: the coordinates along the two directions, (across,) and (down,).
        loss: the losses, (down, across).
        center: the weights at the coordinates 0, 0, (parameters,).
        directions: (2, parameters).
    """

    a: Array
    b: Array
    loss: Array
    center: Array
    directions: Array

    def project(self, weights: Any) -> Array:
        """Return the coordinates, (n, 2), of the points of the plane that are nearest to weights (n, parameters)."""
        away = np.asarray(weights, dtype=float) - self.center
        found: Array = np.asarray(np.linalg.lstsq(self.directions.T, away.T, rcond=None)[0].T, dtype=np.float64)
        return found


def random_directions(model: Module, *, rng: Any = 0) -> Array:
    """Return two random directions in the space of weights, normalised for each neuron.

    The part of a direction that belongs to a neuron is as long as the neuron's weights. Networks that differ only in
    the scale of their weights then have the same picture.

    Arguments:
        model: a network.
        rng: a seed, or NumPy's generator.
    Returns: an array of shape (2, parameters).
    Source: Li et al. 2018.
    """
    directions: Array = generator(rng).standard_normal((2, len(model.parameters())))
    groups: dict[str, list[int]] = {}
    for k, (name, _) in enumerate(model.named_parameters()):
        groups.setdefault(name.rpartition(".")[0], []).append(k)
    weights = weights_of(model)
    for places in groups.values():
        for direction in directions:
            direction[places] *= np.linalg.norm(weights[places]) / np.linalg.norm(direction[places])
    return directions


def path_directions(weights: Any) -> tuple[Array, Array]:
    """Return the two principal directions of a path of training, around its end.

    Arguments:
        weights: the weights after each epoch, (epochs, parameters).
    Returns: the directions, (2, parameters), and their shares of the path's variance, (2,).
    Source: Lorch 2016; Li et al. 2018.
    """
    weights = table(weights, "weights")
    away = weights - weights[-1]
    plane = principal_plane(np.concatenate([away, -away]))  # with both signs, the mean is the end of the path
    return plane.axes, plane.shares


def loss_surface(
    model: Module,
    X: Any,
    y: Any,
    *,
    directions: Any = None,
    center: Any = None,
    a: Any = None,
    b: Any = None,
    resolution: int = 25,
    loss: str | Loss | None = None,
) -> Surface:
    """Return the mean loss on a plane in the space of a network's weights. The model does not change.

    Arguments:
        model: a network.
        X, y: rows, (rows, features), and their targets.
        directions: the two directions of the plane, (2, parameters); by default `random_directions`.
        center: the weights in the middle, (parameters,); by default the model's.
        a, b: the coordinates along the two directions; by default `resolution` numbers from -1 to 1.
        resolution: how many coordinates in each direction.
        loss: the loss; by default what fits the model.
    Returns: a `Surface`.
    Raises: TypeError if the model is no network; ValueError for directions of another shape.
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"a loss surface takes a network with weights, such as MLP or Sequential, got "
            f"{type(model).__name__}{estimator_hint(model)}"
        )
    directions = random_directions(model) if directions is None else np.asarray(directions, dtype=float)
    center = weights_of(model) if center is None else np.asarray(center, dtype=float)
    if directions.shape != (2, len(center)):
        raise ValueError(f"directions takes an array of shape (2, {len(center)}), got {directions.shape}")
    a, b = (np.linspace(-1, 1, resolution) if line is None else np.asarray(line, dtype=float) for line in (a, b))
    found = np.empty((len(b), len(a)))
    with mode(model, training=False):
        X = rows(X)
        width = outputs(model, X[:1]).shape[1]
        data = Data(X, task(model, y, width, len(X), loss), width)
        replay = engine(model, data, l1=0.0, l2=0.0, compiled=None)
        for i, j in np.ndindex(found.shape):
            with with_weights(model, center + a[j] * directions[0] + b[i] * directions[1]):
                found[i, j] = replay.evaluate(data)[0]
    return Surface(a, b, found, center, directions)
