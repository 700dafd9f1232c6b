"""A scene can be restyled part by part, and the frames of a film keep their place."""

from __future__ import annotations

import io
import math
from functools import partial
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from networks import karpathy
from PIL import Image

import microgrAD
import viz
from microgrAD import Value
from microgrAD.graph import topological
from viz.compose import compose, contents, plan, widest
from viz.graph.nodes import Graph, read
from viz.layout import curves, graphviz
from viz.layout.arrange import arrange
from viz.layout.plan import Rect
from viz.scene import BLANK, Change, Curve, Group, Part, Rectangle, Scene, Text, bounds, moved
from viz.style import Look
from viz.write import svg


def parts(scene: Scene) -> dict[str, Part]:
    found = [part for group in scene.groups for part in group.parts]
    assert len({part.id for part in found}) == len(found)  # every part can be named
    return {part.id: part for part in found}


def scene() -> Scene:
    return viz.draw(karpathy(), show_local=True).scene


def test_every_value_gradient_and_edge_is_a_part_of_its_own() -> None:
    found = parts(scene())
    for k in range(10):
        assert {f"n{k}.box", f"n{k}.label", f"n{k}.value", f"n{k}.value.sign", f"n{k}.grad"} <= found.keys()
    assert {f"e{k}.{what}" for k in range(9) for what in ("line", "local")} <= found.keys()


@pytest.mark.parametrize("id", ["n3.grad", "n3.value", "e2.line", "e2.local", "n2.badge", "n0.label"])
def test_a_part_is_changed_by_itself(id: str) -> None:
    before = scene()
    after = before.restyle({id: BLANK})
    changed = {key for key, part in parts(after).items() if part != parts(before)[key]}
    assert changed == {id}
    assert not parts(after)[id].visible and parts(before)[id].visible
    (group,) = (
        g
        for g in ElementTree.fromstring(svg.write(after)).iter("{http://www.w3.org/2000/svg}g")
        if g.get("data-id") == id
    )
    assert group.get("visibility") == "hidden"


def test_groups_and_roles_are_changed_together_and_a_parts_own_change_wins() -> None:
    changes = {"grad": BLANK, "n3": Change(opacity=0.25), "n3.grad": Change(visible=True, opacity=1.0)}
    after = parts(scene().restyle(changes))
    assert [after[f"n{k}.grad"].visible for k in (2, 3)] == [False, True]
    assert (after["n3.value"].opacity, after["n3.grad"].opacity, after["n2.value"].opacity) == (0.25, 1.0, 1.0)


@pytest.mark.parametrize("options", [{"size": "16:9"}, {}], ids=str)
def test_a_label_stands_in_a_gap_of_its_own_wire_and_off_the_others(options: dict[str, Any]) -> None:
    root = microgrAD.parse("a = x*y; b = a*z; where(c, a, b) + max(a, b)**2 - abs(x)", x=-1, y=2, z=3, c=0)
    found = parts(viz.draw(root, show_local=True, engine="embedded", **options).scene)
    lines = {
        id: [shape.points for shape in part.shapes if isinstance(shape, Curve)]
        for id, part in found.items()
        if id.endswith(".line")
    }
    crossed = 0
    for id, part in found.items():
        if id.endswith(".local"):
            (label,) = (shape for shape in part.shapes if isinstance(shape, Text))
            before, after = lines[id.replace("local", "line")]
            middle = ((before[-1][0] + after[0][0]) / 2, (before[-1][1] + after[0][1]) / 2 + 0.36 * label.size)
            assert math.dist(middle, (label.x, label.y)) < 0.5 * label.size
            box = (label.x - label.width / 2, label.y - 0.7 * label.size, label.x + label.width / 2, label.y)
            crossed += sum(curves.touches(way, [box], 0.0) for ways in lines.values() for way in ways)
    assert crossed <= 1


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize(
    "text",
    [
        "(x + x) * (x * x) + x / x",
        "sum(x*x, x/x, x - x, x**2, x**x, max(x, x))",
        "sum([x, x, x, x, x, x, x, x, x, x])",
        "(x**3 - 3*x) * exp(x) / x + x*x*x",
        "dot([x, x, x], [x, y, y])",
    ],
)
def test_labels_of_wires_that_start_in_one_box_keep_off_each_other(text: str, rankdir: Any) -> None:
    names = {name: 1.5 for name in "xy" if name in text.replace("exp", "").replace("max", "")}
    drawing = viz.draw(microgrAD.parse(text, **names), show_local=True, rankdir=rankdir, engine="embedded")
    labels = [
        Rect(shape.x, shape.y - 0.36 * shape.size, shape.width, 0.72 * shape.size)
        for id, part in parts(drawing.scene).items()
        if id.endswith(".local")
        for shape in part.shapes
        if isinstance(shape, Text)
    ]
    assert len(labels) == len(drawing.graph.edges)
    assert [(a, b) for k, a in enumerate(labels) for b in labels[:k] if a.overlaps(b)] == []


def test_changes_reach_the_shapes() -> None:
    after = parts(
        scene().restyle(
            {
                "e0.line": Change(color="#E69F00", weight=2),
                "n0.value": Change(text="?"),
                "n0.box": Change(fill="#F0E442"),
            }
        )
    )
    before = parts(scene())
    line, was = after["e0.line"].shapes[0], before["e0.line"].shapes[0]
    assert isinstance(line, Curve) and isinstance(was, Curve)
    assert (line.line, line.weight, line.points) == ("#E69F00", 2 * was.weight, was.points)
    text, box = after["n0.value"].shapes[0], after["n0.box"].shapes[0]
    assert isinstance(text, Text) and text.text == "?"
    assert isinstance(box, Rectangle) and box.fill == "#F0E442"


def test_a_part_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"the scene has no e99, n3\.gradient"):
        scene().restyle({"n3.gradient": BLANK, "e99": BLANK})


def test_what_is_blank_is_not_in_a_png() -> None:
    drawing = viz.draw(karpathy(), dpi=40)
    blank = viz.Drawing(drawing.graph, drawing.scene.restyle(dict.fromkeys(parts(drawing.scene), BLANK)), dpi=40)
    assert np.ptp(np.asarray(Image.open(io.BytesIO(blank.png())).convert("RGB"))) == 0
    assert np.ptp(np.asarray(Image.open(io.BytesIO(drawing.png())).convert("RGB"))) > 200


def test_all_of_a_scene_is_on_its_sheet() -> None:
    for drawing in (
        viz.draw(karpathy()),
        viz.draw(karpathy(), size="16:9"),
        viz.draw(Value(1.0, label="x" * 300)),
        viz.draw(karpathy(), rankdir="TB", legend=False),
    ):
        left, top, right, bottom = bounds(drawing.scene.groups)
        assert left >= 0 and top >= 0 and right <= drawing.scene.width and bottom <= drawing.scene.height


def states() -> list[Graph]:
    """One expression before and after backward, and with other numbers."""
    root = karpathy()
    after = read(root)
    for value in topological(root):
        value.grad = 0.0
    before = read(root)
    for value in topological(root):
        value.data, value.grad = -123456.7, 1.2345e-17
    return [before, after, read(root)]


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_frames_laid_out_once_at_their_widest_keep_their_place(rankdir: str) -> None:
    look = Look(rankdir=rankdir, inline=rankdir == "TB")
    graphs = states()
    boxes = widest(contents(graph, look) for graph in graphs)
    placed = arrange(plan(graphs[0], boxes, look), partial(graphviz.place, engine="embedded"))
    frames = [compose(graph, widest([boxes, contents(graph, look)]), placed, look) for graph in graphs]
    assert len({(frame.width, frame.height) for frame in frames}) == 1
    for id in ("n0.box", "n9.box", "n6.badge"):
        assert len({repr(parts(frame)[id].shapes[0]) for frame in frames}) == 1
    lines = [{id: part for id, part in parts(frame).items() if part.role == "line"} for frame in frames]
    assert lines[0] == lines[1] == lines[2]
    for frame in frames:  # and what is written fits
        for k in range(10):
            box = parts(frame)[f"n{k}.box"].shapes[0]
            assert isinstance(box, Rectangle)
            for what in ("label", "value", "grad"):
                text = parts(frame)[f"n{k}.{what}"].shapes[0]
                assert isinstance(text, Text) and box.x < text.x and text.x + text.width < box.x + box.width


def test_the_colour_of_gradients_follows_their_sign_and_size() -> None:
    drawing = viz.draw(karpathy(), color_by="grad")
    found = parts(drawing.scene)
    fills = {
        id: box.fill for id in ("n0", "n1", "n3", "n4") if isinstance(box := found[f"{id}.box"].shapes[0], Rectangle)
    }
    assert len(set(fills.values())) == 4  # −1.5, 1, 0.5, 0
    weights = [line.weight for k in (0, 1, 2, 3) if isinstance(line := found[f"e{k}.line"].shapes[0], Curve)]
    assert weights[0] > weights[1] > weights[2]  # −1.5, 1, 0.5
    plain = parts(viz.draw(karpathy()).scene)["n4.box"].shapes[0]
    assert isinstance(plain, Rectangle) and fills["n4"] == plain.fill


def test_options_take_things_away() -> None:
    bare = viz.draw(karpathy(), show_ops=False, legend=False).scene
    assert not {part.role for part in parts(bare).values()} & {"badge", "legend"}
    assert "e0.local" not in parts(viz.draw(karpathy()).scene)


def group(*shapes: Any) -> Group:
    return Group("g", "node", (Part("g.part", "part", shapes),))


def test_bounds_of_text_go_by_its_anchor() -> None:
    for anchor, left, right in (("start", 100.0, 140.0), ("middle", 80.0, 120.0), ("end", 60.0, 100.0)):
        text = Text(100.0, 50.0, "words", 12.0, "#000", anchor=anchor, width=40.0)  # type: ignore[arg-type]
        assert bounds([group(text)]) == (left, 38.0, right, 53.0)


def test_what_is_moved_is_scaled_whole() -> None:
    box = Rectangle(1.0, 2.0, 30.0, 10.0, radius=4.0, weight=2.0, dash=(3.0, 1.0), line="#000")
    text = Text(5.0, 6.0, "words", 12.0, "#000", width=20.0)
    curve = Curve(((0.0, 0.0), (1.0, 1.0), (2.0, 1.0), (3.0, 0.0)), "#000", weight=2.0, dash=(3.0,))
    scaled = moved(group(box, text, curve), 10.0, 20.0, 0.5).parts[0].shapes
    assert scaled[0] == Rectangle(10.5, 21.0, 15.0, 5.0, radius=2.0, weight=1.0, dash=(1.5, 0.5), line="#000")
    assert scaled[1] == Text(12.5, 23.0, "words", 6.0, "#000", width=10.0)
    assert scaled[2] == Curve(((10.0, 20.0), (10.5, 20.5), (11.0, 20.5), (11.5, 20.0)), "#000", weight=1.0, dash=(1.5,))
