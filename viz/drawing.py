"""Pictures of graphs: `draw` returns a `Drawing`, which shows itself in a notebook, in files and on Axes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from inspect import unwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from microgrAD.errors import between, flag, one_of, whole_digits
from microgrAD.guesses import told
from viz import compose
from viz.graph.cluster import Level
from viz.graph.nodes import Graph, GraphTooLargeError, split
from viz.graph.select import select
from viz.layout import graphviz
from viz.layout.arrange import arrange
from viz.layout.placer import Placer
from viz.options import slide_pixels
from viz.scene import Scene
from viz.scene_drawing import SceneDrawing, picture_file
from viz.style import Direction, Look, direction
from viz.style import theme as themed
from viz.write import MEDIA, SLIDES

if TYPE_CHECKING:
    from microgrAD.compiler import Program
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace
    from viz.picture import Picture

MOST_BOXES = 50_000  # with more, measuring the boxes alone takes longer than the time limit of a layout


class Drawing(SceneDrawing):
    """A finished picture of a graph. In a notebook it shows itself.

    Arguments:
        graph: the graph that it shows; frozen.
        scene: its geometry; frozen.
        dpi: dots per inch of a PNG; by default 192, or for a slide 96, so that a dot is one of its pixels.
    """

    endings = tuple(MEDIA)
    graph: Graph

    def __init__(self, graph: Graph, scene: Scene, *, dpi: float | None = None) -> None:
        super().__init__(scene, dpi=dpi)
        self.graph = graph

    def dot(self) -> str:
        """Return the graph in Graphviz's DOT language, to edit by hand."""
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


@told(title="name the root, root.label = 'loss', or write viz.page(root, title=...)")
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
    """Return a picture of the computational graph behind `root`, with values and gradients.

    If a graph has more than 120 boxes, each neuron is folded into one box; if that is not enough, each layer is. The
    picture says how many values are folded away.

    For a compiled program, the picture shows the scalars of one row beside the steps of the program (see
    `viz.programs`). Then the choices are theme, size, dpi, transparent, legend and force.

    Arguments:
        root: a Value, with its current numbers; or the trace of a pass from `microgrAD.steps.steps`, with the recorded
            numbers; or a compiled program.
        path: the .png, .svg, .pdf, .dot, .tex, .pptx, .drawio or .mmd file to write as well; a .md file holds the
            Mermaid text of an .mmd file in a block, which GitHub draws.
        theme: "light" (the default), "dark" or "print".
        rankdir: "LR" (from left to right) or "TB" (from top to bottom); by default "LR", on a slide what is larger.
        digits: significant digits of each number.
        show_local: whether each wire shows the local derivative d(result)/d(operand); by default False.
        show_constants: whether plain numbers have boxes; by default the operation's badge shows them.
        collapse: "neuron" or "layer" to fold each of them into one box; by default only as far as needed.
        size: of a slide, "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels; by default the picture's own size,
            for a .pptx file "16:9". If the type on a slide is smaller than 14 points, there is a UserWarning; in a
            .pptx file, neurons and then layers are folded before that.
        show_ops: whether operations are shown.
        ops: "badge" for operations as badges on their results, where the operands arrive; "nodes" for operations as
            nodes of their own, as in micrograd's notebook.
        color_by: "grad" for boxes and wires in colours that show the sign and size of their gradients.
        dpi: dots per inch of a PNG; by default 192, or for a slide 96, so that a dot is one of its pixels.
        transparent: whether to leave out the background.
        legend: whether the signs are explained below the graph.
        force: whether to draw what is too large to read: a graph of up to 50,000 boxes, or a program of any size.
        time_limit: the most seconds that the layout may take.
        engine: the layout engine: "dot", "embedded", or "auto" for `dot` if it is installed.
    Returns: a `Drawing`, which shows itself in Jupyter and has `.save(path)`; for a compiled program, a `Picture`.
    Raises: GraphTooLargeError for more than 400 boxes even after folding, or for more than 100,000 Values; LayoutError
    if the layout takes too long; ValueError for an unknown choice, or for a choice that a program does not have.
    """
    given = dict(locals())
    if hasattr(root, "runners"):
        from viz.programs import draw_program

        return draw_program(root, path, given, unwrap(draw).__kwdefaults__ or {})
    if path is not None:
        picture_file(path, Drawing.endings)
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
    slides = path is not None and Path(path).suffix.lower() == SLIDES
    pixels = slide_pixels("16:9" if slides and size is None else size)
    levels: list[Level | None] = [None, "neuron", "layer"] if slides and collapse is None else [collapse]
    for level in levels:
        graph = select(root, show_constants=show_constants, collapse=level, force=force)
        if ops == "nodes" and show_ops:
            graph = split(graph)
        scene, points = _placed(graph, look, place, pixels, [rankdir] if rankdir else ["LR", "TB"])
        if points >= compose.READABLE:
            break
    else:
        _warn(points)
    drawing = Drawing(graph, replace(scene, background="") if transparent else scene, dpi=dpi)
    if path is not None:
        drawing.save(path)
    return drawing


def _placed(
    graph: Graph, look: Look, place: compose.Place, pixels: tuple[int, int] | None, directions: Sequence[Direction]
) -> tuple[Scene, float]:
    """Return the picture in its natural size, or on a slide in the most readable direction; and its size of type."""
    if len(graph.nodes) > MOST_BOXES:
        raise GraphTooLargeError(
            f"this picture would have {len(graph.nodes):,} boxes, and force=True draws up to "
            f"{MOST_BOXES:,}; draw a part of it, pass collapse='layer', or take "
            "to_graphviz(root, force=True) to another program"
        )
    if not pixels:
        return compose.draw(graph, look, place), look.text
    return compose.fill(graph, look, place, pixels, directions)


def _warn(points: float) -> None:
    """Warn that type on a slide is too small."""
    warnings.warn(
        f"type on this slide is {points:.1f} points, and under {compose.READABLE:g} it can't be "
        "read from the back row; draw a part of the graph, or pass collapse='neuron' or 'layer', or "
        "fewer digits",
        stacklevel=3,
    )
