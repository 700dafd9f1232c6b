"""Tables in a terminal, with aligned columns; numbers are aligned by their decimal points."""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD.explanation.terminal import measure


def table(heads: Sequence[str], rows: Sequence[Sequence[str | float]], *, digits: int = 6) -> str:
    """Return a table as text. Texts are aligned on the left, and floats by the decimal point.

    Arguments:
        heads: the heads of the columns.
        rows: the cells of each row.
        digits: significant digits of floats.

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
    """Return numbers with blanks after them. If these are aligned on the right, so are the decimal points."""
    tails = [len(number) - len(_whole(number)) for number in numbers]
    longest = max(tails)
    return [number + " " * (longest - tail) for number, tail in zip(numbers, tails, strict=True)]


def _whole(number: str) -> str:
    """Return what is before the decimal point, or before the power of ten if there is no point."""
    return number.partition("e")[0].partition(".")[0]


def shortened(text: str, limit: int) -> str:
    """Return a text, or its beginning with … if it has more than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
