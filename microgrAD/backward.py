"""Backpropagation: sends derivatives backward from the root of a graph.

v, a    a node and one of its operands
g       d(root)/d(v)
d       the local derivative d(v)/d(a)
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from microgrAD.choices import sent_to
from microgrAD.errors import DomainError, GraphError, places
from microgrAD.graph import LEAF, MANY, Nodes, Record, backward_order, edges, fill
from microgrAD.native.choice import compiled


class _Turn:
    """The lock of `backward`: only one pass runs at a time, since graphs of two threads can share leaves.

    A signal handler that calls `backward` during a pass gets an error, since the gradients are not complete then. A
    fork waits for the pass of another thread, since in the child nobody would finish that pass.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()  # a signal handler, in the same thread, gets it and finds `busy` set
        self.busy = False
        self.counted: list[Record] = []  # nodes that a pass counted; empty, unless even its undoing was interrupted
        if hasattr(os, "register_at_fork"):  # not on Windows
            os.register_at_fork(
                before=lambda: self.lock.acquire(),
                after_in_parent=lambda: self.lock.release(),
                after_in_child=lambda: self.lock.release(),
            )


_turn = _Turn()

# ---------------------------------------------------------------------------------------------- numbers


def send_back(root: Record, gradient: float) -> None:
    """Set `grad` of all nodes that `root` depends on. It makes two passes over a list, without recursion or sorting."""
    with _turn.lock:  # no function of ours: a handler that raises while it starts or ends would leave the lock taken
        if _turn.busy:
            raise GraphError(
                "backward was called within backward, perhaps by a signal handler; set a flag there, and call backward "
                "after the first call has returned"
            )
        try:
            _turn.busy = True
            _send_back(root, gradient)
        finally:
            _turn.busy = False


def _send_back(root: Record, gradient: float) -> None:
    _undo(_turn.counted, [])
    found = _turn.counted = [root]
    leaves: list[tuple[Record, Any]] = []  # with the gradients that they had before
    try:
        _count(found, leaves)
        if not _send(root, gradient):  # not finite: again, without the sides that were not taken
            _restore(found, leaves)
            _put(root, gradient, leaves, gradients(root, gradient))
        _turn.counted = []
    except BaseException:  # after an error or an interruption, all gradients are as before
        while found or leaves:
            try:
                _undo(found, leaves)
            except BaseException:  # a second signal may come during this
                continue
        raise


def _undo(found: list[Record], leaves: list[tuple[Record, Any]]) -> None:
    """Do what `_restore` does, and remove from the lists what is done, so that an interrupted call can be repeated."""
    while leaves:
        leaf, held = leaves[-1]
        leaf._grad = held
        leaves.pop()
    while found:
        found[-1]._n = 0
        found.pop()


def _restore(found: list[Record], leaves: list[tuple[Record, Any]]) -> None:
    for v in found:
        v._n = 0
    for leaf, held in leaves:
        leaf._grad = held


def _put(root: Record, gradient: float, leaves: list[tuple[Record, Any]], sums: Mapping[Record, float]) -> None:
    """Set `grad` to the gradients that were found; leaves add them to their `grad` from before."""
    for v in backward_order(root):
        if v.op:
            v._grad = sums.get(v, 0.0)
    for leaf, held in leaves:
        leaf._grad = total = held + sums.get(leaf, 0.0)
        if total - total:
            _blame([], {})


def _count(found: list[Record], leaves: list[tuple[Record, Any]]) -> None:
    """Append to `found` all nodes that its first depends on, and set how many consumers each of them has."""
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


def _send(root: Record, gradient: float) -> bool:
    """Send the gradient of each node to its operands, after its last consumer has sent its part to the node.

    Returns: whether the gradients of all leaves are finite.
    """
    root._grad = gradient if root.op else root._grad + gradient
    ready = [root]
    push, many = ready.append, MANY
    for v in ready:
        g, d, da = v._grad, v._db, v._da
        if da is None or d is many:
            if d is None:
                if g - g:
                    return False
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
    return True


if compiled:
    _count, _send = compiled.count, compiled.send


def _blame(order: Iterable[Nodes], sums: Mapping[Nodes, float]) -> NoReturn:
    """Raise a DomainError that names the first node with a gradient that is not finite, in `sums` or in `grad`."""
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
    root: Nodes, gradient: Any, wanted: Iterable[Nodes] | None = None, *, symbolic: bool = False
) -> dict[Nodes, Any]:
    """Return d(root)/d(v) × gradient for each node v that root depends on, without changing any `grad`.

    Nothing is sent to a side of a choice that was not taken, and nodes that only that side depends on are left out.

    Arguments:
        root: the result.
        gradient: the gradient that flows into the root.
        wanted: the nodes to differentiate by; then other nodes are visited only on the way to them. By default all.
        symbolic: whether derivatives are Values, which can be differentiated again; by default they are numbers.
    """
    order = backward_order(root)
    needed = None if wanted is None else _dependent(order, set(wanted))
    if not symbolic:
        sums = _summed(order, gradient, needed, symbolic=False, careful=False)
    if symbolic or _infinite(sums):
        needed = _leading(order, None if wanted is None else set(wanted))
        sums = _summed(order, gradient, needed, symbolic=symbolic, careful=True)
    if not symbolic and _infinite(sums):
        _blame([v for v in order if v in sums], sums)
    return sums


def _infinite(sums: Mapping[Nodes, float]) -> bool:
    return any(g - g != 0 for g in sums.values())


def _summed(
    order: list[Nodes], gradient: Any, needed: set[Nodes] | None, *, symbolic: bool, careful: bool
) -> dict[Nodes, Any]:
    """Return the gradients of the needed nodes. If `careful`, nothing goes to sides that were not taken."""
    local: Callable[[Nodes], Sequence[Any]] = _symbolic_partials if symbolic else lambda v: v.partials
    sums: dict[Nodes, Any] = {order[0]: gradient}
    for v in order:
        if v not in sums or not v.op:
            continue
        g = sums[v]
        a: Any
        for k, (a, d, then) in enumerate(zip(v.args, local(v), v.partials, strict=True)):
            if d is None or needed is not None and a not in needed or careful and not sent_to(v, k, then):
                continue
            sent = g if type(d) is float and d == 1 else g * d
            sums[a] = sums[a] + sent if a in sums else sent
    return sums


def send_back_graph(root: Record, gradient: Any) -> None:
    """Do what `send_back` does, with gradients that are Values."""
    sums = gradients(root, gradient, symbolic=True)
    for v in backward_order(root):
        if v in sums:
            g = sums[v]
            v._grad = g if v.op or type(v._grad) is float and v._grad == 0 else v._grad + g
        elif v.op or type(v._grad) is float:  # only a side that was not taken depends on it
            v._grad = fill(gradient._bare(""), LEAF, 0.0 if v.op else v._grad)


def _dependent(order: list[Nodes], wanted: set[Nodes]) -> set[Nodes]:
    """Return the nodes of `order` that are wanted or depend on a wanted one."""
    for v in reversed(order):
        if any(a in wanted for a, _ in edges(v)):
            wanted.add(v)
    return wanted


def _leading(order: list[Nodes], wanted: set[Nodes] | None) -> set[Nodes]:
    """Return the nodes of `order` from which a gradient flows to a wanted node, or to a leaf if all are wanted."""
    leading: set[Nodes] = {v for v in order if not v.op} if wanted is None else wanted
    for v in reversed(order):
        if any(
            isinstance(a, Record) and a in leading and sent_to(v, k, d)
            for k, (a, d) in enumerate(zip(v.args, v.partials, strict=True))
        ):
            leading.add(v)
    return leading


def _symbolic_partials(v: Record) -> Sequence[Any]:
    """Return the partials of a node as Values; ValueError if the data of an operand changed since the node was made."""
    found = v._symbolic()
    for a, d, then in zip(v.args, found, v.partials, strict=True):
        if then is not None and getattr(d, "_data", d) != then:
            raise ValueError(
                f"{v.op} was computed when an operand had another value than now, "
                f"{places(v.op, [a])}: its derivative was {then!r}, now it would be {getattr(d, '_data', d)!r}; "
                "compute the expression again before asking for derivatives of derivatives"
            )
    return [None if then is None else d for d, then in zip(found, v.partials, strict=True)]
