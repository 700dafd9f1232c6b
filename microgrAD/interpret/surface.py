"""The loss around a trained network, over a plane in the space of its weights.

w    all parameters in order, (parameters,)
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
from microgrAD.outputs import of_estimator, outputs
from microgrAD.train.replay import Data, engine
from microgrAD.train.task import Loss, rows, task
from microgrAD.train.weights import weights_of, with_weights


@dataclass(frozen=True)
class Surface:
    """The loss at center + a · directions[0] + b · directions[1]."""

    a: Array  # (across,)
    b: Array  # (down,)
    loss: Array  # (down, across)
    center: Array  # (parameters,)
    directions: Array  # (2, parameters)

    def project(self, weights: Any) -> Array:
        """Where weights (n, parameters) come to lie, (n, 2): the point of the plane that is nearest to them."""
        away = np.asarray(weights, dtype=float) - self.center
        found: Array = np.asarray(np.linalg.lstsq(self.directions.T, away.T, rcond=None)[0].T, dtype=np.float64)
        return found


def random_directions(model: Module, *, rng: Any = 0) -> Array:
    """Two random directions in the space of weights, (2, parameters), each neuron's part as long as its weights are.

    Filter-wise normalised: networks that differ in the scale of weights only look alike. Li et al. 2018.
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
    """The two directions in which a path (epochs, parameters) runs most, (2, parameters), and their shares of its
    variance, (2,): principal components around the path's end. Lorch 2016, Li et al. 2018."""
    weights = table(weights, "weights")
    away = weights - weights[-1]
    plane = principal_plane(np.concatenate([away, -away]))  # so that their mean is the end of the path
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
    """The mean loss over rows X with targets y on a plane of weights, through `center`, by itself the model's own.

    `directions` (2, parameters) are by themselves random ones; `a` and `b` the coordinates along them, by
    themselves `resolution` ones from -1 to 1. The model is left as it was.
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"a loss surface takes a network with weights, such as MLP or Sequential, got "
            f"{type(model).__name__}{of_estimator(model)}"
        )
    directions = random_directions(model) if directions is None else np.asarray(directions, dtype=float)
    center = weights_of(model) if center is None else np.asarray(center, dtype=float)
    if directions.shape != (2, len(center)):
        raise ValueError(f"directions takes two of {len(center)} weights, got shape {directions.shape}")
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
