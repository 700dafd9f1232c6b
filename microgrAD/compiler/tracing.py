"""Recording a function of one row: it is called once, with rows of `Traced` values that have no number."""

from __future__ import annotations

import inspect
import linecache
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from microgrAD.compiler.tape import CODES, NONE, Tape
from microgrAD.engine import Node, Value, _paused, is_paused, recorded_by
from microgrAD.errors import CompileError, real
from microgrAD.generate import method_name, reflected
from microgrAD.ops import OPS

_PACKAGE = str(Path(__file__).parent.parent)
_INSTEAD = ("it stands for the number of every row at once; in the place of `if` and of comparisons use "
            "microgrAD.where(c, a, b) (a where c > 0, else b), relu, max, min or step, and for an index one-hot data")


class Traced(Node):
    """A value of the row that stands for all rows: operations record it, and nothing can ask for its number.

    It keeps its place on the tape in `_n`, and the tape in `_a`.
    """

    __slots__ = ()

    _data = float("nan")        # whatever the engine computes from it ends up with the recorder
    grad = 0.0
    _b = _da = _db = None
    label = property(lambda self: "", lambda self, text: None)
    scope = property(lambda self: "", lambda self, path: None)
    op = property(lambda self: "")

    @property
    def data(self) -> float:
        """There is none: CompileError."""
        _refuse("reads the number")

    @data.setter
    def data(self, number: Any) -> None:
        _refuse("sets the number")

    def __repr__(self) -> str:
        return "Traced()"

    def __float__(self) -> float:
        _refuse("takes the float")

    def __int__(self) -> int:
        _refuse("takes the int")

    def __index__(self) -> int:
        _refuse("takes an index out")

    def __bool__(self) -> bool:
        _refuse("takes the truth")

    def __format__(self, spec: str) -> str:
        _refuse("formats the number")

    def _compare(self, other: Any) -> bool:
        _refuse("compares the number")

    __lt__ = __le__ = __gt__ = __ge__ = _compare

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """CompileError: a program sends gradients back by itself."""
        _refuse("sends gradients back out")

    def detach(self) -> Value:
        """CompileError: what is traced has no number to go on with."""
        _refuse("detaches the number")


def _refuse(what: str) -> NoReturn:
    raise CompileError(f"{_where()} {what} of a traced value; {_INSTEAD}")


def _where() -> str:
    """The line of the user's code that is running, with its text."""
    frame = sys._getframe(1)
    while frame.f_back and (frame.f_code.co_filename.startswith((_PACKAGE, "<microgrAD"))):
        frame = frame.f_back
    name, line = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(name, line).strip()
    return f"{name}, line {line}" + (f", `{text}`" if text else "")


def _traced(tape: Tape, place: int) -> Traced:
    value: Traced = Traced()
    value._n, value._a = place, tape
    return value


class _Recorder:
    """Takes the operations of one thread down on a tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def __call__(self, name: str, args: tuple[Any, ...]) -> Traced:
        _refuse_pause()
        return _traced(self.tape, self.tape.add(name, tuple([self.place(arg, name) for arg in args])))

    def place(self, arg: Any, name: str) -> int:
        """The node of an operand or a result."""
        if type(arg) is Traced:
            if arg._a is not self.tape:
                raise CompileError(f"{_where()} uses a value that was traced before; a compiled function computes all "
                                   "that it gives from its rows and its parameters")
            return int(arg._n)
        if not isinstance(arg, Value):
            return self.tape.constant(real(arg, name))
        if arg.op:
            raise CompileError(f"{_where()} uses a result of {arg.op} that was computed before; compute it within the "
                               "function, or pass its .data if it is to stay as it is")
        return self.tape.leaf(arg)


def _refuse_pause() -> None:
    if is_paused():
        raise CompileError(f"{_where()} computes within no_grad; a compiled function records all that it does: "
                           "take no_grad out of it, or pass what needs no gradient as data")


# ---------------------------------------------------------------------------------------------- the quick way
# What a traced value is asked for goes straight onto the tape; the engine's own method does the rest.

def _unary(name: str, method: str) -> Callable[[Traced], Any]:
    code = CODES[name]

    def record(self: Traced) -> Any:
        tape = self._a
        if not tape.recording or len(_paused) > 1:
            return getattr(super(Traced, self), method)()
        i = self._n
        uniform = tape.uniform
        made = Traced()
        made._n, made._a = len(uniform), tape
        uniform.append(uniform[i])
        tape.code.append(code)
        tape.first.append(i)
        tape.second.append(NONE)
        return made
    return record


def _binary(name: str, method: str, *, from_the_right: bool = False) -> Callable[[Traced, Any], Any]:
    code = CODES[name]

    def record(self: Traced, other: Any) -> Any:
        tape, kind = self._a, type(other)
        if not tape.recording or len(_paused) > 1:
            return general(self, other)
        if kind is Traced and other._a is tape:
            j = other._n
        elif kind is Value:
            j = tape.leaf(other)
        elif kind is float and other - other == 0.0:
            j = tape.constant(other)
        else:
            return general(self, other)
        i = self._n
        uniform = tape.uniform
        made = Traced()
        made._n, made._a = len(uniform), tape
        uniform.append(uniform[i] and uniform[j])
        tape.code.append(code)
        tape.first.append(j if from_the_right else i)
        tape.second.append(i if from_the_right else j)
        return made

    def general(self: Traced, other: Any) -> Any:
        if from_the_right and isinstance(other, Value):
            return NotImplemented       # the method of the operand on the left does it
        return getattr(super(Traced, self), method)(other)
    return record


def _record_quickly() -> None:
    """Give Traced every method of one operand or two."""
    for op in OPS.values():
        name = method_name(op)
        if not name or op.constants:
            continue
        for method in filter(None, (name, op.numpy)):
            setattr(Traced, method, _unary(op.name, method) if len(op.args) == 1
                    else _binary(op.name, method))
        if method := reflected(op):
            setattr(Traced, method, _binary(op.name, method, from_the_right=True))


_record_quickly()


def signature(f: Callable[..., Any]) -> list[str]:
    """The names of the rows that a function takes; those of a function that does not say are row1, row2, ..."""
    with suppress(TypeError, ValueError):
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return [p.name for p in inspect.signature(f).parameters.values() if p.kind in kinds]
    return []


def trace(f: Callable[..., Any], parameters: Iterable[Value], shapes: Sequence[tuple[int, ...]]) -> tuple[Tape, bool]:
    """The tape of f on rows of given shapes, and whether f gives several values rather than one.

    A row of shape () is handed over as one value, any other as an object array of that shape.
    """
    tape = Tape(parameters)
    recorder = _Recorder(tape)
    rows = []
    for shape in shapes:
        row = np.empty(shape, dtype=object)
        for k in np.ndindex(shape):
            row[k] = _traced(tape, tape.input())
        rows.append(row[()] if shape == () else row)
    try:
        with _quiet_thread(), recorded_by(recorder):
            result = f(*rows)
    finally:
        tape.recording = False
    several = not isinstance(result, (Value, float, int, np.number))
    results = _flat(result, f) if several else [result]
    tape.roots = [recorder.place(r, "the result") for r in results]
    return tape, several


def _flat(result: Any, f: Callable[..., Any]) -> list[Any]:
    row = isinstance(result, (list, tuple)) or isinstance(result, np.ndarray) and result.ndim == 1
    if row and len(result) and all(isinstance(r, (Value, float, int, np.number)) for r in result):
        return list(result)
    name = getattr(f, "__name__", type(f).__name__)
    raise CompileError(f"{name} gave {type(result).__name__} {str(result)[:60]}; a compiled function gives one Value, "
                       "or a list or tuple of them")


class _quiet_thread:
    """Refuses to trace within a trace."""

    running: set[int] = set()

    def __enter__(self) -> None:
        if threading.get_ident() in self.running:
            raise CompileError("a compiled function calls another program while it is recorded; call the plain "
                               "function there")
        self.running.add(threading.get_ident())

    def __exit__(self, *exception: object) -> None:
        self.running.discard(threading.get_ident())
