"""The sheet of paper: its size, and the places of the graph and the legend on it."""

from __future__ import annotations

from collections.abc import Sequence

from viz.compose import words
from viz.compose.legend import items, legend
from viz.graph.nodes import Graph
from viz.scene import Group, Scene, bounds, moved
from viz.style import Look

MARGIN = 16.0  # points around a picture in its natural size
SLIDE_MARGIN = 26.0  # points around a picture on a slide
POINT = 0.75  # points in a CSS pixel


def natural(graph: Graph, groups: Sequence[Group], look: Look) -> Scene:
    """Return the scene on a sheet that is just large enough."""
    left, top, right, bottom = bounds(groups)
    explained, wide, high = legend(list(items(graph, look)), look, look.small, max(right - left, 300.0))
    below = bottom - top + (0.9 * look.text if high else 0.0)
    width, height = max(right - left, wide) + 2 * MARGIN, below + high + 2 * MARGIN
    spare = max(0.0, wide - (right - left)) / 2
    placed = [moved(group, MARGIN + spare - left, MARGIN - top) for group in groups]
    return _scene(graph, look, width, height, [*placed, moved(explained, MARGIN, MARGIN + below)], None)


def room(graph: Graph, look: Look, pixels: tuple[int, int]) -> tuple[float, float]:
    """Return the width and height, in points, that a slide of (width, height) pixels has for the graph."""
    width, height = pixels[0] * POINT - 2 * SLIDE_MARGIN, pixels[1] * POINT - 2 * SLIDE_MARGIN
    _, _, high = legend(list(items(graph, look)), look, look.small, width)
    return width, height - (high + 0.8 * look.small if high else 0.0)


def slide(graph: Graph, groups: Sequence[Group], look: Look, pixels: tuple[int, int], scale: float) -> Scene:
    """Return a slide of (width, height) pixels: the graph, scaled, in the middle, and the legend at the foot."""
    width, height = pixels[0] * POINT, pixels[1] * POINT
    wide, high = room(graph, look, pixels)
    left, top, right, bottom = bounds(groups)
    x = SLIDE_MARGIN + (wide - (right - left) * scale) / 2 - left * scale
    y = SLIDE_MARGIN + (high - (bottom - top) * scale) / 2 - top * scale
    explained, _, tall = legend(list(items(graph, look)), look, look.small, wide)
    foot = moved(explained, SLIDE_MARGIN, height - SLIDE_MARGIN - tall)
    return _scene(graph, look, width, height, [*(moved(group, x, y, scale) for group in groups), foot], pixels)


def _scene(
    graph: Graph, look: Look, width: float, height: float, groups: list[Group], pixels: tuple[int, int] | None
) -> Scene:
    notes = [item.text for item in items(graph, look) if not item.sign and not item.fill]
    return Scene(
        width, height, tuple(groups), look.theme.background, words.title(graph), words.description(graph, notes), pixels
    )
