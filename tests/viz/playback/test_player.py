"""The training player in a real browser: every number is Python's, at several epochs and points."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from played import (
    axes,
    between,
    both,
    choose,
    drawn_border,
    expected,
    inside,
    limits_of,
    open_box,
    pixels,
    plane,
    point,
    shade,
    shown,
    taught,
    to_frame,
    whole,
    written,
)
from playwright.sync_api import Page

import viz
from microgrAD.datasets import make_blobs, make_circles, scaling
from microgrAD.nn import MLP, Dropout, Layer, Rescale, Sequential, Standardize
from microgrAD.outputs import outputs, probabilities
from microgrAD.train import History, evaluate, fit
from viz.style import CLASSES, number

X, y = make_circles(80)


@pytest.fixture(scope="module")
def history() -> History:
    return taught(MLP(2, [8, 8, 1], rng=1), X, y, lr=0.03, epochs=200)


@pytest.fixture(scope="module")
def file(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("player") / "training.html"
    viz.player(history, path)
    return path


@pytest.fixture(scope="module")
def four() -> tuple[Any, Any]:
    """Four features, of which the first and the last matter."""
    rows = np.random.default_rng(2).uniform(-1, 1, (60, 4))
    return rows, (rows[:, 0] * rows[:, 3] > 0).astype(int)


# ---------------------------------------------------------------------------------------------- numbers


def test_every_number_is_pythons_at_three_epochs_and_ten_points(page: Page, history: History, file: Path) -> None:
    page.goto(file.as_uri())
    for frame in (0, 37, 200):
        to_frame(page, frame)
        assert page.locator("#epoch").inner_text() == f"epoch {frame}"
        with history.recording.at(frame) as model:
            for k in range(0, 80, 8):
                choose(page, k)
                boxes, said = expected(model, X[k], int(y[k]))
                assert shown(page) == boxes
                assert point(page) == f"point {k + 1} {said}"


@pytest.mark.parametrize(
    ("name", "cells"), [("1.5", [8]), ("2.3", [8 + 8 + 7 + 3]), ("3.1", [8 + 8 + 7 + 2]), ("loss", [3, 2])]
)
def test_what_opens_holds_the_whole_graphs_numbers(
    page: Page, history: History, file: Path, name: str, cells: list[int]
) -> None:
    """Weights, products, sums, the bias and its sum, tanh; of the loss three nodes for class 0 and two for class 1."""
    page.goto(file.as_uri())
    open_box(page, name)
    for frame in (3, 50, 200):
        to_frame(page, frame)
        with history.recording.at(frame) as model:
            for k in range(0, 80, 8):
                choose(page, k)
                trace, boxes = whole(model, X[k], int(y[k]))
                column = int(name[0]) if name != "loss" else 4
                entering = [v for box, v in boxes.items() if box[0] == ("x" if column == 1 else str(column - 1))]
                ids = between(trace, boxes[name], entering)
                values, locals_ = inside(page)
                assert values == {id: both(trace, id) for id in ids}
                assert locals_ == {
                    f"{id}.{index}": f"×{number(local)}"
                    for id in ids
                    for index, local in enumerate(trace.variables[id].partials)
                    if local is not None
                }
                assert len(values) == cells[int(y[k]) % len(cells)]


def test_a_new_point_is_computed_where_it_is_dragged(page: Page, history: History, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-120")
    box = page.locator("#plane svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45, steps=4)
    page.mouse.up()
    page.select_option("#class", "0")
    x = [float(v) for v in (page.get_attribute("#point", "data-x") or "").split()]
    assert np.abs(x).max() < 0.5
    with history.recording.at(120) as model:
        boxes, said = expected(model, x, 0)
    assert shown(page) == boxes
    assert point(page) == f"a new point {said}"


def test_a_typed_point_is_computed_and_another_class_has_another_loss(page: Page, history: History, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-7")
    open_box(page, "loss")
    for k, number_or_fraction in enumerate(("0.25", "-3/4")):
        page.fill(f'[data-feature="{k}"]', number_or_fraction)
        page.press(f'[data-feature="{k}"]', "Enter")
    for target in (0, 1, 0):
        page.select_option("#class", str(target))
        with history.recording.at(7) as model:
            boxes, said = expected(model, [0.25, -0.75], target)
            trace, values = whole(model, [0.25, -0.75], target)
        assert shown(page) == boxes
        assert point(page) == f"a new point {said}"
        assert inside(page)[0] == {id: both(trace, id) for id in between(trace, values["loss"], [values["3.1"]])}
    page.fill('[data-feature="1"]', "north")
    page.dispatch_event('[data-feature="1"]', "change")
    assert page.get_attribute('[data-feature="1"]', "aria-invalid") == "true"
    assert point(page) == f"a new point {said}"


# ---------------------------------------------------------------------------------------------- other networks


@pytest.mark.parametrize("hidden", [[], [2], [1]])
def test_any_depth_and_several_classes(page: Page, tmp_path: Path, hidden: list[int]) -> None:
    rows, targets = make_blobs(30, rng=1)
    history = taught(MLP(2, [*hidden, 3], rng=1), rows, targets, epochs=5)
    viz.player(history, tmp_path / "blobs.html", title="<b>three & more")
    page.goto((tmp_path / "blobs.html").as_uri())
    open_box(page, "loss")
    with history.recording.at(5) as model:
        boxes, said = expected(model, rows[0], int(targets[0]))
        trace, values = whole(model, rows[0], int(targets[0]))
    assert shown(page) == boxes
    assert point(page) == f"point 1 {said}"
    last = [v for name, v in values.items() if name.startswith(f"{len(hidden) + 1}.")]
    assert inside(page)[0] == {id: both(trace, id) for id in between(trace, values["loss"], last)}
    assert page.locator("h1").inner_text() == "<b>three & more"


@pytest.mark.parametrize(
    ("loss", "last", "targets", "reading"),
    [
        ("hinge", ("linear", 1), 2 * y - 1, "signs"),
        ("mse", ("tanh", 1), 2.0 * y - 1, "signs"),
        ("mse", ("sigmoid", 1), y, "probabilities"),
        ("binary_cross_entropy", ("sigmoid", 1), y, "probabilities"),
        ("mse", ("linear", 1), y, "probabilities"),
        ("cross_entropy", ("linear", 2), y, "logits"),
        ("multi_margin", ("linear", 2), y, "logits"),
        ("mse", ("sigmoid", 2), np.eye(2)[y], "probabilities"),
        ("huber", ("linear", 1), X[:, 0] / 2, ""),
    ],
)
def test_outputs_are_read_as_the_loss_has_them(
    page: Page, tmp_path: Path, loss: str, last: tuple[str, int], targets: Any, reading: str
) -> None:
    model = MLP(2, [3, last[1]], activation=["tanh", last[0]], rng=1)
    history = taught(model, X, targets, loss=loss, epochs=4)
    viz.player(history, tmp_path / "x.html")
    page.goto((tmp_path / "x.html").as_uri())
    given = outputs(model, X)
    for k in (0, 1, 5):
        choose(page, k)
        answer = f"answer {number(given[k, 0])}, target {number(float(np.ravel(targets)[k]))}"
        if reading:
            answer = f"= {number(float(probabilities(given, reading)[k, y[k]]))}"
        assert f"{answer}, loss {number(evaluate(model, X[k : k + 1], targets[k : k + 1], loss=loss)[0])}" in point(
            page
        )


def test_inputs_may_be_scaled_first_and_the_scaling_is_seen_inside(page: Page, tmp_path: Path) -> None:
    rows = 100 * X + 7
    model = Sequential(Standardize(*(s.tolist() for s in scaling(rows))), *MLP(2, [4, 1], rng=1).layers)
    history = taught(model, rows, y)
    viz.player(history, tmp_path / "scaled.html")
    page.goto((tmp_path / "scaled.html").as_uri())
    boxes, said = expected(model, rows[0], int(y[0]))
    assert shown(page) == boxes
    assert point(page) == f"point 1 {said}"
    open_box(page, "1.2")
    trace, values = whole(model, rows[0], int(y[0]))
    ids = between(trace, values["1.2"], [values["x1"], values["x2"]])
    assert inside(page)[0] == {id: both(trace, id) for id in ids}
    assert len(ids) == 2 * 2 + 2 + 2 + 1 + 3


def test_a_quantity_of_one_feature_is_a_curve(page: Page, tmp_path: Path) -> None:
    rows = np.linspace(-2, 2, 30)[:, None]
    history = taught(MLP(1, [4, 1], rng=1), rows, np.sin(rows[:, 0]), epochs=20, validation=0.2)
    viz.player(history, tmp_path / "sine.html", feature_names=["time"], target_name="height")
    page.goto((tmp_path / "sine.html").as_uri() + "#frame-13")
    recording = history.recording
    assert recording.held_out is not None
    for k in (0, 23, 24, 29):  # the last six were held out
        choose(page, k)
        x, target = (recording.X[k], recording.y[k]) if k < 24 else (part[k - 24] for part in recording.held_out)
        with recording.at(13) as model:
            trace, boxes = whole(model, x, target, quantity=True)
        assert shown(page) == written(trace, boxes)
        answer, loss = (number(boxes[name].data) for name in ("2.1", "loss"))
        assert point(page) == (
            f"{'held-out ' * (k > 23)}point {k + 1} at ({number(x[0])}): answer {answer}, "
            f"target {number(target)}, loss {loss}"
        )
    for field, typed in (("#wanted", "0.5"), ('[data-feature="0"]', "1.5")):
        page.fill(field, typed)
        page.press(field, "Enter")
    with recording.at(13) as model:
        assert shown(page) == written(*whole(model, [1.5], 0.5, quantity=True))
    assert "held out" in page.locator("#score").inner_text()
    frame = axes(page)
    path = page.get_attribute("#plane .curve", "d") or ""
    drawn = np.array(re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path), dtype=float)
    ((left, right),) = limits_of(recording.X)
    xs = left + (right - left) * (drawn[:, 0] - frame[0]) / frame[2]
    with recording.at(13) as model:
        heights = outputs(model, xs[:, None])[:, 0]
    within = (drawn[:, 1] > frame[1] + 1) & (drawn[:, 1] < frame[1] + frame[3] - 1)
    slope, shift = np.polyfit(heights[within], drawn[within, 1], 1)
    assert within.sum() > 100
    assert drawn[within, 1] == pytest.approx(slope * heights[within] + shift, abs=0.3)


def test_a_quantity_that_is_scaled_back_is_shown_in_its_own_unit(page: Page, tmp_path: Path) -> None:
    targets = 40_000 * X[:, 0] + 300_000
    (mean,), (deviation,) = scaling(targets[:, None])
    network = Sequential(*MLP(2, [3, 1], rng=1).layers, Rescale([mean], [deviation]))
    history = taught(network, X, targets)
    history.loss_unit = "share of the <targets'> variance"
    viz.player(history, tmp_path / "price.html")
    page.goto((tmp_path / "price.html").as_uri())
    trace, boxes = whole(network, X[0], targets[0], quantity=True)
    assert shown(page) == written(trace, boxes)
    assert f"answer {number(outputs(network, X[:1])[0, 0])}, target {number(targets[0])}" in point(page)
    ids = between(trace, boxes["2.1"], [boxes[f"1.{k}"] for k in (1, 2, 3)])
    open_box(page, "2.1")
    assert inside(page)[0] == {id: both(trace, id) for id in ids}
    assert len(ids) == 3 * 2 + 2 + 2 + 2  # products and weights, sums, bias and its sum, back to the unit
    assert "share of the <targets'> variance; click an epoch" in page.locator("h2").all_inner_texts()[1]


def test_a_quantity_of_two_features_is_shaded(page: Page, tmp_path: Path) -> None:
    targets = X[:, 0] * X[:, 1]
    history = taught(MLP(2, [4, 1], rng=1), X, targets)
    viz.player(history, tmp_path / "product.html")
    page.goto((tmp_path / "product.html").as_uri())
    assert shown(page) == written(*whole(history.recording.model, X[0], targets[0], quantity=True))
    answers = pixels(page, "#plane canvas")
    given = outputs(history.recording.model, plane(limits_of(X), len(answers)))[:, 0]
    share = np.clip((given - targets.min()) / np.ptp(targets), 0, 1)
    assert answers.reshape(-1, 3) == pytest.approx(shade(share, *CLASSES[:2]), abs=1.01)


def test_of_many_features_any_two_make_the_plane(page: Page, tmp_path: Path, four: tuple[Any, Any]) -> None:
    rows, targets = four
    history = taught(MLP(4, [6, 1], rng=1), rows, targets, epochs=150)
    viz.player(history, tmp_path / "four.html", feature_names=["a", "b", "c", "d"])
    page.goto((tmp_path / "four.html").as_uri())
    page.select_option("#across", "3")
    page.select_option("#up", "0")
    for k in (0, 7):
        choose(page, k)
        boxes, said = expected(history.recording.model, rows[k], int(targets[k]))
        assert shown(page) == boxes
        assert point(page) == f"point {k + 1} {said}"
        pieces = drawn_border(page, limits_of(rows)[[3, 0]])
        places = np.tile(rows[k], (len(pieces), 1))
        places[:, [3, 0]] = pieces
        assert len(pieces) > 10
        assert np.abs(probabilities(outputs(history.recording.model, places), "logits")[:, 1] - 0.5).max() < 0.06


def test_names_of_all_kinds_stay_text(page: Page, tmp_path: Path, four: tuple[Any, Any]) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    rows, targets = four
    history = taught(MLP(4, [2, 1]), rows, targets, epochs=2)
    viz.player(
        history,
        tmp_path / "x.html",
        title=hostile,
        feature_names=[hostile, "</script>", "c", '"'],
        class_names=[hostile, "&amp;"],
    )
    page.goto((tmp_path / "x.html").as_uri())
    assert page.locator("img").count() == 0
    assert hostile in page.locator(".legend").inner_text()
    assert page.locator("#class option").all_inner_texts() == [hostile, "&amp;"]


def test_names_may_be_numbers() -> None:
    history = taught(MLP(2, [2, 1]), X, y, epochs=1)
    assert '<option value="1">20</option>' in viz.player(history, class_names=[10, 20], feature_names=range(2))


# ---------------------------------------------------------------------------------------------- what is taken


def test_many_epochs_points_and_weights_are_thinned_out(page: Page, tmp_path: Path) -> None:
    rows, targets = make_circles(500)
    history = taught(MLP(2, [24, 24, 1], rng=1), rows, targets, epochs=300)
    path = tmp_path / "large.html"
    viz.player(history, path)
    assert path.stat().st_size < 2_000_000
    rows8, targets8 = make_blobs(40, centers=8)
    assert len(viz.player(taught(MLP(2, [24, 32, 8]), rows8, targets8, epochs=110))) < 2_000_000
    few = viz.player(history, frames=11)
    kept = few.split('"epochs":[')[1].split("]")[0].split(",")
    assert len(kept) <= 11
    assert (kept[0], kept[-1]) == ("0", "300")
    page.goto(path.as_uri())
    assert page.locator("#plane .point").count() == 400
    assert "the first 400 of 500 points" in page.locator(".legend").inner_text()
    boxes, _ = expected(history.recording.model, rows[0], int(targets[0]))
    assert shown(page) == boxes


def test_a_run_without_weights_is_refused(tmp_path: Path) -> None:
    history = fit(MLP(2, [2, 1]), X, y, epochs=2, progress=False)
    with pytest.raises(ValueError, match=r"train with fit\(\.\.\., record=True\)"):
        viz.player(history, tmp_path / "x.html")
    assert not list(tmp_path.iterdir())


def test_what_is_no_history_is_refused() -> None:
    with pytest.raises(TypeError, match=r"the History that fit\(\.\.\., record=True\) returns, got MLP"):
        viz.player(MLP(2, [1]))


@pytest.mark.parametrize(
    ("model", "rows", "targets", "options", "error", "message"),
    [
        (
            MLP(1, [1]),
            np.zeros((4, 1)),
            [0, 1, 1, 0],
            {},
            ValueError,
            "2 to 64 features, or a quantity of 1 to 64, got 1",
        ),
        (MLP(65, [1]), np.zeros((4, 65)), [0, 1, 1, 0], {}, ValueError, "got 65 features"),
        (
            MLP(2, [40, 48, 1]),
            X[:4],
            [0, 1, 1, 0],
            {},
            ValueError,
            "up to 2,000 parameters, and this network has 2,137",
        ),
        (MLP(2, [2]), X[:4], X[:4], {}, ValueError, "one quantity, and this network returns 2 quantities"),
        (
            MLP(2, [3]),
            X[:4],
            [0, 1, 1, 0],
            {},
            ValueError,
            "a row of every class, but there is none of class 'class 2'",
        ),
        (MLP(2, [1]), X[:4], [0, 1, 1, 0], {"class_names": ["a"]}, ValueError, "one name for each of 2 classes"),
        (MLP(2, [1]), X[:4], [0, 1, 1, 0], {"feature_names": ["a"]}, ValueError, "one name for each of 2 features"),
        (
            MLP(2, [1]),
            X[:4],
            [0.5, 1.0, 1.0, 0.0],
            {"class_names": ["a", "b"]},
            ValueError,
            "these targets are a quantity",
        ),
        (
            MLP(2, [1]),
            X[:4],
            [0, 1, 1, 0],
            {"frames": 1},
            ValueError,
            "frames takes a whole number of 2 or more, got 1",
        ),
        (
            MLP(2, [1]),
            X[:4],
            [0, 1, 1, 0],
            {"digits": 0},
            ValueError,
            "digits must be a whole number from 1 to 17, got 0",
        ),
        (MLP(2, [1]), X[:4], [0, 1, 1, 0], {"digits": "4"}, ValueError, "digits must be a whole number from 1 to 17"),
        (MLP(2, [1]), X[:4], [0, 1, 1, 0], {"title": 3}, TypeError, "title takes a text, got int"),
        (MLP(2, [1]), X[:4], [0, 1, 1, 0], {"target_name": 3}, TypeError, "target_name takes a text, got int"),
        (MLP(2, [9]), X[:9], list(range(9)), {}, ValueError, "up to 8 classes, and this network returns 9"),
        (Sequential(Dropout(0.5), Layer(2, 1, activation="linear")), X[:4], [0, 1, 1, 0], {}, TypeError, "no neurons"),
    ],
)
def test_what_can_not_be_played_is_refused(
    model: Any, rows: Any, targets: Any, options: dict[str, Any], error: type[Exception], message: str, tmp_path: Path
) -> None:
    history = fit(model, rows, targets, epochs=1, record=True, progress=False)
    with pytest.raises(error, match=message):
        viz.player(history, tmp_path / "x.html", **options)
    assert not list(tmp_path.iterdir())
