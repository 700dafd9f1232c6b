"""A picture of a graph: `draw` makes it, a `Drawing` shows itself in a notebook, goes into files and on Axes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from microgrAD.errors import between, flag, one_of, whole_digits
from microgrAD.files import new_file
from viz import compose
from viz.graph.cluster import Level
from viz.graph.nodes import Graph, GraphTooLargeError, split
from viz.graph.select import select
from viz.layout import graphviz
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.options import slide_pixels
from viz.scene import Scene
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Look, direction
from viz.style import theme as themed
from viz.write import MEDIA

if TYPE_CHECKING:
    from microgrAD.compiler import Program
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace
    from viz.picture import Picture

MOST_BOXES = 50_000  # beyond, measuring them alone takes longer than a layout may


class Drawing(SceneDrawing):
    """A finished picture of a graph. `scene` is its geometry, `graph` what it shows; both are frozen.

    In Jupyter it shows itself as SVG.
    """

    endings = tuple(MEDIA)
    graph: Graph

    def __init__(self, graph: Graph, scene: Scene, *, dpi: float | None = None) -> None:
        super().__init__(scene, dpi=dpi)
        self.graph = graph

    def dot(self) -> str:
        """The graph in Graphviz's DOT, to edit by hand."""
        return self._written(".dot").decode()

    def __repr__(self) -> str:
        return (
            f"<Drawing of {len(self.graph.nodes)} boxes and {len(self.graph.edges)} wires, "
            f"{self.scene.width:.0f} × {self.scene.height:.0f} points>"
        )


@overload
def draw(
    root: Program,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
) -> Picture: ...
@overload
def draw(
    root: Value | Trace,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    show_constants: bool = False,
    collapse: Level | None = None,
    size: str | tuple[int, int] | None = None,
    show_ops: bool = True,
    ops: Literal["badge", "nodes"] = "badge",
    color_by: Literal["grad"] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Drawing: ...


def draw(
    root: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    show_constants: bool = False,
    collapse: Level | None = None,
    size: str | tuple[int, int] | None = None,
    show_ops: bool = True,
    ops: Literal["badge", "nodes"] = "badge",
    color_by: Literal["grad"] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Any:
    """The computational graph behind `root` as a picture, with values and gradients on it.

    root            a Value, with its numbers as they are now; or the trace of a pass from `microgrAD.steps.steps`,
                    with those that it recorded; or a compiled program
    path            the .png, .svg, .pdf, .dot or .tex file that the picture is also written to
    theme           "light" (by default), "dark" or "print"
    rankdir         "LR" (from left to right) or "TB" (from the top down); by default "LR", and on a slide what is
                    larger
    digits          significant digits of each number
    show_local      the local derivative d(result)/d(operand) on each wire; by default False
    show_constants  plain numbers get boxes of their own, instead of a place on the operation's badge
    collapse        "neuron" or "layer": each as one box
    size            "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels: a slide, filled; UserWarning if its
                    type would be under 14 points there; by default the picture's own size
    show_ops        operations as badges where their operands arrive
    ops             "nodes": operations as nodes of their own, two a value, as in micrograd's notebook
    color_by        "grad": boxes and wires coloured by the sign and size of their gradient
    dpi             dots an inch of a PNG; by default 192, and for a slide 96, which are its pixels
    transparent     no background
    legend          what the signs mean, below the graph
    force           draw also what is too large to be read, up to 50,000 boxes
    time_limit      seconds that finding a layout may take
    engine          of the layout: "dot", "embedded", or "auto" for `dot` if it is there

    Over 120 boxes, neurons are folded into one box each, if that is not enough layers, and the picture says so.
    Over 400 boxes then, or 100,000 Values to begin with, GraphTooLargeError. ValueError for an option that does not
    exist, LayoutError when a layout takes too long.

    Returns the drawing: it shows itself in Jupyter and has `.save(path)`.

    Of a compiled program, the scalars of one row beside the steps that they became (see `viz.programs`): theme, size,
    dpi, transparent, legend and force (over 20,000 operations) as above; ValueError for any other option.
    """
    given = dict(locals())
    if hasattr(root, "runners"):
        from viz.programs import draw_program

        return draw_program(root, path, given, draw.__kwdefaults__ or {})
    if path is not None:
        new_file(path, list(MEDIA), "a picture's")
    for name in ("show_constants", "show_ops", "transparent", "legend", "force"):
        flag(given[name], name)
    look = Look(
        themed(theme),
        direction(rankdir) or "LR",
        whole_digits(digits),
        inline=rankdir == "TB",
        show_ops=show_ops,
        show_local=show_local is not None and flag(show_local, "show_local"),
        by_gradient=one_of(color_by, "color_by", [None, "grad"]) is not None,
        legend=legend,
    )
    place = partial(arrange, place=Placer(engine, time_limit))
    one_of(ops, "ops", ["badge", "nodes"])
    one_of(collapse, "collapse", [None, "neuron", "layer"])
    if dpi is not None:
        between(dpi, "dpi", 10, 2400)
    pixels = slide_pixels(size)
    graph = select(root, show_constants=show_constants, collapse=collapse, force=force)
    if ops == "nodes" and show_ops:
        graph = split(graph)
    scene = _placed(graph, look, place, pixels, [rankdir] if rankdir else ["LR", "TB"])
    drawing = Drawing(graph, replace(scene, background="") if transparent else scene, dpi=dpi)
    if path is not None:
        drawing.save(path)
    return drawing


def _placed(
    graph: Graph, look: Look, place: compose.Place, pixels: tuple[int, int] | None, directions: Sequence[Direction]
) -> Scene:
    """The picture in its natural size; or on a slide, in the direction that reads best."""
    if len(graph.nodes) > MOST_BOXES:
        raise GraphTooLargeError(
            f"this picture would have {len(graph.nodes):,} boxes, and force=True draws up to "
            f"{MOST_BOXES:,}; draw a part of it, collapse='layer', or take "
            "to_graphviz(root, force=True) to another program"
        )
    if not pixels:
        return compose.draw(graph, look, place)
    scene, points = compose.fill(graph, look, place, pixels, directions)
    if points < compose.READABLE:
        warnings.warn(
            f"type on this slide is {points:.1f} points, and under {compose.READABLE:g} it can't be "
            "read from the back row; draw a part of the graph, collapse='neuron' or 'layer', or take "
            "fewer digits",
            stacklevel=3,
        )
    return scene
