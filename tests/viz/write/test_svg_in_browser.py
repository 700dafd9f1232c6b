"""A drawing in a real browser: labels stay text, text stays in its box, and nothing runs or is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import viz
from microgrAD import Value

if TYPE_CHECKING:
    from playwright.sync_api import Page

LABELS = [
    "w1",
    "<script>alert(1)</script>",
    "</text></svg><img src=x onerror=alert(1)>",
    "\"quoted\" & 'quoted' &amp; ]]>",
    "{a|b}\\N\\n",
    "url(https://example.org/x)",
    "🦊👩‍👩‍👧 e\u0301 日本語 עברית",
    "W" * 200,
]

OVERHANG = """() => [...document.querySelectorAll("g.leaf, g.result")].flatMap(node => {
    const box = node.querySelector("g.box rect").getBBox();
    return [...node.querySelectorAll("g:not(.badge) > text")].map(text => text.getBBox()).map(text => Math.max(
        box.x - text.x, text.x + text.width - box.x - box.width,
        box.y - text.y, text.y + text.height - box.y - box.height));
})"""


def opened(page: Page, folder: Path, label: str) -> Value:
    """The page shows a small graph, one of whose leaves has the label."""
    x, y = Value(-1234.5678, label=label), Value(3e-9, label="y")
    root = (x * y + 2).tanh()
    root.backward()
    viz.draw(root).save(folder / "graph.svg")
    page.goto((folder / "graph.svg").as_uri())
    return root


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
def test_a_label_is_text_and_nothing_else(label: str, page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, label)
    assert (
        page.evaluate(
            """label => [...document.querySelectorAll("[data-label]")]
                            .filter(node => node.dataset.label === label).length""",
            label,
        )
        == 1
    )
    assert page.evaluate("document.querySelectorAll('svg script, svg img, svg image, svg foreignObject').length") == 0
    assert page.evaluate("document.documentElement.localName") == "svg"


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
def test_text_stays_in_its_box(label: str, page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, label)
    overhang = page.evaluate(OVERHANG)
    assert len(overhang) >= 4 * 2  # four nodes, each with a value and a gradient at least
    assert max(overhang) <= 0.5  # points


def test_the_numbers_on_it_are_those_of_the_graph(page: Page, tmp_path: Path) -> None:
    root = opened(page, tmp_path, "x")
    shown = page.evaluate("""() => [...document.querySelectorAll("g.result")].at(-1).dataset""")
    assert (float(shown["value"]), float(shown["grad"])) == (root.data, root.grad)
    assert page.evaluate("document.querySelector('svg > title').textContent").startswith("Computational graph")
