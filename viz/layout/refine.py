"""Better positions within the ranks that Graphviz found: in reading order, and in the middle.

First, boxes of a rank are sorted into the order of the plan, unless more wires would cross. Then each result moves to
the middle of its operands, and each leaf to the middle of its users: Graphviz minimizes the total length of wires, so
it may place a product beside one of its two factors. Ranks and gaps do not change, nor do wires that pass a rank.

    along   the coordinate in the direction of the graph, which is x if rankdir is "LR"
    across  the other coordinate
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from viz.layout.curves import samples
from viz.layout.plan import Layout, Plan, Point, Wire

SWEEPS = 6


@dataclass(slots=True)
class _Spot:
    """A box that can move across, within its rank: its middle, half its size, its position in the plan, its limits."""

    id: str
    middle: float
    half: float
    place: int
    low: float = -math.inf
    high: float = math.inf


def refine(layout: Layout, plan: Plan, pinned: Collection[str] = ()) -> Layout:
    """Return the layout in reading order and balanced; `pinned` boxes do not move."""
    table = _Table(layout, plan, pinned)
    for rank in table.ranks:
        table.sort(rank)
    for _ in range(SWEEPS):
        table.to_operands()
        table.to_users()
    table.to_operands()
    return table.result()


class _Table:
    """The boxes by rank, in (along, across)."""

    def __init__(self, layout: Layout, plan: Plan, pinned: Collection[str]) -> None:
        self.layout, self.plan, self.pinned, self.horizontal = layout, plan, pinned, plan.rankdir == "LR"
        self.into: dict[str, list[Wire]] = {}
        self.out: dict[str, list[Wire]] = {}
        for wire in plan.wires:
            self.into.setdefault(wire.target, []).append(wire)
            self.out.setdefault(wire.source, []).append(wire)
        self.spots: dict[str, _Spot] = {}
        self.extent: dict[str, tuple[float, float]] = {}  # along: from, to
        ranks: dict[int, list[_Spot]] = {}
        for place, box in enumerate(plan.boxes):
            rect = layout.boxes[box.id]
            along, across = self.turn((rect.x, rect.y))
            length, breadth = self.turn((rect.width, rect.height))
            self.spots[box.id] = _Spot(box.id, across, breadth / 2, place)
            self.extent[box.id] = along - length / 2, along + length / 2
            ranks.setdefault(round(along), []).append(self.spots[box.id])
        self.ranks = [sorted(ranks[along], key=lambda spot: spot.middle) for along in sorted(ranks)]
        self.rank = {spot.id: k for k, rank in enumerate(self.ranks) for spot in rank}
        long = [wire for wire in plan.wires if self.rank[wire.target] - self.rank[wire.source] > 1]
        for rank in self.ranks:
            self.limit(rank, long)

    def turn(self, point: Point) -> Point:
        return point if self.horizontal else (point[1], point[0])

    def limit(self, rank: Sequence[_Spot], long: Sequence[Wire]) -> None:
        """Keep the boxes of a rank away from the long wires that pass the rank."""
        near, far = min(self.extent[s.id][0] for s in rank), max(self.extent[s.id][1] for s in rank)
        here = self.rank[rank[0].id]
        for wire in long:
            if not self.rank[wire.source] < here < self.rank[wire.target]:
                continue
            way = map(self.turn, samples(self.layout.wires[wire.id]))
            if passing := [across for along, across in way if near <= along <= far]:
                for spot in rank:
                    if spot.middle > (min(passing) + max(passing)) / 2:
                        spot.low = max(spot.low, max(passing) + self.plan.gap / 2)
                    else:
                        spot.high = min(spot.high, min(passing) - self.plan.gap / 2)

    # ------------------------------------------------------------------------------------------ order

    def sort(self, rank: list[_Spot]) -> None:
        """Swap neighbours that are not in the plan's order, unless more wires would cross."""
        for _ in rank:
            for k in range(len(rank) - 1):
                first, second = rank[k : k + 2]
                if first.place > second.place and self.may_swap(first, second):
                    self.swap(first, second)
                    rank[k : k + 2] = second, first

    def may_swap(self, first: _Spot, second: _Spot) -> bool:
        if (first.low, first.high) != (second.low, second.high):  # a wire runs between the two
            return False
        if first.id in self.pinned or second.id in self.pinned:
            return False
        if not all(self.short(wire) for spot in (first, second) for wire in self.wires(spot)):
            return False
        return self.crossings(second, first) <= self.crossings(first, second)

    def wires(self, spot: _Spot) -> list[Wire]:
        return self.into.get(spot.id, []) + self.out.get(spot.id, [])

    def short(self, wire: Wire) -> bool:
        return self.rank[wire.target] - self.rank[wire.source] == 1

    def crossings(self, upper: _Spot, lower: _Spot) -> int:
        """Return how many pairs of their wires cross if the first box is above the second."""
        found = 0
        for side, end in ((self.into, self.tail), (self.out, self.head)):
            found += sum(end(a) > end(b) for a, b in itertools.product(side.get(upper.id, []), side.get(lower.id, [])))
        return found

    def tail(self, wire: Wire) -> float:
        return self.spots[wire.source].middle + wire.tail

    def head(self, wire: Wire) -> float:
        return self.spots[wire.target].middle + wire.head

    def swap(self, first: _Spot, second: _Spot) -> None:
        top, bottom = first.middle - first.half, second.middle + second.half
        second.middle, first.middle = top + second.half, bottom - first.half

    # ------------------------------------------------------------------------------------------ balance

    def to_operands(self) -> None:
        """Move results to the middle of their operands."""
        for rank in self.ranks:
            self.settle(rank, {s.id: [self.tail(w) - w.head for w in self.into.get(s.id, [])] for s in rank})

    def to_users(self) -> None:
        """Move leaves to the middle of their users."""
        for rank in reversed(self.ranks):
            self.settle(
                rank,
                {s.id: [self.head(w) - w.tail for w in self.out.get(s.id, [])] for s in rank if s.id not in self.into},
            )

    def settle(self, rank: Sequence[_Spot], wanted: Mapping[str, Sequence[float]]) -> None:
        """Move each box of a rank towards the mean of its wanted places, as far as its neighbours allow."""
        order = list(enumerate(rank))
        for k, spot in order + order[::-1]:
            places = wanted.get(spot.id)
            if places and spot.id not in self.pinned:
                low, high = spot.low, spot.high
                if k:
                    low = max(low, rank[k - 1].middle + rank[k - 1].half + self.plan.gap)
                if k + 1 < len(rank):
                    high = min(high, rank[k + 1].middle - rank[k + 1].half - self.plan.gap)
                if low + spot.half <= high - spot.half:
                    spot.middle = min(max(sum(places) / len(places), low + spot.half), high - spot.half)

    def result(self) -> Layout:
        boxes = {
            id: replace(rect, y=self.spots[id].middle) if self.horizontal else replace(rect, x=self.spots[id].middle)
            for id, rect in self.layout.boxes.items()
        }
        wires = {}
        for wire in self.plan.wires:
            points = list(map(self.turn, self.layout.wires[wire.id]))
            start, end = self.tail(wire), self.head(wire)
            points[:2] = [(self.extent[wire.source][1], start), (points[1][0], points[1][1] + start - points[0][1])]
            points[-2:] = [(points[-2][0], points[-2][1] + end - points[-1][1]), (self.extent[wire.target][0], end)]
            wires[wire.id] = tuple(map(self.turn, points))
        return replace(self.layout, boxes=boxes, wires=wires)
