"""Folds boxes into the box that uses them, if only that one does: chains, then what has no name, then parameters.

    chain       an operation whose only operand is this node takes it in: exp(−n) is one box
    unnamed     a result without a name of its own goes into what uses it, too
    parameters  an input that only one box uses does so, too
    few, many   results with names, too, up to 4 or 9 nodes in a box

Each level folds all that the level before folds. Every node keeps its id, so that its numbers find their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from viz.graph.nodes import Edge, Graph, Node

Level = Literal["chain", "unnamed", "parameters", "few", "many"]
LEVELS: tuple[Level, ...] = ("chain", "unnamed", "parameters", "few", "many")
MOST = {"few": 4, "many": 9}  # nodes in a box


@dataclass(frozen=True, slots=True)
class Merged:
    """A folded graph.

    Arguments:
        graph: the graph.
        box: the id of the box of each node, by the node's id.
        wire: the id of the wire that is drawn for each edge, by the edge's id; edges within a box have none.
    """

    graph: Graph
    box: Mapping[str, str]
    wire: Mapping[str, str]


def merged(graph: Graph, level: Level, named: Collection[str], note: Callable[[int], str]) -> Merged:
    """Return the graph folded as far as this level.

    Arguments:
        graph: the graph.
        level: how far it is folded.
        named: the ids of the nodes that have a name of their own.
        note: what a box says of the number of nodes inside it.
    """
    box = _boxes(graph, level, named)
    inside: dict[str, list[str]] = {}
    for id, holder in box.items():
        inside.setdefault(holder, []).append(id)
    nodes = tuple(_box(node, inside[node.id], note) for node in graph.nodes if box[node.id] == node.id)
    edges: dict[tuple[str, ...], Edge] = {}
    wire: dict[str, str] = {}
    for edge in graph.edges:
        source, target = box[edge.source], box[edge.target]
        if source == target:
            continue
        plain = (source, target) == (edge.source, edge.target) and len(inside[target]) == 1
        key = (edge.id,) if plain else (source, target)
        found = edges.setdefault(key, edge if plain else Edge(edge.id, source, target, edge.index))
        wire[edge.id] = found.id
    shown = replace(graph, nodes=nodes, edges=tuple(edges.values()), clusters=(), hidden=graph.values - len(nodes))
    return Merged(shown, box, wire)


def _boxes(graph: Graph, level: Level, named: Collection[str]) -> dict[str, str]:
    """Return the box of each node, from the root back to the inputs."""
    into: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    out: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        into[edge.target].add(edge.source)
        out[edge.source].add(edge.target)
    box: dict[str, str] = {}
    size: Counter[str] = Counter()
    most = MOST.get(level, len(graph.nodes))
    for node in reversed(graph.nodes):
        users = {box[user] for user in out[node.id]}
        chain = len(out[node.id]) == 1 and all(into[user] == {node.id} for user in out[node.id])
        box[node.id] = node.id
        if len(users) == 1 and _folds(node, level, named, chain=chain):
            user = users.pop()
            box[node.id] = user if size[user] < most else node.id
        size[box[node.id]] += 1
    return {node.id: box[node.id] for node in graph.nodes}


def _folds(node: Node, level: Level, named: Collection[str], *, chain: bool) -> bool:
    """Return whether a node goes into the only box that uses it."""
    if node.kind == "result":
        return level in MOST or chain or level != "chain" and node.id not in named
    return node.kind == "constant" or level not in ("chain", "unnamed")


def _box(node: Node, inside: list[str], note: Callable[[int], str]) -> Node:
    """Return the box of a node, which shows the node's own numbers."""
    if len(inside) == 1:
        return node
    return replace(node, kind="folded", op="", plain=(), note=note(len(inside)))
