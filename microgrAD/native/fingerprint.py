"""What tells whether a compiled engine belongs to these files. setup.py runs this; it imports nothing of ours."""

from __future__ import annotations

import os
import zlib

C_FILES = ("record.c", "sweeps.c", "flat.c", "operations.c", "fast.c", "module.c")
# the Python files whose work the compiled engine does, and which take over from it
_PYTHON_FILES = ("operators.py", "graph.py", "backward.py")


def fingerprint() -> str:
    """Return a checksum of all files that a compiled engine must agree with. Raises: OSError if one is not there."""
    here = os.path.dirname(os.path.abspath(__file__))
    paths = [os.path.join(here, name) for name in (*C_FILES, "engine.h")]
    paths += [os.path.join(os.path.dirname(here), name) for name in _PYTHON_FILES]
    found = 0
    for path in paths:
        with open(path, "rb") as file:
            found = zlib.crc32(file.read(), found)
    return f"{found:08x}"
