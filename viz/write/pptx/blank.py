"""A slide without python-pptx: it wrote the file beforehand, with marks in the places of what the page now puts in.

The studio has this file, since python-pptx cannot run in a browser. `template` makes it on a machine with python-pptx.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from viz.options import SIZES
from viz.write.pptx import deck
from viz.write.pptx.slide import shapes
from viz.write.svg import clean

FILE = Path(__file__).parents[2] / "assets" / "slide.pptx"
COLOR = "#ABCDEF"
NAME, TITLE, NOTES = "(name)", "(title)", "(notes)"
_MARK = re.compile("|".join(map(re.escape, (NAME, TITLE, NOTES))))
_SLIDE = "ppt/slides/slide1.xml"
_GROUND = re.compile(rf"<p:bg>.*?{COLOR[1:]}.*?</p:bg>", re.DOTALL)


def template() -> bytes:
    """Return a presentation of one wide slide, with marks."""
    width, height = (side * 0.75 for side in SIZES["16:9"])
    made = deck.presentation(width, height, NAME)
    deck.add_slide(made, COLOR, TITLE, NOTES)
    return deck.packed(made)


def filled(template: bytes, page: deck.Page) -> bytes:
    """Return the template with a page in place of its marks.

    Raises: ValueError for a scene of another size than a wide slide.
    """
    scene = deck.on_slide(page.scene)
    if scene.pixels != SIZES["16:9"]:
        raise ValueError("without python-pptx a .pptx file has the size 16:9; leave size out")
    told = {NAME: page.scene.title[:255], TITLE: clean(page.title), NOTES: clean(page.notes)}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename.endswith(".xml"):
                written = _MARK.sub(lambda mark: escape(told[mark[0]]), part.decode())
                if entry.filename == _SLIDE:
                    written = _on_ground(written, scene.background)
                    written = written.replace("</p:spTree>", f"{shapes(scene)}</p:spTree>")
                part = written.encode()
            new.writestr(entry, part)
    return result.getvalue()


def _on_ground(slide: str, color: str) -> str:
    return slide.replace(COLOR[1:], color[1:].upper()) if color else _GROUND.sub("", slide)
