"""Frames within frames: each frame is laid out alone, and its surroundings treat it as one box.

So the neurons of a layer look alike, and a wire enters a frame only if it ends there. A wire from outside enters at a
port on the side where the graph begins. After the port it is a wire of the frame.

    level   the inside of one frame, or the whole sheet: boxes, frames and ports, all as boxes of a plan
    leg     the part of a wire within one level
    along   the coordinate in the direction of the graph, which is x if rankdir is "LR"
    across  the other coordinate
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from viz.layout.curves import straight, touches
from viz.layout.plan import Box, Frame, Layout, Plan, Point, Rect, Wire, even
from viz.layout.refine import refine

CLEAR = 4.0  # points between a plain curve and the boxes that it passes
PORT = 8.0  # points across, for each port

Way = tuple[Point, ...]


@dataclass(slots=True)
class _Block:
    """A level after its layout, in (along, across) from its own corner. Ways start at the source or at the border."""

    length: float
    breadth: float
    boxes: dict[str, Rect]
    frames: dict[str, Rect]
    ways: dict[str, Way]
    ports: dict[str, float]  # the id of a source outside -> where its wires enter, across


def arrange(plan: Plan, place: Callable[[Plan], Layout]) -> Layout:
    """Return the layout of a plan with frames; `place` lays out a plan without frames."""
    block = _Level(plan, Frame("", _outside(plan), plan.frames), place, {box.id: box for box in plan.boxes}).block()

    def back(rect: Rect) -> Rect:
        return rect if plan.rankdir == "LR" else Rect(rect.y, rect.x, rect.height, rect.width)

    ways = {id: way if plan.rankdir == "LR" else tuple((y, x) for x, y in way) for id, way in block.ways.items()}
    return Layout(
        {id: back(rect) for id, rect in block.boxes.items()},
        ways,
        {id: back(rect) for id, rect in block.frames.items()},
    )


def _outside(plan: Plan) -> tuple[str, ...]:
    framed = {member for frame in plan.frames for member in _members(frame)}
    return tuple(box.id for box in plan.boxes if box.id not in framed)


def _members(frame: Frame) -> Iterator[str]:
    yield from frame.members
    for inner in frame.inner:
        yield from _members(inner)


class _Level:
    """The inside of a frame during its layout, in (along, across)."""

    def __init__(self, plan: Plan, frame: Frame, place: Callable[[Plan], Layout], sizes: Mapping[str, Box]) -> None:
        self.plan, self.frame, self.place, self.sizes = plan, frame, place, sizes
        self.horizontal = plan.rankdir == "LR"
        self.inner = {f.id: _Level(plan, f, place, sizes).block() for f in frame.inner}
        self.home = {id: id for id in frame.members}  # a box -> its stand-in here: itself, or the frame around it
        self.home |= {id: f.id for f in frame.inner for id in _members(f)}

    def block(self) -> _Block:
        legs, wires = self.legs()
        homes = set(self.home.values())
        ports = tuple(dict.fromkeys(wire.source for wire in wires if wire.source not in homes))
        flat = replace(
            self.plan, boxes=(*self.ports(ports, wires), *self.stand_ins()), wires=tuple(wires), frames=(), first=ports
        )
        rects, routes = self.routes(flat)
        edge_l, edge_t, edge_r, edge_b = self.border(rects)
        ways = {
            wire.id: self.way(wire, routes[leg], rects, edge_l)
            for wire in self.plan.wires
            if (leg := legs.get(wire.id))
        }
        members = set(self.frame.members)
        boxes = {id: rect for id, rect in rects.items() if id in members}
        frames = {id: rects[id] for id in self.inner}
        for id, block in self.inner.items():
            corner = rects[id].left, rects[id].top
            boxes |= _shifted(block.boxes, *corner)
            frames |= _shifted(block.frames, *corner)
            ways |= {k: _moved(way, *corner) for k, way in block.ways.items() if k not in ways}
        return _Block(
            edge_r - edge_l,
            edge_b - edge_t,
            _shifted(boxes, -edge_l, -edge_t),
            _shifted(frames, -edge_l, -edge_t),
            {k: _moved(way, -edge_l, -edge_t) for k, way in ways.items()},
            {id.removesuffix(".in"): rects[id].y - edge_t for id in ports},
        )

    def legs(self) -> tuple[dict[str, str], list[Wire]]:
        """Return the leg of each wire that passes this level. Wires from one source into one frame share a leg."""
        legs: dict[str, str] = {}
        wires: dict[tuple[str, ...], Wire] = {}
        for wire in self.plan.wires:
            target, source = self.home.get(wire.target), self.home.get(wire.source, f"{wire.source}.in")
            if target is None or source == target:
                continue
            key = (wire.source, target) if target in self.inner else (wire.id,)
            if key not in wires:
                wires[key] = Wire(wire.id, source, target, self.tail(wire), self.head(wire))
            legs[wire.id] = wires[key].id
        return legs, list(wires.values())

    def tail(self, wire: Wire) -> float:
        """Return the distance of the source from the middle of its stand-in."""
        home = self.home.get(wire.source)
        block = self.inner.get(home) if home else None
        return block.boxes[wire.source].y - block.breadth / 2 if block else 0.0

    def head(self, wire: Wire) -> float:
        """Return the distance of the wire's port from the middle of the target's stand-in."""
        block = self.inner.get(self.home[wire.target])
        return block.ports[wire.source] - block.breadth / 2 if block else 0.0

    def ports(self, ports: tuple[str, ...], wires: list[Wire]) -> Iterator[Box]:
        """Return the ports as boxes, as long as the boxes beside them, so that wires pass those in a straight line."""
        computed = {wire.target for wire in wires}
        beside = [self.length(box) for box in self.stand_ins() if box.id not in computed]
        for id in ports:
            yield Box(id, *self.turn(max(beside, default=1.0), PORT))

    def stand_ins(self) -> Iterator[Box]:
        """Return the members, and the frames as boxes, in the order of the plan."""
        for id in dict.fromkeys(self.home[box] for box in self.sizes if box in self.home):
            block = self.inner.get(id)
            yield Box(id, *self.turn(block.length, block.breadth)) if block else self.sizes[id]

    def length(self, box: Box) -> float:
        return box.width if self.horizontal else box.height

    def turn(self, along: float, across: float) -> tuple[float, float]:
        return (along, across) if self.horizontal else (across, along)

    def as_along_across(self, layout: Layout) -> Layout:
        """Return the layout in (along, across)."""
        if self.horizontal:
            return layout
        return Layout(
            {id: Rect(r.y, r.x, r.height, r.width) for id, r in layout.boxes.items()},
            {id: tuple((y, x) for x, y in way) for id, way in layout.wires.items()},
            {},
        )

    def border(self, rects: Mapping[str, Rect]) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of the frame around all boxes, with room for its name at the top."""
        if not self.frame.id:
            return 0.0, 0.0, 0.0, 0.0
        margin, heading = self.plan.margin, self.plan.heading
        near, over = (margin, heading) if self.horizontal else (heading, margin)
        left, top = min(r.left for r in rects.values()) - near, min(r.top for r in rects.values()) - over
        right, bottom = max(r.right for r in rects.values()) + margin, max(r.bottom for r in rects.values()) + margin
        return left, top, left + even(right - left), top + even(bottom - top)

    def shifts(self, wires: Sequence[Wire]) -> Iterator[float]:
        """Return how far each wire bends to one side, so that wires between the same two boxes are apart."""
        number = Counter((wire.source, wire.target, wire.tail, wire.head) for wire in wires)
        seen: Counter[tuple[str, str, float, float]] = Counter()
        for wire in wires:
            key = (wire.source, wire.target, wire.tail, wire.head)
            yield (seen[key] - (number[key] - 1) / 2) * self.plan.apart
            seen[key] += 1

    def routes(self, flat: Plan) -> tuple[Mapping[str, Rect], dict[str, Way]]:
        """Return boxes and routes with refined positions. A box that a route hits goes back to Graphviz's place."""
        placed = self.place(flat)
        pinned: set[str] = set()
        while True:
            layout = self.as_along_across(refine(placed, flat, pinned))
            reaching = _boxes_between(layout.boxes)
            routes: dict[str, Way] = {}
            hit: set[str] = set()
            for wire, shift in zip(flat.wires, self.shifts(flat.wires), strict=True):
                routes[wire.id], touched = _route(wire, layout, shift, reaching)
                hit |= touched
            if hit <= pinned:
                return layout.boxes, routes
            pinned |= hit

    def way(self, wire: Wire, leg: Way, rects: Mapping[str, Rect], border: float) -> Way:
        """Return a leg with the part before it (in an inner frame, or from the border) and after it (in a frame)."""
        target, source = self.home[wire.target], self.home.get(wire.source)
        if source is None:
            leg = _line((border, leg[0][1]), leg[0]) + leg[1:]
        elif source in self.inner:
            inside = self.inner[source].boxes[wire.source]
            leg = _line((rects[source].left + inside.right, leg[0][1]), leg[0]) + leg[1:]
        if target in self.inner:
            leg += _moved(self.inner[target].ways[wire.id], rects[target].left, rects[target].top)[1:]
        return leg


def _boxes_between(boxes: Mapping[str, Rect]) -> Callable[[float, float], list[tuple[str, Rect]]]:
    """Return a function that finds the boxes between two places along the graph."""
    ranked = sorted(boxes.items(), key=lambda item: item[1].left)
    lefts, longest = [rect.left for _, rect in ranked], 1.0 + max((rect.width for _, rect in ranked), default=0.0)

    def reaching(begin: float, end: float) -> list[tuple[str, Rect]]:
        some = ranked[bisect_left(lefts, begin - longest) : bisect_left(lefts, end)]
        return [(id, rect) for id, rect in some if rect.right > begin]

    return reaching


def _route(
    wire: Wire, layout: Layout, shift: float, reaching: Callable[[float, float], list[tuple[str, Rect]]]
) -> tuple[Way, set[str]]:
    """Return a plain curve if no box is in its way, otherwise Graphviz's route; and the boxes that even that one hits.

    If there are any, the boxes at the ends of the wire are among them.
    """
    source, target = layout.boxes[wire.source], layout.boxes[wire.target]
    start, end = (source.right, source.y + wire.tail), (target.left, target.y + wire.head)
    reach, bend = 0.5 * (end[0] - start[0]), shift * 4 / 3
    curve = (start, (start[0] + reach, start[1] + bend), (end[0] - reach, end[1] + bend), end)
    between = {
        id: (r.left, r.top, r.right, r.bottom)
        for id, r in reaching(start[0], end[0])
        if id not in (wire.source, wire.target)
    }
    if not touches(curve, between.values(), CLEAR):
        return curve, set()
    way = layout.wires[wire.id]
    hit = {id for id, box in between.items() if touches(way, [box], 1.0)}
    bent = (way[0], way[1], *((x, y + bend) for x, y in way[2:-2]), way[-2], way[-1])
    return bent, hit and hit | {wire.source, wire.target}


def _line(start: Point, end: Point) -> Way:
    return (start, *straight(start, end), end)


def _moved(way: Way, dx: float, dy: float) -> Way:
    return tuple((x + dx, y + dy) for x, y in way)


def _shifted(rects: Mapping[str, Rect], dx: float, dy: float) -> dict[str, Rect]:
    return {id: replace(rect, x=rect.x + dx, y=rect.y + dy) for id, rect in rects.items()}
