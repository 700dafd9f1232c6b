"""Two pictures of an operation: its value and derivatives as curves, and its graph."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

import microgrAD
import viz
from microgrAD import Value
from microgrAD.ops import Op
from viz import style

OTHER = 1.5  # the second argument, where there are two
LINES = ("-", "--", ":")


def draw(op: Op, folder: Path) -> bool:
    """Draw both pictures of an operation, and return whether it has curves."""
    root = example(op)
    root.backward()
    viz.draw(root, folder / f"{op.name}_graph.svg", show_local=True)
    if op.variadic or op.chooses:
        return False
    _curves(op, folder / f"{op.name}.svg")
    return True


def example(op: Op) -> Value:
    """Return the operation on some numbers that it allows, as a labelled graph."""
    function: Any = getattr(microgrAD, op.name)
    if op.variadic:
        lists = [[Value(k + 1.0 + 3 * n, label=f"{arg}{k + 1}") for k in range(3)] for n, arg in enumerate(op.args)]
        return _labelled(function(*lists))
    for numbers in ((0.5, 2.0, 3.0), (2.0, 3.0, 1.0)):
        args = [Value(x, label=arg) for x, arg in zip(numbers, op.args, strict=False) if arg not in op.constants]
        try:
            return _labelled(function(*args))
        except microgrAD.DomainError:
            continue
    raise ValueError(f"no example is in the domain of {op.name}")


def _labelled(root: Value) -> Value:
    root.label = "out"
    return root


def _curves(op: Op, file: Path) -> None:
    free = [arg for arg in op.args if arg not in op.constants]
    look = style.theme("light")
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    ax = figure.subplots()
    names = [f"{op.name}" if len(free) == 1 else f"{op.name}, {free[1]} = {OTHER}", *[f"∂/∂{arg}" for arg in free]]
    xs = np.linspace(-4, 4, 641)
    columns = np.array([_at(op, x, len(free)) for x in xs]).T
    for k, (name, ys) in enumerate(zip(names, columns, strict=True)):
        ax.plot(xs, ys, LINES[k], color=style.CLASSES[(0, 5, 1)[k]], linewidth=2, label=name)
    ax.axhline(0, color=look.edge, linewidth=0.7)
    ax.axvline(0, color=look.edge, linewidth=0.7)
    ax.set(xlabel=free[0], xlim=(-4, 4), ylim=_limits(columns))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    figure.savefig(file, metadata={"Date": None})


def _at(op: Op, x: float, count: int) -> list[float]:
    """Return the value and the derivatives at a point, nan where there are none."""
    function: Callable[..., Any] = getattr(microgrAD, op.name)
    args = [Value(x), Value(OTHER)][:count]
    try:
        out = function(*args)
        out.backward()
    except microgrAD.DomainError:
        return [math.nan] * (count + 1)
    return [out.data, *[arg.grad for arg in args]]


def _limits(columns: np.ndarray) -> tuple[float, float]:
    seen = columns[np.isfinite(columns)]
    low, high = max(float(seen.min()), -5.0), min(float(seen.max()), 5.0)
    room = 0.06 * (high - low)
    return low - room, high + room
