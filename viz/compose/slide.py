"""Fill a slide: choose the direction, the number of rows, the distances and the size of type to be readable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from viz.compose import sheet
from viz.compose.boxes import contents
from viz.compose.ground import Ground
from viz.compose.planning import plan, shapes
from viz.graph.nodes import Graph
from viz.layout.plan import Layout, Plan
from viz.layout.wrap import wrap
from viz.scene import Group, Scene, bounds
from viz.style import Direction, Look

Place = Callable[[Plan], Layout]
LARGEST = 25.0  # points; the largest type of the graph
LEGEND = 14.0  # points; the type of the legend
READABLE = 14.0  # points; smaller type cannot be read from the back row
TIGHT = 0.6  # the factor on distances if type would be smaller than that
ROWS = 6  # the most rows that are tried
STRETCH = 4.0  # the largest factor on distances


@dataclass(frozen=True, slots=True)
class _Try:
    """One arrangement, its number of rows, and the scale at which it fits."""

    look: Look
    rows: int
    ground: Ground
    groups: list[Group]
    scale: float

    @property
    def type_size(self) -> float:
        return self.look.text * self.scale


def fill(
    graph: Graph, look: Look, place: Place, pixels: tuple[int, int], directions: Sequence[Direction]
) -> tuple[Scene, float]:
    """Return a slide with the graph as large as possible, and its size of type in points.

    Arguments:
        graph: the graph.
        look: colours, sizes, and what to show.
        place: the layout engine.
        pixels: width and height of the slide.
        directions: the directions to try, "LR" and "TB".
    """
    look = replace(look, small=LEGEND)
    looks = [replace(look, rankdir=direction, inline=inline) for direction in directions for inline in (False, True)]
    slide = _Slide(graph, place, pixels)
    best = max((t for one in looks for t in slide.tries(one, 1)), key=lambda t: round(t.type_size, 2))
    if best.type_size < READABLE:
        tight = (replace(one, rank=TIGHT * look.rank, gap=TIGHT * look.gap) for one in looks)
        for tried in (t for one in tight for t in slide.tries(one, ROWS)):
            if tried.type_size > 1.05 * best.type_size:
                best = tried
    best = slide.spread(best)
    return sheet.slide(graph, best.groups, best.look, pixels, best.scale), best.type_size


class _Slide:
    """A graph and the slide that it must fit on."""

    def __init__(self, graph: Graph, place: Place, pixels: tuple[int, int]) -> None:
        self.graph, self.place, self.pixels = graph, place, pixels

    def tries(self, look: Look, rows: int) -> Iterator[_Try]:
        """Return an arrangement for each number of rows from 1 to `rows`, where the graph can be cut so."""
        boxes = contents(self.graph, look)
        planned = plan(self.graph, boxes, look)
        placed = self.place(planned)
        for k in range(1, rows + 1):
            if layout := wrap(placed, planned, k):
                yield self.fit(Ground(self.graph, boxes, layout, look), k)

    def fit(self, ground: Ground, rows: int) -> _Try:
        groups = shapes(ground)
        left, top, right, bottom = bounds(groups)
        wide, high = sheet.room(self.graph, ground.look, self.pixels)
        scale = min(wide / (right - left), high / (bottom - top), LARGEST / ground.look.text)
        return _Try(ground.look, rows, ground, groups, scale)

    def spread(self, best: _Try) -> _Try:
        """Return the arrangement with larger distances where there is room, if the type stays as large."""
        left, top, right, bottom = bounds(best.groups)
        wide, high = (side / best.scale for side in sheet.room(self.graph, best.look, self.pixels))
        spare = (wide - (right - left), high - (bottom - top))
        along, across = spare if best.look.rankdir == "LR" else spare[::-1]
        ranks, most = best.ground.grid()
        for share in (1.0, 0.8, 0.5):  # wires and labels may grow, too
            look = replace(
                best.look,
                rank=min(best.look.rank + share * along / max(ranks - 1, 1), best.look.rank * STRETCH),
                gap=min(best.look.gap + share * 0.7 * across / max(most - 1, 1), best.look.gap * STRETCH),
            )
            wider = [t for t in self.tries(look, best.rows) if t.rows == best.rows]
            if wider and wider[0].type_size >= 0.995 * best.type_size:
                return wider[0]
        return best
