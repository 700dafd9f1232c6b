"""A long graph in several rows, like text in lines. It is cut where few wires pass; they go to the next row's start.

Points are (along, across): along is the direction of the graph. For a graph from top to bottom, rows are columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from viz.layout.curves import across, before, beyond, rounded, samples
from viz.layout.plan import Layout, Plan, Point, Rect

RETURNS = 2  # wires that one cut may pass
CHANNEL = 0.55  # room for one wire to the next row, in distances between ranks
BETWEEN = 1.3  # room between rows, in usual gaps

Way = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """The part between two cuts: its borders, and the wires from it to the next row."""

    start: float
    end: float
    top: float
    bottom: float
    leaving: tuple[str, ...]


def wrap(layout: Layout, plan: Plan, rows: int) -> Layout | None:
    """Return the layout in this number of rows; None if it cannot be cut so, or too many wires would cross the cuts."""
    if rows == 1:
        return layout
    horizontal = plan.rankdir == "LR"
    turned = layout if horizontal else _turned(layout)
    cuts = _cuts(turned, plan, rows)
    if cuts is None:
        return None
    wrapped = _Wrapper(turned, plan, cuts).result()
    return wrapped if horizontal else _turned(wrapped)


def _turned(layout: Layout) -> Layout:
    def turn(rects: Mapping[str, Rect]) -> dict[str, Rect]:
        return {id: Rect(r.y, r.x, r.height, r.width) for id, r in rects.items()}

    return Layout(
        turn(layout.boxes), {id: tuple((y, x) for x, y in way) for id, way in layout.wires.items()}, turn(layout.frames)
    )


def _cuts(layout: Layout, plan: Plan, rows: int) -> list[float] | None:
    """Return evenly spaced places for cuts, or None. Few wires pass each cut, and no wire passes two cuts."""
    spans = sorted((r.left, r.right) for r in (*layout.boxes.values(), *layout.frames.values()))
    gaps, reached = [], spans[0][1]
    for left, right in spans:
        if left > reached:
            gaps.append((reached + left) / 2)
        reached = max(reached, right)
    ends = [(layout.boxes[wire.source].right, layout.boxes[wire.target].left) for wire in plan.wires]
    passed = {gap: {k for k, (a, b) in enumerate(ends) if a < gap < b} for gap in gaps}
    free = [gap for gap in gaps if len(passed[gap]) <= RETURNS]
    begin, step = spans[0][0], (reached - spans[0][0]) / rows
    if len(free) < rows - 1:
        return None
    chosen = [min(free, key=lambda gap: abs(gap - place)) for place in (begin + k * step for k in range(1, rows))]
    if len(set(chosen)) < rows - 1 or any(passed[a] & passed[b] for a, b in itertools.combinations(chosen, 2)):
        return None
    return chosen


class _Wrapper:
    """Moves each row below the one before, and routes the wires between rows."""

    def __init__(self, layout: Layout, plan: Plan, cuts: Sequence[float]) -> None:
        self.layout, self.plan, self.cuts = layout, plan, cuts
        self.channel = CHANNEL * plan.rank
        self.ends = {
            wire.id: (self.place(layout.boxes[wire.source]), self.place(layout.boxes[wire.target]))
            for wire in plan.wires
        }
        self.rows = [self.row(k) for k in range(len(cuts) + 1)]
        self.shifts = self.stacked()

    def place(self, rect: Rect) -> int:
        """Return the number of the row of a box or a frame; cuts do not go through them."""
        return sum(cut < rect.x for cut in self.cuts)

    def row(self, k: int) -> _Row:
        rects = [r for r in (*self.layout.boxes.values(), *self.layout.frames.values()) if self.place(r) == k]
        start, end = min(r.left for r in rects), max(r.right for r in rects)
        passing = [
            y
            for id, ends in self.ends.items()
            if k in ends
            for x, y in samples(self.layout.wires[id])
            if start <= x <= end
        ]
        # the lowest wire turns first, so that they do not cross
        leaving = sorted(
            (id for id, ends in self.ends.items() if ends[0] == k != ends[1]),
            key=lambda id: -across(self.layout.wires[id], end),
        )
        return _Row(
            start,
            end,
            min([*passing, *(r.top for r in rects)]),
            max([*passing, *(r.bottom for r in rects)]),
            tuple(leaving),
        )

    def stacked(self) -> list[Point]:
        """Return how far each row moves. A row leaves room at its start for the wires that come to it."""
        found, top = [], 0.0
        for k, row in enumerate(self.rows):
            indent = (len(self.rows[k - 1].leaving) + 1) * self.channel if k else 0.0
            found.append((indent - row.start, top - row.top))
            top += row.bottom - row.top + BETWEEN * self.plan.gap + (len(row.leaving) + 1) * self.channel
        return found

    def result(self) -> Layout:
        wires = {
            id: self.moved(self.layout.wires[id], ends[0]) if ends[0] == ends[1] else self.back(id, *ends)
            for id, ends in self.ends.items()
        }
        return Layout(self.shifted(self.layout.boxes), wires, self.shifted(self.layout.frames))

    def shifted(self, rects: Mapping[str, Rect]) -> dict[str, Rect]:
        return {
            id: replace(rect, x=rect.x + dx, y=rect.y + dy)
            for id, rect in rects.items()
            for dx, dy in [self.shifts[self.place(rect)]]
        }

    def moved(self, way: Way, row: int) -> Way:
        dx, dy = self.shifts[row]
        return tuple((x + dx, y + dy) for x, y in way)

    def back(self, wire: str, k: int, after: int) -> Way:
        """Return the way of a wire to the next row: to the end of its row, down, back to the start, on as before."""
        row, way = self.rows[k], self.layout.wires[wire]
        place, number = row.leaving.index(wire), len(row.leaving)
        near = row.end - way[0][0] < self.channel, way[-1][0] - self.rows[after].start < self.channel
        out = self.moved(way[:1] if near[0] else before(way, row.end), k)
        on = self.moved(way[-1:] if near[1] else beyond(way, self.rows[after].start), after)
        aside = (place - (number - 1) / 2) * 0.3 * self.channel
        right = row.end + self.shifts[k][0] + (place + 1) * self.channel
        left = (number - place - 0.5) * self.channel
        between = row.bottom + self.shifts[k][1] + BETWEEN / 2 * self.plan.gap + (place + 1) * self.channel
        turn = rounded(
            [out[-1], (right, out[-1][1]), (right, between), (left, between), (left, on[0][1] + aside), on[0]],
            0.6 * self.channel,
        )
        return (*out, *turn[1:], *on[1:])
