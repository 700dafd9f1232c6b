"""From a graph to a scene: measured, laid out, drawn, and put on a sheet of paper.

boxes, badge    what is written in a node, and how large it is
plan            what Graphviz is asked to place
nodes, wires    shapes; `ground` is what all of them stand on
legend, words   what the signs mean; titles and descriptions
sheet, slide    the paper: just large enough, or a slide
"""

from __future__ import annotations

from collections.abc import Mapping

from viz.compose import sheet
from viz.compose.boxes import Content, contents, widest
from viz.compose.ground import Ground
from viz.compose.plan import plan, shapes
from viz.compose.slide import READABLE, Place, fill
from viz.graph import Graph
from viz.layout import Layout
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
