"""Ways out of a graph: an error that names the line, where a number is read whose derivative is needed.

`math.sin(x)`, `float(x)`, an array of floats and a pickle take a number out of the graph, so its derivative is lost.
Outside of `grad` and similar functions this only reads the number, as in `float(loss)`. Inside them it is a GraphError.

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
from microgrAD.graph import Record, edges, topological
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
_WIDEST = 100  # the largest number of characters of a line that an error shows
_ALIKE = {
    "fabs": "abs",
    "fsum": "sum",
    "sumprod": "dot",
    "prod": "prod",
    "dist": "norm",
    "fmean": "mean",
}


class Watch:
    """The variables of a function that is running: in one thread, or in all threads if that is None.

    While a function is recorded, there is `read`: a number that is read, or decides something, would stay the same in
    the program.
    """

    def __init__(self, variables: Iterable[Record], thread: int | None, *, records: bool = False) -> None:
        self.variables = frozenset(variables)
        self.thread = thread
        self.read: dict[Record, float] | None = {} if records else None  # other Values whose number was read
        self._free: set[Record] = set()  # Values that do not depend on them

    def reaches(self, v: Record) -> bool:
        """Return whether v depends on one of the variables."""
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


watches: list[Watch] = []  # nearly always empty: code that reads a number only tests this


class watched:
    """A block in which it is an error to read a number that depends on `variables`.

    Arguments:
        here: only in this thread; other threads may read the same Values.
        records: whether a function is recorded for a program. Then a decision by the number of a parameter is an error,
            too.
    """

    def __init__(self, variables: Iterable[Record], *, here: bool = False, records: bool = False) -> None:
        self._watch = Watch(variables, threading.get_ident() if here else None, records=records)

    def __enter__(self) -> Watch:
        watches.append(self._watch)
        return self._watch

    def __exit__(self, *exception: object) -> None:
        watches.remove(self._watch)


def stay(v: Record, what: str, *, leaves: bool = True) -> None:
    """Raise GraphError if v is watched, since `what`, such as "takes the float", would lose its derivative.

    Inside a no_grad block nothing is raised. If `leaves` is False, `what` only keeps the number the same in a program.
    """
    if is_paused():
        return
    for watch in tuple(watches):
        if watch.thread in (None, threading.get_ident()) and (leaves or watch.read is not None):
            if watch.reaches(v):
                refuse(what, recorded=watch.read is not None)
            if watch.read is not None:
                watch.read.setdefault(v, v._data)


def is_wanted(results: Iterable[Record]) -> bool:
    """Return whether results depend on Values that a function which is running here is differentiated by."""
    found = [watch for watch in tuple(watches) if watch.thread in (None, threading.get_ident())]
    return bool(found) and any(v in watch.variables for root in results for v in topological(root) for watch in found)


def is_variable(v: Record) -> bool:
    """Return whether v is one of the Values that a running function is differentiated by."""
    return any(v in watch.variables for watch in tuple(watches))


def refuse(what: str, *, recorded: bool = False) -> NoReturn:
    """Raise the error for the line that takes a number out of a graph."""
    where, text, part = line()
    if recorded:
        raise CompileError(
            f"{where} {what} of a parameter, which a program would keep as it is now; compute with the parameter "
            "itself, use microgrAD.where(c, a, b) in the place of `if`, or let it run eagerly"
        )
    instead = _instead(what, text, part)
    raise GraphError(f"{where} {what} of a Value that is being differentiated, and loses its derivative; {instead}")


def _instead(what: str, text: str, part: str) -> str:
    """Return what to write in place of a part of a line."""
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
    """Return the place of the user's code in words, the text of that line, and the part of it that is running.

    The user's code is not in this package and not in a library: if pandas reads numbers, the line is the one that
    called it.
    """
    import linecache  # imported here, so that importing this module is quick

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
    """Return the part of a frame's line that is running, if Python knows it."""
    positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    first, last, start, end = positions
    whole = text.encode()
    return (whole[start:end] if first == last and start is not None else whole).decode(errors="replace").strip()


def _is_ours(file: str) -> bool:
    return file.startswith((_PACKAGE, "<microgrAD"))


def is_library(file: str) -> bool:
    """Return whether a file of code belongs to this package, to Python or to an installed package."""
    return (
        _is_ours(file) or file.startswith((_LIBRARY, "<frozen")) or "site-packages" in file or "dist-packages" in file
    )
