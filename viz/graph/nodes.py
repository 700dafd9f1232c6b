"""What there is to draw: frozen nodes and edges, read once from `Value`s, which nothing else in viz walks.

Nodes are numbered n0, n1, ... in topological order and edges e0, e1, ... by their consumer and place in it, so that
the same expression gives the same ids on every run, and whatever is shown of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from microgrAD.backward import topological
from microgrAD.engine import Value
from microgrAD.ops import OPS, Op
from microgrAD.steps.naming import clean

Kind = Literal["leaf", "result", "constant", "operation", "folded"]


class GraphTooLargeError(ValueError):
    """A graph has more boxes than a picture can show; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A value and its gradient; None where no backward pass from the root has computed one.

    partial: the gradient is a running sum, of which parts are still to come.
    """

    value: float
    grad: float | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A box: a `Value`, a plain number, an operation by itself, or a folded part of a network."""

    id: str
    kind: Kind
    label: str = ""
    op: str = ""  # the operation's name in the table
    plain: tuple[float | None, ...] = ()  # the plain numbers among its operands that have no box, each in its place
    numbers: tuple[Numbers, ...] = ()  # one; several for a folded layer, none for an operation by itself
    scope: str = ""
    note: str = ""  # what is folded in it


@dataclass(frozen=True, slots=True)
class Edge:
    """From an operand to what was computed of it.

    local: d(target)/d(source) along this edge; flow: what it hands to the source's gradient, local times the
    target's gradient. None where there is none.
    """

    id: str
    source: str
    target: str
    index: int  # the operand's place, from 0
    local: float | None = None
    flow: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Nodes that a part of a network made, and the clusters inside of it."""

    id: str
    label: str
    members: tuple[str, ...]
    inner: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A computational graph as data. `values` counts the Values behind the picture, `hidden` those without a box."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    root: str
    clusters: tuple[Cluster, ...] = ()
    values: int = 0
    hidden: int = 0
    symmetric: frozenset[str] = frozenset()  # nodes whose operands could change places

    def __getitem__(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)

    @property
    def after_backward(self) -> bool:
        """Whether gradients of the root have been computed: its own is not 0."""
        return any(numbers.grad is not None for numbers in self[self.root].numbers)


def read(
    root: Value, *, show_constants: bool = False, at_most: int | None = None, at_most_without_scopes: int | None = None
) -> Graph:
    """The graph behind a `Value`.

    Plain numbers get a box of their own with `show_constants`; else the operation's badge names them.
    TypeError when root is no Value; GraphTooLargeError when there are more than `at_most` Values, or, if no part of
    a network is among them that could be folded, more than `at_most_without_scopes`.
    """
    if not isinstance(root, Value):
        raise TypeError(
            f"a picture starts from one Value, got {type(root).__name__}; pass the result, such as the loss"
        )
    if at_most is not None:
        count, scoped = _size(root, at_most)
        for limit in (at_most, None if scoped else at_most_without_scopes):
            if limit is not None and count > limit:
                raise too_large(f"over {limit:,}")
    order = topological(root)
    after = float(root.grad) != 0
    ids = {id(value): f"n{k}" for k, value in enumerate(order)}
    nodes = [_node(value, ids[id(value)], after, show_constants) for value in order]
    constants, edges = _edges(order, ids, after)
    if show_constants:
        nodes = constants + nodes
    else:
        hidden = {node.id for node in constants}
        edges = [edge for edge in edges if edge.source not in hidden]
    symmetric = frozenset(ids[id(value)] for value in order if value.op and _symmetric(OPS[value.op]))
    return Graph(tuple(nodes), tuple(edges), ids[id(root)], values=len(order), symmetric=symmetric)


def _size(root: Value, limit: int) -> tuple[int, bool]:
    """How many Values there are behind the root, counted to the limit, and whether a network's part is among them."""
    seen = {id(root)}
    stack = [root]
    scoped = False
    while stack and len(seen) <= limit:
        value = stack.pop()
        scoped = scoped or bool(value.scope)
        for arg in value.args:
            if isinstance(arg, Value) and id(arg) not in seen:
                seen.add(id(arg))
                stack.append(arg)
    return len(seen), scoped


def too_large(much: str) -> GraphTooLargeError:
    """The error, with what to do."""
    return GraphTooLargeError(
        f"this picture would have {much} boxes, too many to read; draw a part of it (an inner "
        "value, or the loss of one row), build it of microgrAD.nn's parts, which can be folded, "
        "or pass force=True"
    )


def _node(value: Value, id: str, after: bool, show_constants: bool) -> Node:
    numbers = Numbers(value.data, float(value.grad) if after else None)
    plain = tuple(None if isinstance(arg, Value) else arg for arg in value.args)
    return Node(
        id,
        "result" if value.op else "leaf",
        clean(value.label),
        value.op,
        () if show_constants else plain,
        (numbers,),
        value.scope,
    )


def _edges(order: list[Value], ids: dict[int, str], after: bool) -> tuple[list[Node], list[Edge]]:
    """All edges, and a node for each plain number."""
    constants: list[Node] = []
    edges: list[Edge] = []
    for value in order:
        for index, (arg, local) in enumerate(zip(value.args, value.partials, strict=True)):
            if isinstance(arg, Value):
                source = ids[id(arg)]
            else:
                source = f"k{len(constants)}"
                constants.append(Node(source, "constant", numbers=(Numbers(arg, None),)))
            flow = local * float(value.grad) if after and local is not None else None
            edges.append(Edge(f"e{len(edges)}", source, ids[id(value)], index, local, flow))
    return constants, edges


def split(graph: Graph) -> Graph:
    """The same with every operation as a node of its own, "n3.op", between its operands and its result."""

    def halves(node: Node) -> Iterator[Node]:
        if node.op:
            yield Node(f"{node.id}.op", "operation", op=node.op, plain=node.plain)
        yield replace(node, op="")

    made = {node.id for node in graph.nodes if node.op}
    edges = [
        Edge(e.id, e.source, f"{e.target}.op" if e.target in made else e.target, e.index, e.local, e.flow)
        for e in graph.edges
    ]
    edges += [Edge(f"{id}.out", f"{id}.op", id, 0) for id in sorted(made)]

    def clusters(some: tuple[Cluster, ...]) -> tuple[Cluster, ...]:
        return tuple(
            Cluster(
                c.id,
                c.label,
                tuple(part for m in c.members for part in ((f"{m}.op", m) if m in made else (m,))),
                clusters(c.inner),
            )
            for c in some
        )

    return Graph(
        tuple(half for node in graph.nodes for half in halves(node)),
        tuple(edges),
        graph.root,
        clusters(graph.clusters),
        graph.values,
        graph.hidden,
        frozenset(f"{id}.op" for id in graph.symmetric),
    )


# ---------------------------------------------------------------------------------------------- words


def _symmetric(op: Op) -> bool:
    """Whether the operands could change places: then the partial derivatives change places with them."""
    if op.variadic or len(op.args) - len(op.constants) < 2:
        return op.variadic or len(op.args) < 2
    swap = dict(zip(op.args, reversed(op.args), strict=True))
    swapped = [re.sub(r"\b\w+\b", lambda m: swap.get(m[0], m[0]), p or "") for p in op.partials]
    return swapped[::-1] == list(op.partials)
