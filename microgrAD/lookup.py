"""Looking up: a whole number, such as a letter of a row, chooses among Values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microgrAD.engine import recorder_here
from microgrAD.errors import DomainError, real
from microgrAD.scalar import Scalar, number

TAKE = "take"  # what a recorder calls a lookup; it is no operation of the table, since it computes nothing


def take(values: Any, index: Any) -> Any:
    """Return values[index]: a row of an embedding, or the logit of a target.

    On the engine this is the element itself, without a new node, so its gradient goes to that element alone. In a
    compiled function the index may be a number of the row: then the program looks it up for each row.

    Arguments:
        values: n Values and numbers, or n rows of them, of one length, as a list, a tuple or an array.
        index: a whole number from 0 to n - 1, such as 2 or 2.0; or a list or an array of them, for as many results. If
            it is a Value, the derivative by it is 0.
    Returns: an element or a row of `values`; for several numbers a list of these.
    Raises: DomainError if the index is no whole number from 0 to n - 1. TypeError if `values` is no sequence of numbers
    or of rows. ValueError if it is empty, or has rows of different lengths.

    >>> from microgrAD import Value
    >>> a, b = Value(3.0, label="a"), Value(5.0, label="b")
    >>> take([a, b], 1)
    Value(data=5.0, grad=0.0, label='b')
    >>> [v.data for v in take([[a, a], [b, a]], 1)]
    [5.0, 3.0]
    """
    if _is_sequence(index):
        return [take(values, i) for i in index]
    elements = _elements(values)
    if isinstance(index, Scalar) and (recorder := recorder_here()):
        return _recorded(recorder, elements, index)
    return elements[_place(index, len(elements))]


def _is_sequence(thing: Any) -> bool:
    return isinstance(thing, (list, tuple)) or getattr(thing, "ndim", 0) > 0


def _elements(values: Any) -> Any:
    """Return `values` if it can be looked up in."""
    if not _is_sequence(values):
        raise TypeError(f"take takes a list or an array of Values, or of rows of them, got {type(values).__name__}")
    if not len(values):
        raise ValueError("take takes at least one value, got none")
    lengths = [len(row) if _is_sequence(row) else None for row in values]
    if odd := next((k for k, length in enumerate(lengths) if length != lengths[0]), 0):
        said = ["one number" if lengths[k] is None else f"{lengths[k]} numbers" for k in (0, odd)]
        raise ValueError(f"take takes rows of one length, got {said[0]} in row 0 and {said[1]} in row {odd}")
    return values


def _place(index: Any, size: int) -> int:
    """Return the index as a whole number; DomainError if it is none, or out of range."""
    found = number(index) if isinstance(index, Scalar) else real(index, "the index of take")
    if found != found // 1 or not 0 <= found < size:
        label = getattr(index, "label", "")
        raise DomainError(
            f"take needs a whole number from 0 to {size - 1} as the index of {size} values, got {found!r}"
            + (f" at {label!r}" if label else "")
            + "; correct the index, or pass as many values as there are numbers"
        )
    return int(found)


def _recorded(recorder: Any, elements: Sequence[Any], index: Scalar) -> Any:
    """Return what a recorder makes of a lookup: of rows, a row of results."""
    if not _is_sequence(elements[0]):
        return recorder(TAKE, (index, *elements))
    row = [_recorded(recorder, column, index) for column in zip(*elements, strict=True)]
    if not hasattr(elements, "ndim"):
        return row
    import numpy as np  # imported here, so that importing this module is quick

    made = np.empty(len(row), dtype=object)
    made[:] = row
    return made
