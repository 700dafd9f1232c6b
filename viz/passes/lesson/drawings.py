"""The drawing in several shapes: from left to right, in rows, from the top down, folded. The page shows what fits.

Each is laid out once, with room for every number. A page chooses by the size of its type on the reader's screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from microgrAD.steps.trace import Trace
from viz import compose
from viz.graph.merge import LEVELS, merged
from viz.graph.nodes import Graph
from viz.layout.arrange import arrange
from viz.layout.plan import Layout, Plan
from viz.layout.wrap import wrap
from viz.passes.board import ready_for_stages
from viz.scene import Scene
from viz.style import Direction, Look

POINT = 96 / 72  # CSS pixels in a point
READABLE = 9.0  # CSS pixels; type that is smaller than this is not chosen while something else is larger
EASY = 12.0  # CSS pixels; type that is larger than this is hardly better
LARGEST = 1.5  # the largest scale of a drawing
ROWS = 3  # the most rows that are tried
SCREENS = ((1240, 320), (1880, 520), (366, 350), (620, 280))  # CSS pixels: a laptop, a large screen, a phone, zoomed in
MARGIN = 16.0  # points around a drawing
FEWEST = 4  # boxes; folding further says nothing


@dataclass(frozen=True, slots=True)
class Drawing:
    """One shape of the drawing.

    Arguments:
        scene: the picture.
        level: how far it is folded, 0 for not at all.
        rows: the number of rows that it is wrapped into.
        box: the box of each node that is folded into another one, by id.
        wire: the wire for each edge that has none of its own, by id; "" for an edge within a box.
    """

    scene: Scene
    level: int
    rows: int
    box: Mapping[str, str]
    wire: Mapping[str, str]

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height at scale 1, in CSS pixels."""
        return self.scene.width * POINT, self.scene.height * POINT


@dataclass(frozen=True, slots=True)
class _Folded:
    """The graph at a level of folding."""

    level: int
    graph: Graph
    box: Mapping[str, str]
    wire: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Shape:
    """One arrangement of a folded graph; `size` is that of its drawing, near enough to choose by."""

    folded: _Folded
    rows: int
    look: Look
    boxes: Mapping[str, compose.Content]
    layout: Layout

    @property
    def size(self) -> tuple[float, float]:
        rects = (*self.layout.boxes.values(), *self.layout.frames.values())
        wide = max(r.right for r in rects) - min(r.left for r in rects)
        high = max(r.bottom for r in rects) - min(r.top for r in rects)
        return (wide + 2 * MARGIN) * POINT, (high + 2 * MARGIN) * POINT

    def drawing(self) -> Drawing:
        scene = compose.compose(self.folded.graph, self.boxes, self.layout, self.look)
        return Drawing(ready_for_stages(scene, ""), self.folded.level, self.rows, self.folded.box, self.folded.wire)


def drawings(
    trace: Trace,
    longest: Graph,
    look: Look,
    place: Callable[[Plan], Layout],
    note: Callable[[int], str],
    rankdir: Direction | None,
) -> list[Drawing]:
    """Return the shapes that a page needs: for each of the SCREENS the least folded one that can be read there.

    The first one is not folded at all.

    Arguments:
        trace: the trace.
        longest: its graph, with the longest text of each number.
        look: how it looks.
        place: the layout engine.
        note: what a folded box says of the number of nodes inside it.
        rankdir: the only direction, None for both.
    """
    directions: list[Direction] = [rankdir] if rankdir else ["LR", "TB"]
    wanted: list[_Shape] = []
    tried: list[_Shape] = []
    missing = list(SCREENS)
    for folded in _levels(trace, longest, note):
        shapes = [s for direction in directions for s in _shapes(folded, look, place, direction)]
        tried += shapes
        if not wanted:
            wanted.append(_best(shapes, SCREENS[0]))
        for screen in list(missing):
            fine = [s for s in wanted if s.folded is folded and type_size(s.size, screen, look) >= 10]
            best = fine[0] if fine else _best(shapes, screen)
            if type_size(best.size, screen, look) >= READABLE:
                wanted.append(best)
                missing.remove(screen)
        if not missing:
            break
    wanted += [_best(tried, screen) for screen in missing]
    return [shape.drawing() for shape in {id(shape): shape for shape in wanted}.values()]


def type_size(size: tuple[float, float], screen: tuple[int, int], look: Look) -> float:
    """Return the size of type of a drawing of this size on a screen of (width, height), in CSS pixels."""
    return look.text * POINT * min(screen[0] / size[0], screen[1] / size[1], LARGEST)


def _best(shapes: Sequence[_Shape], screen: tuple[int, int]) -> _Shape:
    """Return the best shape for a screen, by the rule of fit.js: readable type, then few rows, then larger type."""

    def score(shape: _Shape) -> float:
        size = type_size(shape.size, screen, shape.look)
        return min(size, EASY) + size / 50 - 1.5 * (shape.rows - 1)

    return max(shapes, key=score)


def _levels(trace: Trace, graph: Graph, note: Callable[[int], str]) -> Iterator[_Folded]:
    """Return the graph, and then, folded further and further, what has fewer boxes than before."""
    yield _Folded(0, graph, {}, {})
    named = {v.id for v in trace.variables.values() if v.label or v.scope}
    boxes = len(graph.nodes)
    for k, level in enumerate(LEVELS, 1):
        less = merged(graph, level, named, note)
        if FEWEST <= len(less.graph.nodes) < boxes:
            boxes = len(less.graph.nodes)
            wire = {edge.id: less.wire.get(edge.id, "") for edge in graph.edges}
            yield _Folded(
                k,
                replace(less.graph, hidden=0),  # the boxes themselves say what is in them
                {id: box for id, box in less.box.items() if id != box},
                {id: other for id, other in wire.items() if id != other},
            )


def _shapes(folded: _Folded, look: Look, place: Callable[[Plan], Layout], direction: Direction) -> Iterator[_Shape]:
    """Return the drawing in one row, and in several where it can be cut so."""
    turned = replace(look, rankdir=direction, inline=direction == "TB")
    boxes = compose.contents(folded.graph, turned)
    planned = compose.plan(folded.graph, boxes, turned)
    placed = arrange(planned, place)
    for rows in range(1, ROWS + 1 if len(folded.graph.nodes) > FEWEST else 2):
        if layout := wrap(placed, planned, rows):
            yield _Shape(folded, rows, turned, boxes, layout)
