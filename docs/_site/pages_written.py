"""Writes the pages that come from the code: operations, commands, the interface, demos, copies; and the studio."""

from __future__ import annotations

from typing import Any

import commands
import copies
import interface
import operations
from sphinx.application import Sphinx

import demos
from viz.studio.folder import studio


def pages(app: Sphinx) -> None:
    """Write all of them."""
    for room in (copies, operations, commands, interface, demos):
        room.pages(app.srcdir)


def beside(app: Sphinx, error: Exception | None) -> None:
    """Write the studio beside the pages."""
    if error is None and app.builder.format == "html":
        studio(app.outdir / "studio")


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("builder-inited", pages)
    app.connect("build-finished", beside)
    return {"parallel_read_safe": True}
