"""Recording a function of one row: it is called once, with rows of `Traced` values that have no number."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from microgrAD.compiler.record.derivatives import derivatives
from microgrAD.compiler.record.lowered import TINY
from microgrAD.compiler.record.tape import CODES, NONE, Tape
from microgrAD.compiler.record.traced import Traced, refuse, where
from microgrAD.engine import is_paused, paused, recorded_by, taken
from microgrAD.errors import CompileError, real
from microgrAD.leaving import watched
from microgrAD.lookup import TAKE
from microgrAD.operators import Value
from microgrAD.ops import OPS


def _traced(tape: Tape, place: int) -> Traced:
    value: Traced = Traced()
    value._n, value._a = place, tape
    return value


class _Recorder:
    """Takes the operations of one thread down on a tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    def __call__(self, name: str, args: tuple[Any, ...]) -> Any:
        _refuse_pause()
        if name != TAKE and OPS[name].chooses and any(map(callable, args[1:])):
            return self._chosen(name, args[0], args[1:])
        places = tuple([self._known(arg, name) for arg in args])
        if name == TAKE:
            self.tape.constant(1.0), self.tape.constant(TINY)  # which `lowered` needs
        return _traced(self.tape, self.tape.add(name, places))

    def _chosen(self, name: str, chooser: Any, sides: tuple[Any, ...]) -> Any:
        """A choice between functions: all of them are recorded, and the tape keeps what belongs to which."""
        if not isinstance(chooser, Value):  # the same for ever
            side = sides[taken(name, chooser, len(sides))]
            return side() if callable(side) else side
        places, recorded = [self.place(chooser, name)], []
        for side in sides:
            start = len(self.tape)
            places.append(self.place(side() if callable(side) else side, name))
            recorded.append(range(start, len(self.tape)))
        made = self.tape.add(name, tuple(places))
        self.tape.sides[made] = recorded
        return _traced(self.tape, made)

    def _known(self, arg: Any, name: str) -> int:
        """The node of an operand, found at once if it is a parameter or was just traced."""
        if type(arg) is Traced and arg._a is self.tape:
            return int(arg._n)
        found = self.tape.parameters.get(arg) if type(arg) is Value else None
        return self.place(arg, name) if found is None else found

    def place(self, arg: Any, name: str) -> int:
        """The node of an operand or a result."""
        if type(arg) is Traced:
            if arg._a is not self.tape:
                raise CompileError(
                    f"{where()} uses a value that was traced before; a compiled function computes all "
                    "that it gives from its rows and its parameters"
                )
            return int(arg._n)
        if not isinstance(arg, Value):
            return self.tape.constant(real(arg, name))
        if arg.op:
            raise CompileError(
                f"{where()} uses a result of {arg.op} that was computed before; compute it within the "
                "function, or pass its .data if it is to stay as it is"
            )
        return self.tape.leaf(arg)


def _refuse_pause() -> None:
    if is_paused():
        raise CompileError(
            f"{where()} computes within no_grad; a compiled function records all that it does: "
            "take no_grad out of it, or pass what needs no gradient as data"
        )


# ---------------------------------------------------------------------------------------------- the quick way
# What a traced value is asked for goes straight onto the tape; the engine's own method does the rest.


def _unary(name: str, method: str) -> Callable[[Traced], Any]:
    code = CODES[name]

    def record(self: Traced) -> Any:
        tape = self._a
        if not tape.recording or len(paused) > 1:
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
        if not tape.recording or len(paused) > 1:
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
            return NotImplemented  # the method of the operand on the left does it
        return getattr(super(Traced, self), method)(other)

    return record


def _derivatives(self: Traced, wanted: Iterable[Any]) -> list[Any]:
    """Return d(self)/d(value) for traced values that are wanted, recorded as operations on the tape."""
    tape = self._a
    if not tape.recording:
        refuse("asks for derivatives")
    places = [value._n if type(value) is Traced else tape.leaf(value) for value in wanted]
    found = derivatives(tape, self._n, 1.0, places, lambda i: _traced(tape, i))
    return [found.get(i, 0.0) for i in places]


def _record_quickly() -> None:
    """Give Traced every method of one operand or two."""
    Traced.derivatives = _derivatives
    for op in OPS.values():
        name = op.method
        if not name or op.constants:
            continue
        for method in filter(None, (name, op.numpy)):
            setattr(Traced, method, _unary(op.name, method) if len(op.args) == 1 else _binary(op.name, method))
        if method := op.reflected:
            setattr(Traced, method, _binary(op.name, method, from_the_right=True))


_record_quickly()


def signature(f: Callable[..., Any]) -> tuple[list[str], int]:
    """The names of the rows that a function takes, and how many of them have no default; [] where it does not say."""
    with suppress(TypeError, ValueError):
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        found = [p for p in inspect.signature(f).parameters.values() if p.kind in kinds]
        return [p.name for p in found], sum(p.default is p.empty for p in found)
    return [], 0


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
        with _quiet_thread(), recorded_by(recorder), watched(tape.parameters, here=True, records=True) as watch:
            result = f(*rows)
    except Exception as error:
        if not isinstance(error, CompileError):
            said = ", ".join(["one number" if shape == () else f"an array of shape {shape}" for shape in shapes])
            error.add_note(f"while {_name(f)} was recorded for one row, given as {said or 'nothing'}")
        raise
    finally:
        tape.recording = False
    several = not isinstance(result, (Value, float, int, np.number))
    results = _flat(result, f) if several else [result]
    tape.roots = [recorder.place(r, "the result") for r in results]
    tape.read = watch.read or {}
    return tape, several


def _flat(result: Any, f: Callable[..., Any]) -> list[Any]:
    row = isinstance(result, (list, tuple)) or isinstance(result, np.ndarray) and result.ndim == 1
    if row and len(result) and all(isinstance(r, (Value, float, int, np.number)) for r in result):
        return list(result)
    raise CompileError(
        f"{_name(f)} gave {type(result).__name__} {str(result)[:60]}; a compiled function gives one "
        "Value, or a list or tuple of them"
    )


def _name(f: Callable[..., Any]) -> str:
    return getattr(f, "__name__", type(f).__name__)


class _quiet_thread:
    """Refuses to trace within a trace."""

    running: set[int] = set()

    def __enter__(self) -> None:
        if threading.get_ident() in self.running:
            raise CompileError(
                "a compiled function calls another program while it is recorded; call the plain function there"
            )
        self.running.add(threading.get_ident())

    def __exit__(self, *exception: object) -> None:
        self.running.discard(threading.get_ident())
