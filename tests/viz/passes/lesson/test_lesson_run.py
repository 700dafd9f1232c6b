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
