"""Saving a matplotlib figure: drawn before its file is touched, and the same bytes on every run."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.cli.errors import writing
from microgrAD.cli.inputs import output_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DATES: dict[str, dict[str, None]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def picture(text: str) -> Path:
    """The path of a picture that can be written, as argparse's type."""
    return output_file(text, "a picture's", list(_DATES))


def page(text: str) -> Path:
    """The path of a page that can be written, as argparse's type."""
    return output_file(text, "a page's", [".html", ".htm"])


def save(ax: Axes, file: Path, *, dpi: float = 160) -> None:
    """Write the figure that `ax` is on, in the format of the path's ending."""
    import matplotlib

    ending, content = file.suffix.lower(), BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": file.name}):
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.savefig(content, format=ending[1:], dpi=dpi, metadata=_DATES[ending])
    with writing(file):
        file.write_bytes(content.getvalue())
