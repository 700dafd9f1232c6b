"""`microgrAD predict`: a saved model answers for the rows of a table.

The table has the features that the model was trained with, by name or in the same order. If it has the target
too, the last line says how many answers are right, or the error of a quantity. The answers are a table.

  microgrAD predict model.json flowers.csv
  microgrAD predict model.json flowers.csv -o answers.csv
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from typing import Any

from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import path
from microgrAD.cli.problems import add_header


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the model, the table, and the file for the answers."""
    parser.add_argument("model", metavar="MODEL", type=path, help="a file of `microgrAD train --save`")
    parser.add_argument("table", metavar="FILE.csv", type=path, help="rows to answer for")
    add_header(parser)
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help="a CSV file; by default the terminal")


def run(args: argparse.Namespace) -> int:
    """Predict all rows, and print or write the answers."""
    from microgrAD import nn
    from microgrAD.datasets import read_rows
    from microgrAD.outputs import outputs

    model = nn.load(args.model)
    features, names, target = _notes(args.model, model.notes)
    X, truth = read_rows(args.table, features, target, header=args.header)
    answers, lines = _answers(model, outputs(model, X), names, target)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    if args.output is None:
        print(text.getvalue(), end="")
    else:
        from microgrAD.files import write_text

        with writing(args.output):
            write_text(args.output, text.getvalue())
        print(f"wrote {args.output}")
    if truth:
        print(_compared(answers, truth, names), file=sys.stderr)
    return 0


def _compared(answers: list[str], truth: list[str], names: list[str]) -> str:
    """Return how good the answers are, in words. `names`: those of the classes; none for a quantity."""
    if names:
        right = sum(_same(a, b) for a, b in zip(answers, truth, strict=True))
        strange = [b for b in truth if not any(_same(a, b) for a in names)]
        note = f"; {len(strange)} rows have another class than {names[:8]}, such as {strange[0]!r}" if strange else ""
        return f"{right} of {len(truth)} answers are right, {right / len(truth):.1%}{note}"
    try:
        error = math.dist(map(float, answers), map(float, truth)) / math.sqrt(len(truth))
    except ValueError:
        error = math.nan
    return (
        f"root mean squared error {error:.3g}"
        if math.isfinite(error)
        else ("not every row has a number as its target, so the answers are not compared")
    )


def _notes(file: Any, notes: Any) -> tuple[list[str], list[str], str]:
    """Return the features, the names of the classes and the target from the notes of a model."""
    found = [notes.get(name) for name in ("features", "classes", "target")]
    texts = [isinstance(part, list) and all(isinstance(name, str) for name in part) for part in found[:2]]
    if not all(texts) or not isinstance(found[2], str) or not found[0]:
        raise Refusal(f"{str(file)!r} does not say what its features are; save it with `microgrAD train --save`")
    return found[0], found[1], found[2]


def _answers(model: Any, given: Any, names: list[str], target: str) -> tuple[list[str], list[list[str]]]:
    """Return the answer for each row, and the lines of the table: a head, then answers with their probabilities."""
    from microgrAD.outputs import classes, default_reading, probabilities

    if not names:
        answers = [f"{row[0]:.6g}" for row in given.tolist()]
        return answers, [[target], *([answer] for answer in answers)]
    reading = default_reading(model)
    p = probabilities(given, reading)
    if p.shape[1] != len(names):
        raise Refusal(f"the model answers with {p.shape[1]} classes, and its file names {len(names)}: {names}")
    answers = [names[k] for k in classes(given, reading).tolist()]
    rows = [[answer, *(f"{share:.6f}" for share in shares)] for answer, shares in zip(answers, p.tolist(), strict=True)]
    return answers, [[target, *(f"P({name})" for name in names)], *rows]


def _same(answer: str, truth: str) -> bool:
    """Return whether two names of classes are the same; 1 and 1.0 are."""
    try:
        return float(answer) == float(truth)
    except ValueError:
        return answer == truth
