"""Parts of reStructuredText that all written pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path


def heading(text: str, mark: str = "=") -> list[str]:
    """Return a heading."""
    return [text, mark * (2 * len(text)), ""]


def code(source: str, language: str) -> list[str]:
    """Return a block of code."""
    return [f".. code-block:: {language}", "", *[f"   {line}".rstrip() for line in source.splitlines()], ""]


def formula(latex: str) -> list[str]:
    """Return a formula on a line of its own."""
    return [".. math::", "", f"   {latex}", ""]


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> list[str]:
    """Return a table; cells are reStructuredText in one line each. Without a head, the first column is one."""
    lines = [".. list-table::", "   :header-rows: 1" if head else "   :stub-columns: 1"]
    lines += [*([f"   :class: {kind}"] if kind else []), ""]
    for row in [head, *rows] if head else rows:
        lines += [f"   {'*' if k == 0 else ' '} - {cell}".rstrip() for k, cell in enumerate(row)]
    return [*lines, ""]


def picture(path: str, alt: str, kind: str = "") -> list[str]:
    """Return a picture from made/."""
    return [f".. picture:: /{path}", f"   :alt: {alt}", *([f"   :class: {kind}"] if kind else []), ""]


def contents(pages: Iterable[str], *options: str) -> list[str]:
    """Return a list of the pages below."""
    return [
        ".. toctree::",
        *[f"   :{option}: 1" if option == "maxdepth" else f"   :{option}:" for option in options],
        "",
        *[f"   {page}" for page in pages],
        "",
    ]


def write(file: Path, lines: Iterable[str]) -> None:
    """Write a page. One that is the same already is left alone, so that it is not read again."""
    text = "\n".join(lines) + "\n"
    if not file.is_file() or file.read_text("utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
