"""Learning curves: loss, accuracy and gradient norms by layer, epoch by epoch.

How to read them: the loss on held-out data, dashed, turns up where a network begins to learn its data by heart. A
layer whose gradients are many times smaller than another's hardly learns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from viz import style
from viz.networks.axes import axes_on, dress, entitle, figure_on, figure_title, log_axis, panels
from viz.networks.colors import color
from viz.networks.legends import legend_within, take_legend
from viz.networks.weight_spread import weight_histograms
from viz.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from microgrAD.train import History

_DASHES = ("-", "--", "-.", ":")


def loss_curve(
    history: History, *, log: bool = False, ax: Axes | None = None, title: str | None = None, theme: str = "light"
) -> Picture:
    """The loss over the epochs; of held-out data dashed, with a mark at the best epoch.

    log         a logarithmic scale
    ax          the Axes to draw on, by default those of a new slide
    title       in place of the picture's own; "" for none

    Returns the Picture, on one Axes.
    """
    look = style.theme(theme)
    _check_run(history)
    ax = axes_on(ax, look)
    axis = f"loss: {history.loss_unit}" if history.loss_unit else "loss"
    _pair(ax, history, "loss", "test_loss", axis, look, log=log)
    entitle(ax, title, _loss_told(history), look)
    return Picture([ax])


def accuracy_curve(
    history: History, *, ax: Axes | None = None, title: str | None = None, theme: str = "light"
) -> Picture:
    """The share of right answers over the epochs; of held-out data dashed.

    ax          the Axes to draw on, by default those of a new slide
    title       in place of the picture's own; "" for none

    Returns the Picture, on one Axes. Raises ValueError where there are no classes.
    """
    look = style.theme(theme)
    if not history.accuracy:
        raise ValueError("this history has no accuracies, since its targets were no classes")
    ax = axes_on(ax, look)
    _pair(ax, history, "accuracy", "test_accuracy", "share of right answers", look)
    ax.set_ylim(top=1.02)
    unseen = f", {history.test_accuracy[-1]:.0%} on held-out data" if history.test_accuracy else ""
    entitle(ax, title, f"In the end {history.accuracy[-1]:.0%} of the answers are right{unseen}", look)
    return Picture([ax])


def gradient_norms(
    history: History, *, ax: Axes | None = None, title: str | None = None, theme: str = "light"
) -> Picture:
    """The length of each layer's gradient over the epochs, on a logarithmic scale.

    ax          the Axes to draw on, by default those of a new slide
    title       in place of the picture's own; "" for none

    Returns the Picture, on one Axes.
    """
    look = style.theme(theme)
    _check_run(history)
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
    legend_within(ax, look)
    dress(ax, look, x="epoch", y="norm of the gradient")
    entitle(ax, title, _norms_told(history), look)
    return Picture([ax])


def learning_curves(
    history: History, *, figure: Figure | SubFigure | None = None, title: str | None = None, theme: str = "light"
) -> Picture:
    """Loss, accuracy (where there are classes), gradient norms and weights on one slide.

    history     of `fit(..., record=True)`
    figure      the Figure to draw on, by default a new slide
    title       in place of the picture's own; "" for none

    Returns the Picture, on the Axes in this order.
    """
    look = style.theme(theme)
    axes = panels(4 if history.accuracy else 3, look, figure=figure_on(figure, look), columns=2)
    loss_curve(history, ax=axes[0], title="", theme=theme)
    if history.accuracy:
        accuracy_curve(history, ax=axes[1], title="", theme=theme)
        take_legend(axes[1])  # it is that of the loss
    gradient_norms(history, ax=axes[-2], title="", theme=theme)
    weight_histograms(history, ax=axes[-1], title="", theme=theme)
    figure_title(axes, title, _loss_told(history), look)
    return Picture(axes)


def loss_curves(
    histories: Mapping[str, History],
    *,
    log: bool = False,
    ax: Axes | None = None,
    title: str | None = None,
    theme: str = "light",
) -> Picture:
    """The losses of several runs.

    histories   name -> history
    log         a logarithmic scale
    ax          the Axes to draw on, by default those of a new slide
    title       in place of the picture's own; "" for none

    Returns the Picture, on one Axes.
    """
    if not isinstance(histories, Mapping):
        raise TypeError(
            f"loss_curves takes several runs by their names, {{'name': history}}, got {type(histories).__name__}; of "
            "one run write loss_curve(history)"
        )
    if not histories:
        raise ValueError("there is nothing to draw: no run")
    look = style.theme(theme)
    for history in histories.values():
        _check_run(history)
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
    legend_within(ax, look)
    dress(ax, look, x="epoch", y="loss")
    best = min(histories, key=lambda name: histories[name].loss[-1])
    entitle(ax, title, f"{best} ends with the least loss, {style.number(histories[best].loss[-1], 2)}", look)
    return Picture([ax])


# ---------------------------------------------------------------------------------------------- parts


def _check_run(history: History) -> None:
    if not history.epochs:
        raise ValueError("this history is empty: no epoch was run")


def _loss_told(history: History) -> str:
    """The loss of a run in a few words."""
    first, last = (style.number(history.loss[k], 2) for k in (0, -1))
    best = f", on held-out data least after {history.best_epoch}" if history.test_loss else ""
    return f"The loss goes from {first} to {last} in {history.epochs} epochs{best}"


def _norms_told(history: History) -> str:
    """How the layers' gradients compare, by their medians over the epochs."""
    medians = {layer: float(np.median(norms)) for layer, norms in history.gradient_norms.items()}
    least, most = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    if least == most or not medians[most]:
        return "How large the gradient is"
    return f"The gradient of {least} is {style.number(medians[least] / medians[most], 2)} times that of {most}"


def _pair(
    ax: Axes, history: History, name: str, held_out: str, axis: str, look: style.Theme, *, log: bool = False
) -> None:
    """A curve of training data, and one of held-out data where there are such."""
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
        legend_within(ax, look)
    dress(ax, look, x="epoch", y=axis)


def _dash(k: int) -> str:
    """The dash of line k: with its colour no other of 32 lines has it."""
    return _DASHES[(k + k // len(style.CLASSES)) % len(_DASHES)]


def _marker(numbers: Sequence[float]) -> str:
    """A dot for a single epoch, which makes no line."""
    return "o" if len(numbers) == 1 else ""
