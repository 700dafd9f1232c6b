"""Public names that load on first use. A stub lists each of them once, and type checkers read it too."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any


def attach(
    package: str, stub: str, unknown: Callable[[str, str], str] | None = None
) -> tuple[Callable[[str], Any], dict[str, str]]:
    """Return `__getattr__` of a package, and for each name that it loads the module that has it, "." for a module.

    Arguments:
        package: the name of the package, its `__name__`.
        stub: the path of a stub with lines such as `from .module import name as name`.
    Returns: the function; and for each name the module that defines it, "." if the name is a module itself.
    """
    where: dict[str, str] = {}
    with open(stub, encoding="utf-8") as lines:
        for words in map(str.split, lines):
            if words[:1] == ["from"]:
                where[words[3]] = words[1]  # from .module import name as name

    def load(name: str) -> Any:
        if name not in where:
            said = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(unknown(package, name) if unknown else said)
        if where[name] == ".":
            return import_module(f".{name}", package)
        return getattr(import_module(where[name], package), name)

    return load, where


def beside(file: str, name: str) -> str:
    """Return the path of a file with this name in the folder of another file."""
    return os.path.join(os.path.dirname(file), name)
