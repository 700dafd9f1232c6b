"""What a program is given: parameters, and arrays of rows, checked and turned; what its values come to over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index
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


def groups(
    rows: Sequence[Any], names: Sequence[str], shapes: Sequence[Shape] | None, *, fixed: bool
) -> list[tuple[Index | None, list[Array]]]:
    """Each argument as an array of rows; where a list has rows of several lengths, such arrays of rows of one length.

    Each group comes with the numbers of its rows, in order; or with None, if it is all of them.

    Arguments:
        shapes: those of a row of each argument that came first, if there are some.
        fixed: whether all have to be of these.
    """
    wanted = len(rows) == (len(names or rows) if shapes is None else len(shapes))
    numbers_alone = () if shapes is None else [k for k, shape in enumerate(shapes) if shape == ()]
    several = [_several_lengths(given) and k not in numbers_alone for k, given in enumerate(rows)]
    if fixed or not wanted or not any(several):
        return [(None, arrays(rows, names, shapes, fixed=fixed))]
    found: dict[tuple[int, ...], list[int]] = {}
    counts = [len(given) if hasattr(given, "__len__") else 0 for given in rows]
    for k in range(len(rows[0]) if min(counts) == max(counts) else 0):
        found.setdefault(tuple([_length(given[k]) for given in rows]), []).append(k)
    if not found:
        _refuse_counts(counts, names)
    return [
        (
            np.array(numbers),
            arrays([[given[k] for k in numbers] for given in rows], names, shapes, fixed=False, numbers=numbers),
        )
        for numbers in found.values()
    ]


def _length(row: Any) -> int:
    return len(row) if hasattr(row, "__len__") else -1


def _several_lengths(given: Any) -> bool:
    return isinstance(given, (list, tuple)) and len(set(map(_length, given))) > 1


def _refuse_counts(counts: Sequence[int], names: Sequence[str]) -> None:
    """ValueError where arguments do not have as many rows each."""
    for k, count in enumerate(counts):
        if count != counts[0]:
            raise ValueError(
                f"all arrays need as many rows, got {counts[0]} of {names[0] if names else 'row1'}, "
                f"{count} of {names[k] if names else f'row{k + 1}'}"
            )


def arrays(
    rows: Sequence[Any],
    names: Sequence[str],
    shapes: Sequence[Shape] | None,
    *,
    fixed: bool,
    numbers: Sequence[int] | None = None,
) -> list[Array]:
    """Each argument as an array of rows; an error where they do not fit the function, or each other.

    `shapes`, `fixed`: as for groups. `numbers`: how errors name the rows, by default from 0.
    """
    wanted = len(names) if shapes is None else len(shapes)
    if len(rows) != wanted and (names or shapes is not None):
        listed = f" ({', '.join(names)})" if names else ""
        raise TypeError(f"the program takes {wanted} array{'s' * (wanted != 1)} of rows{listed}, got {len(rows)}")
    found: list[Array] = []
    for k, given in enumerate(rows):
        name = names[k] if k < len(names) else f"row{k + 1}"
        array = _numbers(given, name, numbers or range(len(given) if hasattr(given, "__len__") else 0))
        if shapes is not None and (array.shape[1:] != shapes[k] if fixed else array.ndim - 1 != len(shapes[k])):
            raise ValueError(
                f"{name} takes {_described(shapes[k])} a row, as it was recorded with, got an array of "
                f"shape {array.shape}; compile the function again for rows of another shape, or without shapes="
            )
        found.append(array)
    _refuse_counts([len(array) for array in found], names)
    return found


def _numbers(given: Any, name: str, numbers: Sequence[int]) -> Array:
    try:
        array = np.asarray(given)
    except ValueError:
        lengths = [len(row) if hasattr(row, "__len__") else 1 for row in given]
        odd = next((k for k, n in enumerate(lengths) if n != lengths[0]), 0)
        got = f", got {lengths[0]} in row {numbers[0]} and {lengths[odd]} in row {numbers[odd]}" if odd else ""
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
        raise DomainError(f"{name} takes finite numbers, got {array[row]} in row {numbers[row]}")
    return array


def _described(shape: Shape) -> str:
    return "one number" if shape == () else f"{shape[0]} numbers" if len(shape) == 1 else f"an array of shape {shape}"


def stack(found: Sequence[Array]) -> Array:
    """The rows of all arguments, turned: (inputs, rows); for a function without rows one row of no inputs."""
    if not found:
        return np.empty((0, 1))
    return np.concatenate([array.reshape(len(array), -1).T for array in found])


def in_order(found: Sequence[Array], numbers: Sequence[Index | None]) -> Array:
    """The columns of several arrays in the order of their numbers."""
    if numbers[0] is None:
        return found[0]
    if len(sizes := sorted({array.shape[:-1] for array in found})) > 1:
        raise ValueError(
            f"the function gives {sizes[0][0]} values for rows of one length and {sizes[-1][0]} for others; "
            "pass rows of one length at a time"
        )
    order: Index = np.argsort(np.concatenate(numbers), kind="stable")  # type: ignore[arg-type]
    return np.concatenate(found, axis=-1).take(order, axis=-1)


@lru_cache(maxsize=8)
def weights(count: int, reduction: str) -> Array:
    """What each row's value counts in the mean or the sum; the same array for the same rows, which stays as it is."""
    found = np.full(count, 1.0 / count if reduction == "mean" else 1.0)
    found.setflags(write=False)
    return found


def reduced(values: Array, reduction: str) -> float | Array:
    """Values (rows,) or (k, rows) as their mean, sum, or each: (rows,) or (rows, k)."""
    if reduction == "none":
        return values.T.copy()
    total = values.mean(axis=-1) if reduction == "mean" else values.sum(axis=-1)
    return float(total) if values.ndim == 1 else total
