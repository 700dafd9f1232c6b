"""The engine: a `Value` remembers how it was computed; the operations make one out of others.

    data    the number
    grad    d(root)/d(self), after root.backward()
    a, b    the (at most two) operands: Values, or plain numbers, which are no nodes of the graph
    da, db  d(self)/da and d(self)/db, fixed in the forward pass; None for a plain number
    n       scratch of backward: consumers that have not reported yet, 0 outside of it

A node of more than two operands keeps tuples in a and da, and MANY in b.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ContextDecorator, contextmanager
from typing import Any, NamedTuple

from microgrAD import operators
from microgrAD.backward import MANY, grouped, send_back, send_back_graph
from microgrAD.errors import DomainError, is_array, places, real
from microgrAD.formula import text
from microgrAD.ops import OPS


class Tag(NamedTuple):
    """What a node says of itself apart from its numbers."""

    op: str = ""
    label: str = ""
    scope: str = ""


class Value(operators.Methods):
    """A real number that remembers how it was computed.

    `data` is one finite real number; TypeError for anything else, DomainError for inf and nan.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    __slots__ = ("_data", "_grad", "_tag", "_a", "_b", "_da", "_db", "_n")

    _data: float
    _grad: Any  # a float; a Value after backward(create_graph=True)
    _tag: Tag
    _a: Any
    _b: Any
    _da: Any
    _db: Any
    _n: int

    def __init__(self, data: Any, *, label: str = "") -> None:
        self._data = real(data, "Value")
        self._grad = 0.0
        self._tag = LEAF
        self._n = 0
        self._a = self._b = self._da = self._db = None
        if label:
            self.label = label

    @property
    def data(self) -> float:
        """The number. It can be set, as an optimiser does; nodes computed from it earlier keep theirs."""
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        self._data = real(number, "data")

    @property
    def grad(self) -> Any:
        """d(root)/d(self) as `backward` left it: a float, or a Value after backward(create_graph=True)."""
        return self._grad

    @grad.setter
    def grad(self, gradient: Any) -> None:
        self._grad = gradient if isinstance(gradient, Value) else real(gradient, "grad")

    @property
    def op(self) -> str:
        """The operation's name in the table; empty for a leaf."""
        return self._tag.op

    @property
    def label(self) -> str:
        """The name that pictures and messages use; empty if none was given."""
        return self._tag.label

    @label.setter
    def label(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a label is a text, got {type(text).__name__} {text!r}; pass str(...)")
        self._tag = self._tag._replace(label=text)

    @property
    def scope(self) -> str:
        """The path of the network's part that made it, such as "layer1/neuron2"; empty if none did."""
        return self._tag.scope

    @scope.setter
    def scope(self, path: str) -> None:
        self._tag = self._tag._replace(scope=path)

    @property
    def args(self) -> tuple[Value | float, ...]:
        """The operands in order: Values, or floats where a plain number stood."""
        a, b = self._a, self._b
        if self._db is MANY:
            return a  # type: ignore[no-any-return]
        return (a, b) if b is not None else () if a is None else (a,)

    @property
    def partials(self) -> tuple[float | None, ...]:
        """d(self)/d(operand) for each of `args`, as the forward pass found them; None for a plain number."""
        if self._db is MANY:
            return self._da  # type: ignore[no-any-return]
        return (self._da, self._db)[: len(self.args)]

    def backward(self, gradient: float = 1.0, *, create_graph: bool = False) -> None:
        """Set `grad` of everything this depends on to d(self)/d(it), times `gradient`.

        Leaves add it to what they hold, call by call, until it is set to 0; inner nodes hold the last call's.
        With create_graph the gradients are Values and can be differentiated again. DomainError, with every
        `grad` as it was, when a gradient is not finite.
        """
        if create_graph:
            send_back_graph(self, Value(gradient))
        else:
            send_back(self, real(gradient, "gradient"))

    def detach(self) -> Value:
        """A leaf with the same number, label and no past."""
        return Value(self._data, label=self.label)

    def __copy__(self) -> Value:
        """A second node of the same numbers and operands."""
        twin = node(self._tag, self._data, self.args, self.partials)
        twin._grad = self._grad
        return twin

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def __float__(self) -> float:
        return self._data

    def __bool__(self) -> bool:
        return bool(self._data)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec)

    def __pos__(self) -> Value:
        return self

    def __lt__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data < _number(other))

    def __le__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data <= _number(other))

    def __gt__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data > _number(other))

    def __ge__(self, other: Any) -> bool:
        return NotImplemented if is_array(other) else bool(self._data >= _number(other))


class Node(Value):
    """A Value that an operation made: created bare, filled in by the generated methods."""

    __slots__ = ()
    __init__ = object.__init__


LEAF = Tag()
_paused: dict[int, int] = {}  # thread -> how many no_grad blocks it is in
_recorders: dict[int, Callable[[str, tuple[Any, ...]], Any]] = {}  # thread -> what takes its operations


def _number(other: Any) -> Any:
    return other._data if isinstance(other, Value) else other


class no_grad(ContextDecorator):
    """Within it, in this thread, operations give leaves: nothing is recorded.

    Derivatives of functions (grad, jvp and their like) are right in it, and leave no record either.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.args
    ()
    """

    def __enter__(self) -> no_grad:
        thread = threading.get_ident()
        _paused[thread] = _paused.get(thread, 0) + 1
        return self

    def __exit__(self, *exception: object) -> None:
        thread = threading.get_ident()
        _paused[thread] -= 1
        if not _paused[thread]:
            del _paused[thread]


@contextmanager
def recording() -> Iterator[None]:
    """Within it, in this thread, operations are recorded, though a no_grad block be around it."""
    thread = threading.get_ident()
    blocks = _paused.pop(thread, 0)
    try:
        yield
    finally:
        if blocks:
            _paused[thread] = blocks


@contextmanager
def recorded_by(recorder: Callable[[str, tuple[Any, ...]], Any]) -> Iterator[None]:
    """Within it, in this thread, every operation is what recorder(name, operands) gives in its place."""
    thread = threading.get_ident()
    before = _recorders.get(thread)
    _recorders[thread] = recorder
    _paused[~thread] = 1  # no thread's number: it only leads every operation to `_settle`
    try:
        yield
    finally:
        if before is None:
            del _recorders[thread], _paused[~thread]
        else:
            _recorders[thread] = before


def is_paused() -> bool:
    """Whether this thread is within a no_grad block."""
    return threading.get_ident() in _paused


# ---------------------------------------------------------------------------------------------- making nodes
# The generated methods make the everyday nodes; what is out of the ordinary comes here.


def apply(name: str, args: Sequence[Any]) -> Any:
    """Any operation on any operands: a Value if one of them is, else a float."""
    args = tuple(arg if isinstance(arg, Value) else _scalar(arg, name) for arg in args)
    numbers = [_number(arg) for arg in args]
    groups = grouped(name, numbers)
    try:
        out = operators.value(name)(*groups)
        partials = operators.partials(name)(*groups, out)
    except operators.FAULTS:
        return _mend(name, args)
    return _settle(name, args, out, partials)


def _settle(name: str, args: tuple[Any, ...], out: float, partials: tuple[float | None, ...]) -> Any:
    """The result of an operation: a node, a leaf while recording is paused, or an error if it is not finite."""
    if _recorders and (recorder := _recorders.get(threading.get_ident())):
        return recorder(name, args)
    if out - out != 0:
        raise DomainError(f"{name} of {places(name, args)} is more than a float holds; scale the input down")
    if not any(isinstance(arg, Value) for arg in args):
        return out
    if is_paused():
        return Value(out)
    return node(
        TAGS[name],
        out,
        args,
        tuple(p if isinstance(arg, Value) else None for p, arg in zip(partials, args, strict=True)),
    )


def node(tag: Tag, data: float, args: tuple[Any, ...], partials: tuple[float | None, ...]) -> Value:
    """A Value with all that it remembers."""
    made = Node() if tag.op else object.__new__(Value)
    made._data, made._grad, made._n, made._tag = data, 0.0, 0, tag
    if len(args) <= 2 and not (tag.op and OPS[tag.op].variadic):
        (made._a, made._b), (made._da, made._db) = (*args, None, None)[:2], (*partials, None, None)[:2]
    else:
        made._a, made._da, made._b, made._db = args, partials, None, MANY
    return made


def _mend(name: str, args: tuple[Any, ...]) -> Any:
    """After a fault: an error if the value does not exist; if only a derivative does not, it is infinite."""
    if _recorders and (recorder := _recorders.get(threading.get_ident())):
        return recorder(name, args)
    groups = grouped(name, [_number(arg) for arg in args])
    try:
        out = operators.value(name)(*groups)
    except OverflowError:
        out = float("inf")
    except operators.FAULTS:
        op = OPS[name]
        raise DomainError(f"{name} needs {text(op.domain)}, got {places(name, args)}; {op.remedy}") from None
    slopes = tuple(_slope(name, k, [*groups, out]) for k in range(len(args))) if out - out == 0 else ()
    return _settle(name, args, out, slopes)


def _slope(name: str, k: int, numbers: list[Any]) -> float | None:
    try:
        return operators.partial(name, k)(*numbers)
    except operators.FAULTS:
        return float("inf")


def _operand(thing: Any, name: str) -> Any:
    """A plain number as a float; NotImplemented for an array, whose elements NumPy then takes one by one."""
    if type(thing) is float and thing - thing == 0:
        return thing
    return NotImplemented if is_array(thing) else real(thing, name)


def _scalar(thing: Any, name: str) -> float:
    if is_array(thing):
        raise TypeError(
            f"{name} takes numbers and Values, got an array of shape {thing.shape}; for an array of Values "
            f"use NumPy's own functions and operators, or a list comprehension"
        )
    return real(thing, name)


def _same_length(name: str, x: Sequence[Any], y: Sequence[Any]) -> None:
    if len(x) != len(y):
        raise ValueError(f"{name} takes two sequences of one length, got {len(x)} and {len(y)}")


TAGS = {name: Tag(name) for name in OPS}
operators.bind(
    Value=Value,
    Node=Node,
    apply=apply,
    settle=_settle,
    mend=_mend,
    operand=_operand,
    real=real,
    same_length=_same_length,
    paused=_paused,
    **{f"TAG_{name}": tag for name, tag in TAGS.items()},
)
