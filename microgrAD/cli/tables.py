"""Tables in a terminal: columns aligned, numbers by their decimal points."""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD.explanation.terminal import measure


def table(heads: Sequence[str], rows: Sequence[Sequence[str | float]], *, digits: int = 6) -> str:
    """Lines of text; texts stand to the left of their column, floats under one another by the decimal point.

    >>> print(table(["node", "value"], [["x", -1.5], ["total", 20.0]]))
    node   value
    x       -1.5
    total   20
    """
    columns = [_column(head, cells, digits) for head, cells in zip(heads, zip(*rows, strict=True), strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _column(head: str, cells: Sequence[str | float], digits: int) -> list[str]:
    if any(isinstance(cell, float) for cell in cells):
        # -0.0 reads as 0
        numbers = _by_the_point([f"{cell + 0.0:.{digits}g}" if isinstance(cell, float) else cell for cell in cells])
        room = max(map(measure, [head, *numbers]))
        return [" " * (room - measure(text)) + text for text in (head, *numbers)]
    texts = [head, *map(str, cells)]
    room = max(map(measure, texts))
    return [text + " " * (room - measure(text)) for text in texts]


def _by_the_point(numbers: Sequence[str]) -> list[str]:
    """Each with blanks after it, so that when they are aligned to the right the decimal points are, too."""
    tails = [len(number) - len(_whole(number)) for number in numbers]
    longest = max(tails)
    return [number + " " * (longest - tail) for number, tail in zip(numbers, tails, strict=True)]


def _whole(number: str) -> str:
    """What is before the decimal point, or before the power of ten where there is none."""
    return number.partition("e")[0].partition(".")[0]


def shortened(text: str, limit: int) -> str:
    """The text, or as much of its beginning as `limit` characters hold."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
