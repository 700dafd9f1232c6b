"""The pieces of an expression's text: numbers, names and signs; and what the signs mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# the precedence of an operator, as in Python, and the special method of its operation
BINARY = {"+": (1, "__add__"), "-": (1, "__sub__"), "*": (2, "__mul__"), "/": (2, "__truediv__"), "**": (4, "__pow__")}
PREFIX = {"+": (3, ""), "-": (3, "__neg__")}
CLOSES = {"(": ")", "[": "]"}

# a name may hold combining accents (x̂, w̄), but no superscripts, which `re` counts as letters
_TOKEN = re.compile(
    r"""
    (?P<number> (?: [0-9]+(?:_[0-9]+)* (?: \.[0-9]* )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<name>   (?! [\d²³¹⁰⁴-ⁿ] ) \w (?: (?! [²³¹⁰⁴-ⁿ] ) [\w\u0300-\u036f] )* )
  | (?P<space>  [^\S\n]+ )
  | (?P<sign>   \*\* | // | [<>=!]= | . | \n )
""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text.

    Arguments:
        kind: "number", "name", "sign" or "end".
        text: the characters.
        position: where they start, from 0.
    """

    kind: str
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a text without its spaces, then a piece of the kind "end"."""
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match[0]
        if kind == "name":
            found = normal(found)
            if not found.isidentifier():
                kind = "sign"
        if kind != "space":
            yield Token(kind, found, match.start())
    yield Token("end", "", len(text.rstrip()))


def normal(name: str) -> str:
    """Return a name in Python's normal form: µ and μ become one letter, x₁ becomes x1."""
    return unicodedata.normalize("NFKC", name)
