"""Writes the pages that come from the code: operations, commands, the interface in Python, demos; and copies."""

from __future__ import annotations

from typing import Any

import commands
import copies
import interface
import operations
from sphinx.application import Sphinx

import demos


def pages(app: Sphinx) -> None:
    """Write all of them."""
    for room in (copies, operations, commands, interface, demos):
        room.pages(app.srcdir)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("builder-inited", pages)
    return {"parallel_read_safe": True}
