"""Sheets and quizzes of a class: each file is read back question by question, by a reader that is written here.

Moodle's is after https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type and .../Moodle_XML_format, Canvas's
after QTI 1.2's binding.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from playwright.sync_api import Page

from microgrAD import parse
from microgrAD.cli import main
from microgrAD.explanation.exam.draws import variants
from microgrAD.explanation.exam.record import Exam, Student
from microgrAD.explanation.exam.rules import rule
from microgrAD.explanation.marking import Marker, truths
from microgrAD.steps import steps
from viz.passes.exam import moodle, qti
from viz.passes.exam.asked import asked
from viz.web import javascript
from viz.web.shell import asset

TEXTS = ["q = x + y; f = q * z", "n = x*z + y; f = tanh(n)", "r = x / z; f = r * y"]


@pytest.fixture(scope="module")
def exam() -> Exam:
    rules = {"x": rule("-3..3 not 0"), "y": rule("-2..2 step 1/2 not 0"), "z": rule("2,4,5")}
    found = variants(TEXTS, rules, 6, seed=7)
    return Exam("June/A", [(Student(str(k), "Ada {1:SA:=x}"), v) for k, v in enumerate(found)])


class Answer(NamedTuple):
    number: float | None
    margin: float
    share: float
    feedback: str


def cloze(text: str) -> Iterator[list[Answer]]:
    """The fields of a cloze text, as Moodle's importer takes them apart."""
    for field in re.findall(r"\{1:NUMERICAL:((?:\\.|[^}\\])*)\}", text):
        answers = []
        for part in re.split(r"(?<!\\)~", field):
            answer, _, feedback = re.split(r"(?<!\\)(#)", part, maxsplit=1)
            share, body = (
                (100.0, answer[1:])
                if answer[0] == "="
                else (float(answer[1 : answer.index("%", 1)]), answer.split("%")[2])
            )
            number, _, margin = body.partition(":")
            answers.append(
                Answer(
                    None if number == "*" else float(number),
                    float(margin or 0),
                    share,
                    unescape(re.sub(r"\\(.)", r"\1", feedback)),
                )
            )
        yield answers


def marked(answers: list[Answer], typed: float) -> Answer:
    """The first answer that fits, as Moodle takes it."""
    return next(a for a in answers if a.number is None or abs(a.number - typed) <= a.margin)


def png_size(content: bytes) -> tuple[int, int]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def words(element: Element, path: str) -> str:
    found = element.find(path)
    assert found is not None
    return found.text or ""


def check(exam: Exam, k: int, fields: list[list[Answer]]) -> None:
    """The right number is right, one beyond its margin is not, and each usual mistake is told apart."""
    paper = exam.papers[k]
    numbers = truths(paper.trace)
    assert len(fields) == len(paper.blanks)
    for blank, one, answers in zip(paper.blanks, asked(paper), fields, strict=True):
        for typed in (blank.truth, float(f"{blank.truth:.4g}")):
            assert marked(answers, typed).share == 100
        assert marked(answers, numbers[blank.key] * 1.01 + 1e-3).share == 0
        assert marked(answers, 12345.0).feedback == "not yet"
        for wrong in one.wrong:
            assert marked(answers, wrong.answer)[2:] == (0, wrong.said)
        if abs(blank.truth) > 0.01:
            assert "sign" in marked(answers, -blank.truth).feedback


def test_moodles_quiz_reads_back(exam: Exam) -> None:
    root = ElementTree.fromstring(moodle.write(exam, ("cloze", "numerical", "choice")))
    category, *questions = root
    assert words(category, "category/text") == "$course$/top/June//A"
    by_kind = {kind: [q for q in questions if q.get("type") == kind] for kind in ("cloze", "numerical", "multichoice")}
    assert [len(found) for found in by_kind.values()] == [6, sum(len(p.blanks) for p in exam.papers), 6]
    assert len({words(q, "name/text") for q in questions}) == len(questions)
    for question in questions:
        assert 'src="@@PLUGINFILE@@/graph.png"' in words(question, "questiontext/text")
        assert png_size(base64.b64decode(words(question, "questiontext/file")))[0] > 1000
    for k, question in enumerate(by_kind["cloze"]):
        text = words(question, "questiontext/text")
        check(exam, k, list(cloze(text)))
        assert not re.search(r"[{}]", re.sub(r"\{1:NUMERICAL:((?:\\.|[^}\\])*)\}", "", text)), "no other braces"
    rest = iter(by_kind["numerical"])
    for k, paper in enumerate(exam.papers):
        fields = [
            [
                Answer(
                    None if words(a, "text") == "*" else float(words(a, "text")),
                    float(words(a, "tolerance")),
                    float(a.get("fraction", "")),
                    words(a, "feedback/text"),
                )
                for a in next(rest).findall("answer")
            ]
            for _ in paper.blanks
        ]
        check(exam, k, fields)
    for question, paper in zip(by_kind["multichoice"], exam.papers, strict=True):
        answers = {words(a, "text"): a.get("fraction") for a in question.findall("answer")}
        assert len(answers) >= 3 and sorted(answers.values(), key=str).count("100") == 1
        right = float(next(text for text, share in answers.items() if share == "100").replace("−", "-"))
        assert any(abs(right - x) <= 5e-4 * abs(x) for x in paper.trace.derivatives.values())


def test_canvas_quiz_reads_back(exam: Exam) -> None:
    with zipfile.ZipFile(io.BytesIO(qti.write(exam, ("numerical", "choice")))) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        files = {f.get("href", "") for f in manifest.iter() if f.tag.endswith("}file")}
        assert files | {"imsmanifest.xml"} == set(archive.namelist()), "the manifest lists what is there"
        test = next(name for name in files if name.endswith(".xml"))
        root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]+"', b"", archive.read(test)))
        for name in files - {test}:
            assert png_size(archive.read(name))[0] > 1000
    groups = root.findall("assessment/section/section")
    assert all(words(g, "selection_ordering/selection/selection_number") == "1" for g in groups)
    items = {item.get("ident", ""): item for item in root.iter("item")}
    assert len(items) == sum(len(p.blanks) for p in exam.papers) + 6
    for item in items.values():
        (image,) = re.findall(r'src="%24IMS-CC-FILEBASE%24/([^"]+)"', words(item, "presentation/material/mattext"))
        assert image in files
        linked = {d.get("linkrefid") for d in item.iter("displayfeedback")}
        assert linked == {f.get("ident") for f in item.findall("itemfeedback")}
    for number, paper in enumerate(exam.papers, 1):
        for blank in paper.blanks:
            item = next(item for ident, item in items.items() if ident.endswith(f"-{number}-{blank.key}"))
            least, most = (float(words(item, f".//{bound}")) for bound in ("vargte", "varlte"))
            assert least <= blank.truth <= most and most - least < 0.02 * abs(blank.truth) + 1e-6
        item = next(item for ident, item in items.items() if ident.endswith(f"-{number}-choice"))
        right = item.findall("resprocessing/respcondition")[-1]
        labels = {x.get("ident"): words(x, "material/mattext") for x in item.iter("response_label")}
        chosen = float(labels[words(right, "conditionvar/varequal")].replace("−", "-"))
        assert any(abs(chosen - x) <= 5e-4 * abs(x) for x in paper.trace.derivatives.values())


def test_a_class_from_its_list_to_its_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roll, out = tmp_path / "class.csv", tmp_path / "exam.pdf"
    roll.write_text("id;name\n7;Ada Lovelace\n9;Ольга\n", "utf-8")
    command = ["exercise", TEXTS[0], "x=1..4", "y=1..4", "z=2", "--students", str(roll), "-o", str(out)]
    assert main(command) == 0
    table = tmp_path / "exam-answers.csv"
    assert {p.name for p in tmp_path.iterdir()} == {
        "class.csv",
        "exam.pdf",
        "exam-key.pdf",
        "exam.json",
        "exam-answers.csv",
    }
    assert table.read_text("utf-8-sig").splitlines() == ["id,name,1,2,3,4,5,6", "7,Ada Lovelace,,,,,,", "9,Ольга,,,,,,"]
    table.write_text("id,q,f.value\n7,100,=1\n", "utf-8")
    capsys.readouterr()
    assert main(["grade", str(table), "-o", str(tmp_path / "marks.csv")]) == 0
    said = capsys.readouterr().out
    assert "Ada Lovelace (7): 0 of 6" in said and "absent" in said
    assert ",'=1," in (tmp_path / "marks.csv").read_text("utf-8-sig")
    assert main(command) == 2
    assert "holds answers already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--variants", "2", "-o", "e.doc"], "must end in one of ['.pdf', '.html', '.tex'], got 'e.doc'"),
        (["--variants", "2"], "an exam needs a file"),
        (["--variants", "0", "-o", "e.pdf"], "--variants must be from 1 to 2000, got 0"),
        (["--students", "twice.csv", "-o", "e.pdf"], "twice.csv, line 3: '1' is there already, in line 2"),
        (["--qti", "no/where.zip"], "there is no folder 'no'"),
        (["--qti", "q.zip", "--ask", "cloze"], "--ask for --qti takes numerical or choice, got cloze"),
        (["--moodle", "q.xml", "--ask", "essay"], "--ask must be one of ['cloze', 'numerical', 'choice'], got 'essay'"),
        (["--variants", "500", "-o", "e.pdf"], "loosen the rule of 'x', '1..2', or take fewer"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("twice.csv").write_text("id,name\n1,A\n1,B\n", "utf-8")
    assert main(["exercise", "x * y", "x=1..2", "y=1..3", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["twice.csv"]


MARKED = """([trace, script]) => new Function("trace", "digits", `${script}
  const run = replay(trace, {}), marker = new Marker(0.01), found = {};
  for (const node of trace.nodes) {
    for (const field of node.op ? ["data", "derivative"] : ["derivative"]) {
      const key = node.id + "." + field, truth = marker.truth(key, run);
      const known = field === "data" ? marker.mistakenValues(node.id, run) : marker.mistakenDerivatives(node.id, run);
      found[key] = [["sign", -truth], ...known].filter(([, x]) => Number.isFinite(x)).map(([name, x]) => [name, x]);
    }
  }
  return found;`)(trace, 4)"""


@pytest.mark.parametrize(
    "text",
    [
        "c = a + b; d = a * b; y = (c + d) + c * d",
        "n = a * b + 0.5; o = sigmoid(n); y = o / b",
        "s = sum(a, b, 2 * a); y = tanh(s) * a ** 2 - relu(b)",
    ],
)
def test_pages_and_python_know_the_same_mistakes(text: str, page: Page) -> None:
    trace = steps(parse(text, a=0.75, b=-1.5))
    names = sorted({v.op for v in trace.variables.values() if v.op})
    script = javascript.source(sorted({*names, *javascript.called(names)})) + javascript.textbook(names)
    script += asset("passes/lesson/slots.js") + asset("passes/lesson/marking.js")
    theirs = page.evaluate(MARKED, [trace.as_dict(), script])
    marker = Marker(trace)
    for key, found in theirs.items():
        wrong = [(name, x) for name, x in found if abs(x - marker.follows(key)) > 1e-9 * max(1, abs(x))]
        ours = marker.mistakes(key)
        assert [m.key for m in ours] == [name for name, _ in wrong], key
        assert [m.answer for m in ours] == pytest.approx([x for _, x in wrong], rel=1e-9, abs=1e-12)
    assert sum(map(len, theirs.values())) > 30
