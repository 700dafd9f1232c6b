"""Examples in Markdown: the Python blocks of a page, each with its line, and what goes wrong when they run.

The examples of a page share their names: a later one goes on from those before it.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any, NamedTuple


class Example(NamedTuple):
    """One block, and the number of lines before it."""

    source: str
    line: int


def found(text: str) -> list[Example]:
    """Return the Python blocks of a text in Markdown."""
    blocks = re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Example(block[1], text.count("\n", 0, block.start(1))) for block in blocks]


def run(example: Example, names: dict[str, Any], file: Path) -> str:
    """Run an example, and return what is wrong with it; empty if nothing is. `names` are read, and added to."""
    test = doctest.DocTestParser().get_doctest(example.source, names, file.stem, str(file), example.line)
    if not test.examples:
        return f"{file}, line {example.line}: a Python example shows what it gives: write it with >>>"
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    return "".join(said) if runner.failures else ""
