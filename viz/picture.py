"""A picture drawn with matplotlib: it saves itself to a file and shows itself in a notebook."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.files import write_bytes
from viz import bundle, style
from viz.options import SIZES
from viz.scene_drawing import picture_file
from viz.write import SLIDES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SLIDE = (8.0, 4.5)  # inches, 16:9; on a slide of this size, type of 10 points is readable from the last row
PIXELS = SIZES["16:9"][0]  # the width of a new figure
NO_DATES: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
ENDINGS = [*NO_DATES, SLIDES]
# even if a user's matplotlibrc says otherwise, the whole figure is saved, in its own colours
_SETTINGS: Any = {
    "svg.hashsalt": "microgrAD",
    "savefig.bbox": None,
    "savefig.facecolor": "auto",
    "savefig.edgecolor": "auto",
    "savefig.transparent": False,
}


class Picture:
    """A finished picture. It has `.save(path)`, and shows itself in a notebook.

        picture = viz.decision_boundary(model, X, y)
        picture.save("boundary.png")

    A picture on your own figure, passed as `ax=` or `figure=`, saves and shows this whole figure. It never closes it.

    Arguments:
        axes: the Axes of the picture without colour bars, in the order that the function's docstring says.
        dpi: dots per inch of a PNG; by default the figure's own.
        transparent: whether to leave out the background.
    """

    def __init__(self, axes: Sequence[Axes], *, dpi: float | None = None, transparent: bool = False) -> None:
        self.axes: list[Axes] = list(axes)
        self._dpi, self._transparent = dpi, transparent

    @property
    def figure(self) -> Figure:
        """The matplotlib Figure that the Axes are on: a new one, or yours."""
        figure = self.axes[0].get_figure(root=True)
        assert figure is not None, "these Axes were taken off their figure"
        return figure

    @property
    def title(self) -> str:
        """The title of the picture, on one line; "" if it has none."""
        over_all = self.axes[0].figure.get_suptitle()
        return " ".join((over_all or self.axes[0].get_title()).split())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, completely or not at all.

        The same picture always gives the same bytes. A new figure is a slide of 1280 × 720 pixels.

        Arguments:
            path: a file that ends in .png, .svg, .pdf, or .pptx, which takes the package python-pptx.
        Returns: the path.
        Raises: ValueError for another ending; FileNotFoundError if the folder does not exist.
        """
        file = picture_file(path, ENDINGS)
        slide = file.suffix.lower() == SLIDES
        write_bytes(file, self._slide() if slide else self._written(file.suffix.lower()))
        return file

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        return self._written(".png")

    @property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return self._written(".svg").decode()

    def _written(self, ending: str) -> bytes:
        import matplotlib

        content = BytesIO()
        with matplotlib.rc_context(_SETTINGS), _unmoved(self.figure):
            self.figure.savefig(
                content,
                format=ending[1:],
                dpi=self._dpi or "figure",
                metadata=NO_DATES[ending],
                transparent=self._transparent,
            )
        return content.getvalue()

    def _slide(self) -> bytes:
        """Return the picture as a presentation: as SVG, with a PNG beside it."""
        from matplotlib.colors import to_hex

        from viz.write.pptx import image

        figure = self.figure
        size: tuple[float, float] = tuple(figure.get_size_inches())
        background = "" if self._transparent else to_hex(figure.get_facecolor())
        return image.write(self.png(), self.svg, size, self.title or "A picture", background)

    @property
    def dots(self) -> float:
        """The pixels of its PNG to a CSS pixel of a notebook, where an inch has a hundred."""
        return (self._dpi or self.figure.dpi) / 100

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> bundle.Bundle:
        return bundle.picture(repr(self), lambda: self)

    def __repr__(self) -> str:
        figure, called = self.figure, f" “{self.title}”" if self.title else ""
        dpi = self._dpi or figure.dpi
        wide, high = (round(inches * dpi) for inches in figure.get_size_inches())
        return f"<Picture{called}, {wide} × {high} pixels>"


@contextmanager
def _unmoved(figure: Figure) -> Iterator[None]:
    """Restore the places and limits of all Axes after a `with` block.

    matplotlib starts each layout from the last one, so without this a second file would differ from the first.
    """
    axes: list[Any] = [*figure.axes, *(child for ax in figure.axes for child in ax.child_axes)]
    places = [(ax.get_position(original=True), ax.get_position(), ax.get_in_layout()) for ax in axes]
    limits = [(ax.get_xlim(), ax.get_ylim()) for ax in axes]
    filled = {locator: locator.shown for ax in axes if hasattr(locator := ax.get_axes_locator(), "shown")}
    try:
        yield
    finally:
        for ax, (original, active, in_layout), (x, y) in zip(axes, places, limits, strict=True):
            ax.set_position(original, which="original")
            ax.set_position(active, which="active")
            ax.set_in_layout(in_layout)  # set_position turned it off
            ax.set_xlim(x, auto=None)
            ax.set_ylim(y, auto=None)
        for locator, shown in filled.items():
            locator.shown = shown  # the limits that `viz.networks.extent.Filling` chose


def new_figure(look: style.Theme, size: tuple[float, float] = SLIDE, *, layout: str = "constrained") -> Figure:
    """Return a new figure that pyplot does not know, so no window shows it.

    Arguments:
        look: the theme.
        size: width and height in inches.
        layout: matplotlib's layout engine; "compressed" keeps square panels together.
    """
    from matplotlib.figure import Figure

    return Figure(
        figsize=size,
        dpi=PIXELS / size[0],
        layout=layout,  # type: ignore[arg-type]
        facecolor=look.background,
    )
