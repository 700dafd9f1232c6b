"""A picture of a graph: `draw` makes it, a `Drawing` shows itself in a notebook, goes into files and on Axes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from microgrAD.errors import flag
from viz import compose
from viz.graph.cluster import Level
from viz.graph.nodes import Graph, GraphTooLargeError, split
from viz.graph.select import select
from viz.layout import graphviz
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.options import between, one_of, slide_pixels, whole_digits
from viz.scene import Scene
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Look
from viz.style import theme as themed
from viz.write import dot

if TYPE_CHECKING:
    from microgrAD.compiler import Program
    from microgrAD.operators import Value
    from viz.programs import ProgramDrawing

MOST_BOXES = 50_000  # beyond, measuring them alone takes longer than a layout may


class Drawing(SceneDrawing):
    """A finished picture of a graph. `scene` is its geometry, `graph` what it shows; both are frozen.

    In Jupyter it shows itself as SVG.
    """

    def __init__(self, graph: Graph, scene: Scene, *, dpi: float | None = None) -> None:
        super().__init__(scene, dpi=dpi)
        self.graph = graph

    def writers(self) -> Mapping[str, Callable[[], bytes]]:
        return {**super().writers(), ".dot": lambda: self.dot().encode()}

    def dot(self) -> str:
        """The graph in Graphviz's DOT, to edit by hand."""
        return dot.source(self.graph)

    def __repr__(self) -> str:
        return (
            f"<Drawing of {len(self.graph.nodes)} boxes and {len(self.graph.edges)} wires, "
            f"{self.scene.width:.0f} × {self.scene.height:.0f} points>"
        )


@overload
def draw(
    root: Program,
    *,
    theme: str = "light",
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
) -> ProgramDrawing: ...
@overload
def draw(
    root: Value,
    *,
    theme: str = "light",
    rankdir: Direction | None = None,
    digits: int = 4,
    show_constants: bool = False,
    show_ops: bool = True,
    show_local: bool = False,
    color_by: Literal["grad"] | None = None,
    collapse: Level | None = None,
    ops: Literal["badge", "nodes"] = "badge",
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Drawing: ...


def draw(
    root: Any,
    *,
    theme: str = "light",
    rankdir: Direction | None = None,
    digits: int = 4,
    show_constants: bool = False,
    show_ops: bool = True,
    show_local: bool = False,
    color_by: Literal["grad"] | None = None,
    collapse: Level | None = None,
    ops: Literal["badge", "nodes"] = "badge",
    size: str | tuple[int, int] | None = None,
    dpi: float | None = None,
    transparent: bool = False,
    legend: bool = True,
    force: bool = False,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Any:
    """The computational graph behind `root`, with values and gradients as they are now.

    theme           "light", "dark" or "print"
    rankdir         "LR" (from left to right) or "TB" (from the top down); a slide takes what reads best
    digits          significant digits of each number
    show_constants  plain numbers get boxes of their own, instead of a place on the operation's badge
    show_ops        operations as badges where their operands arrive
    show_local      the local derivative d(result)/d(operand) on each wire
    color_by        "grad": boxes and wires coloured by the sign and size of their gradient
    collapse        "neuron" or "layer": each as one box
    ops             "nodes": operations as nodes of their own, two a value, as in micrograd's notebook
    size            "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels: a slide, filled; UserWarning if its
                    type would be under 14 points there
    dpi             dots an inch of a PNG; 192 if not given, for a slide 96, which are its pixels
    transparent     no background
    legend          what the signs mean, below the graph
    force           draw also what is too large to be read, up to 50,000 boxes
    time_limit      seconds that finding a layout may take
    engine          "dot", "embedded", or "auto": `dot` if it is there

    Over 120 boxes, neurons are folded into one box each, if that is not enough layers, and the picture says so.
    Over 400 boxes then, or 100,000 Values to begin with, GraphTooLargeError. ValueError for an option that does not
    exist, LayoutError when a layout takes too long.

    Of a compiled program, the scalars of one row beside the steps that they became (see `viz.program`): theme,
    size, dpi, transparent, legend and force (over 20,000 operations) as above; ValueError for any other option.
    """
    given = dict(locals())
    if hasattr(root, "runners"):
        from viz.programs import draw_program

        return draw_program(root, given, draw.__kwdefaults__ or {})
    look = Look(
        themed(theme),
        one_of("rankdir", rankdir or "LR", ["LR", "TB"]),
        whole_digits(digits),
        rankdir == "TB",
        show_ops,
        show_local,
        one_of("color_by", color_by, [None, "grad"]) is not None,
        legend,
    )
    for name in ("show_constants", "show_ops", "show_local", "transparent", "legend", "force"):
        flag(given[name], name)
    one_of("engine", engine, graphviz.CHOICES)
    one_of("ops", ops, ["badge", "nodes"])
    one_of("collapse", collapse, [None, "neuron", "layer"])
    if dpi is not None:
        between("dpi", dpi, 10, 2400)
    between("time_limit", time_limit, 0.001, 86400)
    pixels = slide_pixels(size)
    graph = select(root, show_constants=show_constants, collapse=collapse, force=force)
    if ops == "nodes" and show_ops:
        graph = split(graph)
    if len(graph.nodes) > MOST_BOXES:
        raise GraphTooLargeError(
            f"this picture would have {len(graph.nodes):,} boxes, and force=True draws up to "
            f"{MOST_BOXES:,}; draw a part of it, collapse='layer', or take "
            "to_graphviz(root, force=True) to another program"
        )
    place = partial(arrange, place=Placer(engine, time_limit))
    if pixels:
        scene, points = compose.fill(graph, look, place, pixels, [rankdir] if rankdir else ["LR", "TB"])
        if points < compose.READABLE:
            warnings.warn(
                f"type on this slide is {points:.1f} points, and under {compose.READABLE:g} it can't be "
                "read from the back row; draw a part of the graph, collapse='neuron' or 'layer', or take "
                "fewer digits",
                stacklevel=2,
            )
    else:
        scene = compose.draw(graph, look, place)
    return Drawing(graph, replace(scene, background="") if transparent else scene, dpi=dpi)
