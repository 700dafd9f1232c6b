"""Worksheets: what the sheet leaves open, and what its key says, on paper and in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lessons import HOSTILE, circuit, fan_out, neuron
from playwright.sync_api import Page

import viz
from microgrAD import Value
from microgrAD.explanation.blanks import chosen
from microgrAD.steps import steps
from viz import fonts
from viz.passes.worksheet import paper
from viz.passes.worksheet.sheet import LINE, Sheet
from viz.scene import Rectangle, Scene, Text
from viz.style import PRINT, number


def texts(scene: Scene, role: str = "") -> list[str]:
    return [
        shape.text
        for group in scene.groups
        for part in group.parts
        if part.visible and role in ("", part.role)
        for shape in part.shapes
        if isinstance(shape, Text)
    ]


def test_the_sheet_asks_and_the_key_answers() -> None:
    sheet = Sheet.of(neuron(), True, "")
    trace = steps(neuron())
    asked, told = sheet.picture(key=False), sheet.picture(key=True)
    assert texts(asked, "value").count(LINE) == 5
    assert texts(asked, "grad").count(LINE) == 9
    assert texts(asked, "local") == [], "a wire does not tell what is asked for"
    assert texts(told, "value") == [number(v.data) for v in trace.variables.values()]
    assert texts(told, "grad") == [number(g) for g in trace.derivatives.values()]
    assert len(texts(told, "local")) == 9


@pytest.mark.parametrize("digits", [2, 4])
@pytest.mark.parametrize("root", [circuit, fan_out])
def test_the_lines_to_write_on_stay_within_their_boxes(root: Callable[[], Value], digits: int) -> None:
    parts = {
        part.id: part
        for group in Sheet.of(root(), True, "", digits=digits).picture(key=False).groups
        for part in group.parts
    }
    lines = [
        (id, shape)
        for id, part in parts.items()
        for shape in part.shapes
        if isinstance(shape, Text) and shape.text == LINE
    ]
    assert len(lines) > 5
    for id, line in lines:
        box = next(shape for shape in parts[f"{id.partition('.')[0]}.box"].shapes if isinstance(shape, Rectangle))
        assert line.anchor == "start"
        assert line.x + fonts.width(LINE, line.size, line.bold) < box.x + box.width


def test_what_is_not_asked_for_is_given() -> None:
    picture = Sheet.of(fan_out(), ["c.value", "a.grad"], "").picture(key=False)
    assert texts(picture, "value") == ["2", "3", LINE, "6", "11", "30", "41"]
    assert texts(picture, "grad") == [LINE, "19", "7", "6", "1", "1", "1"]
    assert len(texts(picture, "local")) == 10 - 2


def test_pages_hold_every_question_and_every_answer() -> None:
    sheet = Sheet.of(neuron(), True, "")
    asked = [text for scene in paper._pages(sheet, False) for text in texts(scene, "text")]
    assert [text for text in asked if text.endswith(" =")] == [
        "v1 =",
        "v2 =",
        "v3 =",
        "n =",
        "o =",
        "∂o/∂n =",
        "∂o/∂v3 =",
        "∂o/∂b =",
        "∂o/∂v1 =",
        "∂o/∂v2 =",
        "∂o/∂x1 =",
        "∂o/∂w1 =",
        "∂o/∂x2 =",
        "∂o/∂w2 =",
    ]
    told = [text for scene in paper._pages(sheet, True) for text in texts(scene, "text")]
    assert "∂o/∂x1  = ∂o/∂v1 · ∂v1/∂x1  = 0.5 · w1  = 0.5 · (−3)  = −1.5" in told
    assert len([text for text in told if "  = " in text]) == 14


def test_long_names_leave_room_for_what_is_asked_and_no_answer_is_cut() -> None:
    root = circuit() * Value(2.0, label="another label of many words") + circuit() ** 2 + Value(3.0, label="x")
    root.label = "a label of the result that is very long"
    sheet = Sheet.of(root, True, "")
    asked = [text for scene in paper._pages(sheet, False) for text in texts(scene, "text") if text.endswith(" =")]
    assert len(set(asked)) == len(asked) == len(sheet.blanks), "no two questions look alike"
    assert sum("/∂(another l…ords) =" in text for text in asked) == 1
    told = [text for scene in paper._pages(sheet, True) for text in texts(scene, "text") if "  = " in text]
    assert [text.rpartition(" = ")[2] for text in told] == [number(blank.truth) for blank in sheet.blanks]


def test_a_long_answer_goes_on_in_further_rows() -> None:
    x = Value(1.2345, label="x")
    sheet = Sheet.of(x**2 + x**3 + x**4 + x**5 + x**6, ["x"], "")
    rows = [row.pieces[0] for row in paper._answers(sheet, sheet.digits)]
    assert len(rows) > 1 and rows[0][1].startswith("∂f/∂x  = ") and rows[-1][1].endswith("  = 43.38")
    assert all(at + fonts.width(text, paper.TYPE) <= paper.WIDE - paper.MARGIN for at, text, _ in rows)


def test_a_shrunken_line_is_not_cut() -> None:
    for text in ("=" * 107, "0.1234567 · x + " * 8, "W" * 77):
        row = paper._placed(paper._Row(((paper.MARGIN, text, 0.0),)), 100, PRINT)
        assert [shape.text for shape in row.parts[0].shapes if isinstance(shape, Text)] == [text]


def test_nothing_leaves_the_paper() -> None:
    for key in (False, True):
        for scene in paper._pages(Sheet.of(fan_out(), True, "a long title " * 20, lang="it", student="Ada"), key):
            for group in scene.groups:
                for part in group.parts:
                    for shape in part.shapes:
                        if isinstance(shape, Text):
                            from viz import fonts

                            wide = fonts.width(shape.text, shape.size, shape.bold)
                            left = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * wide
                            assert left >= 0 and left + wide <= scene.width and 0 < shape.y < scene.height


def test_pdf(tmp_path: Path) -> None:
    sheet, key = viz.worksheet(neuron()).save(tmp_path / "sheet.pdf")
    assert (sheet.name, key.name) == ("sheet.pdf", "sheet-key.pdf")
    for file in (sheet, key):
        content = file.read_bytes()
        assert content.startswith(b"%PDF")
        assert len(re.findall(rb"/Type /Page\b", content)) == (1 if file == sheet else 2)
    again, _ = viz.worksheet(neuron()).save(tmp_path / "again.pdf")
    assert again.read_bytes() == sheet.read_bytes()


def test_html_in_a_browser(page: Page, tmp_path: Path) -> None:
    sheet, key = viz.worksheet(circuit(), gradient=2).save(tmp_path / "sheet.html")
    page.goto(sheet.as_uri())
    assert [t.strip() for t in page.locator("li").all_text_contents()] == [
        "q =",
        "f =",
        "∂L∂q =",
        "∂L∂z =",
        "∂L∂x =",
        "∂L∂y =",
    ]
    assert page.locator(".rule").count() == 6
    assert page.locator("svg g.value").all_text_contents() == ["1", "2", LINE, "2", LINE]
    page.goto(key.as_uri())
    said = ["".join(text.split()) for text in page.locator("li").all_text_contents()]
    assert said == [
        "q=x+y=1+2=3",
        "f=q·z=3·2=6",
        "∂L∂q=∂L∂f·∂f∂q=2·z=2·2=4",
        "∂L∂z=∂L∂f·∂f∂z=2·q=2·3=6",
        "∂L∂x=∂L∂q·∂q∂x=4·1=4",
        "∂L∂y=∂L∂q·∂q∂y=4·1=4",
    ]
    assert page.locator("svg g.grad").all_text_contents() == ["4", "4", "4", "6", "2"]
    assert page.locator("script").count() == 0


def test_hostile_labels_stay_text(page: Page, tmp_path: Path) -> None:
    root = Value(1.0, label=HOSTILE[0]) * Value(2.0, label=HOSTILE[1])
    _, key = viz.worksheet(root, title=HOSTILE[2]).save(tmp_path / "x.html")
    page.goto(key.as_uri())
    assert page.locator("h1").text_content() == f"{HOSTILE[2]}: key"
    assert page.locator("img, script, b").count() == 0
    assert HOSTILE[0] in (page.locator("li").first.text_content() or "")


def test_a_zero_can_be_asked_for_by_itself() -> None:
    q = Value(0.0, label="q") * 3
    q.label = "p"
    assert [blank.key for blank in Sheet.of(q * 1, q, "").blanks] == ["n1.data", "n1.derivative"]


def test_the_root_can_be_asked_for() -> None:
    sheet = Sheet.of(circuit(), ["f.grad"], "")
    assert [blank.key for blank in sheet.blanks] == ["n4.derivative"]
    assert "∂f/∂f  = 1" in [text for scene in paper._pages(sheet, True) for text in texts(scene, "text")]


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in one of \['.pdf', '.html', '.tex'\]"):
        viz.worksheet(circuit(), tmp_path / "x.doc")
    with pytest.raises(FileNotFoundError, match="make it first"):
        viz.worksheet(circuit(), tmp_path / "no" / "x.pdf")
    with pytest.raises(ValueError, match="the names are x, y, q, z, f"):
        viz.worksheet(circuit(), tmp_path / "x.pdf", blanks=["u"])
    for nothing in ([], (), False):
        with pytest.raises(ValueError, match=r"this asks for nothing, since blanks is .*; pass True for all"):
            viz.worksheet(circuit(), tmp_path / "x.pdf", blanks=nothing)
    with pytest.raises(ValueError, match="nothing to work out: x is an input; take a result"):
        viz.worksheet(Value(2.0, label="x"), tmp_path / "x.pdf")
    with pytest.raises(ValueError, match="this asks for nothing"):
        viz.page(circuit(), tmp_path / "x.html", blanks=[])
    assert list(tmp_path.iterdir()) == []


def test_blanks_are_asked_in_the_order_in_which_they_can_be_found() -> None:
    keys = [blank.key for blank in chosen(steps(fan_out()), True)]
    assert keys == [
        "n2.data",
        "n3.data",
        "n4.data",
        "n5.data",
        "n6.data",
        "n4.derivative",
        "n5.derivative",
        "n2.derivative",
        "n3.derivative",
        "n0.derivative",
        "n1.derivative",
    ]


def test_labels_of_mathematics_are_written_with_small_indices_on_paper() -> None:
    w = Value(2.0, label="$w_{12}^{[2]}$")
    written = paper._Writer(4)
    assert (written.name(w.label), written.alone(w.label)) == ("w₁₂^[2]", "w₁₂^[2]")
    assert written.alone("$o^{(1)}_{3}$") == "o₃⁽¹⁾"
