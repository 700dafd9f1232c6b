"""A link is a state; what a reader did survives a reload and a slip; the code at the end is what Python reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from lessons import circuit, neuron, opened, shown_step, texts
from playwright.sync_api import Page

import viz
from microgrAD import parse
from microgrAD.cli import main
from microgrAD.explanation import receipts
from microgrAD.explanation.blanks import chosen
from microgrAD.steps import steps
from viz.web.words import Words


def answer(page: Page, part: str, text: str) -> str:
    question = page.locator(f".question[data-part='{part}']")
    question.locator("input").fill(text)
    question.locator("input").press("Enter")
    return question.locator("output").text_content() or ""


def score(page: Page) -> str:
    return page.locator(".score").text_content() or ""


# ---------------------------------------------------------------------------------------------- the address


def test_a_link_is_a_state(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), every=False)
    page.locator("#input-n0").fill("-3.5")
    for _ in range(3):
        page.locator("nav [data-go=next]").click()
    page.locator(".settings summary").click()
    page.locator("#theme").click()
    page.locator("#theme").click()
    page.locator("[data-pace]").select_option("0.6")
    link = page.url
    assert set(link.partition("#")[2].split("&")) == {"step=6", "theme=dark", "n0=-3.5", "pace=0.6"}
    shown = texts(page)
    page.goto("about:blank")
    page.goto(link)
    assert (texts(page), shown_step(page), page.url) == (shown, 6, link)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.locator("[data-pace]").input_value() == "0.6"
    page.evaluate("() => { location.hash = '#mode=explore&n1=7'; }")
    page.wait_for_function("() => document.body.dataset.mode === 'explore'")
    assert texts(page)["n1.value"] == "7" and texts(page)["n0.value"] == "1"


def test_what_an_address_cannot_mean_is_left_out(page: Page, tmp_path: Path) -> None:
    opened(
        page, tmp_path, circuit(), at="#step=-5&mode=nope&theme=pink&seed=x&n0=three&pace=0&n99=1&fold=2", every=False
    )
    assert (shown_step(page), texts(page)["n4.value"]) == (0, "6")
    assert page.url.endswith("#")
    opened(page, tmp_path, circuit(), at="#theme=light", theme="dark", every=False)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark" and page.url.endswith("#")


def test_a_seed_is_the_same_exercise_everywhere_and_readable(page: Page, tmp_path: Path) -> None:
    root = parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", x1=2, x2=1, w1=-3, w2=1, b=6.5)
    seen = set()
    for seed in (1, 2, 3, 12):
        opened(page, tmp_path, root, at=f"#mode=exercise&seed={seed}", every=False)
        numbers = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".input")].map((row) =>
            [row.querySelector("label .unseen").textContent, row.querySelector("input").value]))""")
        seen.add(str(numbers))
        read = {name: float(text.replace("−", "-")) for name, text in numbers.items()}
        assert all(x.is_integer() for name, x in read.items() if name != "b"), "whole numbers stay whole"
        assert all(len(text) <= 4 for text in numbers.values())
        trace = steps(parse("n = x1*w1 + x2*w2 + b; o = tanh(n)", **read))
        assert abs(trace.root.data) < 0.999, "no number drowns in a tail"
        opened(page, tmp_path, root, at=f"#mode=exercise&seed={seed}", every=False)
        assert page.evaluate(
            "() => [...document.querySelectorAll('.input input[type=text]')].map((e) => e.value)"
        ) == list(numbers.values())
    assert len(seen) == 4


# ---------------------------------------------------------------------------------------------- slips and reloads


def test_a_slip_wipes_nothing(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), exercise=True, every=False)
    assert answer(page, "n2.value", "3") == "✓ right"
    answer(page, "n4.value", "5")
    before = score(page)
    assert before == "1 of 6 solved · 1 wrong answer · 0 hints"
    page.get_by_role("slider", name="drag z").press("ArrowRight")
    page.get_by_role("slider", name="drag z").press("ArrowRight")
    assert score(page) == "0 of 6 solved · 0 wrong answers · 0 hints"
    assert "Undo takes you back" in (page.locator(".undone").text_content() or "")
    page.locator("[data-undo]").click()
    assert (score(page), page.locator("#input-n3").input_value()) == (before, "2")
    assert page.locator(".question[data-part='n2.value'] input").input_value() == "3"
    assert texts(page)["n2.value"] == "3"
    assert page.locator("[data-undo]").is_hidden()
    for name in ("Other numbers", "Start again", "Reset inputs"):
        page.get_by_role("button", name=name).click()
        if name != "Reset inputs":
            assert score(page).startswith("0 of 6")
            page.locator("[data-undo]").click()
        assert score(page) == before, name
    box = page.locator("svg [data-id='n0.box']").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 10)
    page.mouse.up()
    assert score(page) == before, "a click that shakes is no drag"


def test_progress_survives_a_reload_and_another_mode(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), exercise=True, every=False)
    answer(page, "n2.value", "1+2")
    page.locator(".question[data-part='n4.value'] [data-hint]").click()
    answer(page, "n4.value", "7")
    kept = (score(page), texts(page))
    page.reload()
    assert (score(page), texts(page)) == kept
    assert page.locator(".question[data-part='n2.value'] input").input_value() == "1+2 = 3"
    assert page.locator(".question[data-part='n4.value'] .hint:visible").count() == 1
    page.get_by_role("button", name="Steps").click()
    page.get_by_role("button", name="Exercise").click()
    assert score(page) == kept[0]
    page.goto(page.url.partition("#")[0] + "#mode=exercise&n0=5")
    page.reload()
    assert score(page).startswith("0 of 6"), "other numbers have other answers"


# ---------------------------------------------------------------------------------------------- the code


def test_the_code_at_the_end_is_what_python_reads(
    page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return status, *capsys.readouterr()

    opened(page, tmp_path, circuit(), exercise=True, every=False)
    trace = steps(circuit())
    answer(page, "n2.value", "4")
    page.locator(".question[data-part='n4.value'] [data-hint]").click()
    for blank in chosen(trace, True):
        answer(page, blank.part, repr(blank.truth))
    page.get_by_label("your name").fill("Zoë  Żuk")
    code = page.locator(".code").text_content() or ""
    assert page.locator(".code").is_visible()
    fingerprint = receipts.fingerprint(trace, chosen(trace, True))
    assert code == receipts.write(receipts.Receipt(fingerprint, 0, 6, 1, 1, 0), "zoë żuk")
    expression = ["q = x + y; f = q * z", "x=1", "y=2", "z=2"]
    assert said("exercise", "--check", code, "--name", "zoë żuk")[:2] == (
        0,
        "6 solved, 1 wrong, 1 hints, 0 shown; the exercise's own numbers\n",
    )
    assert said("exercise", *expression, "--check", code, "--name", "Zoë Żuk")[1].startswith("6 of 6 solved")
    status, _, wrong = said("exercise", *expression[:3], "z=3", "--check", code, "--name", "Zoë Żuk")
    assert status and "belongs to another exercise" in wrong
    assert "belongs to another name" in said("exercise", "--check", code)[2]
    assert "needs an expression" in said("exercise")[2]


# ---------------------------------------------------------------------------------------------- lock, languages


def test_a_lock_leaves_the_exercise_only(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, neuron(), lock=True, at="#mode=steps&step=5", every=False)
    assert page.evaluate("document.body.dataset.mode") == "exercise"
    assert page.locator("nav, .step, .table, [data-mode-button], .explore").count() == 0
    assert page.locator(".question").count() == 14
    page.locator(".question:visible [data-hint]").first.click()
    assert page.locator(".hint:visible .equation").count() == 1
    still = viz.page(neuron(), lock=True).split("<svg")[1].split("</svg>")[0]
    assert "0.7071" not in still and still.count(">?<") == 14, "nor does the drawing tell before the script runs"
    assert "data-slot" in viz.page(neuron(), lock=True) and ">0.7071<" not in viz.page(neuron(), lock=True)


def test_the_page_speaks_italian_in_every_mode(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), lang="it", every=False)
    say = Words("it")
    assert page.evaluate("document.documentElement.lang") == "it"
    assert page.title() == say("title-reverse", root="f")
    page.keyboard.press("ArrowRight")
    assert (page.locator(".step:visible .say").text_content() or "").startswith(
        "In avanti: l'operazione + fa q da x e y"
    )
    page.get_by_role("button", name=say("mode-exercise")).click()
    assert answer(page, "n2.value", "2") == f"✗ {say('mistake-other', sign='×')}"
    assert answer(page, "n2.value", "3,0") == f"✓ {say('right')}"
    english = set(Words("en").table.values()) - set(say.table.values())
    seen = page.evaluate("() => document.body.innerText").split("\n")
    assert english.isdisjoint(line.strip() for line in seen)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lang must be one of \['en', 'it'\], got 'xx'"):
        viz.page(circuit(), lang="xx")
