"""A page as a text that shows itself in a notebook, and the file that it is written to."""

from __future__ import annotations

import os
from pathlib import Path

from microgrAD import files


class Page(str):
    """A page's HTML; in Jupyter it shows itself in a frame of its own."""

    def _repr_html_(self) -> str:
        from html import escape

        return (
            f'<iframe srcdoc="{escape(self)}" width="100%" height="720" style="border: 0" '
            'title="a lesson, step by step"></iframe>'
        )


def save(path: str | os.PathLike[str], text: str) -> None:
    """Write a page, whole or not at all; ValueError unless its name ends in .html."""
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"a page's name must end in .html, got {os.fspath(path)!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to write {target.name!r} to; make it first")
    files.write_text(target, text)
