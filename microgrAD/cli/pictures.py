"""Saving a matplotlib figure: drawn before its file is touched, and the same bytes on every run."""

from __future__ import annotations

import argparse
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.cli.errors import writing
from microgrAD.cli.inputs import path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DATES: dict[str, dict[str, None]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def picture(text: str) -> Path:
    """The path of a picture to be, as argparse's type: refused before work is done that could not be kept."""
    file = path(text)
    if file.suffix.lower() not in _DATES:
        raise argparse.ArgumentTypeError(f"a picture's name must end in one of {list(_DATES)}, got {text!r}")
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(file.parent)!r}; make it first")
    return file


def page(text: str) -> Path:
    """The path of a page to be, as argparse's type."""
    path = Path(text)
    if path.suffix.lower() not in (".html", ".htm"):
        raise argparse.ArgumentTypeError(f"a page's name must end in .html, got {text!r}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r}; make it first")
    return path


def save(ax: Axes, file: Path, *, dpi: float = 160) -> None:
    """Write the figure that `ax` is on, in the format of the path's ending."""
    import matplotlib

    ending, content = file.suffix.lower(), BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": file.name}):
        ax.get_figure(root=True).savefig(content, format=ending[1:], dpi=dpi,  # type: ignore[union-attr]
                                         metadata=_DATES[ending])
    with writing(file):
        file.write_bytes(content.getvalue())
