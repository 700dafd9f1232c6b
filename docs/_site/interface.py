"""The reference of the two packages in Python: which public names stand on which page.

Autodoc reads their docstrings.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from docstrings import literal
from writing import contents, heading, write

# page -> its title, and the modules whose public names it holds
ROOMS = {
    "nn": ("Networks", ["microgrAD.nn"]),
    "losses": ("Losses", ["microgrAD.losses"]),
    "optim": ("Optimisers", ["microgrAD.optim"]),
    "init": ("Initial weights", ["microgrAD.init"]),
    "datasets": ("Data", ["microgrAD.datasets"]),
    "train": ("Training", ["microgrAD.train", "microgrAD.outputs"]),
    "estimators": ("Estimators for scikit-learn", ["microgrAD.estimators"]),
    "compiler": ("The compiler", ["microgrAD.compiler"]),
    "steps": ("The trace of a pass", ["microgrAD.steps"]),
    "explanation": ("Explanations", ["microgrAD.explanation"]),
    "interpret": ("What a network learned, in numbers", ["microgrAD.interpret"]),
    "gallery": ("Published examples", ["microgrAD.gallery"]),
}


def pages(docs: Path) -> None:
    """Write a page for the top of each package, and one for each room."""
    folder = docs / "reference" / "api"
    write(folder / "microgrAD.rst", _top("microgrAD"))
    write(folder / "viz.rst", _top("viz"))
    for page, (title, modules) in ROOMS.items():
        write(folder / f"{page}.rst", _room(title, modules))
    listing = contents(["microgrAD", *ROOMS, "viz"], "maxdepth")
    about = "All public names, with their docstrings. A name that starts with an underscore may change at any time."
    write(folder / "index.rst", [*heading("In Python"), about, "", *listing])


def public(module: ModuleType) -> list[str]:
    """Return the names that a module says are public; without such a list, the ones that it defines."""
    listed = getattr(module, "__all__", None)
    names = listed if listed is not None else [name for name in vars(module) if not name.startswith("_")]
    return [
        name for name in names if listed is not None or getattr(vars(module)[name], "__module__", "") == module.__name__
    ]


def _top(package: str) -> Iterator[str]:
    from microgrAD import OPS

    module = importlib.import_module(package)
    yield from heading(package)
    yield from (literal(inspect.getdoc(module).partition("\n")[0]), "")  # type: ignore[union-attr]
    if package == "microgrAD":
        yield from (
            "The operations, such as ``microgrAD.tanh``, have pages of their own: :doc:`../operations/index`.",
            "",
        )
    operations = {getattr(module, name) for name in OPS if hasattr(module, name)}
    found = {name: getattr(module, name) for name in module.__all__}
    names = [name for name, what in found.items() if not inspect.ismodule(what) and not _is_in(what, operations)]
    for title, members in _groups(module, sorted(names, key=lambda name: (name != "Value", name.lower()))).items():
        yield from heading(title, "-") if title else ()
        for name in members:
            yield from _entry(package, name, getattr(module, name))


def _groups(module: ModuleType, names: list[str]) -> dict[str, list[str]]:
    """Return the names by the groups in a package's docstring, such as "    curves:   fitted_curve"; others first."""
    lines = re.findall(r"^ {4}([a-z][a-z' ]+): +(.+)$", module.__doc__ or "", re.MULTILINE)
    found = {title.capitalize(): [n for n in names if n in _listed(line)] for title, line in lines}
    grouped = {name for members in found.values() for name in members}
    return {"": [name for name in names if name not in grouped]} | {title: m for title, m in found.items() if m}


def _listed(line: str) -> set[str]:
    """Return the words that stand first, after a comma, or after "and"."""
    return {part.partition(" ")[0] for part in re.split(r", | and ", line)}


def _room(title: str, modules: list[str]) -> Iterator[str]:
    yield from heading(title)
    for name in modules:
        module = importlib.import_module(name)
        if len(modules) > 1:
            yield from heading(name, "-")
        yield from (literal((inspect.getdoc(module) or "").partition("\n")[0]), "", f"Import from ``{name}``.", "")
        for member in public(module):
            if member in importlib.import_module("microgrAD").__all__ and inspect.isclass(getattr(module, member)):
                continue  # it stands on the page of the package
            yield from _entry(name, member, getattr(module, member))


def _entry(module: str, name: str, what: Any) -> Iterator[str]:
    if inspect.isclass(what):
        yield from (f".. autoclass:: {module}.{name}", *(["   :members:"] if _has_methods(what) else []), "")
    elif callable(what):
        yield from (f".. autofunction:: {module}.{name}", "")
    else:
        yield from (f".. py:data:: {module}.{name}", "", f"   {_data(what)}", "")


def _is_in(what: Any, functions: set[Any]) -> bool:
    return callable(what) and what in functions


def _has_methods(what: type) -> bool:
    return not issubclass(what, Exception)


def _data(what: Any) -> str:
    if hasattr(what, "keys"):
        return f"A table of {len(what)}: {literal(', '.join(map(str, what)))}."
    return literal(f"{type(what).__name__}: {what!r}"[:300])
