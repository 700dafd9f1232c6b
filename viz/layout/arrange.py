"""Boxes in frames in frames: each frame is laid out by itself, and is one box to what is around it.

So the neurons of a layer look alike, and nothing runs through a frame that has no business in it. A wire from
outside comes in at a port on the frame's near side; behind the port it goes on as a wire of the frame.

    level   the inside of one frame, or the whole sheet: boxes, frames and ports, all as boxes of a plan
    leg     the part of a wire that lies within one level
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from viz.layout.curves import straight, touches
from viz.layout.plan import Box, Frame, Layout, Plan, Point, Rect, Wire, even
from viz.layout.refine import refine

CLEAR = 4.0  # how far a plain curve keeps from boxes
PORT = 8.0  # the room across that a wire coming in takes

Way = tuple[Point, ...]


@dataclass(slots=True)
class _Block:
    """A level that is laid out, in (along, across), from its own corner. Ways start at the source or the border."""

    length: float
    breadth: float
    boxes: dict[str, Rect]
    frames: dict[str, Rect]
    ways: dict[str, Way]
    ports: dict[str, float]  # where wires from a source outside come in: how far across


def arrange(plan: Plan, place: Callable[[Plan], Layout]) -> Layout:
    """Lay out a plan with frames; `place` does it for one without."""
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
    """The inside of a frame, in (along, across), while it is laid out."""

    def __init__(self, plan: Plan, frame: Frame, place: Callable[[Plan], Layout], sizes: Mapping[str, Box]) -> None:
        self.plan, self.frame, self.place, self.sizes = plan, frame, place, sizes
        self.lying = plan.rankdir == "LR"
        self.inner = {f.id: _Level(plan, f, place, sizes).block() for f in frame.inner}
        self.home = {id: id for id in frame.members}  # what stands for a box at this level
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
        """The leg of each wire that this level has a part of; wires that share one in and one out share a leg."""
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
        """How far off the middle of its stand-in the source is."""
        home = self.home.get(wire.source)
        block = self.inner.get(home) if home else None
        return block.boxes[wire.source].y - block.breadth / 2 if block else 0.0

    def head(self, wire: Wire) -> float:
        """How far off the middle of its stand-in the wire's port is."""
        block = self.inner.get(self.home[wire.target])
        return block.ports[wire.source] - block.breadth / 2 if block else 0.0

    def ports(self, ports: tuple[str, ...], wires: list[Wire]) -> Iterator[Box]:
        """A port is as long as the boxes beside it can be, so that a wire runs straight until it has passed them."""
        computed = {wire.target for wire in wires}
        beside = [self.length(box) for box in self.stand_ins() if box.id not in computed]
        for id in ports:
            yield Box(id, *self.turn(max(beside, default=1.0), PORT))

    def stand_ins(self) -> Iterator[Box]:
        """The members, and the frames as boxes, in the order of what they stand for."""
        for id in dict.fromkeys(self.home[box] for box in self.sizes if box in self.home):
            block = self.inner.get(id)
            yield Box(id, *self.turn(block.length, block.breadth)) if block else self.sizes[id]

    def length(self, box: Box) -> float:
        return box.width if self.lying else box.height

    def turn(self, along: float, across: float) -> tuple[float, float]:
        return (along, across) if self.lying else (across, along)

    def upright(self, layout: Layout) -> Layout:
        """Everything as (along, across)."""
        if self.lying:
            return layout
        return Layout(
            {id: Rect(r.y, r.x, r.height, r.width) for id, r in layout.boxes.items()},
            {id: tuple((y, x) for x, y in way) for id, way in layout.wires.items()},
            {},
        )

    def border(self, rects: Mapping[str, Rect]) -> tuple[float, float, float, float]:
        """The frame around it all; its name stands at the top."""
        if not self.frame.id:
            return 0.0, 0.0, 0.0, 0.0
        margin, heading = self.plan.margin, self.plan.heading
        near, over = (margin, heading) if self.lying else (heading, margin)
        left, top = min(r.left for r in rects.values()) - near, min(r.top for r in rects.values()) - over
        right, bottom = max(r.right for r in rects.values()) + margin, max(r.bottom for r in rects.values()) + margin
        return left, top, left + even(right - left), top + even(bottom - top)

    def shifts(self, wires: Sequence[Wire]) -> Iterator[float]:
        """How far each of several wires between the same two bends to one side."""
        number = Counter((wire.source, wire.target, wire.tail, wire.head) for wire in wires)
        seen: Counter[tuple[str, str, float, float]] = Counter()
        for wire in wires:
            key = (wire.source, wire.target, wire.tail, wire.head)
            yield (seen[key] - (number[key] - 1) / 2) * self.plan.apart
            seen[key] += 1

    def routes(self, flat: Plan) -> tuple[Mapping[str, Rect], dict[str, Way]]:
        """Boxes and routes, as fine as can be: what a route runs into goes back to where Graphviz had put it."""
        placed = self.place(flat)
        pinned: set[str] = set()
        while True:
            layout = self.upright(refine(placed, flat, pinned))
            reaching = _finder(layout.boxes)
            routes: dict[str, Way] = {}
            hit: set[str] = set()
            for wire, shift in zip(flat.wires, self.shifts(flat.wires), strict=True):
                routes[wire.id], touched = _route(wire, layout, shift, reaching)
                hit |= touched
            if hit <= pinned:
                return layout.boxes, routes
            pinned |= hit

    def way(self, wire: Wire, leg: Way, rects: Mapping[str, Rect], border: float) -> Way:
        """A leg with what comes before it (out of an inner frame, in from the border) and after it (in a frame)."""
        target, source = self.home[wire.target], self.home.get(wire.source)
        if source is None:
            leg = _line((border, leg[0][1]), leg[0]) + leg[1:]
        elif source in self.inner:
            inside = self.inner[source].boxes[wire.source]
            leg = _line((rects[source].left + inside.right, leg[0][1]), leg[0]) + leg[1:]
        if target in self.inner:
            leg += _moved(self.inner[target].ways[wire.id], rects[target].left, rects[target].top)[1:]
        return leg


def _finder(boxes: Mapping[str, Rect]) -> Callable[[float, float], list[tuple[str, Rect]]]:
    """A function that gives the boxes between two places along the graph."""
    ranked = sorted(boxes.items(), key=lambda item: item[1].left)
    lefts, longest = [rect.left for _, rect in ranked], 1.0 + max((rect.width for _, rect in ranked), default=0.0)

    def reaching(begin: float, end: float) -> list[tuple[str, Rect]]:
        some = ranked[bisect_left(lefts, begin - longest) : bisect_left(lefts, end)]
        return [(id, rect) for id, rect in some if rect.right > begin]

    return reaching


def _route(
    wire: Wire, layout: Layout, shift: float, reaching: Callable[[float, float], list[tuple[str, Rect]]]
) -> tuple[Way, set[str]]:
    """One plain curve where nothing is in between, else around the boxes, as Graphviz found it.

    With it, if they are in the way of both, the boxes at fault, and those at its ends.
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
