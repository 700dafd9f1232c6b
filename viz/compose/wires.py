"""The wires of a picture: curves with arrowheads, which arrive at a badge side by side, and their labels.

tip     where a wire's arrowhead touches the badge
out     the direction there, from the badge outwards: a unit vector
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from viz import fonts
from viz.compose.ground import Ground
from viz.compose.words import edge_data, edge_title
from viz.graph.nodes import Edge
from viz.layout import curves
from viz.layout.plan import Rect
from viz.scene import Curve, Group, Part, Point, Polygon, Text
from viz.style import LOCAL, Look, blend, number

WEIGHT = 0.125  # em; the width of a line
UNCROWDED = 5  # up to this number of arriving wires have full weight; more are thinner
HEAD = (0.64, 0.27)  # em; an arrowhead's length and half its width
GAP = 0.05  # em; between the tip and the badge
FAN = math.radians(52)  # wires arrive at a badge at up to this angle from its middle
LEAN = 0.65  # the factor on that angle for the direction of a wire
ROUNDS = 4  # how often labels look for a place
# the places tried for a label on its wire, as shares of the wire's length
PLACES = (0.45, 0.4, 0.5, 0.35, 0.55, 0.3, 0.6, 0.25, 0.65, 0.2, 0.7, 0.15, 0.75, 0.8)


def local(edge: Edge, look: Look) -> str:
    """Return the label of a wire, its local derivative; "" if it has none."""
    return f"{LOCAL}{number(edge.local, look.digits)}" if look.show_local and edge.local is not None else ""


def label_size(edge: Edge, look: Look) -> tuple[float, float]:
    """Return the width and height of the label of a wire; zeros if it has none."""
    text = local(edge, look)
    return (fonts.width(text, look.text) + 0.4 * look.text, 1.15 * look.text) if text else (0.0, 0.0)


def wires(ground: Ground) -> Iterator[Group]:
    """Return a group for each edge, in the order of the graph."""
    nodes, arrivals = ground.nodes(), _arrivals(ground)
    turned, arriving = _turned(ground, arrivals), Counter(edge.target for edge in ground.graph.edges)
    largest = max((abs(edge.flow) for edge in ground.graph.edges if edge.flow is not None), default=0.0)
    drawn = {
        edge.id: _arrow(ground, edge, *arrivals[edge.id], *_stroke(ground, edge, largest, arriving[edge.target]))
        for edge in ground.graph.edges
    }
    labelled = [edge for edge in ground.graph.edges if local(edge, ground.look)]
    places = Labels(
        ground,
        {edge.id: drawn[edge.id][0].points for edge in labelled},
        {edge.id: label_size(edge, ground.look) for edge in labelled},
    ).found()
    for edge in ground.graph.edges:
        line, head = drawn[edge.id]
        lines, parts = [line], list[Part]()
        if text := local(edge, ground.look):
            at = places[edge.id]
            label = ground.text(text, at.x, at.y + fonts.CAP / 2 * ground.em, ground.theme.local, anchor="middle")
            parts = [Part(f"{edge.id}.local", "local", (label,))]
            lines = [
                replace(line, points=way) for way in curves.without(line.points, (at.left, at.top, at.right, at.bottom))
            ]
        parts.insert(0, Part(f"{edge.id}.line", "line", (*lines, head)))
        if edge.id in turned:
            parts.append(Part(f"{edge.id}.place", "place", (_place(ground, edge, *arrivals[edge.id]),)))
        yield Group(
            edge.id,
            "edge",
            tuple(parts),
            edge_title(edge, nodes[edge.source], nodes[edge.target], ground.graph.quantity),
            edge_data(edge),
        )


def _stroke(ground: Ground, edge: Edge, largest: float, arriving: int) -> tuple[str, float]:
    """Return the colour and weight of a wire; with `by_gradient` they show its flow. Many arriving wires are thin."""
    theme, weight = ground.theme, WEIGHT * ground.em * min(1.0, max(0.4, UNCROWDED / arriving))
    if not ground.look.by_gradient or not edge.flow or not largest:
        return theme.edge, weight
    share = math.sqrt(abs(edge.flow) / largest)
    strong = theme.flow_positive if edge.flow > 0 else theme.flow_negative
    return blend(strong, theme.edge, min(1.0, 0.4 + share)), weight * (0.7 + 1.8 * share)


def _arrow(ground: Ground, edge: Edge, tip: Point, out: Point, color: str, weight: float) -> tuple[Curve, Polygon]:
    """Return the line and the arrowhead."""
    share = weight / (WEIGHT * ground.em)
    grown = ground.em * (0.7 + 0.3 * share if share > 1 else 0.3 + 0.7 * share)
    length, half = HEAD[0] * grown, HEAD[1] * grown
    x, y = tip[0] + out[0] * length, tip[1] + out[1] * length
    head = (tip, (x - out[1] * half, y + out[0] * half), (x + out[1] * half, y - out[0] * half))
    end = (x - out[0] * 0.1 * length, y - out[1] * 0.1 * length)  # a little inside the head, so that there is no gap
    way = ground.layout.wires[edge.id]
    reach = 0.5 * (end[0] - way[-4][0] if ground.horizontal else end[1] - way[-4][1])
    bend = (way[-2][1] - way[-1][1], way[-2][0] - way[-1][0])  # if it is one of several wires side by side
    aim = (end[0] + out[0] * reach, end[1] + out[1] * reach)
    aim = (aim[0], aim[1] + bend[0]) if ground.horizontal else (aim[0] + bend[1], aim[1])
    return Curve((*way[:-2], aim, end), color, weight), Polygon(head, color)


def _turned(ground: Ground, arrivals: Mapping[str, tuple[Point, Point]]) -> set[str]:
    """Return the edges of operations whose operands cannot be swapped, but do not arrive in their order."""
    across = 1 if ground.horizontal else 0
    incoming: dict[str, list[Edge]] = {}
    for edge in ground.graph.edges:
        if edge.target not in ground.graph.symmetric:
            incoming.setdefault(edge.target, []).append(edge)
    found = set()
    for edges in incoming.values():
        indices = [edge.index for edge in sorted(edges, key=lambda edge: arrivals[edge.id][0][across])]
        if indices != sorted(indices):
            found |= {edge.id for edge in edges}
    return found


def _place(ground: Ground, edge: Edge, tip: Point, out: Point) -> Text:
    """Return the number of the operand, beside the arrowhead."""
    away = 0.4 * ground.em
    side = 0.58 * ground.em if (out[1] if ground.horizontal else out[0]) >= 0 else -0.58 * ground.em
    x, y = tip[0] + out[0] * away, tip[1] + out[1] * away
    x, y = (x, y + side) if ground.horizontal else (x + side, y)
    return ground.text(
        str(edge.index + 1), x, y + 0.24 * ground.em, ground.theme.muted, size=0.66, bold=True, anchor="middle"
    )


def _arrivals(ground: Ground) -> dict[str, tuple[Point, Point]]:
    """Return the tip and the direction of each wire; the wires at one badge keep the order in which they come."""
    incoming: dict[str, list[Edge]] = {}
    for edge in ground.graph.edges:
        incoming.setdefault(edge.target, []).append(edge)

    def side(edge: Edge) -> tuple[float, float, int]:
        across = 1 if ground.horizontal else 0
        way, source = ground.layout.wires[edge.id], ground.layout.boxes[edge.source]
        return round(way[-4][across], 1), source.y if ground.horizontal else source.x, edge.index

    return {
        edge.id: _arrival(ground, target, (2 * k + 1) / len(edges) - 1 if len(edges) > 1 else 0.0)
        for target, edges in incoming.items()
        for k, edge in enumerate(sorted(edges, key=side))
    }


def _arrival(ground: Ground, target: str, t: float) -> tuple[Point, Point]:
    """Return tip and direction at a badge, or a box; t goes from -1 to 1 along the side that faces the operands."""
    seat, gap = ground.seat(target), GAP * ground.em
    if seat is None:
        body = ground.body(target)
        if ground.horizontal:
            return (body.left - gap, body.y + t * 0.25 * body.height), (-1.0, 0.0)
        return (body.x + t * 0.25 * body.width, body.top - gap), (0.0, -1.0)
    r = seat.height / 2
    cos, sin = math.cos(t * FAN), math.sin(t * FAN)
    flat, steep = math.cos(LEAN * t * FAN), math.sin(LEAN * t * FAN)
    if ground.horizontal:
        return (seat.left + r - (r + gap) * cos, seat.y + (r + gap) * sin), (-flat, steep)
    return (seat.x + t * (seat.width / 2 - r) + (r + gap) * sin, seat.y - (r + gap) * cos), (steep, -flat)


class Labels:
    """Finds places for labels on their wires: away from boxes and other labels, and if possible from other wires."""

    def __init__(
        self, ground: Ground, ways: Mapping[str, Sequence[Point]], sizes: Mapping[str, tuple[float, float]]
    ) -> None:
        self.boxes = list(ground.layout.boxes.values())
        self.sizes = sizes
        self.at: dict[str, Rect] = {}
        self.points = {id: list(curves.samples(way, curves.FINE)) for id, way in ways.items()}
        self.cell = 0.4 * ground.em
        self.passing: dict[tuple[int, int], set[str]] = {}  # the wires in each cell of a grid
        for id, points in self.points.items():
            for x, y in points:
                self.passing.setdefault((int(x // self.cell), int(y // self.cell)), set()).add(id)

    def found(self) -> dict[str, Rect]:
        """Return a place for each label. Labels without a free place try again after all others have one."""
        crowded = list(self.points)
        for _ in range(ROUNDS):
            for id in crowded:
                self.at[id] = self.best(id)
            crowded = [id for id in crowded if self.covered(self.at[id], id)]
        return self.at

    def best(self, id: str) -> Rect:
        points = self.points[id]
        ends = [Rect(*point, 0.0, 0.0) for point in (points[0], points[-1])]  # both ends must stay visible
        places = [Rect(*point, *self.sizes[id]) for point in curves.places(points, PLACES)]
        return min(
            places,
            key=lambda place: (
                sum(map(place.overlaps, self.boxes + ends)),
                self.covered(place, id),
                self.crossed(place, id),
            ),
        )

    def covered(self, place: Rect, id: str) -> float:
        """Return the area of other labels that a place covers."""
        return sum(
            (min(place.right, at.right) - max(place.left, at.left))
            * (min(place.bottom, at.bottom) - max(place.top, at.top))
            for other, at in self.at.items()
            if other != id and place.overlaps(at)
        )

    def crossed(self, place: Rect, id: str) -> int:
        """Return how many other wires pass through a place."""

        def cells(low: float, high: float) -> range:
            return range(int(low // self.cell), int(high // self.cell) + 1)

        return len(
            set().union(
                *(
                    self.passing.get((i, j), ())
                    for i in cells(place.left, place.right)
                    for j in cells(place.top, place.bottom)
                )
            )
            - {id}
        )
