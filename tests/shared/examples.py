"""Examples in Markdown: the blocks of a page that run, each with its line, and what goes wrong when they do.

A block of Python has >>> before each statement and shows what it prints. In a block of a shell, the lines that start
with microgrAD run; other lines, such as those of pip, do not. The examples of a page share their names and their
folder: a later one goes on from those before it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple


class Example(NamedTuple):
    """One block, its language, and the number of lines before it."""

    source: str
    language: str
    line: int


def found(text: str) -> list[Example]:
    """Return the blocks of a text in Markdown that run."""
    blocks = re.finditer(r"^```(python|sh)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Example(block[2], block[1], text.count("\n", 0, block.start(2))) for block in blocks]


def run(example: Example, names: dict[str, Any], file: Path) -> str:
    """Run an example, and return what is wrong with it; empty if nothing is. `names` are read, and added to."""
    return _shell(example) if example.language == "sh" else _python(example, names, file)


def _python(example: Example, names: dict[str, Any], file: Path) -> str:
    test = doctest.DocTestParser().get_doctest(example.source, names, file.stem, str(file), example.line)
    if not test.examples:
        return f"{file}, line {example.line}: a Python example shows what it gives: write it with >>>"
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    return "".join(said) if runner.failures else ""


def _shell(example: Example) -> str:
    from microgrAD.cli import main

    said = io.StringIO()
    for line in example.source.replace("\\\n", " ").splitlines():
        if line.startswith("microgrAD "):
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                status = main(shlex.split(line, comments=True)[1:])
            if status:
                return f"{line} ends with {status}:\n{said.getvalue()}"
    return ""
