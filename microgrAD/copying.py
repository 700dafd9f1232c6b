"""Pickling and deep copies: a graph becomes flat lists, so that even a very deep one needs no recursion.

A `_Bundle` holds the first Value that is copied and all Values that it was computed from. Each Value is pickled as a
bundle and a place in it. Later Values of the same pickle or deep copy find these bundles, so that a node that two of
them share is still one node in the copy.
"""

from __future__ import annotations

import copyreg
import weakref
from typing import Any

from microgrAD.graph import Tag, fill, topological
from microgrAD.leaving import stay, watches
from microgrAD.operators import Node, Value

_registry: dict[int, weakref.ref[_Bundle]] = {}  # id of a Value -> its bundle, as long as the bundle exists


class _Bundle:
    """Values that are copied together, operands first."""

    def __init__(self, values: list[Value]) -> None:
        self.values = values
        self.place = {id(v): k for k, v in enumerate(values)}

    def register(self) -> _Bundle:
        """Let later Values find this bundle, as long as it exists: a pickler, or a deep copy's memo, holds it."""
        ref = weakref.ref(self)
        _registry.update(dict.fromkeys(self.place, ref))
        weakref.finalize(self, _forget, list(self.place), ref)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        outside: list[Value] = []
        rows = [(v._tag, v._data, tuple(self._flat(arg, outside) for arg in v.args), v.partials) for v in self.values]
        # gradients come last, as state, since those of create_graph refer to this bundle
        return _unbundle, (rows, outside), [v.grad for v in self.values]

    def _flat(self, arg: Value | float, outside: list[Value]) -> int | float:
        """Return a float as it is, and a Value as its place; a place below 0 is one in `outside`."""
        if isinstance(arg, float):
            return arg
        if id(arg) not in self.place:
            outside.append(arg)
            return -len(outside)
        return self.place[id(arg)]

    def __setstate__(self, grads: list[Any]) -> None:
        for v, grad in zip(self.values, grads, strict=True):
            v.grad = grad


def _forget(places: list[int], ref: weakref.ref[_Bundle]) -> None:
    for place in places:
        if _registry.get(place) is ref:
            del _registry[place]


def _unbundle(
    rows: list[tuple[Tag, float, tuple[int | float, ...], tuple[float | None, ...]]], outside: list[Value]
) -> _Bundle:
    values: list[Value] = []
    for tag, data, flat, partials in rows:
        args = tuple(arg if isinstance(arg, float) else outside[-arg - 1] if arg < 0 else values[arg] for arg in flat)
        values.append(fill(Value._bare(tag.op), tag, data, args, partials))
    return _Bundle(values)


def _value(bundle: _Bundle, place: int) -> Value:
    return bundle.values[place]


def _bundle_of(v: Value) -> _Bundle | None:
    ref = _registry.get(id(v))
    return ref() if ref else None


def _reduce(v: Value) -> tuple[Any, ...]:
    if watches:
        stay(v, "pickles or copies the number")
    # one of a user's own subclass travels by itself, so that it stays what it is
    bundle = _bundle_of(v) or _Bundle([a for a in topological(v) if type(a) in _OURS and not _bundle_of(a)]).register()
    return _value, (bundle, bundle.place[id(v)])


_OURS = (Value, Node)
copyreg.pickle(Value, _reduce)
copyreg.pickle(Node, _reduce)
