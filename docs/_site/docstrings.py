"""The docstrings of this project as reStructuredText.

They are plain text: `code` between single quotes, sections such as "Arguments:" with an argument a line, tables and
code indented by four blanks, examples after >>>.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SECTION = re.compile(r"^(Arguments|Returns|Raises|Source|Yields):\s*(.*)$")
ARGUMENT = re.compile(r"^    ([\w*][\w*, ]*): (.*)$")


def literal(text: str) -> str:
    """Return plain text in reStructuredText: what is special there is escaped, and `code` stays code."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(
        f"``{part[1:-1]}``" + ("\\ " if after[:1].isalnum() else "")
        if part.startswith("`") and len(part) > 2
        else re.sub(r"([\\*_|`])", r"\\\1", part)
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
    )


def rewritten(lines: list[str]) -> list[str]:
    """Return the lines of a docstring in reStructuredText."""
    return list(_written([line.rstrip() for line in lines]))


def _written(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if found := SECTION.match(line):
            end = _end(lines, at + 1)
            yield from ("", f"**{found[1]}**: {literal(found[2])}".rstrip(": ") + (":" if not found[2] else ""))
            yield from _section(lines[at + 1 : end])
            at = end
        elif line.startswith((">>>", "...")):
            end = next((k for k in range(at, len(lines)) if not lines[k]), len(lines))
            yield from ("", *lines[at:end], "")
            at = end
        elif line.startswith("    "):
            end = next((k for k in range(at, len(lines)) if lines[k] and not lines[k].startswith("    ")), len(lines))
            yield from ("", ".. code-block:: text", "", *lines[at:end], "")
            at = end
        else:
            yield literal(line)
            at += 1


def _end(lines: list[str], at: int) -> int:
    """Return where a section ends: at a blank line, an example, or the next section."""
    while at < len(lines) and lines[at] and not SECTION.match(lines[at]) and not lines[at].startswith(">>>"):
        at += 1
    return at


def _section(lines: list[str]) -> Iterator[str]:
    """Write the lines of a section: arguments as a list, all else as text."""
    if not any(ARGUMENT.match(line) for line in lines):
        yield from map(literal, lines)
        yield ""
        return
    for line in lines:
        if found := ARGUMENT.match(line):
            names = ", ".join(f"``{name}``" for name in found[1].split(", "))
            yield from ("", f"- {names}: {literal(found[2])}")
        else:
            yield f"  {literal(line.strip())}"
    yield ""


def _whole(obj: Any) -> list[str] | None:
    """Return the lines of a docstring without the margin of its last line, where only the quotes stand.

    Sphinx takes away what all lines but the first share, and so also the four blanks of a docstring that is all code.
    """
    lines = (getattr(obj, "__doc__", None) or "").expandtabs().splitlines()
    if len(lines) < 2 or lines[-1].strip():
        return None
    margin = len(lines[-1])
    return [lines[0].strip(), *[line[margin:] if not line[:margin].strip() else line for line in lines[1:-1]]]


def process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Rewrite a docstring that autodoc has found."""
    lines[:] = [line for line in rewritten(_whole(obj) or lines) if "The engine here:" not in line]


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True}
