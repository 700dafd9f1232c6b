"""Films of a pass: a GIF, a video, slides to edit, or a numbered picture for each step. Nothing moves between them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.errors import between, flag
from microgrAD.files import write_bytes
from viz import bundle
from viz.layout import graphviz
from viz.options import slide_pixels
from viz.passes import captions
from viz.passes.captions import Pictured
from viz.passes.film_files import film_files, numbered
from viz.passes.tell import tell
from viz.passes.telling import Telling
from viz.scene import Scene
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Theme
from viz.style import theme as themed
from viz.write import SLIDES, gif, mp4, pptx

if TYPE_CHECKING:
    from microgrAD.explanation.chapters import Told
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode
    from viz.write.gif import Pixels

CAPTION = 16.0  # points; the type of a caption in a picture of natural size
SLIDE_CAPTION = 0.036  # the same on a slide, as a share of the slide's height


class Film:
    """A finished film, which plays in Jupyter.

    Arguments:
        scenes: the frames: one before the first step, and one after each step.
        seconds: how long a GIF shows each frame.
        hold: how long it shows the last frame.
        dpi: dots per inch.
        told: a title for each frame, and what a speaker says: the titles and the notes of slides.
    """

    def __init__(
        self,
        scenes: Sequence[Scene],
        *,
        seconds: float,
        hold: float,
        dpi: float,
        told: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.scenes, self.seconds, self.hold, self.dpi = tuple(scenes), seconds, hold, dpi
        self.told = tuple(told) or tuple((scene.title, "") for scene in scenes)

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write a GIF, a video or slides, or a numbered picture for each frame.

        Arguments:
            path: "pass.gif" for a GIF; "pass.mp4" for a video, which takes the package imageio-ffmpeg;
                "pass.pptx" for a presentation with a slide for each frame, which takes the package python-pptx;
                "slides/pass.png" or "slides/pass.pdf" for slides/pass-00.png, pass-01.png, ...;
                "slides/" for step-00.png, ... in this folder. Older frames with these names are replaced, and those
                with higher numbers are deleted.
        Returns: the paths of the files.
        Raises: ValueError for another ending; FileNotFoundError if the folder does not exist; ImportError for a video
            or a presentation without that package.
        """
        where, pattern = film_files(path)
        if pattern:
            return numbered(where, pattern, self.scenes, self.dpi)
        match where.suffix.lower():
            case ".mp4":
                write_bytes(where, mp4.write(self.pixels(), seconds=self.seconds, hold=self.hold))
            case ".gif":
                write_bytes(where, self.gif)
            case _:
                write_bytes(where, pptx.write(self.pages()))
        return [where]

    def pages(self) -> list[pptx.Page]:
        """Return a slide for each frame; the title says which one it is."""
        last = len(self.scenes) - 1
        return [
            pptx.Page(scene, f"{k} / {last}: {title}", notes)
            for k, (scene, (title, notes)) in enumerate(zip(self.scenes, self.told, strict=True))
        ]

    @cached_property
    def gif(self) -> bytes:
        """The film as an animated GIF."""
        return gif.write(self.pixels(), seconds=self.seconds, hold=self.hold)

    def pixels(self) -> list[Pixels]:
        """Return the pixels of each frame, (height, width), as numbers 0xRRGGBB."""
        from viz.write import mpl

        return [gif.pixels(mpl.write(scene, "png", self.dpi)) for scene in self.scenes]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> bundle.Bundle:
        last = SceneDrawing(self.scenes[-1], dpi=self.dpi)
        return bundle.film(repr(self), lambda: self.gif, lambda: last, self.scenes[0].title)

    def __repr__(self) -> str:
        first = self.scenes[0]
        return f"<Film of {len(self.scenes)} frames, {first.width:.0f} × {first.height:.0f} points>"


def movie(
    root: Value | Told,
    path: str | os.PathLike[str] | None = None,
    *,
    theme: str | None = None,
    rankdir: Direction | None = None,
    digits: int = 4,
    show_local: bool | None = None,
    size: str | tuple[int, int] | None = None,
    caption: bool = True,
    seconds: float = 1.5,
    hold: float = 5.0,
    dpi: float | None = None,
    notation: str = "w12",
    error: str = "δ",
    lang: str = "en",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Film:
    """Return a film of a pass: a frame before the first step, and one after each step; or of a run of training.

    Arguments:
        root: a Value; the trace of a pass from `microgrAD.steps.steps`; or that of a run from
            `microgrAD.train.train_steps`, told on the picture of its network (see `viz.network`), or for other models
            on the graph of the loss.
        path: a file to write as well: "pass.gif", "pass.mp4" or "pass.pptx"; "slides/pass.png" or "slides/pass.pdf"
            for numbered frames; or "slides/" for a folder of frames, see `Film.save`.
        theme: "light" (the default), "dark" or "print".
        rankdir: "LR" (from left to right) or "TB" (from top to bottom); by default "LR", on a slide the larger picture.
        digits: significant digits of each number.
        show_local: whether wires show local derivatives; by default True.
        size: of a slide, "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels; by default the picture's own size,
            for a .pptx file "16:9".
        caption: whether a line below says what happens.
        seconds: how long a GIF shows each frame.
        hold: how long it shows the last frame, in seconds, before it starts again.
        dpi: dots per inch; by default 120, or for a slide 96, so that a dot is one of its pixels.
        notation, error: how the network of a run calls its weights and slopes, as for `viz.network`.
        lang: the language of its words, "en" or "it".
        gradient, mode, wrt: as for `microgrAD.steps.steps`; a trace has them already.
        time_limit, engine: for the layout, as for `draw`.
    Returns: a `Film`, which plays in Jupyter and has `.save(path)`.
    Raises: ValueError for another ending or an unknown choice; what `steps` and `draw` raise.
    """
    if path is not None and film_files(path)[0].suffix.lower() == SLIDES and size is None:
        size = "16:9"
    flag(caption, "caption")
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    if dpi is not None:
        between(dpi, "dpi", 10, 1200)
    telling, pictures = filmed(
        root,
        theme=theme,
        size=size,
        caption=caption,
        rankdir=rankdir,
        digits=digits,
        show_local=show_local,
        notation=notation,
        error=error,
        lang=lang,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        time_limit=time_limit,
        engine=engine,
    )
    film = Film(
        pictures,
        seconds=seconds,
        hold=hold,
        dpi=dpi or (96.0 if pictures[0].pixels else 120.0),
        told=spoken(telling, Pictured(digits)),
    )
    if path is not None:
        film.save(path)
    return film


def filmed(
    root: Value | Told, *, theme: str | None, size: str | tuple[int, int] | None, caption: bool, **options: Any
) -> tuple[Telling, list[Scene]]:
    """Return what a film tells, and its frames as scenes."""
    look = themed(theme)
    telling = tell(root, look, **options)
    if not caption:
        return telling, telling.draw(slide_pixels(size), 0.0)
    return telling, pictured(telling, look, size, options["digits"])


def pictured(telling: Telling, look: Theme, size: str | tuple[int, int] | None, digits: int) -> list[Scene]:
    """Return the frames of a film, each with its caption."""
    writer, pixels = Pictured(digits), slide_pixels(size)
    if pixels:
        said = captions.fitted(telling.said, writer, pixels[0] * 0.75, pixels[1] * 0.75 * SLIDE_CAPTION)
        pictures = telling.draw(size, said.foot)
    else:
        pictures = telling.draw(None, 0.0)
        width = captions.wide_enough(telling.said, writer, pictures[0].width, CAPTION)
        said = captions.fitted(telling.said, writer, width, CAPTION)
        pictures = [replace(captions.widened(p, width), height=p.height + said.foot) for p in pictures]
    last = len(pictures) - 1
    return [
        captions.add(picture, rows, f"{k} / {last}", look, said)
        for k, (picture, rows) in enumerate(zip(pictures, said.rows, strict=True))
    ]


def spoken(telling: Telling, writer: Pictured) -> list[tuple[str, str]]:
    """Return the title of each frame, and what happens in it with each equation on a line of its own."""
    titles = telling.titles or [telling.name] * len(telling.said)
    return [
        (title, "\n".join([f"{title}.", *map(captions.equation, some(writer))]))
        for title, some in zip(titles, telling.said, strict=True)
    ]
