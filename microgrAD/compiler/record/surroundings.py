"""What a function reads besides its arguments: a recording keeps that as it was, and has to see when it changes.

Closures, defaults, globals, attributes of the user's own objects and classes, and generators of random numbers. What
belongs to this package or to a library is not looked into, and Values are read at every call anyway.

a reference     a name by which the function reaches something, how to look there again, and what was found
"""

from __future__ import annotations

import functools
import random
import sys
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from operator import is_
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.record.traced import Traced
from microgrAD.leaving import is_library
from microgrAD.operators import Value

_MOST = 400  # references that are kept
_ELEMENTS = 1000  # of a list or dict that are compared
_NUMBERS = 20_000  # of an array that are compared
_DEPTH = 5  # lists within lists that are looked into
_RESULT = "a result"
_NOTHING = object()
_PLAIN = (int, float, complex, str, bytes, bool, type(None), np.number)
_FIXED = frozenset([int, float, complex, str, bytes, bool, type(None)])  # whose things never change
_LEAVES = (Value, *_PLAIN, np.ndarray, type)  # what leads to nothing else
_DRAWS = (np.random.Generator, np.random.RandomState, random.Random)
_MAKES = ("__init__", "__repr__", "__new__")  # methods that read what no call reads


class _Same:
    """A thing that is compared by being the same one."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    __hash__ = None  # type: ignore[assignment]


def _kept(thing: Any, depth: int = _DEPTH) -> Any:
    """What can be compared with what is found there later."""
    if isinstance(thing, Value):
        return _RESULT if _is_result(thing) else _Same(thing)
    if isinstance(thing, _PLAIN):
        return type(thing), thing if thing == thing else "nan"
    if isinstance(thing, np.ndarray) and thing.dtype != object and thing.size <= _NUMBERS:
        return thing.dtype, thing.shape, thing.tobytes()
    if isinstance(thing, (bytearray, memoryview, array)) and len(thing) <= _NUMBERS:
        return type(thing), bytes(thing)
    if isinstance(owner := getattr(thing, "__self__", None), _DRAWS):  # such as rng.random, kept by itself
        thing = owner
    if isinstance(thing, np.random.Generator):
        return _kept(thing.bit_generator.state)
    if isinstance(thing, np.random.RandomState):
        return _kept(thing.get_state(legacy=False))
    if isinstance(thing, random.Random):
        return thing.getstate()
    if isinstance(thing, np.ndarray) and thing.dtype == object and thing.size <= _ELEMENTS:
        thing = thing.ravel().tolist()
    if depth > 0 and isinstance(thing, (list, tuple, set, frozenset, dict, deque)) and len(thing) <= _ELEMENTS:
        parts = [*thing.keys(), *thing.values()] if isinstance(thing, dict) else thing
        return type(thing), [_kept(part, depth - 1) for part in parts if not _is_result(part)]
    return _RESULT if _is_result(thing) else _Same(thing)


def _is_fixed(thing: Any) -> bool:
    """Whether it can't change: a plain number or text, or a tuple of these."""
    kind = type(thing)
    return kind in _FIXED or kind is tuple and _FIXED.issuperset(map(type, thing))


class _Elements:
    """A list, by its elements: it is as it was if they are the same ones, and so within. That is quick to see."""

    def __init__(self, thing: Sequence[Any], lists: dict[int, _Elements]) -> None:
        self.kind, self.elements, self.lists = type(thing), tuple(thing), lists
        # the same Values in new lists: they are equal if they are the same, so Python compares all of them at once
        self.values: Any = None
        if all(self._is_of_values(k, part) for k, part in enumerate(thing)):
            made: Any = self.kind
            self.values = made([lists[k].values if k in lists else part for k, part in enumerate(thing)])

    def _is_of_values(self, k: int, part: Any) -> bool:
        return self.lists[k].values is not None if k in self.lists else isinstance(part, Value)

    def are(self, thing: Any) -> bool:
        """Whether a thing is a list of these elements. If not, it may still be one of equal numbers."""
        if self.values is not None:
            return bool(thing == self.values)
        return (
            type(thing) is self.kind
            and len(thing) == len(self.elements)
            and all(map(is_, thing, self.elements))
            and all(held.are(thing[k]) for k, held in self.lists.items())
        )

    def kept(self, depth: int = _DEPTH) -> Any:
        """What `_kept` gave when the elements were these."""
        held, less = enumerate(self.elements), depth - 1
        return self.kind, [self.lists[k].kept(less) if k in self.lists else _kept(part, less) for k, part in held]


def _elements(thing: Any, depth: int = _DEPTH) -> _Elements | None:
    """Of a list or tuple of things that are compared by being the same, plain numbers, and such lists; else None."""
    if type(thing) not in (list, tuple) or len(thing) > _ELEMENTS:
        return None
    lists = {}
    for k, part in enumerate(thing):
        if _is_fixed(part):
            continue
        if isinstance(part, Value):
            if _is_result(part):
                return None
        elif type(part) in (list, tuple) and depth > 1 and len(part) <= _ELEMENTS:
            inner = _elements(part, depth - 1)
            if inner is None:
                return None
            lists[k] = inner
        elif not isinstance(part, _PLAIN) and type(_kept(part, depth - 1)) is not _Same:
            return None
    return _Elements(thing, lists)


def _is_result(thing: Any) -> bool:
    """Whether an operation made it: a function may keep its results, and none of them can come into a program."""
    return type(thing) is Traced or isinstance(thing, Value) and bool(thing.op)


class Surroundings:
    """The references of functions and models, as they are now."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._references: list[tuple[str, Callable[[], Any], Any, Any]] = []
        self._lists: dict[int, _Elements] = {}
        self._seen: dict[int, Any] = {}
        self._mentioned: set[str] = set()  # by the functions that were looked at
        for root in roots:
            self._look(root, getattr(root, "__name__", type(root).__name__))

    def changed(self) -> str:
        """The name of something that is not as it was, or nothing."""
        seen: dict[_Elements, Any] = {}  # lists, which may have many names, and are looked through once
        for name, read, held, kept in self._references:
            try:
                now = read()
            except (ValueError, AttributeError, KeyError):  # it is gone
                return name
            if now is held:
                continue
            if type(kept) is _Elements:
                if seen.get(kept) is now or kept.are(now):
                    seen[kept] = now
                    continue
                kept = kept.kept()
            if _kept(now) != kept:
                return name
        return ""

    def _refer(self, name: str, read: Callable[[], Any]) -> None:
        try:
            found = read()
        except (ValueError, AttributeError, KeyError):  # an empty cell, a name that is not there yet
            return
        if isinstance(found, ModuleType) or len(self._references) >= _MOST:
            return
        kept = self._lists.get(id(found)) or _elements(found) or _kept(found)
        if type(kept) is _Elements:
            self._lists[id(found)] = kept
        stays = isinstance(found, _PLAIN) or type(kept) is _Same  # as long as it is the same one
        self._references.append((name, read, found if stays else _NOTHING, kept))
        self._look(found, name)

    def _look(self, thing: Any, name: str) -> None:
        if id(thing) in self._seen or isinstance(thing, _LEAVES):
            return
        self._seen[id(thing)] = thing
        if isinstance(thing, functools.partial):
            for part in (thing.func, *thing.args, *thing.keywords.values()):
                self._look(part, name)
        elif isinstance(thing, MethodType):
            self._look(thing.__func__, name)
            self._look(thing.__self__, name.rpartition(".")[0] or "self")
            if isinstance(thing.__func__, FunctionType):
                self._settings(thing.__self__, name, thing.__func__.__code__)
        elif isinstance(thing, FunctionType):
            if not is_library(thing.__code__.co_filename):
                self._function(thing)
        elif isinstance(thing, (list, tuple, dict)):
            for part in list(thing.values() if isinstance(thing, dict) else thing)[:_ELEMENTS]:
                if not _is_fixed(part):
                    self._look(part, name)
        elif hasattr(thing, "modules") and type(thing).__module__.startswith("microgrAD."):
            for part in thing.modules():
                if part is not thing:
                    self._look(part, type(part).__name__)
        elif not type(thing).__module__.startswith("microgrAD.") and (hasattr(thing, "__dict__") or _slots(thing)):
            self._object(thing, name)

    def _function(self, f: FunctionType) -> None:
        self._mentioned |= set(_names(f.__code__))
        for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
            self._refer(name, lambda cell=cell: cell.cell_contents)  # type: ignore[misc]
            self._settings(_content(cell), name, f.__code__)
        arguments = f.__code__.co_varnames[: f.__code__.co_argcount]
        for k, name in enumerate(arguments[len(arguments) - len(f.__defaults__ or ()) :]):
            self._refer(name, lambda k=k: f.__defaults__[k])  # type: ignore[misc,index]
        for name in f.__kwdefaults__ or ():
            self._refer(name, lambda name=name: f.__kwdefaults__[name])  # type: ignore[misc, index]
        for name in set(_names(f.__code__)):
            if name in f.__globals__:
                self._refer(name, lambda name=name: f.__globals__[name])  # type: ignore[misc]
                self._settings(f.__globals__[name], name, f.__code__)

    def _settings(self, module: Any, name: str, code: CodeType) -> None:
        """What is in a module or a class of the user's own, such as config.COEFFICIENT."""
        if isinstance(module, type) and _is_own(module):
            for attribute in set(_names(code)):
                held = next((vars(kind)[attribute] for kind in module.__mro__ if attribute in vars(kind)), None)
                if isinstance(held, (FunctionType, classmethod, staticmethod)):
                    method = getattr(held, "__func__", held)
                    if id(method) not in self._seen and isinstance(method, FunctionType):
                        self._look(method, f"{name}.{attribute}")
                        self._settings(module, name, method.__code__)
                elif held is not None and not hasattr(type(held), "__get__"):
                    self._refer(f"{name}.{attribute}", lambda a=attribute: getattr(module, a))  # type: ignore[misc]
        if isinstance(module, ModuleType) and not is_library(getattr(module, "__file__", None) or "<frozen"):
            for attribute in set(_names(code)) & vars(module).keys():
                self._refer(f"{name}.{attribute}", lambda a=attribute: vars(module)[a])  # type: ignore[misc]

    def _object(self, thing: Any, name: str) -> None:
        """The attributes that the methods of an object's class mention; all where it has no method of its own."""
        methods = [
            method
            for kind in type(thing).__mro__
            for called, method in vars(kind).items()
            if isinstance(method, FunctionType) and called not in _MAKES and not is_library(method.__code__.co_filename)
        ]
        mentioned = {found for method in methods for found in _names(method.__code__)}
        held = getattr(thing, "__dict__", {})
        own = {*held, *_slots(thing)}
        for attribute in sorted(own):
            if attribute in mentioned or attribute in self._mentioned or not methods:
                # from the dict itself: getattr may compute what is not there any more
                read = partial(held.__getitem__, attribute) if attribute in held else partial(getattr, thing, attribute)
                self._refer(f"{name}.{attribute}", read)
        for attribute in mentioned - own:  # of the class: one that this package does not set itself
            owner = next((kind for kind in type(thing).__mro__ if attribute in vars(kind)), object)
            if isinstance(vars(owner).get(attribute), _PLAIN) and not owner.__module__.startswith("microgrAD."):
                self._refer(f"{name}.{attribute}", lambda a=attribute: getattr(thing, a))  # type: ignore[misc]
        for method in methods:
            self._look(method, f"{name}.{method.__name__}")


def _slots(thing: Any) -> list[str]:
    """The names of attributes that an object has without a dict."""
    found = [kind.__dict__.get("__slots__", ()) for kind in type(thing).__mro__ if _is_own(kind)]
    return [name for names in found for name in ([names] if isinstance(names, str) else names) if name[:2] != "__"]


def _is_own(kind: type) -> bool:
    """Whether a class is the user's own: neither of this package nor of a library."""
    module = kind.__module__
    if module == "builtins" or module.split(".")[0] in ("microgrAD", "numpy"):
        return False
    return not is_library(getattr(sys.modules.get(module), "__file__", None) or "")


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return None


def _names(code: CodeType) -> Iterator[str]:
    """The names of globals and attributes in a function, and in the functions within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def draws() -> Any:
    """The state of the generators of random numbers that all share."""
    return random.getstate(), _kept(np.random.get_state(legacy=False))


def _graph(tape: Tape) -> tuple[Any, ...]:
    return tape.code, tape.first, tape.second, tape.many


def difference(tape: Tape, again: Tape) -> str:
    """What differs between two recordings of one function, or nothing."""
    if len(tape) != len(again):
        return f"{tape.operations()} operations, then {again.operations()}"
    if _graph(tape) != _graph(again):
        pairs = zip(tape.op, tape.args, again.op, again.args, strict=True)
        op, other = next((op, other) for op, args, other, more in pairs if (op, args) != (other, more))
        return f"{op or 'a number'} where there is {other or 'a number'} the second time"
    for i, number in tape.constants.items():
        if again.constants.get(i) != number:
            return f"the number {number}, then {again.constants.get(i)}"
    for leaf, second in zip(tape.watched, again.watched, strict=True):
        if leaf is not second and leaf._data != second._data:
            return f"the number {leaf._data} of a Value, then {second._data} of another"
    return "" if tape.roots == again.roots else "another result"
