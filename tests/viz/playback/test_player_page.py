"""The training player's pictures and manners in a real browser: what is drawn, keys, themes, paper, size and speed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from played import drawn_border, limits_of, open_box, pixels, plane, point, shade, taught
from playwright.sync_api import Page

import viz
from microgrAD.datasets import make_blobs, make_circles, make_xor
from microgrAD.interpret.layers import unit
from microgrAD.nn import MLP
from microgrAD.outputs import outputs, probabilities
from microgrAD.train import History
from viz.style import CLASSES, LIGHT, number

X, y = make_circles(80)


@pytest.fixture(scope="module")
def history() -> History:
    return taught(MLP(2, [8, 8, 1], rng=1), X, y, lr=0.03, epochs=200)


@pytest.fixture(scope="module")
def file(history: History, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("player") / "training.html"
    viz.player(history, path)
    return path


# ---------------------------------------------------------------------------------------------- pictures


def test_the_boundary_is_that_of_the_network(history: History, page: Page, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-60")
    pieces = drawn_border(page, limits_of(X))
    with history.recording.at(60) as model:
        p = probabilities(outputs(model, pieces), "logits")[:, 1]
    assert len(pieces) > 20
    assert np.abs(p - 0.5).max() < 0.05


def test_shades_are_probabilities_and_maps_are_what_units_give(history: History, page: Page, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-60")
    answers = pixels(page, "#plane canvas")
    with history.recording.at(60) as model:
        p = probabilities(outputs(model, plane(limits_of(X), len(answers))), "logits")[:, 1]
        assert answers.reshape(-1, 3) == pytest.approx(shade(p, *CLASSES[:2]), abs=1.01)
        page.check("#hard")
        assert pixels(page, "#plane canvas").reshape(-1, 3) == pytest.approx(shade(p > 0.5, *CLASSES[:2]), abs=1.01)
        for layer, neuron in ((1, 4), (2, 8), (3, 1)):
            drawn = pixels(page, f'[data-name="{layer}.{neuron}"] image')
            step = -(-len(answers) // 24)
            places = plane(limits_of(X), len(answers)).reshape(len(answers), len(answers), 2)[::step, ::step]
            given = outputs(unit(model, layer, neuron), places.reshape(-1, 2))[:, 0]
            colors = shade((given / np.abs(given).max() + 1) / 2, LIGHT.flow_negative, LIGHT.flow_positive)
            assert drawn.reshape(-1, 3) == pytest.approx(colors, abs=1.01)


def test_a_unit_under_the_pointer_is_shown_large(history: History, page: Page, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-60")
    answers = pixels(page, "#plane canvas")
    page.locator('[data-name="1.3"] rect').hover()
    drawn, border = pixels(page, "#plane canvas"), drawn_border(page, limits_of(X))
    with history.recording.at(60) as model:
        given = outputs(unit(model, 1, 3), plane(limits_of(X), len(drawn)))[:, 0]
        along = outputs(unit(model, 1, 3), border)[:, 0]
    shares = (given / np.abs(given).max() + 1) / 2
    assert drawn.reshape(-1, 3) == pytest.approx(shade(shares, LIGHT.flow_negative, LIGHT.flow_positive), abs=1.01)
    assert np.abs(along).max() < 0.02
    assert page.locator("#what").inner_text() == "Output of unit 3 of layer 1"
    page.locator("h1").hover()
    assert (pixels(page, "#plane canvas") == answers).all()
    assert page.locator("#what").inner_text() == "Answers of the network"


def test_it_opens_where_it_belongs(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    for name in ("2.3", "1.1", "loss"):
        open_box(page, name)
        frame = page.locator(".inside .frame").bounding_box()
        others = [page.locator(f'[data-name="{other}"]').bounding_box() for other in ("x1", "1.2", "2.2", "3.1")]
        assert frame is not None
        for box in others:  # nothing is hidden, and what leads to it stands on its left
            assert box is not None
            assert (
                box["x"] + box["width"] <= frame["x"]
                or box["x"] >= frame["x"] + frame["width"]
                or box["y"] + box["height"] <= frame["y"]
                or box["y"] >= frame["y"] + frame["height"]
            )
        assert others[0] is not None
        assert others[0]["x"] < frame["x"]
        inner = page.evaluate("""() => { const within = (a, b) => a.left >= b.left && a.right <= b.right
            && a.top >= b.top && a.bottom <= b.bottom;
            const frame = document.querySelector(".inside .frame").getBoundingClientRect();
            return [...document.querySelectorAll(".inside .cell rect")].map((rect) => rect.getBoundingClientRect())
            .every((box) => within(box, frame)); }""")
        assert inner
        assert page.locator(f'[data-opens="{name}"]').is_hidden()
        page.locator(".inside .head").click()
        assert page.locator(".inside").count() == 0


def test_boxes_within_do_not_lie_on_each_other(page: Page, tmp_path: Path) -> None:
    for k, model in enumerate([MLP(2, [3, 4], rng=1), MLP(2, [2, 4], rng=1, fused=True, activation="softplus")]):
        rows, targets = make_blobs(20, centers=4)
        viz.player(taught(model, rows, targets, epochs=2), tmp_path / f"{k}.html")
        page.goto((tmp_path / f"{k}.html").as_uri())
        for name in ("1.1", "2.3", "loss"):
            open_box(page, name)
            boxes = page.evaluate("""() => [...document.querySelectorAll(".inside .cell rect")].map((rect) => {
                const box = rect.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; })""")
            for i, a in enumerate(boxes):
                assert not [b for b in boxes[:i] if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]


def test_lines_between_many_classes_are_where_two_tie(page: Page, tmp_path: Path) -> None:
    rows, targets = make_blobs(60, centers=4, rng=1)
    history = taught(MLP(2, [6, 4], rng=1), rows, targets, epochs=20)
    viz.player(history, tmp_path / "four.html")
    page.goto((tmp_path / "four.html").as_uri())
    ends = drawn_border(page, limits_of(rows))
    p = np.sort(probabilities(outputs(history.recording.model, ends), "logits"), axis=1)
    assert len(ends) > 80
    assert np.median(p[:, -1] - p[:, -2]) < 0.06


def test_the_last_hidden_layer_is_where_the_points_are(page: Page, tmp_path: Path) -> None:
    history = taught(MLP(2, [2, 1], rng=1), *make_xor(), epochs=30)
    viz.player(history, tmp_path / "xor.html")
    page.goto((tmp_path / "xor.html").as_uri() + "#frame-9")
    places = np.array(
        page.evaluate("""() => [...document.querySelectorAll("#latent .point")].map((g) =>
        g.getAttribute("transform").match(/-?[\\d.]+/g).slice(0, 2).map(Number))""")
    )
    with history.recording.at(9) as model:
        h = outputs(lambda x: model.layers[0](x), make_xor()[0])
    for axis in (0, 1):  # a picture is the numbers but for scale and shift
        slope, shift = np.polyfit(h[:, axis], places[:, axis], 1)
        assert places[:, axis] == pytest.approx(slope * h[:, axis] + shift, abs=1e-3)
        assert (slope > 0) == (axis == 0)


# ---------------------------------------------------------------------------------------------- manners


def test_a_click_chooses_a_point_and_keys_go_through_epochs(page: Page, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-10")
    page.locator('#plane [data-point="5"]').dispatch_event("pointerdown")
    assert point(page).startswith("point 6 at")
    page.keyboard.press("ArrowRight")
    assert page.locator("#epoch").inner_text() == "epoch 11"
    page.keyboard.press("Home")
    assert page.locator("#epoch").inner_text() == "epoch 0"
    page.locator("#loss svg").scroll_into_view_if_needed()
    box = page.locator("#loss svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.98, box["y"] + 20)
    assert page.locator("#epoch").inner_text() == "epoch 200"


def test_the_keyboard_alone_reaches_everything(page: Page, file: Path) -> None:
    page.goto(file.as_uri() + "#frame-10")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("""() => { const at = document.activeElement; return at.id || at.dataset.opens ||
            at.dataset.feature || at.dataset.go || at.closest("#plane")?.id || at.localName; }""")
        )
    units = [f"{layer}.{k}" for layer in (1, 2) for k in range(1, 9)]
    assert {
        "theme",
        "plane",
        "hard",
        "number",
        "0",
        "1",
        "class",
        *units,
        "3.1",
        "loss",
        "play",
        "back",
        "next",
        "input",
    } <= set(reached)
    page.focus("#plane svg")
    before = point(page)
    page.keyboard.press("ArrowRight")
    assert point(page).startswith("a new point")
    assert point(page) != before
    assert page.locator("#epoch").inner_text() == "epoch 10"  # the arrows moved the point only
    assert page.locator("#live").inner_text() == point(page)
    page.focus('[data-opens="2.2"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    assert page.locator("#live").inner_text() == "unit 2 of layer 2 is open"
    page.keyboard.press("Escape")
    assert page.locator(".inside").count() == 0
    assert page.evaluate("document.activeElement.dataset.opens") == "2.2"
    page.keyboard.press(" ")
    assert page.locator(".inside").count() == 1
    page.keyboard.press("ArrowRight")
    assert page.locator("#live").inner_text().startswith("epoch 11: loss")


def test_held_out_points_can_be_hidden(page: Page, tmp_path: Path) -> None:
    history = taught(MLP(2, [2, 1]), X, y, validation=0.25, epochs=3)
    viz.player(history, tmp_path / "held.html")
    page.goto((tmp_path / "held.html").as_uri())
    assert page.locator("#plane .held").count() == 20
    assert page.locator("#plane .held >> visible=true").count() == 20
    page.uncheck("#held")
    assert page.locator("#plane .held >> visible=true").count() == 0
    assert f"held out {number(history.test_loss[-1])}" in page.locator("#score").inner_text()


def test_it_opens_at_the_epoch_that_patience_put_back(page: Page, tmp_path: Path) -> None:
    history = taught(MLP(2, [8, 8, 1], rng=0), X, y, lr=0.6, epochs=100, patience=6, validation=0.25)
    best = history.restored
    assert 0 < best < history.epochs
    viz.player(history, tmp_path / "back.html", frames=3)
    page.goto((tmp_path / "back.html").as_uri())
    assert page.locator("#epoch").inner_text() == f"epoch {best}, put back at the end"
    recording = history.recording
    p = probabilities(outputs(recording.model, recording.X[:1]), "logits")[0, recording.y[0]]
    assert f") = {number(p)}, loss" in page.locator("#point").inner_text()  # as the model answers now
    assert page.locator("#score").inner_text().startswith(f"loss {number(history.loss[history.end])}, ")
    assert f"put back: epoch {best}" in page.locator("#loss text").all_text_contents()
    page.keyboard.press("End")
    assert page.locator("#epoch").inner_text() == f"epoch {history.epochs}"
    recording.epochs[best] = recording.epochs[best - 1]  # as if it had not been recorded
    viz.player(history, tmp_path / "rare.html")
    page.goto((tmp_path / "rare.html").as_uri())
    assert page.locator("#epoch").inner_text() == f"epoch {history.epochs}"
    assert page.locator("#loss .restored").count() == 1


def test_a_run_without_patience_has_nothing_put_back(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    assert page.locator("#loss .restored").count() == 0
    assert page.locator("#epoch").inner_text() == "epoch 200"


def test_long_names_stay_on_a_phone(page: Page, tmp_path: Path) -> None:
    viz.player(
        taught(MLP(2, [2, 1]), X, y, epochs=2),
        tmp_path / "long.html",
        title="t" * 80,
        class_names=["c" * 60, "d" * 60],
        feature_names=["f" * 60, "g" * 60],
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((tmp_path / "long.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_follows_the_theme_the_width_and_the_paper(page: Page, file: Path) -> None:
    frames = """() => { const [canvas, axes] = ["#plane canvas", "#plane .axes rect"].map((name) =>
        document.querySelector(name).getBoundingClientRect());
        return ["left", "top", "right", "bottom"].map((side) => Math.abs(canvas[side] - axes[side])); }"""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(file.as_uri())
    open_box(page, "2.3")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert max(page.evaluate(frames)) < 1
    shaded = "document.querySelector('canvas').toDataURL()"
    light = page.evaluate(shaded)
    page.click("#theme")
    page.click("#theme")
    assert page.locator("#theme span").inner_text() == "dark"
    assert page.evaluate(shaded) != light
    dark = page.evaluate(shaded)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(shaded) == light  # on paper it is never dark
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(shaded) == dark
    page.emulate_media(media="print")
    assert max(page.evaluate(frames)) < 1
    assert page.locator("nav").is_hidden()
    assert page.locator("#choice label >> visible=true").count() == 0


def test_the_page_is_small_and_quick(page: Page, file: Path) -> None:
    """100 ms of script time on the page's own thread, so that others who use this machine count for nothing."""
    assert file.stat().st_size < 2_000_000
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(m["value"]) for m in metrics if m["name"] == "ScriptDuration")

    found = []
    for _ in range(3):
        page.goto("about:blank")
        page.goto(file.as_uri())
        times = [0.0, spent()]  # of this document
        for target, event in (('#plane [data-point="3"]', "pointerdown"), ('[data-opens="2.3"]', "click")):
            page.dispatch_event(target, event)
            times.append(spent())
        found.append(np.diff(times))
    opening, point, neuron = np.median(found, axis=0)
    assert 1 < opening < 100  # and it was measured
    assert 0 < point < 100
    assert 0 < neuron < 100


# ---------------------------------------------------------------------------------------------- what trained it


def test_the_mean_gradient_is_that_of_all_points(history: History, page: Page, file: Path) -> None:
    from microgrAD.losses import binary_cross_entropy_with_logits

    page.goto(file.as_uri() + "#frame-5")
    page.wait_for_selector(".network .mean:not(:empty)")
    page.wait_for_timeout(400)
    with history.recording.at(history.recording.epochs.index(5)) as model:
        sums = [0.0] * 8
        for row, target in zip(X.tolist(), y.tolist(), strict=True):
            hidden = model.layers[0](row)
            binary_cross_entropy_with_logits(model.layers[2](model.layers[1](hidden)), target).backward()
            sums = [a + h.grad / len(X) for a, h in zip(sums, hidden, strict=True)]
    found = page.locator("[data-name^='1.'] .mean").all_text_contents()
    assert [text.removeprefix("∂̄ ") for text in found] == [number(g) for g in sums]


def test_it_says_what_trained_it_and_keeps_network_and_plane_together(page: Page, file: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(file.as_uri())
    said = page.locator("#trained").inner_text()
    assert said.startswith("MLP(2, [8, 8, 1]")
    assert "Adam(lr=0.03" in said
    assert "all rows a step · 200 epochs · seed 0" in said
    for part in ("#wiring", "#plane"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 670
    assert file.stat().st_size < 400_000


def test_it_opens_in_the_playground_with_its_weights(history: History, page: Page, tmp_path: Path) -> None:
    from playing import message, ready, weights

    viz.player(history, tmp_path / "run.html", playground="play.html")
    viz.playground(path=tmp_path / "play.html")
    page.goto((tmp_path / "run.html").as_uri() + "#frame-7")
    page.click("#to-playground")
    page.wait_for_selector("#diagram")
    ready(page)
    assert message(page) == ""
    with history.recording.at(7) as model:
        assert weights(page).tolist() == [p.data for p in model.parameters()]
    assert page.input_value("#rule") == "adam"
    with pytest.raises(ValueError, match="up to 8 hidden layers of up to 12 units"):
        viz.player(taught(MLP(2, [13, 1]), X, y, epochs=2), playground="play.html")
