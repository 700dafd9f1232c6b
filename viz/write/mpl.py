"""A scene on a matplotlib Axes, and through it as PNG and PDF.

The scene is one artist. It draws itself at the current scale of its Axes, so type and lines grow and shrink with the
picture. Text is not parsed: a dollar sign in a label is a dollar sign. Characters that DejaVu Sans lacks come from
other fonts of the machine.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from viz import fonts
from viz.graph.nodes import Graph
from viz.options import one_axes
from viz.scene import Curve, Part, Polygon, Rectangle, Scene, Text

# added to matplotlib's own defaults, so that a file does not depend on a user's matplotlibrc
_SETTINGS: Any = {"pdf.fonttype": 42, "text.hinting": "none", "path.simplify": False, "path.snap": False}
_ROUND = 0.5522847498  # the distance of a quarter circle's control points from its ends, in radii


class SceneArtist(Artist):
    """A scene in data coordinates, y downwards. Assign `scene` to draw another."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene = scene

    def draw(self, renderer: RendererBase) -> None:
        if not self.get_visible():
            return
        assert self.axes is not None
        pen = _Pen(renderer, self.get_transform() if self.is_transform_set() else self.axes.transData, self)
        if self.scene.background:
            pen.rectangle(Rectangle(0, 0, self.scene.width, self.scene.height, fill=self.scene.background), 1.0)
        for group in self.scene.groups:
            for part in group.parts:
                if part.visible:
                    pen.part(part)
        self.stale = False

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        assert self.axes is not None
        return Bbox.from_extents(0, 0, self.scene.width, self.scene.height).transformed(self.axes.transData)


def draw_on(ax: Axes, scene: Scene) -> Axes:
    """Put a scene on an Axes, as large as fits, and return the Axes; TypeError if `ax` is something else."""
    artist = SceneArtist(scene)
    artist.set_label(scene.title)
    one_axes(ax).add_artist(artist)
    ax.set_xlim(0, scene.width)
    ax.set_ylim(scene.height, 0)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def new_axes(scene: Scene) -> Axes:
    """Return the Axes of a new pyplot figure that is as large as the scene."""
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(scene.width / 72, scene.height / 72))
    return figure.add_axes((0, 0, 1, 1))


MOST_DOTS = 30_000  # along a side of a PNG
_NO_DATE: dict[str, Any] = {"CreationDate": None, "Creator": None, "Producer": None}


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the picture as a PNG file of `dpi` dots an inch, or as a PDF file, all of it lines and text."""
    if ending == ".pdf":
        return write(scene, "pdf", 72)
    wide, high = (round(side / 72 * dpi) for side in (scene.width, scene.height))
    if max(wide, high) > MOST_DOTS:
        raise ValueError(
            f"this PNG would have {wide:,} × {high:,} dots, and {MOST_DOTS:,} is the most; take fewer "
            "dpi, a slide's size, or .svg or .pdf"
        )
    return write(scene, "png", dpi)


def write(scene: Scene, ending: str, dpi: float) -> bytes:
    """Return the scene as "png" or "pdf"; the same scene always gives the same bytes."""
    metadata: dict[str, Any] = {"Title": scene.title}
    metadata |= {"Software": None} if ending == "png" else _NO_DATE
    buffer = io.BytesIO()
    with _our_settings():
        figure = Figure(figsize=_inches(scene, dpi if ending == "png" else 0), dpi=dpi)
        FigureCanvasAgg(figure)
        draw_on(figure.add_axes((0, 0, 1, 1)), scene)
        figure.savefig(
            buffer,
            format=ending,
            dpi=dpi,
            facecolor=scene.background or "none",
            edgecolor="none",
            bbox_inches=None,
            metadata=metadata,
        )
    return buffer.getvalue()


def book(scenes: Sequence[Scene]) -> bytes:
    """Return a PDF with a page for each scene."""
    from matplotlib.backends.backend_pdf import PdfPages

    buffer = io.BytesIO()
    with _our_settings(), PdfPages(buffer, metadata={"Title": scenes[0].title, **_NO_DATE}) as pages:
        for scene in scenes:
            figure = Figure(figsize=_inches(scene, 0))
            FigureCanvasAgg(figure)
            draw_on(figure.add_axes((0, 0, 1, 1)), scene)
            pages.savefig(figure, facecolor=scene.background or "none", edgecolor="none", bbox_inches=None)
    return buffer.getvalue()


@contextmanager
def _our_settings() -> Iterator[None]:
    """Use matplotlib's own defaults, with our settings, inside a `with` block."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def _inches(scene: Scene, dpi: float) -> tuple[float, float]:
    """Return the size of the paper; with a dpi, rounded up to a whole number of dots."""
    if not dpi:
        return scene.width / 72, scene.height / 72
    wide, high = [math.ceil(round(side / 72 * dpi, 3)) / dpi for side in (scene.width, scene.height)]
    return wide, high


class _Pen:
    """Draws shapes with a renderer, at the scale of a transform."""

    def __init__(self, renderer: RendererBase, transform: Any, artist: Artist) -> None:
        self.renderer, self.transform, self.artist = renderer, transform, artist
        (x0, y0), (x1, y1) = transform.transform([(0, 0), (1, 1)])
        # points on paper for one point of the scene
        dots = math.sqrt(abs((x1 - x0) * (y1 - y0)))
        self.scale: float = dots / float(renderer.points_to_pixels(1.0))  # type: ignore[arg-type]

    def part(self, part: Part) -> None:
        for shape in part.shapes:
            match shape:
                case Rectangle():
                    self.rectangle(shape, part.opacity)
                case Text():
                    self.text(shape, part.opacity)
                case Curve():
                    self.curve(shape, part.opacity)
                case Polygon():
                    self.polygon(shape, part.opacity)

    def rectangle(self, shape: Rectangle, opacity: float) -> None:
        gc = self.context(shape.line, shape.weight, shape.dash, opacity)
        self.path(gc, _rectangle(shape.x, shape.y, shape.width, shape.height, shape.radius), shape.fill, opacity)

    def curve(self, shape: Curve, opacity: float) -> None:
        codes = [Path.MOVETO, *[Path.CURVE4] * (len(shape.points) - 1)]
        self.path(self.context(shape.line, shape.weight, shape.dash, opacity), Path(shape.points, codes), "", opacity)

    def polygon(self, shape: Polygon, opacity: float) -> None:
        codes = [Path.MOVETO, *[Path.LINETO] * (len(shape.points) - 1), Path.CLOSEPOLY]
        self.path(self.context("", 0, (), opacity), Path([*shape.points, shape.points[0]], codes), shape.fill, opacity)

    def path(self, gc: GraphicsContextBase, path: Path, fill: str, opacity: float) -> None:
        self.renderer.draw_path(gc, path, self.transform, to_rgba(fill, opacity) if fill else None)
        gc.restore()

    def text(self, shape: Text, opacity: float) -> None:
        if fonts.mathematics(shape.text):
            return self.mathematics(shape, opacity)
        text = shape.text.replace("\ufeff", "")  # of no width; at a start, a PDF takes it for a mark of the encoding
        pieces = [(text, _font(path, shape.size * self.scale)) for text, path in fonts.runs(text, shape.bold)]
        widths = [self.renderer.get_text_width_height_descent(text, font, False)[0] for text, font in pieces]
        x, y = self.transform.transform((shape.x, shape.y))
        x -= sum(widths) * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
        if self.renderer.flipy():
            y = self.renderer.get_canvas_width_height()[1] - y
        gc = self.context(shape.color, 0, (), opacity)
        for (text, font), width in zip(pieces, widths, strict=True):
            self.renderer.draw_text(gc, x, y, text, font, 0, ismath=False)
            x += width
        gc.restore()

    def mathematics(self, shape: Text, opacity: float) -> None:
        """Draw a label between dollars by matplotlib's own setting of mathematics."""
        font = FontProperties(size=shape.size * self.scale)
        wide = self.renderer.get_text_width_height_descent(shape.text, font, True)[0]
        x, y = self.transform.transform((shape.x, shape.y))
        x -= wide * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
        if self.renderer.flipy():
            y = self.renderer.get_canvas_width_height()[1] - y
        gc = self.context(shape.color, 0, (), opacity)
        self.renderer.draw_text(gc, x, y, shape.text, font, 0, ismath=True)
        gc.restore()

    def context(self, line: str, weight: float, dash: tuple[float, ...], opacity: float) -> GraphicsContextBase:
        gc = self.renderer.new_gc()
        self.artist._set_gc_clip(gc)  # type: ignore[attr-defined]
        gc.set_alpha(opacity)
        gc.set_foreground(to_rgba(line or "black", opacity), isRGBA=True)
        gc.set_linewidth(weight * self.scale if line else 0.0)
        gc.set_capstyle("butt")
        gc.set_joinstyle("miter")
        if dash:
            gc.set_dashes(0, [length * self.scale for length in dash])
        return gc


def _font(path: str, size: float) -> FontProperties:
    return FontProperties(fname=path, size=size)


def _rectangle(x: float, y: float, width: float, height: float, radius: float) -> Path:
    """Return the outline of a box with round corners."""
    if not radius:
        return Path.unit_rectangle().transformed(Affine2D().scale(width, height).translate(x, y))
    r, k = radius, radius * (1 - _ROUND)
    right, bottom = x + width, y + height
    points = [
        (x + r, y),
        (right - r, y),
        (right - k, y),
        (right, y + k),
        (right, y + r),
        (right, bottom - r),
        (right, bottom - k),
        (right - k, bottom),
        (right - r, bottom),
        (x + r, bottom),
        (x + k, bottom),
        (x, bottom - k),
        (x, bottom - r),
        (x, y + r),
        (x, y + k),
        (x + k, y),
        (x + r, y),
        (x + r, y),
    ]
    side = [Path.LINETO, *[Path.CURVE4] * 3]
    return Path(points, [Path.MOVETO, *side * 4, Path.CLOSEPOLY])
