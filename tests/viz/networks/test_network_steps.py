"""The network as a lecture draws it: its digits, its notations, its media; nothing overlaps, nothing is left out."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from printed import lecture, mazur

import viz
from microgrAD import optim
from microgrAD.gallery import agrees, find, networks
from microgrAD.interpret.passes import passes
from microgrAD.losses import mse
from microgrAD.nn import MLP, Conv2d, Layer, Sequential, Softmax, Standardize
from microgrAD.scalar import Scalar
from microgrAD.train import train_steps
from viz.networks.lettering import Notation
from viz.networks.network_unit import unit_trace
from viz.scene import Group, Part, Scene, Shape, Text, bounds

SGD = partial(optim.SGD, lr=networks.ETA)
HALF = partial(mse, half=True)
SUM = partial(mse, half=True, reduction="sum")


def drawn(**options: Any) -> Scene:
    given: dict[str, Any] = {"loss": HALF, "digits": 5, **options}
    x, y = networks.EXAMPLES[0]
    return viz.network(lecture(), x, y, **given).scene


def _joined(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts of a group; L and its number are one line."""
    waiting: tuple[Shape, ...] = ()
    for part in parts:
        if part.id == "loss.label":
            waiting = part.shapes
        elif part.id == "loss.value":
            yield replace(part, shapes=waiting + part.shapes)
        else:
            yield part


def lines(scene: Scene) -> list[str]:
    """The text of each part, with indices after their letters, in the order of the picture."""
    found = []
    for group in scene.groups:
        for part in _joined(group.parts):
            if texts := [shape.text for shape in part.shapes if isinstance(shape, Text)]:
                found.append(re.sub(" *= ", " = ", "".join(texts)).replace("−", "-"))
    return found


# ---------------------------------------------------------------------------------------------- the printed digits


def test_the_lectures_first_example_forward() -> None:
    said = lines(drawn(stage="forward"))
    assert {"x1 = 0.1", "x2 = 0.1", "o3 = 0.5", "o4 = 0.5", "o5 = 0.5", "L = 0.08", "y = 0.1"} <= set(said)
    assert {"w13 = 0.1", "w14 = -0.1", "w23 = -0.1", "w24 = 0.1", "w35 = -0.1", "w45 = 0.1", "b5 = 0"} <= set(said)
    assert not any("δ" in line or "new" in line or "∂" in line for line in said)


def test_the_lectures_first_example_backward() -> None:
    said = lines(drawn())
    assert {"δ5 = 0.1", "δ4 = 0.0025", "δ3 = -0.0025"} <= set(said)
    assert "∂L/∂w45 = 0.05" in lines(drawn(stage="gradients"))


def test_the_lectures_first_example_updated() -> None:
    said = set(lines(drawn(optimizer=SGD)))
    printed = {
        name.split()[0]: number
        for name, number in find("lecture-network").published.items()
        if name.endswith("after the first example")
    }
    assert len(printed) == 6
    assert {f"new {name} = {number}" for name, number in printed.items()} <= said


def test_mazurs_eight_updated_weights() -> None:
    drawing = viz.network(
        mazur(),
        (0.05, 0.10),
        (0.01, 0.99),
        loss=SUM,
        optimizer=partial(optim.SGD, lr=0.5),
        digits=12,
        notation="w12(2)",
    )
    said = lines(drawing.scene)
    published = find("mazur").published
    places = ["11(1)", "21(1)", "12(1)", "22(1)", "11(2)", "21(2)", "12(2)", "22(2)"]
    for k, place in enumerate(places, 1):
        (line,) = [line for line in said if line.startswith(f"new w{place} = ")]
        assert agrees(published[f"w{k} after"], float(line.partition(" = ")[2]))
    assert any(line.startswith("L = 0.298371108") for line in said)
    assert {"y1 = 0.01", "y2 = 0.99"} <= set(said)


# ---------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize("sizes", [[1], [3, 2], [2, 3, 1]])
def test_the_numbers_are_those_of_a_step_of_training(sizes: list[int]) -> None:
    model = MLP(3, sizes, activation="sigmoid", rng=4)
    x, y = [0.3, -0.7, 1.1], [0.5] * sizes[-1]
    found = passes(model, x, y, optimizer=partial(optim.Adam, lr=0.1), loss="mse")
    before = [p.data for p in model.parameters()]
    targets = [y] if len(y) > 1 else y
    (step,) = train_steps(model, [x], targets, optimizer=partial(optim.Adam, lr=0.1), loss="mse").steps
    assert [found.gradients[p] for p in model.parameters()] == pytest.approx(step.gradient.tolist(), rel=1e-12)
    assert [found.updated[p] for p in model.parameters()] == pytest.approx([u.after for u in step.updates], rel=1e-12)
    assert before == [u.before for u in step.updates]


def test_delta_is_the_gradient_of_a_bias() -> None:
    model = MLP(3, [3, 2], rng=4)
    found = passes(model, [0.3, -0.7, 1.1], [0.5, 0.1], loss="mse")
    for layer in found.layers:
        for unit in layer:
            assert unit.unit.neuron.b is not None
            assert unit.delta == found.gradients[unit.unit.neuron.b]


def test_nothing_changes() -> None:
    model = lecture()
    rule = optim.Adam(model.parameters(), lr=0.1)
    before = [(p.data, p.grad, p.label) for p in model.parameters()]
    viz.network(model, (0.1, 0.1), 0.1, optimizer=rule)
    assert [(p.data, p.grad, p.label) for p in model.parameters()] == before
    assert (rule.steps, rule.state) == (0, {})


def test_parts_around_the_layers_are_passed_through() -> None:
    core = [Layer(2, 3, activation="tanh"), Layer(3, 2, activation="linear")]
    model = Sequential(Standardize([1.0, 2.0], [2.0, 4.0]), *core, Softmax())
    found = passes(model, [3.0, 6.0])
    assert found.inputs == (1.0, 1.0)
    bare = passes(Sequential(*core), [1.0, 1.0])
    assert [u.out for layer in found.layers for u in layer] == [u.out for layer in bare.layers for u in layer]


# ---------------------------------------------------------------------------------------------- notation


@pytest.mark.parametrize(
    ("notation", "weight", "output"),
    [
        ("w12", "w45 = 0.1", "o5 = 0.5"),
        ("w12(2)", "w21(2) = 0.1", "o1(2) = 0.5"),
        ("w12[2]", "w21[2] = 0.1", "o1[2] = 0.5"),
        ("W2_12", "W212 = 0.1", "o12 = 0.5"),
    ],
)
def test_weights_are_called_as_was_asked(notation: str, weight: str, output: str) -> None:
    said = lines(drawn(notation=notation))
    wanted = {weight, output} if notation != "W2_12" else {"W212 = 0.1", "o12 = 0.5"}
    assert wanted <= set(said)


def test_deltas_as_derivatives_and_biases_as_thresholds() -> None:
    model = lecture()
    model.layers[1].neurons[0].b.data = 0.25
    said = lines(viz.network(model, (0.1, 0.1), 0.1, loss=HALF, error="∂", thresholds=True).scene)
    assert "θ5 = -0.25" in said
    assert any(line.startswith("∂L/∂n5 = ") for line in said)


def test_inputs_can_have_names() -> None:
    assert "height = 0.1" in lines(drawn(feature_names=["height", "age"]))


# ---------------------------------------------------------------------------------------------- media


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "tex"])
def test_it_is_saved_in_every_medium(ending: str, tmp_path: Path) -> None:
    drawing = viz.network(lecture(), (0.1, 0.1), 0.1, loss=HALF, optimizer=SGD)
    data = drawing.save(tmp_path / f"network.{ending}").read_bytes()
    assert len(data) > 3000
    if ending == "svg":
        root = ElementTree.fromstring(data)
        assert "2-2-1 network" in "".join(root.itertext())
        assert drawing.svg == data.decode()
    if ending == "tex" and shutil.which("pdflatex"):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "network.tex"], cwd=tmp_path, capture_output=True
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]
        assert "[U+" not in data.decode()


def test_it_goes_on_axes_and_slides() -> None:
    drawing = viz.network(lecture(), (0.1, 0.1), 0.1, size="16:9")
    assert drawing.scene.pixels == (1280, 720)
    left, top, right, bottom = bounds(drawing.scene.groups)
    assert left >= 0 and top >= 0 and right <= drawing.scene.width and bottom <= drawing.scene.height
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert drawing.plot(ax) is ax


def test_parts_can_be_blanked_by_role() -> None:
    from viz.scene import BLANK

    scene = drawn(optimizer=SGD).restyle({"grad": BLANK, "grads": BLANK})
    hidden = [part.id for group in scene.groups for part in group.parts if not part.visible]
    assert {"u3.grad", "u4.grad", "u5.grad"} <= set(hidden)


# ---------------------------------------------------------------------------------------------- layout


def texts(group: Group) -> list[tuple[float, float, float, float]]:
    """The box around all text of a group."""
    found = [shape for part in group.parts for shape in part.shapes if isinstance(shape, Text) and len(shape.text) > 1]
    return [
        (
            t.x - t.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[t.anchor],
            t.y - 0.75 * t.size,
            t.width,
            0.8 * t.size,
        )
        for t in found
    ]


@pytest.mark.parametrize("sizes", [[1], [2, 1], [3, 3, 2], [4, 1], [1, 5], [8, 2], [20, 3]])
@pytest.mark.parametrize("stage", ["forward", "gradients", "update"])
@pytest.mark.parametrize("notation", ["w12", "w12(2)"])
def test_no_text_covers_another(sizes: list[int], stage: str, notation: str) -> None:
    model = MLP(3, sizes, rng=1)
    rule = partial(optim.SGD, lr=0.1) if stage == "update" else None
    drawing = viz.network(
        model, [0.1, -0.2, 0.3], [0.5] * sizes[-1], stage=stage, optimizer=rule, digits=6, notation=notation
    )
    boxes = [(group.id, box) for group in drawing.scene.groups for box in texts(group)]
    for k, (one, (x, y, w, h)) in enumerate(boxes):
        for other, (x2, y2, w2, h2) in boxes[:k]:
            over = min(x + w, x2 + w2) - max(x, x2) > 0.5 and min(y + h, y2 + h2) - max(y, y2) > 0.5
            assert one == other or not over, (one, other)


def test_of_a_large_layer_the_first_and_the_last_units_are_drawn() -> None:
    drawing = viz.network(MLP(20, [300, 2], rng=1), [0.1] * 20, [1.0, 2.0])
    said = lines(drawing.scene)
    assert "… 296 more …" in said and "… 16 more …" in said
    assert sum(group.role == "node" for group in drawing.scene.groups) == 4 + 4 + 2 + 1
    assert any(line.startswith("b21 = ") for line in said)


def test_chosen_units_of_300_are_drawn() -> None:
    model = MLP(64, [300, 10], rng=1)
    drawing = viz.network(model, [0.1] * 64, [1.0] * 10, units={0: [5, 17], 1: [250, 1, 17]}, size="16:9")
    said = lines(drawing.scene)
    assert {"… 62 more …", "… 297 more …", "… 6 more …", "b65 = 0", "b81 = 0", "b314 = 0"} <= set(said)
    assert sum(line.startswith("y") for line in said) == 4
    assert min(t.size for g in drawing.scene.groups for p in g.parts for t in p.shapes if isinstance(t, Text)) > 4


def test_a_large_network_has_the_numbers_of_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    model = MLP(6, [5, 2], rng=2)
    x, y = [0.3, -0.7, 1.1, 0.2, 0.9, -0.4], [0.5, 0.1]
    plain = passes(model, x, y, loss="mse", optimizer=SGD)
    monkeypatch.setattr("microgrAD.interpret.passes.MANY", 1)
    quick = passes(model, x, y, loss="mse", optimizer=SGD)
    for one, other in zip(plain.layers, quick.layers, strict=True):
        for a, b in zip(one, other, strict=True):
            assert (a.net, a.out, a.delta) == pytest.approx((b.net, b.out, b.delta), rel=1e-12)
    for p in model.parameters():
        assert plain.gradients[p] == pytest.approx(quick.gradients[p], rel=1e-12)
        assert plain.updated[p] == plain.weights[p] + plain.changes[p]
    assert not any(neuron.fused for layer in model.layers for neuron in layer.neurons)


def test_the_step_of_each_weight() -> None:
    said = set(lines(drawn(stage="change", optimizer=SGD)))
    assert {"Δw45 = -0.01", "Δw13 = 5e-5", "w13 = 0.1", "Δb5 = -0.02"} <= said


def test_the_picture_says_itself() -> None:
    scene = drawn()
    assert scene.title == "A 2-2-1 network on one example: δ of every unit"
    assert "unit 5: output 0.5, δ 0.1" in scene.description
    (unit,) = [group for group in scene.groups if group.id == "u3"]
    assert float(unit.data["delta"]) == pytest.approx(-0.0025)


@pytest.mark.parametrize("notation", ["w12", "w12(2)", "W2_12"])
@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_a_unit_opens_into_its_graph_with_the_same_numbers(notation: str, activation: str) -> None:
    model = MLP(3, [3, 2], activation=["sigmoid", activation], rng=4)
    x, y = [0.3, -0.7, 1.1], [0.5, 0.1]
    found = passes(model, x, y, loss="mse")
    for layer in found.layers:
        for unit in layer:
            trace = unit_trace(found, unit, Notation(notation, "δ", False))
            (net,) = [v for v in trace.variables.values() if v.name.lstrip("$").startswith("n")] or [trace.root]
            assert (net.data, trace.root.data) == pytest.approx((unit.net, unit.out), rel=1e-14)
            assert trace.derivatives[net.id] == pytest.approx(unit.delta, rel=1e-14)
            neuron = unit.unit.neuron
            slopes = {v.name: trace.derivatives[v.id] for v in trace.variables.values() if not v.op}
            wanted = [found.gradients[p] for p in neuron.parameters()]
            assert sorted(slopes[n] for n in slopes if n.lstrip("$")[0] in "wWb") == pytest.approx(
                sorted(wanted), rel=1e-12
            )
    for size in (None, "16:9"):
        scene = viz.network(model, x, y, loss="mse", notation=notation, open=7, size=size).scene
        assert len({part.id for g in scene.groups for part in g.parts}) == sum(len(g.parts) for g in scene.groups)
        left, top, right, bottom = bounds(scene.groups)
        assert left >= 0 and top >= 0 and right <= scene.width and bottom <= scene.height


def test_a_unit_opens_before_there_is_a_target() -> None:
    assert "unit 5, seen from near" in lines(viz.network(lecture(), (0.1, 0.1), open=5).scene)
    with pytest.raises(ValueError, match="open takes the number of a unit, from 3 to 5"):
        viz.network(lecture(), (0.1, 0.1), open=2)
    with pytest.raises(ValueError, match="up to 12 can be read"):
        viz.network(MLP(20, [2]), [0.1] * 20, open=21)


# ---------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stage": "sideways"}, "stage must be one of"),
        ({"stage": "update"}, "takes an optimizer"),
        ({"stage": "change"}, "takes an optimizer"),
        ({"units": {7: [1]}}, "units takes layers from 0"),
        ({"units": [3]}, "from 1 to 2 in layer 1"),
        ({"notation": "w"}, "notation must be one of"),
        ({"error": "e"}, "error must be one of"),
        ({"theme": "blue"}, "theme must be one of"),
        ({"digits": 0}, "digits must be"),
        ({"dpi": 1}, "dpi must be"),
        ({"feature_names": ["one"]}, "feature_names takes 2 names"),
        ({"optimizer": "newton"}, "optimizer must be one of"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        drawn(**options)


def test_a_target_is_asked_for() -> None:
    with pytest.raises(ValueError, match="takes a target y"):
        viz.network(lecture(), (0.1, 0.1), stage="backward")
    with pytest.raises(ValueError, match="takes a target y"):
        viz.network(lecture(), (0.1, 0.1), optimizer=SGD)
    with pytest.raises(ValueError, match="must end in one of"):
        viz.network(lecture(), (0.1, 0.1)).save("network.doc")


def test_other_models_are_refused() -> None:
    with pytest.raises(TypeError, match="fully connected layers"):
        viz.network(Sequential(Conv2d(1, 1, 2)), np.zeros((1, 3, 3)))
    assert issubclass(type(lecture().parameters()[0]), Scalar)
    assert re.match("<Drawing", repr(viz.network(lecture(), (0.1, 0.1))))
