"""A page as a str that shows itself in a notebook, and its file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from rjsmin import jsmin

from microgrAD import files
from viz import bundle
from viz.web.shell import asset


def page_file(path: str | os.PathLike[str]) -> Path:
    """Return the checked path of a page; ValueError unless its name ends in .html."""
    return files.new_file(path, (".html", ".htm"), "a page's", said=".html")


class Page(str):
    """The HTML of a page, as a str; in a notebook it shows itself in a frame that is as high as the page.

    Where frames are left out, or no script runs, its picture is shown.
    """

    picture: Callable[[], bundle.Still] | None = None  # draws it

    @property
    def heading(self) -> str:
        """The title of the page; `title` is a method of str."""
        found = re.search("<title>(.*?)</title>", self, re.DOTALL)
        return unescape(found[1]) if found else ""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to an .html file, completely or not at all, and return the path."""
        file = page_file(path)
        files.write_text(file, self)
        return file

    def framed(self, attributes: str = "") -> str:
        """Return the page for a frame: as high as what is in it, whatever the height of the frame."""
        return self.replace("<html ", f"<html data-framed {attributes}", 1)

    def shown(self, told: str) -> bundle.Bundle:
        """Return what a notebook shows, with a line of text."""
        script = "(" + jsmin(asset("web/frame.js")).strip() + ")"
        return bundle.frame(told, self.framed(), self.picture, title=self.heading, script=script)

    def pictured(self, told: str) -> bundle.Bundle:
        """Return the picture of the page, with a line of text."""
        return bundle.picture(told, self.picture) if self.picture else bundle.text(told)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> bundle.Bundle:
        return self.shown(repr(self))

    def __repr__(self) -> str:
        return f"<Page {self.heading!r}, {len(self.encode()) / 1000:.0f} kB>"
