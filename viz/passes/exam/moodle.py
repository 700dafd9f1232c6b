"""A quiz in Moodle's XML: https://docs.moodle.org/en/Moodle_XML_format and .../Embedded_Answers_(Cloze)_question_type.

Each variant is a cloze question, or a numerical question for each number, or a multiple choice of one gradient.
Pictures are embedded. In numerical answers the first that fits counts; so the right one stands first.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from microgrAD.explanation.exam.record import Exam, Paper
from viz.passes.exam.asked import (
    Asked,
    alternative,
    asked,
    choice,
    different,
    exact,
    introduction,
    safe,
    said,
    wide,
)
from viz.passes.exam.sheets import picture

Kind = Literal["cloze", "numerical", "choice"]
_SPECIAL = re.compile(r"([~}#\\])")


def write(exam: Exam, kinds: tuple[Kind, ...] = ("cloze",), **options: Any) -> bytes:
    """Return the quiz. `kinds`: what each variant becomes; `options`: those of `worksheet` about the look of pictures.

    Raises: ValueError if "choice" is asked for, and no gradient has enough usual mistakes.
    """
    quiz = Element("quiz")
    category = SubElement(SubElement(quiz, "question", type="category"), "category")
    _words(category, exam.title.replace("/", "//"), prefix="$course$/top/")
    made = 0
    for number, paper in different(exam):
        graph = picture(paper, **options) if {"cloze", "numerical"} & set(kinds) else b""
        for kind in kinds:
            for question in WRITERS[kind](number, paper, graph, options):
                quiz.append(question)
                made += 1
    if not made:
        raise ValueError("no gradient of this exam has enough usual mistakes for a choice; take cloze or numerical")
    ElementTree.indent(quiz)
    text: bytes = ElementTree.tostring(quiz, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"


def _cloze(number: int, paper: Paper, graph: bytes, _: Any) -> Iterator[Element]:
    """Yield one question with a field for each number."""
    question = _question("cloze", f"{paper.exam.title} {number:03}")
    rows = "\n".join(f"<li>{safe(one.name)} = {_field(one)}</li>" for one in asked(paper))
    _body(question, f"{introduction(paper)}\n{_image(paper)}\n<ol>\n{rows}\n</ol>", graph)
    _general(question)
    yield question


def _field(one: Asked) -> str:
    """Return the field of a number, with its answers and what is said about them."""
    answers = [f"={exact(one.truth)}:{wide(one.margin)}#{_feedback('right')}"]
    answers += [f"%0%{exact(w.answer)}:{wide(w.margin)}#{_feedback(w.said)}" for w in one.wrong]
    return f"{{1:NUMERICAL:{'~'.join([*answers, f'%0%*#{_feedback(said(None))}'])}}}"


def _feedback(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", escape(words, quote=False))


def _numerical(number: int, paper: Paper, graph: bytes, _: Any) -> Iterator[Element]:
    """Yield a question for each number."""
    for k, one in enumerate(asked(paper), 1):
        question = _question("numerical", f"{paper.exam.title} {number:03}-{k:02}")
        _body(question, f"{introduction(paper)}\n{_image(paper)}\n<p>{safe(one.name)} = ?</p>", graph)
        _general(question)
        _answer(question, exact(one.truth), 100, "right", tolerance=wide(one.margin))
        for w in one.wrong:
            _answer(question, exact(w.answer), 0, w.said, tolerance=wide(w.margin))
        _answer(question, "*", 0, said(None), tolerance="0")
        yield question


def _choice(number: int, paper: Paper, _: bytes, options: dict[str, Any]) -> Iterator[Element]:
    """Yield the question which gradient is right, if there are enough wrong ones."""
    if (made := choice(paper)) is None:
        return
    question = _question("multichoice", f"{paper.exam.title} {number:03} choice")
    text = f"{introduction(paper)}\n{_image(paper)}\n<p>Which gradient is right: {safe(made.name)} = ?</p>"
    _body(question, text, picture(paper, blanks=[made.blank], **options))
    _general(question)
    for tag, value in {"single": "true", "shuffleanswers": "true", "answernumbering": "abc"}.items():
        SubElement(question, tag).text = value
    _answer(question, made.right, 100, "right", format="html")
    for written, words in made.wrong:
        _answer(question, written, 0, words, format="html")
    yield question


WRITERS: dict[Kind, Callable[[int, Paper, bytes, dict[str, Any]], Iterator[Element]]] = {
    "cloze": _cloze,
    "numerical": _numerical,
    "choice": _choice,
}


# ---------------------------------------------------------------------------------------------- elements


def _question(kind: str, name: str) -> Element:
    question = Element("question", type=kind)
    _words(SubElement(question, "name"), name)
    return question


def _words(parent: Element, text: str, *, prefix: str = "") -> None:
    SubElement(parent, "text").text = prefix + text


def _body(question: Element, html: str, graph: bytes) -> None:
    body = SubElement(question, "questiontext", format="html")
    _words(body, html)
    file = SubElement(body, "file", name="graph.png", path="/", encoding="base64")
    file.text = base64.b64encode(graph).decode()


def _image(paper: Paper) -> str:
    said = safe(alternative(paper))
    return f'<p><img src="@@PLUGINFILE@@/graph.png" alt="{said}" style="max-width: 100%"></p>'


def _general(question: Element) -> None:
    _words(SubElement(question, "generalfeedback", format="html"), "")
    SubElement(question, "penalty").text = "0.3333333"
    SubElement(question, "hidden").text = "0"


def _answer(
    question: Element, text: str, fraction: int, words: str, *, tolerance: str = "", format: str = "moodle_auto_format"
) -> None:
    answer = SubElement(question, "answer", fraction=str(fraction), format=format)
    _words(answer, text)
    _words(SubElement(answer, "feedback", format="html"), escape(words, quote=False))
    if tolerance:
        SubElement(answer, "tolerance").text = tolerance
