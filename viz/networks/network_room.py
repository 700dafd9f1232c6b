"""Where the parts of a network's picture stand: how much room each takes, and the places that follow.

Labels of weights stand at the same share of their lines, so that they never meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from microgrAD.interpret.layers import unit_number

MOST, ENDS = 6, 4  # units of a layer that are drawn; of more, the first and the last ones
SIZE, LINE = 12.0, 16.0  # of type, and from line to line, in points
RADIUS, BOX = 25.0, 30.0
Units = Sequence[int] | Mapping[int, Sequence[int]] | None


@dataclass(frozen=True)
class Place:
    """Where a unit, an input or the loss stands."""

    x: float
    y: float
    radius: float = RADIUS


@dataclass(frozen=True)
class Room:
    """What a picture has room for.

    Arguments:
        counts: the number of units of each layer, inputs first.
        drawn: the numbers, from 0, of those that are drawn.
        halves: half of the width that the widest unit of each layer takes, with what is written at it.
        longest: half of the width of the longest label of a weight.
        lines: the lines of a weight's label.
        below: the lines below a unit.
    """

    counts: tuple[int, ...]
    drawn: tuple[tuple[int, ...], ...]
    halves: tuple[float, ...]
    longest: float
    lines: int
    below: int

    def joined(self, other: Room) -> Room:
        """Return the room that both pictures fit in."""
        halves = tuple(map(max, self.halves, other.halves))
        return Room(
            self.counts,
            self.drawn,
            halves,
            max(self.longest, other.longest),
            max(self.lines, other.lines),
            max(self.below, other.below),
        )

    @property
    def rows(self) -> list[int]:
        """The rows of each layer; units that are left out take one."""
        return [len(some) + (len(some) < n) for some, n in zip(self.drawn, self.counts, strict=True)]

    def share(self, layer: int) -> float:
        """Return where on its line the label of a weight to a layer stands, from the source."""
        return 1 / (self.rows[layer] + 1)

    def places(self, across: float = 1.0, down: float = 1.0) -> list[dict[int, Place]]:
        """Return the place of each unit that is drawn, by layer, inputs first.

        Arguments:
            across, down: factors on the distances.
        """
        rows, block = self.rows, 2 * RADIUS + LINE * (self.lines + 0.6 + self.below)
        gap = down * max((max(rows[1:]) + 1) * (LINE * self.lines + 9), block)
        found, x = list[dict[int, Place]](), 0.0
        for k, drawn in enumerate(self.drawn):
            if k:
                share = self.share(k)
                before, here = self.halves[k - 1] + self.longest + 14, self.halves[k] + self.longest + 26
                x += across * max(before / share, here / (1 - share))
            middle, hole = (rows[k] - 1) / 2, self.hole(k)
            radius = RADIUS if k else BOX / 2
            at = {unit: row + (hole is not None and row >= hole) for row, unit in enumerate(drawn)}
            found.append({unit: Place(x, (row - middle) * gap, radius) for unit, row in at.items()})
        return found

    def hole(self, layer: int) -> int | None:
        """Return the row of a layer at which units are left out; None if all are drawn."""
        drawn = self.drawn[layer]
        if len(drawn) == self.counts[layer]:
            return None
        missing = [row for row in range(1, len(drawn)) if drawn[row] - drawn[row - 1] > 1]
        return min(missing, key=lambda row: abs(row - len(drawn) / 2)) if missing else len(drawn)


def picked(counts: Sequence[int], units: Units = None) -> tuple[tuple[int, ...], ...]:
    """Return the numbers, from 0, of the units of each layer that are drawn.

    Arguments:
        counts: the number of units of each layer, inputs first.
        units: numbers from 1 of units of the first layer; or by layer, with 0 for the inputs. Of another layer with
            more than 6 units, the first and the last two are drawn.
    """
    chosen = dict(units) if isinstance(units, Mapping) else {} if units is None else {1: units}
    if strange := [layer for layer in chosen if layer not in range(len(counts))]:
        raise ValueError(f"units takes layers from 0, the inputs, to {len(counts) - 1}, got {strange[0]!r}")
    return tuple(
        tuple(sorted({unit_number(n, count, layer) - 1 for n in chosen[layer]})) if layer in chosen else _ends(count)
        for layer, count in enumerate(counts)
    )


def _ends(count: int) -> tuple[int, ...]:
    return tuple(range(count)) if count <= MOST else (*range(ENDS // 2), *range(count - ENDS // 2, count))
