"""The words of a picture: titles, exact numbers for programs, and a description for screen readers."""

from __future__ import annotations

from microgrAD.steps import naming
from viz.compose.badge import badge
from viz.graph.nodes import Edge, Graph, Node
from viz.style import number

SPOKEN = 40  # the most nodes that a description lists


def name(node: Node) -> str:
    """Return a name for a node."""
    return naming.plain(node.label) or (f"the {badge(node.op, node.plain)} node" if node.op else "an unnamed value")


def node_title(node: Node, quantity: str) -> str:
    """Return a node's whole label and its numbers with all digits. `quantity` is the name of the second number."""
    if not node.numbers:
        return badge(node.op, node.plain)
    parts = [f"{name(node)} = {', '.join(repr(r.value) for r in node.numbers)}"]
    if any(r.grad is not None for r in node.numbers):
        parts.append(f"{quantity} {', '.join(repr(r.grad) for r in node.numbers)}")
    return "; ".join([*parts, *filter(None, [node.note])])


def node_data(node: Node) -> dict[str, str]:
    """Return a node's exact numbers and names."""
    grads = [repr(r.grad) for r in node.numbers if r.grad is not None]
    return {
        "op": node.op,
        "label": node.label,
        "scope": node.scope,
        "value": " ".join(repr(r.value) for r in node.numbers),
        "grad": " ".join(grads),
    }


def edge_data(edge: Edge) -> dict[str, str]:
    """Return an edge's ends and exact numbers."""
    data = {"source": edge.source, "target": edge.target, "index": str(edge.index)}
    return data | {key: repr(x) for key, x in (("local", edge.local), ("flow", edge.flow)) if x is not None}


def edge_title(edge: Edge, source: Node, target: Node, quantity: str) -> str:
    """Return an edge's ends and its numbers with all digits."""
    local = f"; local derivative {edge.local!r}" if edge.local is not None else ""
    flow = f"; contributes {edge.flow!r} to the {quantity}" if edge.flow is not None else ""
    return f"{name(source)} → {name(target)}{local}{flow}"


def title(graph: Graph) -> str:
    """Return the title of a picture."""
    root = graph[graph.root]
    values = ", ".join(number(r.value, 6) for r in root.numbers)
    return f"Computational graph of {naming.plain(root.label) or 'an expression'} = {values}"


def description(graph: Graph, notes: list[str]) -> str:
    """Return the graph as text, for anyone who cannot see it: each node with its operands."""
    nodes = {node.id: node for node in graph.nodes}
    inputs: dict[str, list[str]] = {}
    for edge in sorted(graph.edges, key=lambda edge: edge.index):
        inputs.setdefault(edge.target, []).append(name(nodes[edge.source]))
    said = []
    for node in graph.nodes[-SPOKEN:]:
        operands = ", ".join(inputs.get(node.id, []))
        made = f" = {badge(node.op, node.plain) if node.op else 'computed'} of {operands}" if operands else ""
        values = ", ".join(number(r.value, 6) for r in node.numbers)
        grads = ", ".join(number(r.grad, 6) for r in node.numbers if r.grad is not None)
        said.append(
            name(node) + made + (f" = {values}" if values else "") + (f", {graph.quantity} {grads}" if grads else "")
        )
    if len(nodes) > SPOKEN:
        said.insert(0, f"the last {SPOKEN} of {len(nodes)} boxes")
    return f"{len(nodes)} boxes and {len(graph.edges)} wires. " + "; ".join([*said, *notes]) + "."
