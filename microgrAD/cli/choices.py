"""Choices that mean the same in every command; they are named, listed and checked here.

The names are those of `viz.draw` and similar functions. A choice that the user does not make is None and is not passed
on, so the default is only in the function that is called.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable
from typing import Any

from microgrAD.cli.errors import Refusal
from microgrAD.errors import whole_digits


def _size(text: str) -> str | tuple[int, int]:
    pixels = re.fullmatch(r"(\d{1,6})\s*[x×]\s*(\d{1,6})", text)
    return (int(pixels[1]), int(pixels[2])) if pixels else text


_YES_OR_NO: dict[str, Any] = {"action": argparse.BooleanOptionalAction}
CHOICES: dict[str, dict[str, Any]] = {
    "theme": {"metavar": "NAME", "help": "light, dark or print; by default what suits the file"},
    "rankdir": {"metavar": "LR|TB", "help": "from left to right, or from the top down; by default what fits"},
    "show_local": {**_YES_OR_NO, "help": "the local derivative on each wire"},
    "show_constants": {**_YES_OR_NO, "help": "plain numbers in boxes of their own"},
    "size": {"metavar": "SIZE", "type": _size, "help": "a slide: 16:9, 4:3, 16:10, 1:1 or 1280x720 pixels"},
    "lang": {"metavar": "LANG", "help": "the language of a page, film, slide or sheet: en or it (en)"},
    "show_ops": {**_YES_OR_NO, "help": "operations as badges (by default)"},
    "ops": {"metavar": "nodes", "help": "operations as nodes of their own"},
    "color_by": {"metavar": "grad", "help": "colours by the sign and size of gradients"},
    "dpi": {"metavar": "N", "type": float, "help": "dots per inch of a PNG"},
    "transparent": {**_YES_OR_NO, "help": "no background"},
    "legend": {**_YES_OR_NO, "help": "what the signs mean, below the graph (by default)"},
    "force": {**_YES_OR_NO, "help": "draw also a graph that is too large to be read"},
    "time_limit": {"metavar": "S", "type": float, "help": "the longest time for the layout, in seconds (30)"},
    "engine": {"metavar": "NAME", "help": "the layout engine: dot, embedded, or auto for dot if it is there"},
}
LOOK = ("theme", "rankdir", "show_local", "size", "lang", "time_limit", "engine")  # for a file that shows a pass


def add_choices(parser: argparse.ArgumentParser, names: tuple[str, ...], heading: str = "how a file looks") -> None:
    """Add the options of these names, in their order."""
    group = parser.add_argument_group(heading)
    for name in names:
        group.add_argument(f"--{name.replace('_', '-')}", default=None, **CHOICES[name])


def add_digits(parser: argparse.ArgumentParser, usual: int) -> None:
    """Add --digits; `digits` reads it."""
    parser.add_argument("--digits", metavar="N", type=int, default=usual, help=f"significant digits ({usual})")


def digits(args: argparse.Namespace) -> int:
    """Return the number of significant digits. Raise ValueError if it is not from 1 to 17."""
    return whole_digits(args.digits, "--digits")


def made(args: argparse.Namespace) -> dict[str, Any]:
    """Return the choices that the user made, by name."""
    return {name: value for name in CHOICES if (value := getattr(args, name, None)) is not None}


def without_output(args: argparse.Namespace) -> None:
    """Raise Refusal for a choice about the look of a file if there is no file."""
    if chosen := made(args):
        raise Refusal(f"--{next(iter(chosen)).replace('_', '-')} is for a file; name one with -o")


def fitting(choices: dict[str, Any], function: Callable[..., Any], what: str) -> dict[str, Any]:
    """Return the choices if a function takes all of them; otherwise raise Refusal. `what`: what the function writes."""
    if strange := [name for name in choices if name not in inspect.signature(function).parameters]:
        option = f"--{strange[0].replace('_', '-')}"
        raise Refusal(f"{what} has no choice of {strange[0].replace('_', ' ')}; leave {option} out")
    return choices
