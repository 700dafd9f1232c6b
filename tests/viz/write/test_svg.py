"""The SVG says what the Values say: read back with an XML parser, and laid out by a real browser."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import inputs, karpathy, loss, network

import viz
from microgrAD import Value
from microgrAD.graph import topological
from microgrAD.steps.naming import clean
from viz.style import number

if TYPE_CHECKING:
    from playwright.sync_api import Page

NS = "{http://www.w3.org/2000/svg}"
Element = ElementTree.Element

hostile = st.one_of(
    st.text(max_size=40),
    st.text("<>&\"'|{}\\$%#_^;", min_size=1, max_size=20),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "]]>",
            "-->",
            "&amp;",
            "\x00",
            "\ud800",
            "😀🦊",
            "猫",
            "a" * 200,
            "$\\frac{1}{2}$",
            "\u202eevil",
            "line\nbreak",
            "</title>",
            "' onload='x",
            "\\N",
            "%s",
            "",
        ]
    ),
)


def parsed(drawing: viz.Drawing) -> Element:
    return ElementTree.fromstring(drawing.svg)


def groups(svg: Element) -> dict[str, Element]:
    """The groups of a picture by the ids of what they show."""
    found = {g.get("data-id", ""): g for g in svg.findall(f"{NS}g")}
    assert "" not in found
    return found


def part(svg: Element, id: str) -> str:
    """The text of a part."""
    (found,) = (g for g in svg.iter(f"{NS}g") if g.get("data-id") == id)
    return "".join(text.text or "" for text in found.iter(f"{NS}text"))


def as_number(shown: str) -> float:
    return float(shown.replace("−", "-"))


@given(graphs())
@settings(max_examples=40)
def test_every_number_in_the_picture_is_the_values(root: Value) -> None:
    (root * 1.0).backward()
    root.backward()
    svg = parsed(viz.draw(root, digits=6, engine="embedded"))
    found = groups(svg)
    for k, value in enumerate(topological(root)):
        group = found[f"n{k}"]
        assert float(group.get("data-value", "")) == value.data
        assert float(group.get("data-grad", "")) == value.grad
        assert group.get("data-op", "") == value.op and group.get("data-label", "") == clean(value.label)
        assert as_number(part(svg, f"n{k}.value")) == pytest.approx(value.data, rel=1e-5, abs=1e-300)
        assert as_number(part(svg, f"n{k}.grad")) == pytest.approx(value.grad, rel=1e-5, abs=1e-300)


def test_karpathys_neuron() -> None:
    svg = parsed(viz.draw(karpathy()))
    shown = {part(svg, f"n{k}.label"): (part(svg, f"n{k}.value"), part(svg, f"n{k}.grad")) for k in range(10)}
    assert shown == {
        "x1": ("2", "−1.5"),
        "w1": ("−3", "1"),
        "x1w1": ("−6", "0.5"),
        "x2": ("0", "0.5"),
        "w2": ("1", "0"),
        "x2w2": ("0", "0.5"),
        "sum": ("−6", "0.5"),
        "b": ("6.881", "0.5"),
        "n": ("0.8814", "0.5"),
        "o": ("0.7071", "1"),
    }
    assert [part(svg, f"n{k}.badge") for k in (2, 5, 6, 8, 9)] == ["×", "×", "+", "+", "tanh"]


def test_values_and_gradients_differ_by_place_sign_and_colour() -> None:
    svg = parsed(viz.draw(karpathy()))
    value, grad = (
        next(g for g in svg.iter(f"{NS}g") if g.get("data-id") == f"n0.{k}").find(f"{NS}text")
        for k in ("value", "grad")
    )
    assert value is not None and grad is not None
    assert value.get("fill") != grad.get("fill") and value.get("y") != grad.get("y")
    assert (part(svg, "n0.value.sign"), part(svg, "n0.grad.sign")) == ("=", "∂")
    assert [text for text in groups(svg)["legend"].itertext() if text.strip()] == ["=", "value", "∂", "gradient of o"]


def test_a_root_that_is_handed_a_gradient_has_a_result_beyond_the_picture() -> None:
    x, f = Value(2.0, label="x"), Value(3.0, label="L")
    y = x * f
    y.label = "y"
    y.backward(2.0)
    assert "gradient of L1" in groups(parsed(viz.draw(y)))["legend"].itertext()
    y.backward(1.0)
    assert "gradient of y" in groups(parsed(viz.draw(y)))["legend"].itertext()


@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_before_a_backward_pass_the_picture_says_so(rankdir: str) -> None:
    x = Value(2.0, label="x")
    svg = parsed(viz.draw(x * x, rankdir=rankdir))
    assert part(svg, "n0.grad") == part(svg, "n1.grad") == "–"
    assert "data-grad" not in groups(svg)["n0"].attrib
    assert "no backward pass yet" in "".join(groups(svg)["legend"].itertext())
    assert "no backward pass yet" in (svg.findtext(f"{NS}desc") or "")


def test_local_derivatives_stand_on_the_wires() -> None:
    root = karpathy()
    svg = parsed(viz.draw(root, show_local=True))
    edges = {id: g for id, g in groups(svg).items() if id.startswith("e")}
    locals_ = [p for v in topological(root) for p in v.partials]
    assert [part(svg, f"{id}.local") for id in edges] == [f"×{number(p)}" for p in locals_ if p is not None]
    assert [float(g.get("data-local", "")) for g in edges.values()] == locals_


def test_the_same_operand_twice_is_two_wires_that_can_be_told_apart() -> None:
    a = Value(3.0, label="a")
    svg = parsed(viz.draw(a + a, show_local=True))
    ways = [path.get("d") for id in ("e0", "e1") for path in groups(svg)[id].iter(f"{NS}path")]
    assert len(ways) == len(set(ways)) >= 2


def test_operands_out_of_order_are_numbered() -> None:
    x, y = Value(3.0, label="x"), Value(2.0, label="y")
    svg = parsed(viz.draw((x - y) * (y / x)))
    numbered = {
        id: part(svg, f"{id}.place")
        for id in groups(svg)
        if id.startswith("e") and any(g.get("data-id") == f"{id}.place" for g in svg.iter(f"{NS}g"))
    }
    assert sorted(numbered.values()) == ["1", "2"]
    for id, place in numbered.items():
        assert groups(svg)[id].get("data-index") == str(int(place) - 1)


def test_a_folded_picture_says_how_much_it_hides() -> None:
    root = loss(network(2, 4, 1), [(0, 1)])
    drawing = viz.draw(root, collapse="neuron")
    said = "".join(groups(parsed(drawing))["legend"].itertext())
    assert f"{drawing.graph.hidden} of {len(topological(root))} values are folded away" in said


def test_large_networks_fold_by_themselves_and_say_so() -> None:
    drawing = viz.draw(loss(network(2, 16, 16, 1), [(0, 1)]))
    assert len(drawing.graph.nodes) < 120 < drawing.graph.hidden
    assert "values are folded away" in drawing.svg


# ---------------------------------------------------------------------------------------------- text


@given(hostile, hostile, st.sampled_from(["LR", "TB"]))
@settings(max_examples=80)
def test_a_label_stays_text(label: str, name: str, rankdir: str) -> None:
    root = Value(2.0, label=label) * Value(3.0, label=name)
    root.label = label
    root.backward()
    svg = parsed(viz.draw(root, rankdir=rankdir, engine="embedded"))
    assert {e.tag.removeprefix(NS) for e in svg.iter()} <= {
        "svg",
        "title",
        "desc",
        "g",
        "rect",
        "text",
        "path",
        "polygon",
    }
    assert not {name for e in svg.iter() for name in e.attrib if name.lower().startswith("on") or name == "id"}
    shown, whole = part(svg, "n0.label") if clean(label) else "", clean(label)
    assert shown == whole or shown.endswith("…") and whole.startswith(shown[:-1])
    assert groups(svg)["n0"].get("data-label", "") == "".join(c if c not in "\ufffe\uffff" else "\ufffd" for c in whole)


def test_a_long_label_is_shortened_in_the_picture_and_whole_in_the_title() -> None:
    label = "the loss of the whole training set after the first epoch " * 4
    svg = parsed(viz.draw(Value(1.0, label=label)))
    assert part(svg, "n0.label").endswith("…") and len(part(svg, "n0.label")) < 30
    assert clean(label) in (groups(svg)["n0"].findtext(f"{NS}title") or "")


def test_the_picture_is_told_in_words() -> None:
    svg = parsed(viz.draw(karpathy()))
    assert svg.get("role") == "img" and svg.get("aria-label") == "Computational graph of o = 0.707107"
    assert [child.tag for child in svg][:2] == [f"{NS}title", f"{NS}desc"]
    said = svg.findtext(f"{NS}desc") or ""
    assert said.startswith("10 boxes and 9 wires. x1 = 2, gradient −1.5; ")
    assert "o = tanh of n = 0.707107, gradient 1" in said
    wire = groups(svg)["e0"].findtext(f"{NS}title") or ""
    assert wire.startswith("x1 → x1w1; local derivative -3.0; contributes -1.4999") and wire.endswith("to the gradient")


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans", "Liberation Mono", "Liberation Serif"])
def test_text_fits_its_box_in_a_browser_whatever_its_fonts(page: Page, font: str) -> None:
    x = [Value(-0.0012345, label="weight number one"), Value(8.8888e-8, label="😀🦊 猫"), Value(-7777.0, label="MMMM")]
    root = ((x[0] + x[1]).leaky_relu(0.2) * x[2]).tanh()
    root.backward()
    svg = viz.draw(root).svg.replace("DejaVu Sans, ", "").replace("Verdana", font)
    page.set_content(f"<!doctype html><body style='margin:0'>{svg}</body>")
    outside = page.evaluate("""() => [...document.querySelectorAll('svg > g')].flatMap(group => {
        const box = group.querySelector('g.box rect')
        if (!box) return []
        const room = box.getBoundingClientRect()
        return [...group.querySelectorAll('g.label text, g.value text, g.grad text')].filter(text => {
            const area = text.getBoundingClientRect()
            return area.left < room.left || area.right > room.right
        }).map(text => text.textContent)
    })""")
    assert outside == []


# ---------------------------------------------------------------------------------------------- repeatable

CODE = """
import hashlib, sys
sys.path.insert(0, "tests/shared")
import viz
from networks import karpathy, loss, network
for root in (karpathy(), loss(network(2, 3, 1), [(0, 1)])):
    drawing = viz.draw(root, show_local=True, color_by="grad", engine="embedded")
    for data in (drawing.svg.encode(), drawing.png(), drawing.pdf(), drawing.dot().encode()):
        print(hashlib.sha256(data).hexdigest())
"""


def test_two_processes_give_the_same_bytes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", CODE],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": "/nonexistent", "TZ": zone},
        )
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(set(runs[0].stdout.split())) == 8


def test_a_drawing_keeps_what_it_showed() -> None:
    x = Value(2.0, label="x")
    y = x * x
    y.backward()
    drawing = viz.draw(y)
    before = drawing.svg
    x.data, x.grad, x.label = 100.0, 7.0, "changed"
    assert drawing.svg == before == viz.Drawing(drawing.graph, drawing.scene).svg


def test_pictures_on_one_page_do_not_share_ids() -> None:
    assert ' id="' not in viz.draw(karpathy()).svg


def test_parameters_of_a_network_show_in_frames() -> None:
    svg = parsed(viz.draw(network(2, 2, 1)(inputs(1.0, 2.0))[0]))
    frames = [part(svg, f"{id}.name") for id, g in groups(svg).items() if g.get("class") == "cluster"]
    assert sorted(frames) == ["layer1", "layer2", "neuron1", "neuron1", "neuron2"]
