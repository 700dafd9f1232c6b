"""Binding: the text of a program made into functions on tables.

A short program is compiled as it stands. The lines of a long one, as irregular graphs have it, are of a few kinds,
such as `multiply(d1, k2, out=d3)`: each kind is compiled once, as a function of the names in it, and a section is a
list of calls of such functions. What they compute is what the text says, and Python's own compiler, which takes some
ten microseconds for a line, has little to read.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np

from microgrAD.compiler.program.functions import SPACE, define
from microgrAD.compiler.write.arrays.source import SECTIONS, Source

LONG = 400  # lines
_KEPT = 4096  # kinds of lines that are remembered
_ONLY_BY_NAME = (np.maximum, np.minimum)  # which NumPy 2.4 warns of if the place of a result is no keyword
_TABLES = ("X", "D", "U", "B", "space")
# a table, a name such as d12, or in the text of a view a whole number
_NAMES = re.compile(r"\b([a-z]\d+|[XDUB]|space)\b")
_PLACES = re.compile(r"\b([a-z]\d+|[XDUB]|space|\d+)\b")

Make = Callable[..., Any]  # of the tables, in their order: the functions of the sections
Call = tuple[Callable[..., Any], list[str]]


def text(source: Source) -> str:
    """The whole program: its helpers, and one function, which makes the views and gives the sections."""
    sections = [
        f"def {name}():\n" + textwrap.indent("\n".join(lines or ["pass"]), "    ")
        for name, lines in source.sections.items()
    ]
    views = [f"{name} = {view}" for name, view in source.views.items()]
    body = "\n".join(["\n".join(views), "", *sections, "", f"return {', '.join(SECTIONS)}"])
    return "\n".join([*_helpers(source), f"def bind({', '.join(_TABLES)}):\n" + textwrap.indent(body, "    ") + "\n"])


def _helpers(source: Source) -> list[str]:
    return [
        f"def {name}({arguments}):\n" + textwrap.indent(body, "    ") + "\n"
        for name, (arguments, body) in source.helpers.items()
    ]


def make(source: Source) -> Make:
    """A function of the tables that gives the functions of the sections."""
    if len(source.views) + sum(map(len, source.sections.values())) < LONG:
        return _compiled(text(source), source.indices)["bind"]  # type: ignore[no-any-return]
    defined = _compiled("\n".join(_helpers(source)), {})
    helpers = {name: defined[name] for name in source.helpers}
    views = [(name, *_call(_PLACES, f"return {view}", {})) for name, view in source.views.items()]
    sections = [[_call(_NAMES, line, helpers) for line in lines] for lines in source.sections.values()]
    return partial(_bind, views, sections, source.indices)


def _compiled(code: str, indices: dict[str, Any]) -> dict[str, Any]:
    return define(code, "program", {**SPACE, **indices})


# ---------------------------------------------------------------------------------------------- kinds of lines


def _call(pattern: re.Pattern[str], line: str, helpers: dict[str, Callable[..., Any]]) -> Call:
    """A line as the function of its kind and the names that it is called with."""
    parts = pattern.split(line)
    helper = helpers.get(parts[0][:-1])  # mend1(d2, t3)
    return helper or _kind(tuple(parts[::2])), parts[1::2]


@lru_cache(maxsize=_KEPT)
def _kind(between: tuple[str, ...]) -> Callable[..., Any]:
    """The function that does what a line says; `between` is the line without its names."""
    function = SPACE.get(between[0][:-1])
    if (
        isinstance(function, np.ufunc)
        and function not in _ONLY_BY_NAME
        and between[1:] == (*[", "] * (function.nin - 1), ", out=", ")")
    ):
        return function  # takes the place of its result after its operands
    names = [f"a{k}" for k in range(1, len(between))]
    line = "".join([part for pair in itertools.zip_longest(between, names, fillvalue="") for part in pair])
    code = f"def line({', '.join(names)}):\n    {line}\n"
    return _compiled(code, {})["line"]  # type: ignore[no-any-return]


def _bind(
    views: list[tuple[str, Callable[..., Any], list[str]]],
    sections: list[list[Call]],
    indices: dict[str, Any],
    *tables: Any,
) -> tuple[Callable[[], None], ...]:
    """The sections on tables: what a long program is bound by."""
    space = {**indices, **dict(zip(_TABLES, tables, strict=True))}
    find = space.get
    for name, function, names in views:
        space[name] = function(
            *[int(place) if found is None else found for place, found in zip(names, map(find, names), strict=True)]
        )
    return tuple(
        [
            partial(_run, [partial(function, *[space[name] for name in names]) for function, names in calls])
            for calls in sections
        ]
    )


def _run(calls: list[Callable[[], Any]]) -> None:
    for call in calls:
        call()
