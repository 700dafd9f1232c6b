"""What an attribute of a module holds: the Values and modules in it, through lists, dicts and arrays of objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from microgrAD.graph import Unrecorded
from microgrAD.operators import Value

_PLAIN = {int, float, complex, bool, str, bytes, type(None), range, bytearray, memoryview}
_PLAIN |= {FunctionType, BuiltinFunctionType, MethodType, ModuleType, partial, type}
_DEEPEST = 4  # how deep to look for such Values in a user's object
_MOST = 10_000  # the largest number of elements of a set to look at


def is_leaf(value: Value) -> bool:
    """Return whether a Value may be a parameter: it was made of a number, and not computed within no_grad."""
    return value._a is None and not isinstance(value._tag, Unrecorded)


def elements(value: Any) -> Iterable[Any]:
    """Return the elements of a container in order; none for other things, and for an array of plain numbers."""
    kind = type(value)
    if kind in _PLAIN:
        return ()
    if kind is list or kind is tuple:
        return value  # type: ignore[no-any-return]
    if isinstance(value, Mapping):
        return value.values()
    if hasattr(value, "to_numpy"):  # a table of pandas, or a column
        value = value.to_numpy()
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        held = value.tolist() if value.dtype == object else ()
        return held if isinstance(held, (list, tuple)) else [held]
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and not hasattr(value, "typecode"):
        return value
    return ()


def values(value: Any) -> Iterator[Value]:
    """Yield the Values in an attribute, through lists, dicts and arrays of objects: each as often as it is there."""
    if isinstance(value, Value):
        yield value
    elif not hasattr(value, "named_parameters"):
        for part in elements(value):
            yield from values(part)


def keys(value: Any) -> Iterable[Any] | None:
    """Return the keys by which elements are named; None if they are numbered."""
    return value.keys() if isinstance(value, Mapping) else None


def hidden(value: Any, depth: int = _DEEPEST) -> Iterator[Value]:
    """Yield the leaves in an attribute that `elements` does not find: in a set, which has no order, or in an object."""
    kind = type(value)
    if isinstance(value, Value):
        if is_leaf(value):
            yield value
    elif kind in _PLAIN or not depth:
        return
    elif hasattr(value, "named_parameters"):
        yield from value.parameters()
    elif kind.__module__.startswith("microgrAD."):
        return
    else:
        inside = list(elements(value))
        if isinstance(value, (set, frozenset)) and len(value) <= _MOST:
            inside += value
        inside += vars(value).values() if hasattr(value, "__dict__") else ()
        slots = [name for base in kind.__mro__ for name in getattr(base, "__slots__", ()) if isinstance(name, str)]
        inside += [getattr(value, name) for name in slots if name[:2] != "__" and hasattr(value, name)]
        for part in inside:
            yield from hidden(part, depth - 1)
