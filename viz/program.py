"""A compiled program beside the scalars that it was made from: the matrices appear.

How to read it: on the left is every scalar operation of one row, from the inputs on; parameters are left out. On the
right are the steps that compute all of them for all rows at once. What has one colour is one step: a column of
operations that becomes a block, or all the products and sums of a layer that become one matrix.
"""

from __future__ import annotations

import os
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from microgrAD.compiler.equations import Equation, equations, root_name
from microgrAD.compiler.lineage import depths, steps_of
from microgrAD.compiler.program import Program
from microgrAD.compiler.tensors import Matrix, Step
from microgrAD.files import write_bytes
from viz import style
from viz.axes import new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")
MOST = 20_000           # operations that are drawn
SHOWN = 14              # steps that a slide has room for


class ProgramDrawing:
    """The picture of one program, on a slide. In Jupyter it shows itself as SVG."""

    def __init__(self, program: Program, *, theme: str = "light", piece: int = 0, dpi: float | None = None) -> None:
        count = len(program.tapes)
        if not 0 <= piece < count:
            raise ValueError(f"piece must be from 0 to {count - 1}, got {piece}")
        self.tape, self.tensors = program.tapes[piece], program.runners[piece].kernel.tensors
        self.look, self.dpi = style.theme(theme), dpi
        labels = [p.label for p in program.parameters]
        self.equations = equations(self.tensors, program.inputs[piece], labels)
        self.steps = steps_of(self.tape, self.tensors)
        if len(self.steps) > MOST:
            raise ValueError(f"a picture shows up to {MOST:,} operations, and this program has {len(self.steps):,}; "
                             "print(program) shows its equations")

    def plot(self, figure: Figure | None = None) -> Figure:
        """Draw on a figure, a new one of a slide's size if none is given, and give it back."""
        figure = figure if figure is not None else new_figure(self.look, (9.6, 5.4))
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.15])
        self._scalars(left)
        self._blocks(right)
        return figure

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a .png, .svg or .pdf file, whichever `path` ends in; gives the path."""
        target = Path(path)
        if target.suffix.lower() not in ENDINGS:
            raise ValueError(f"a picture's name must end in one of {list(ENDINGS)}, got {os.fspath(path)!r}")
        write_bytes(target, self._written(target.suffix.lower()[1:]))
        return target

    def _repr_svg_(self) -> str:
        return self.svg

    @cached_property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return self._written("svg").decode()

    def _written(self, kind: str) -> bytes:
        import matplotlib

        content, dates = BytesIO(), {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
        with matplotlib.rc_context({"svg.hashsalt": "program"}):
            self.plot().savefig(content, format=kind, dpi=self.dpi or 200, metadata=dates[kind])
        return content.getvalue()

    def color(self, step: int) -> str:
        """The colour of a step, on both sides."""
        return style.CLASSES[step % len(style.CLASSES)]

    # ------------------------------------------------------------------------------------------ scalars

    def _scalars(self, ax: Axes) -> None:
        """Every operation as a dot, its depth to the right, and a line from each operand."""
        from matplotlib.collections import LineCollection

        where = self._places()
        lines = [(where[j], where[i]) for i in self.steps for j in self.tape.args[i] if j in where]
        count = len(self.steps)
        ax.add_collection(LineCollection(lines, colors=self.look.edge, linewidths=min(0.8, 60 / count ** 0.7),
                                         alpha=0.6, zorder=1))
        nodes = list(self.steps)
        points = np.array([where[i] for i in nodes])
        ax.scatter(points[:, 0], points[:, 1], s=float(np.clip(6000 / count, 3, 90)), zorder=2,
                   c=[self.color(self.steps[i]) for i in nodes], linewidths=0)
        inputs = np.array([where[i] for i in self.tape.inputs if i in where]).reshape(-1, 2)
        ax.scatter(inputs[:, 0], inputs[:, 1], s=float(np.clip(6000 / count, 6, 90)), marker="s", zorder=2,
                   facecolors=self.look.background, edgecolors=self.look.ink, linewidths=0.8)
        self._title(ax, f"one row: {count:,} scalar operations")

    def _places(self) -> dict[int, tuple[float, float]]:
        """A band for each step, in their order; within it columns by depth, sorted by where operands stand."""
        depth, where = depths(self.tape), dict[int, tuple[float, float]]()
        columns: dict[tuple[int, int], list[int]] = {}
        for i in self.tape.inputs:
            columns.setdefault((-1, 0), []).append(i)
        for i, step in self.steps.items():
            columns.setdefault((step, depth[i]), []).append(i)
        for (step, level), column in sorted(columns.items()):
            levels = [deep for other, deep in columns if other == step]
            x = step + 0.7 * (level - min(levels)) / max(1, max(levels) - min(levels))
            column.sort(key=lambda i: _height(self.tape.args[i], where))
            for k, i in enumerate(column):
                where[i] = (x, 0.5 - (k + 0.5) / len(column))
        return where

    # ------------------------------------------------------------------------------------------ blocks

    def _blocks(self, ax: Axes) -> None:
        """The steps, one below the other: a block of its shape, and its equation."""
        from matplotlib.patches import Rectangle

        shown = list(zip(self.tensors.steps, self.equations, strict=True))
        hidden = max(0, len(shown) - SHOWN)
        shown = shown[:SHOWN - 1] if hidden else shown
        rows = max(len(shown) + (2 if hidden else 1), 6)
        size = min(13.0, 150 / rows)
        for k, (step, equation) in enumerate(shown):
            y = 1 - (k + 0.5) / rows
            high, wide = _shape(step, 0.8 / rows)
            ax.add_patch(Rectangle((0.2 - wide, y - high / 2), wide, high, facecolor=self.color(k), linewidth=0))
            self._text(ax, y, equation, size)
        y = 1 - (len(shown) + 0.5) / rows
        if hidden:
            ax.text(0.24, y, f"… and {hidden + 1} more", fontsize=size, color=self.look.muted, va="center")
            y -= 1 / rows
        ax.text(0.24, y, f"value = {root_name(self.tensors, self.equations)}", fontsize=size, va="center",
                color=self.look.ink, weight="bold")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        self._title(ax, f"{len(self.tensors.steps)} steps, for all rows at once")

    def _text(self, ax: Axes, y: float, equation: Equation, size: float) -> None:
        right = equation.right if len(equation.right) <= 34 else equation.right[:33] + "…"
        ax.text(0.24, y, f"{equation.left} = {right}", fontsize=size, color=self.look.ink, va="center",
                parse_math=False)
        ax.text(0.98, y, equation.size, fontsize=0.8 * size, color=self.look.muted, va="center", ha="right")

    def _title(self, ax: Axes, title: str) -> None:
        ax.set_title(title, color=self.look.ink, fontsize=14)
        ax.set_facecolor(self.look.background)
        ax.set_axis_off()


def _height(operands: tuple[int, ...], where: dict[int, tuple[float, float]]) -> float:
    """How far down an operation's operands stand, on average."""
    heights = [where[j][1] for j in operands if j in where]
    return -float(np.mean(heights)) if heights else 0.0


def _shape(step: Step, most: float) -> tuple[float, float]:
    """Height and width of a step's block: its rows and terms, on a scale on which 1 and 64 both can be seen."""
    rows, terms = step.weights.index.shape if isinstance(step, Matrix) else (step.out.size, 1)

    def length(n: int) -> float:
        return float(0.15 + 0.85 * min(1.0, np.log2(1 + n) / 6))
    return most * length(rows), 0.18 * length(terms) if isinstance(step, Matrix) else 0.02
