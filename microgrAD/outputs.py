"""The outputs of a network, and their meaning: a reading turns outputs into probabilities of classes.

logits           the sigmoid of one output, or the softmax of several
logarithms       the outputs are logarithms of probabilities
probabilities    the outputs themselves, limited to the range from 0 to 1
signs            one output, from -1 for class 0 to 1 for class 1
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import numpy as np

from microgrAD import operators
from microgrAD.compiler import CompileError, FunctionProgram, compile
from microgrAD.engine import no_grad
from microgrAD.nn.layers import LINEAR
from microgrAD.nn.modes import mode
from microgrAD.nn.module import Module
from microgrAD.nn.parts import values

Array = np.ndarray[Any, np.dtype[np.float64]]


OURS = "microgrAD.nn."
WORTH_COMPILING = 20_000  # rows times parameters; from here on, a compiled program is faster than one graph per row


def outputs(model: Any, X: Any) -> Array:
    """Return the outputs of a model for each row.

    A Module is in eval mode meanwhile, in which Dropout changes nothing. For many rows it is compiled; it keeps the
    program as long as its shape stays the same.

    Arguments:
        model: a network, or any function of one row.
        X: rows, (rows, features), or images, (rows, channels, height, width).
    Returns: an array of shape (rows, outputs).
    Raises: TypeError if the model is no function; ValueError if rows have different numbers of outputs.
    """
    X = np.asarray(X, dtype=float)
    if not callable(model):
        raise TypeError(
            f"a model must be a network or a function of one row, got {type(model).__name__}{estimator_hint(model)}"
        )
    with evaluating(model):
        if isinstance(model, Module) and len(X) * len(model.parameters()) >= WORTH_COMPILING:
            with suppress(CompileError):
                given = _program(model, X.shape[1:]).predict(X)
                return given if given.ndim == 2 else given[:, None]
        with no_grad():
            return table([model(x.copy()) for x in X])  # which the model may change


def evaluating(model: Any) -> AbstractContextManager[None]:
    """Return a block in which a model is in eval mode, if it has one."""
    return mode(model, training=False) if isinstance(model, Module) else nullcontext()


def estimator_hint(model: Any) -> str:
    """Return a hint for an error, if `model` is an estimator (as of `microgrAD.estimators`) and not its network."""
    if hasattr(model, "model_"):
        return "; its network is its .model_"
    if hasattr(model, "predict_proba") and not type(model).__module__.startswith("microgrAD."):
        return '; pass lambda x: model.predict_proba([x])[0], with reading="probabilities"'
    return "; call its .fit first, and pass its .model_" if hasattr(model, "get_params") else ""


def _program(model: Module, shape: tuple[int, ...]) -> FunctionProgram:
    """Return the compiled model. If all its parts are ours, it keeps the program until it changes."""
    parts = list(model.modules())
    if not all(type(part).__module__.startswith(OURS) for part in parts):  # changes in other parts cannot be noticed
        return compile(model, parameters=model.parameters(), shapes=[shape])
    held = [[id(v) for value in vars(part).values() for v in values(value)] for part in parts]
    key = (shape, [(id(part), part.training, part.config()) for part in parts], held)
    if model._program is None or model._program[0] != key:
        model._program = key, compile(model, parameters=model.parameters(), shapes=[shape])
    program: FunctionProgram = model._program[1]
    return program


def table(rows: list[Any]) -> Array:
    """Return outputs, a Value or a list of Values for each row, as an array of shape (rows, outputs)."""
    found = [[float(v) for v in (row if isinstance(row, (list, tuple, np.ndarray)) else [row])] for row in rows]
    if len(counts := {len(row) for row in found}) > 1:
        raise ValueError(
            f"a model must return the same number of outputs for every row, got {min(counts)} for one and "
            f"{max(counts)} for another"
        )
    return np.array(found)


def probabilities(given: Array, reading: str) -> Array:
    """Return the probability of each class, (rows, classes).

    Arguments:
        given: outputs, (rows, outputs). One output stands for two classes.
        reading: what the outputs mean, as listed in the module.
    Raises: ValueError for another reading.
    """
    if reading not in READINGS:
        raise ValueError(f"reading must be one of {list(READINGS)}, got {reading!r}")
    p = READINGS[reading](given)
    return np.hstack([1 - p, p]) if p.shape[1] == 1 else p


def classes(given: Array, reading: str) -> Any:
    """Return the most probable class of each row, (rows,). Arguments as for `probabilities`.

    If several classes are equally probable, it is class 1 of a single output, and the first class of several outputs.
    """
    if reading not in EVEN:
        raise ValueError(f"reading must be one of {list(READINGS)}, got {reading!r}")
    return given.argmax(axis=1) if given.shape[1] > 1 else (given[:, 0] >= EVEN[reading]).astype(np.int64)


def default_reading(model: Any) -> str:
    """Return the reading for a model: its own, or one by the range of its last activation ("logits" if unbounded)."""
    end = last(model)
    if reading := getattr(end, "reading", ""):
        return str(reading)
    bounds = _bounds(getattr(end, "activation", LINEAR))
    return {(0.0, 1.0): "probabilities", (-1.0, 1.0): "signs"}.get(bounds, "logits")


def _logits(given: Array) -> Array:
    if given.shape[1] == 1:
        given = np.hstack([np.zeros_like(given), given])
    e: Array = np.exp(given - given.max(axis=1, keepdims=True))
    shares: Array = e / e.sum(axis=1, keepdims=True)
    return shares


READINGS: dict[str, Callable[[Array], Array]] = {
    "logits": _logits,
    "logarithms": np.exp,
    "probabilities": lambda given: np.clip(given, 0.0, 1.0),
    "signs": lambda given: np.clip((given + 1) / 2, 0.0, 1.0),
}
# a single output at which both classes are equally probable
EVEN = {"logits": 0.0, "logarithms": float(np.log(0.5)), "probabilities": 0.5, "signs": 0.0}


def last(model: Any) -> Any:
    """Return the part of a model that makes its outputs."""
    while isinstance(model, Module) and not model.reading and not hasattr(model, "activation") and model.children():
        model = model.children()[-1]
    return model


def _bounds(activation: str) -> tuple[float, float]:
    if activation == LINEAR:
        return -np.inf, np.inf
    f = getattr(operators, activation)
    try:
        return round(f(-50.0), 9), round(f(50.0), 9)
    except ValueError:  # outside of the domain, such as log(-50)
        return -np.inf, np.inf
