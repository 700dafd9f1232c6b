"""Reads single keys from a terminal, and turns them into words: next, back, first, last, done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WORDS = {
    "next": (" ", "\r", "\n", "n", "l", "\x1b[C", "\x1bOC", "\x1b[B", "\x1bOB", "\xe0M", "\xe0P"),
    "back": ("b", "p", "h", "\x7f", "\x08", "\x1b[D", "\x1bOD", "\x1b[A", "\x1bOA", "\xe0K", "\xe0H"),
    "first": ("g", "\x1b[H", "\x1bOH", "\x1b[1~", "\xe0G"),
    "last": ("G", "\x1b[F", "\x1bOF", "\x1b[4~", "\xe0O"),
    "done": ("q", "Q", "\x1b", "\x04", ""),
}
_BY_KEY = {key: word for word, keys in _WORDS.items() for key in keys}


def word(key: str) -> str:
    """Return the word that a key stands for; "" if it has no meaning."""
    return _BY_KEY.get(key, "")


def interactive() -> bool:
    """Return whether input and output are a terminal whose screen can be redrawn."""
    import os

    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def listening() -> Iterator[Iterator[str]]:
    """Yield an iterator over the words of pressed keys. Inside the block, keys are not echoed and need no return."""
    if sys.platform == "win32":
        yield _words(_windows())
        return
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        yield _words(_posix(keyboard))
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def _words(pressed: Iterator[str]) -> Iterator[str]:
    return filter(None, map(word, pressed))


def _posix(keyboard: int) -> Iterator[str]:
    import os
    import select

    while True:
        key = os.read(keyboard, 1)
        # an arrow key sends several characters at once, the escape key only one
        while key.startswith(b"\x1b") and len(key) < 6 and select.select([keyboard], [], [], 0.05)[0]:
            key += os.read(keyboard, 1)
            if len(key) > 2 and (key[-1:].isalpha() or key.endswith(b"~")):
                break
        yield key.decode(errors="replace")


def _windows() -> Iterator[str]:
    import msvcrt

    while True:
        key = msvcrt.getwch()  # type: ignore[attr-defined]
        yield "\xe0" + msvcrt.getwch() if key in "\x00\xe0" else key  # type: ignore[attr-defined]
