"""The input of the layout; and, from its output, all shapes on the sheet but the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from viz import fonts
from viz.compose.boxes import Content
from viz.compose.ground import Ground
from viz.compose.nodes import nodes
from viz.compose.wires import UNCROWDED, label_size, wires
from viz.graph.nodes import Cluster, Graph
from viz.layout.plan import Box, Frame, Plan, Wire
from viz.scene import Group, Part, Rectangle
from viz.style import Look

NAME = 0.85  # em; the size of a frame's name
HEADING = 1.6  # em; the room for the name, above the boxes of a frame
MARGIN = 0.75  # em; the room on the other sides of them


def plan(graph: Graph, boxes: Mapping[str, Content], look: Look) -> Plan:
    """Return a box for each node and a wire for each edge, with room for labels of wires and names of frames."""
    em = look.text
    sizes = [label_size(edge, look) for edge in graph.edges]
    along, across = (0, 1) if look.rankdir == "LR" else (1, 0)
    label = max((size[along] for size in sizes), default=0.0)
    crowd = max(Counter(edge.target for edge in graph.edges).values(), default=0) - UNCROWDED
    fan = max(Counter(edge.source for edge in graph.edges).values(), default=0) - 3
    rank = look.rank + label * (1 + 0.12 * min(max(fan, 0), 8)) + 0.25 * em * min(max(crowd, 0), 16)
    return Plan(
        tuple(Box(node.id, *boxes[node.id].size(look)) for node in graph.nodes),
        tuple(Wire(edge.id, edge.source, edge.target) for edge in graph.edges),
        tuple(map(_frame, graph.clusters)),
        look.rankdir,
        look.gap,
        rank,
        MARGIN * em,
        HEADING * em,
        max((1.1 * size[across] for size in sizes), default=0.0),
    )


def shapes(ground: Ground) -> list[Group]:
    """Return frames, wires and nodes, from back to front."""
    return [*_frames(ground, ground.graph.clusters), *wires(ground), *nodes(ground)]


def _frame(cluster: Cluster) -> Frame:
    return Frame(cluster.id, cluster.members, tuple(map(_frame, cluster.inner)))


def _frames(ground: Ground, clusters: Sequence[Cluster]) -> Iterator[Group]:
    theme, em = ground.theme, ground.em
    for cluster in clusters:
        rect = ground.layout.frames[cluster.id]
        outline = Rectangle(
            rect.left, rect.top, rect.width, rect.height, 0.6 * em, theme.cluster, theme.cluster_line, 0.08 * em
        )
        name = ground.text(
            fonts.shorten(cluster.label, rect.width - em, NAME * em),
            rect.left + 0.6 * em,
            rect.top + 1.08 * em,
            theme.muted,
            size=NAME,
        )
        yield Group(
            cluster.id,
            "cluster",
            (Part(f"{cluster.id}.frame", "frame", (outline,)), Part(f"{cluster.id}.name", "name", (name,))),
            cluster.label,
        )
        yield from _frames(ground, cluster.inner)
