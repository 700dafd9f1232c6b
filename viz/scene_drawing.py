"""A finished scene as a picture that saves and shows itself: as SVG, PNG, PDF and TeX, and on matplotlib Axes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.files import write_bytes
from viz.scene import Scene
from viz.write import svg, tex

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_DOTS = 30_000  # along a side of a PNG


class SceneDrawing:
    """A finished picture. `scene` is its geometry, which is frozen. In Jupyter it shows itself as SVG."""

    def __init__(self, scene: Scene, *, dpi: float | None = None) -> None:
        self.scene = scene
        self.dpi = (96.0 if scene.pixels else 192.0) if dpi is None else dpi

    def writers(self) -> Mapping[str, Callable[[], bytes]]:
        """The files that it can be, by how their names end."""
        return {
            ".png": self.png,
            ".svg": lambda: self.svg.encode(),
            ".pdf": self.pdf,
            ".tex": lambda: tex.document(self.scene).encode(),
        }

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file, by how `path` ends (see `writers`), whole or not at all; gives the path."""
        target, writers = Path(path), self.writers()
        ending = target.suffix.lower()
        if ending not in writers:
            raise ValueError(f"a picture's name must end in one of {list(writers)}, got {os.fspath(path)!r}")
        if not target.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {str(target.parent)!r} to write {target.name!r} to; make it first"
            )
        write_bytes(target, writers[ending]())
        return target

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw on a matplotlib Axes, a new figure's if none is given, and give it back."""
        from viz.write import mpl

        return mpl.draw_on(mpl.new_axes(self.scene) if ax is None else ax, self.scene)

    @cached_property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return svg.write(self.scene)

    def png(self) -> bytes:
        """The picture as a PNG file of `dpi` dots an inch."""
        from viz.write import mpl

        wide, high = (round(side / 72 * self.dpi) for side in (self.scene.width, self.scene.height))
        if max(wide, high) > MOST_DOTS:
            raise ValueError(
                f"this PNG would have {wide:,} × {high:,} dots, and {MOST_DOTS:,} is the most; take fewer "
                "dpi, a slide's size, or .svg or .pdf"
            )
        return mpl.write(self.scene, "png", self.dpi)

    def pdf(self) -> bytes:
        """The picture as a PDF file, all of it lines and text."""
        from viz.write import mpl

        return mpl.write(self.scene, "pdf", 72)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Drawing of {self.scene.title!r}, {self.scene.width:.0f} × {self.scene.height:.0f} points>"
