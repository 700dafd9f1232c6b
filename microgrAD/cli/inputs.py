"""Arguments that several commands take: an expression, NAME=VALUE, the gradient into the result, and a path."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from microgrAD.cli.errors import Refusal
from microgrAD.errors import DomainError
from microgrAD.expression import ExpressionError, parse
from microgrAD.files import new_file
from microgrAD.operators import Value

EXAMPLE = '"(x + y) * z" x=1 y=2 z=2'


def guarded(argument: str) -> str:
    """Put a blank before an expression such as -x**2, so that argparse does not take it for an option."""
    return f" {argument}" if argument.startswith("-") and not argument.startswith(("--", "-o", "-h")) else argument


def path(argument: str) -> Path:
    """Return a path; a `type` for argparse."""
    return Path(argument.removeprefix(" ") if argument.startswith(" -") else argument)


def output_file(argument: str, whose: str, endings: Sequence[str]) -> Path:
    """Return the path of an output file, checked before the work; a `type` for argparse."""
    try:
        return new_file(path(argument), endings, whose)
    except IsADirectoryError:
        raise argparse.ArgumentTypeError(f"{argument!r} is a folder; name a file") from None
    except (ValueError, FileNotFoundError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def picture_file(argument: str) -> Path:
    """Return the path of a picture to write; a `type` for argparse."""
    from viz.picture import ENDINGS

    return output_file(argument, "a picture's", ENDINGS)


def page_file(argument: str) -> Path:
    """Return the path of a page to write; a `type` for argparse."""
    return output_file(argument, "a page's", [".html", ".htm"])


def sizes(text: str) -> list[int]:
    """Return 8,8 as [8, 8]; a `type` for argparse."""
    try:
        found = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        found = [0]
    if any(size < 1 for size in found):
        raise argparse.ArgumentTypeError(f"takes numbers of neurons such as 4 or 8,8, got {text!r}")
    return found


def add_expression(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add the arguments that `evaluated` reads. `optional`: whether the command can do without an expression."""
    parser.add_argument(
        "expression",
        metavar="EXPRESSION",
        nargs="?" if optional else None,
        help='such as "(x + y) * z"; "q = x + y; f = q * z" names intermediate results',
    )
    parser.add_argument("values", metavar="NAME=VALUE", nargs="*", help="such as x=1.5 or y=-pi/4")
    parser.add_argument(
        "--gradient", metavar="G", type=float, default=1.0, help="the gradient that flows into the result (1)"
    )


def evaluated(args: argparse.Namespace) -> Value:
    """Return the graph of the expression at the given values."""
    return parse(args.expression.strip(), **given(args.values))


def given(pairs: list[str]) -> dict[str, float]:
    """Return the numbers of several NAME=VALUE, by name."""
    found: dict[str, float] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip()
        if not sign or not name:
            raise Refusal(
                f"{pair!r} is not of the form NAME=VALUE; write the expression first, in quotes, then values: {EXAMPLE}"
            )
        if name in found:
            raise Refusal(f"{name!r} is given twice; give it once")
        found[name] = _number(name, text)
    return found


def _number(name: str, text: str) -> float:
    """Return the number of a text, which may be an expression of numbers, such as -pi/4."""
    try:
        return parse(text).data
    except (ExpressionError, DomainError) as error:
        message = getattr(error, "message", str(error).split("\n")[0])
        if text.strip().isidentifier():
            message = "write a number such as 1.5, or an expression of numbers such as -pi/4"
        raise Refusal(f"the value of {name!r}, {text!r}, is no number: {message}") from None
