"""`microgrAD draw`: an expression's graph as a picture.

Draw the graph of an expression with the values and gradients of all its nodes.

  microgrAD draw "(x + y) * z" x=1 y=2 z=2 -o graph.png
  microgrAD draw "n = x1*w1 + x2*w2 + b; o = tanh(n)" x1=2 x2=0 w1=-3 w2=1 b=6.88 --size 16:9 -o slide.pdf
  microgrAD draw "(x + y) * z" x=1 y=2 z=2 -o slide.pptx
"""

from __future__ import annotations

import argparse

from microgrAD.cli.choices import CHOICES, add_choices, add_digits, made
from microgrAD.cli.errors import writing
from microgrAD.cli.inputs import add_expression, evaluated, path

PICTURE = "the picture: .png, .svg, .pdf, .dot, .tex, .pptx (a slide), .drawio, or .mmd or .md (Mermaid)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments; viz.draw checks them."""
    add_expression(parser)
    parser.add_argument("-o", "--output", metavar="FILE", type=path, required=True, help=PICTURE)
    parser.add_argument(
        "--values-only", action="store_true", help="draw the graph before the backward pass, without gradients"
    )
    add_digits(parser, 4)
    add_choices(parser, tuple(CHOICES), "how the picture looks")


def run(args: argparse.Namespace) -> None:
    """Draw the graph, write the file, and print its path."""
    from viz import draw

    root = evaluated(args)
    if not args.values_only:
        root.backward(args.gradient)
    with writing(args.output):
        draw(root, args.output, digits=args.digits, **made(args))
    print(f"wrote {args.output}")
