"""An exam for a class: reads what its arguments ask for, and writes its sheets and quizzes."""

from __future__ import annotations

import argparse
import csv
import io
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from microgrAD.cli.choices import digits, made
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import given, path
from microgrAD.errors import one_of
from microgrAD.explanation.exam.draws import Variant, variants
from microgrAD.explanation.exam.record import KIND, Exam, Student
from microgrAD.explanation.exam.rules import Rule, rule
from microgrAD.files import in_folder, json_text, new_file, write_bytes
from microgrAD.steps import naming

SHEETS = [".pdf", ".html", ".tex"]
IDS = ("id", "student", "student id", "number", "matricola", "username")
NAMES = ("name", "full name", "student name", "nome")
KINDS = {"moodle": ("cloze", "numerical", "choice"), "qti": ("numerical", "choice")}
MOST = 2000  # the most papers


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `write` reads."""
    group = parser.add_argument_group("for a class, with NAME=RULE in place of NAME=VALUE")
    group.add_argument("--variants", metavar="N", type=int, help="so many different sheets; one for each student")
    group.add_argument("--seed", metavar="N", type=int, default=0, help="chooses the numbers (0)")
    group.add_argument("--also", metavar="EXPRESSION", action="append", help="another expression; sheets take turns")
    group.add_argument("--students", metavar="FILE.csv", type=path, help="ids and names, a line each")
    group.add_argument("--title", metavar="TEXT", help="the title of sheets and quizzes")
    group.add_argument("--moodle", metavar="FILE.xml", type=path, help="a quiz for Moodle")
    group.add_argument("--qti", metavar="FILE.zip", type=path, help="a quiz for Canvas, in QTI 1.2")
    group.add_argument(
        "--ask",
        metavar="KIND",
        nargs="+",
        help="the questions of a quiz: cloze (for Moodle), numerical, choice (which gradient is right?)",
    )


def asked_for(args: argparse.Namespace) -> bool:
    """Return whether the arguments ask for an exam."""
    return any(x is not None for x in (args.variants, args.students, args.also, args.moodle, args.qti))


def write(args: argparse.Namespace, blanks: Sequence[str] | None) -> list[Path]:
    """Write the sheets, their keys, the record and the table for answers, and the quizzes; all of them or none.

    Arguments:
        args: the arguments.
        blanks: the names of what is asked for; None for everything.
    """
    _check(args)
    exam = _exam(args, blanks)
    contents: dict[Path, bytes] = {}
    if args.output:
        from viz.passes.exam.sheets import sheets

        contents |= sheets(exam, **made(args)).contents(args.output)
        contents[args.output.with_suffix(".json")] = json_text(KIND, exam.content()).encode()
        contents[_answers_file(args.output)] = _table_for_answers(exam)
    if args.moodle:
        from viz.passes.exam import moodle

        contents[args.moodle] = moodle.write(exam, _kinds(args, "moodle"), **made(args))
    if args.qti:
        from viz.passes.exam import qti

        contents[args.qti] = qti.write(exam, _kinds(args, "qti"), **made(args))
    for file, content in contents.items():
        with writing(file):
            write_bytes(file, content)
    return list(contents)


def _check(args: argparse.Namespace) -> None:
    """Raise Refusal for arguments that don't fit, before anything is drawn."""
    if args.train is not None or args.lock:
        raise Refusal("sheets for a class ask for one pass, on paper; leave out --train and --lock")
    if args.lang and (args.moodle or args.qti):
        raise Refusal("quizzes are in English, and --lang is for sheets; write the sheets by a command of their own")
    if not (args.output or args.moodle or args.qti):
        raise Refusal(f"an exam needs a file: -o with one of {SHEETS}, --moodle quiz.xml, or --qti canvas.zip")
    for file, endings, whose in (
        (args.output, SHEETS, "the name of sheets for a class: its"),
        (args.moodle, [".xml"], "a Moodle quiz's"),
        (args.qti, [".zip"], "a QTI quiz's"),
    ):
        if file:
            with writing(file):
                in_folder(new_file(file, endings, whose))
    if args.output and (answers := _answers_file(args.output)).is_file() and _has_answers(answers):
        raise Refusal(
            f"{str(answers)!r} holds answers already, which this would erase; move it away, or name another -o"
        )
    if args.variants is not None and not 1 <= args.variants <= MOST:
        raise Refusal(f"--variants must be from 1 to {MOST}, got {args.variants}")
    for name in ("moodle", "qti"):
        if getattr(args, name):
            _kinds(args, name)


def _kinds(args: argparse.Namespace, platform: str) -> Any:
    """Return what a quiz asks: the kinds that its platform has. By default the first of them."""
    for kind in args.ask or []:
        one_of(kind, "--ask", KINDS["moodle"])
    found = tuple(kind for kind in KINDS[platform] if kind in (args.ask or KINDS[platform][:1]))
    if not found:
        raise Refusal(f"--ask for --{platform} takes {' or '.join(KINDS[platform])}, got {' '.join(args.ask)}")
    return found


def _exam(args: argparse.Namespace, blanks: Sequence[str] | None) -> Exam:
    expressions = [args.expression.strip(), *(text.strip() for text in args.also or [])]
    students = read_students(args.students) if args.students else []
    count = args.variants or len(students) or len(expressions)
    found = variants(
        expressions,
        rules(args.values),
        count,
        seed=args.seed,
        blanks=True if blanks is None else list(blanks),
        digits=digits(args),
        gradient=args.gradient,
    )
    free = (str(k) for k in itertools.count(len(students) + 1) if str(k) not in {s.id for s in students})
    spare = [Student(id, "") for id in itertools.islice(free, max(count - len(students), 0))]
    dealt: list[tuple[Student, Variant]] = [(s, found[k % count]) for k, s in enumerate([*students, *spare])]
    title = args.title or _title(found[0], args.lang)
    tolerance = args.tolerance if args.tolerance is not None else 0.0
    return Exam(title, dealt, blanks, digits(args), tolerance, args.gradient)


def _title(variant: Variant, lang: str | None) -> str:
    from viz.web.words import Words

    return Words(lang or "en", "told")("sheet", root=naming.plain(variant.trace().root.name))


def rules(pairs: Sequence[str]) -> dict[str, Rule]:
    """Return the rules of several NAME=RULE, by name."""
    found: dict[str, Rule] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip()
        if not sign or ".." not in text and "," not in text:
            text = f"{given([pair])[name]:.17g}"  # a number, or an expression of numbers
        if name in found:
            raise Refusal(f"{name!r} is given twice; give it once")
        try:
            found[name] = rule(text)
        except ValueError as error:
            raise Refusal(f"the rule of {name!r}: {error}") from None
    return found


# ---------------------------------------------------------------------------------------------- the class list


def read_students(file: Path) -> list[Student]:
    """Return the students of a table: with a header the columns id and name, otherwise the name, or id and name."""
    from microgrAD.datasets.delimited import read_cells

    rows = list(read_cells(file).rows)
    heads = [cell.lower() for cell in rows[0][1]]
    named = [k for k, head in enumerate(heads) if head in NAMES]
    ids = [k for k, head in enumerate(heads) if head in IDS]
    if named or ids:
        rows = rows[1:]
    else:
        ids, named = ([0], [1]) if len(heads) > 1 else ([], [0])
    found: dict[str, tuple[int, Student]] = {}
    for line, cells in rows:
        name = cells[named[0]] if named else ""
        id = cells[ids[0]] if ids else name
        if not id:
            raise Refusal(f"{file}, line {line}: a student needs an id or a name; fill it in")
        if id in found:
            raise Refusal(
                f"{file}, line {line}: {id!r} is there already, in line {found[id][0]}; give each an id of its own"
            )
        found[id] = line, Student(id, name or id)
    if not found:
        raise Refusal(f"{file} names no student; write a line for each, with an id and a name")
    return [student for _, student in found.values()]


def _table_for_answers(exam: Exam) -> bytes:
    """Return the table into which answers are typed."""
    most = max(len(paper.blanks) for paper in exam.papers)
    rows = [["id", "name", *range(1, most + 1)]]
    rows += [[p.student.id, p.student.name, *[""] * most] for p in exam.papers]
    return as_csv(rows)


def _answers_file(output: Path) -> Path:
    return output.with_name(f"{output.stem}-answers.csv")


def _has_answers(file: Path) -> bool:
    """Return whether somebody has typed into a table for answers; so also if it is another file."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        rows = list(csv.reader(lines))
    return rows[:1] != [] and (rows[0][:2] != ["id", "name"] or any(any(row[2:]) for row in rows[1:]))


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a table as CSV, which spreadsheets read as UTF-8. A text that they would compute gets a ' before it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "@", "+", "\t") else cell for cell in row]
        for row in rows
    )
    return text.getvalue().encode("utf-8-sig")
