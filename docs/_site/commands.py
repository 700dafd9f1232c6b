"""The reference of the command line, a page for each command, written from its parser.

Extensions that do this read a help text as reStructuredText. These texts are plain, so they are escaped here.
"""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docstrings import literal
from writing import code, contents, heading, table, write

from microgrAD.cli import COMMANDS


def pages(docs: Path) -> None:
    """Write the page of each command, and the table of all."""
    folder = docs / "reference" / "commands"
    for name in COMMANDS:
        write(folder / f"{name}.rst", _page(name))
    rows = [(f":doc:`microgrAD {name} <{name}>`", literal(about)) for name, about in COMMANDS.items()]
    intro = [
        "``microgrAD COMMAND --help`` prints the same as these pages. ``python -m microgrAD`` is the same command.",
        "",
        "The exit status is 0 for success, 1 if the command ran and its result is bad, such as a failed check, and 2",
        "for bad input. After Ctrl-C it is 130.",
        "",
    ]
    listing = contents(COMMANDS, "hidden")
    write(
        folder / "index.rst",
        [*heading("The command line"), *intro, *table(("command", "what it does"), rows), *listing],
    )


def _page(name: str) -> Iterator[str]:
    module: Any = importlib.import_module(f"microgrAD.cli.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"microgrAD {name}")
    module.arguments(parser)
    yield from heading(f"microgrAD {name}")
    yield from _about((module.__doc__ or "").partition("\n")[2].strip() or COMMANDS[name])
    yield from code(re.sub(r"^usage: ", "", parser.format_usage()), "text")
    for group in parser._action_groups:  # argparse has no public list of them
        actions = [
            a for a in group._group_actions if a.help != argparse.SUPPRESS and not isinstance(a, argparse._HelpAction)
        ]
        if actions:
            yield from heading((group.title or "").capitalize(), "-")
            for action in actions:
                yield from _action(parser, action)


def _about(text: str) -> Iterator[str]:
    """Write the description of a command. What is indented in it is something to type."""
    for part in text.split("\n\n"):
        if all(line.startswith("  ") for line in part.splitlines()):
            yield from code("\n".join(line[2:] for line in part.splitlines()), "sh")
        else:
            yield from (*[literal(line) for line in part.splitlines()], "")


def _action(parser: argparse.ArgumentParser, action: argparse.Action) -> Iterator[str]:
    formatter = parser._get_formatter()
    what = formatter._format_args(action, action.metavar or action.dest) if action.nargs != 0 else ""
    yield ", ".join(f"``{f'{name} {what}'.strip()}``" for name in action.option_strings or [""])
    help_text = formatter._expand_help(action) if action.help else ""
    yield from (f"   {literal(' '.join(help_text.split())) or 'No more is said of it.'}", "")
