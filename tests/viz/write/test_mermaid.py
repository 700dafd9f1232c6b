"""Mermaid, drawn by Mermaid itself: every node, wire and text is there, and a label is text and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import decks
import npm
import pytest
from decks import HOSTILE, cs231n, hostile

import viz
from microgrAD import Value
from viz.scene import Text

if TYPE_CHECKING:
    from playwright.sync_api import Page

DRAW = """async (text) => {
    mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
    document.body.innerHTML = "";
    const host = document.body.appendChild(document.createElement("div"));
    host.innerHTML = (await mermaid.render("drawn", text)).svg;
    const said = (found) => [...host.querySelectorAll(found)].map((one) => one.textContent);
    return {nodes: said("g.node"), edges: host.querySelectorAll("g.edgePaths path.flowchart-link").length,
        labels: said("g.edgeLabel").filter((text) => text.trim()), clusters: said("g.cluster"),
        alien: host.querySelectorAll("script, img, image, iframe, a, b, i, em, strong, u").length,
        fills: [...host.querySelectorAll("g.node rect, g.node polygon, g.node circle")].map((e) => e.style.fill)};
}"""


def drawn(page: Page, root: Value, folder: Path, **options: Any) -> tuple[viz.Drawing, dict[str, Any]]:
    """Return a picture, and what Mermaid makes of it."""
    drawing = viz.draw(root, folder / "f.mmd", **options)
    if not page.evaluate("'mermaid' in window"):
        (folder / "f.html").write_text("<!doctype html><title>a graph</title>", "utf-8")
        page.goto((folder / "f.html").as_uri())
        page.add_script_tag(content=(npm.folder("mermaid") / "dist" / "mermaid.min.js").read_text("utf-8"))
    return drawing, page.evaluate(DRAW, (folder / "f.mmd").read_text("utf-8"))


def bare(text: str) -> str:
    """Return text without spaces and without what cannot be seen."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b\ufeff\ufffd\ufffe\uffff]", "", text)


def rows(drawing: viz.Drawing, id: str) -> list[str]:
    (group,) = (group for group in drawing.scene.groups if group.id == id)
    return [s.text for p in group.parts if p.visible for s in p.shapes if isinstance(s, Text) and s.text]


OPTIONS: list[dict[str, Any]] = [{}, {"show_local": True}, {"ops": "nodes"}, {"collapse": "neuron"}, {"theme": "dark"}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_every_node_and_wire_is_drawn_with_its_text(options: dict[str, Any], page: Page, tmp_path: Path) -> None:
    drawing, found = drawn(page, decks.large() if "collapse" in options else cs231n(), tmp_path, **options)
    graph = drawing.graph
    assert len(found["nodes"]) == len(graph.nodes)
    assert found["edges"] == len(graph.edges)
    expected = sorted("".join(sorted(bare("".join(rows(drawing, node.id))))) for node in graph.nodes)
    assert sorted("".join(sorted(bare(text))) for text in found["nodes"]) == expected
    locals_ = [bare("".join(rows(drawing, edge.id))) for edge in graph.edges]
    assert sorted(map(bare, found["labels"])) == sorted(filter(None, locals_))
    assert len(locals_) > 5


def test_layers_and_neurons_are_frames(page: Page, tmp_path: Path) -> None:
    drawing, found = drawn(page, decks.large(), tmp_path, collapse="neuron")
    assert len(found["clusters"]) == len(drawing.graph.clusters) > 1


def test_a_large_graph(page: Page, tmp_path: Path) -> None:
    drawing, found = drawn(page, decks.large(), tmp_path)
    assert (len(found["nodes"]), found["edges"]) == (len(drawing.graph.nodes), len(drawing.graph.edges))
    assert len(found["nodes"]) > 100


LABELS = [
    *HOSTILE,
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"] --> evil["',
    "end",
    "click n1 href",
    "%%{init: {'theme': 'dark'}}%%",
    "`**bold**` _it_",
    "fa:fa-bell",
    "#quot; &lt; #35;",
    "1. list",
    "$$x^2$$",
]


def test_a_label_is_text_and_nothing_else(page: Page, tmp_path: Path) -> None:
    for label in LABELS:
        drawing, found = drawn(page, hostile(label), tmp_path)
        assert found["alien"] == 0, label
        assert len(found["nodes"]) == len(drawing.graph.nodes), label
        shown = "".join(map(bare, found["nodes"]))
        for node in drawing.graph.nodes:
            for text in rows(drawing, node.id):
                assert bare(text) in shown, label


def test_boxes_have_the_colours_of_the_theme(page: Page, tmp_path: Path) -> None:
    _, light = drawn(page, cs231n(), tmp_path)
    _, dark = drawn(page, cs231n(), tmp_path, theme="dark")
    assert len({*light["fills"]} - {""}) > 1
    assert ({*light["fills"]} - {""}).isdisjoint(dark["fills"])


def test_markdown_holds_the_same_text_in_a_block(tmp_path: Path) -> None:
    drawing = viz.draw(cs231n(), tmp_path / "f.mmd")
    drawing.save(tmp_path / "f.md")
    text = (tmp_path / "f.mmd").read_text("utf-8")
    assert (tmp_path / "f.md").read_text("utf-8") == f"```mermaid\n{text}```\n"
    assert "```" not in text


@pytest.mark.parametrize(("rankdir", "said"), [("LR", "flowchart LR"), ("TB", "flowchart TB")])
def test_it_goes_as_the_picture_goes(rankdir: Any, said: str, tmp_path: Path) -> None:
    viz.draw(cs231n(), tmp_path / "f.mmd", rankdir=rankdir)
    assert (tmp_path / "f.mmd").read_text("utf-8").startswith(said + "\n")
