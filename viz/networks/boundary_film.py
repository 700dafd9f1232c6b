"""A film of the decision boundary and the loss while the network learns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.errors import between, counted
from microgrAD.files import new_file, write_bytes
from viz import style
from viz.networks.axes import dress, entitle, figure_title
from viz.networks.decision_boundary import decision_boundary, repaint
from viz.picture import new_figure
from viz.write import gif, mp4

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
    """Write a GIF or a video of the decision boundary while the network learns, with the loss beside it.

    Arguments:
        history: what `fit(..., record=True)` returns.
        path: a path that ends in .gif, or in .mp4, which takes the package imageio-ffmpeg.
        frames: the largest number of frames. The first and the last epoch are among them; there are more frames where
            the loss changes more.
        seconds: how long each frame is shown.
        hold: how long the last frame is shown, in seconds.
        title: the title of all frames; by default the film's own; "" for none.
        theme: "light", "dark" or "print".
        options: as for `decision_boundary`.
    Returns: the path.
    """
    target, look = new_file(path, [".gif", ".mp4"], "a film's"), style.theme(theme)
    video = target.suffix.lower() == ".mp4"
    if video:
        mp4.needed()
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    recording = history.recording
    chosen = chosen_frames(recording.loss, frames)
    figure = new_figure(look)
    left, right = figure.subplots(1, 2, width_ratios=[3, 2])
    figure_title([left], title, "The decision boundary, epoch by epoch", look)
    camera = _Camera(figure)
    pictures: list[gif.Pixels] = []
    for frame in chosen:
        with recording.at(frame) as model:
            if not pictures:
                rows = recording.X, recording.y
                decision_boundary(model, *rows, ax=left, title="", theme=theme, colorbar=False, **options)
            else:
                repaint(left, model, look, options.get("reading"))
        for artist in _drawn(right):  # axes and their ticks stay
            artist.remove()
        entitle(left, None, f"epoch {recording.epochs[frame]}", look)
        _loss_so_far(right, recording, frame, look)
        pictures.append(camera.take())
    if video:
        write_bytes(target, mp4.write(pictures, seconds=seconds, hold=hold))
    else:
        write_bytes(target, gif.write(pictures, seconds=seconds, hold=hold, shaded=True))
    return target


def _drawn(ax: Axes) -> list[Artist]:
    """Return what is drawn on an Axes."""
    return [*ax.collections, *ax.images, *ax.lines, *ax.patches, *ax.texts]


class _Camera:
    """Takes pictures of a figure. Layout, axes, ticks and legends are those of the first picture, drawn once."""

    def __init__(self, figure: Figure) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        figure.set_dpi(WIDTH / figure.get_figwidth())
        self.figure, self.still = figure, None
        self.canvas: Any = FigureCanvasAgg(figure)  # without types in matplotlib

    def take(self) -> gif.Pixels:
        """Return the pixels, (height, width), as numbers 0xRRGGBB."""
        if self.still is None:
            self.canvas.draw()
            self.figure.set_layout_engine("none")
            self.still = self._still()
            self.canvas.draw()  # puts titles in their places again
        self.canvas.restore_region(self.still)
        for ax in self.figure.axes:
            for artist in sorted(_moving(ax), key=lambda artist: artist.get_zorder()):
                artist.draw(self.canvas.get_renderer())
        channels = np.asarray(self.canvas.buffer_rgba(), dtype=np.int32)[..., :3]
        return np.asarray(channels @ np.array([65536, 256, 1], dtype=np.int32))

    def _still(self) -> Any:
        """Return the picture of what stays."""
        moving = [artist for ax in self.figure.axes for artist in _moving(ax) if artist.get_visible()]
        for artist in moving:
            artist.set_visible(False)
        self.canvas.draw()
        for artist in moving:
            artist.set_visible(True)
        return self.canvas.copy_from_bbox(self.figure.bbox)


def _moving(ax: Axes) -> list[Artist]:
    """Return what is drawn for each picture: all but the axes themselves, and the legend."""
    return [artist for artist in ax.get_children() if artist not in (ax.xaxis, ax.yaxis, ax.patch, ax.get_legend())]


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
