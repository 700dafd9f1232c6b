"""`draw_dot`, for anyone who knows micrograd's notebook."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from microgrAD.errors import one_of
from viz.drawing import Drawing, draw
from viz.style import Direction
from viz.write import MEDIA

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Trace


class Notebook(Drawing):
    """A `Drawing` with `render`, the method that users of micrograd know."""

    format = "svg"

    def render(self, filename: str | os.PathLike[str] = "graph") -> str:
        """Write `filename`.`format` and return its name."""
        return str(self.save(f"{os.fspath(filename)}.{self.format}"))


def draw_dot(root: Value | Trace, format: str = "svg", rankdir: Direction = "LR") -> Notebook:
    """Return micrograd's picture of a graph: a box for each value and a node for each operation.

    It has the arguments of micrograd's `draw_dot`, and works without Graphviz.

    Arguments:
        root: a Value, or the trace of a pass.
        format: "svg", "png" or another ending of a picture, for `render`.
        rankdir: "LR" (from left to right) or "TB" (from top to bottom).
    Returns: a `Drawing` with a method `render`.
    Raises: ValueError for an unknown choice; what `draw` raises.
    """
    one_of(format, "format", [ending.removeprefix(".") for ending in MEDIA])
    drawing = draw(root, ops="nodes", rankdir=rankdir)
    notebook = Notebook(drawing.graph, drawing.scene)
    notebook.format = format
    return notebook
