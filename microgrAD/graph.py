"""The graph: the record of a node, and the walks that need nothing else.

    data    the number
    grad    d(root)/d(self), after root.backward()
    tag     the operation's name, the label and the scope
    a, b    the operands, up to two: Values, or plain numbers, which are not nodes of the graph
    da, db  d(self)/da and d(self)/db, fixed in the forward pass; None for a plain number
    n       in `backward`, the number of consumers that have not reported yet; otherwise 0

If the operation takes any number of operands, a and da hold tuples, and db is MANY.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self, TypeVar

from microgrAD.native.choice import Fields
from microgrAD.ops import OPS

MANY = object()  # the db of a node with tuples in a and da


class Tag(NamedTuple):
    """A node's operation, label and scope."""

    op: str = ""
    label: str = ""
    scope: str = ""


class Unrecorded(Tag):
    """The tag of a leaf that was computed where nothing is recorded."""

    __slots__ = ()


LEAF, UNRECORDED = Tag(), Unrecorded()


class Record(Fields):
    """One node: its number, its gradient, and its operands. The module's docstring explains the letters.

    The walks and `backward` use nothing else of a `Value`.
    """

    __slots__ = ()

    _data: float
    _grad: Any  # a float; a Value after backward(create_graph=True)
    _tag: Tag
    _a: Any
    _b: Any
    _da: Any
    _db: Any
    _n: int

    @property
    def op(self) -> str:
        """The operation's name in the table; "" for a leaf."""
        return self._tag.op

    @property
    def args(self) -> tuple[Self | float, ...]:
        """The operands in order: Values, and floats for plain numbers."""
        a, b = self._a, self._b
        if self._db is MANY:
            return a  # type: ignore[no-any-return]
        return (a, b) if b is not None else () if a is None else (a,)

    # micrograd's names for these, and microgpt's

    @property
    def _prev(self) -> set[Self]:
        """The operands that are Values, each once, as in micrograd; `args` has them in order, with plain numbers."""
        return {arg for arg in self.args if isinstance(arg, Record)}

    @property
    def _op(self) -> str:
        """What is written on the operation's node, as in micrograd; `op` is its name in the table."""
        op = OPS.get(self.op)
        return (op.sign or op.symbol) if op else ""

    @property
    def _children(self) -> tuple[Self, ...]:
        """The operands that are Values, as in microgpt."""
        return tuple([arg for arg in self.args if isinstance(arg, Record)])

    @property
    def _local_grads(self) -> tuple[float, ...]:
        """The derivatives by `_children`, as in microgpt."""
        return tuple([d for d in self.partials if d is not None])

    @property
    def partials(self) -> tuple[float | None, ...]:
        """d(self)/d(operand) for each of `args`, from the forward pass; None for a plain number."""
        if self._db is MANY:
            return self._da  # type: ignore[no-any-return]
        return (self._da, self._db)[: len(self.args)]

    def _symbolic(self) -> tuple[Any, ...]:
        """Return d(self)/d(operand) for each of `args` as Values; `Value` implements it from the table."""
        raise NotImplementedError


Nodes = TypeVar("Nodes", bound=Record)


def fill(
    made: Nodes, tag: Tag, data: float, args: tuple[Any, ...] = (), partials: tuple[float | None, ...] = ()
) -> Nodes:
    """Fill a new record, and return it."""
    made._data, made._grad, made._n, made._tag = data, 0.0, 0, tag
    if len(args) <= 2 and not (tag.op and OPS[tag.op].variadic):
        (made._a, made._b), (made._da, made._db) = (*args, None, None)[:2], (*partials, None, None)[:2]
    else:
        made._a, made._da, made._b, made._db = args, partials, None, MANY
    return made


def grouped(name: str, args: Sequence[Any]) -> list[Any]:
    """Return the operands as arguments of the table's formula: themselves, or one list for each variadic argument."""
    op = OPS[name]
    if not op.variadic:
        return list(args)
    size = len(args) // len(op.args)
    return [args[k * size : (k + 1) * size] for k in range(len(op.args))]


# ---------------------------------------------------------------------------------------------- walks


def edges(v: Nodes) -> list[tuple[Nodes, float]]:
    """Return the operands that are Values, with their local derivatives; one that is used twice is there twice."""
    da, db = v._da, v._db
    if db is MANY:
        return [(a, d) for a, d in zip(v._a, da, strict=True) if d is not None]
    if da is None:
        return [] if db is None else [(v._b, db)]
    return [(v._a, da)] if db is None else [(v._a, da), (v._b, db)]


def topological(root: Nodes) -> list[Nodes]:
    """Return all Values that `root` depends on, in reading order: operands before results, root last.

    Arguments:
        root: the result, a Value.
    Raises: TypeError if root is not a Value.

    >>> from microgrAD import Value
    >>> x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    >>> [v.label or v.op for v in topological((x + y) * z)]
    ['x', 'y', 'add', 'z', 'mul']
    """
    if not isinstance(root, Record):
        raise TypeError(f"topological takes the Value to start from, got {type(root).__name__}; pass the result")
    order: list[Nodes] = []
    seen: set[Nodes] = set()
    stack: list[tuple[Nodes, bool]] = [(root, False)]
    while stack:
        v, complete = stack.pop()
        if complete:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((a, False) for a, _ in reversed(edges(v)) if a not in seen)
    return order


def backward_order(root: Nodes) -> list[Nodes]:
    """Return the nodes in the order in which `backward` visits them: root first, and each after all its consumers.

    Arguments:
        root: the result, a Value.
    """
    waiting: dict[Nodes, int] = {}
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
