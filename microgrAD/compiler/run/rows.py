"""What a program is given: parameters, and arrays of rows, checked and turned; what its values come to over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from microgrAD.compiler.record.numbers import Array
from microgrAD.errors import CompileError, DomainError
from microgrAD.operators import Value

REDUCTIONS = ("mean", "sum", "none")
Shape = tuple[int, ...]


def leaves(parameters: Any) -> tuple[Value, ...]:
    """The parameters, each once; TypeError where they are not leaves."""
    if not isinstance(parameters, Iterable):
        raise TypeError(
            f"parameters must be a list of leaf Values, got {type(parameters).__name__} {parameters!r}; "
            "pass model.parameters()"
        )
    found = tuple(dict.fromkeys(parameters))
    for p in found:
        if not isinstance(p, Value) or p.op:
            what = f"a result of {p.op}" if isinstance(p, Value) else f"{type(p).__name__} {p!r}"
            raise TypeError(f"parameters must be leaf Values, got {what}; pass model.parameters()")
    return found


def shapes_of(shapes: Any) -> list[Shape]:
    """The shape of one row of each argument, as given to compile; TypeError for anything else."""
    if (
        isinstance(shapes, (list, tuple))
        and all(isinstance(shape, (list, tuple)) for shape in shapes)
        and all(isinstance(n, (int, np.integer)) and n >= 0 for shape in shapes for n in shape)
    ):
        return [tuple(shape) for shape in shapes]
    raise TypeError(
        f"shapes must say what one row of each argument looks like, such as [(3,), ()] for three numbers "
        f"and one, got {shapes!r}"
    )


def arrays(rows: Sequence[Any], names: Sequence[str], shapes: Sequence[Shape] | None) -> list[Array]:
    """Each argument as an array of rows; an error where they do not fit the function, or each other."""
    wanted = len(names) if shapes is None else len(shapes)
    if len(rows) != wanted and (names or shapes is not None):
        listed = f" ({', '.join(names)})" if names else ""
        raise TypeError(f"the program takes {wanted} array{'s' * (wanted != 1)} of rows{listed}, got {len(rows)}")
    found: list[Array] = []
    for k, given in enumerate(rows):
        name = names[k] if k < len(names) else f"row{k + 1}"
        array = _numbers(given, name)
        if shapes is not None and array.shape[1:] != shapes[k]:
            raise ValueError(
                f"{name} takes {_described(shapes[k])} a row, as it was recorded with, got an array of "
                f"shape {array.shape}; compile the function again for rows of another shape"
            )
        if found and len(array) != len(found[0]):
            raise ValueError(
                f"all arrays need as many rows, got {len(found[0])} of {names[0] if names else 'row1'}, "
                f"{len(array)} of {name}"
            )
        found.append(array)
    return found


def _numbers(given: Any, name: str) -> Array:
    try:
        array = np.asarray(given)
    except ValueError:
        lengths = [len(row) if hasattr(row, "__len__") else 1 for row in given]
        odd = next((k for k, n in enumerate(lengths) if n != lengths[0]), 0)
        got = f", got {lengths[0]} in row 0 and {lengths[odd]} in row {odd}" if odd else ""
        raise ValueError(f"{name} takes as many numbers in each row{got}") from None
    if array.dtype.kind not in "biuf":
        raise CompileError(
            f"{name} takes rows of plain real numbers, got {type(given).__name__} of "
            f"{array.dtype}; pass numbers, and Values as parameters"
        )
    if array.ndim == 0:
        raise ValueError(f"{name} takes an array of rows, got one number {given!r}; for one row pass [row]")
    if not len(array):
        raise ValueError(f"{name} takes one row or more, got none")
    array = array.astype(float, copy=False)
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise DomainError(f"{name} takes finite numbers, got {array[row]} in row {row}")
    return array


def _described(shape: Shape) -> str:
    return "one number" if shape == () else f"{shape[0]} numbers" if len(shape) == 1 else f"an array of shape {shape}"


def stack(found: Sequence[Array]) -> Array:
    """The rows of all arguments, turned: (inputs, rows); for a function without rows one row of no inputs."""
    if not found:
        return np.empty((0, 1))
    return np.concatenate([array.reshape(len(array), -1).T for array in found], axis=0)


def weights(count: int, reduction: str) -> Array:
    """What each row's value counts in the mean or the sum."""
    return np.full(count, 1.0 / count if reduction == "mean" else 1.0)


def reduced(values: Array, reduction: str) -> float | Array:
    """Values (rows,) or (k, rows) as their mean, sum, or each: (rows,) or (rows, k)."""
    if reduction == "none":
        return values.T.copy()
    total = values.mean(axis=-1) if reduction == "mean" else values.sum(axis=-1)
    return float(total) if values.ndim == 1 else total
