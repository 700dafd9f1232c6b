"""Lines of code, with long ones wrapped."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 100


def assigned(name: str, expression: str, sign: str = "=") -> str:
    """Return an assignment; a long expression stands in parentheses on several lines.

    It may be broken at each space, so it must not hold texts with spaces.
    """
    line = f"{name} {sign} {expression}"
    return line if len(line) <= WIDTH else f"{name} {sign} (\n{wrapped(expression)}\n)"


def returned(expression: str) -> str:
    """Return a `return`, wrapped as an assignment is."""
    return assigned("return", expression, "").replace("return  ", "return ", 1)


def function(name: str, arguments: Iterable[str], body: Iterable[str]) -> str:
    """Return the source of a function."""
    return f"def {name}({', '.join(arguments)}):\n{indented(body)}\n"


def wrapped(text: str) -> str:
    """Return a long text, indented, on lines that are broken at spaces."""
    lines = textwrap.wrap(text, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return textwrap.indent("\n".join(lines), "    ")


def array(rows: Iterable[Sequence[float]] | Sequence[float]) -> str:
    """Return numbers as a list, or rows of numbers as a list of lists, each on its own lines if that is long."""
    found = list(rows)
    if all(isinstance(x, (int, float)) for x in found):
        text = f"[{', '.join(repr(float(x)) for x in found)}]"  # type: ignore[arg-type]
        return text if len(text) <= WIDTH - 20 else f"[\n{wrapped(text[1:-1])}\n]"
    inner = ",\n".join([array(row) for row in found])  # type: ignore[arg-type]
    return f"[\n{textwrap.indent(inner, '    ')},\n]"


def indented(lines: Iterable[str]) -> str:
    """Return lines as the body of a function."""
    return textwrap.indent("\n".join(lines), "    ", lambda line: bool(line.strip()))


def imports(first: str, lines: Iterable[str]) -> str:
    """Return what a script imports: `first`, and what its lines use besides."""
    text = "\n".join(lines)
    before = "import math\n" if re.search(r"\bmath\.", text) else ""
    after = "\nfrom torch.nn import functional as F" if re.search(r"\bF\.", text) else ""
    return before + first + after


def joined(parts: Iterable[str]) -> str:
    """Return the parts of a script with a blank line between them; functions get two."""
    text = ""
    before = ""
    for part in filter(None, (part.strip("\n") for part in parts)):
        apart = any(piece.startswith(("def ", "class ")) for piece in (part, before))
        text += ("" if not text else "\n\n\n" if apart else "\n\n") + part
        before = part
    return text + "\n"
