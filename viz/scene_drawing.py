"""A finished scene as a picture that saves and shows itself: as SVG, PNG, PDF, TeX, slides, and on Axes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.files import new_file, write_bytes
from viz import bundle
from viz.scene import Scene
from viz.write import MEDIA, SLIDES, pptx

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture_file(path: str | os.PathLike[str], endings: Sequence[str]) -> Path:
    """Return the checked path of a picture; ImportError if the package that such a file takes is missing."""
    file = new_file(path, list(endings), "a picture's")
    if file.suffix.lower() == SLIDES:
        pptx.ready()
    return file


class SceneDrawing:
    """A finished picture. `scene` is its geometry, which is frozen. In a notebook it shows itself."""

    endings: tuple[str, ...] = (".png", ".svg", ".pdf", ".tex", ".pptx", ".drawio")  # of the files that it can be
    graph: Any = None  # what a picture of a graph shows

    def __init__(self, scene: Scene, *, dpi: float | None = None) -> None:
        self.scene = scene
        self.dpi = (96.0 if scene.pixels else 192.0) if dpi is None else dpi

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file, by how `path` ends (see `endings`), whole or not at all; returns the path."""
        file = picture_file(path, self.endings)
        write_bytes(file, self._written(file.suffix.lower()))
        return file

    def _written(self, ending: str) -> bytes:
        medium = import_module(f"viz.write.{MEDIA[ending]}")
        written: bytes = medium.file(self.graph, self.scene, ending=ending, dpi=self.dpi)
        return written

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw on a matplotlib Axes, by default that of a new figure; returns the Axes."""
        from viz.write import mpl

        return mpl.draw_on(mpl.new_axes(self.scene) if ax is None else ax, self.scene)

    @cached_property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return self._written(".svg").decode()

    def png(self) -> bytes:
        """Return the picture as a PNG file with `dpi` dots per inch."""
        return self._written(".png")

    def pdf(self) -> bytes:
        """Return the picture as a PDF file of lines and texts."""
        return self._written(".pdf")

    @property
    def dots(self) -> float:
        """The pixels of its PNG to a CSS pixel."""
        return self.dpi / 96

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> bundle.Bundle:
        return bundle.picture(repr(self), lambda: self)

    def __repr__(self) -> str:
        return f"<Drawing of {self.scene.title!r}, {self.scene.width:.0f} × {self.scene.height:.0f} points>"
