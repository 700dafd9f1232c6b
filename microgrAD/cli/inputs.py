"""What several commands take: an expression, NAME=VALUE, the gradient that flows into the result, and a path."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from microgrAD.cli.errors import Refusal
from microgrAD.engine import Value
from microgrAD.errors import DomainError
from microgrAD.expression import ExpressionError, parse

EXAMPLE = '"(x + y) * z" x=1 y=2 z=2'


def guarded(argument: str) -> str:
    """-x**2 is an expression and not the option -x: a blank before it says so to argparse."""
    return f" {argument}" if argument.startswith("-") and not argument.startswith(("--", "-o", "-h")) else argument


def path(argument: str) -> Path:
    """A path, as argparse's type."""
    return Path(argument.removeprefix(" ") if argument.startswith(" -") else argument)


def to_be(argument: str, whose: str, endings: Sequence[str]) -> Path:
    """The path of a file to be: refused before work is done that could not be kept."""
    file = path(argument)
    if file.suffix.lower() not in endings:
        allowed = endings[0] if len(endings) == 1 else f"one of {list(endings)}"
        raise argparse.ArgumentTypeError(f"{whose} name must end in {allowed}, got {argument!r}")
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(file.parent)!r}; make it first")
    if file.is_dir():
        raise argparse.ArgumentTypeError(f"{argument!r} is a folder; name a file")
    return file


def sizes(text: str) -> list[int]:
    """8,8 as [8, 8], as argparse's type."""
    try:
        found = [int(part) for part in text.split(",")] if text else []
    except ValueError:
        found = [0]
    if any(size < 1 for size in found):
        raise argparse.ArgumentTypeError(f"takes numbers of neurons such as 4 or 8,8, got {text!r}")
    return found


def add_expression(parser: argparse.ArgumentParser) -> None:
    """The arguments that `evaluated` reads."""
    parser.add_argument(
        "expression",
        metavar="EXPRESSION",
        help='such as "(x + y) * z"; "q = x + y; f = q * z" gives names to inner nodes',
    )
    parser.add_argument("values", metavar="NAME=VALUE", nargs="*", help="x=1.5, or y=-pi/4")
    parser.add_argument(
        "--gradient", metavar="G", type=float, default=1.0, help="what flows into the result from above (1)"
    )


def evaluated(args: argparse.Namespace) -> Value:
    """The graph of the expression at the given values."""
    return parse(args.expression.strip(), **given(args.values))


def given(pairs: list[str]) -> dict[str, float]:
    """The numbers of NAME=VALUE, by name."""
    found: dict[str, float] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip()
        if not sign or not name:
            raise Refusal(
                f"{pair!r} gives no value to a name; the expression comes first, in quotes, then each name "
                f"as in x=1.5: {EXAMPLE}"
            )
        if name in found:
            raise Refusal(f"{name!r} is given twice; give it once")
        found[name] = _number(name, text)
    return found


def _number(name: str, text: str) -> float:
    """A number, or what can be computed of numbers: -pi/4."""
    try:
        return parse(text).data
    except (ExpressionError, DomainError) as error:
        message = getattr(error, "message", str(error).split("\n")[0])
        if text.strip().isidentifier():
            message = "write one such as 1.5, or what can be computed of numbers, such as -pi/4"
        raise Refusal(f"the value of {name!r}, {text!r}, is no number: {message}") from None
