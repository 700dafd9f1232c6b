"""What a command refuses, and how that is said: in one line, and in a terminal with the place in an expression."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class Refusal(Exception):
    """Bad input, in words for who typed it."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Within it, a file is written: what fails names that file, and not a temporary one beside it."""
    try:
        yield
    except OSError as error:
        raise Refusal(f"can't write {str(path)!r}: {error.strerror or error}") from None


def lines(error: Exception, stream: TextIO | None) -> str:
    """What to say of an error; empty for one that nobody foresaw, whose traceback is wanted.

    A terminal also gets the lines that point into an expression.
    """
    if not isinstance(error, (Refusal, ValueError, OSError, MemoryError)) and not _is_layout(error):
        return ""
    said = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.filename is not None:
        said = f"can't open {os.fspath(error.filename)!r}: {error.strerror}"
    return said if stream and stream.isatty() else said.split("\n")[0]


def _is_layout(error: Exception) -> bool:
    from viz import LayoutError

    return isinstance(error, LayoutError)
