"""Names that users guess: an error that says what to write, or where the name is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_ROOMS = ("nn", "optim", "train", "datasets", "losses", "init", "interpret", "estimators", "explanation", "gallery")


class Told:
    """An attribute that is missing, also for `hasattr`. Its error says what to write."""

    def __init__(self, instead: str) -> None:
        self.instead = instead

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, thing: object, owner: type | None = None) -> Any:
        raise AttributeError(f"{owner.__name__ if owner else 'it'} has no {self.name!r}; {self.instead}")


def elsewhere(package: str, name: str) -> str:
    """Return the message for a name that a package does not have. It says where the name is, if a room has it."""
    said = f"module {package!r} has no attribute {name!r}"
    here = os.path.join(os.path.dirname(__file__), name)
    if name.startswith("_") or os.path.isdir(here) or os.path.isfile(f"{here}.py"):  # an import asks here first
        return said
    for room in _ROOMS:
        if (
            name in getattr(import_module(f"{package}.{room}"), "__all__", ())
            or room in ("losses", "init")
            and (callable(getattr(import_module(f"{package}.{room}"), name, None)))
        ):
            return f"{said}; it is {package}.{room}.{name}: from {package}.{room} import {name}"
    return said


def refuse_keywords(function: str, given: Mapping[str, Any], known: Mapping[str, str]) -> None:
    """Raise TypeError for keywords that a function does not take. For common guesses it says what to write."""
    for name in given:
        instead = f"; {known[name]}" if name in known else ""
        raise TypeError(f"{function}() takes no argument {name!r}{instead}")


def told(**known: str) -> Callable[[Callable[_Given, _Result]], Callable[_Given, _Result]]:
    """A decorator: keywords that are often guessed, and what to write in their place."""

    def decorated(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
        called = function.__qualname__.removesuffix(".__init__").rpartition(".")[2]

        @wraps(function)
        def asked(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
            refuse_keywords(called, {name: None for name in kwargs if name in known}, known)
            return function(*args, **kwargs)

        return asked

    return decorated


seeded = told(seed="write rng=", random_state="write rng=")
