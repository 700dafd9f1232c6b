"""Pages in a notebook: as high as their content, two columns where there is room, a picture without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lessons import circuit, neuron
from playing import until
from playwright.sync_api import Browser, Page

import viz
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.train import fit, train_steps

X, y = make_xor(12, noise=0.1)
PAGES: dict[str, Callable[[], Any]] = {
    "lesson": lambda: viz.page(neuron()),
    "run": lambda: viz.page(train_steps(MLP(2, [1, 1]), X[:1], y[:1])),
    "network": lambda: viz.page(viz.network(MLP(2, [2, 1]), X[0], int(y[0]))),
    "player": lambda: viz.player(fit(MLP(2, [2, 1]), X, y, epochs=3, record=True)),
    "playground": viz.playground,
    "worksheet": lambda: viz.worksheet(neuron()),
}
SIZES = """() => {
  const frame = document.querySelector("iframe"), page = frame.contentDocument.documentElement;
  const picture = document.querySelector("img");
  return {frame: frame.clientHeight, page: Math.ceil(page.getBoundingClientRect().height), wide: page.scrollWidth,
          room: page.clientWidth, picture: getComputedStyle(picture).display};
}"""
FITS = f"""() => {{
  const {{frame, page, picture}} = ({SIZES})();
  return frame > 150 && frame === page && picture === "none";
}}"""


def cell(folder: Path, shown: Any, width: int) -> str:
    file = folder / "notebook.html"
    html = shown._repr_mimebundle_()[0]["text/html"]
    file.write_text(f'<!DOCTYPE html><meta charset="utf-8"><div style="width: {width}px">{html}</div>', "utf-8")
    return file.as_uri()


@pytest.mark.parametrize("width", [600, 900, 1150])
@pytest.mark.parametrize("name", PAGES)
def test_the_frame_is_as_high_as_its_page(page: Page, tmp_path: Path, name: str, width: int) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(cell(tmp_path, PAGES[name](), width))
    until(page, FITS)
    page.wait_for_timeout(300)  # and stays so
    sizes = page.evaluate(SIZES)
    assert sizes["frame"] == sizes["page"] < 2600 and sizes["wide"] <= sizes["room"]
    assert errors == []


def test_the_height_follows_what_is_opened_and_closed(page: Page, tmp_path: Path) -> None:
    page.goto(cell(tmp_path, viz.page(circuit()), 800))
    until(page, FITS)
    before = page.evaluate(SIZES)["frame"]
    summary = page.frame_locator("iframe").locator(".table summary")
    summary.click()
    until(page, f"(before) => ({SIZES})().frame > before + 80", before)
    summary.click()
    until(page, f"(before) => ({SIZES})().frame === before", before)
    page.frame_locator("iframe").get_by_role("button", name="Exercise").click()
    until(page, FITS)


@pytest.mark.parametrize("width", [600, 750, 900])
def test_two_columns_stand_side_by_side_in_a_cell(page: Page, tmp_path: Path, width: int) -> None:
    pairs = {
        "lesson": (".steps", "#inputs"),
        "player": (".plane-panel", "#loss"),
        "playground": ("#data-panel", "#result"),
    }
    for name, (left, right) in pairs.items():
        page.goto(cell(tmp_path, PAGES[name](), width))
        until(page, FITS)
        frame = page.frame_locator("iframe")
        a, b = frame.locator(left).first.bounding_box(), frame.locator(right).first.bounding_box()
        assert a and b and a["x"] + a["width"] <= b["x"] + 1, f"{name}: {left} is at the left of {right}"
        assert a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"], f"{name}: side by side"


def test_the_bar_of_a_lesson_keeps_its_place(page: Page, tmp_path: Path) -> None:
    page.goto(cell(tmp_path, viz.page(neuron()), 800))
    until(page, FITS)
    frame = page.frame_locator("iframe")
    places = set()
    for _ in range(6):
        frame.get_by_role("button", name="next step (→)").click()
        box = frame.locator("nav").bounding_box()
        assert box
        places.add(round(box["y"]))
    assert len(places) == 1


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_picture_is_there(chromium: Browser, tmp_path: Path, name: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(cell(tmp_path, PAGES[name](), 800))
        box = page.locator("img").bounding_box()
        assert box and box["width"] > 200 and box["height"] > 80
        frame = page.locator("iframe").bounding_box()
        assert frame is None or frame["height"] == 0
    finally:
        context.close()


def test_a_frame_of_another_origin_leaves_the_picture(page: Page, tmp_path: Path) -> None:
    address = cell(tmp_path, viz.page(circuit()), 800)
    file = tmp_path / "notebook.html"
    file.write_text(file.read_text("utf-8").replace("<iframe ", '<iframe sandbox="allow-scripts" '), "utf-8")
    page.goto(address)
    page.wait_for_timeout(300)
    assert page.locator("img").is_visible()
