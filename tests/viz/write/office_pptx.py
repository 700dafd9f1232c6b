"""Slides as LibreOffice draws them. LibreOffice is large, so `.ci/office` runs these tests alone."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from decks import cs231n, opened
from numpy.typing import NDArray
from PIL import Image

import viz
from microgrAD.nn import MLP
from viz.scene import Curve, Point, Polygon, Rectangle, Scene, Text
from viz.scene_drawing import SceneDrawing

NEAR = 2.0  # pixels
ASCENT = 0.928 / 1.301  # of DejaVu Sans, as a share of the height of pdftotext's boxes
# the largest mean difference of two pictures whose boxes are at the same places, of 1; indices differ in size
ALIKE = {"neuron": 0.006, "network": 0.0095}


def office(file: Path) -> Path:
    """Return the file as a PDF."""
    home = f"-env:UserInstallation={(file.parent / 'office').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", file.parent, file]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return file.with_suffix(".pdf")


def pixels(pdf: Path) -> NDArray[np.float64]:
    subprocess.run(["pdftoppm", "-r", "96", "-png", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    return seen(pdf.with_suffix(".png"))


def seen(file: Path) -> NDArray[np.float64]:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))[:720, :1280] / 255.0


def words(pdf: Path) -> dict[str, list[tuple[float, float]]]:
    """Return where the words of a PDF begin on their baselines, in pixels."""
    text = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True).stdout
    found: dict[str, list[tuple[float, float]]] = {}
    for word in ElementTree.fromstring(text).iter("{http://www.w3.org/1999/xhtml}word"):
        at = {key: float(value) * 96 / 72 for key, value in word.attrib.items()}
        found.setdefault(word.text or "", []).append((at["xMin"], at["yMin"] + ASCENT * (at["yMax"] - at["yMin"])))
    return found


def own_words(scene: Scene) -> dict[str, list[tuple[float, float]]]:
    """Return where the texts of a scene that are a word begin on their baselines, in pixels."""
    found: dict[str, list[tuple[float, float]]] = {}
    for part in (part for group in scene.groups for part in group.parts if part.visible):
        for shape in part.shapes:
            if isinstance(shape, Text) and shape.text and " " not in shape.text:
                left = shape.x - shape.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
                found.setdefault(shape.text, []).append((left * 96 / 72, shape.y * 96 / 72))
    return found


def drawn(name: str) -> SceneDrawing:
    """Return CS231n's neuron, or the lecture's network."""
    if name == "neuron":
        return viz.draw(cs231n(), size="16:9")
    return viz.network(MLP(2, [2, 1], rng=0), [1.0, 2.0], size="16:9")


@pytest.mark.parametrize("name", ALIKE)
def test_words_are_where_our_scene_has_them(name: str, tmp_path: Path) -> None:
    drawing = drawn(name)
    theirs = words(office(drawing.save(tmp_path / "f.pptx")))
    ours = own_words(drawing.scene)
    alike = [word for word in ours if len(ours[word]) == len(theirs.get(word, []))]
    for word in alike:
        assert np.abs(np.subtract(sorted(ours[word]), sorted(theirs[word]))).max() < NEAR, word
    assert len(alike) > 5


def outlines(pdf: Path) -> tuple[list[tuple[float, ...]], list[Point]]:
    """Return the frames of what is drawn in a PDF, and where its lines and arrowheads have their points, in pixels."""
    frames, points = [], list[Point]()
    with pdfplumber.open(pdf) as opened_pdf:
        page = opened_pdf.pages[0]
        for each in (*page.curves, *page.rects, *page.lines):
            frames.append(tuple(each[side] * 96 / 72 for side in ("x0", "top", "x1", "bottom")))
            points += [(x * 96 / 72, y * 96 / 72) for x, y in each["pts"]]
    return frames, points


def lost(scene: Scene, pdf: Path) -> list[str]:
    """Return the boxes, badges and wires of a scene that a PDF does not have at their places."""
    frames, points = map(np.array, outlines(pdf))
    found = []
    for part in (part for group in scene.groups for part in group.parts if part.visible):
        for shape in part.shapes:
            match shape:
                case Rectangle(x=x, y=y, width=width, height=height):
                    sides = np.array([x, y, x + width, y + height]) * 96 / 72
                    away = np.abs(frames - sides).max(axis=1).min()
                case Curve(points=way):
                    away = np.abs(points - np.array(way[0]) * 96 / 72).max(axis=1).min()
                case Polygon(points=corners):  # the tip is the corner that is farthest from the others
                    middle = np.mean(corners, axis=0)
                    tip = max(corners, key=lambda corner: np.hypot(*(np.array(corner) - middle)))
                    away = np.abs(points - np.array(tip) * 96 / 72).max(axis=1).min()
                case _:
                    continue
            if away >= NEAR:
                found.append(f"{part.id}: {type(shape).__name__} is {away:.1f} pixels away")
    return found


@pytest.mark.parametrize("name", ALIKE)
def test_boxes_badges_and_wires_are_where_our_scene_has_them(name: str, tmp_path: Path) -> None:
    drawing = drawn(name)
    assert lost(drawing.scene, office(drawing.save(tmp_path / "f.pptx"))) == []


@pytest.mark.parametrize("name", ALIKE)
def test_the_picture_is_ours(name: str, tmp_path: Path) -> None:
    drawing = drawn(name)
    theirs, ours = pixels(office(drawing.save(tmp_path / "f.pptx"))), seen(drawing.save(tmp_path / "own.png"))
    found = np.abs(theirs - ours).mean()
    assert found < ALIKE[name]


def test_a_box_that_is_moved_by_three_pixels_is_seen(tmp_path: Path) -> None:
    drawing = viz.draw(cs231n(), size="16:9")
    deck, first = opened(drawing.save(tmp_path / "f.pptx")), drawing.graph.nodes[0].id
    group = next(s for s in deck.slides[0].shapes if s.name == f"!!{first}")
    group.left += 3 * 9525
    deck.save(tmp_path / "moved.pptx")
    assert any(
        said.startswith(f"{first}.box: Rectangle is 3.0")
        for said in lost(drawing.scene, office(tmp_path / "moved.pptx"))
    )
