"""Slides for PowerPoint, Keynote, LibreOffice and Google Slides, whose boxes, texts and wires can be edited.

xml      places, fills, lines and outlines as XML
words    texts
wires    connectors, and freeforms where a connector cannot go
slide    a scene as the shapes of a slide
deck     the presentation
blank    a presentation of one slide, where python-pptx is not
image    a picture of matplotlib on a slide
"""

from __future__ import annotations

from viz.graph.nodes import Graph
from viz.scene import Scene
from viz.write.pptx import blank
from viz.write.pptx.deck import Page, needed, write

__all__ = ["Page", "file", "needed", "ready", "write"]


def ready() -> None:
    """Raise ImportError, with what to do, if a picture cannot be written as a presentation here."""
    if not blank.FILE.is_file():
        needed()


def file(graph: Graph, scene: Scene, *, ending: str, dpi: float) -> bytes:
    """Return the picture as a presentation of one slide, with its description as notes."""
    page = Page(scene, scene.title, scene.description)
    return blank.filled(blank.FILE.read_bytes(), page) if blank.FILE.is_file() else write([page])
