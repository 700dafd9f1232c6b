"""The loss surface: the loss on a plane through the space of weights, and the path of training on it.

How to read it: on a line all weights have the same loss; darker lines have a lower loss, on a logarithmic scale. The
path begins at the open circle and ends at the full one. In this plane the path moves most. So it shows the valley that
training followed, but not the directions across the valley.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from microgrAD.interpret import Surface, loss_surface, path_directions
from microgrAD.interpret.rows import Array
from microgrAD.nn.units import numbered
from viz import style
from viz.networks.axes import axes_on, dress, entitle
from viz.networks.legends import legend_below
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microgrAD.nn import Module
    from microgrAD.train import History


def training_path(
    history: History,
    *,
    loss: Any = None,
    resolution: int = 41,
    margin: float = 0.35,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the loss on the plane in which a recorded run moved most, with the path of the run.

    The plane goes through the end of the path, along its first two principal components. Their share of the movement is
    on the axes.

    Arguments:
        history: what `fit(..., record=True)` returns.
        loss: a name or a function in `microgrAD.losses`; by default that of the run.
        resolution: the number of places along each side of the plane.
        margin: the margin around the path, as a share of its size.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    """
    look, recording = style.theme(theme), history.recording
    weights = recording.weights
    directions, shares = path_directions(weights)
    path = (weights - weights[-1]) @ directions.T
    low, high = path.min(axis=0), path.max(axis=0)
    room = margin * max(float((high - low).max()), 1e-6)
    a, b = (np.linspace(low[k] - room, high[k] + room, counted(resolution, "resolution", 2)) for k in (0, 1))
    rows, loss = (recording.model, recording.X, recording.y), loss or recording.criterion
    plane = partial(loss_surface, *rows, directions=directions, center=weights[-1], loss=loss)
    ax = axes_on(ax, look)
    _draw(ax, plane(a=a, b=b), look)
    entries = _path(ax, path, recording.loss, _at(plane, path), look)
    entitle(ax, title, "The path of training, down the loss", look)
    dress(
        ax,
        look,
        x=f"1st direction of the path ({shares[0]:.0%} of its movement)",
        y=f"2nd direction ({shares[1]:.0%})",
    )
    legend_below(ax, entries, look)
    return Picture([ax])


def weight_plane(
    history: History,
    *,
    weights: tuple[str, str],
    loss: Any = None,
    resolution: int = 41,
    margin: float = 0.35,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the loss over two weights, with the path that they took. The other weights are those at the end.

    Arguments:
        history: what `fit(..., record=True)` returns.
        weights: two names: "w13" and "w23" of a fully connected network whose units are numbered through, inputs first;
            or names of `model.named_parameters()`.
        loss: a name or a function of `microgrAD.losses`; by default that of the run.
        resolution: the number of places along each side of the plane.
        margin: the margin around the path, as a share of its reach.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError for names that no weight has.
    """
    look, recording = style.theme(theme), history.recording
    numbers = [_numbered(recording.model, name) for name in _two(weights)]
    path, end = recording.weights[:, numbers], recording.weights[-1]
    low, high = path.min(axis=0), path.max(axis=0)
    room = margin * max(float((high - low).max()), 0.1)
    lines = [np.linspace(low[k] - room, high[k] + room, counted(resolution, "resolution", 2)) for k in (0, 1)]
    rows, loss = (recording.model, recording.X, recording.y), loss or recording.criterion
    middle = end[numbers]
    plane = partial(loss_surface, *rows, directions=np.eye(len(end))[numbers], center=end, loss=loss)
    ax = axes_on(ax, look)
    _draw(ax, replace(plane(a=lines[0] - middle[0], b=lines[1] - middle[1]), a=lines[0], b=lines[1]), look)
    entries = _path(ax, path, recording.loss, _at(plane, path - middle), look)
    entitle(ax, title, f"The loss over {weights[0]} and {weights[1]}, and the path of training", look)
    dress(ax, look, x=weights[0], y=weights[1])
    legend_below(ax, entries, look)
    return Picture([ax])


def _two(weights: Any) -> tuple[str, str]:
    several = () if isinstance(weights, str) else tuple(weights)
    if len(several) != 2 or len(set(several)) != 2 or not all(isinstance(name, str) for name in several):
        raise ValueError(f"weights takes two names, such as ('w13', 'w23'), got {weights!r}")
    return several[0], several[1]


def _numbered(model: Module, name: str) -> int:
    """Return the number of a parameter by its name, as units are numbered through or as in `named_parameters`."""
    with numbered(model):
        labels = [p.label for p in model.parameters()]
    dotted = [known for known, _ in model.named_parameters()]
    for known in (labels, dotted):
        if known.count(name) == 1:
            return known.index(name)
    raise ValueError(
        f"no weight is called {name!r}; the names are {', '.join(labels[:12])}, or {', '.join(dotted[:3])}"
    )


def _at(plane: Callable[..., Surface], path: Array) -> tuple[float, float]:
    """Return the loss on a plane at the two ends of a path."""
    a, b = path[[0, -1]].T
    begin, end = np.diag(plane(a=a, b=b).loss).tolist()
    return begin, end


def _path(ax: Axes, path: Any, loss: Sequence[float], here: tuple[float, float], look: style.Theme) -> list[Any]:
    """Draw a path with its two ends, and return the entries of a legend.

    Arguments:
        ax: the Axes.
        path: its points.
        loss: the losses of the run; elsewhere than in its weights on the plane, they are other numbers.
        here: the losses on the plane at the two ends.
        look: the colours.
    """
    (line,) = ax.plot(*path.T, color=look.flow_positive, linewidth=2.2, label="path of training", zorder=3)
    dot: dict[str, Any] = {"markersize": 9, "linestyle": "none", "zorder": 4}
    begin, end = (
        f"loss {on}" + (f" here, {of} in the run" if on != of else "")
        for on, of in ((style.number(here[k], 2), style.number(loss[k], 2)) for k in (0, -1))
    )
    (first,) = ax.plot(
        *path[0],
        "o",
        markerfacecolor=look.background,
        markeredgecolor=look.ink,
        label=f"start, {begin}",
        **dot,
    )
    (last,) = ax.plot(*path[-1], "o", color=look.ink, label=f"end, {end}", **dot)
    return [line, first, last]


def random_plane(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: Any = None,
    directions: Any = None,
    reach: float = 1.0,
    resolution: int = 41,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """Draw the loss around a trained network, on a random plane or on one with given directions.

    Arguments:
        model: the network.
        X, y: data (rows, features) and targets (rows,).
        loss: a name or a function in `microgrAD.losses`; by default that for these targets.
        directions: the two directions, (2, parameters); by default random ones.
        reach: how far the plane goes along each direction.
        resolution: the number of places along each side of the plane.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Source: Li et al. 2018.
    """
    look, line = style.theme(theme), np.linspace(-reach, reach, counted(resolution, "resolution", 2))
    surface = loss_surface(model, X, y, directions=directions, a=line, b=line, loss=loss)
    ax = axes_on(ax, look)
    _draw(ax, surface, look)
    ax.plot(0, 0, "o", color=look.ink, markersize=9, zorder=4)
    entitle(ax, title, "The loss around the trained network", look)
    dress(ax, look, x="random direction 1", y="random direction 2")
    return Picture([ax])


def _draw(ax: Axes, surface: Surface, look: style.Theme) -> None:
    """Draw lines of equal loss over the plane of the surface, on a logarithmic scale."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    ramp = [look.flow_negative, look.background] if look.name != "dark" else [look.background, look.flow_negative]
    cmap = LinearSegmentedColormap.from_list("depth", ramp)
    logs = np.log10(np.maximum(surface.loss, 1e-12))
    levels = np.linspace(logs.min(), logs.max() + 1e-9, 18)
    ax.contourf(surface.a, surface.b, logs, levels=levels, cmap=cmap)
    lines = ax.contour(
        surface.a,
        surface.b,
        logs,
        levels=levels[1:-1:2],
        colors=[look.ink],
        linewidths=0.7,
        alpha=0.6,
        linestyles="solid",
    )
    digits = style.digits_apart(*(10**level for level in levels[1:-1:2]))
    ax.clabel(lines, fmt=lambda level: style.number(10**level, digits), fontsize=9)
    bar = ax.figure.colorbar(
        ScalarMappable(Normalize(levels[0], levels[-1]), cmap),
        ax=ax,
        format=lambda level, _: style.number(10**level, digits),
    )
    bar.set_label("loss", color=look.ink)
    bar.outline.set_edgecolor(look.edge)
    bar.ax.tick_params(colors=look.ink)
