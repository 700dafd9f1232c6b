"""Why a piece of the text can't stand where it does, and what to write instead."""

from __future__ import annotations

from microgrAD.expression.errors import REMEDIES, ExpressionError, near
from microgrAD.expression.tokens import BINARY, CLOSES, Token
from microgrAD.ops import OPS


def no_operand(text: str, token: Token, before: str) -> ExpressionError:
    """Return the error for a piece that stands where an operand is expected, after `before`."""
    what = {"end": "the end"}.get(token.kind, repr(token.text))
    remedy = REMEDIES.get(token.text) if token.kind == "sign" else None
    after = f" after {before!r}" if before in (*BINARY, *CLOSES, ",", "=") else ""
    return ExpressionError(
        f"a number, a name or '(' is expected{after}, got {what}" + (f"; {remedy}" if remedy else ""),
        text,
        token.position,
    )


def no_function(text: str, token: Token) -> ExpressionError:
    """Return the error for a name before a bracket that is no function's name."""
    written = {
        sign: f"; write {name}(...)" for name, op in OPS.items() for sign in (op.symbol, op.text.removesuffix("({})"))
    }
    hint = written.get(token.text) or near(token.text, OPS) or f"; for a product write {token.text} * (...)"
    return ExpressionError(
        f"there is no function {token.text!r}{hint}; the functions are {', '.join(sorted(OPS))}", text, token.position
    )


def no_operator(text: str, token: Token, before: Token, *, in_brackets: bool) -> ExpressionError:
    """Return the error for a piece that stands where an operator is expected, after `before`."""
    if token.text == "=" and in_brackets:
        message = "arguments of functions have no names here: write the number only"
        return ExpressionError(message, text, token.position)
    for suspect in (token, before):
        if suspect.text in REMEDIES:
            message = f"{suspect.text!r} is not an operator here; {REMEDIES[suspect.text]}"
            return ExpressionError(message, text, suspect.position)
    if token.kind in ("number", "name") or token.text in CLOSES:
        remedy = f"write {before.text}({token.text})" if before.text in OPS else "for a product write *"
        message = f"an operator is missing between {before.text!r} and {token.text!r}; {remedy}"
        return ExpressionError(message, text, token.position)
    message = f"{token.text!r} is not allowed in an expression; use + - * / ** ( ) and functions"
    return ExpressionError(message, text, token.position)
