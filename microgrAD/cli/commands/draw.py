"""`microgrAD draw`: an expression's graph as a picture.

Draw the graph of an expression with the values and gradients of all its nodes.

  microgrAD draw "(x + y) * z" x=1 y=2 z=2 -o graph.png
  microgrAD draw "n = x1*w1 + x2*w2 + b; o = tanh(n)" x1=2 x2=0 w1=-3 w2=1 b=6.88 --size 16:9 -o slide.pdf
"""

from __future__ import annotations

import argparse
import re
from typing import Any

from microgrAD.cli.errors import writing
from microgrAD.cli.inputs import add_expression, evaluated, path

# on the command line -> as an option of viz.draw
_AS_THEY_ARE = (
    "theme",
    "rankdir",
    "digits",
    "show_constants",
    "show_local",
    "color_by",
    "ops",
    "size",
    "dpi",
    "transparent",
    "force",
    "time_limit",
    "engine",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is said on the command line; viz.draw checks it."""
    add_expression(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=path, required=True, help="the picture: .png, .svg, .pdf, .dot or .tex"
    )
    parser.add_argument("--values-only", action="store_true", help="before the backward pass: no gradients yet")
    look = parser.add_argument_group("how it looks")
    look.add_argument("--size", metavar="SIZE", type=_size, help="a slide: 16:9, 4:3, 16:10, 1:1 or 1280x720 pixels")
    look.add_argument("--theme", default="light", help="light, dark or print")
    look.add_argument("--rankdir", metavar="LR|TB", help="from left to right, or from the top down")
    look.add_argument("--digits", metavar="N", type=int, default=4, help="significant digits (4)")
    look.add_argument("--show-local", action="store_true", help="the local derivative on each wire")
    look.add_argument("--show-constants", action="store_true", help="plain numbers in boxes of their own")
    look.add_argument("--hide-ops", action="store_true", help="no operations")
    look.add_argument("--ops", default="badge", metavar="nodes", help="operations as nodes of their own")
    look.add_argument("--color-by", metavar="grad", help="colours by the sign and size of gradients")
    look.add_argument("--no-legend", action="store_true", help="no explanation of the signs below")
    look.add_argument("--transparent", action="store_true", help="no background")
    look.add_argument("--dpi", metavar="N", type=float, help="dots an inch of a PNG")
    layout = parser.add_argument_group("layout")
    layout.add_argument("--engine", default="auto", help="dot, embedded, or auto: dot if it is there")
    layout.add_argument("--time-limit", metavar="S", type=float, default=30.0, help="seconds it may take (30)")
    layout.add_argument("--force", action="store_true", help="draw also what is too large to be read")


def run(args: argparse.Namespace) -> None:
    """Draw, write, and say where."""
    from viz import draw

    root = evaluated(args)
    if not args.values_only:
        root.backward(args.gradient)
    options: dict[str, Any] = {name: getattr(args, name) for name in _AS_THEY_ARE}
    drawing = draw(root, show_ops=not args.hide_ops, legend=not args.no_legend, **options)
    with writing(args.output):
        drawing.save(args.output)
    print(f"wrote {args.output}")


def _size(text: str) -> str | tuple[int, int]:
    pixels = re.fullmatch(r"(\d{1,6})\s*[x×]\s*(\d{1,6})", text)
    return (int(pixels[1]), int(pixels[2])) if pixels else text
