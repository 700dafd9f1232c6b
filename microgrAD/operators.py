"""The operations as Python: methods of `Value` and functions of the package, compiled from the table.

The source is plain and can be read: `print(Value.tanh.__source__)`, `inspect.getsource(microgrAD.tanh)`, and
tracebacks show it. `generate.py` writes it, `engine.py` binds it to its nodes; the types are in `operators.pyi`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from microgrAD import generate
from microgrAD.ops import OPS, Op

FAULTS = (ValueError, OverflowError, ZeroDivisionError)  # what float arithmetic raises
_MATH = {f"_{op.name}": getattr(math, op.name) for op in OPS.values() if op.primitive and hasattr(math, op.name)}
_SPACE: dict[str, Any] = {
    **_MATH,
    "_abs": abs,
    "_min": min,
    "_max": max,
    "_pow": math.pow,
    "_floor": math.floor,
    "_fsum": math.fsum,
    "FAULTS": FAULTS,
}


class Methods:
    """The operations as methods, filled in by `bind`."""

    __slots__ = ()


class _Later:
    """A method that is compiled when it is first asked for, to keep the import quick."""

    def __init__(self, op: Op, name: str) -> None:
        self.op, self.name = op, name

    def __get__(self, instance: object, owner: type) -> Any:
        _add_methods(self.op)
        return getattr(owner if instance is None else instance, self.name)


def bind(**engine: Any) -> None:
    """Give `Methods` every operation, with the engine's names (Value, Node, settle, ...) in sight."""
    _SPACE.update(engine)
    for op in OPS.values():
        if op.python:  # Python looks special methods up past any descriptor
            _add_methods(op)
        elif name := generate.method_name(op):
            for alias in filter(None, (name, op.numpy)):
                setattr(Methods, alias, _Later(op, alias))


def _add_methods(op: Op) -> None:
    for name, method in _compile(generate.methods(op), f"Value.{op.name}").items():
        method.__qualname__ = f"Value.{name}"
        for alias in filter(None, (name, op.numpy)):
            setattr(Methods, alias, method)


def __getattr__(name: str) -> Any:
    """The package's functions, compiled when they are first asked for."""
    if name not in OPS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = _function(name)
    return globals()[name]


def value(name: str) -> Callable[..., float]:
    """The value of an operation, over floats: value("tanh")(0.5)."""
    _floats(name)
    return _SPACE[f"_{name}"]  # type: ignore[no-any-return]


def partials(name: str) -> Callable[..., tuple[float | None, ...]]:
    """The partial derivatives of an operation, over floats: partials("mul")(x, y, x * y)."""
    _floats(name)
    return _SPACE[f"_d_{name}"]  # type: ignore[no-any-return]


@cache
def partial(name: str, k: int) -> Callable[..., float | None]:
    """One partial derivative of an operation of fixed arity, over floats: by its argument number k."""
    return _compile(generate.partial(OPS[name], k), f"_d{k}_{name}")[f"_d{k}_{name}"]  # type: ignore[no-any-return]


@cache
def symbolic(name: str) -> Callable[..., tuple[Any, ...]]:
    """The partial derivatives of an operation, over `Value`s."""
    source = generate.symbolic(OPS[name])
    for called in OPS:
        if f"{called}(" in source:
            _function(called)
    return _compile(source, f"d_{name}")[f"d_{name}"]  # type: ignore[no-any-return]


@cache
def _floats(name: str) -> None:
    _SPACE.update(_compile(generate.floats(OPS[name]), f"_{name}"))


@cache
def _function(name: str) -> Any:
    _SPACE.update(_compile(generate.function(OPS[name]), name))
    return _SPACE[name]


def _compile(source: str, title: str) -> dict[str, Any]:
    """Run generated source in the shared space; the functions it defines, each with its `__source__`."""
    for called in OPS:
        if f"_{called}(" in source and f"_{called}" not in _SPACE and title != f"_{called}":
            _floats(called)
    made = generate.run(source, title, _SPACE)
    for function in made.values():
        function.__source__ = source
        function.__module__ = __name__
    return made
