"""Exercise mode in a real browser: an exercise solved, one failed, its hints, its count, and which blanks it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from lessons import circuit, fan_out, neuron, opened, texts
from playwright.sync_api import Locator, Page

import viz
from microgrAD import Value, parse
from microgrAD.steps import steps
from viz.style import number


def question(page: Page, part: str) -> Locator:
    return page.locator(f".question[data-part='{part}']")


def answer(page: Page, part: str, text: str) -> str:
    """Type an answer; gives what the page says to it."""
    found(page, part)
    field = question(page, part).locator("input")
    field.fill(text)
    field.press("Enter")
    return question(page, part).locator("output").text_content() or ""


def found(page: Page, part: str) -> None:
    """Open the group that a question is in."""
    group = question(page, part).evaluate("(q) => q.parentElement.hidden ? q.parentElement.dataset.group : ''")
    if group:
        page.locator(f"[data-to='{group}']").click()


def hinted(page: Page, part: str, number: int) -> list[str]:
    """What a hint's equations show, piece by piece."""
    return (
        question(page, part)
        .locator(".hint")
        .nth(number)
        .evaluate("""(hint) => hint.hidden ? [] :
        [...hint.querySelectorAll(".equation > *")].filter((e) => !e.hidden).map((e) => e.textContent)""")
    )


def score(page: Page) -> str:
    return page.locator(".score").text_content() or ""


def test_an_exercise_solved(page: Page, tmp_path: Path) -> None:
    trace = steps(neuron())
    opened(page, tmp_path, neuron(), exercise=True)
    parts = page.locator(".question").evaluate_all("(all) => all.map((q) => q.dataset.part)")
    computed = [v for v in trace.variables.values() if v.op]
    assert parts[: len(computed)] == [f"{v.id}.value" for v in computed]
    assert set(parts[len(computed) :]) == {f"{id}.grad" for id in trace.variables} - {f"{trace.root.id}.grad"}
    shown = texts(page)
    assert {part for part, text in shown.items() if text == "?"} == set(parts)
    assert {part: text for part, text in shown.items() if text != "?"} == {
        f"{trace.root.id}.grad": "1",
        **{f"{v.id}.value": number(v.data) for v in trace.variables.values() if not v.op},
    }
    for k, part in enumerate(parts):
        id, field = part.split(".")
        truth = trace.variables[id].data if field == "value" else trace.derivatives[id]
        assert answer(page, part, f"{truth:.3g}") == "✓ right"
        assert texts(page)[part] == number(truth)
        assert score(page) == f"{k + 1} of 14 solved · 0 wrong answers · 0 hints"
        if k + 1 < len(parts):
            assert page.evaluate("() => document.activeElement.closest('.question').dataset.part") == parts[k + 1]
    assert page.locator("progress").evaluate("(p) => p.value === p.max")
    assert page.locator(".done").is_visible()
    assert set(texts(page).values()).isdisjoint({"?"})


def test_an_exercise_failed_and_helped(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), exercise=True)
    assert answer(page, "n2.grad", "2.5") == "✗ not yet"
    assert answer(page, "n2.grad", "-2") == "✗ not yet: look at the sign"
    assert answer(page, "n2.grad", "two").startswith("a number is needed")
    assert question(page, "n2.grad").get_attribute("data-state") == "wrong"
    assert texts(page)["n2.grad"] == "?"
    assert score(page) == "0 of 6 solved · 2 wrong answers · 0 hints"
    hint = question(page, "n2.grad").locator("[data-hint]")
    hint.click()
    assert (hinted(page, "n2.grad", 0), hinted(page, "n2.grad", 1)) == (["∂f∂q", "=z", "=2"], [])
    hint.click()
    assert hinted(page, "n2.grad", 1) == ["∂f∂q", "=∂f∂f·∂f∂q", "=1·z", "=1·2", "= ?"]
    assert score(page) == "0 of 6 solved · 2 wrong answers · 2 hints"
    assert hint.text_content() == "Show the answer"
    hint.click()
    assert question(page, "n2.grad").locator("input").input_value() == "2"
    assert score(page) == "0 of 6 solved · 2 wrong answers · 2 hints · 1 shown"
    assert texts(page)["n2.grad"] == "2"
    page.get_by_role("button", name="Start again").click()
    assert score(page) == "0 of 6 solved · 0 wrong answers · 0 hints"
    assert texts(page)["n2.grad"] == "?"
    assert page.locator(".hint:visible").count() == 0


def test_a_value_is_hinted_at_by_its_formula(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("q = x * y; q + x", x=-2, y=3), blanks=["q"], exercise=True)
    hint = question(page, "n2.value").locator("[data-hint]")
    hint.click()
    hint.click()
    assert hinted(page, "n2.value", 0) == ["q", "=x·y", "= ?"]
    assert hinted(page, "n2.value", 1) == ["q", "=x·y", "=−2·3", "= ?"]


def test_where_paths_meet_a_part_is_no_answer(page: Page, tmp_path: Path) -> None:
    """dy/dc = 1 + d = 7: the way through c + d alone gives 1, that through c d gives 6."""
    opened(page, tmp_path, fan_out(), exercise=True)
    for part in ("1", "6"):
        assert answer(page, "n2.grad", part) == "✗ not yet: that is one of 2 contributions, and they add up"
    found(page, "n2.grad")
    question(page, "n2.grad").locator("[data-hint]").click()
    assert hinted(page, "n2.grad", 0) == ["∂v1∂c", "=1", "∂v2∂c", "=d", "=?"], "d is a blank, too"
    assert answer(page, "n3.value", "6") == "✓ right"
    assert hinted(page, "n2.grad", 0) == ["∂v1∂c", "=1", "∂v2∂c", "=d", "=6"]
    found(page, "n2.grad")
    question(page, "n2.grad").locator("[data-hint]").click()
    assert hinted(page, "n2.grad", 1)[-3:] == ["=?·1+?·6", "=?+?", "=?"]
    for part in ("n5.grad", "n4.grad"):
        assert answer(page, part, "1") == "✓ right"
    assert hinted(page, "n2.grad", 1)[-3:] == ["=1·1+1·6", "=1+6", "=?"]
    assert answer(page, "n2.grad", "7") == "✓ right"


def test_wires_do_not_tell_what_a_hint_is_for(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), blanks=["q.grad"], exercise=True)
    assert texts(page)["e3.local"] == "×3", "z is not asked for"
    assert "e2.local" not in texts(page)
    found(page, "n2.grad")
    question(page, "n2.grad").locator("[data-hint]").click()
    assert texts(page)["e2.local"] == "×2"


@pytest.mark.parametrize(
    ("typed", "right"),
    [("0.79", True), ("0.7864", True), ("11/14", True), ("0.77", False), ("0", False), ("0.7865e1", False)],
)
def test_answers_may_be_off_by_the_tolerance(typed: str, right: bool, page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("tanh(x)", x=0.5), exercise=True)  # 1 - tanh(0.5)^2 = 0.7864
    assert (answer(page, "n0.grad", typed) == "✓ right") is right


def test_a_smaller_tolerance(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("tanh(x)", x=0.5), exercise=True, tolerance=1e-6)
    assert answer(page, "n0.grad", "0.787") != "✓ right"
    assert answer(page, "n0.grad", "0.78644773") == "✓ right"


def test_zero_takes_zero(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, neuron(), blanks=["w2.grad"], exercise=True)
    assert answer(page, "n4.grad", "0.001") == "✗ not yet"
    assert answer(page, "n4.grad", "0") == "✓ right"


def test_other_numbers_are_another_exercise(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("q = log(x) * y; q + x", x=2, y=3), exercise=True)
    answer(page, "n4.value", "5")
    before = texts(page)
    page.get_by_role("button", name="Other numbers").click()
    now = texts(page)
    assert now != before
    x, y = (float(now[f"{id}.value"].replace("−", "-")) for id in ("n0", "n2"))
    assert x > 0
    assert score(page).startswith("0 of")
    root = parse("q = log(x) * y; q + x", x=x, y=y)
    assert answer(page, "n4.value", repr(root.data)) == "✓ right"
    root.backward()
    assert answer(page, "n0.grad", repr(steps(root).derivatives["n0"])) == "✓ right"


def test_other_numbers_are_never_those_of_now(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("x + 1", x=1), exercise=True)
    for _ in range(30):
        before = texts(page)["n0.value"]
        page.get_by_role("button", name="Other numbers").click()
        assert texts(page)["n0.value"] != before


def test_steps_and_exercise_are_one_page(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-4")
    assert page.locator("#exercise").is_hidden()
    page.get_by_role("button", name="Exercise").click()
    assert page.locator("#exercise").is_visible()
    assert page.locator(".step:visible, nav:visible, table:visible").count() == 0
    assert page.url.endswith("#step=4&mode=exercise&every=1")
    page.get_by_role("button", name="Steps").click()
    assert page.url.endswith("#step=4&every=1")
    assert texts(page) == {"n0.value": "1", "n1.value": "2", "n2.value": "3", "n3.value": "2"}
    page.goto(page.url.partition("#")[0] + "#exercise")
    assert page.locator("#exercise").is_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (640, 360)])
def test_it_opens_unscrolled_and_no_question_lies_under_anything(
    page: Page, tmp_path: Path, width: int, height: int
) -> None:
    root = parse("a = x*x + y*y; b = x/y - y/x; c = x**3 + y**3; exp(-a) * b + tanh(c) * (a - b) + max(x, y)", x=1, y=2)
    page.set_viewport_size({"width": width, "height": height})
    opened(page, tmp_path, root, exercise=True)
    assert page.evaluate("() => [scrollY, document.querySelector('.panel').scrollTop]") == [0, 0]
    assert page.locator(".question").count() > 30
    assert page.locator(".question:visible").count() <= 8
    page.locator(".question input").first.focus()
    for _ in range(18):
        page.keyboard.press("Tab")
        reached = """() => { const e = document.activeElement, r = e.getBoundingClientRect();
            return e.contains(document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)); }"""
        assert page.evaluate(reached), page.evaluate("() => document.activeElement.outerHTML")


# ---------------------------------------------------------------------------------------------- which blanks


@pytest.mark.parametrize(
    ("chosen", "parts"),
    [
        (["q"], ["n2.value", "n2.grad"]),
        (["x.grad", "q.value"], ["n2.value", "n0.grad"]),
        (["x"], ["n0.grad"]),
        ("f.grad", ["n4.grad"]),
    ],
)
def test_chosen_blanks(chosen: list[str], parts: list[str]) -> None:
    html = viz.page(circuit(), blanks=chosen)
    assert [piece.split('"')[0] for piece in html.split('class="question" data-part="')[1:]] == parts


def test_blanks_by_value() -> None:
    root = circuit()
    q = root.args[0]
    assert isinstance(q, Value)
    assert viz.page(root, blanks=[q]) == viz.page(root, blanks=q) == viz.page(root, blanks=["q"])


@pytest.mark.parametrize("wrong", ["w", "q.data", "q.", "", 3, ["q"]])
def test_a_blank_that_is_not_there(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"the names are x, y, q, z, f"):
        viz.page(circuit(), blanks=[wrong])


@pytest.mark.parametrize("wrong", [3, 0.5, None])
def test_blanks_that_are_no_nodes(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"blanks takes True for all, or nodes, by name or as Values.*, got"):
        viz.worksheet(circuit(), "sheet.html", blanks=wrong)


def test_a_title_is_a_text(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"title takes a text, got int 3; pass str"):
        viz.page(circuit(), title=3)
    with pytest.raises(TypeError, match=r"title takes a text, got int 3; pass str"):
        viz.worksheet(circuit(), tmp_path / "sheet.html", title=3)
