"""Films of a pass: a GIF, a video, or for slides a numbered picture for each step. Nothing moves between frames."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.errors import between, flag
from microgrAD.files import in_folder, new_file, write_bytes
from viz import bundle
from viz.layout import graphviz
from viz.options import slide_pixels
from viz.passes import captions
from viz.passes.captions import Pictured
from viz.passes.tell import tell
from viz.passes.telling import Telling
from viz.scene import Scene
from viz.scene_drawing import SceneDrawing
from viz.style import Direction, Theme
from viz.style import theme as themed
from viz.write import gif, mp4

if TYPE_CHECKING:
    from microgrAD.explanation.chapters import Told
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode
    from viz.write.gif import Pixels

CAPTION = 16.0  # points; the type of a caption in a picture of natural size
SLIDE_CAPTION = 0.036  # the same on a slide, as a share of the slide's height
ENDINGS = (".gif", ".mp4", ".png", ".pdf")
SAID = ".gif or .mp4, in .png or .pdf for numbered frames, or in / for a folder of them"


class Film:
    """A finished film, which plays in Jupyter.

    Arguments:
        scenes: the frames: one before the first step, and one after each step.
        seconds: how long a GIF shows each frame.
        hold: how long it shows the last frame.
        dpi: dots per inch.
    """

    def __init__(self, scenes: Sequence[Scene], *, seconds: float, hold: float, dpi: float) -> None:
        self.scenes, self.seconds, self.hold, self.dpi = tuple(scenes), seconds, hold, dpi

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write a GIF or a video, or a numbered picture for each frame.

        Arguments:
            path: "pass.gif" for a GIF; "pass.mp4" for a video, which takes the package imageio-ffmpeg;
                "slides/pass.png" or "slides/pass.pdf" for slides/pass-00.png, pass-01.png, ...;
                "slides/" for step-00.png, ... in this folder. Older frames with these names are replaced, and those
                with higher numbers are deleted.
        Returns: the paths of the files.
        Raises: ValueError for another ending; FileNotFoundError if the folder does not exist; ImportError for a video
            without that package.
        """
        where, pattern = film_files(path)
        if pattern:
            return _numbered(where, pattern, self.scenes, self.dpi)
        video = where.suffix.lower() == ".mp4"
        write_bytes(where, mp4.write(self.pixels(), seconds=self.seconds, hold=self.hold) if video else self.gif)
        return [where]

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
        path: a file to write as well: "pass.gif" or "pass.mp4"; "slides/pass.png" or "slides/pass.pdf" for numbered
            frames; or "slides/" for a folder of frames, see `Film.save`.
        theme: "light" (the default), "dark" or "print".
        rankdir: "LR" (from left to right) or "TB" (from top to bottom); by default "LR", on a slide the larger picture.
        digits: significant digits of each number.
        show_local: whether wires show local derivatives; by default True.
        size: of a slide, "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels; by default the picture's own size.
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
    if path is not None:
        film_files(path)
    flag(caption, "caption")
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    if dpi is not None:
        between(dpi, "dpi", 10, 1200)
    _, pictures = filmed(
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
    film = Film(pictures, seconds=seconds, hold=hold, dpi=dpi or (96.0 if pictures[0].pixels else 120.0))
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


# ---------------------------------------------------------------------------------------------- files


def film_files(path: str | os.PathLike[str]) -> tuple[Path, str]:
    """Return the file of a GIF or a video and ""; or the folder of numbered frames and the pattern of their names."""
    if os.fspath(path).endswith(("/", os.sep)) or os.fspath(path) and not Path(path).suffix:
        return in_folder(Path(path)), "step-{}.png"
    file = new_file(path, ENDINGS, "a film's", said=SAID)
    ending = file.suffix.lower()
    if ending == ".mp4":
        mp4.needed()
    return (file, "") if ending in (".gif", ".mp4") else (file.parent, f"{file.stem}-{{}}{ending}")


def _numbered(folder: Path, pattern: str, pictures: Sequence[Scene], dpi: float) -> list[Path]:
    from viz.write import mpl

    digits = max(2, len(str(len(pictures) - 1)))
    ending = Path(pattern).suffix[1:]
    contents = [mpl.write(picture, ending, dpi) for picture in pictures]
    folder.mkdir(exist_ok=True)
    files = [folder / pattern.format(f"{k:0{digits}}") for k in range(len(pictures))]
    for file, content in zip(files, contents, strict=True):
        write_bytes(file, content)
    for old in _frames_in(folder, pattern):
        if old not in files:
            old.unlink()
    return files


def _frames_in(folder: Path, pattern: str) -> Iterator[Path]:
    name = re.compile(r"\d{2,4}".join(map(re.escape, pattern.split("{}"))))
    yield from (file for file in sorted(folder.iterdir()) if name.fullmatch(file.name) and file.is_file())
