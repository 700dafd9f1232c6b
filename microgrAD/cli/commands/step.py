"""`microgrAD step`: backpropagation, one step at a time.

Go through the forward and the backward pass of an expression: with the keys on a terminal, otherwise as
a numbered list. With --train, inputs learn, and every update is shown. With -o, write all steps to a
file: .md and .txt are an explanation in words, .tex is a worked solution, .png, .svg and .pdf are a
picture, .gif and .mp4 a film, .pptx slides, .tikz a picture with beamer's overlays.

  microgrAD step "q = x + y; f = q * z" x=1 y=2 z=2 --gradient 2
  microgrAD step "log(x1) + x1*x2 - sin(x2)" x1=2 x2=5 --wrt x1
  microgrAD step "(w * x - y) ** 2 / 2" w=0.5 x=2 y=3 --train w --optimizer adam --updates 3
  microgrAD step "(w * x - y) ** 2 / 2" w=0.5 x=2 y=3 --train w -o film.gif
  microgrAD step "(a + b) * (b + 1)" a=2 b=1 -o lesson.html
"""

from __future__ import annotations

import argparse
import shutil
import sys

from microgrAD.cli import descent, keys, lesson
from microgrAD.cli.choices import add_digits, digits, without_output
from microgrAD.cli.errors import Refusal
from microgrAD.cli.inputs import add_expression, evaluated
from microgrAD.explanation import screen
from microgrAD.explanation.terminal import has_color
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace

CLEAR, OTHER_SCREEN, OWN_SCREEN = "\x1b[H\x1b[2J", "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, the mode, and the file."""
    add_expression(parser)
    parser.add_argument("--wrt", metavar="NAME", help="forward mode: tangents with respect to this input")
    add_digits(parser, 6)
    descent.arguments(parser)
    lesson.add_output(parser)


def run(args: argparse.Namespace) -> None:
    """Step on the terminal, print a list, or write a file."""
    shown = digits(args)
    if args.train is not None:
        return descent.told(args)
    root = evaluated(args)
    trace = _tangents(root, args) if args.wrt else steps(root, gradient=args.gradient)
    if args.output:
        return lesson.write(trace, args)
    without_output(args)
    if keys.interactive():
        walk(trace, shown)
    else:
        print(screen.listing(trace, digits=shown))


def _tangents(root: Value, args: argparse.Namespace) -> Trace:
    if args.gradient != 1:
        raise Refusal("--gradient is for the backward pass and --wrt for the forward pass; give only one of them")
    inputs = {v.name: v.value for v in steps(root).variables.values() if not v.op}
    if args.wrt not in inputs:
        raise Refusal(f"--wrt must be one of {list(inputs)}, got {args.wrt!r}")
    return steps(root, mode="forward", wrt=inputs[args.wrt])


def walk(trace: Trace, digits: int) -> None:
    """Step with the keys, on a separate screen; at the end the current step is printed."""
    k, last = 0, len(trace) - 1
    with keys.listening() as pressed:
        sys.stdout.write(OTHER_SCREEN)
        try:
            _show(trace, k, digits)
            for word in pressed:
                if word == "done":
                    break
                k = {"next": min(k + 1, last), "back": max(k - 1, 0), "first": 0, "last": last}[word]
                _show(trace, k, digits)
        finally:
            sys.stdout.write(OWN_SCREEN)
            sys.stdout.flush()
    print(_screen(trace, k, digits).rpartition("\n\n")[0])


def _show(trace: Trace, k: int, digits: int) -> None:
    sys.stdout.write(CLEAR + _screen(trace, k, digits))
    sys.stdout.flush()


def _screen(trace: Trace, k: int, digits: int) -> str:
    size = shutil.get_terminal_size()
    return screen.screen(trace, k, digits=digits, width=size.columns, height=size.lines, color=has_color())
