"""A lesson fits the screen: every box is in sight or folded, at every size, and nothing covers anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import graphs
from hypothesis import given, settings
from lessons import opened, texts
from playwright.sync_api import Page

import viz
from microgrAD import Value
from microgrAD.gallery import ENTRIES
from microgrAD.steps import steps
from viz.graph.merge import LEVELS, MOST, Level, merged
from viz.graph.nodes import read
from viz.style import number

SIZES = [(1280, 720), (1920, 1080), (390, 844), (640, 360), (1024, 500)]  # the fourth is 1280x720 at 200 %
SEEN = """() => {
    const place = document.querySelector(".drawing"), svg = place.querySelector("svg");
    const room = place.getBoundingClientRect(), boxes = [...svg.querySelectorAll("g.box")];
    const [panel, bar] = [".panel", "nav"].map((at) => document.querySelector(at).getBoundingClientRect());
    return {
        boxes: boxes.map((g) => g.dataset.id.replace(".box", "")),
        out: boxes.map((g) => g.getBoundingClientRect()).filter((r) => r.left < room.left - 1
            || r.right > room.right + 1 || r.top < room.top - 1 || r.bottom > room.bottom + 1).length,
        type: 56 / 3 * svg.getBoundingClientRect().width / (svg.viewBox.baseVal.width * 4 / 3),
        wide: document.documentElement.scrollWidth, high: room.height,
        covered: room.bottom > panel.top || panel.bottom > bar.top + 1,
        stuck: [...document.querySelectorAll("body *")].filter(
            (e) => ["sticky", "fixed"].includes(getComputedStyle(e).position)).length,
    };
}"""


@pytest.mark.parametrize("name", ENTRIES)
def test_every_box_is_in_sight_or_folded_without_scrolling(name: str, page: Page, tmp_path: Path) -> None:
    entry = ENTRIES[name].make()
    opened(page, tmp_path, entry.root)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise(requestAnimationFrame)")
        seen = page.evaluate(SEEN)
        assert (seen["out"], seen["covered"], seen["stuck"]) == (0, False, 0), (width, height)
        assert seen["wide"] <= width and seen["high"] <= height
        assert seen["type"] >= 8, "what is in the boxes can be read"
        assert len(seen["boxes"]) >= 4
        assert steps(entry.root).root.id in seen["boxes"]


def test_folding_zoom_pan_and_overview(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    root = ENTRIES["mazur"].make().root
    opened(page, tmp_path, root)
    fold = page.locator("[data-fit=fold]")
    count = len(steps(root).variables)
    few = len(page.evaluate(SEEN)["boxes"])
    assert few < count and fold.inner_text() == "Unfold"
    fold.click()
    assert (len(page.evaluate(SEEN)["boxes"]), fold.inner_text()) == (count, "Fold")
    assert page.evaluate(SEEN)["out"] == 0 and page.url.endswith("fold=none")
    assert page.locator(".overview").is_hidden()
    page.locator("[data-fit=more]").click()
    page.locator("[data-fit=more]").click()
    place = page.locator(".drawing")
    assert page.evaluate(SEEN)["out"] > 0 and page.locator(".overview").is_visible()
    assert page.locator(".overview span").count() == count + 1, "a mark for each box, and the frame"
    left = place.evaluate("(e) => e.scrollLeft")
    box = place.bounding_box()
    assert box
    page.mouse.move(box["x"] + 500, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 6, steps=3)
    page.mouse.up()
    assert place.evaluate("(e) => e.scrollLeft") == left + 80
    frame = page.locator(".overview span").last.evaluate("(e) => parseFloat(e.style.left)")
    assert frame == pytest.approx(100 * place.evaluate("(e) => e.scrollLeft / e.scrollWidth"), abs=0.1)
    page.locator("[data-fit=whole]").click()
    assert page.evaluate(SEEN)["out"] == 0
    page.locator("[data-fit=whole]").click()
    assert len(page.evaluate(SEEN)["boxes"]) == few
    page.locator(".drawing g.folded").first.dblclick()
    assert len(page.evaluate(SEEN)["boxes"]) == count, "a folded box opens"


def test_a_folded_picture_shows_the_same_numbers(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    trace = steps(ENTRIES["lecture-network"].make().root)
    opened(page, tmp_path, trace, at="#step=999")
    shown = texts(page)
    folded = page.evaluate(SEEN)["boxes"]
    assert len(folded) < len(trace.variables)
    values = {f"{id}.value": number(trace.variables[id].data) for id in folded}
    grads = {f"{id}.grad": number(trace.derivatives[id]) for id in folded}
    assert {key: text for key, text in shown.items() if not key.endswith(".local")} == values | grads
    assert page.locator(".drawing g.active").count() == 1, "the box that the step is in"


# ---------------------------------------------------------------------------------------------- folding


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_folding_keeps_what_it_says(root: Value) -> None:
    graph = read(steps(root))
    order = {node.id: k for k, node in enumerate(graph.nodes)}
    before = len(graph.nodes)
    for level in LEVELS:
        less = merged(graph, level, set(), str)
        shown = {node.id: node for node in less.graph.nodes}
        assert less.box.keys() == order.keys() and set(less.box.values()) == shown.keys()
        assert less.graph.root == graph.root in shown
        for edge in graph.edges:
            source, target = less.box[edge.source], less.box[edge.target]
            assert (edge.id in less.wire) == (source != target)
            if less.box[edge.source] != edge.source:
                assert source == target, "what is folded is used within its box only"
            if edge.id in less.wire:
                wire = next(e for e in less.graph.edges if e.id == less.wire[edge.id])
                assert (wire.source, wire.target) == (source, target)
        for id, node in shown.items():
            inside = [other for other, box in less.box.items() if box == id]
            assert max(inside, key=order.__getitem__) == id
            assert node.numbers == graph[id].numbers
            assert len(inside) <= MOST.get(level, len(graph.nodes))
        if level in LEVELS[1:3]:
            assert len(shown) <= before
            before = len(shown)


@pytest.mark.parametrize(("level", "boxes"), [("chain", 7), ("unnamed", 5), ("parameters", 2)])
def test_levels_on_a_graph_that_one_can_check(level: Level, boxes: int) -> None:
    """(a b + c) → tanh → n, then n · n + n: the chain is the sum and tanh; the product is unnamed."""
    a, b, c = (Value(x, label=name) for name, x in zip("abc", (0.5, 2.0, 0.3), strict=True))
    n = (a * b + c).tanh()
    n.label = "n"
    root = n * n + n
    graph = read(steps(root))
    named = {v.id for v in steps(root).variables.values() if v.label}
    assert len(graph.nodes) == 8
    assert len(merged(graph, level, named, str).graph.nodes) == boxes


def test_one_direction_on_request() -> None:
    both, one = (viz.page(ENTRIES["colah"].make().root, rankdir=d) for d in (None, "TB"))
    assert both.count("<template><svg") == 1
    assert one.count("<template><svg") == 0
