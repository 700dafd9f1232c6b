"""Errors of commands: one line each, and in a terminal also the place in an expression."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class Refusal(Exception):
    """Bad input of a command. Its text is shown to the user."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raise Refusal if writing a file fails inside the block. It names this file, not a temporary file beside it."""
    try:
        yield
    except OSError as error:
        raise Refusal(f"can't write {str(path)!r}: {error.strerror or error}") from None


def lines(error: Exception, stream: TextIO | None) -> str:
    """Return the text to show for an error; "" for an unexpected one, which needs a traceback.

    Arguments:
        error: the error.
        stream: where it is shown. A terminal also gets the lines that point into an expression.
    """
    if not isinstance(error, (Refusal, ValueError, OSError, MemoryError)) and not _is_known(error):
        return ""
    said = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.filename is not None:
        said = f"can't open {os.fspath(error.filename)!r}: {error.strerror}"
    return said if stream and stream.isatty() else said.split("\n")[0]


def _is_known(error: Exception) -> bool:
    """Return whether it says what a user can do: of the layout, or of a package that is not installed."""
    from viz import LayoutError

    return isinstance(error, LayoutError) or isinstance(error, ImportError) and "pip install" in str(error)
