"""`draw_dot`, for those who come from micrograd's notebook."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from viz.drawing import Drawing, draw
from viz.style import Direction

if TYPE_CHECKING:
    from microgrAD.operators import Value


class Notebook(Drawing):
    """A `Drawing` with the one method that micrograd's users call on theirs."""

    format = "svg"

    def render(self, filename: str | os.PathLike[str] = "graph") -> str:
        """Write `filename`.`format` and give its name."""
        return str(self.save(f"{os.fspath(filename)}.{self.format}"))


def draw_dot(root: Value, format: str = "svg", rankdir: Direction = "LR") -> Notebook:
    """micrograd's picture of a graph: a box a value, a node an operation. Works without Graphviz installed.

    format: "svg", "png", "pdf", "dot" or "tex", for `render`; rankdir: "LR" or "TB".
    """
    drawing = draw(root, ops="nodes", rankdir=rankdir)
    notebook = Notebook(drawing.graph, drawing.scene)
    formats = [ending.removeprefix(".") for ending in notebook.writers()]
    if format not in formats:
        raise ValueError(f"format must be one of {formats}, got {format!r}")
    notebook.format = format
    return notebook
