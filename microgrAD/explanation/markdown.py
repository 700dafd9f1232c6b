"""An explanation as Markdown: a table for each pass, readable as it is and on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from microgrAD.explanation.lines import Line
from microgrAD.explanation.terminal import chapters
from microgrAD.explanation.writers import Text
from microgrAD.steps.trace import Trace


def write(trace: Trace, digits: int = 6) -> str:
    """The whole explanation."""
    heads = ["| node | computed as | value |", "| derivative | chain rule | value |"]
    return (
        "\n\n".join(
            f"## {escape(title)}\n\n{table(head, said)}"
            for head, (title, said) in zip(heads, chapters(trace, Text(digits)), strict=True)
        )
        + "\n"
    )


def table(head: str, said: Sequence[Line]) -> str:
    """One row a line: what is found, how, and the number."""
    rows = [head, "|---|---|--:|"]
    for line in said:
        *sides, result = map(escape, line.written())
        how = " = ".join(sides) or escape(line.note)
        rows.append(f"| {escape(line.left)} | {how} | **{result}** |")
    return "\n".join(rows)


def escape(text: str) -> str:
    """Text that says the same on a page: nothing in it is markup."""
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~$!#])", r"\\\1", entities)
