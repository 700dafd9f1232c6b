"""The command line, `microgrAD` and `python -m microgrAD`: finds a command, runs it, and reports errors.

A command is a module of `commands` with two functions, `arguments(parser)` and `run(args)`, and a line on the map of
`commands`, from which COMMANDS is read.
Exit status: 0 for success; 1 if the command ran and its result is bad, such as a failed check; 2 for bad input; 130
after Ctrl-C; 141 if the reader of its output has closed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

try:
    from microgrAD import __version__
except ImportError:  # the package has an `__init__` that is not ours
    from microgrAD import namesake

    raise ImportError(f"micrograd was installed over microgrAD, in {namesake.FOLDER}; {namesake.REMEDY}") from None
from microgrAD.cli.errors import Refusal, lines
from microgrAD.cli.inputs import guarded

_MAP = Path(__file__).with_name("commands") / "__init__.py"  # read as a file, since python -OO drops docstrings
COMMANDS: dict[str, str] = dict(re.findall(r"^(\w+) {2,}(.+)$", _MAP.read_text("utf-8"), re.MULTILINE))
INTERRUPTED, NO_READER = 130, 141  # what shells report for SIGINT and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status.

    Arguments:
        argv: the arguments; by default those of the process.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without ∂ shows \u2202 instead of a traceback
    arguments = list(sys.argv[1:] if argv is None else argv)
    program = " ".join(["microgrAD", *arguments[:1]]) if arguments[:1] and arguments[0] in COMMANDS else "microgrAD"
    try:
        status = _dispatch(arguments, program)
        if sys.stdout:
            sys.stdout.flush()
    except SystemExit as exit:  # argparse, after --help and --version
        status = int(exit.code or 0)
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        status = NO_READER
    except Exception as error:
        if not (said := lines(error, sys.stderr)):
            raise
        print(f"{program}: error: {said}", file=sys.stderr)
        status = 2
    return _flushed(status)


def _flushed(status: int) -> int:
    """Flush the output and return the exit status. Output that can't be written is discarded without a message."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        status = status or (NO_READER if isinstance(error, BrokenPipeError) else 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _dispatch(arguments: list[str], program: str) -> int:
    if not arguments:
        _parser().print_help(sys.stderr)
        return 2
    if arguments[0] not in COMMANDS:
        _parser().parse_args(arguments)
        raise Refusal(f"the first argument must be a command, one of {list(COMMANDS)}, got {arguments[0]!r}")
    module: Any = importlib.import_module(f"microgrAD.cli.commands.{arguments[0]}")
    parser = _Parser(
        prog=program,
        description=(module.__doc__ or "").partition("\n")[2].strip() or COMMANDS[arguments[0]],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    args = parser.parse_intermixed_args(list(map(guarded, arguments[1:])))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("always", category=UserWarning)
        warnings.showwarning = lambda message, *_: print(f"{program}: warning: {message}", file=sys.stderr)
        return int(module.run(args) or 0)


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments before a command."""
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:{width}}{about}" for name, about in COMMANDS.items())
    parser = _Parser(
        prog="microgrAD",
        usage="microgrAD COMMAND ...",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Computational graphs and small networks, whose numbers one can see.",
        epilog=f"commands:\n{listing}\n\nmicrogrAD COMMAND --help explains one of them.",
    )
    parser.add_argument("--version", action="version", version=f"microgrAD {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


class _Parser(argparse.ArgumentParser):
    """argparse's parser, with errors in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{message}; see {self.prog} --help")
