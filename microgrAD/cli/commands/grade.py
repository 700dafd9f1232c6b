"""`microgrAD grade`: mark the answers of a class.

`microgrAD exercise ... -o exam.pdf` for a class also writes exam.json, who has which numbers, and a table,
exam-answers.csv, into which answers are typed, a line for each student. An answer is a number, or an
expression such as 2*3. An answer that follows from a student's own earlier one is right, too; --follow says
how many points it has. Each answer gets its points and a reason, and the class a table. With -o, the points
are written as CSV, and the table of the class beside them.

  microgrAD grade exam-answers.csv
  microgrAD grade exam-answers.csv --follow 0.5 -o marks.csv
  microgrAD grade typed.csv --exam exam.json
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from microgrAD.cli.classroom import IDS, NAMES, as_csv
from microgrAD.cli.errors import Refusal, writing
from microgrAD.cli.inputs import path
from microgrAD.cli.tables import table
from microgrAD.errors import between
from microgrAD.explanation.exam.grading import Mark, grade, total
from microgrAD.explanation.exam.record import Exam, Paper, read
from microgrAD.explanation.writers import Text
from microgrAD.files import new_file, write_bytes

ENDING = "-answers"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the answers, the exam, and how to mark."""
    parser.add_argument("answers", metavar="ANSWERS.csv", type=path, help="a line for each student")
    parser.add_argument("--exam", metavar="FILE.json", type=path, help="by default that beside exam-answers.csv")
    parser.add_argument(
        "--follow", metavar="P", type=float, default=1.0, help="points of an answer that follows from a wrong one (1)"
    )
    parser.add_argument("-o", "--output", metavar="FILE.csv", type=path, help="the points and reasons")


def run(args: argparse.Namespace) -> int:
    """Print the marks and the table of the class, and write them."""
    follow = between(args.follow, "--follow", 0, 1)
    if args.output:
        new_file(args.output, [".csv"], "a table's")
    exam = read(_exam_of(args))
    marked = list(_marked(args.answers, exam, follow))
    for paper, marks in marked:
        print("\n".join(_told(paper, marks)))
    heads, rows = _class(exam, marked)
    print(f"\n{table(heads, rows)}")
    if args.output:
        contents = {
            args.output: as_csv(_rows(marked)),
            args.output.with_stem(f"{args.output.stem}-class"): as_csv([heads, *rows]),
        }
        for file, content in contents.items():
            with writing(file):
                write_bytes(file, content)
            print(f"wrote {file}")
    return 0


def _exam_of(args: argparse.Namespace) -> Path:
    if args.exam:
        return Path(args.exam)
    found = args.answers.with_name(f"{args.answers.stem.removesuffix(ENDING)}.json")
    if not args.answers.stem.endswith(ENDING) or not found.is_file():
        raise Refusal(f"there is no exam beside {str(args.answers)!r}; name it with --exam FILE.json")
    return Path(found)


# ---------------------------------------------------------------------------------------------- reading


def _marked(file: Path, exam: Exam, follow: float) -> Iterator[tuple[Paper, list[Mark]]]:
    """Yield the marks of each student of the table, in its order."""
    from microgrAD.datasets.delimited import read_cells

    papers = {paper.student.id: paper for paper in exam.papers}
    rows = list(read_cells(file).rows)
    heads = [cell.lower() for cell in rows[0][1]]
    place = next((k for k, head in enumerate(heads) if head in IDS), None)
    if place is None:
        raise Refusal(f"{file} needs a column {IDS[0]!r} in its first line, got {rows[0][1]}")
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        id = cells[place]
        if id not in papers:
            raise Refusal(f"{file}, line {line}: no paper of the exam has the id {id!r}; correct it")
        if id in seen:
            raise Refusal(f"{file}, line {line}: {id!r} is there already, in line {seen[id]}; keep one of them")
        seen[id] = line
        paper = papers[id]
        columns = {key: k for k, head in enumerate(rows[0][1]) if (key := _key(paper, head, file))}
        yield paper, grade(paper, {key: cells[k] for key, k in columns.items()}, follow=follow)


def _key(paper: Paper, head: str, file: Path) -> str:
    """Return the key of a column: its number on the sheet, or a name such as q, q.value or x.grad; "" for others."""
    if head.lower() in (*IDS, *NAMES):
        return ""
    if head.isdecimal() and int(head) >= 1:
        return paper.blanks[int(head) - 1].key if int(head) <= len(paper.blanks) else ""
    names = {f"{b.node.name}.{b.part.partition('.')[2]}": b.key for b in paper.blanks}
    names |= {
        b.node.name: b.key for b in reversed(paper.blanks) if f"{b.node.name}.value" not in names or "data" in b.key
    }
    if head not in names and not any(head.partition(".")[0] == b.node.name for b in paper.blanks):
        known = ", ".join(names)
        raise Refusal(f"{file}: a column is a number from 1 to {len(paper.blanks)}, or one of {known}; got {head!r}")
    return names.get(head, "")


# ---------------------------------------------------------------------------------------------- telling


def _told(paper: Paper, marks: Sequence[Mark]) -> Iterator[str]:
    """Yield a line for a student, and one for each answer that is not simply right."""
    yield f"{paper.student.said or paper.student.id}: {total(marks):g} of {len(marks)}"
    for k, mark in enumerate(marks, 1):
        if mark.reason != "right":
            yield f"  {k:>2}. {_name(paper, mark)} = {mark.typed or '-'}: {mark.points:g}, {reason(paper, mark)}"


def _name(paper: Paper, mark: Mark) -> str:
    from viz.passes.exam.asked import name

    return name(paper, mark.blank)


def reason(paper: Paper, mark: Mark) -> str:
    """Return why an answer has its points, in words."""
    from viz.passes.exam.asked import name, said

    writer = Text(paper.exam.digits)
    right = f"{writer.number(mark.blank.truth, '')} is right"
    if mark.reason == "right":
        return "right"
    if mark.reason == "follows":
        names = {blank.key: name(paper, blank) for blank in paper.blanks}
        return f"follows from the own {', '.join(names[key] for key in mark.own)}; {right}"
    if mark.reason == "wrong":
        words = said(mark.mistake).partition(": ")[2]
        return f"wrong: {words}; {right}" if words else f"wrong; {right}"
    return f"no answer; {right}" if mark.reason == "empty" else f"no number; {right}"


def _rows(marked: Sequence[tuple[Paper, Sequence[Mark]]]) -> list[list[str | float]]:
    rows: list[list[str | float]] = [["id", "name", "question", "asked", "answer", "right", "points", "reason"]]
    for paper, marks in marked:
        for k, m in enumerate(marks, 1):
            rows.append(
                [
                    paper.student.id,
                    paper.student.name,
                    k,
                    _name(paper, m),
                    m.typed,
                    m.blank.truth,
                    m.points,
                    reason(paper, m),
                ]
            )
    return rows


def _class(exam: Exam, marked: Sequence[tuple[Paper, Sequence[Mark]]]) -> tuple[list[str], list[list[str | float]]]:
    """Return the table of the class: the points of each student, and for each question the mean."""
    most = max(len(paper.blanks) for paper in exam.papers)
    given: Mapping[str, Sequence[Mark]] = {paper.student.id: marks for paper, marks in marked}
    heads = ["id", "name", *(str(k) for k in range(1, most + 1)), "points", "percent"]
    rows: list[list[str | float]] = []
    for paper in exam.papers:
        marks = given.get(paper.student.id)
        cells: list[str | float] = [m.points for m in marks] if marks else []
        cells += [""] * (most - len(cells))
        end: list[str | float] = [total(marks), round(100 * total(marks) / len(marks), 1)] if marks else ["absent", ""]
        rows.append([paper.student.id, paper.student.name, *cells, *end])
    if given:
        means: list[str | float] = []
        for k in range(most):
            points = [marks[k].points for marks in given.values() if k < len(marks)]
            means.append(round(sum(points) / len(points), 3) if points else "")
        shares = [total(marks) / len(marks) for marks in given.values()]
        points = [total(marks) for marks in given.values()]
        rows.append(
            ["mean", "", *means, round(sum(points) / len(points), 3), round(100 * sum(shares) / len(shares), 1)]
        )
    return heads, rows
