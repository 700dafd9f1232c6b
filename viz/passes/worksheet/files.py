"""Worksheets: a pass to be worked out on paper, and its key, as PDF or as HTML to be printed.

paper    pages of A4, lying, as scenes
html     one page that prints well, with MathML
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from microgrAD.explanation.blanks import Choice
from microgrAD.files import write_bytes
from viz.layout import graphviz
from viz.passes.worksheet import html, paper
from viz.passes.worksheet.sheet import Sheet
from viz.style import Direction

if TYPE_CHECKING:
    from microgrAD.operators import Value
    from microgrAD.steps.trace import Mode, Trace


def worksheet(
    root: Value | Trace,
    path: str | os.PathLike[str],
    *,
    blanks: Choice = True,
    title: str = "",
    gradient: float = 1.0,
    mode: Mode = "reverse",
    wrt: Value | Mapping[Value, float] | None = None,
    digits: int = 4,
    rankdir: Direction = "LR",
    time_limit: float = 30.0,
    engine: graphviz.Choice = "auto",
) -> tuple[Path, Path]:
    """Write the sheet and, beside it, its key ("sheet.pdf" and "sheet-key.pdf"), and give both paths.

    path        ends in .pdf or .html
    blanks      True for everything that can be worked out; or nodes, as for `page`'s exercise

    The other options are those of `draw` and `steps`. ValueError for another ending, a node that is not there, or when
    nothing is left to ask.
    """
    target = Path(path)
    writers = {".pdf": paper.write, ".html": html.write}
    if target.suffix.lower() not in writers:
        raise ValueError(f"a worksheet's name must end in one of {list(writers)}, got {os.fspath(path)!r}")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to write {target.name!r} to; make it first")
    write = writers[target.suffix.lower()]
    sheet = Sheet.of(
        root,
        blanks,
        title,
        gradient=gradient,
        mode=mode,
        wrt=wrt,
        digits=digits,
        rankdir=rankdir,
        time_limit=time_limit,
        engine=engine,
    )
    key = target.with_stem(f"{target.stem}-key")
    contents = {target: write(sheet, key=False), key: write(sheet, key=True)}
    for file, content in contents.items():
        write_bytes(file, content)
    return target, key
