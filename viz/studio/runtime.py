"""Pyodide, which is Python for browsers: npm fetches it once into the user's cache folder."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

VERSION = "314.0.7"
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
CACHE = Path.home() / ".cache" / "microgrAD"


class RuntimeMissingError(RuntimeError):
    """Pyodide could not be fetched; the message says what to do."""


def files() -> list[Path]:
    """Return the files of Pyodide that a page needs. RuntimeMissingError if they are not here and npm cannot help."""
    prefix = CACHE / f"pyodide-{VERSION}"
    found = [prefix / "node_modules" / "pyodide" / name for name in FILES]
    if not all(file.is_file() for file in found):
        _fetch(prefix)
    return found


def _fetch(prefix: Path) -> None:
    """Fetch Pyodide into a folder of its own, which then takes its place whole."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeMissingError("the studio needs Pyodide, which npm fetches once; install npm")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        run = subprocess.run(
            [npm, "install", "--no-save", "--silent", "--prefix", folder, f"pyodide@{VERSION}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if run.returncode:
            said = run.stderr.strip()[:300] or f"it ended with status {run.returncode}"
            raise RuntimeMissingError(f"npm could not fetch pyodide {VERSION}: {said}")
        prefix.mkdir(exist_ok=True)
        with suppress(OSError):  # another process was faster
            (Path(folder) / "node_modules").rename(prefix / "node_modules")
