"""Films of a pass: a GIF, or a numbered picture a step for slides. The layout never moves between frames."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.errors import between, flag
from microgrAD.files import in_folder, new_file, write_bytes
from viz.layout import graphviz
from viz.options import slide_pixels
from viz.passes import captions
from viz.passes.board import Board, prepare
from viz.passes.stages import frames, stages
from viz.scene import Scene
from viz.style import Direction
from viz.style import theme as themed
from viz.write import gif

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode, Trace

CAPTION = 16.0  # points, in a picture of natural size; on a slide a share of its height
SLIDE_CAPTION = 0.036
ENDINGS = (".gif", ".png", ".pdf")
SAID = ".gif, in .png or .pdf for numbered frames, or in / for a folder of them"


class Film:
    """A finished film: `scenes` holds a frame before the first step, and one after each. In Jupyter it plays."""

    def __init__(self, scenes: Sequence[Scene], *, seconds: float, hold: float, dpi: float) -> None:
        self.scenes, self.seconds, self.hold, self.dpi = tuple(scenes), seconds, hold, dpi

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write a GIF, or a numbered picture for each frame, by how `path` ends; returns the files.

        path    "pass.gif"; or "slides/pass.png" or ".pdf", for slides/pass-00.png, pass-01.png, ...; or "slides/", for
                step-00.png, ... in it. Older frames of the same names are replaced, and those beyond the last one
                deleted.
        """
        where, pattern = film_files(path)
        if pattern:
            return _numbered(where, pattern, self.scenes, self.dpi)
        write_bytes(where, self.gif)
        return [where]

    @cached_property
    def gif(self) -> bytes:
        """The film as an animated GIF."""
        from viz.write import mpl

        pictures = [gif.pixels(mpl.write(scene, "png", self.dpi)) for scene in self.scenes]
        return gif.write(pictures, seconds=self.seconds, hold=self.hold)

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.gif).decode()
        return f'<img src="data:image/gif;base64,{data}" alt="{escape(self.scenes[0].title)}">'

    def __repr__(self) -> str:
        first = self.scenes[0]
        return f"<Film of {len(self.scenes)} frames, {first.width:.0f} × {first.height:.0f} points>"


def movie(
    root: Value | Trace,
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
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> Film:
    """The pass step by step as a film: a frame before the first step, and one after each.

    root        a Value, or the trace of a pass from `microgrAD.steps.steps`
    path        what the film is also written to: "pass.gif"; "slides/pass.png" or ".pdf" for numbered frames; or
                "slides/" for a folder of them, see `Film.save`
    theme       "light" (by default), "dark" or "print"
    rankdir     "LR" (from left to right) or "TB" (from the top down); by default "LR", and on a slide what is larger
    digits      significant digits of each number
    show_local  the local derivatives on the wires; by default True
    size        "16:9", "4:3", "16:10", "1:1" or (width, height) in pixels: a slide; by default the picture's own
    caption     what happens, as a line below
    seconds     that each frame of a GIF stands; `hold` is for the last one, and then it begins again
    dpi         dots an inch; by default 120, and for a slide 96, which are its pixels
    gradient, mode, wrt     those of `microgrAD.steps.steps`; a trace has them already
    time_limit, engine      for finding the layout, as for `draw`

    Returns the film: it plays in Jupyter and has `.save(path)`. ValueError for another ending or option.
    """
    if path is not None:
        film_files(path)
    flag(caption, "caption")
    between(seconds, "seconds", 0.02, 600)
    between(hold, "hold", 0.02, 600)
    if dpi is not None:
        between(dpi, "dpi", 10, 1200)
    board, pictures = filmed(
        root,
        theme=theme,
        size=size,
        caption=caption,
        rankdir=rankdir,
        digits=digits,
        show_local=show_local,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        time_limit=time_limit,
        engine=engine,
    )
    film = Film(pictures, seconds=seconds, hold=hold, dpi=dpi or (96.0 if board.scene.pixels else 120.0))
    if path is not None:
        film.save(path)
    return film


def filmed(
    root: Value | Trace, *, theme: str | None, size: str | tuple[int, int] | None, caption: bool, **options: Any
) -> tuple[Board, list[Scene]]:
    """The board of a film, and its frames as scenes."""
    look, pixels = themed(theme), slide_pixels(size)
    type_size = pixels[1] * 0.75 * SLIDE_CAPTION if pixels else CAPTION
    foot = captions.HEIGHT * type_size if caption else 0.0
    board = prepare(root, look, legend=True, foot=foot, size=size, **options)
    told = stages(board.trace, board.graph)
    pictures = list(frames(board.scene, told, look, board.look.digits))
    if caption:
        said = [captions.text(board.trace, k, board.look.digits) for k in range(len(pictures))]
        pictures = [
            captions.add(picture, line, f"{k} / {len(told)}", look, type_size)
            for k, (picture, line) in enumerate(zip(pictures, said, strict=True))
        ]
    return board, pictures


# ---------------------------------------------------------------------------------------------- files


def film_files(path: str | os.PathLike[str]) -> tuple[Path, str]:
    """The file of a GIF; or the folder of numbered frames, and how their names begin and end."""
    if os.fspath(path).endswith(("/", os.sep)) or os.fspath(path) and not Path(path).suffix:
        return in_folder(Path(path)), "step-{}.png"
    file = new_file(path, ENDINGS, "a film's", said=SAID)
    ending = file.suffix.lower()
    return (file, "") if ending == ".gif" else (file.parent, f"{file.stem}-{{}}{ending}")


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
