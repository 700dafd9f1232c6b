"""A film of the decision boundary and the loss while the network learns."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import between, counted
from microgrAD.files import new_file, write_bytes
from viz import style
from viz.networks.axes import dress, entitle, figure_title
from viz.networks.decision_boundary import decision_boundary
from viz.picture import new_figure
from viz.write import gif

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from microgrAD.train import History, Recording

WIDTH = 960  # pixels


def boundary_movie(
    history: History,
    path: str | os.PathLike[str],
    *,
    frames: int = 40,
    seconds: float = 0.125,
    hold: float = 3.0,
    title: str | None = None,
    theme: str = "light",
    **options: Any,
) -> Path:
    """Write a GIF of the decision boundary while the network learns, with the loss beside it.

    Arguments:
        history: what `fit(..., record=True)` returns.
        path: a path that ends in .gif.
        frames: the largest number of frames. The first and the last epoch are among them; there are more frames where
            the loss changes more.
        seconds: how long each frame is shown.
        hold: how long the last frame is shown, in seconds.
        title: the title of all frames; by default the film's own; "" for none.
        theme: "light", "dark" or "print".
        options: as for `decision_boundary`.
    Returns: the path.
    """
    target, look = new_file(path, [".gif"], "a film's"), style.theme(theme)
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    recording = history.recording
    chosen = chosen_frames(recording.loss, frames)
    figure = new_figure(look)
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    figure_title([left], title, "The decision boundary, epoch by epoch", look)
    pictures = []
    for frame in chosen:
        for ax in (left, right):
            ax.clear()
        with recording.at(frame) as model:
            decision_boundary(
                model, recording.X, recording.y, ax=left, title="", theme=theme, colorbar=False, **options
            )
        entitle(left, None, f"epoch {recording.epochs[frame]}", look)
        _loss_so_far(right, recording, frame, look)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=WIDTH / figure.get_figwidth())
        pictures.append(gif.pixels(png.getvalue()))
    write_bytes(target, gif.write(pictures, seconds=seconds, hold=hold, shaded=True))
    return target


def chosen_frames(loss: Sequence[float], count: int) -> list[int]:
    """Return up to `count` frames: the first, the last, and between them more where the loss changes more."""
    counted(count, "frames", 2)
    changes = np.abs(np.diff(np.asarray(loss, dtype=float)))
    way = np.concatenate([[0.0], np.cumsum(changes / (changes.sum() or 1) + 1 / max(len(changes), 1))])
    return [int(k) for k in np.unique(np.searchsorted(way, np.linspace(0, way[-1], count) - 1e-12))]


def _loss_so_far(ax: Axes, recording: Recording, frame: int, look: style.Theme) -> None:
    ax.plot(recording.epochs, recording.loss, color=look.edge, linewidth=1, alpha=0.5)
    ax.plot(recording.epochs[: frame + 1], recording.loss[: frame + 1], color=look.ink, linewidth=2)
    ax.plot(recording.epochs[frame], recording.loss[frame], "o", color=look.ink)
    ax.set_ylim(bottom=0)
    dress(ax, look, x="epoch", y="loss")
    entitle(ax, None, f"loss {style.number(recording.loss[frame], 3)}", look)
