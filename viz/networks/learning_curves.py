"""Learning curves: loss, accuracy and the gradient norm of each layer, by epoch.

How to read them: when the loss on held-out data (dashed) rises again, the network begins to learn its data by heart. A
layer whose gradients are many times smaller than those of the others hardly learns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from viz import style
from viz.networks.axes import axes_on, dress, entitle, figure_on, figure_title, log_axis, panels
from viz.networks.colors import color
from viz.networks.legends import figure_legend, legend_below, take_legend
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
    """Draw the loss by epoch; that of held-out data is dashed, with a mark at the best epoch.

    Arguments:
        history: the history of a run.
        log: whether the scale is logarithmic.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
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
    """Draw the share of right answers by epoch; that of held-out data is dashed.

    Arguments:
        history: the history of a run.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
    Raises: ValueError if there are no classes.
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
    """Draw the norm of the gradient of each layer by epoch, on a logarithmic scale.

    Arguments:
        history: the history of a run.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
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
    dress(ax, look, x="epoch", y="norm of the gradient")
    legend_below(ax, ax.get_legend_handles_labels()[0], look)
    entitle(ax, title, _norms_told(history), look)
    return Picture([ax])


def learning_curves(
    history: History, *, figure: Figure | SubFigure | None = None, title: str | None = None, theme: str = "light"
) -> Picture:
    """Draw loss, accuracy (if there are classes), gradient norms and weights on one slide.

    Arguments:
        history: what `fit(..., record=True)` returns.
        figure: the Figure to draw on; by default a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on the Axes in this order.
    """
    look = style.theme(theme)
    axes = panels(4 if history.accuracy else 3, look, figure=figure_on(figure, look), columns=2)
    loss_curve(history, ax=axes[0], title="", theme=theme)
    if history.accuracy:
        accuracy_curve(history, ax=axes[1], title="", theme=theme)
        take_legend(axes[1])  # it is the same as that of the loss
    figure_legend(axes[0], take_legend(axes[0]), look)
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
    """Draw the losses of several runs.

    Arguments:
        histories: the history of each run, by name.
        log: whether the scale is logarithmic.
        ax: the Axes to draw on; by default those of a new slide.
        title: the title; by default one that says the picture's point; "" for none.
        theme: "light", "dark" or "print".
    Returns: a Picture, on one Axes.
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
    dress(ax, look, x="epoch", y="loss")
    legend_below(ax, ax.get_legend_handles_labels()[0], look)
    best = min(histories, key=lambda name: histories[name].loss[-1])
    entitle(ax, title, f"{best} ends with the least loss, {style.number(histories[best].loss[-1], 2)}", look)
    return Picture([ax])


# ---------------------------------------------------------------------------------------------- parts


def _check_run(history: History) -> None:
    if not history.epochs:
        raise ValueError("this history is empty: no epoch was run")


def _loss_told(history: History) -> str:
    """Return a few words about the loss of a run."""
    ends = history.loss[0], history.loss[-1]
    first, last = (style.number(loss, style.digits_apart(*ends)) for loss in ends)
    best = f", on held-out data least after {history.best_epoch}" if history.test_loss else ""
    return f"The loss goes from {first} to {last} in {history.epochs} epochs{best}"


def _norms_told(history: History) -> str:
    """Return how the gradients of the layers compare, by their medians over the epochs."""
    medians = {layer: float(np.median(norms)) for layer, norms in history.gradient_norms.items()}
    least, most = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    if least == most or not medians[most]:
        return "How large the gradient is"
    return f"The gradient of {least} is {style.number(medians[least] / medians[most], 2)} times that of {most}"


def _pair(
    ax: Axes, history: History, name: str, held_out: str, axis: str, look: style.Theme, *, log: bool = False
) -> None:
    """Draw a curve for training data, and one for held-out data if there are any."""
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
    dress(ax, look, x="epoch", y=axis)
    if held:
        legend_below(ax, ax.get_legend_handles_labels()[0], look)


def _dash(k: int) -> str:
    """Return the dash of line k. Dash and colour together are different for 32 lines."""
    return _DASHES[(k + k // len(style.CLASSES)) % len(_DASHES)]


def _marker(numbers: Sequence[float]) -> str:
    """Return a dot for a single epoch, which makes no line."""
    return "o" if len(numbers) == 1 else ""
