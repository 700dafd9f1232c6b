"""What the studio's page asks, answered by Python here."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

import viz
from microgrAD import parse
from viz.studio.answers import KINDS, LENGTH, answer, inputs


def asked(ask: str, text: str, **more: Any) -> Any:
    return json.loads(answer(json.dumps({"ask": ask, "text": text, "values": {}, **more})))


def test_inputs_are_the_names_without_a_value() -> None:
    assert inputs("q = x + y; f = q * pi * x") == ["x", "y"]


def test_an_input_without_a_value_is_1() -> None:
    found = asked("table", "x * y", values={"y": 3.0, "gone": 2.0})
    assert found["inputs"] == {"x": 1.0, "y": 3.0}
    first = found["rows"][0]
    assert (first["name"], first["value"], first["gradient"]) == ("x", "1.0", "3.0")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_every_kind_answers(kind: str) -> None:
    found = asked(kind, "q = x + y; f = tanh(q * z)")
    assert "error" not in found and any(found[key] for key in ("svg", "rows", "text") if key in found)


def test_the_picture_is_that_of_draw() -> None:
    root = parse("(x + y) * z", x=1, y=2, z=2)
    root.backward()
    assert asked("picture", "(x + y) * z", values={"x": 1, "y": 2, "z": 2})["svg"] == viz.draw(root).svg


@pytest.mark.parametrize("ending", [".svg", ".tex", ".dot", ".drawio", ".mmd", ".html"])
def test_files(ending: str) -> None:
    found = asked("file", "(x + y) * z", ending=ending)
    assert found["name"] == f"graph{ending}" and len(base64.b64decode(found["bytes"])) > 100


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
