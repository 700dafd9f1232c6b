"""Keeping Python's garbage collector out of the way while a graph is compiled."""

from __future__ import annotations

import gc
import threading
from contextlib import ContextDecorator

_lock = threading.Lock()
_inside = 0
_was_on: bool  # before the first block of all that are open


class uncollected(ContextDecorator):
    """Within it the collector does not run: the many small objects of a compilation form no cycles, and all are
    needed to the end, so that looking through them again and again would take half of the time."""

    def __enter__(self) -> None:
        global _inside, _was_on
        with _lock:
            if not _inside:
                _was_on = gc.isenabled()
                gc.disable()
            _inside += 1

    def __exit__(self, *exception: object) -> None:
        global _inside
        with _lock:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
