"""Slides, read back with python-pptx: all of the picture is there, at its place, and the wires hold to their boxes."""

from __future__ import annotations

import math
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import decks
import pytest
from decks import DECKS, EMU, HOSTILE, PIXEL, cs231n, hostile, named, opened
from pptx.oxml.ns import qn

import viz
from microgrAD import Value
from viz.scene import Curve, Rectangle, Scene, Text
from viz.style import LIGHT
from viz.write.pptx.deck import on_slide


def drawn(root: Value, folder: Path, **options: Any) -> tuple[Scene, Any]:
    """Return a picture as a scene, and its slide."""
    drawing = viz.draw(root, folder / "f.pptx", **options)
    return on_slide(drawing.scene), opened(folder / "f.pptx").slides[0]


@pytest.mark.parametrize("size", ["16:9", "4:3", (1000, 700), None], ids=str)
def test_every_box_text_and_wire_is_there_and_at_its_place(size: Any, tmp_path: Path) -> None:
    scene, slide = drawn(cs231n(), tmp_path, **({"size": size} if size else {}))
    shapes = named(slide)
    boxes = {p.id: s for g in scene.groups for p in g.parts for s in p.shapes if isinstance(s, Rectangle)}
    assert len(boxes) > 10
    for id, box in boxes.items():
        shape = shapes[id]
        found = (shape.left, shape.top, shape.width, shape.height)
        assert found == pytest.approx([x * EMU for x in (box.x, box.y, box.width, box.height)], abs=1)
    for part in (part for group in scene.groups for part in group.parts if part.visible):
        said = "".join(shape.text for shape in part.shapes if isinstance(shape, Text))
        if said:
            assert re.sub(r"\s", "", shapes[part.id].text_frame.text) == re.sub(r"\s", "", said)
        if any(isinstance(shape, Curve) for shape in part.shapes):
            assert part.id in shapes


@pytest.mark.parametrize("size", ["16:9", "4:3"])
def test_texts_lie_where_they_are_in_the_picture(size: str, tmp_path: Path) -> None:
    scene, slide = drawn(cs231n(), tmp_path, size=size)
    shapes = named(slide)
    tested = 0
    for part in (part for group in scene.groups for part in group.parts if part.visible):
        words = [shape for shape in part.shapes if isinstance(shape, Text)]
        if len(words) == len(part.shapes) == 1:
            (word,), shape = words, shapes[part.id]
            middle = word.x + word.width * {"start": 0.5, "middle": 0.0, "end": -0.5}[word.anchor]
            assert abs((shape.left + shape.width / 2) / EMU - middle) < 0.05 * word.width + 0.2 * word.size
            assert shape.top / EMU < word.y < (shape.top + shape.height) / EMU
            (size_of,) = {run.font.size.pt for p in shape.text_frame.paragraphs for run in p.runs}
            assert size_of == pytest.approx(word.size, abs=0.01)
            tested += 1
    assert tested > 10


@pytest.mark.parametrize("name", ["small", "4:3 and dark", "large", "trace", "training"])
def test_wires_are_glued_to_boxes_that_are_there(name: str, tmp_path: Path) -> None:
    DECKS[name](tmp_path / "f.pptx")
    glued = 0
    for slide in opened(tmp_path / "f.pptx").slides:
        shapes = {shape.shape_id: shape for shape in decks.shapes(slide)}
        for shape in shapes.values():
            if shape._element.tag == qn("p:cxnSp"):
                at = decks.ends(shape)
                for end, which in zip(("stCxn", "endCxn"), at, strict=True):
                    glue = shape._element.find(f".//{qn(f'a:{end}')}")
                    site = decks.sites(shapes[int(glue.get("id"))])[int(glue.get("idx"))]
                    assert math.dist(site, which) < 2 * PIXEL
                glued += 1
    assert glued > 5


@pytest.mark.parametrize("name", list(DECKS))
def test_all_coordinates_are_whole_numbers_and_all_ids_differ(name: str, tmp_path: Path) -> None:
    DECKS[name](tmp_path / "f.pptx")
    for slide in opened(tmp_path / "f.pptx").slides:
        ids = [found.get("id") for found in slide._element.iter(qn("p:cNvPr"))]
        assert len(set(ids)) == len(ids)
        places = [e for e in slide._element.iter() if e.tag in (qn("a:off"), qn("a:ext"), qn("a:pt"), qn("a:pos"))]
        numbers = [value for place in places for key, value in place.attrib.items() if key in ("x", "y", "cx", "cy")]
        assert numbers
        assert all(re.fullmatch(r"-?\d+", number) for number in numbers)


def test_a_node_is_a_group_and_says_what_it_is(tmp_path: Path) -> None:
    drawing = viz.draw(cs231n(), tmp_path / "f.pptx")
    groups = {s.name: s for s in opened(tmp_path / "f.pptx").slides[0].shapes if s._element.tag == qn("p:grpSp")}
    for node in drawing.graph.nodes:
        group = groups[f"!!{node.id}"]
        assert {shape.name.split(".")[0] for shape in group.shapes} == {f"!!{node.id}"}
        assert group._element.nvGrpSpPr.cNvPr.get("descr")
    said = [found.get("descr") for found in opened(tmp_path / "f.pptx").slides[0]._element.iter(qn("p:cNvPr"))]
    assert sum("→" in (words or "") for words in said) == len(drawing.graph.edges)


def test_values_are_green_and_gradients_red(tmp_path: Path) -> None:
    scene, slide = drawn(cs231n(), tmp_path)
    shapes = named(slide)
    roles = {part.id: part.role for group in scene.groups for part in group.parts}
    for role, color in (("value", LIGHT.value), ("grad", LIGHT.gradient)):
        found = [decks.colors(shapes[id]) for id, named_as in roles.items() if named_as == role]
        assert found
        assert all(colors == {color[1:].upper()} for colors in found)


def test_texts_have_the_font_of_the_theme(tmp_path: Path) -> None:
    _, slide = drawn(cs231n(), tmp_path)
    fonts = {found.get("typeface") for found in slide._element.iter(qn("a:latin"))}
    assert fonts == {"+mn-lt"}
    theme = zipfile.ZipFile(tmp_path / "f.pptx").read("ppt/theme/theme1.xml").decode()
    assert theme.count('<a:latin typeface="Verdana"') == 2


@pytest.mark.parametrize(
    ("size", "pixels"), [("16:9", (1280, 720)), ("4:3", (960, 720)), ((800, 640), (800, 640)), (None, (1280, 720))]
)
def test_a_slide_has_the_size_asked_for(size: Any, pixels: tuple[int, int], tmp_path: Path) -> None:
    viz.draw(cs231n(), tmp_path / "f.pptx", size=size)
    deck = opened(tmp_path / "f.pptx")
    ratio = deck.slide_width / deck.slide_height
    assert ratio == pytest.approx(pixels[0] / pixels[1], rel=1e-3)
    if size != "4:3":
        assert (deck.slide_width, deck.slide_height) == tuple(side * PIXEL for side in pixels)


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_a_label_stays_the_text_that_it_is(label: str, tmp_path: Path) -> None:
    scene, slide = drawn(hostile(label), tmp_path)
    assert len(slide.shapes) > 5
    written = [
        s.text for g in scene.groups for p in g.parts if p.role == "label" for s in p.shapes if isinstance(s, Text)
    ]
    readable = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff�\s]")
    shown = "|".join(readable.sub("", text) for text in decks.texts(slide))
    for text in written:
        assert readable.sub("", text) in shown


@pytest.mark.parametrize("name", list(DECKS))
def test_the_same_picture_has_the_same_bytes(name: str, tmp_path: Path) -> None:
    for file in ("a.pptx", "b.pptx"):
        DECKS[name](tmp_path / file)
    assert (tmp_path / "a.pptx").read_bytes() == (tmp_path / "b.pptx").read_bytes()


def test_a_large_graph_is_folded_and_says_so(tmp_path: Path) -> None:
    scene, slide = drawn(decks.large(), tmp_path)
    assert any(group.role == "folded" for group in scene.groups)
    assert any("neuron" in text or "layer" in text for text in decks.texts(slide))


def test_without_python_pptx_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    for write in DECKS["small"], DECKS["trace"], DECKS["picture"]:
        with pytest.raises(ImportError, match="pip install python-pptx") as caught:
            write(tmp_path / "f.pptx")
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for write in DECKS["small"], DECKS["trace"], DECKS["picture"]:
        with pytest.raises(FileNotFoundError):
            write(tmp_path / "missing" / "f.pptx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "ending"), [("small", ".pptm"), ("trace", ".ppt"), ("picture", ".key")])
def test_an_unknown_ending_lists_the_endings(name: str, ending: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.pptx"):
        DECKS[name](tmp_path / f"f{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_matplotlib_is_svg_with_png_beside(tmp_path: Path) -> None:
    DECKS["picture"](tmp_path / "f.pptx")
    deck = opened(tmp_path / "f.pptx")
    (picture,) = decks.shapes(deck.slides[0])
    related = deck.slides[0].part.related_part
    blip = picture._element.blipFill.blip
    assert related(blip.get(qn("r:embed"))).blob.startswith(b"\x89PNG")
    (svg,) = blip.iter("{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip")
    assert b"<svg" in related(svg.get(qn("r:embed"))).blob[:1000]
    assert picture._element.nvPicPr.cNvPr.get("descr")
    assert picture.left >= 0
    assert picture.left + picture.width <= deck.slide_width
