"""The walks over a graph: its order, and derivatives sent backward from the root.

v, a    a node and one of its operands
g       d(root)/d(v)
d       the local derivative d(v)/d(a)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from microgrAD import operators
from microgrAD.errors import DomainError, places
from microgrAD.ops import OPS

if TYPE_CHECKING:
    from microgrAD.engine import Value

_one_at_a_time = threading.Lock()  # graphs of two threads may share leaves
MANY = object()  # stands in a node's second place when its operands are a tuple in the first


# ---------------------------------------------------------------------------------------------- order


def edges(v: Value) -> list[tuple[Value, float]]:
    """The operands of a node that are Values, as often as they occur, each with its local derivative."""
    da, db = v._da, v._db
    if db is MANY:
        return [(a, d) for a, d in zip(v._a, da, strict=True) if d is not None]
    if da is None:
        return [] if db is None else [(v._b, db)]
    return [(v._a, da)] if db is None else [(v._a, da), (v._b, db)]


def topological(root: Value) -> list[Value]:
    """Everything `root` depends on, operands before what uses them, in reading order; root is last.

    TypeError when it is no Value.

    >>> from microgrAD import Value
    >>> x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    >>> [v.label or v.op for v in topological((x + y) * z)]
    ['x', 'y', 'add', 'z', 'mul']
    """
    if not hasattr(root, "_da"):
        raise TypeError(f"topological takes the Value to start from, got {type(root).__name__}; pass the result")
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[tuple[Value, bool]] = [(root, False)]
    while stack:
        v, complete = stack.pop()
        if complete:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((a, False) for a, _ in reversed(edges(v)) if a not in seen)
    return order


def backward_order(root: Value) -> list[Value]:
    """The order in which `backward` visits: a node when the last of its consumers has reported; root is first."""
    waiting: dict[Value, int] = {}
    found = [root]
    for v in found:
        for a, _ in edges(v):
            if a not in waiting:
                found.append(a)
            waiting[a] = waiting.get(a, 0) + 1
    ready = [root]
    for v in ready:
        for a, _ in edges(v):
            waiting[a] -= 1
            if not waiting[a]:
                ready.append(a)
    return ready


# ---------------------------------------------------------------------------------------------- numbers


def send_back(root: Value, gradient: float) -> None:
    """Set every `grad` behind `root`: two passes over a list that grows, no recursion, no sort, no set."""
    found = [root]
    leaves: list[tuple[Value, Any]] = []  # with the gradients they held
    with _one_at_a_time:
        try:
            _count(found, leaves)
            _send(root, gradient)
        except BaseException:  # an interrupted pass leaves no trace
            for v in found:
                v._n = 0
            for leaf, held in leaves:
                leaf._grad = held
            raise


def _count(found: list[Value], leaves: list[tuple[Value, Any]]) -> None:
    """Find everything behind the first of `found`, and how many consumers each has to hear from."""
    push, many = found.append, MANY
    for v in found:
        d = v._db
        if v._da is None or d is many:
            if d is None:
                leaves.append((v, v._grad))
            else:
                v._grad = 0.0
                for a, _ in edges(v):
                    n = a._n
                    a._n = n + 1
                    if not n:
                        push(a)
            continue
        v._grad = 0.0
        a = v._a
        if n := a._n:
            a._n = n + 1
        else:
            a._n = 1
            push(a)
        if d is not None:
            a = v._b
            if n := a._n:
                a._n = n + 1
            else:
                a._n = 1
                push(a)


def _send(root: Value, gradient: float) -> None:
    """Hand every gradient on, once the last consumer of its node has reported."""
    root._grad = gradient if root.op else root._grad + gradient
    ready = [root]
    push, many = ready.append, MANY
    for v in ready:
        g, d, da = v._grad, v._db, v._da
        if da is None or d is many:
            if d is None:
                if g - g:
                    _blame(backward_order(root), {})
            else:
                for a, d in edges(v):
                    a._grad += g * d
                    a._n = n = a._n - 1
                    if not n:
                        push(a)
            continue
        a = v._a
        a._grad += g * da
        if (n := a._n) == 1:
            a._n = 0
            push(a)
        else:
            a._n = n - 1
        if d is not None:
            a = v._b
            a._grad += g * d
            if (n := a._n) == 1:
                a._n = 0
                push(a)
            else:
                a._n = n - 1


def _blame(order: Iterable[Value], sums: Mapping[Value, float]) -> NoReturn:
    """Name the first node that hands on a gradient that is not finite; the gradients are `sums`, or in `grad`."""
    for v in order:
        g = sums.get(v, v._grad)
        for a, d in edges(v):
            sent = g * d
            if sent - sent != 0 and (a in sums or not sums):
                raise DomainError(
                    f"the derivative of {v.op} at {places(v.op, v.args)} is not finite: "
                    f"{g!r} × {d!r} would flow back; keep the input away from that point"
                )
    raise DomainError("the gradients of several consumers add up to more than a float holds; scale the input down")


# ---------------------------------------------------------------------------------------------- derivatives as graphs


def gradients(
    root: Value, gradient: Any, wanted: Iterable[Value] | None = None, *, symbolic: bool = False
) -> dict[Value, Any]:
    """d(root)/d(v) × gradient for every v behind root, or only on the way to `wanted`; touches no `grad`.

    Numbers, or with `symbolic` Values that can be differentiated again.
    """
    if (recorded := getattr(root, "derivatives", None)) and wanted is not None:  # a value that is being compiled
        return recorded(gradient, wanted)  # type: ignore[no-any-return]
    local: Callable[[Value], Sequence[Any]] = _symbolic_partials if symbolic else lambda v: v.partials
    order = backward_order(root)
    needed = None if wanted is None else _dependent(order, set(wanted))
    sums: dict[Value, Any] = {root: gradient}
    for v in order:
        if v not in sums:
            continue
        g = sums[v]
        a: Any
        for a, d in zip(v.args, local(v) if v.op else (), strict=True):
            if d is None or needed is not None and a not in needed:
                continue
            sent = g if type(d) is float and d == 1 else g * d
            sums[a] = sums[a] + sent if a in sums else sent
    if not symbolic and any(g - g != 0 for g in sums.values()):
        _blame([v for v in order if v in sums], sums)
    return sums


def send_back_graph(root: Value, gradient: Any) -> None:
    """`send_back`, with gradients that are Values."""
    for v, g in gradients(root, gradient, symbolic=True).items():
        v._grad = g if v.op or type(v._grad) is float and v._grad == 0 else v._grad + g


def _dependent(order: list[Value], wanted: set[Value]) -> set[Value]:
    """Those of `order` that are wanted or depend on one that is."""
    for v in reversed(order):
        if any(a in wanted for a, _ in edges(v)):
            wanted.add(v)
    return wanted


def _symbolic_partials(v: Value) -> Sequence[Any]:
    """The partials of a node over Values; an error where an operand's data is not what the node was made from."""
    found = operators.symbolic(v.op)(*grouped(v.op, v.args), v)
    for a, d, then in zip(v.args, found, v.partials, strict=True):
        if then is not None and float(d) != then:
            raise ValueError(
                f"{v.op} was computed when an operand had another value than the present "
                f"{places(v.op, [a])}: its derivative was {then!r}, now it would be {float(d)!r}; "
                "compute the expression again before asking for derivatives of derivatives"
            )
    return [None if then is None else d for d, then in zip(found, v.partials, strict=True)]


def grouped(name: str, args: Sequence[Any]) -> list[Any]:
    """One entry per argument of the table: the operand itself, or for any number of them, a list."""
    op = OPS[name]
    if not op.variadic:
        return list(args)
    size = len(args) // len(op.args)
    return [args[k * size : (k + 1) * size] for k in range(len(op.args))]
