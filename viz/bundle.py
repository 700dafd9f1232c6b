"""What a notebook is given of a thing: a line of text and a picture, and of a page the page itself, each once.

A saved notebook is also read where no script runs: on GitHub, as a converted file, or in Jupyter before its reader
trusts it. There the picture is shown. It is a PNG, since Jupyter shows no SVG of a notebook that is not trusted.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

Bundle = tuple[dict[str, Any], dict[str, Any]]  # data by kind, and what is said of each, such as its size
COLORS = 256  # of a picture in a notebook: a third of the bytes, and no eye sees it


class Still(Protocol):
    """A picture that can be a PNG."""

    @property
    def dots(self) -> float:
        """The pixels of its PNG to a CSS pixel."""

    def png(self) -> bytes:
        """Return the PNG."""


def text(told: str) -> Bundle:
    """Return one line of text."""
    return {"text/plain": told}, {}


def picture(told: str, still: Callable[[], Still]) -> Bundle:
    """Return a line of text, and the picture, which is drawn only where it can be shown."""
    if not shows_pictures():
        return text(told)
    found = still()
    png, (wide, high) = _small(found.png())
    said = {"width": round(wide / found.dots), "height": round(high / found.dots), "alt": told}
    return {"image/png": png, "text/plain": told}, {"image/png": said}


def film(told: str, gif: Callable[[], bytes], still: Callable[[], Still], alt: str) -> Bundle:
    """Return a film, with the picture for a medium without films."""
    data, sizes = picture(told, still)
    if "image/png" in data:
        source = base64.b64encode(gif()).decode()
        data["text/html"] = f'<img src="data:image/gif;base64,{source}" alt="{escape(alt)}">'
    return data, sizes


def frame(told: str, html: str, still: Callable[[], Still] | None, *, title: str, script: str) -> Bundle:
    """Return a page in a frame, below the picture.

    The frame has no height and the picture is there until `script`, which is called with the frame, changes both.
    Where frames are left out, or no script runs, the picture stays.
    """
    if not shows_pictures():
        return text(told)
    shown = _image(still(), title) if still else ""
    opened = (
        f'<iframe srcdoc="{escape(html)}" title="{escape(title)}" onload="{escape(script)}(this)" width="100%" '
        f'height="{0 if still else 720}" style="border: 0; display: block"></iframe>'
    )
    return {"text/html": f"<div>{shown}{opened}</div>", "text/plain": told}, {}


def shows_pictures() -> bool:
    """Return whether pictures are shown where this runs: not in IPython in a terminal."""
    found = sys.modules.get("IPython")
    shell = found.get_ipython() if found is not None else None
    return shell is None or "image/png" in shell.display_formatter.active_types


def _image(still: Still, alt: str) -> str:
    png, (wide, _) = _small(still.png())
    width = round(wide / still.dots)
    return f'<img src="data:image/png;base64,{png}" alt="{escape(alt)}" width="{width}" style="max-width: 100%">'


def _small(png: bytes) -> tuple[str, tuple[int, int]]:
    """Return a PNG of few colours as base64, and its width and height. One that can be seen through stays as it is."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        size = image.size
        if "A" not in image.getbands() or image.getchannel("A").getextrema()[0] == 255:
            content = io.BytesIO()
            few = image.convert("RGB").quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(content, "PNG", optimize=True)
            png = min(png, content.getvalue(), key=len)
    return base64.b64encode(png).decode(), size
