"""The engine: applies operations to operands, which are Values or plain numbers.

The methods in operators.py make ordinary nodes themselves. They call this module in the other cases: in a thread that
does not record, or that records on a tape; for a result that is not finite; for an operation without a method.

    name            the operation's name in the table
    args            its operands
    owner           one of the operands that is a Value, which makes the result
    out, partials   the operation's value, and its derivative by each operand
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

from microgrAD import floats
from microgrAD.errors import DomainError, GraphError, is_array, places, real
from microgrAD.graph import LEAF, UNRECORDED, Tag, Unrecorded, fill, grouped
from microgrAD.ops import OPS
from microgrAD.pausing import is_paused as is_paused
from microgrAD.pausing import no_grad as no_grad
from microgrAD.pausing import paused as paused
from microgrAD.pausing import recording as recording
from microgrAD.scalar import Scalar, number

_recorders: dict[int, Callable[[str, tuple[Any, ...]], Any]] = {}  # thread -> the function that gets its operations
TAGS = {name: Tag(name) for name in OPS}

Owner = TypeVar("Owner", bound=Scalar)


@contextmanager
def recorded_by(recorder: Callable[[str, tuple[Any, ...]], Any]) -> Iterator[None]:
    """Let each operation of this thread return recorder(name, operands), inside a `with` block."""
    thread = threading.get_ident()
    before = _recorders.get(thread)
    _recorders[thread] = recorder
    paused[~thread] = 1  # not a thread's number; it only makes `paused` true, so that operations call `settle`
    try:
        yield
    finally:
        if before is None:
            del _recorders[thread], paused[~thread]
        else:
            _recorders[thread] = before


def __getattr__(name: str) -> Any:
    """Return `Value`, so that `from microgrAD.engine import Value` works as in micrograd."""
    if name == "Value":
        return import_module("microgrAD.operators").Value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# ---------------------------------------------------------------------------------------------- operations


def apply(name: str, args: Sequence[Any]) -> Any:
    """Return the result of any operation on any operands: a Value if one of them is a Value, otherwise a float."""
    args = tuple([arg if isinstance(arg, Scalar) else plain(arg, name) for arg in args])
    if recorder := recorder_here():
        return recorder(name, args)
    groups = grouped(name, [number(arg) for arg in args])
    try:
        out = floats.value(name)(*groups)
        partials = floats.partials(name)(*groups, out)
    except floats.FAULTS:
        return _mended(name, args)
    return _settled(name, args, out, partials)


def chosen(name: str, args: Sequence[Any]) -> Any:
    """Return the result of a choice, whose first operand chooses one of the others; only that function is called."""
    if recorder := recorder_here():
        return recorder(name, tuple(args))
    chooser, *sides = args
    side = sides[taken(name, chooser, len(sides))]
    made = side() if callable(side) else side
    if isinstance(made, Scalar):
        return made
    made = plain(made, name)
    return fill(chooser._bare(""), LEAF, made) if isinstance(chooser, Scalar) else made


def taken(name: str, chooser: Any, sides: int) -> int:
    """Return the number of the side that a choice takes, from 0."""
    chooser = chooser if isinstance(chooser, Scalar) else plain(chooser, name)
    return int(floats.value(name)(number(chooser), *range(sides)))


def settle(owner: Owner, name: str, args: tuple[Any, ...], out: float, partials: tuple[float | None, ...]) -> Owner:
    """Return the result of an operation: a node, or a leaf inside no_grad. Raise DomainError if it is not finite."""
    if recorder := recorder_here():
        taken: Owner = recorder(name, args)
        return taken
    _check(name, args, out)
    if is_paused():
        return fill(owner._bare(""), UNRECORDED, out)
    known = [p if isinstance(arg, Scalar) else None for p, arg in zip(partials, args, strict=True)]
    return fill(owner._bare(name), TAGS[name], out, args, tuple(known))


def mend(owner: Owner, name: str, args: tuple[Any, ...]) -> Owner:
    """Return the result after an arithmetic error; DomainError if it has no value. A missing derivative is infinite."""
    mended: Owner = _mended(name, args)
    return mended


def _settled(name: str, args: tuple[Any, ...], out: float, partials: tuple[float | None, ...]) -> Any:
    owner = next((arg for arg in args if isinstance(arg, Scalar)), None)
    if owner is not None:
        return settle(owner, name, args, out, partials)
    if recorder := recorder_here():
        return recorder(name, args)
    _check(name, args, out)
    return out


def _mended(name: str, args: tuple[Any, ...]) -> Any:
    if recorder := recorder_here():
        return recorder(name, args)
    groups = grouped(name, [number(arg) for arg in args])
    try:
        out = floats.value(name)(*groups)
    except OverflowError:
        out = float("inf")
    except floats.FAULTS:
        from microgrAD.formula import text  # imported here, so that importing this module is quick

        op = OPS[name]
        raise DomainError(f"{name} needs {text(op.domain)}, got {places(name, args)}; {op.remedy}") from None
    slopes = tuple([_slope(name, k, [*groups, out]) for k in range(len(args))]) if out - out == 0 else ()
    return _settled(name, args, out, slopes)


def recorder_here() -> Callable[[str, tuple[Any, ...]], Any] | None:
    """Return what gets the operations of this thread, or None if they are nodes of a graph."""
    return _recorders.get(threading.get_ident()) if _recorders else None


def _check(name: str, args: tuple[Any, ...], out: float) -> None:
    if out - out != 0:
        raise DomainError(f"{name} of {places(name, args)} is more than a float holds; scale the input down")


def _slope(name: str, k: int, numbers: list[Any]) -> float | None:
    try:
        return floats.partial(name, k)(*numbers)
    except floats.FAULTS:
        return float("inf")


# ---------------------------------------------------------------------------------------------- operands


def operand(thing: Any, name: str) -> Any:
    """Return a plain number as a float; NotImplemented for a Value, or an array, whose elements NumPy takes."""
    if type(thing) is float and thing - thing == 0:
        return thing
    return NotImplemented if is_array(thing) or isinstance(thing, Scalar) else real(thing, name)


def plain(thing: Any, name: str) -> float:
    """Return a plain number as a float. Raise TypeError for an array."""
    if is_array(thing):
        raise TypeError(
            f"{name} takes numbers and Values, got an array of shape {thing.shape}; for an array of Values "
            f"use NumPy's own functions and operators, np.vectorize(microgrAD.{name}, otypes=[object]), or a list "
            "comprehension"
        )
    return real(thing, name)


def begins(leaf: Scalar, other: Any, name: str) -> None:
    """Raise GraphError for an assignment such as `p -= lr * p.grad` on a leaf, which would not change the leaf.

    A sum or product may begin at a leaf, as in total = Value(0.0); total += x. Such a leaf is 0 for + and -, or 1 for
    ×, and has no label and no gradient.
    """
    op = OPS[name]
    fresh = isinstance(other, Scalar) and not leaf.label and not leaf.scope and not leaf.grad
    if fresh and _neutral(name, leaf._data) or isinstance(leaf._tag, Unrecorded):
        return
    sign, at = op.sign, f" at {leaf.label!r}" if leaf.label else ""
    raise GraphError(
        f"`p {sign}= x` on a leaf{at} makes a new Value and does not change the leaf; to change a parameter write "
        f"p.data {sign}= x, as in p.data -= lr * p.grad; for a new node write q = p {sign} x"
    )


def _neutral(name: str, start: float) -> bool:
    """Return whether an operation with `start` on one side returns the other operand, or minus that."""
    return start in (0.0, 1.0) and abs(floats.value(name)(start, 3.0)) == 3.0


def same_length(name: str, x: Sequence[Any], y: Sequence[Any]) -> None:
    """Raise ValueError unless x and y have the same length."""
    if len(x) != len(y):
        raise ValueError(f"{name} takes two sequences of one length, got {len(x)} and {len(y)}")
