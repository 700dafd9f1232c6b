"""A page as a str that shows itself in a notebook, and its file."""

from __future__ import annotations

import os
from pathlib import Path

from microgrAD import files


def page_file(path: str | os.PathLike[str]) -> Path:
    """Return the checked path of a page; ValueError unless its name ends in .html."""
    return files.new_file(path, (".html", ".htm"), "a page's", said=".html")


class Page(str):
    """The HTML of a page, as a str; in Jupyter it shows itself in a frame."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to an .html file, completely or not at all, and return the path."""
        file = page_file(path)
        files.write_text(file, self)
        return file

    def _repr_html_(self) -> str:
        from html import escape

        return (
            f'<iframe srcdoc="{escape(self)}" width="100%" height="720" style="border: 0" '
            'title="a lesson, step by step"></iframe>'
        )
