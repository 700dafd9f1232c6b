"""The demos, a page each: what it says of itself, its pictures, what it prints, and its code.

sphinx-gallery would run them inside of Sphinx and keep their matplotlib figures. These demos are commands. They write
pages, films, LaTeX and PDF as well, into the folder that they are told, and tests run them in the same way.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docstrings import literal
from writing import code, contents, heading, picture, write

SHOWN = {".png", ".gif", ".svg"}


def pages(docs: Path) -> None:
    """Run each demo that is not up to date, and write its page, and the page of all."""
    scripts = [path for path in sorted((docs.parent / "demos").glob("*.py")) if not path.name.startswith("_")]
    stamp = _stamp(docs.parent)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(lambda script: _run(script, docs / "made" / "demos" / script.stem, stamp), scripts))
    for script in scripts:
        write(docs / "demos" / f"{script.stem}.rst", _page(script, docs / "made" / "demos" / script.stem))
    write(docs / "demos" / "index.rst", _index(scripts, docs / "made" / "demos"))


def _stamp(root: Path) -> str:
    """Return a checksum of all that a demo depends on."""
    files = [f for part in ("microgrAD", "viz", "demos") for f in sorted((root / part).rglob("*.py"))]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()


def _run(script: Path, folder: Path, stamp: str) -> None:
    kept = folder.with_suffix(".stamp")
    if kept.is_file() and kept.read_text() == stamp:
        return
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(script.parent.parent), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-W", "ignore", str(script), "-o", "."]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{script.name} ends with {done.returncode}:\n{done.stderr}")
    (folder / "said.txt").write_text(done.stdout, "utf-8")
    kept.write_text(stamp)


def _about(script: Path) -> tuple[str, str]:
    """Return the first sentence of a demo's docstring, and the rest."""
    first, _, rest = (ast.get_docstring(ast.parse(script.read_text("utf-8"))) or "").partition("\n")
    return first, rest.strip()


def _title(script: Path) -> str:
    return script.stem.replace("_", " ").capitalize().replace("Gpt", "GPT").replace("xor", "XOR")


def _page(script: Path, folder: Path) -> list[str]:
    first, rest = _about(script)
    said = [line for line in (folder / "said.txt").read_text("utf-8").splitlines() if not line.startswith("wrote ")]
    lines = [*heading(_title(script)), literal(first), "", *map(literal, rest.splitlines()), ""]
    for file in sorted(folder.iterdir()):
        name = f"demos/{script.stem}/{file.name}"
        if file.suffix in SHOWN:
            lines += picture(name, literal(f"{first} ({file.stem.replace('_', ' ')})"))
        elif file.suffix == ".html" and file.stem != "exercise":  # which asks for the keyboard at once
            lines += [f".. live:: /{name}", f"   :title: {_title(script)}: {file.stem}", ""]
        elif file.suffix in {".html", ".tex", ".pdf", ".pptx"}:
            lines += [f".. file:: /{name}", ""]
    if said:
        lines += ["It prints:", "", *code("\n".join(said), "text")]
    source = f"../../demos/{script.name}"
    return [*lines, *heading("The code", "-"), f".. literalinclude:: {source}", "   :language: python", ""]


def _index(scripts: list[Path], made: Path) -> list[str]:
    lines = [
        *heading("Demos"),
        "Each of these pictures has a short script in the folder ``demos``.",
        "``python demos/momentum.py -o here`` runs one of them.",
        "",
        ".. grid:: 1 2 2 2",
        "   :gutter: 3",
        "",
    ]
    for script in scripts:
        pictures = [f for f in sorted((made / script.stem).iterdir()) if f.suffix in SHOWN]
        lines += [
            f"   .. grid-item-card:: {_title(script)}",
            f"      :link: {script.stem}",
            "      :link-type: doc",
            "",
        ]
        if pictures:
            image = f"      .. picture:: /demos/{script.stem}/{pictures[0].name}"
            lines += [image, f"         :alt: {_title(script)}", ""]
        lines += [f"      {literal(_about(script)[0])}", ""]
    return [*lines, *contents([script.stem for script in scripts], "hidden")]
