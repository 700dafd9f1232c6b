"""A presentation: its size, its theme, a slide for each page, and the same bytes for the same pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from viz.options import SIZES
from viz.scene import Scene, moved
from viz.write.pptx import xml
from viz.write.pptx.slide import shapes
from viz.write.svg import clean

FONT = b"Verdana"  # it is on most machines, and as wide as DejaVu Sans, in which pictures are measured
LAYOUT = "Title Only"
LARGEST = 25 / 14  # the largest factor on a picture of natural size, with which its type is as large as on any slide
MARGIN = 26.0  # points around it


@dataclass(frozen=True)
class Page:
    """A slide: its picture, its title, which is listed and read aloud but not shown, and the speaker's notes."""

    scene: Scene
    title: str
    notes: str = ""


def needed() -> Any:
    """Return the package python-pptx; ImportError with what to do if it is missing."""
    try:
        import pptx
    except ImportError:
        raise ImportError(
            "a .pptx file takes the package python-pptx: pip install python-pptx; .svg and .pdf take no other package"
        ) from None
    return pptx


def write(pages: Sequence[Page]) -> bytes:
    """Return a presentation with a slide for each page; the pages are of one size."""
    scenes = [on_slide(page.scene) for page in pages]
    deck = presentation(scenes[0].width, scenes[0].height, pages[0].scene.title)
    for page, scene in zip(pages, scenes, strict=True):
        slide = add_slide(deck, scene.background, page.title, page.notes)
        slide.shapes._spTree.extend(_parsed(shapes(scene)))
    return packed(deck)


def on_slide(scene: Scene) -> Scene:
    """Return the scene on a slide: as it is, or, if it has its own size, in the middle of a wide one."""
    if scene.pixels:
        return scene
    width, height = (side * 0.75 for side in SIZES["16:9"])
    scale = min((width - MARGIN) / scene.width, (height - MARGIN) / scene.height, LARGEST)
    x, y = (width - scale * scene.width) / 2, (height - scale * scene.height) / 2
    groups = tuple(moved(group, x, y, scale) for group in scene.groups)
    return replace(scene, width=width, height=height, groups=groups, pixels=SIZES["16:9"])


def presentation(width: float, height: float, title: str) -> Any:
    """Return an empty presentation of a size in points, with one layout, in our font."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    deck = needed().Presentation()
    across, down = xml.emu(width) / deck.slide_width, xml.emu(height) / deck.slide_height
    deck.slide_width, deck.slide_height = xml.emu(width), xml.emu(height)
    deck.core_properties.title = title[:255]
    for layout in list(deck.slide_layouts):
        if layout.name != LAYOUT:
            deck.slide_layouts.remove(layout)
    for sheet in (deck.slide_master, *deck.slide_layouts):
        for shape in sheet.placeholders:
            left, top, wide, high = shape.left * across, shape.top * down, shape.width * across, shape.height * down
            shape.left, shape.top, shape.width, shape.height = map(round, (left, top, wide, high))
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = re.sub(rb'<a:latin typeface="[^"]*"', b'<a:latin typeface="%s"' % FONT, theme.blob)
    return deck


def add_slide(deck: Any, background: str, title: str, notes: str) -> Any:
    """Return a new slide with a title above it, where it is not seen, and the speaker's notes."""
    from pptx.dml.color import RGBColor

    slide = deck.slides.add_slide(deck.slide_layouts[0])
    if background:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = RGBColor.from_string(background[1:].upper())
    head, high = slide.shapes.title, deck.slide_height // 8
    head.left, head.top, head.width, head.height = 0, -2 * high, deck.slide_width, high
    head.text_frame.text = clean(title)
    if notes:
        slide.notes_slide.notes_text_frame.text = clean(notes)
    return slide


def packed(deck: Any) -> bytes:
    """Return the file, without the time at which it was written."""
    buffer, result = io.BytesIO(), io.BytesIO()
    deck.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return result.getvalue()


def _parsed(written: str) -> list[Any]:
    from pptx.oxml import parse_xml

    return list(parse_xml(f"<p:spTree {xml.NAMESPACES}>{written}</p:spTree>".encode()))
