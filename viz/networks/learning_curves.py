"""Learning curves: loss, accuracy, gradient norms by layer, and weights, epoch by epoch.

How to read them: the loss on held-out data, dashed, turns up where a network begins to learn its data by heart. A
layer whose gradients are many times smaller than another's hardly learns. Weights that spread out ever wider, or
stay where they began, are both worth a look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import counted
from viz import style
from viz.networks.axes import axes_on, color, dress, figure_on, log_axis, panels, take_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from microgrAD.train import History

_DASHES = ("-", "--", "-.", ":")


def loss_curve(history: History, *, ax: Axes | None = None, log: bool = False, theme: str = "light") -> Axes:
    """The loss over the epochs; of held-out data dashed, with a mark at the best epoch."""
    axis = f"loss: {history.loss_unit}" if history.loss_unit else "loss"
    return _pair(history, "loss", "test_loss", axis, ax, theme, log=log)


def accuracy_curve(history: History, *, ax: Axes | None = None, theme: str = "light") -> Axes:
    """The share of right answers over the epochs; of held-out data dashed. ValueError where there are no classes."""
    if not history.accuracy:
        raise ValueError("this history has no accuracies, since its targets were no classes")
    ax = _pair(history, "accuracy", "test_accuracy", "share of right answers", ax, theme)
    ax.set_ylim(top=1.02)
    return ax


def gradient_norms(history: History, *, ax: Axes | None = None, theme: str = "light") -> Axes:
    """The length of each layer's gradient over the epochs, on a logarithmic scale."""
    look = style.theme(theme)
    ax = axes_on(ax, look)
    for k, (layer, norms) in enumerate(history.gradient_norms.items()):
        ax.plot(
            range(1, len(norms) + 1),
            norms,
            label=layer,
            color=color(k),
            linestyle=_dash(k),
            linewidth=2,
            marker=_marker(norms),
        )
    if any(norm > 0 for norms in history.gradient_norms.values() for norm in norms):
        ax.set_yscale("log")
        log_axis(ax.yaxis)
    _legend(ax, look)
    return dress(ax, look, x="epoch", y="norm of the gradient")


def weight_histograms(
    history: History, layer: str | None = None, *, bins: int = 41, ax: Axes | None = None, theme: str = "light"
) -> Axes:
    """How the weights of a layer, such as "layer1", by itself of all, are spread, epoch by epoch of a recorded run.

    A column is the histogram of one epoch: the darker, the more of the weights are there. The lines are the least,
    the median and the largest weight.
    """
    from matplotlib.colors import LinearSegmentedColormap

    look, recording = style.theme(theme), history.recording
    layers = recording.by_layer()
    if layer is not None and layer not in layers:
        raise ValueError(f"layer must be one of {list(layers)}, got {layer!r}")
    weights = recording.weights if layer is None else layers[layer]
    low, high = float(weights.min()), float(weights.max())
    edges = np.linspace(low, high if high > low else low + 1, counted(bins, "bins") + 1)
    counts = np.array([np.histogram(w, edges)[0] for w in weights]) / weights.shape[1]
    ax = axes_on(ax, look)
    steps = _edges(recording.epochs)
    ink = LinearSegmentedColormap.from_list("count", [look.background, look.flow_negative, look.ink])
    ax.pcolormesh(steps, edges, counts.T, cmap=ink, shading="flat", rasterized=True)
    for quantile, dash in ((0.0, ":"), (0.5, "-"), (1.0, ":")):
        ax.plot(
            recording.epochs,
            np.quantile(weights, quantile, axis=1),
            color=look.flow_positive,
            linestyle=dash,
            linewidth=1.5,
            label={0.5: "median", 1.0: "least, largest"}.get(quantile),
        )
    ax.set_ylim(edges[0], edges[-1] + 0.3 * (edges[-1] - edges[0]))  # room for the legend
    _legend(ax, look, loc="upper left", ncols=2)
    return dress(ax, look, x="epoch", y=f"weights of {layer or 'all layers'}")


def learning_curves(history: History, *, figure: Figure | SubFigure | None = None, theme: str = "light") -> list[Axes]:
    """Loss, accuracy (where there are classes), gradient norms and weights on one slide.

    The run is one recorded by `fit(..., record=True)`.
    """
    look = style.theme(theme)
    axes = panels(4 if history.accuracy else 3, look, figure=figure_on(figure, look), columns=2)
    loss_curve(history, ax=axes[0], theme=theme)
    if history.accuracy:
        accuracy_curve(history, ax=axes[1], theme=theme)
        take_legend(axes[1])  # it is that of the loss
    gradient_norms(history, ax=axes[-2], theme=theme)
    weight_histograms(history, ax=axes[-1], theme=theme)
    return axes


def loss_curves(
    histories: Mapping[str, History], *, ax: Axes | None = None, log: bool = False, theme: str = "light"
) -> Axes:
    """The losses of several runs on one Axes, by name."""
    if not histories:
        raise ValueError("there is nothing to draw: no run")
    look = style.theme(theme)
    ax = axes_on(ax, look)
    for k, (name, history) in enumerate(histories.items()):
        ax.plot(
            range(1, history.epochs + 1),
            history.loss,
            label=name,
            linewidth=2,
            color=color(k),
            linestyle=_dash(k),
            marker=_marker(history.loss),
        )
    if log:
        ax.set_yscale("log")
        log_axis(ax.yaxis)
    _legend(ax, look)
    return dress(ax, look, x="epoch", y="loss")


# ---------------------------------------------------------------------------------------------- parts


def _pair(
    history: History, name: str, held_out: str, axis: str, ax: Axes | None, theme: str, *, log: bool = False
) -> Axes:
    look = style.theme(theme)
    if not history.epochs:
        raise ValueError("this history is empty: no epoch was run")
    ax = axes_on(ax, look)
    epochs, found, held = range(1, history.epochs + 1), getattr(history, name), getattr(history, held_out)
    ax.plot(epochs, found, color=style.CLASSES[0], linewidth=2, label="training data", marker=_marker(found))
    if held:
        ax.plot(
            epochs,
            held,
            color=style.CLASSES[5],
            linewidth=2,
            linestyle="--",
            label="held-out data",
            marker=_marker(held),
        )
        if name == "loss":
            ax.plot(
                history.best_epoch,
                held[history.best_epoch - 1],
                "o",
                color=style.CLASSES[5],
                label=f"best epoch: {history.best_epoch}",
            )
    if log:
        ax.set_yscale("log")
        log_axis(ax.yaxis)
    else:
        ax.set_ylim(bottom=0)
    if held:
        _legend(ax, look)
    return dress(ax, look, x="epoch", y=axis)


def _dash(k: int) -> str:
    """The dash of line k: with its colour no other of 32 lines has it."""
    return _DASHES[(k + k // len(style.CLASSES)) % len(_DASHES)]


def _marker(numbers: Sequence[float]) -> str:
    """A dot for a single epoch, which makes no line."""
    return "o" if len(numbers) == 1 else ""


def _legend(ax: Axes, look: style.Theme, **options: Any) -> None:
    ax.legend(facecolor=look.background, edgecolor=look.background, framealpha=0.8, labelcolor=look.ink, **options)


def _edges(epochs: list[int]) -> Any:
    """The borders of columns around each epoch."""
    at = np.asarray(epochs, dtype=float)
    if len(at) == 1:
        return np.array([at[0] - 0.5, at[0] + 0.5])
    middle = (at[1:] + at[:-1]) / 2
    return np.r_[at[0] - (middle[0] - at[0]), middle, at[-1] + (at[-1] - middle[-1])]
