"""The command line, `microgrAD` and `python -m microgrAD`: finds a command, runs it, and says what went wrong.

A command is a module of `commands` with two functions, `arguments(parser)` and `run(args)`, and a line here.
Exit status: 0; 1 if it was done and came out badly; 2 for bad input; 130 after Ctrl-C; 141 if nobody reads any more.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

from microgrAD import __version__
from microgrAD.cli.errors import Refusal, lines
from microgrAD.cli.inputs import guarded

COMMANDS = {
    "draw": "draw the graph of an expression, values and gradients on it",
    "grad": "list the value and the gradient of every node",
    "step": "go through both passes of an expression step by step",
    "compile": "a function of one row as a program for many, its equations, code and picture",
    "exercise": "work it out yourself: in the terminal, on a page, or on paper with a key",
    "gallery": "published worked examples, their digits and ours",
    "train": "train a small network and look at what it learned",
    "predict": "a saved model answers for the rows of a table",
    "play": "a page that trains a network, in a browser",
    "demo": "a first look: a graph, a network that learns XOR, and its decision boundary",
    "doctor": "say which layout engine and which versions are in use",
}
INTERRUPTED, NO_READER = 130, 141  # as a shell reports SIGINT and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and give the exit status."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no ∂ gets \u2202, no traceback
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
    return _let_go(status)


def _let_go(status: int) -> int:
    """The status, after the last of the output: what can't be written is thrown away, once and quietly."""
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
        raise Refusal(f"a command comes first, one of {list(COMMANDS)}, got {arguments[0]!r}")
    module: Any = importlib.import_module(f"microgrAD.cli.commands.{arguments[0]}")
    parser = _Parser(
        prog=program,
        description=module.__doc__.partition("\n")[2].strip() or COMMANDS[arguments[0]],
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
    """The parser of what comes before a command."""
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:{width}}{about}" for name, about in COMMANDS.items())
    parser = _Parser(
        prog="microgrAD",
        usage="microgrAD COMMAND ...",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Computational graphs and small networks that one can look into.",
        epilog=f"commands:\n{listing}\n\nmicrogrAD COMMAND --help says more about one of them.",
    )
    parser.add_argument("--version", action="version", version=f"microgrAD {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    return parser


class _Parser(argparse.ArgumentParser):
    """argparse, with what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{message}; {self.prog} --help says what is allowed")
