"""What `train` learns: a built-in data set or a table, and the options that read and split it."""

from __future__ import annotations

import argparse
import csv
from typing import TYPE_CHECKING, Any

from microgrAD.cli.errors import Refusal
from microgrAD.cli.inputs import path

if TYPE_CHECKING:
    from microgrAD.train.problem import Problem

_OF_TABLES = {"target": None, "features": None, "drop": None, "header": None, "classes": False, "quantity": False}


def add_header(parser: argparse.ArgumentParser) -> None:
    """Add --header, for tables."""
    parser.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="whether the table's first line names its columns",
    )


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `problem_of` reads."""
    from microgrAD.train.recipes import RECIPES

    parser.add_argument("data", metavar="DATASET|FILE.csv", help=", ".join(RECIPES) + ", or a table")
    parser.add_argument("--target", metavar="COLUMN", help="the column of a table to learn (the last one)")
    parser.add_argument("--features", metavar="A,B", type=_columns, help="its columns to learn from (all others)")
    parser.add_argument("--drop", metavar="A,B", type=_columns, help="its columns to leave out")
    add_header(parser)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--classes", action="store_true", help="the numbers to learn are classes")
    kind.add_argument("--quantity", action="store_true", help="the numbers to learn are a quantity, such as a count")
    parser.add_argument("--samples", metavar="N", type=int, help="rows of a built-in data set")
    parser.add_argument("--noise", metavar="X", type=float, help="standard deviation of its noise")
    parser.add_argument("--test-size", metavar="X", type=float, default=0.25, help="share of rows held out (0.25)")
    parser.add_argument(
        "--validation-size",
        metavar="X",
        type=float,
        help="share of the other rows that is kept for validation: 0.2 of a table, 0 of a built-in data set",
    )


def problem_of(args: argparse.Namespace) -> Problem:
    """Return the problem that the arguments name. Raise Refusal for arguments that do not fit together."""
    from microgrAD.train import recipes

    split = {"test_size": args.test_size, "validation_size": args.validation_size, "rng": args.seed}
    if args.data in recipes.RECIPES:
        for name, default in _OF_TABLES.items():
            if getattr(args, name) != default:
                what = {"target": "a column", "features": "columns", "drop": "columns"}.get(name, "a fact")
                raise Refusal(f"--{name} is {what} of a table; a built-in data set has its own")
        problem = recipes.built_in(args.data, samples=args.samples, noise=args.noise, **split)
        return _to_stop(problem, args)
    if not args.data.lower().endswith((".csv", ".tsv", ".txt")):
        raise Refusal(
            f"data must be one of {list(recipes.RECIPES)}, or a file that ends in .csv, .tsv or .txt, got {args.data!r}"
        )
    if args.samples is not None or args.noise is not None:
        raise Refusal("--samples and --noise are for built-in data sets; leave them out for a table")
    options: dict[str, Any] = {name: getattr(args, name) for name in _OF_TABLES}
    target = -1 if args.target is None else args.target
    options = {**options, "target": target, "drop": args.drop or ()}
    return _to_stop(recipes.table(path(args.data), **options, **split), args)


def _to_stop(problem: Problem, args: argparse.Namespace) -> Problem:
    """Return the problem with validation rows if --patience is given. These are never the rows held out."""
    if not args.patience or problem.held_out is None or problem.validation:
        return problem
    if args.validation_size is not None:
        raise Refusal("--patience takes validation rows; let --validation-size be above 0, or leave it out")
    return problem.stopping(0.2, rng=args.seed)


def described(problem: Problem) -> str:
    """Return the data in words: the number of rows for each purpose."""
    count = len(problem.X)
    parts = [f"{problem.name}: {count} row{'s' * (count > 1)}"]
    if problem.validation:
        parts.append(f"{len(problem.validation[0])} for validation")
    if problem.held_out:
        parts.append(f"{len(problem.held_out[0])} more held out")
    return ", ".join(parts)


def learned(problem: Problem) -> str:
    """Return in words what is learned from a table."""
    kind = f"one of {len(problem.class_names)} classes" if problem.class_names else "a quantity"
    count = len(problem.feature_names)
    return f"{problem.target_name!r}, {kind}, is learned from {count} feature{'s' * (count > 1)}"


def _columns(text: str) -> list[str]:
    """Return names of columns, which are written like a line of a table; a `type` for argparse."""
    try:
        names = [name.strip() for name in next(csv.reader([text], strict=True, skipinitialspace=True), [])]
    except csv.Error:
        names = []
    if not names or "" in names:
        raise argparse.ArgumentTypeError(f'takes names of columns such as a,b or "width, cm",b, got {text!r}')
    return names
