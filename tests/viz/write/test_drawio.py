"""Drawings of diagrams.net, read back by mxGraph, the library that it is made of."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING, Any

import decks
import npm
import pytest
from decks import HOSTILE, cs231n, hostile

import viz
from microgrAD import Value
from viz.scene import Curve, Polygon, Rectangle, Scene, Text

if TYPE_CHECKING:
    from playwright.sync_api import Page

PIXELS = 96 / 72
SETTINGS = "var mxLoadResources = false, mxLoadStylesheets = false, mxForceIncludes = false, mxBasePath = '{}';"
DRAW = """(text) => {
    document.body.innerHTML = "";
    const host = document.body.appendChild(document.createElement("div"));
    const written = mxUtils.parseXml(text), graph = new mxGraph(host);
    new mxCodec(written).decode(written.querySelector("mxGraphModel"), graph.getModel());
    const found = {};
    for (const cell of Object.values(graph.getModel().cells)) {
        const state = graph.view.getState(cell);
        if (state) found[cell.id] = {
            edge: cell.isEdge(), label: graph.getLabel(cell), parent: cell.parent?.id, style: graph.getCellStyle(cell),
            source: cell.source?.id ?? null, target: cell.target?.id ?? null,
            place: [state.x, state.y, state.width, state.height], text: state.text?.node?.textContent ?? "",
            points: (state.absolutePoints ?? []).map((p) => [p.x, p.y])};
    }
    return {cells: found, alien: host.querySelectorAll("script, img, iframe, b").length};
}"""


def drawn(page: Page, root: Value, folder: Path, **options: Any) -> tuple[Scene, dict[str, Any]]:
    """Return a picture as a scene, and what mxGraph draws."""
    drawing = viz.draw(root, folder / "f.drawio", **options)
    javascript = npm.folder("mxgraph") / "javascript"
    (folder / "f.html").write_text("<!doctype html><title>a graph</title>", "utf-8")
    page.goto((folder / "f.html").as_uri())
    page.add_script_tag(content=SETTINGS.format((javascript / "src").as_uri()))
    page.add_script_tag(content=(javascript / "mxClient.min.js").read_text("utf-8"))
    return drawing.scene, page.evaluate(DRAW, (folder / "f.drawio").read_text("utf-8"))


OPTIONS: list[dict[str, Any]] = [{}, {"size": "16:9"}, {"ops": "nodes"}, {"show_local": True, "theme": "dark"}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_boxes_and_wires_are_where_they_are_in_the_picture(options: dict[str, Any], page: Page, tmp_path: Path) -> None:
    scene, found = drawn(page, cs231n(), tmp_path, **options)
    cells = found["cells"]
    tested = 0
    for group in scene.groups:
        for part in group.parts:
            for shape in part.shapes:
                match shape:
                    case Rectangle() if sum(isinstance(s, Rectangle) for s in part.shapes) == 1:
                        place = [x * PIXELS for x in (shape.x, shape.y, shape.width, shape.height)]
                        assert cells[part.id]["place"] == pytest.approx(place, abs=0.1)
                        tested += 1
            curves = [shape for shape in part.shapes if isinstance(shape, Curve)]
            if curves:
                cell = cells[part.id]
                heads = [shape for shape in part.shapes if isinstance(shape, Polygon)]
                tip = heads[0].points[0] if heads else curves[-1].points[-1]
                for at, point in ((0, curves[0].points[0]), (-1, tip)):
                    assert math.dist(cell["points"][at], [x * PIXELS for x in point]) < 2
                assert cell["edge"]
                assert cell["source"].rsplit(".", 1)[0] == group.data["source"]
                assert cell["target"].rsplit(".", 1)[0] == group.data["target"]
                tested += 1
    assert tested > 15


def test_texts_are_where_they_are_in_the_picture(page: Page, tmp_path: Path) -> None:
    scene, found = drawn(page, cs231n(), tmp_path)
    tested = 0
    for part in (part for group in scene.groups for part in group.parts):
        if len(part.shapes) == 1 and isinstance(word := part.shapes[0], Text):
            cell = found["cells"][part.id]
            x, y, wide, high = cell["place"]
            left = word.x - word.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[word.anchor]
            assert cell["label"] == word.text
            assert (x, wide) == pytest.approx((left * PIXELS, word.width * PIXELS), abs=0.1)
            assert y < word.y * PIXELS < y + high
            assert cell["style"]["fontColor"] == word.color
            assert "fillColor" not in cell["style"]  # though this program fills what is no text with blue
            tested += 1
    assert tested > 10


def test_a_node_is_a_group(page: Page, tmp_path: Path) -> None:
    scene, found = drawn(page, cs231n(), tmp_path)
    for group in scene.groups:
        if re.fullmatch(r"n\d+", group.id):
            assert found["cells"][f"{group.id}.box"]["parent"] == f"{group.id} as a group"


def test_a_large_graph(page: Page, tmp_path: Path) -> None:
    drawing = viz.draw(decks.large())
    _, found = drawn(page, decks.large(), tmp_path)
    edges = [cell for cell in found["cells"].values() if cell["edge"]]
    assert len(edges) == len(drawing.graph.edges) > 100
    assert all(cell["source"] in found["cells"] and cell["target"] in found["cells"] for cell in edges)


LABELS = [*HOSTILE, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>bold</b>", "%label%", "a;b=c;"]


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
def test_a_label_is_text_and_nothing_else(label: str, page: Page, tmp_path: Path) -> None:
    scene, found = drawn(page, hostile(label), tmp_path)
    ElementTree.fromstring((tmp_path / "f.drawio").read_bytes())
    assert found["alien"] == 0
    hidden = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd\ufffe\uffff]")
    shown = [hidden.sub("", cell["text"]) for cell in found["cells"].values()]
    for part in (part for group in scene.groups for part in group.parts if part.role == "label"):
        for shape in part.shapes:
            if isinstance(shape, Text):
                assert hidden.sub("", shape.text) in shown


def test_the_same_picture_has_the_same_bytes(tmp_path: Path) -> None:
    for file in ("a.drawio", "b.drawio"):
        viz.draw(cs231n(), tmp_path / file)
    assert (tmp_path / "a.drawio").read_bytes() == (tmp_path / "b.drawio").read_bytes()
