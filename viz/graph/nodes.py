"""What there is to draw: frozen nodes and edges, read once from `Value`s, which nothing else in viz walks.

The numbers are those of the `Value`s as they are now; or, of a trace, those that it recorded.

Nodes are numbered n0, n1, ... in topological order and edges e0, e1, ... by their consumer and place in it, so that
the same expression gives the same ids on every run, and whatever is shown of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.ops import OPS, Op
from microgrAD.steps.naming import clean
from microgrAD.steps.trace import Trace

Kind = Literal["leaf", "result", "constant", "operation", "folded"]


class GraphTooLargeError(ValueError):
    """A graph has more boxes than a picture can show; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A value and its gradient, or in forward mode its tangent; None where no pass has computed one.

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

    local: d(target)/d(source) along this edge. flow: what it adds to the source's gradient, local times the target's
    gradient; or in forward mode to the target's tangent, local times the source's. None where there is none.
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
    """A computational graph as data. `values` counts the Values behind the picture, `hidden` those without a box.

    tangents: in forward mode what the second of two numbers is, "derivative by x"; empty for gradients.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    root: str
    clusters: tuple[Cluster, ...] = ()
    values: int = 0
    hidden: int = 0
    symmetric: frozenset[str] = frozenset()  # nodes whose operands could change places
    tangents: str = ""

    def __getitem__(self, id: str) -> Node:
        return next(node for node in self.nodes if node.id == id)

    @property
    def after_backward(self) -> bool:
        """Whether gradients of the root, or tangents, have been computed."""
        return any(numbers.grad is not None for numbers in self[self.root].numbers)

    @property
    def quantity(self) -> str:
        """One word for the second of two numbers."""
        return "derivative" if self.tangents else "gradient"

    def flow(self, local: float | None, source: Node, target: Node) -> float | None:
        """What an edge of that local derivative adds to the gradient of its source, or to its target's tangent."""
        upstream = (source if self.tangents else target).numbers[0].grad
        return local * upstream if local is not None and upstream is not None else None


def read(
    root: Value | Trace,
    *,
    show_constants: bool = False,
    at_most: int | None = None,
    at_most_without_scopes: int | None = None,
) -> Graph:
    """The graph behind a `Value`, or behind the root of a trace with the numbers that the trace recorded.

    Plain numbers get a box of their own with `show_constants`; else the operation's badge names them.
    TypeError when root is no Value; GraphTooLargeError when there are more than `at_most` Values, or, if no part of
    a network is among them that could be folded, more than `at_most_without_scopes`.
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
    """The graph with the numbers of a trace."""
    found = {v.id: Numbers(v.data, trace.derivatives[v.id]) for v in trace.variables.values()}
    nodes = {
        node.id: replace(node, numbers=(found[node.id],)) if node.id in found else node  # a constant stays as it is
        for node in graph.nodes
    }
    told = replace(graph, nodes=tuple(nodes.values()), tangents=trace.quantity if trace.mode == "forward" else "")
    return replace(told, edges=tuple(_edge(told, edge, nodes, trace) for edge in graph.edges))


def _edge(graph: Graph, edge: Edge, nodes: Mapping[str, Node], trace: Trace) -> Edge:
    local = trace.variables[edge.target].partials[edge.index]
    return replace(edge, local=local, flow=graph.flow(local, nodes[edge.source], nodes[edge.target]))


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
        graph.tangents,
    )


# ---------------------------------------------------------------------------------------------- words


def _symmetric(op: Op) -> bool:
    """Whether the operands could change places: then the partial derivatives change places with them."""
    if op.variadic or len(op.args) - len(op.constants) < 2:
        return op.variadic or len(op.args) < 2
    swap = dict(zip(op.args, reversed(op.args), strict=True))
    swapped = [re.sub(r"\b\w+\b", lambda m: swap.get(m[0], m[0]), p or "") for p in op.partials]
    return swapped[::-1] == list(op.partials)
