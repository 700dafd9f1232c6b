"""`microgrAD play`: a page that trains a network.

Write one HTML file in which a network learns, without a connection to the internet. Choose the data, the
inputs, the network and how it learns; watch it; and open any unit as a graph.

  microgrAD play
  microgrAD play spirals -o play.html
  microgrAD play flowers.csv --target kind --hidden 8,8 --seed 3
"""

from __future__ import annotations

import argparse
from pathlib import Path

from microgrAD.cli.choices import CHOICES
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import page_file, path, sizes


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the data, the network at the start, and the file."""
    from viz.trainer.sets import SETS

    parser.add_argument(
        "data",
        metavar="DATASET|FILE.csv",
        nargs="?",
        default="circles",
        help=f"{', '.join(SETS)}, or a table (circles)",
    )
    parser.add_argument("--target", metavar="COLUMN", help="the column of a table to learn (the last one)")
    parser.add_argument("--hidden", metavar="N,N", type=sizes, help="units of each hidden layer")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="seed of the first weights and batches (0)")
    parser.add_argument("--title", metavar="TEXT", help="the heading")
    parser.add_argument("--lang", **CHOICES["lang"])
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=page_file, default=Path("play.html"), help=".html (play.html)"
    )


def run(args: argparse.Namespace) -> None:
    """Write the page."""
    from viz import playground
    from viz.trainer.sets import SETS

    if args.seed < 0:
        raise Refusal(f"--seed must be 0 or more, got {args.seed}")
    options = {
        "title": args.title,
        "seed": args.seed,
        "hidden": args.hidden,
        **({"lang": args.lang} if args.lang else {}),
    }
    if args.data in SETS:
        if args.target is not None:
            raise Refusal("--target is a column of a table; a built-in data set has its own")
        found = playground(args.data, **options)
    else:
        if not args.data.lower().endswith(".csv"):
            raise Refusal(f"data must be one of {list(SETS)}, or a file that ends in .csv, got {args.data!r}")
        from microgrAD.datasets import read_csv

        table = read_csv(path(args.data), target=-1 if args.target is None else args.target)
        found = playground(
            X=table.X,
            y=table.y,
            feature_names=table.feature_names,
            class_names=table.class_names or None,
            target_name=table.target_name,
            **options,
        )
    with writing(args.output):
        found.save(args.output)
    print(f"wrote {args.output}")
