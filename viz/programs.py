"""A compiled program beside the scalars that it was made from, to show where its matrices come from.

How to read the picture: on the left is each scalar operation of one row, from the inputs on, without parameters. On the
right are the steps that compute all of them, for all rows at once. Operations with one colour and name are one step: a
column of operations becomes a block, and all products and sums of a layer become one matrix.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.compiler.program.equations import Equation, equations, root_name
from microgrAD.compiler.program.lineage import depths, steps_of
from microgrAD.compiler.program.tensors import Matrix, Step
from microgrAD.compiler.run.programs import Program
from microgrAD.errors import between
from viz import style
from viz.options import slide_pixels
from viz.picture import ENDINGS, Picture, new_figure
from viz.scene_drawing import picture_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 20_000  # the most operations that are drawn without force=True
SHOWN = 14  # the most steps on a slide
HIGH = 5.4  # inches; the height of the picture
OPTIONS = ("theme", "size", "dpi", "transparent", "legend", "force")
CELLS = 32  # a matrix with up to this many rows and columns has lines between them
LEGEND = "□ a number of the row     ● an operation     one colour: one step     a block: rows × columns of its matrix"


def draw_program(
    program: Program, path: str | os.PathLike[str] | None, given: dict[str, Any], usual: dict[str, Any]
) -> Picture:
    """Return the picture of a program, and write it to a file if there is a path.

    Arguments:
        program: a compiled program.
        path: the .png, .svg or .pdf file.
        given: the arguments of `viz.draw`, by name.
        usual: the defaults of these arguments.
    Raises: ValueError for an argument that a program does not have.
    """
    if path is not None:
        picture_file(path, ENDINGS)
    chosen = {name: value for name, value in given.items() if name in usual and value != usual[name]}
    if strange := [name for name in chosen if name not in OPTIONS]:
        raise ValueError(
            f"{', '.join(strange)}: for the graph of a Value only; the picture of a program takes {', '.join(OPTIONS)}"
        )
    beside = Beside(program, **chosen)
    picture = Picture(beside.drawn(), dpi=beside.dpi, transparent=beside.transparent)
    if path is not None:
        picture.save(path)
    return picture


class Beside:
    """One program on a slide: its scalars on the left, its steps on the right."""

    def __init__(
        self,
        program: Program,
        *,
        theme: str | None = None,
        piece: int = 0,
        size: str | tuple[int, int] | None = None,
        dpi: float | None = None,
        transparent: bool = False,
        legend: bool = True,
        force: bool = False,
    ) -> None:
        count = len(program.tapes)
        if not 0 <= piece < count:
            raise ValueError(f"piece must be from 0 to {count - 1}, got {piece}")
        self.tape = program.tapes[piece]
        if (operations := self.tape.operations()) > MOST and not force:
            raise ValueError(
                f"a picture shows up to {MOST:,} operations, and this program has {operations:,}; "
                "print(program) shows its equations, and force=True draws it anyway"
            )
        self.tensors = program.runners[piece].tensors
        self.look, self.transparent, self.legend = style.theme(theme), transparent, legend
        wide, high = slide_pixels(size) or (1920, 1080)
        # as for graphs: 192 dots per inch; for a slide 96, so that a dot is one of its pixels
        usual = 96 if size else 192
        dots = high / HIGH * (between(dpi, "dpi", 10, 2400) if dpi is not None else usual) / usual
        self.dpi = dots * (1 + 1e-12)  # older matplotlib cuts 1023.9999999999999 pixels to 1023
        self.inches = HIGH * wide / high, HIGH
        labels = [p.label for p in program.parameters]
        self.equations = equations(self.tensors, program.inputs[piece], labels)
        self.steps = steps_of(self.tape, self.tensors)

    def drawn(self) -> list[Axes]:
        """Draw on a new figure of a slide's size, and return the Axes of the scalars and of the steps."""
        figure = new_figure(self.look, self.inches)
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.15])
        self._scalars(left)
        self._blocks(right)
        if self.legend:
            figure.supxlabel(LEGEND, fontsize=min(9.0, self.inches[0]), color=self.look.muted)
        return [left, right]

    def color(self, step: int) -> str:
        """Return the colour of a step, on both sides."""
        return style.CLASSES[step % len(style.CLASSES)]

    # ------------------------------------------------------------------------------------------ scalars

    def _scalars(self, ax: Axes) -> None:
        """Draw each operation as a dot, further right the deeper it is, with a line from each operand."""
        from matplotlib.collections import LineCollection

        where = self._places()
        lines = [(where[j], where[i]) for i in self.steps for j in self.tape.args[i] if j in where]
        count = len(self.steps)
        ax.add_collection(
            LineCollection(
                lines,
                colors=self.look.edge,
                linewidths=min(0.8, 60 / count**0.7),
                alpha=float(np.clip(20 / count**0.5, 0.25, 0.6)),
                zorder=1,
            )
        )
        nodes = list(self.steps)
        points = np.array([where[i] for i in nodes])
        ax.scatter(
            points[:, 0],
            points[:, 1],
            s=float(np.clip(6000 / count, 3, 90)),
            zorder=2,
            c=[self.color(self.steps[i]) for i in nodes],
            linewidths=0,
        )
        inputs = np.array([where[i] for i in self.tape.inputs if i in where]).reshape(-1, 2)
        ax.scatter(
            inputs[:, 0],
            inputs[:, 1],
            s=float(np.clip(6000 / count, 6, 90)),
            marker="s",
            zorder=2,
            facecolors=self.look.background,
            edgecolors=self.look.ink,
            linewidths=0.8,
        )
        if len(self.equations) <= SHOWN:
            for step, equation in enumerate(self.equations):
                xs = [where[i][0] for i in nodes if self.steps[i] == step]
                if xs:
                    ax.text(
                        (min(xs) + max(xs)) / 2,
                        0.53,
                        equation.left,
                        color=self.look.ink,
                        ha="center",
                        va="bottom",
                        fontsize=min(9.0, 90 / len(self.equations)),
                    )
        ax.set_ylim(-0.53, 0.58)
        self._title(ax, f"one row: {count:,} scalar operations")

    def _places(self) -> dict[int, tuple[float, float]]:
        """Return the place of each operation: a band for each step, with columns by depth, sorted by operands."""
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
        """Draw the steps, one below the other: a block of the step's shape, and its equation."""
        from matplotlib.patches import Rectangle

        shown = list(zip(self.tensors.steps, self.equations, strict=True))
        hidden = max(0, len(shown) - SHOWN)
        shown = shown[: SHOWN - 1] if hidden else shown
        heights = [_height_of(step) for step, _ in shown] + [1.0] * max(2 if hidden else 1, 6 - len(shown))
        unit, y = 1 / sum(heights), 1.0
        size = min(13.0, 150 / len(heights), 13.0 * self.inches[0] / 9.6)
        for k, (step, equation) in enumerate(shown):
            y -= heights[k] * unit
            middle, (high, wide) = y + heights[k] * unit / 2, _shape(step, heights[k] * unit)
            ax.add_patch(Rectangle((0.2 - wide, middle - high / 2), wide, high, facecolor=self.color(k), linewidth=0))
            self._cells(ax, step, (0.2 - wide, middle - high / 2, wide, high))
            self._text(ax, middle, equation, size)
        y -= unit / 2
        if hidden:
            ax.text(0.24, y, f"… and {hidden + 1} more", fontsize=size, color=self.look.muted, va="center")
            y -= unit
        ax.text(
            0.24,
            y,
            f"value = {root_name(self.tensors, self.equations)}",
            fontsize=size,
            va="center",
            color=self.look.ink,
            weight="bold",
        )
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        self._title(ax, f"{len(self.tensors.steps)} steps, for all rows at once")

    def _cells(self, ax: Axes, step: Step, box: tuple[float, float, float, float]) -> None:
        """Draw lines between the numbers of a block, unless there are too many."""
        from matplotlib.collections import LineCollection

        x, y, wide, high = box
        rows, terms = _counts(step)
        if rows > (CELLS if terms > 1 else CELLS // 4) or terms > CELLS:
            return
        lines = [[(x, y + high * k / rows), (x + wide, y + high * k / rows)] for k in range(1, rows)]
        lines += [[(x + wide * k / terms, y), (x + wide * k / terms, y + high)] for k in range(1, terms)]
        ax.add_collection(LineCollection(lines, colors=self.look.background, linewidths=0.4 if rows > 8 else 0.8))

    def _text(self, ax: Axes, y: float, equation: Equation, size: float) -> None:
        right = equation.right if len(equation.right) <= 34 else equation.right[:33] + "…"
        ax.text(
            0.24, y, f"{equation.left} = {right}", fontsize=size, color=self.look.ink, va="center", parse_math=False
        )
        ax.text(0.98, y, equation.size, fontsize=0.8 * size, color=self.look.muted, va="center", ha="right")

    def _title(self, ax: Axes, title: str) -> None:
        ax.set_title(title, color=self.look.ink, fontsize=14)
        ax.set_facecolor(self.look.background)
        ax.set_axis_off()


def _height(operands: tuple[int, ...], where: dict[int, tuple[float, float]]) -> float:
    """Return how far down an operation's operands are, on average."""
    heights = [where[j][1] for j in operands if j in where]
    return -float(np.mean(heights)) if heights else 0.0


def _counts(step: Step) -> tuple[int, int]:
    """Return the number of rows and columns of a step's block."""
    if isinstance(step, Matrix):
        rows, terms = step.weights.index.shape
        return rows, terms - step.bias
    return step.out.size, 1


def _length(n: int) -> float:
    """Return the drawn length of n rows or columns, on a logarithmic scale up to 64."""
    return float(0.12 + 0.88 * min(1.0, np.log2(n) / 6))


def _height_of(step: Step) -> float:
    """Return the height of a step's place, relative to others: more for a matrix with many rows."""
    return 1 + 1.6 * _length(_counts(step)[0]) if isinstance(step, Matrix) else 1.0


def _shape(step: Step, room: float) -> tuple[float, float]:
    """Return the height and width of a step's block."""
    rows, terms = _counts(step)
    if isinstance(step, Matrix):
        return room * min(0.85, 0.25 + _length(rows)), 0.18 * _length(terms)
    return 0.8 * room * _length(rows) ** 0.5, 0.018
