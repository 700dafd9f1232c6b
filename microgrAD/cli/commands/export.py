"""`microgrAD export`: an expression as plain code for another library.

Write a script that computes the same value and the same gradients with PyTorch, JAX, NumPy, SymPy or
micrograd, and prints them. Without -o, the script itself is printed.

  microgrAD export "f = tanh(w*x + b)" w=2 x=-1 b=0.5 --to torch
  microgrAD export "(x + y) * z" x=1 y=2 z=2 --to numpy -o chain_rule.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import add_expression, evaluated, output_file
from microgrAD.errors import one_of
from microgrAD.files import write_text
from microgrAD.twins.exporting import TARGETS, export


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, the library, and the file."""
    add_expression(parser)
    parser.add_argument("--to", metavar="LIBRARY", required=True, help=f"one of {', '.join(TARGETS)}")
    parser.add_argument("-o", "--output", metavar="FILE.py", type=_script, help="write the script to a file")


def run(args: argparse.Namespace) -> None:
    """Print the script, or write it."""
    if args.gradient != 1:
        raise Refusal("a script starts at the result with the gradient 1; leave out --gradient")
    source = export(evaluated(args), one_of(args.to, "--to", TARGETS))
    if not args.output:
        print(source, end="")
        return
    with writing(args.output):
        write_text(args.output, source)
    print(f"wrote {args.output}")


def _script(argument: str) -> Path:
    return output_file(argument, "a script's", [".py"])
