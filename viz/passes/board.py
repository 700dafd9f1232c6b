"""The board: the picture that the stages of a trace are told on, laid out once, with room for every number.

Its wires are whole and its numbers still stand in it; what shows it decides which of them are to be seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from microgrAD.errors import flag, whole_digits
from microgrAD.operators import Value
from microgrAD.steps.taking import traced
from microgrAD.steps.trace import Backward, Mode, Tangent, Trace
from viz import compose, fonts
from viz.graph.cluster import framed, uses
from viz.graph.nodes import Graph, GraphTooLargeError, Numbers, read
from viz.layout import graphviz
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.options import slide_pixels
from viz.scene import Curve, Group, Part, Point, Rectangle, Scene, Text
from viz.style import WAITING, Direction, Look, Theme, direction, number

MOST = 150  # boxes that can be followed step by step
TYPICAL = 0.8888  # live pages keep room for a number as long as -0.8888


@dataclass(frozen=True, slots=True)
class Board:
    """A trace, its graph, the picture of it, and how that looks."""

    trace: Trace
    graph: Graph
    scene: Scene
    look: Look


def prepare(
    root: Value | Trace,
    theme: Theme,
    *,
    live: bool = False,
    legend: bool = False,
    foot: float = 0.0,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    size: str | tuple[int, int] | None = None,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Board:
    """Take the trace, unless it is there already, and draw its board.

    live: numbers will change, so there is room for longer ones. legend: below the graph. foot: points to keep free at
    the bottom. The other options are those of `steps` and `draw`; local derivatives are shown by default.
    GraphTooLargeError beyond what can be followed.
    """
    look = Look(
        theme,
        direction(rankdir) or "LR",
        whole_digits(digits),
        inline=rankdir == "TB",
        show_local=show_local is None or flag(show_local, "show_local"),
        legend=legend,
    )
    place = partial(arrange, place=Placer(engine, time_limit))
    pixels = slide_pixels(size)
    trace = traced(root, gradient=gradient, mode=mode, wrt=wrt)
    look = replace(look, quantity=fonts.shorten(trace.quantity, 20 * look.small, look.small))
    graph = _graph(trace)
    roomy = _roomy(graph, trace, digits, live=live)
    if pixels:
        free = (pixels[0], pixels[1] - round(foot * 96 / 72))
        scene, _ = compose.fill(roomy, look, place, free, [rankdir] if rankdir else ["LR", "TB"])
        scene = replace(scene, pixels=pixels, height=pixels[1] * 72 / 96)
    else:
        scene = compose.draw(roomy, look, place)
        scene = replace(scene, height=scene.height + foot)
    return Board(trace, graph, _bare(scene, theme.background if theme.background.startswith("#") else ""), look)


def _graph(trace: Trace) -> Graph:
    """The graph behind a trace, framed by neurons and layers, each node under the name that explanations use."""
    if len(trace.variables) > MOST:
        raise GraphTooLargeError(
            f"this graph has {len(trace.variables):,} values, more than the {MOST} that can be "
            "followed step by step; take an inner value, or a smaller network"
        )
    graph = read(trace)
    named = tuple(replace(node, label=trace.variables[node.id].name) for node in graph.nodes)
    return framed(replace(graph, nodes=named), uses(graph))


def _roomy(graph: Graph, trace: Trace, digits: int, *, live: bool) -> Graph:
    """The graph with each number as long as it ever gets; `live` ones, which a reader changes, can get longer."""
    sample = [-round(TYPICAL, digits)] if live else []

    def width(x: float) -> float:
        return fonts.width(number(x, digits), 1.0)

    def longest(numbers: Iterable[float]) -> float:
        return max([*numbers, *sample], key=width)

    totals: dict[str, list[tuple[float, bool]]] = {
        id: [(g, False), *((x, False) for x in sample)] for id, g in trace.derivatives.items()
    }
    locals_: dict[tuple[str, int], float] = {}
    for event in trace:
        if isinstance(event, (Backward, Tangent)):
            summed = event.arg if isinstance(event, Backward) else event.node
            totals[summed.id].append((event.total, event.part < event.parts))
            locals_[event.node.id, event.index] = event.local
    waiting = fonts.width(WAITING, 1.0)
    widest = {id: max(some, key=lambda one: width(one[0]) + waiting * one[1]) for id, some in totals.items()}
    nodes = tuple(
        replace(node, numbers=(Numbers(longest([node.numbers[0].value]), *widest[node.id]),)) for node in graph.nodes
    )
    edges = tuple(replace(edge, local=longest([locals_[edge.target, edge.index]])) for edge in graph.edges)
    return replace(graph, nodes=nodes, edges=edges)


def _bare(scene: Scene, paper: str) -> Scene:
    """The picture without words that tell its numbers, wires whole, and the local derivatives above them, on `paper`
    of that colour if there is one.
    """
    hidden = {"value", "grad", "local", "flow"}
    groups, labels = [], []
    for group in scene.groups:
        data = {key: value for key, value in group.data.items() if key not in hidden}
        groups.append(
            replace(
                group, title="", data=data, parts=tuple(_whole(part) for part in group.parts if part.role != "local")
            )
        )
        labels += [
            replace(part, shapes=(*_behind(part, paper), *part.shapes)) for part in group.parts if part.role == "local"
        ]
    return replace(
        scene,
        groups=(*groups, Group("locals", "locals", tuple(labels))),
        description="",
        title=scene.title.partition(" = ")[0],
    )


def _whole(part: Part) -> Part:
    """A wire that makes no way for its label: there may be none yet."""
    lines = [shape for shape in part.shapes if isinstance(shape, Curve)]
    if len(lines) < 2:
        return part
    points = lines[0].points
    for line in lines[1:]:
        points += (*_bridge(points[-2:], line.points[:2]), *line.points[1:])
    rest = tuple(shape for shape in part.shapes if not isinstance(shape, Curve))
    return replace(part, shapes=(replace(lines[0], points=points), *rest))


def _bridge(end: Sequence[Point], start: Sequence[Point]) -> tuple[Point, Point, Point]:
    """A curve from one to the other that leaves and arrives in their directions."""
    reach = math.dist(end[1], start[0]) / 3

    def ahead(a: Point, b: Point, sign: float) -> Point:
        long = math.dist(a, b) or 1.0
        return (b[0] - a[0]) / long * reach * sign, (b[1] - a[1]) / long * reach * sign

    out, back = ahead(end[0], end[1], 1.0), ahead(start[0], start[1], -1.0)
    return ((end[1][0] + out[0], end[1][1] + out[1]), (start[0][0] + back[0], start[0][1] + back[1]), start[0])


def _behind(part: Part, paper: str) -> Iterator[Rectangle]:
    for shape in part.shapes if paper else ():
        if isinstance(shape, Text):
            pad = 0.12 * shape.size
            left = shape.x - shape.width / 2 - pad
            yield Rectangle(left, shape.y - 0.85 * shape.size, shape.width + 2 * pad, 1.1 * shape.size, pad, paper)
