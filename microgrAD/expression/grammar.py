"""Reading an expression: from text to instructions for a stack machine, in one pass and without recursion.

    operand     a number or a name
    pending     what waits for the operands after it: operators and open brackets (Dijkstra's shunting yard, 1961)
    step        what to do: push an operand, or put the last `arity` results together

Python's own parser is not used: it gives up on a sum of 3,000 terms, and `lambda` is a good name for a number here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from microgrAD.expression.errors import REMEDIES, ExpressionError, near
from microgrAD.ops import OPS

LENGTH = 200_000  # characters: a second's work
DEPTH = 1_000  # brackets, signs and powers within one another

_BY_METHOD = {op.python: op.name for op in OPS.values() if op.python}

# how tightly an operator binds, and the special method of its operation; Python's own order
_BINARY = {"+": (1, "__add__"), "-": (1, "__sub__"), "*": (2, "__mul__"), "/": (2, "__truediv__"), "**": (4, "__pow__")}
_PREFIX = {"+": (3, ""), "-": (3, "__neg__")}
_CLOSES = {"(": ")", "[": "]"}

# superscripts are letters to `re`, and no part of a name here; accents that stand alone are (x̂, w̄)
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
    """A piece of the text; `kind` is "number", "name", "sign" or "end"."""

    kind: str
    text: str
    position: int


class Instruction(NamedTuple):
    """Push a "number" or a "name", or put the last `arity` results into a "call" or a "list"."""

    do: str
    text: str
    arity: int
    position: int


class Statement(NamedTuple):
    """The instructions of one expression, and the name that its result is given, if any."""

    target: Token | None
    instructions: list[Instruction]
    position: int


def statements(text: str) -> list[Statement]:
    """The expressions of a text, `name = expression` each but the last, which may go without the name."""
    if not isinstance(text, str):
        raise TypeError(f"an expression is a text, got {type(text).__name__}; pass one such as '(x + y) * z'")
    if len(text) > LENGTH:
        raise ExpressionError(
            f"an expression has at most {LENGTH:,} characters, got {len(text):,}; build the graph in Python", text
        )
    found = list(_Reader(text).statements())
    if not found:
        raise ExpressionError("there is nothing to read; write an expression such as (x + y) * z", text)
    for statement in found[:-1]:
        if not statement.target:
            raise ExpressionError(
                "the result of this is not used; give it a name: name = ...", text, statement.position
            )
    return found


def normal(name: str) -> str:
    """A name as Python knows it: µ and μ are one letter, x₁ is x1."""
    return unicodedata.normalize("NFKC", name)


@dataclass(slots=True)
class _Pending:
    """An operator or an open bracket; `count` is how many arguments the bracket has, `start` where its call begins."""

    kind: str  # "binary", "prefix", "(", "[" or "call"
    token: Token
    strength: int = 0
    operation: str = ""
    count: int = 1
    start: int = 0


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self.read_tokens())
        self.at = 0
        self.instructions: list[Instruction] = []
        self.pending: list[_Pending] = []
        self.open = 0  # brackets among the pending

    def fail(self, message: str, position: int) -> ExpressionError:
        return ExpressionError(message, self.text, position)

    def read_tokens(self) -> Iterator[Token]:
        for match in _TOKEN.finditer(self.text):
            kind, found = str(match.lastgroup), match[0]
            if kind == "name":
                found = normal(found)
                if not found.isidentifier():
                    kind = "sign"
            if kind != "space":
                yield Token(kind, found, match.start())
        yield Token("end", "", len(self.text.rstrip()))

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def follows(self, *signs: str) -> bool:
        return self.tokens[self.at].text in signs and self.tokens[self.at].kind == "sign"

    # ------------------------------------------------------------------------------------------ statements

    def statements(self) -> Iterator[Statement]:
        while self.tokens[self.at].kind != "end":
            if self.follows(";", "\n"):
                self.at += 1
            else:
                yield self.statement()

    def statement(self) -> Statement:
        start = self.tokens[self.at]
        target = start if start.kind == "name" and self.tokens[self.at + 1].text == "=" else None
        if target:
            self.at += 2
        self.instructions, self.pending, self.open = [], [], 0
        operand = True  # whether one is to come, or an operator
        while True:
            token = self.take()
            if operand:
                operand = self.operand(token)
            elif token.kind == "end" or token.text == ";" or token.text == "\n" and not self.open:
                break
            else:
                operand = self.operator(token)
        self.at -= token.kind == "end"
        if bracket := self.unwind():
            raise self.fail(f"this {bracket.token.text!r} is never closed", bracket.token.position)
        return Statement(target, self.instructions, start.position)

    # -------------------------------------------------------------------------------- where an operand is due

    def operand(self, token: Token) -> bool:
        """Take what may begin an operand; whether one is still to come."""
        if token.kind == "number":
            self.instructions.append(Instruction("number", token.text, 0, token.position))
            return False
        if token.kind == "name":
            return self.name(token)
        if token.text in _PREFIX:
            strength, method = _PREFIX[token.text]
            self.push(_Pending("prefix", token, strength, _BY_METHOD.get(method, "")))
        elif token.text in _CLOSES:
            self.push(_Pending(token.text, token, start=token.position))
        elif token.text != "\n":
            raise self.missing(token)
        return True

    def name(self, token: Token) -> bool:
        """A variable, or the beginning of a call."""
        if not self.follows("("):
            self.instructions.append(Instruction("name", token.text, 0, token.position))
            return False
        bracket = self.take()
        if token.text not in OPS:
            raise self.unknown_function(token)
        if self.follows(")"):
            self.at += 1
            self.instructions.append(Instruction("call", token.text, 0, token.position))
            return False
        self.push(_Pending("call", bracket, operation=token.text, start=token.position))
        return True

    def missing(self, token: Token) -> ExpressionError:
        what = {"end": "the end"}.get(token.kind, repr(token.text))
        remedy = REMEDIES.get(token.text) if token.kind == "sign" else None
        after = next((t.text for t in reversed(self.tokens[: self.at - 1]) if t.text != "\n"), "")
        behind = f" after {after!r}" if after in (*_BINARY, *_CLOSES, ",", "=") else ""
        return self.fail(
            f"a number, a name or '(' is to come{behind}, got {what}" + (f"; {remedy}" if remedy else ""),
            token.position,
        )

    def unknown_function(self, token: Token) -> ExpressionError:
        written = {
            sign: f"; write {name}(...)"
            for name, op in OPS.items()
            for sign in (op.symbol, op.text.removesuffix("({})"))
        }
        guess = written.get(token.text) or near(token.text, OPS) or f"; for a product write {token.text} * (...)"
        return self.fail(
            f"there is no function {token.text!r}{guess}; the functions are {', '.join(sorted(OPS))}", token.position
        )

    # -------------------------------------------------------------------------------- where an operator is due

    def operator(self, token: Token) -> bool:
        """Take what may follow an operand; whether another is to come."""
        if token.kind == "sign":
            if token.text in _BINARY:
                return self.binary(token)
            if token.text == ",":
                return self.comma(token)
            if token.text in _CLOSES.values():
                return self.closing(token)
            if token.text == "\n":
                return False
        raise self.unexpected(token)

    def binary(self, token: Token) -> bool:
        strength, method = _BINARY[token.text]
        from_the_right = token.text == "**"
        self.unwind(strength + from_the_right)
        self.push(_Pending("binary", token, strength, _BY_METHOD[method]))
        return True

    def comma(self, token: Token) -> bool:
        bracket = self.unwind()
        if bracket is None or bracket.kind == "(":
            raise self.fail("a comma stands between a function's arguments; for a decimal write 1.5", token.position)
        bracket.count += 1
        return True

    def closing(self, token: Token) -> bool:
        bracket = self.unwind()
        if bracket is None:
            raise self.fail(f"this {token.text!r} was never opened", token.position)
        opened = bracket.token
        if _CLOSES[opened.text] != token.text:
            raise self.fail(
                f"{opened.text!r} at column {opened.position + 1} is closed by {_CLOSES[opened.text]!r}, "
                f"got {token.text!r}",
                token.position,
            )
        self.pop()
        if bracket.kind != "(":
            kind = "call" if bracket.kind == "call" else "list"
            self.instructions.append(Instruction(kind, bracket.operation, bracket.count, bracket.start))
        return False

    def unexpected(self, token: Token) -> ExpressionError:
        before = self.tokens[self.at - 2]
        if token.text == "=" and self.open:
            return self.fail("a function's arguments have no names here: write the number alone", token.position)
        for suspect in (token, before):
            if suspect.text in REMEDIES:
                return self.fail(f"{suspect.text!r} is no operator here; {REMEDIES[suspect.text]}", suspect.position)
        if token.kind in ("number", "name") or token.text in _CLOSES:
            return self.fail(
                f"an operator is missing between {before.text!r} and {token.text!r}; for a product write *",
                token.position,
            )
        return self.fail(
            f"{token.text!r} is no part of an expression; there are + - * / ** ( ) and functions", token.position
        )

    # ------------------------------------------------------------------------------------------ what is pending

    def push(self, entry: _Pending) -> None:
        if len(self.pending) == DEPTH:
            raise self.fail(
                f"this is more than {DEPTH:,} deep; give a part of it a name: name = ...; ...", entry.token.position
            )
        self.open += entry.kind in ("(", "[", "call")
        self.pending.append(entry)

    def pop(self) -> None:
        self.open -= self.pending.pop().kind in ("(", "[", "call")

    def unwind(self, strength: int = 0) -> _Pending | None:
        """Put together what binds at least so tightly; the open bracket where that ended, if any."""
        while self.pending:
            last = self.pending[-1]
            if last.kind not in ("binary", "prefix"):
                return last
            if last.strength < strength:
                return None
            if last.operation:
                count = 2 if last.kind == "binary" else 1
                self.instructions.append(Instruction("call", last.operation, count, last.token.position))
            self.pop()
        return None
