"""All parameters of a model: as one vector, which can be put back; and by layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from microgrAD.nn import Module
from microgrAD.operators import Value
from microgrAD.outputs import Array


def weights_of(model: Module) -> Array:
    """Return all parameters of a model in order, (parameters,)."""
    return np.array([p.data for p in model.parameters()], dtype=float)


def put_weights(model: Module, weights: Any) -> None:
    """Set all parameters of a model.

    Arguments:
        model: the model.
        weights: a number for each parameter, in order, (parameters,).
    Raises: ValueError for another number of weights.
    """
    parameters, given = model.parameters(), np.asarray(weights, dtype=float)
    if given.shape != (len(parameters),):
        raise ValueError(f"this model takes {len(parameters)} weights, got shape {given.shape}")
    for p, number in zip(parameters, given.tolist(), strict=True):
        p.data = number


@contextmanager
def with_weights(model: Module, weights: Any) -> Iterator[Module]:
    """Give a model other weights inside this block; after it, the model has its own weights again."""
    before = weights_of(model)
    put_weights(model, weights)
    try:
        yield model
    finally:
        put_weights(model, before)


def parameters_by_layer(model: Module) -> dict[str, list[Value]]:
    """Return the parameters of each layer, by the layer's name. Parameters outside of layers are under "model"."""
    layers: dict[str, list[Value]] = {}
    for name, parameter in model.named_parameters():
        layers.setdefault(name.partition(".")[0] if "." in name else "model", []).append(parameter)
    return layers
