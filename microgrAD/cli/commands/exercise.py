"""`microgrAD exercise`: an expression's numbers to be worked out.

Ask for the values and gradients of an expression one after another; h gives a hint (the local derivatives,
then the chain rule with all but the result), s shows the answer, q ends. With -o it goes to a file: .html is
a page that checks the answers, .pdf a sheet for paper, with its key beside it; --paper makes such a sheet of
.html, too.

  microgrAD exercise "c = a + b; d = a * b; y = (c + d) + c * d" a=2 b=3
  microgrAD exercise "q = x + y; f = q * z" x=1 y=2 z=2 --blanks q x.grad -o exercise.html
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microgrAD.cli.choices import add_choices, add_digits, digits, made, without_output
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import add_expression, evaluated, path
from microgrAD.errors import DomainError
from microgrAD.explanation import lines
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.expression import ExpressionError, parse
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace

if TYPE_CHECKING:
    from microgrAD.explanation.blanks import Blank


FILE_CHOICES = ("theme", "rankdir", "show_local", "time_limit", "engine")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The expression, what is asked for, and where."""
    add_expression(parser)
    parser.add_argument(
        "--blanks",
        metavar="NODE",
        action="append",
        nargs="+",
        help="only these: q for both its numbers, q.value or q.grad for one",
    )
    parser.add_argument(
        "--tolerance",
        metavar="SHARE",
        type=float,
        default=0.01,
        help="how far an answer may be off (0.01: one in a hundred)",
    )
    add_digits(parser, 4)
    parser.add_argument("--paper", action="store_true", help="an .html to be printed, and its key")
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help=".html, or .pdf for paper")
    add_choices(parser, FILE_CHOICES)


def run(args: argparse.Namespace) -> int:
    """Ask, or write; status 1 when not all was found."""
    if not 0 < args.tolerance < 1:
        raise Refusal(f"--tolerance must lie between 0 and 1, got {args.tolerance:g}")
    shown = digits(args)
    trace = steps(evaluated(args), gradient=args.gradient)
    asked = [name for names in args.blanks or [] for name in names] or True
    if not args.output:
        without_output(args)
        from microgrAD.explanation.blanks import chosen

        return Quiz(trace, args.tolerance, Text(shown)).ask(chosen(trace, asked))
    with writing(args.output):
        if args.output.suffix.lower() == ".pdf" or args.paper:
            from viz import worksheet

            files = worksheet(trace, blanks=asked, digits=shown, **made(args)).save(args.output)
        else:
            from viz import page

            choices = {"digits": shown, "tolerance": args.tolerance, **made(args)}
            files = [page(trace, blanks=asked, exercise=True, **choices).save(args.output)]
    for file in files:
        print(f"wrote {file}")
    return 0


@dataclass
class Quiz:
    """Questions on a terminal, and the count of what became of them."""

    trace: Trace
    tolerance: float
    writer: Text
    solved: int = 0
    wrong: int = 0
    hints: int = 0

    def ask(self, blanks: list[Blank]) -> int:
        """All of them, unless the reader leaves; 0 when all are solved."""
        given = ", ".join(
            f"{v.name} = {self.writer.number(v.data, '')}" for v in self.trace.variables.values() if not v.op
        )
        print(f"Given: {given}\nh: hint   s: show the answer   q: done\n")
        for blank in blanks:
            if not self.question(blank):
                break
        print(f"\n{self.solved} of {len(blanks)} solved, {self.wrong} wrong, {self.hints} hints")
        return 0 if self.solved == len(blanks) else 1

    def question(self, blank: Blank) -> bool:
        """One of them, until it is solved or shown; False to leave."""
        from microgrAD.explanation.blanks import answer

        line = answer(self.trace, blank, self.writer)
        hints = self.hints_for(blank, line)
        while typed := _typed(f"{line.left} = "):
            word = typed.strip().lower()
            if word == "q":
                return False
            if word == "s":
                print(f"  {_chain(line, len(line.sides))}")
                return True
            if word == "h":
                self.hints += bool(hints)
                print(f"  {hints.pop(0) if hints else 'that is all: s shows the answer'}")
            elif word and self.right(word, blank.truth):
                return True
        return False

    def hints_for(self, blank: Blank, line: Line) -> list[str]:
        """The formula or the local derivatives; then all but the result."""

        if blank.key.endswith(".data"):
            return [_chain(line, 1, more=True), _chain(line, len(line.sides) - 1, more=True)]
        edges = lines.edges_to(self.trace, blank.node)
        if not edges:
            return ["this is where the derivatives begin"]
        known = (lines.local(self.trace, edge, self.writer) for edge in edges)
        return [
            "\n  ".join(_chain(each, len(each.sides)) for each in known),
            _chain(line, len(line.sides) - 1, more=True),
        ]

    def right(self, typed: str, truth: float) -> bool:
        """Whether an answer is near enough, said and counted."""
        try:
            answer = parse(typed.replace("−", "-")).data
        except (ExpressionError, DomainError):
            print("  a number is needed, such as -1.5 or 1/4")
            return False
        if abs(answer - truth) <= max(self.tolerance * abs(truth), 1e-9):
            self.solved += 1
            print("  right")
            return True
        self.wrong += 1
        print("  not yet: look at the sign" if abs(answer + truth) <= self.tolerance * abs(truth) else "  not yet")
        return False


def _typed(prompt: str) -> str:
    """A line from the keyboard, or from a file, which is then shown; empty at its end."""
    print(prompt, end="", flush=True)
    typed = sys.stdin.readline()
    if not sys.stdin.isatty():
        print(typed.strip())
    return typed


def _chain(line: Line, sides: int, *, more: bool = False) -> str:
    """A line as far as that many sides."""
    said = line.written()[:sides]
    different = [side for k, side in enumerate(said) if k == 0 or side != said[k - 1]]
    return " = ".join([line.left, *different, *["?"] * more])
