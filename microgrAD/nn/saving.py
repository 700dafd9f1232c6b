"""Makes a model from a file: its shape and its parameters are checked first."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from microgrAD.files import FileError, read_json, reader
from microgrAD.nn.images import AvgPool2d, Conv2d, Flatten, MaxPool2d, SumPool2d, Unflatten
from microgrAD.nn.layers import MLP, Layer, Neuron, Sequential
from microgrAD.nn.module import Module
from microgrAD.nn.perceptron import Perceptron
from microgrAD.nn.regular import Dropout, Rescale, Softmax, Standardize

_WEIGHTED: dict[str, Callable[..., Module]] = {kind.__name__: kind for kind in (Neuron, Layer, MLP, Conv2d, Perceptron)}
_PLAIN: dict[str, Callable[..., Module]] = {
    kind.__name__: kind for kind in (Standardize, Rescale, Dropout, Softmax, Flatten, MaxPool2d, AvgPool2d, SumPool2d)
}


def load(path: str | os.PathLike[str]) -> Module:
    """Return the model that `Module.save` wrote, with the same shape, parameters and `notes`, in eval mode.

    Raises: FileError if the file is damaged, is no model file, or holds a class of the user's own.
    """
    return model_from(read_json(path, "model"), path)


def model_from(content: dict[str, Any], path: str | os.PathLike[str]) -> Module:
    """Return the model that is in the content of a file; the errors, those of `load`, name `path`."""
    read = reader(content, "a model file")
    kind, state = read("kind", str), read("parameters", dict)
    if content.get("config", ...) is None:
        raise FileError(
            f"{path} has only the weights of {kind[:80]}, not its shape, since the model has a class of its "
            "author's own, or one layer twice; make the model yourself, then load the weights: model.load(path)"
        )
    try:
        model = _build({"kind": kind, **read("config", dict)}, _Supply(len(state)))
    except (TypeError, ValueError, RecursionError) as error:
        raise FileError(f"{path} does not describe a model: {error}") from None
    model.load_state_dict(state)
    model.notes = read("notes", dict)
    return model.eval()


class _Supply:
    """An initialiser that raises FileError if a shape needs more weights than the file has."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self, rng: Any, fan_in: int, fan_out: int) -> float:
        self.left -= 1
        if self.left < 0:
            raise FileError("its shape needs more parameters than the file has")
        return 0.0


def _build(config: Any, init: _Supply) -> Module:
    kind = reader(config, "a part of a model")("kind", str)
    arguments = {key: value for key, value in config.items() if key != "kind"}
    if kind in _WEIGHTED:
        return _WEIGHTED[kind](**arguments, init=init)
    if kind in _PLAIN:
        return _PLAIN[kind](**arguments)
    if kind == Unflatten.__name__:
        return Unflatten(*reader(arguments, kind)("shape", list))
    if kind == Sequential.__name__:
        return Sequential(*[_build(part, init) for part in reader(arguments, kind)("layers", list)])
    known = [*_WEIGHTED, *_PLAIN, Unflatten.__name__, Sequential.__name__]
    raise FileError(
        f"{kind[:80]!r} is not one of {known}; make the model yourself, then load its weights: model.load(path)"
    )
