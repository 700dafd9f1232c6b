"""The files of a film: what the end of a name chooses, and numbered pictures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from microgrAD.files import in_folder, new_file, write_bytes
from viz.scene import Scene
from viz.write import SLIDES, mp4, pptx

ENDINGS = (".gif", ".mp4", SLIDES, ".png", ".pdf")
SAID = ".gif, .mp4 or .pptx, in .png or .pdf for numbered frames, or in / for a folder of them"


def film_files(path: str | os.PathLike[str]) -> tuple[Path, str]:
    """Return the file of a GIF or a video and ""; or the folder of numbered frames and the pattern of their names."""
    if os.fspath(path).endswith(("/", os.sep)) or os.fspath(path) and not Path(path).suffix:
        return in_folder(Path(path)), "step-{}.png"
    file = new_file(path, ENDINGS, "a film's", said=SAID)
    ending = file.suffix.lower()
    if ending == ".mp4":
        mp4.needed()
    if ending == SLIDES:
        pptx.needed()
    return (file, "") if ending in (".gif", ".mp4", SLIDES) else (file.parent, f"{file.stem}-{{}}{ending}")


def numbered(folder: Path, pattern: str, pictures: Sequence[Scene], dpi: float) -> list[Path]:
    """Write a numbered picture for each frame, delete older ones with higher numbers, and return the files."""
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
