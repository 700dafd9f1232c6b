"""The text of the generated functions, as their attribute `__source__`."""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType


def show_sources(file: str, things: Iterable[object]) -> None:
    """Set `__source__` of each function that is defined in a file: its lines there, without their indent.

    If the file cannot be read, as in a program that is packed without sources, nothing is set.

    Arguments:
        file: the path of the file.
        things: objects, of which the functions are used.
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
    """Return the definition that starts in a line: it and all lines below that are indented more, or empty."""
    margin = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    while end < len(lines) and (lines[end].isspace() or lines[end].startswith(" " * (margin + 1))):
        end += 1
    while lines[end - 1].isspace():
        end -= 1
    return "".join([line[margin:] or "\n" for line in lines[start:end]])
