"""Proof: a recorded function is recorded again, and some rows are compared with the engine, before it is believed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from microgrAD.backward import gradients
from microgrAD.calculus import variable
from microgrAD.compiler.record.recording import trace
from microgrAD.compiler.record.surroundings import Surroundings, difference, draws
from microgrAD.compiler.record.tape import Tape
from microgrAD.errors import CompileError, DomainError, GraphError
from microgrAD.leaving import watched
from microgrAD.operators import Value

Array = np.ndarray[Any, np.dtype[np.float64]]
_TRIES = 4  # recordings, of which one without a draw shows that draws are another thread's
TINY = 1e-12  # what may be left of numbers around 1 that cancel, in one order of the sums and not in another
_LARGE = 3000  # operations
_MOVES = 1000  # times: so many roundings may add up
CLOSE = 1e-6  # relative: far above rounding, far below a derivative that is lost


class Recording:
    """A tape, and what the function read besides its arguments when it was recorded.

    CompileError where a second recording is another one, or where the function changes what it reads.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        parameters: Iterable[Value],
        shapes: Sequence[tuple[int, ...]],
        depends: Sequence[Any],
    ) -> None:
        parameters = list(parameters)
        self.tape, self.several = trace(f, parameters, shapes)
        self._around = Surroundings(depends)
        again, drawn = self._again(f, parameters, shapes)
        name = getattr(f, "__name__", type(f).__name__)
        instead = "pass it as data, a row its own, or let it run eagerly"
        if differs := difference(self.tape, again):
            raise CompileError(
                f"{name} was recorded twice, and the second graph is another one: {differs}; a program would repeat "
                f"the first for ever: what changes from call to call can't be recorded, {instead}"
            )
        if drawn:
            raise CompileError(f"{name} draws random numbers, and a program would repeat the first ones; {instead}")
        if changes := self._around.changed():
            raise CompileError(f"{name} changes {changes} when it runs, and a program would not; {instead}")

    @staticmethod
    def _again(f: Callable[..., Any], parameters: list[Value], shapes: Sequence[tuple[int, ...]]) -> tuple[Tape, bool]:
        """The tape of another recording, and whether random numbers are drawn in it, by no other thread than this."""
        for _ in range(_TRIES):
            before = draws()
            again, _ = trace(f, parameters, shapes)
            if draws() == before:
                return again, False
        return again, True

    def changed(self) -> str:
        """The name of something that the function reads and that is not as it was when recorded, or nothing."""
        for leaf, number in self.tape.read.items():
            if leaf._data != number:
                return f"the number of {leaf!r}"
        return self._around.changed()


def on_engine(
    f: Callable[..., Any], args: Sequence[Any], parameters: Sequence[Value], *, several: bool
) -> tuple[Array, Array] | DomainError:
    """What f gives for one row on the engine, and the gradient if that is one number; or the engine's error."""
    try:
        with watched(parameters, here=True):  # a derivative in f is one of the parameters, too
            try:
                result = f(*map(copy.copy, args))  # f may change them
            except GraphError:
                raise
            except (AttributeError, TypeError):  # it asks its row for what only Values have
                result = f(*[_as_values(arg) for arg in args])
        values = np.array([float(r) for r in (result if several else [result])])
        if several or not isinstance(result, Value):
            return values, np.zeros(0 if several else len(parameters))
        found = gradients(result, 1.0, parameters)
        return values, np.array([found.get(p, 0.0) for p in parameters], dtype=float)
    except DomainError as error:
        return error


def apart(ours: Array, engine: Array, around: float = 1.0) -> bool:
    """Whether numbers differ by more than rounding explains. `around`: the size of what may have cancelled."""
    scale = max(1e-300, float(np.abs(engine).max(initial=0.0)), float(np.abs(ours).max(initial=0.0)))
    return bool(np.abs(ours - engine).max(initial=0.0) > CLOSE * scale + TINY * around)


def unlike(values: Array, gradient: Array, engine: tuple[Array, Array]) -> str:
    """What differs between a program and the engine on one row, or nothing."""
    if apart(values, engine[0]):
        return f"the value is {engine[0].tolist()}, and the program gives {values.tolist()}"
    if len(engine[1]) and apart(gradient, engine[1], max(1.0, float(np.abs(engine[0]).max()))):
        k = int(np.abs(gradient - engine[1]).argmax())
        return f"the derivative by parameter {k} is {engine[1][k]}, and the program gives {gradient[k]}"
    return ""


def rounded(values: Array, gradient: Array, engine: tuple[Array, Array], nudged: tuple[Array, Array]) -> bool:
    """Whether rounding explains a difference: the engine's own result moves as far when a row changes in its last
    place. `nudged`: the engine's result then."""
    moves = zip((values, gradient), engine, nudged, strict=True)
    return all(
        len(own) != len(ours) or np.abs(ours - own).max(initial=0.0) <= _MOVES * np.abs(other - own).max(initial=0.0)
        for ours, own, other in moves
    )


def due(calls: int, operations: int = 0) -> bool:
    """Whether to compare at this call: the first, the second, the fourth, ..., so that it takes no time.

    On a large graph the engine takes a hundred times as long as a program: at the first, the second, 16, 128, ...
    """
    if calls & (calls - 1):
        return False
    return operations < _LARGE or calls <= 2 or calls.bit_length() % 3 == 2


def due_in_training(calls: int) -> bool:
    """Whether to compare at this step, some rows being proven before the first: at 16, 64, 256, ..."""
    return calls >= 16 and due(calls) and calls.bit_length() % 2 == 1


def _as_values(arg: Any) -> Any:
    if np.ndim(arg) == 0:
        return variable(float(arg))
    made = np.empty(np.shape(arg), dtype=object)
    made.ravel()[:] = [variable(v) for v in np.ravel(arg).tolist()]
    return made
