"""`microgrAD derive`: a derivative in letters, factor by factor.

Write the derivative of an expression's result by one of its nodes in symbols, with the factors of the
chain rule and where each comes from. With --paths, the number is told as the sum over the paths; with
--why, it says what stops a gradient of 0. With -o, write it to a file: .txt, .tex for LaTeX's
mathematics; .gif, .mp4 or a folder of pictures show the paths on the graph.

  microgrAD derive "n = w*x + b; L = sigmoid(n)**2 / 2" w=2 x=3 b=1 --wrt w
  microgrAD derive "q = x + y; f = q * x" x=1 y=2 --wrt x --paths -o paths.gif
"""

from __future__ import annotations

import argparse
from pathlib import Path

from microgrAD.cli.choices import add_choices, add_digits, digits, made, without_output
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import add_expression, evaluated, path
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.steps import naming

TEXTS = (".txt", ".tex")
FILMS = (".gif", ".mp4")
CHOICES = ("theme", "rankdir", "size", "time_limit", "engine")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, the node, what is told, and the file."""
    add_expression(parser)
    parser.add_argument("--wrt", metavar="NAME", required=True, help="the node to differentiate by")
    parser.add_argument("--paths", action="store_true", help="the number as the sum over the paths")
    parser.add_argument("--why", action="store_true", help="why the gradient is 0, or as good as 0")
    add_digits(parser, 6)
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help=".txt, .tex, .gif, .mp4, or a folder")
    add_choices(parser, CHOICES)


def run(args: argparse.Namespace) -> None:
    """Print or write the derivation, the paths, or the reason."""
    if args.gradient != 1:
        raise Refusal("a derivation begins at the result with gradient 1; leave out --gradient")
    if args.paths and args.why:
        raise Refusal("--paths and --why tell different things; give one of them")
    root = evaluated(args)
    wrt = _node(root, args.wrt)
    ending = args.output.suffix.lower() if args.output else ""
    if args.output and (ending in FILMS or not ending):
        return _film(root, wrt, args)
    if args.output and ending not in TEXTS:
        raise Refusal(
            f"a file's name must end in one of {[*TEXTS, *FILMS]}, or be a folder's; got {str(args.output)!r}"
        )
    if made(args):
        without_output(args)
    said = _said(root, wrt, args, ending)
    if not args.output:
        print(said)
        return
    with writing(args.output):
        Path(args.output).write_text(said.rstrip("\n") + "\n", encoding="utf-8")
    print(f"wrote {args.output}")


def _node(root: Value, name: str) -> Value:
    """Return the node of a name; a Refusal lists the names."""
    found = {called: v for v, called in naming.names(topological(root)).items()}
    if name not in found:
        raise Refusal(f"--wrt must be one of {list(found)}, got {name!r}")
    return found[name]


def _said(root: Value, wrt: Value, args: argparse.Namespace, ending: str) -> str:
    from microgrAD.explanation import derive, explain_paths, why_zero

    if args.paths or args.why:
        if ending == ".tex":
            raise Refusal("--paths and --why are text; name a .txt file")
        return (explain_paths if args.paths else why_zero)(root, wrt, digits=digits(args))
    derivation = derive(root, wrt)
    return derivation.latex if ending == ".tex" else str(derivation)


def _film(root: Value, wrt: Value, args: argparse.Namespace) -> None:
    from viz import path_movie

    if not args.paths:
        raise Refusal("a film shows the paths; add --paths")
    choices = {**({} if args.output.suffix else {"size": "16:9"}), "digits": digits(args), **made(args)}
    with writing(args.output):
        files = path_movie(root, wrt, **choices).save(args.output)
    print(f"wrote {files[0]}" + (f" to {files[-1].name}" if len(files) > 1 else ""))
