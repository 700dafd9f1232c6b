"""Activation functions and their derivatives, side by side.

How to read them: where the derivative, at the right, is near 0, a unit hardly learns. The step has no slope anywhere,
so that gradients can't teach it; a sigmoid is a step that has become smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from microgrAD import operators
from microgrAD.errors import one_of, real
from microgrAD.nn.layers import LINEAR
from microgrAD.operators import Value
from microgrAD.ops import OPS
from viz import style
from viz.networks.axes import dress, entitle, figure_title, panels
from viz.networks.colors import color
from viz.networks.learning_curves import _dash
from viz.networks.legends import figure_legend
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

POINTS = 401


def activation_curves(
    activations: str | Sequence[str],
    *,
    upto: float = 6.0,
    figure: Figure | SubFigure | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw activation functions at the left, and their derivatives at the right.

    Arguments:
        activations: names of operations of one argument, such as "sigmoid" or ["step", "sigmoid"]; or "linear".
        upto: the curves go from -upto to upto.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes of the functions and those of the derivatives.
    Raises: ValueError for another activation.
    """
    look, names = style.theme(theme), [activations] if isinstance(activations, str) else list(activations)
    for name in names:
        one_of(name, "activation", [LINEAR, *_of_one_argument()])
    if not names or not real(upto, "upto") > 0:
        raise ValueError(f"this takes one activation or more and upto above 0, got {names} and {upto!r}")
    x = np.linspace(-upto, upto, POINTS)
    axes = panels(2, look, figure=figure, columns=2)
    entries = []
    for k, name in enumerate(names):
        for ax, y in zip(axes, curves(name, x), strict=True):
            (line,) = ax.plot(x, _cut(y), color=color(k), linestyle=_dash(k), linewidth=2.2, label=name)
        entries.append(line)
    for ax, point, axis in zip(axes, ("the function", "its derivative"), ("o", "do/dn"), strict=True):
        ax.axhline(0, color=look.edge, linewidth=0.8, zorder=0)
        ax.axvline(0, color=look.edge, linewidth=0.8, zorder=0)
        entitle(ax, None, point, look)
        dress(ax, look, x="n", y=axis)
    figure_legend(axes[0], entries if len(names) > 1 else [], look)
    figure_title(axes, title, _told(names, x), look)
    return Picture(axes)


def curves(name: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return an activation's values and derivatives at x, (points,), by the table of operations."""
    if name == LINEAR:
        return x, np.ones_like(x)
    found = []
    for number in x.tolist():
        leaf = Value(number)
        out = getattr(operators, name)(leaf)
        found.append((out.data, out.partials[0]))
    values, slopes = np.array(found).T
    return values, slopes


def _of_one_argument() -> list[str]:
    return [op.name for op in OPS.values() if not op.variadic and len(op.args) - len(op.constants) == 1]


def _cut(y: np.ndarray) -> np.ndarray:
    """Return a curve with a gap where it jumps, so that no line joins both sides."""
    y = y.copy()
    jumps = np.flatnonzero(np.abs(np.diff(y)) > 0.4)
    y[jumps] = np.nan
    return y


def _told(names: Sequence[str], x: np.ndarray) -> str:
    most = {name: float(np.abs(curves(name, x)[1]).max()) for name in names}
    parts = [f"{name} at most {style.number(slope, 3)}" for name, slope in most.items()]
    return f"Slope: {', '.join(parts)}"
