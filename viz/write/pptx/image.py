"""A picture of matplotlib on a slide: as SVG, which stays sharp, and as PNG for programs that do not draw SVG."""

from __future__ import annotations

import io
from typing import Any

from viz.options import SIZES
from viz.write.pptx import xml
from viz.write.pptx.deck import add_slide, packed, presentation
from viz.write.svg import clean

# what names the SVG beside a PNG, as PowerPoint 2016 and later write it
_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def write(png: bytes, svg: str, size: tuple[float, float], title: str, background: str) -> bytes:
    """Return a presentation of one slide, which a picture fills.

    Arguments:
        png, svg: the picture.
        size: its width and height; only their ratio counts.
        title: what it shows.
        background: the colour of the slide.
    """
    width, height = _slide(*size)
    scale = min(width / size[0], height / size[1])
    wide, high = size[0] * scale, size[1] * scale
    deck = presentation(width, height, title)
    slide = add_slide(deck, background, title, "")
    place = [xml.emu(x) for x in ((width - wide) / 2, (height - high) / 2, wide, high)]
    shape = slide.shapes.add_picture(io.BytesIO(png), *place)
    shape.name = "!!picture"
    shape._element.nvPicPr.cNvPr.set("descr", clean(title))
    _beside(slide, shape, svg)
    return packed(deck)


def _slide(wide: float, high: float) -> tuple[float, float]:
    """Return the size of the slide, in points, whose shape is nearest to that of a picture."""
    sizes = [(across * 0.75, down * 0.75) for across, down in SIZES.values()]
    return min(sizes, key=lambda size: abs(size[0] / size[1] - wide / high))


def _beside(slide: Any, shape: Any, svg: str) -> None:
    """Put the SVG beside the PNG of a picture."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI
    from pptx.oxml import parse_xml

    package = slide.part.package
    part = Part(PackURI("/ppt/media/picture1.svg"), "image/svg+xml", package, svg.encode())
    number = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = shape._element.blipFill.blip
    blip.append(
        parse_xml(
            f'<a:extLst {xml.NAMESPACES}><a:ext uri="{_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_SVG}" '
            f'r:embed="{number}"/></a:ext></a:extLst>'
        )
    )
