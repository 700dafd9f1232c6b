"""The text of the generated functions, as their attribute `__source__`."""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType


def show_sources(file: str, things: Iterable[object]) -> None:
    """Give each function among `things` that is defined in `file` its own lines there, from the left margin.

    Without that file, in a program that was packed without its sources, they get none.
    """
    try:
        with open(file, encoding="utf-8") as text:
            lines = text.readlines()
    except OSError:
        return
    for thing in things:
        if isinstance(thing, FunctionType) and thing.__code__.co_filename == file:
            thing.__dict__["__source__"] = _source(lines, thing.__code__.co_firstlineno - 1)


def _source(lines: list[str], start: int) -> str:
    """The definition that starts in a line: that line, and all that is indented more, or empty, after it."""
    margin = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    while end < len(lines) and (lines[end].isspace() or lines[end].startswith(" " * (margin + 1))):
        end += 1
    while lines[end - 1].isspace():
        end -= 1
    return "".join([line[margin:] or "\n" for line in lines[start:end]])
