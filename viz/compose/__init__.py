"""From a graph to a scene: measured, laid out, drawn, and put on a sheet of paper.

badge       the operation's sign on a node
boxes       what is written in a node, and so its size
ground      what all shapes stand on
words       titles and descriptions
nodes       the shapes of the boxes
wires       the shapes of the wires, with their labels
planning    what the layout is asked to place
legend      what the signs and colours mean
sheet       a sheet just large enough
slide       fills a slide
"""

from __future__ import annotations

from collections.abc import Mapping

from viz.compose import sheet
from viz.compose.boxes import Content, contents, widest
from viz.compose.ground import Ground
from viz.compose.planning import plan, shapes
from viz.compose.slide import READABLE, Place, fill
from viz.graph.nodes import Graph
from viz.layout.plan import Layout
from viz.scene import Scene
from viz.style import Look

__all__ = ["READABLE", "Content", "Place", "compose", "contents", "draw", "fill", "plan", "widest"]


def draw(graph: Graph, look: Look, place: Place) -> Scene:
    """A picture in its natural size."""
    boxes = contents(graph, look)
    return compose(graph, boxes, place(plan(graph, boxes, look)), look)


def compose(graph: Graph, boxes: Mapping[str, Content], layout: Layout, look: Look) -> Scene:
    """A picture on a layout that is there already: frames of one film share theirs, and keep their place."""
    return sheet.natural(graph, shapes(Ground(graph, boxes, layout, look)), look)
