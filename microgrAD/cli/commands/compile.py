"""`microgrAD compile`: a scalar function as a tensor program.

Record a function of one row, fold its scalars into blocks and matrices, and show the resulting equations.
Names with a value are parameters, which all rows share. The other names, listed with --rows, have another
number in each row of the data.

  microgrAD compile "(w*x + b - y)**2" w=2 b=1 --rows x,y
  microgrAD compile --network 2,16,16,1 --activation relu -o program.png
  microgrAD compile --network 2,4,1 --backend wasm --source --save xor.wasm
"""

from __future__ import annotations

import argparse
import inspect
from typing import TYPE_CHECKING, Any

from microgrAD.cli.choices import add_choices, made, without_output
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import given, picture_file
from microgrAD.errors import CompileError

if TYPE_CHECKING:
    from microgrAD.compiler import FunctionProgram


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: what to compile, and what to show."""
    parser.add_argument("expression", metavar="EXPRESSION", nargs="?", help='such as "(w*x + b - y)**2"')
    parser.add_argument("values", metavar="NAME=VALUE", nargs="*", help="the parameters: w=2 b=1")
    parser.add_argument("--rows", metavar="NAMES", default="", help="the names of a row's numbers: x,y")
    parser.add_argument(
        "--network",
        metavar="SIZES",
        type=_sizes,
        help="instead of an expression, the squared error of a network: 2,16,16,1",
    )
    parser.add_argument(
        "--activation", metavar="NAME", default="tanh", help="the activation of its hidden layers (tanh)"
    )
    parser.add_argument("--backward", action="store_true", help="print the equations of the backward pass, too")
    parser.add_argument("--source", action="store_true", help="print the code, too")
    parser.add_argument("--backend", choices=["numpy", "wasm"], help="write the code for NumPy or WebAssembly (numpy)")
    parser.add_argument(
        "--save", metavar="FILE", help="write the program as a module for any WebAssembly host: model.wasm"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=picture_file,
        help="a picture of the scalars beside the steps: .png, .svg or .pdf",
    )
    add_choices(parser, ("theme", "size", "dpi", "transparent", "legend", "force"), "how the picture looks")


def run(args: argparse.Namespace) -> None:
    """Compile, print, and draw."""
    if not args.output:
        without_output(args)
    program = _network(args) if args.network else _expression(args)
    print(program)
    if args.backward:
        print(f"\n{program.backward}")
    if args.save:
        with writing(args.save):
            program.save(args.save)
        print(f"wrote {args.save}")
    if args.source:
        print(f"\n{program.source}", end="")
    if args.output:
        from viz import draw

        with writing(args.output):
            draw(program, args.output, **made(args))
        print(f"wrote {args.output}")


def _sizes(text: str) -> list[int]:
    sizes = [int(part) if part.strip().isdigit() else 0 for part in text.split(",")]
    if len(sizes) < 2 or min(sizes) < 1:
        raise argparse.ArgumentTypeError(
            f"this takes the sizes of a network, inputs first, as in 2,16,16,1, got {text!r}"
        )
    return sizes


def _network(args: argparse.Namespace) -> FunctionProgram:
    from microgrAD.compiler import compile
    from microgrAD.losses import mse
    from microgrAD.nn import MLP

    if args.expression:
        raise Refusal("got an expression and --network; give only one of them")
    inputs, *layers = args.network
    model = MLP(inputs, layers, activation=args.activation)

    def loss(x: Any, y: Any) -> Any:
        return mse(model(x), y)

    shapes = [(inputs,), (layers[-1],) if layers[-1] > 1 else ()]
    return compile(loss, parameters=model.parameters(), shapes=shapes, backend=args.backend)


def _expression(args: argparse.Namespace) -> FunctionProgram:
    from microgrAD.compiler import compile
    from microgrAD.expression import parse
    from microgrAD.operators import Value

    if not args.expression:
        raise Refusal("there is nothing to compile; give an expression, or --network 2,16,16,1")
    parameters = {name: Value(number, label=name) for name, number in given(args.values).items()}
    names = [name.strip() for name in args.rows.split(",") if name.strip()]
    if twice := [name for name in names if name in parameters]:
        raise Refusal(f"{twice[0]!r} has a value and is listed in --rows; a parameter has the same value in all rows")

    def f(*row: Any) -> Any:
        return parse(args.expression.strip(), **parameters, **dict(zip(names, row, strict=True)))

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    f.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    try:
        return compile(f, parameters=parameters.values(), shapes=[()] * len(names), backend=args.backend)
    except CompileError:
        raise Refusal(
            "an exponent must be the same number for all rows; give it in the expression, or as a parameter"
        ) from None
