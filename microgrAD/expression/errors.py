"""The error of an expression, which points at its place in the text, and remedies for common mistakes."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection

WIDTH = 76  # characters of a long line that are shown around the place


class ExpressionError(ValueError):
    """An expression that can't be read: what is wrong, where, and what to write instead.

    Arguments:
        message: what is wrong and what to write instead.
        text: the expression.
        position: the place in it, in characters from 0; None if the error has no place.
    """

    def __init__(self, message: str, text: str, position: int | None = None) -> None:
        self.message, self.text, self.position = message, text, position
        super().__init__(message if position is None else pointed(message, text, position))

    def __reduce__(self) -> tuple[type[ExpressionError], tuple[str, str, int | None]]:
        return type(self), (self.message, self.text, self.position)


def pointed(message: str, text: str, position: int) -> str:
    """Return the message, then the line of the text that it is about, with a caret under the place.

    >>> print(pointed("no such thing", "a + bb", 4))
    column 5: no such thing
        a + bb
            ^
    """
    before = text[:position]
    row, column = before.count("\n"), position - (before.rfind("\n") + 1)
    line = text.split("\n")[row]
    start = max(0, min(column - WIDTH // 2, len(line) - WIDTH))
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + WIDTH])
    left, right = "... " * (start > 0), " ..." * (start + WIDTH < len(line))
    place = (f"line {row + 1}, " if "\n" in text else "") + f"column {column + 1}"
    under = "".join(map(_blank, left + shown[: column - start]))
    return f"{place}: {message}\n    {left}{shown}{right}\n    {under}^"


def _blank(c: str) -> str:
    """Return a blank that is as wide as the character in a terminal."""
    return "" if unicodedata.combining(c) else "\u3000" if unicodedata.east_asian_width(c) in "WF" else " "


def near(name: str, choices: Collection[str]) -> str:
    """Return the choices that look like `name` for a message, " (did you mean 'sin' or 'sinh'?)", or ""."""
    folded = {choice.lower(): choice for choice in choices}
    found = [folded[match] for match in difflib.get_close_matches(name.lower(), folded, 3, 0.6)]
    return f" (did you mean {' or '.join(map(repr, found))}?)" if found else ""


_CHOICE = "for a condition write where(c, a, b), which is a if c > 0, else b"
_MINUS = "for a minus write -"
_TIMES = "for a product write *"

REMEDIES = {
    "^": "for a power write **",
    "=": "to name a result write `name = expression`, each on its own line or with ; between them",
    ".": "there are no attributes: write tanh(x) for x.tanh()",
    "//": "for a quotient write /; there is no floor division",
    "%": "there is no remainder",
    "@": "for a dot product write dot([a, b], [c, d])",
    "!": "there is no factorial",
    "#": "there are no comments",
    "[": "there are no elements: write x0 for x[0]",
    "{": "group with ( and )",
    "}": "group with ( and )",
    "×": _TIMES,
    "·": _TIMES,
    "⋅": _TIMES,
    "∙": _TIMES,
    "•": _TIMES,
    "÷": "for a quotient write /",
    "∕": "for a quotient write /",
    "−": _MINUS,
    "–": _MINUS,
    "—": _MINUS,
    "√": "for a root write sqrt(x)",
    "|": "for an absolute value write abs(x)",
    **dict.fromkeys(("<", ">", "<=", ">=", "==", "!=", "≤", "≥", "?", ":"), _CHOICE),
    **dict.fromkeys(("if", "else", "and", "or", "not"), _CHOICE),
    **{sign: f"for a power write ** {k}" for k, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **dict.fromkeys("'\"`", "write numbers and names only, no text"),
}
