"""The graph in Graphviz's DOT language, for anyone who edits DOT by hand: `to_graphviz`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from microgrAD.errors import one_of, whole_digits
from viz import fonts
from viz.compose.badge import badge
from viz.graph.cluster import Level
from viz.graph.nodes import Cluster, Graph, Node, split
from viz.graph.select import select
from viz.scene import Scene
from viz.style import GRADIENT, LIGHT, NOTHING, VALUE, number

if TYPE_CHECKING:
    from graphviz import Digraph

    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace

LABEL = 200.0  # points: longer labels are shortened


def to_graphviz(
    root: Value | Trace,
    *,
    rankdir: str | None = None,
    digits: int = 4,
    show_constants: bool = False,
    collapse: Level | None = None,
    format: str = "svg",
    force: bool = False,
) -> Digraph:
    """Return the graph behind `root` as a `graphviz.Digraph`, with operations as nodes of their own.

    Arguments:
        root: a Value, or the trace of a pass.
        rankdir: "LR" (from left to right, the default), "TB", "RL" or "BT".
        digits: significant digits of the numbers.
        show_constants: whether plain numbers have nodes.
        collapse: "neuron" or "layer" to fold each of them into one node.
        format: the format of the file that `Digraph.render` writes.
        force: whether to return a graph that is too large to read.
    Returns: the Digraph. Its methods `render` and `pipe` need a `dot` on the machine; `source` and `save` do not.
    Raises: ValueError for an unknown choice; GraphTooLargeError if the graph is too large.
    """
    if rankdir is not None:
        one_of(rankdir, "rankdir", ["LR", "TB", "RL", "BT"])
    whole_digits(digits)
    return digraph(
        select(root, show_constants=show_constants, collapse=collapse, force=force),
        format=format,
        rankdir=rankdir or "LR",
        digits=digits,
    )


def digraph(graph: Graph, *, format: str = "svg", rankdir: str = "LR", digits: int = 4) -> Digraph:
    """Return a graph as a `graphviz.Digraph`; the arguments are those of `to_graphviz`."""
    from graphviz import Digraph

    if not any(node.kind == "operation" for node in graph.nodes):
        graph = split(graph)
    dot = Digraph(
        "computation",
        format=format,
        graph_attr={"rankdir": rankdir, "fontname": fonts.STACK},
        node_attr={"fontname": fonts.STACK, "shape": "plain"},
        edge_attr={"color": LIGHT.edge},
    )
    for node in graph.nodes:
        if node.kind == "operation":
            dot.node(
                node.id,
                f"<{_literal(badge(node.op, node.plain, digits))}>",
                shape="ellipse",
                style="filled",
                fillcolor=LIGHT.badge,
                fontcolor=LIGHT.badge_ink,
                margin="0.05",
                height="0.3",
                width="0.3",
            )
        else:
            dot.node(node.id, _table(node, digits))
    for edge in graph.edges:
        dot.edge(edge.source, edge.target)
    _clusters(dot, graph.clusters)
    return dot


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the graph as a DOT file."""
    return source(graph).encode()


def source(graph: Graph) -> str:
    """Return the DOT text."""
    return str(digraph(graph).source)


def _table(node: Node, digits: int) -> str:
    """Return an HTML-like label: the node's label above its values and gradients."""
    rows = []
    if node.label:
        rows.append(f"<B>{_literal(fonts.shorten(node.label, LABEL, 14, True))}</B>")
    for numbers in node.numbers:
        rows.append(_colored(LIGHT.value, f"{VALUE} {number(numbers.value, digits)}"))
        if node.kind != "constant":
            gradient = NOTHING if numbers.grad is None else number(numbers.grad, digits)
            rows.append(_colored(LIGHT.gradient, f"{GRADIENT} {gradient}"))
    if node.note:
        rows.append(_literal(node.note))
    cells = "".join(f'<TR><TD ALIGN="LEFT" BORDER="0">{row}</TD></TR>' for row in rows)
    return (
        f'<<TABLE STYLE="ROUNDED" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" COLOR="{LIGHT.result_line}">'
        f"{cells}</TABLE>>"
    )


def _literal(text: str) -> str:
    """Return text for an HTML-like label, with ] escaped: Graphviz 2.43 misreads a ] alone."""
    return escape(text).replace("]", "&#93;")


def _colored(color: str, text: str) -> str:
    return f'<FONT COLOR="{color}">{_literal(text)}</FONT>'


def _clusters(dot: Digraph, clusters: Sequence[Cluster]) -> None:
    from graphviz import escape as quoted

    for cluster in clusters:
        with dot.subgraph(name=f"cluster_{cluster.id}") as inside:
            inside.attr(label=quoted(cluster.label), color=LIGHT.cluster_line, fontcolor=LIGHT.muted)
            for member in cluster.members:
                inside.node(member)
            _clusters(inside, cluster.inner)
