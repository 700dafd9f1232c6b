"""The page of a run of training: the film's pictures and numbers, step by step, in a real browser."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import axe
import pytest
from playwright.sync_api import Browser, Page
from printed import lecture, mazur

import viz
from microgrAD import optim
from microgrAD.cli import descent
from microgrAD.gallery import networks
from microgrAD.losses import mse
from microgrAD.nn import MLP
from microgrAD.steps.training import TrainingTrace
from microgrAD.train import train_steps


def run(rows: int = 1) -> TrainingTrace:
    X, y = [x for x, _ in networks.EXAMPLES[:rows]], [y for _, y in networks.EXAMPLES[:rows]]
    rule = partial(optim.SGD, lr=networks.ETA)
    return train_steps(lecture(), X, y, optimizer=rule, loss=partial(mse, half=True))


def seen(page: Page) -> str:
    """The numbers on the picture."""
    visible = "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"
    texts = page.locator("figure svg text").evaluate_all(visible)
    return " ".join("".join(texts).replace("−", "-").split())


def test_the_lectures_numbers_appear_step_by_step(page: Page, tmp_path: Path) -> None:
    viz.page(run(), tmp_path / "run.html", digits=5)
    page.goto((tmp_path / "run.html").as_uri())
    assert "δ" not in seen(page)
    before = ""
    for _ in range(int(page.get_attribute("nav input", "max") or 0)):
        page.keyboard.press("ArrowRight")
        assert page.locator(".told section:visible").count() == 1
        before += page.inner_text(".told").replace("−", "-")
    shown = seen(page)
    for number in ("-0.0025", "0.0025", "0.1", "0.09", "-0.11", "0.09995", "-0.09995", "-0.10005", "0.10005"):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", shown), number
    assert "0.0025" in before
    assert "mean loss of all rows after epoch 1" in page.inner_text(".told")
    last = page.url
    assert re.search(r"#step-\d+$", last)
    page.goto("about:blank")
    page.goto(last)
    assert seen(page) == shown
    assert axe.found(page) == []


def test_a_unit_opens_into_its_scalar_graph_with_the_numbers_of_the_row(page: Page, tmp_path: Path) -> None:
    viz.page(run(2), tmp_path / "run.html", digits=5)
    page.goto((tmp_path / "run.html").as_uri())
    near = page.locator(".opened")
    assert not near.is_visible()
    unit = page.locator('figure g[data-id="u4"]')
    unit.click()
    assert page.inner_text(".opened h2") == "Unit 4, seen from near"

    def of(name: str) -> list[str]:
        box = page.locator(".near g.leaf, .near g.result").filter(has_text=name)
        texts = "texts => texts.filter(t => getComputedStyle(t).visibility === 'visible').map(t => t.textContent)"
        return list(box.first.locator("text").evaluate_all(texts))

    assert "0.1" in of("w24") and "0.5" not in of("o4")  # not computed yet
    last = int(page.get_attribute("nav input", "max") or 0)
    k = next(k for k in range(last) if re.search("δ4 ?= 0.0025", seen_after(page, k)))
    assert "0.5" in of("o4") and "0.01" in of("o4")  # ∂L/∂o4 = w45 · δ5
    assert "0.0025" in of("n4") and "0.00025" in of("w24")
    assert page.get_attribute('figure g[data-id="u4"]', "aria-label") == (
        "unit 4: open its scalar graph, o4 = 0.5, δ4 = 0.0025"
    )
    assert seen_after(page, k + 20) and "0.9" in of("x2")  # the second row
    page.keyboard.press("Escape")
    assert not near.is_visible()
    page.keyboard.press("Enter")
    assert near.is_visible()
    assert axe.found(page) == []


def seen_after(page: Page, k: int) -> str:
    """The numbers on the picture at step k."""
    page.evaluate("k => { location.hash = `#step-${k}` }", k)
    page.wait_for_function("k => document.querySelector('.told section.now')?.dataset.step === String(k)", arg=k)
    return seen(page)


def test_the_page_of_a_networks_picture(page: Page, tmp_path: Path) -> None:
    drawing = viz.network(mazur(), (0.05, 0.10), [0.01, 0.99], notation="w12(2)")
    viz.page(drawing, tmp_path / "net.html", lang="it")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((tmp_path / "net.html").as_uri())
    page.focus('figure g[data-id="u6"]')
    page.keyboard.press("Enter")
    assert page.inner_text(".opened h2") == "L'unità 2 dello strato 2, da vicino"
    assert page.locator(".near svg [aria-label='n^(2)_2']").count() == 1
    assert page.locator("nav").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe.found(page) == []
    big = viz.network(MLP(20, [2]), [0.1] * 20)
    assert '"units":[{}]' in viz.page(big)  # 20 inputs can't be read


def test_mazurs_new_weights(page: Page, tmp_path: Path) -> None:
    loss = partial(mse, half=True, reduction="sum")
    trace = train_steps(mazur(), [(0.05, 0.10)], [[0.01, 0.99]], optimizer=partial(optim.SGD, lr=0.5), loss=loss)
    viz.page(trace, tmp_path / "mazur.html", digits=6, lang="it")
    page.goto((tmp_path / "mazur.html").as_uri() + "#step-999")
    for weight in (0.149781, 0.199561, 0.249751, 0.299502, 0.358916, 0.408666, 0.511301, 0.56137):
        assert f"{weight:.6g}" in seen(page), weight
    assert "Passo" in page.inner_text(".told h2:visible")


def test_where_scripts_are_blocked_all_steps_stand_on_the_page(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    viz.page(run(), file)
    context = chromium.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(file.as_uri())
    assert "Scripts are blocked" in still.inner_text(".still")
    assert still.locator(".told section:visible").count() == still.locator(".told section").count() > 10
    assert "0.09995" in seen(still)
    context.close()


def test_a_run_without_a_network_and_a_long_run(tmp_path: Path) -> None:
    one = descent.run("(w * x - y) ** 2 / 2", {"w": 0.5, "x": 2.0, "y": 3.0}, ["w"], "sgd", 0.1, 2)
    assert "L falls" in viz.page(one, tmp_path / "one.html")
    long = run(4)
    text = viz.page(long)
    assert len(text) < 400_000
    with pytest.raises(ValueError, match="has no exercise"):
        viz.page(long, exercise=True)
    with pytest.raises(ValueError, match="has no choice of gradient"):
        viz.page(long, gradient=2.0)
