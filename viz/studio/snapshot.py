"""The memory of a Python that has imported all that the page needs, so that the page need not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from viz.studio import answers, packages, runtime
from viz.studio.runtime import RuntimeMissingError
from viz.web import shell

SCRIPTS = ("studio/graphviz.js", "studio/snapshot.js")
_TEXT = "q = x + y\nf = tanh(q * z)"
_PROGRAM = "x = Value(2.0)\nf = x * x"
_FILES = ("lesson.html", "worksheet.html", "graph.tex", "graph.dot", "graph.drawio", "graph.mmd")
_SLIDE = "graph.pptx"
_LIMIT = 300  # seconds


def memory(python: Sequence[Path], archive: bytes, wasm: bytes) -> bytes:
    """Return the memory, compressed. It is made once for the same files, and kept in the user's cache folder.

    Arguments:
        python: the files of Pyodide.
        archive: the packages.
        wasm: Graphviz.
    Raises: RuntimeMissingError if Node is not here, or fails.
    """
    script = "\n".join(map(shell.asset, SCRIPTS))
    held = (runtime.VERSION, script, json.dumps(requests()))
    name = hashlib.sha256(b"\0".join([*(text.encode() for text in held), archive, wasm])).hexdigest()[:24]
    kept = runtime.CACHE / f"memory-{name}.gz"
    if not kept.is_file():
        with tempfile.TemporaryDirectory(dir=_folder()) as folder:
            _made(Path(folder), script, next(file for file in python if file.name == "pyodide.mjs"), archive, wasm)
            (Path(folder) / "memory.gz").replace(kept)
    return kept.read_bytes()


def requests() -> list[dict[str, Any]]:
    """Return a request of each kind, which imports what it needs."""
    more: dict[str, Any] = {"text": _TEXT, "values": {}, "target": "numpy"}
    kinds = [{"ask": kind, **more} for kind in answers.KINDS if kind != "file"]
    files = [{"ask": "file", "file": name, **more} for name in (*_FILES, *([_SLIDE] if packages.has_slides() else []))]
    return [*kinds, *files, {"ask": "table", "python": True, "text": _PROGRAM, "values": {}}]


def _folder() -> Path:
    runtime.CACHE.mkdir(parents=True, exist_ok=True)
    return runtime.CACHE


def _made(folder: Path, script: str, pyodide: Path, archive: bytes, wasm: bytes) -> None:
    node = shutil.which("node")
    if node is None:
        raise RuntimeMissingError("the studio is made with Node, which comes with npm; install nodejs")
    (folder / "snapshot.mjs").write_text(script, "utf-8")
    (folder / "packages.zip").write_bytes(archive)
    (folder / "graphviz.wasm").write_bytes(wasm)
    (folder / "requests.json").write_text(json.dumps(requests()), "utf-8")
    names = ("snapshot.mjs", pyodide, "packages.zip", "graphviz.wasm", "requests.json", "memory.gz")
    run = subprocess.run(
        [node, *map(str, names)], cwd=folder, capture_output=True, text=True, check=False, timeout=_LIMIT
    )
    if run.returncode:
        raise RuntimeMissingError(f"Node could not start Python: {run.stderr.strip()[-600:]}")
