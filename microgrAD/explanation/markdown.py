"""Writes an explanation as Markdown: a table for each pass, which is readable as plain text too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from microgrAD.explanation.chapters import Told, chapters
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text

HEADS = {
    "value": "| node | computed as | value |",
    "derivative": "| derivative | chain rule | value |",
    "update": "| quantity | rule | value |",
}


def write(trace: Told, digits: int = 6) -> str:
    """Return the whole explanation."""
    parts = (f"## {escape(title)}\n\n{table(HEADS[kind], said)}" for title, said, kind in chapters(trace, Text(digits)))
    return "\n\n".join(parts) + "\n"


def table(head: str, said: Sequence[Line]) -> str:
    """Return a table with one row for each line: its left side, how it is computed, and the number."""
    rows = [head, "|---|---|--:|"]
    for line in said:
        *sides, result = map(escape, line.written())
        how = " = ".join(sides) or escape(line.note)
        rows.append(f"| {escape(line.left)} | {how} | **{result}** |")
    return "\n".join(rows)


def escape(text: str) -> str:
    """Return a text in which Markdown and HTML find no markup."""
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~$!#])", r"\\\1", entities)
