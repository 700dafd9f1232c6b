"""Neurons and layers in a graph: found by their scopes, framed, or folded into one box each.

A part of a network writes its scope, such as "layer1/neuron2", on its parameters and its output. The members of a
neuron are those parameters, and the nodes between them and the output that nothing outside uses. Neurons of one layer
that read the same inputs are one use of that layer. Folding can therefore never make a cycle.

    use       one application of a neuron: the network on three rows has three uses of each
    sources   what a use reads, such as the inputs or the neurons of the layer before
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from viz.graph.nodes import Cluster, Edge, Graph, Node, Numbers

Level = Literal["neuron", "layer"]


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a neuron, as ids of nodes.

    Arguments:
        scope: the neuron's scope, such as "layer1/neuron2".
        output: its output.
        members: the nodes that belong to this use alone, the output included.
        shared: the parameters that other uses read too.
        sources: what it reads, in topological order.
    """

    scope: str
    output: str
    members: frozenset[str]
    shared: frozenset[str]
    sources: tuple[str, ...]

    @property
    def layer(self) -> str:
        return self.scope.partition("/")[0]

    @property
    def name(self) -> str:
        return self.scope.rpartition("/")[2]


class _Links:
    """A graph's nodes by id, with their places in the order, and the edges into and out of each."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = {node.id: node for node in graph.nodes}
        self.place = {node.id: k for k, node in enumerate(graph.nodes)}
        self.into: dict[str, list[Edge]] = {node.id: [] for node in graph.nodes}
        self.out: dict[str, list[Edge]] = {node.id: [] for node in graph.nodes}
        for edge in graph.edges:
            self.into[edge.target].append(edge)
            self.out[edge.source].append(edge)


def uses(graph: Graph) -> list[Use]:
    """Return every use of a neuron in the graph, in topological order."""
    links = _Links(graph)
    return [_use(links, node) for node in graph.nodes if node.scope and node.kind == "result"]


def _use(links: _Links, output: Node) -> Use:
    """Return the use that ends in this output: walk back over nodes that only members use."""
    members, waiting, seen = {output.id}, list[tuple[int, str]](), {output.id}
    own, outside = set[str](), set[str]()

    def enqueue(id: str) -> None:
        for edge in links.into[id]:
            if edge.source not in seen:
                seen.add(edge.source)
                heapq.heappush(waiting, (-links.place[edge.source], edge.source))

    enqueue(output.id)
    while waiting:
        node = links.nodes[heapq.heappop(waiting)[1]]
        alone = all(edge.target in members for edge in links.out[node.id])
        if node.kind == "leaf" and node.scope == output.scope:
            own.add(node.id)
        elif node.kind == "constant" and alone:
            members.add(node.id)
        elif node.kind == "result" and not node.scope and alone:
            members.add(node.id)
            enqueue(node.id)
        else:
            outside.add(node.id)
    learned = set(own)
    for id in sorted(members, key=links.place.__getitem__):
        if any(edge.source in learned for edge in links.into[id]):
            learned.add(id)
    members &= (
        learned
        | {output.id}
        | {id for id in members if links.nodes[id].kind == "constant" and links.out[id][0].target in learned}
    )
    private = {id for id in own if all(edge.target in members for edge in links.out[id])}
    reads = {e.source for id in members for e in links.into[id]} - members - own
    return Use(
        output.scope,
        output.id,
        frozenset(members | private),
        frozenset(own - private),
        tuple(sorted(reads, key=links.place.__getitem__)),
    )


def _layers(some: Iterable[Use]) -> list[list[Use]]:
    """Return the uses grouped by layer and by what they read."""
    found: dict[tuple[str, tuple[str, ...]], list[Use]] = {}
    for use in some:
        found.setdefault((use.layer, use.sources), []).append(use)
    return list(found.values())


def framed(graph: Graph, some: Iterable[Use]) -> Graph:
    """Return the graph with a cluster around the shown members of each neuron, and one around each layer."""
    place = {node.id: k for k, node in enumerate(graph.nodes)}
    clusters: list[Cluster] = []
    count = 0
    for layer in _layers(some):
        neurons, alone = [], []
        for use in layer:
            members = sorted(use.members & place.keys(), key=place.__getitem__)
            if len(members) > 1:
                neurons.append(Cluster(f"c{count}", use.name, tuple(members)))
                count += 1
            else:
                alone += members  # a folded neuron needs no frame of its own
        if layer[0].layer == layer[0].scope:
            clusters += neurons
        else:
            clusters.append(Cluster(f"c{count}", layer[0].layer, tuple(alone), tuple(neurons)))
            count += 1
    return replace(graph, clusters=tuple(clusters))


def folded(graph: Graph, some: Iterable[Use], level: Level) -> Graph:
    """Return the graph with each neuron, or each layer, as one box."""
    some = list(some)
    links = _Links(graph)
    groups = [[use] for use in some] if level == "neuron" else _layers(some)
    box: dict[str, str] = {}  # a folded node -> the box that it is in
    boxes: dict[str, Node] = {}  # the last output of a group -> its box
    for k, group in enumerate(groups):
        node = _box(links, group, f"f{k}" if len(group) > 1 else group[0].output, level)
        boxes[group[-1].output] = node
        box |= {id: node.id for use in group for id in use.members}
    spread = {id for use in some for id in use.shared}  # parameters that several uses share
    gone = {id for id in spread if all(e.target in box for e in links.out[id])}
    nodes = [
        boxes.get(node.id, node)
        for node in graph.nodes
        if node.id not in gone and (node.id not in box or node.id in boxes)
    ]
    edges = _edges(graph, links, box, gone, {node.id: node for node in nodes})
    shown = sum(len(node.numbers) for node in nodes if node.kind != "constant")
    return Graph(
        tuple(nodes),
        tuple(edges),
        box.get(graph.root, graph.root),
        (),
        graph.values,
        graph.values - shown,
        graph.symmetric,
        graph.tangents,
    )


def _box(links: _Links, group: list[Use], id: str, level: Level) -> Node:
    """Return the box of one neuron, or of a layer, which shows the outputs of its neurons."""
    last = links.nodes[group[-1].output]
    parameters = len({id for use in group for id in use.members | use.shared if links.nodes[id].kind == "leaf"})
    note = f"{parameters} parameter{'s' * (parameters != 1)}"
    if len(group) == 1:
        name = group[0].layer if level == "layer" else group[0].name
        return replace(last, kind="folded", label=last.label or name, op=_activation(links, group), plain=(), note=note)
    numbers: tuple[Numbers, ...] = tuple(r for use in group for r in links.nodes[use.output].numbers)
    return Node(
        id,
        "folded",
        group[0].layer,
        _activation(links, group),
        (),
        numbers,
        group[0].layer,
        f"{len(group)} neurons, {note}",
    )


def _activation(links: _Links, group: list[Use]) -> str:
    """Return the operation that all uses end in if it has one operand, such as tanh; otherwise ""."""
    found = {links.nodes[use.output].op if len(links.into[use.output]) == 1 else "" for use in group}
    return found.pop() if len(found) == 1 else ""


def _edges(graph: Graph, links: _Links, box: dict[str, str], gone: set[str], nodes: dict[str, Node]) -> list[Edge]:
    """Return the edges between the nodes that are left; one for each pair of nodes if one of them is a folded box."""
    found: list[Edge] = []
    pairs: set[tuple[str, str]] = set()
    local = _locals(links, box, nodes)
    for edge in graph.edges:
        source, target = box.get(edge.source, edge.source), box.get(edge.target, edge.target)
        if source == target or source in gone:
            continue
        if (source, target) == (edge.source, edge.target) and nodes[target].kind != "folded":
            found.append(edge)
        elif (source, target) not in pairs:
            pairs.add((source, target))
            slope = local.get((edge.source, target)) if source == edge.source else None
            flow = graph.flow(slope, nodes[source], nodes[target])
            found.append(Edge(edge.id, source, target, len(pairs), slope, flow))
    return found


def _locals(links: _Links, box: dict[str, str], nodes: dict[str, Node]) -> dict[tuple[str, str], float]:
    """Return d(output)/d(source) of each folded neuron: the sum over all paths of the product along each path."""
    found: dict[tuple[str, str], float] = {
        (id, id): 1.0 for id, node in nodes.items() if node.kind == "folded" and len(node.numbers) == 1
    }
    for id in sorted(box, key=links.place.__getitem__, reverse=True):
        arrived = found.get((id, box[id]))
        for edge in links.into[id]:
            if arrived is not None and edge.local is not None:
                key = (edge.source, box[id])
                found[key] = found.get(key, 0.0) + arrived * edge.local
    return found
