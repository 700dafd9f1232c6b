"""Ways out of a graph: a number that is read where somebody needs its derivative is an error that names the line.

`math.sin(x)`, `float(x)`, an array of floats or a pickle take a number out of the graph, and the derivative is lost
without a word. Outside of `grad` and its like that is a plain read, as for `float(loss)`. Inside, it is a GraphError.

a watch: a function that is running, and the Values that it is differentiated by
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterable
from itertools import islice
from types import FrameType
from typing import NoReturn

from microgrAD.errors import CompileError, GraphError
from microgrAD.graph import Record, edges
from microgrAD.ops import OPS
from microgrAD.pausing import is_paused

_PACKAGE = os.path.dirname(__file__) + os.sep
_LIBRARY = os.path.dirname(os.__file__) + os.sep
_NAMES = {name: op.name for op in OPS.values() for name in (op.name, op.numpy) if name}
_ARRAY = re.compile(r"array\(|astype\(|dtype|Series\(|DataFrame\(|full\(|fromiter\(|stack\(|tensor\(")
_STORED = re.compile(r"\]\s*[-+*/]?=[^=]")
_INSTEAD = {
    "formats the number": "print it as x.data",
    "takes the truth": "write `if x.data:`, or microgrAD.where(c, a, b) for a choice within the graph",
    "pickles or copies the number": "pass the number itself, and differentiate where it is computed with",
    "copies the number": "use the Value itself, or x + 0 for a new node",
}
_WIDEST = 100  # letters of a line that an error shows
_ALIKE = {
    "fabs": "abs",
    "fsum": "sum",
    "sumprod": "dot",
    "prod": "prod",
    "dist": "norm",
    "fmean": "mean",
}


class Watch:
    """The variables of a function that is running, in one thread or, if that is None, in all.

    While a function is recorded, `read` is there: a number that is taken, or decides, would be frozen in the program.
    """

    def __init__(self, variables: Iterable[Record], thread: int | None, *, records: bool = False) -> None:
        self.variables = frozenset(variables)
        self.thread = thread
        self.read: dict[Record, float] | None = {} if records else None  # what else was asked for its number
        self._free: set[Record] = set()  # Values known not to depend on them

    def reaches(self, v: Record) -> bool:
        """Whether v depends on one of the variables."""
        seen, stack = {v}, [v]
        while stack:
            node = stack.pop()
            if node in self.variables:
                return True
            found = [a for a, _ in edges(node) if a not in seen and a not in self._free]
            seen.update(found)
            stack.extend(found)
        self._free |= seen
        return False


watches: list[Watch] = []  # empty but for a while: what reads a number asks for no more than that


class watched:
    """Within it, reading the number of what depends on `variables` is an error.

    Arguments:
        here: in this thread only, where others may read the same Values.
        records: a function is recorded for a program, so that a decision by a parameter's number is an error too.
    """

    def __init__(self, variables: Iterable[Record], *, here: bool = False, records: bool = False) -> None:
        self._watch = Watch(variables, threading.get_ident() if here else None, records=records)

    def __enter__(self) -> Watch:
        watches.append(self._watch)
        return self._watch

    def __exit__(self, *exception: object) -> None:
        watches.remove(self._watch)


def stay(v: Record, what: str, *, leaves: bool = True) -> None:
    """GraphError if v is watched: `what`, such as "takes the float", would lose its derivative.

    Within a no_grad block nobody asks for one. With `leaves` False, `what` only freezes the number in a program.
    """
    if is_paused():
        return
    for watch in tuple(watches):
        if watch.thread in (None, threading.get_ident()) and (leaves or watch.read is not None):
            if watch.reaches(v):
                refuse(what, recorded=watch.read is not None)
            if watch.read is not None:
                watch.read.setdefault(v, v._data)


def is_variable(v: Record) -> bool:
    """Whether v itself is what somebody differentiates by now."""
    return any(v in watch.variables for watch in tuple(watches))


def refuse(what: str, *, recorded: bool = False) -> NoReturn:
    """The error of a line that takes a number out of a graph."""
    where, text, part = line()
    if recorded:
        raise CompileError(
            f"{where} {what} of a parameter, which a program would keep as it is now; compute with the parameter "
            "itself, use microgrAD.where(c, a, b) in the place of `if`, or let it run eagerly"
        )
    instead = _instead(what, text, part)
    raise GraphError(f"{where} {what} of a Value that is being differentiated, and loses its derivative; {instead}")


def _instead(what: str, text: str, part: str) -> str:
    """What to write in the place of a part of a line."""
    held = "for a number that is held constant take x.data, or x.detach()"
    called = [name for name in re.findall(r"(?<![\w.])(?:c?math\.)?(\w+)\(", part) if name in _NAMES | _ALIKE]
    if called:
        return f"write microgrAD.{_NAMES.get(called[0]) or _ALIKE[called[0]]}(...) for {called[0]}(...); {held}"
    if what in _INSTEAD:
        return f"{_INSTEAD[what]}; {held}"
    if _ARRAY.search(part) or _STORED.search(text):
        return (
            f"keep Values in a list, or in an array made with dtype=object, such as np.zeros(3, dtype=object); {held}"
        )
    return f"use the functions of microgrAD, such as microgrAD.sin, and keep Values in lists or object arrays; {held}"


def line() -> tuple[str, str, str]:
    """Where the user's code is now, as an error says it, the text of that line, and the part of it that runs.

    The user's code is neither this package nor a library: a call of pandas reads its numbers in a line of its own.
    """
    import linecache  # here, to keep the import quick

    frame = sys._getframe(1)
    while frame.f_back and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    user = frame
    while user.f_back and is_library(user.f_code.co_filename):
        user = user.f_back
    frame = frame if is_library(user.f_code.co_filename) else user
    name, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(name, number)
    part, text = _running(frame, text), text.strip()
    shown = text if len(text) <= _WIDEST else part[:_WIDEST]
    return f"{name}, line {number}" + (f", `{shown}`," if shown else ""), text, part


def _running(frame: FrameType, text: str) -> str:
    """The part of a frame's line that is being computed, where Python knows."""
    positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    first, last, start, end = positions
    whole = text.encode()
    return (whole[start:end] if first == last and start is not None else whole).decode(errors="replace").strip()


def _is_ours(file: str) -> bool:
    return file.startswith((_PACKAGE, "<microgrAD"))


def is_library(file: str) -> bool:
    """Whether a file of code is this package's, Python's or an installed one's, and not the user's own."""
    return (
        _is_ours(file) or file.startswith((_LIBRARY, "<frozen")) or "site-packages" in file or "dist-packages" in file
    )
