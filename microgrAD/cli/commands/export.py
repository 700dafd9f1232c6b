"""`microgrAD export`: the same graph as a script of another library.

Write a script that computes the expression and its derivatives with another library: torch, jax, numpy
(with the backward pass written out, line by line), sympy (in symbols) or micrograd. It prints the same
numbers. With -o, write it to a .py file.

  microgrAD export "o = tanh(w * x + b)" w=0.5 x=2 b=-1 --to torch
  microgrAD export "q = x + y; f = q * z" x=-2 y=5 z=-4 --to numpy -o circuit.py
"""

from __future__ import annotations

import argparse

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import add_expression, evaluated, path
from microgrAD.files import new_file, write_bytes
from microgrAD.twins.vocabulary import TARGETS


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, the library, and the file."""
    add_expression(parser)
    parser.add_argument("--to", metavar="LIBRARY", required=True, help=f"one of {', '.join(TARGETS)}")
    parser.add_argument("-o", "--output", metavar="FILE.py", type=path, help="a file for the script")


def run(args: argparse.Namespace) -> None:
    """Print or write the script."""
    from microgrAD.twins.export import export

    if args.gradient != 1:
        raise Refusal("the script begins at the result with gradient 1; leave out --gradient")
    if args.to not in TARGETS:
        raise Refusal(f"--to must be one of {list(TARGETS)}, got {args.to!r}")
    try:
        script = export(evaluated(args), args.to)
    except ValueError as error:
        raise Refusal(str(error)) from None
    if not args.output:
        print(script, end="")
        return
    with writing(args.output):
        write_bytes(new_file(args.output, [".py"], "a script's"), script.encode())
    print(f"wrote {args.output}")
