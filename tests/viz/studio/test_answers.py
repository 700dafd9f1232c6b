"""What the studio's page asks, answered by Python here."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from pptx import Presentation

import viz
from microgrAD import parse
from viz.studio.answers import KINDS, answer
from viz.studio.sources import LENGTH


def asked(ask: str, text: str, **more: Any) -> Any:
    return json.loads(answer(json.dumps({"ask": ask, "text": text, "values": {}, "target": "numpy", **more})))


def test_an_input_without_a_value_is_1() -> None:
    found = asked("table", "x * y", values={"y": 3.0, "gone": 2.0})
    assert found["inputs"] == {"x": 1.0, "y": 3.0}
    first = found["rows"][0]
    assert (first["name"], first["value"], first["gradient"]) == ("x", "1", "3")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_every_kind_answers(kind: str) -> None:
    found = asked(kind, "q = x + y; f = tanh(q * z)")
    assert "error" not in found and any(found[key] for key in ("svg", "rows", "text", "page") if key in found)


def test_the_picture_is_that_of_draw() -> None:
    root = parse("(x + y) * z", x=1, y=2, z=2)
    root.backward()
    assert asked("picture", "(x + y) * z", values={"x": 1, "y": 2, "z": 2})["svg"] == viz.draw(root).svg


def test_the_lesson_and_the_exercise_are_those_of_page() -> None:
    root = parse("x * y", x=1, y=1)
    assert asked("lesson", "x * y")["page"] == str(viz.page(root))
    assert asked("exercise", "x * y")["page"] == str(viz.page(root, exercise=True))


def test_the_code_computes_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked("code", "x * y + x", values={"x": 2, "y": 5})["text"]
    exec(found, {"__name__": "__main__"})
    assert ["f = 12.0" in (said := capsys.readouterr().out), "6.0" in said, "2.0" in said] == [True] * 3


@pytest.mark.parametrize("ending", ["svg", "tex", "dot", "drawio", "mmd", "pptx"])
def test_pictures_as_files(ending: str) -> None:
    found = asked("file", "(x + y) * z", file=f"graph.{ending}")
    assert found["name"] == f"graph.{ending}" and len(base64.b64decode(found["bytes"])) > 100


def test_a_slide_has_the_boxes() -> None:
    deck = Presentation(io.BytesIO(base64.b64decode(asked("file", "x * y", file="graph.pptx")["bytes"])))
    assert {"!!n0", "!!n1", "!!n2"} <= {shape.name for shape in deck.slides[0].shapes}


def test_a_worksheet_hides_what_its_key_tells() -> None:
    text, values = "x * y", {"x": 37, "y": 11}
    sheet, key = (
        base64.b64decode(asked("file", text, values=values, file=file)["bytes"]).decode()
        for file in ("worksheet.html", "worksheet-key.html")
    )
    assert "407" in key and "407" not in sheet


def test_a_program_that_went_back_itself_shows_the_gradients_of_one_pass() -> None:
    text = "x = Value(2.0)\ny = x * 3\nz = y * y\ny.backward()\ny.backward()\nx.grad = 100\nz"
    rows = asked("table", text, python=True)["rows"]
    assert [(row["name"], row["gradient"]) for row in rows] == [("x", "36"), ("y", "12"), ("z", "1")]


def test_an_expression_that_has_no_value_there_has_its_inputs() -> None:
    found = asked("picture", "sqrt(x - y)", values={"x": 1, "y": 3})
    assert found["inputs"] == {"x": 1.0, "y": 3.0} and "sqrt" in found["error"]


@pytest.mark.parametrize("text", ["x = Value(2.0)", "import math", "for k in x", "print(x)"])
def test_a_program_among_expressions_is_told_where_to_go(text: str) -> None:
    assert asked("picture", text)["error"].endswith("This looks like a program. Press Python above the text.")


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("a + * b", "column 5", 4),
        ("log(x - 1)", "log", 0),
        ("", "empty", None),
        ("x + " * LENGTH, "at most 5,000 characters", None),
    ],
)
def test_errors_point_at_their_place(text: str, said: str, position: int | None) -> None:
    found = asked("picture", text)
    assert said in found["error"]
    assert position is None or position == found["position"] or "^" in found["error"]
