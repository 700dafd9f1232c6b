"""Reads an expression: from text to instructions for a stack machine, in one pass and without recursion.

    operand     a number or a name
    pending     operators and open brackets that wait for their operands (Dijkstra's shunting yard, 1961)
    step        what the machine does: push an operand, or replace the last `arity` results by one

Python's own parser is not used: it fails on a sum of 3,000 terms, and it does not allow `lambda` as a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from microgrAD.expression.errors import ExpressionError
from microgrAD.expression.refusals import no_function, no_operand, no_operator
from microgrAD.expression.tokens import BINARY, CLOSES, PREFIX, Token, tokens
from microgrAD.ops import OPS

LENGTH = 200_000  # characters; reading them takes about a second
DEPTH = 1_000  # levels of brackets, signs and powers

_BY_METHOD = {op.python: op.name for op in OPS.values() if op.python}


class Instruction(NamedTuple):
    """An instruction of the stack machine.

    Arguments:
        do: "number" or "name" to push one; "call" or "list" to make one of the last `arity` results.
        text: the number, the name, or the name of the operation.
        arity: how many results the instruction takes.
        position: its place in the text, from 0.
    """

    do: str
    text: str
    arity: int
    position: int


class Statement(NamedTuple):
    """The instructions of one expression, and the name of its result (None if it has no name)."""

    target: Token | None
    instructions: list[Instruction]
    position: int


def statements(text: str) -> list[Statement]:
    """Return the expressions of a text. Each is `name = expression`; the last one may do without the name.

    Raises: ExpressionError if the text can't be read; TypeError if it is no text.
    """
    if not isinstance(text, str):
        raise TypeError(f"an expression is a text, got {type(text).__name__}; pass one such as '(x + y) * z'")
    if len(text) > LENGTH:
        raise ExpressionError(
            f"an expression has at most {LENGTH:,} characters, got {len(text):,}; build the graph in Python", text
        )
    found = list(_Reader(text).statements())
    if not found:
        raise ExpressionError("the expression is empty; write one such as (x + y) * z", text)
    for statement in found[:-1]:
        if not statement.target:
            raise ExpressionError(
                "the result of this expression is not used; give it a name: name = ...", text, statement.position
            )
    return found


@dataclass(slots=True)
class _Pending:
    """An operator or an open bracket: `count` is the bracket's number of arguments, `start` where its call begins."""

    kind: str  # "binary", "prefix", "(", "[" or "call"
    token: Token
    strength: int = 0
    operation: str = ""
    count: int = 1
    start: int = 0


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.at = 0
        self.instructions: list[Instruction] = []
        self.pending: list[_Pending] = []
        self.open = 0  # brackets among the pending

    def fail(self, message: str, position: int) -> ExpressionError:
        return ExpressionError(message, self.text, position)

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
        operand = True  # whether an operand comes next, or an operator
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
            raise self.fail(f"there is no closing bracket for this {bracket.token.text!r}", bracket.token.position)
        return Statement(target, self.instructions, start.position)

    # ---------------------------------------------------------------------------------- where an operand is expected

    def operand(self, token: Token) -> bool:
        """Read the start of an operand. Return whether an operand is still expected."""
        if token.kind == "number":
            self.instructions.append(Instruction("number", token.text, 0, token.position))
            return False
        if token.kind == "name":
            return self.name(token)
        if token.text in PREFIX:
            strength, method = PREFIX[token.text]
            self.push(_Pending("prefix", token, strength, _BY_METHOD.get(method, "")))
        elif token.text in CLOSES:
            self.push(_Pending(token.text, token, start=token.position))
        elif token.text != "\n":
            before = next((t.text for t in reversed(self.tokens[: self.at - 1]) if t.text != "\n"), "")
            raise no_operand(self.text, token, before)
        return True

    def name(self, token: Token) -> bool:
        """Read a name, or the start of a call. Return whether an operand is still expected."""
        if not self.follows("("):
            self.instructions.append(Instruction("name", token.text, 0, token.position))
            return False
        bracket = self.take()
        if token.text not in OPS:
            raise no_function(self.text, token)
        if self.follows(")"):
            self.at += 1
            self.instructions.append(Instruction("call", token.text, 0, token.position))
            return False
        self.push(_Pending("call", bracket, operation=token.text, start=token.position))
        return True

    # --------------------------------------------------------------------------------- where an operator is expected

    def operator(self, token: Token) -> bool:
        """Read what may follow an operand. Return whether another operand is expected."""
        if token.kind == "sign":
            if token.text in BINARY:
                return self.binary(token)
            if token.text == ",":
                return self.comma(token)
            if token.text in CLOSES.values():
                return self.closing(token)
            if token.text == "\n":
                return False
        raise no_operator(self.text, token, self.tokens[self.at - 2], in_brackets=bool(self.open))

    def binary(self, token: Token) -> bool:
        strength, method = BINARY[token.text]
        from_the_right = token.text == "**"
        self.unwind(strength + from_the_right)
        self.push(_Pending("binary", token, strength, _BY_METHOD[method]))
        return True

    def comma(self, token: Token) -> bool:
        bracket = self.unwind()
        if bracket is None or bracket.kind == "(":
            raise self.fail("a comma only separates a function's arguments; for a decimal write 1.5", token.position)
        bracket.count += 1
        return True

    def closing(self, token: Token) -> bool:
        bracket = self.unwind()
        if bracket is None:
            raise self.fail(f"there is no opening bracket for this {token.text!r}", token.position)
        opened = bracket.token
        if CLOSES[opened.text] != token.text:
            raise self.fail(
                f"{opened.text!r} at column {opened.position + 1} needs {CLOSES[opened.text]!r}, got {token.text!r}",
                token.position,
            )
        self.pop()
        if bracket.kind != "(":
            kind = "call" if bracket.kind == "call" else "list"
            self.instructions.append(Instruction(kind, bracket.operation, bracket.count, bracket.start))
        return False

    # ------------------------------------------------------------------------------------------ pending operators

    def push(self, entry: _Pending) -> None:
        if len(self.pending) == DEPTH:
            raise self.fail(
                f"more than {DEPTH:,} levels of brackets, signs and powers; give a part a name: name = ...; ...",
                entry.token.position,
            )
        self.open += entry.kind in ("(", "[", "call")
        self.pending.append(entry)

    def pop(self) -> None:
        self.open -= self.pending.pop().kind in ("(", "[", "call")

    def unwind(self, strength: int = 0) -> _Pending | None:
        """Write the steps of pending operators of at least this strength; return the open bracket before them."""
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
