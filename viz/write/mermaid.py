"""The graph as Mermaid, a text that GitHub and others draw: a file, or a block in Markdown.

Numbers have the digits of the picture, and wires its local derivatives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from microgrAD.steps import naming
from viz import fonts
from viz.graph.nodes import Cluster, Graph
from viz.scene import Curve, Group, Part, Rectangle, Scene, Text

# the shape of a node by its kind; an operation that is a node of its own is a circle
_SHAPES = {"leaf": ('("', '")'), "operation": ('(("', '"))'), "constant": ('["', '"]'), "folded": ('[["', '"]]')}
_RESULT = ('("', '")')
# what Mermaid reads as a line break, a formula and an icon even where it is written in codes
_READ_LATER = re.compile(r"\\(?=n)|\$(?=\$)|:(?=fa-)")
_UNSEEN = "\u200b"  # a space of no width, which keeps such signs apart
_LETTER = re.compile(r"[^\w ]|_|^\d")


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the graph as a Mermaid file, or as a block of it in Markdown."""
    text = write(graph, scene)
    return (f"```mermaid\n{text}```\n" if ending == ".md" else text).encode()


def write(graph: Graph, scene: Scene) -> str:
    """Return the text of the flowchart."""
    return "".join(f"{line}\n" for line in _lines(graph, scene))


def _lines(graph: Graph, scene: Scene) -> Iterator[str]:
    groups = {group.id: group for group in scene.groups}
    yield f"flowchart {_direction(scene)}"
    yield f"  accTitle: {' '.join(re.sub('[;:#{}]', ' ', scene.title).split())}"
    inside = {member for cluster in graph.clusters for member in cluster.members}
    for node in graph.nodes:
        if node.id not in inside:
            yield f"  {_node(groups[node.id])}"
    yield from _clusters(graph.clusters, groups, "  ")
    for edge in graph.edges:
        local = "".join(said for part in groups[edge.id].parts if part.role == "local" for said in _said(part))
        label = f'|"{_quoted(local)}"|' if local else ""
        yield f"  {edge.source} -->{label} {edge.target}"
    yield from _styles(graph, groups)


def _clusters(clusters: Sequence[Cluster], groups: dict[str, Group], margin: str) -> Iterator[str]:
    for cluster in clusters:
        deeper = {member for inner in cluster.inner for member in inner.members}
        yield f'{margin}subgraph {cluster.id}["{_quoted(cluster.label)}"]'
        yield from (f"{margin}  {_node(groups[id])}" for id in cluster.members if id not in deeper)
        yield from _clusters(cluster.inner, groups, margin + "  ")
        yield f"{margin}end"


def _node(group: Group) -> str:
    """Return a node with its rows: the operation and the label, the value, the gradient."""
    begin, end = _SHAPES.get(group.role, _RESULT)
    rows: list[list[str]] = []
    heights: list[float] = []
    for part in sorted(group.parts, key=lambda part: part.role != "badge"):  # the operation stands first
        for shape in part.shapes:
            if isinstance(shape, Text) and shape.text and part.visible:
                if part.role == "badge" or not heights or abs(shape.y - heights[-1]) > 0.3 * shape.size:
                    rows.append([])
                    heights.append(shape.y if part.role != "badge" else float("inf"))
                rows[-1].append(_plain(shape))
    return f"{group.id}{begin}{'<br/>'.join(_quoted(' '.join(row)) for row in rows)}{end}"


def _said(part: Part) -> Iterator[str]:
    yield from (_plain(shape) for shape in part.shapes if isinstance(shape, Text))


def _plain(shape: Text) -> str:
    return naming.as_text(shape.text) if fonts.mathematics(shape.text) else shape.text


def _quoted(text: str) -> str:
    """Return text in which Mermaid, Markdown and HTML find no markup: signs become codes, such as #35; for #."""
    one_line = _READ_LATER.sub(lambda found: found[0] + _UNSEEN, " ".join(text.split()))
    return _LETTER.sub(lambda found: found[0] if ord(found[0]) > 127 else f"#{ord(found[0])};", one_line)


def _direction(scene: Scene) -> str:
    """Return LR or TB, as the wires of the picture go."""
    lines = [shape for group in scene.groups for part in group.parts for shape in part.shapes]
    ways = [line.points for line in lines if isinstance(line, Curve)]
    across = sum(abs(way[1][0] - way[0][0]) for way in ways)
    return "LR" if across >= sum(abs(way[1][1] - way[0][1]) for way in ways) else "TB"


def _styles(graph: Graph, groups: dict[str, Group]) -> Iterator[str]:
    """Yield the colours of the boxes, a class for each look."""
    looks: dict[str, list[str]] = {}
    named = [part for group in groups.values() for part in group.parts if part.role == "label"]
    ink = next((s.color for part in named for s in part.shapes if isinstance(s, Text)), "")  # one for all of a box
    for node in graph.nodes:
        shapes = [s for part in groups[node.id].parts for s in part.shapes if isinstance(s, Rectangle)]
        inks = [s for part in groups[node.id].parts for s in part.shapes if isinstance(s, Text)]
        if shapes and inks:
            line = f",stroke:{shapes[0].line}" if shapes[0].line else ""
            looks.setdefault(f"fill:{shapes[0].fill}{line},color:{ink or inks[0].color}", []).append(node.id)
    for k, (look, ids) in enumerate(looks.items()):
        yield f"  classDef look{k} {look}"
        yield f"  class {','.join(ids)} look{k}"
