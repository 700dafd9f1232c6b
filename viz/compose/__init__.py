"""From a graph to a scene: measures boxes, has them laid out, draws them, and puts them on a sheet of paper.

badge       the operation's sign on a node
boxes       the text in a node, and so the node's size
ground      a graph with its layout and look, from which all shapes are drawn
words       titles and descriptions
nodes       the shapes of the boxes
wires       the curve, the arrowhead and the label of each wire
planning    the input of the layout
legend      the meaning of signs and colours
sheet       a sheet that is just large enough
uncut       wires without gaps, and labels in front of them
slide       fills a slide of a given size with the graph
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
    """Return a picture in its natural size."""
    boxes = contents(graph, look)
    return compose(graph, boxes, place(plan(graph, boxes, look)), look)


def compose(graph: Graph, boxes: Mapping[str, Content], layout: Layout, look: Look) -> Scene:
    """Return a picture on a given layout. The frames of a film share one, so that nothing moves."""
    return sheet.natural(graph, shapes(Ground(graph, boxes, layout, look)), look)
