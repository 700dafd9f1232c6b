"""`microgrAD gallery`: published worked examples, their numbers and ours.

List the gallery, or show one of its examples: the published numbers, our numbers, and known
errata. With -o, write it to a file: .md and .txt are an explanation in words, .tex is a worked
solution, .png, .svg and .pdf are a picture, .pptx slides.

  microgrAD gallery
  microgrAD gallery mazur
  microgrAD gallery karpathy-neuron -o neuron.tex
"""

from __future__ import annotations

import argparse
import textwrap

from microgrAD.cli import lesson
from microgrAD.cli.choices import add_digits, digits, without_output
from microgrAD.cli.errors import Refusal
from microgrAD.cli.tables import table
from microgrAD.gallery import ENTRIES, Entry, agrees, find
from microgrAD.gallery.order import lesson as order_lesson
from microgrAD.gallery.order import side_by_side

WIDTH = 100


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the example and the file."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="an example; without one, all are listed")
    add_digits(parser, 6)
    lesson.add_output(parser)


def run(args: argparse.Namespace) -> int:
    """List, show or write; return 1 if a published number differs from ours."""
    digits(args)
    if not args.output:
        without_output(args)
    if args.name is None:
        if args.output:
            raise Refusal("-o takes one example; microgrAD gallery lists them")
        print(table(["name", "what it is"], [[entry.name, entry.title] for entry in ENTRIES.values()]))
        return 0
    entry = find(args.name)
    if args.output:
        lesson.write(entry.make().trace(), args)
        return 0
    print(shown(entry))
    return 0 if all(agrees(printed, ours) for _, printed, ours in entry.rows()) else 1


def shown(entry: Entry) -> str:
    """Return an example as text: its source, published numbers beside ours, laws, errata."""
    rows = [
        [name, printed, f"{ours!r}", "" if agrees(printed, ours) else "differs"] for name, printed, ours in entry.rows()
    ]
    numbers = entry.make().numbers()
    laws = [[name, f"= {law}", f"{numbers[name]!r}"] for name, law in entry.laws.items()]
    errata = [
        row
        for e in entry.errata
        for row in (
            [e.instead, f"{numbers[e.instead]!r}", f"and not {e.printed}"],
            [e.source_of, f"{numbers[e.source_of]!r}", "which is what is printed"],
        )
    ]
    parts = [
        f"{entry.title}\n{entry.source}",
        table(["", "published", "ours", ""], rows) if rows else "",
        table(["", "in letters", "ours"], laws) if laws else "",
        table(["erratum", "ours", ""], errata) if errata else "",
        *(textwrap.fill(erratum.why, WIDTH) for erratum in entry.errata),
        textwrap.fill(entry.note, WIDTH),
        side_by_side(order_lesson(entry.make().root)) if entry.both_orders else "",
    ]
    return "\n\n".join(filter(None, parts))
