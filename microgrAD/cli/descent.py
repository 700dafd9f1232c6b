"""Gradient descent on an expression: some of its inputs learn, and each step is shown."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import given
from microgrAD.explanation import explain
from microgrAD.expression import parse
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.nn import Module
    from microgrAD.steps.training import TrainingTrace

FORMATS = {".txt": "text", ".md": "markdown", ".tex": "latex"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `told` reads."""
    parser.add_argument("--train", metavar="NAME,NAME", help="these inputs learn: each update makes the result smaller")
    parser.add_argument("--optimizer", metavar="NAME", default="sgd", help="sgd, rmsprop, adam or adamw (sgd)")
    parser.add_argument("--lr", metavar="X", type=float, default=0.1, help="learning rate (0.1)")
    parser.add_argument("--updates", metavar="N", type=int, default=1, help="the number of updates (1)")


def told(args: argparse.Namespace) -> None:
    """Train, and print or write the passes and the updates."""
    if args.wrt or args.gradient != 1:
        raise Refusal("--train goes backward from a result with gradient 1; leave out --wrt and --gradient")
    if args.output and args.output.suffix.lower() not in FORMATS:
        raise Refusal(f"--train writes files that end in one of {list(FORMATS)}, got {str(args.output)!r}")
    trace = run(
        args.expression.strip(), given(args.values), args.train.split(","), args.optimizer, args.lr, args.updates
    )
    if not args.output:
        print(explain(trace, digits=args.digits))
        return
    text = explain(trace, format=FORMATS[args.output.suffix.lower()], digits=args.digits, color=False)  # type: ignore[arg-type]
    with writing(args.output):
        args.output.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    print(f"wrote {args.output}")


def run(
    expression: str, values: dict[str, float], names: Sequence[str], optimizer: str, lr: float, updates: int
) -> TrainingTrace:
    """Return the trace of gradient descent on an expression.

    Arguments:
        expression: the expression.
        values: a number for each of its inputs.
        names: the inputs that learn.
        optimizer: the name of the optimizer.
        lr: its learning rate.
        updates: the number of updates.
    Raises: Refusal for names, optimizers and numbers that are not valid.
    """
    from microgrAD.optim import NAMED
    from microgrAD.train import train_steps

    if unknown := [name for name in names if name not in values]:
        raise Refusal(f"--train takes inputs of the expression, from {list(values)}, got {unknown[0]!r}")
    if optimizer not in NAMED:
        raise Refusal(f"--optimizer must be one of {list(NAMED)}, got {optimizer!r}")
    if updates < 1:
        raise Refusal(f"--updates must be 1 or more, got {updates}")
    model = _model(expression, values, names)
    rule: Any = partial(NAMED[optimizer], lr=lr)
    # one row without features: the expression itself is the loss
    return train_steps(model, [[0.0]], [0.0], optimizer=rule, loss=lambda out, _: out, epochs=updates, compiled=False)


def _model(expression: str, values: dict[str, float], names: Sequence[str]) -> Module:
    """Return the expression as a model whose parameters are the inputs `names`."""
    from microgrAD.nn import Module

    class Expression(Module):
        def __init__(self) -> None:
            self.learned = {name: Value(values[name], label=name) for name in dict.fromkeys(names)}

        def __call__(self, x: Any) -> Value:
            known: dict[str, Value | float] = {**values, **self.learned}
            return parse(expression, **known)

    return Expression()
