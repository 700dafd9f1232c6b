"""Films of a pass: a GIF, or a numbered picture a step for slides. The layout never moves between frames."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microgrAD.files import write_bytes
from viz.layout import graphviz
from viz.options import between, slide_pixels
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


def movie(
    root: Value | Trace,
    path: str | os.PathLike[str],
    *,
    theme: str = "light",
    size: str | tuple[int, int] | None = None,
    caption: bool = True,
    seconds: float = 1.5,
    hold: float = 5.0,
    dpi: float | None = None,
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    digits: int = 4,
    rankdir: Direction | None = None,
    show_local: bool = True,
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> list[Path]:
    """Write the pass step by step, and give the files: a frame before the first step, and one after each.

    path        "pass.gif"; or "slides/pass.png" or ".pdf", which gives slides/pass-00.png, pass-01.png, ...; or
                "slides/", for step-00.png, ... in it. Older frames of the same names are replaced, and those beyond
                the last one taken away.
    size        that of a slide, as for `draw`; else the picture's own
    caption     what happens, as a line below
    seconds     that each frame of a GIF stands; hold is for the last one, and then it begins again
    dpi         dots an inch; 120 if not given, for a slide 96, which are its pixels

    The other options are those of `draw` and `steps`. ValueError for another ending or option.
    """
    target, pattern = _target(path)
    between("seconds", seconds, 0.02, 600)
    between("hold", hold, 0.02, 600)
    if dpi is not None:
        between("dpi", dpi, 10, 1200)
    board, pictures = filmed(
        root,
        theme=theme,
        size=size,
        caption=caption,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        digits=digits,
        rankdir=rankdir,
        show_local=show_local,
        time_limit=time_limit,
        engine=engine,
    )
    dots = dpi or (96.0 if board.scene.pixels else 120.0)
    if pattern:
        return _numbered(target, pattern, pictures, dots)
    write_bytes(target, gif.write([_pixels(picture, dots) for picture in pictures], seconds=seconds, hold=hold))
    return [target]


def filmed(
    root: Value | Trace, *, theme: str, size: str | tuple[int, int] | None, caption: bool, **options: Any
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


def _target(path: str | os.PathLike[str]) -> tuple[Path, str]:
    """The file of a GIF; or the folder of numbered frames, and how their names begin and end."""
    target, ending = Path(path), Path(path).suffix.lower()
    if os.fspath(path).endswith(("/", os.sep)) or not ending and os.fspath(path):
        return target, "step-{}.png"
    if ending not in (".gif", ".png", ".pdf"):
        raise ValueError(
            "a film's name must end in .gif, in .png or .pdf for numbered frames, or in / for a folder of "
            f"them; got {os.fspath(path)!r}"
        )
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to write {target.name!r} to; make it first")
    return (target, "") if ending == ".gif" else (target.parent, f"{target.stem}-{{}}{ending}")


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


def _pixels(picture: Scene, dpi: float) -> gif.Pixels:
    from viz.write import mpl

    return gif.pixels(mpl.write(picture, "png", dpi))
