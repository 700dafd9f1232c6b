"""Frozen nodes and edges, read once from `Value`s. Nothing else in viz walks `Value`s.

The numbers are the current ones of the `Value`s, or the recorded ones of a trace.

Nodes are numbered n0, n1, ... in topological order. Edges are numbered e0, e1, ... in the order of their targets, and
of the operands of each. So the same expression has the same ids on every run, whatever is folded or hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op
from microgrAD.steps.naming import clean
from microgrAD.steps.trace import Backward, Tangent, Trace

Kind = Literal["leaf", "result", "constant", "operation", "folded"]


class GraphTooLargeError(ValueError):
    """A graph has more boxes than a picture can show; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A value and its gradient.

    Arguments:
        value: the value.
        grad: the gradient, or the tangent in forward mode; None if no pass has computed it.
        partial: whether the gradient is a running sum that is not complete yet.
    """

    value: float
    grad: float | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A box: a `Value`, a plain number, an operation without its result, or a folded part of a network."""

    id: str
    kind: Kind
    label: str = ""
    op: str = ""  # the operation's name in the table
    plain: tuple[float | None, ...] = ()  # operands that are plain numbers without a box; None for the others
    numbers: tuple[Numbers, ...] = ()  # one; several for a folded layer, none for a lone operation
    scope: str = ""
    note: str = ""  # what is folded in it


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge from an operand to the result.

    Arguments:
        id: its id, such as "e3".
        source: the id of the operand.
        target: the id of the result.
        index: the position among the operands, from 0.
        local: d(target)/d(source) along this edge; None if it is not known.
        flow: what the edge adds to the gradient of the source, which is local times the gradient of the target. In
            forward mode it is what the edge adds to the tangent of the target: local times the tangent of the source.
    """

    id: str
    source: str
    target: str
    index: int
    local: float | None = None
    flow: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes of one part of a network, and the clusters inside it."""

    id: str
    label: str
    members: tuple[str, ...]
    inner: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A computational graph as data.

    Arguments:
        nodes: the nodes, in topological order.
        edges: the edges, in the order of their targets.
        root: the id of the root.
        clusters: neurons and layers.
        values: how many Values there are behind the picture.
        hidden: how many of them have no box.
        symmetric: the nodes whose operands could be swapped.
        tangents: in forward mode the name of the second number, such as "derivative by x"; "" for gradients.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    root: str
    clusters: tuple[Cluster, ...] = ()
    values: int = 0
    hidden: int = 0
    symmetric: frozenset[str] = frozenset()
    tangents: str = ""

    def __getitem__(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)

    @property
    def after_backward(self) -> bool:
        """Whether gradients of the root, or tangents, have been computed."""
        return any(numbers.grad is not None for numbers in self[self.root].numbers)

    @property
    def quantity(self) -> str:
        """The name of the second number in a box, as one word."""
        return "derivative" if self.tangents else "gradient"

    def flow(self, local: float | None, source: Node, target: Node) -> float | None:
        """Return what an edge with this local derivative adds to its source's gradient, or to its target's tangent."""
        upstream = (source if self.tangents else target).numbers[0].grad
        return local * upstream if local is not None and upstream is not None else None


def read(
    root: Value | Trace,
    *,
    show_constants: bool = False,
    at_most: int | None = None,
    at_most_without_scopes: int | None = None,
) -> Graph:
    """Return the graph behind a `Value`, or behind the root of a trace.

    Arguments:
        root: a Value; or a trace, whose recorded numbers are then shown.
        show_constants: whether plain numbers have boxes; by default the operation's badge shows them.
        at_most: how many Values there may be; None for no limit.
        at_most_without_scopes: how many there may be if none of them belongs to a part of a network, which could be
            folded; None for no limit.
    Raises: TypeError if root is neither a Value nor a trace; GraphTooLargeError if there are more Values than allowed.
    """
    if isinstance(root, Trace):
        options = {"at_most": at_most, "at_most_without_scopes": at_most_without_scopes}
        return _recorded(read(root.root.value, show_constants=show_constants, **options), root)
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


def _recorded(graph: Graph, trace: Trace) -> Graph:
    """Return the graph with the numbers of a trace."""
    found = {v.id: Numbers(v.data, trace.derivatives[v.id]) for v in trace.variables.values()}
    nodes = {
        node.id: replace(node, numbers=(found[node.id],)) if node.id in found else node  # a constant stays as it is
        for node in graph.nodes
    }
    told = replace(graph, nodes=tuple(nodes.values()), tangents=trace.quantity if trace.mode == "forward" else "")
    # nothing flows to or behind a side of `where` that was not taken, so this is more than local × gradient
    flows = {(e.node.id, e.index): e.contribution for e in trace if isinstance(e, Backward | Tangent)}
    return replace(
        told,
        edges=tuple(
            replace(
                edge,
                local=trace.variables[edge.target].partials[edge.index],
                flow=flows.get((edge.target, edge.index)),
            )
            for edge in graph.edges
        ),
    )


def _size(root: Value, limit: int) -> tuple[int, bool]:
    """Return how many Values there are, counted up to just over the limit, and whether one has a scope."""
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
    """Return the error, which says what to do."""
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
    """Return a node for each plain number, and all edges."""
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
    """Return the graph with each operation as a node of its own, "n3.op", between its operands and its result."""

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
        graph.tangents,
    )


def _symmetric(op: Op) -> bool:
    """Return whether the operands can be swapped, which holds if swapping them swaps the partial derivatives."""
    if op.variadic or len(op.args) - len(op.constants) < 2:
        return op.variadic or len(op.args) < 2
    swap = dict(zip(op.args, reversed(op.args), strict=True))
    swapped = [re.sub(r"\b\w+\b", lambda m: swap.get(m[0], m[0]), p or "") for p in op.partials]
    return swapped[::-1] == list(op.partials)
