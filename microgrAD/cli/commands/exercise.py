"""`microgrAD exercise`: work out the numbers of an expression.

Ask for the values and gradients of an expression one after another. Type h for a hint (first the local
derivatives, then the chain rule without the result), s for the answer, q to end. With -o, write a file:
.html is a page that checks the answers; .pdf is a sheet to print, with its key in a second file. With
--paper, .html is such a sheet, too. With --train, a sheet asks for the updates of inputs that learn. A
page shows a short code at its end: --check says what was solved, and with the expression also whether the
code belongs to it.

For a class, --variants or --students draws other numbers for each student. NAME=RULE says which: a number
is drawn like that number; -5..5 are whole numbers; "-2..2 step 1/2 not 0" are halves without 0; 1,2,4 is a
list; 2..2 stays. Sheets (.pdf, .html or .tex) get their keys beside them, a record (.json) and a table for
answers (-answers.csv), which microgrAD grade marks. --moodle and --qti write quizzes of the same numbers.

  microgrAD exercise "c = a + b; d = a * b; y = (c + d) + c * d" a=2 b=3
  microgrAD exercise "q = x + y; f = q * z" x=1 y=2 z=2 --blanks q x.grad -o exercise.html
  microgrAD exercise "(w * x - y) ** 2 / 2" w=0.5 x=2 y=3 --train w -o sheet.pdf
  microgrAD exercise "q = x + y; f = q * z" x=-5..5 y=-5..5 "z=2..6 not 5" --variants 30 -o exam.pdf
  microgrAD exercise "o = tanh(w * x)" "w=-2..2 step 1/2" x=1,2 --students class.csv --moodle quiz.xml
  microgrAD exercise --check 1OBS77Q-0-06.01.00.00-06URV00 --name "Ada"
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from microgrAD.cli import classroom, descent
from microgrAD.cli.choices import add_choices, add_digits, digits, made, without_output
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import EXAMPLE, add_expression, evaluated, path
from microgrAD.errors import DomainError
from microgrAD.explanation import lines
from microgrAD.explanation.chapters import Told
from microgrAD.explanation.lines import Line
from microgrAD.explanation.marking import Marker
from microgrAD.explanation.writers import Text
from microgrAD.expression import ExpressionError, parse
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace

if TYPE_CHECKING:
    from microgrAD.explanation.blanks import Blank, Choice


FILE_CHOICES = ("theme", "rankdir", "show_local", "lang", "time_limit", "engine")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the expression, what to ask for, and the file."""
    add_expression(parser, optional=True)
    parser.add_argument("--check", metavar="CODE", help="say what the code at the end of a page tells")
    parser.add_argument("--name", metavar="NAME", default="", help="the name that was typed on that page")
    parser.add_argument(
        "--blanks",
        metavar="NODE",
        action="append",
        nargs="+",
        help="ask only for these: q for its value and gradient, q.value or q.grad for one of them",
    )
    parser.add_argument(
        "--tolerance",
        metavar="SHARE",
        type=float,
        help="the largest relative error of an answer (0.01, which is 1 %%; for a class that of rounding)",
    )
    add_digits(parser, 4)
    descent.arguments(parser)
    parser.add_argument("--paper", action="store_true", help="write an .html file to print, and its key")
    parser.add_argument("--lock", action="store_true", help="a page with the exercise only, without the steps")
    parser.add_argument("-o", "--output", metavar="FILE", type=path, help=".html, or .pdf or .tex for paper")
    classroom.arguments(parser)
    add_choices(parser, FILE_CHOICES)


def run(args: argparse.Namespace) -> int:
    """Ask, or write a file; return 1 if not all questions were solved."""
    if args.tolerance is not None and not 0 < args.tolerance < 1:
        raise Refusal(f"--tolerance must lie between 0 and 1, got {args.tolerance:g}")
    shown = digits(args)
    on_paper = args.output and (args.output.suffix.lower() in (".pdf", ".tex") or args.paper)
    asked: list[str] | Literal[True] = [name for names in args.blanks or [] for name in names] or True
    if args.expression is not None and args.check is None and classroom.asked_for(args):
        for file in classroom.write(args, None if asked is True else asked):
            print(f"wrote {file}")
        return 0
    args.tolerance = 0.01 if args.tolerance is None else args.tolerance
    if args.train is not None and not on_paper:
        raise Refusal("--train is for paper: name a .pdf file with -o, or an .html file with --paper")
    if args.check is not None:
        return _checked(args, asked)
    if args.expression is None:
        raise Refusal(f"an exercise needs an expression, such as {EXAMPLE}, or --check CODE")
    trace: Told = descent.trace_of(args) if args.train else steps(evaluated(args), gradient=args.gradient)
    if not args.output:
        without_output(args)
        from microgrAD.explanation.blanks import chosen

        assert isinstance(trace, Trace)
        return Quiz(trace, args.tolerance, Text(shown)).ask(chosen(trace, asked))
    with writing(args.output):
        if on_paper:
            from viz import worksheet

            files = worksheet(trace, blanks=asked, digits=shown, **made(args)).save(args.output)
        else:
            from viz import page

            assert isinstance(trace, Trace)
            choices = {"digits": shown, "tolerance": args.tolerance, "lock": args.lock, **made(args)}
            files = [page(trace, blanks=asked, exercise=True, **choices).save(args.output)]
    for file in files:
        print(f"wrote {file}")
    return 0


def _checked(args: argparse.Namespace, asked: Choice) -> int:
    """Print what a code says; a Refusal if it does not fit the name, or belongs to another exercise."""
    from microgrAD.explanation import receipts
    from microgrAD.explanation.blanks import chosen

    try:
        told = receipts.read(args.check, args.name)
    except ValueError as error:
        raise Refusal(str(error)) from None
    of = ""
    if args.expression is not None:
        trace = steps(evaluated(args), gradient=args.gradient)
        blanks = chosen(trace, asked)
        if receipts.fingerprint(trace, blanks) != told.exercise:
            raise Refusal(
                f"the code belongs to another exercise than {args.expression!r} with these numbers and blanks"
            )
        of = f" of {len(blanks)}"
    numbers = {None: "numbers that were typed", 0: "the exercise's own numbers"}
    print(
        f"{told.solved}{of} solved, {told.wrong} wrong, {told.hints} hints, {told.shown} shown; "
        f"{numbers.get(told.seed, f'the numbers of seed {told.seed}')}"
    )
    return 0


@dataclass
class Quiz:
    """Questions on a terminal, and counts of the results."""

    trace: Trace
    tolerance: float
    writer: Text
    solved: int = 0
    wrong: int = 0
    hints: int = 0

    def ask(self, blanks: list[Blank]) -> int:
        """Ask all questions, unless the reader leaves; return 0 if all are solved."""
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
        """Ask one question until it is solved or shown; return False if the reader leaves."""
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
                print(f"  {hints.pop(0) if hints else 'there are no more hints: s shows the answer'}")
            elif word and self.right(word, blank):
                return True
        return False

    def hints_for(self, blank: Blank, line: Line) -> list[str]:
        """Return two hints: the formula or the local derivatives; then the chain without the result."""
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

    def right(self, typed: str, blank: Blank) -> bool:
        """Return whether an answer is near enough; print that and count it."""
        try:
            answer = parse(typed.replace("−", "-")).data
        except (ExpressionError, DomainError):
            print("  a number is needed, such as -1.5 or 1/4")
            return False
        if blank.accepts(answer, self.tolerance):
            self.solved += 1
            print("  right")
            return True
        self.wrong += 1
        from viz.passes.exam.asked import said

        print(f"  {said(Marker(self.trace).mistake(blank.key, answer, self.tolerance))}")
        return False


def _typed(prompt: str) -> str:
    """Return a line of standard input, "" at its end; a line that is not typed is printed."""
    print(prompt, end="", flush=True)
    typed = sys.stdin.readline()
    if not sys.stdin.isatty():
        print(typed.strip())
    return typed


def _chain(line: Line, sides: int, *, more: bool = False) -> str:
    """Return a line with its first `sides` sides; `more` adds a ?."""
    return " = ".join([line.left, *lines.without_repeats(line.written()[:sides]), *["?"] * more])
