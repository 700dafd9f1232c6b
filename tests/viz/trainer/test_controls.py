"""Every control of the playground by mouse and by keyboard; weights by hand, the microscope, time, points."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playing import LATER, alive, epoch, message, opened, taken, trained, until, weights
from playwright.sync_api import Page

from microgrAD.losses import binary_cross_entropy_with_logits
from microgrAD.nn import MLP

MINUS = "−"


def number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


def setting(page: Page, name: str, value: str) -> None:
    """Wait until the address has a setting."""
    until(page, "([n, v]) => new URLSearchParams(location.hash.slice(1)).get(n) === v", [name, value], seconds=10)


# ---------------------------------------------------------------------------------------------- settings

TYPED = {
    "lr": "0.25", "l1": "0.002", "l2": "0.004", "batch": "7", "dropout": "0.3", "clip": "2", "seed": "11",
    "dataseed": "12", "formula": "x^2",
}  # fmt: skip
CHOSEN = {
    "rule": "rmsprop", "act": "relu", "loss": "hinge", "schedule": "cosine", "init": "uniform", "colors": "green",
    "speed": "slow",
}  # fmt: skip
SLID = {"n": "310", "noise": "0.09", "share": "0.3"}
BOXES = {"hard": "1", "heldout": "0", "stop": "0"}
IN_MORE = {"dropout", "clip", "seed", "dataseed", "schedule", "init", "colors", "stop", "out"}


def shown(page: Page, folder: Path, name: str) -> Page:
    opened(page, folder, "#data=formula" if name == "formula" else "#loss=squared" if name == "out" else "")
    if name in IN_MORE:
        page.click("[data-opens-dialog=more]")
    return page


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize("name", [*TYPED, *CHOSEN, *SLID, *BOXES, "out"])
def test_every_setting(page: Page, tmp_path: Path, name: str, keys: bool) -> None:
    control = shown(page, tmp_path, name).locator(f"[data-set={name}]")
    if keys:
        control.focus()
    if name in TYPED:
        if not keys:
            control.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(TYPED[name])
        page.keyboard.press("Tab")
        setting(page, name, TYPED[name])
    elif name in BOXES:
        page.keyboard.press("Space") if keys else control.click()
        setting(page, name, BOXES[name])
    elif name in SLID:
        if keys:
            page.keyboard.press("ArrowRight")
            setting(page, name, SLID[name])
        else:
            box = control.bounding_box()
            assert box
            page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
            until(page, "(n) => Number(new URLSearchParams(location.hash.slice(1)).get(n)) > .4", name)
    else:
        value = CHOSEN.get(name, "sigmoid")
        if keys:  # a letter goes to the option that begins with it
            label = control.locator(f"option[value={value}]").inner_text()
            page.keyboard.type(label)
            page.keyboard.press("Tab")
        else:
            control.select_option(value)
        until(page, "([n, v]) => document.querySelector(`[data-set=${n}]`).value === v", [name, value])
        setting(page, name, ".".join([value]))
    assert message(page) == ""


def test_every_setting_of_the_page_is_tested(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    found = page.evaluate("() => [...document.querySelectorAll('[data-set]')].map((e) => e.dataset.set)")
    assert set(found) == {*TYPED, *CHOSEN, *SLID, *BOXES, "out", "classes", "across", "up"}


def test_what_is_not_allowed_is_said_and_changes_nothing(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    page.fill("#lr", "fast")
    page.keyboard.press("Tab")
    until(page, "() => !document.querySelector('#message').hidden")
    assert message(page) == "learning rate takes a number from 0 to 1000, got fast; it stays as it was"
    assert page.get_attribute("#lr", "aria-invalid") == "true"
    assert alive(page)


def test_keys_play_step_and_start_again(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    first = weights(page)
    page.locator("h1").click()
    page.keyboard.press("Space")
    until(page, LATER, 2)
    page.keyboard.press("Space")
    until(page, "() => document.querySelector('#play').getAttribute('aria-pressed') === 'false'")
    page.wait_for_timeout(200)
    before = epoch(page)
    page.keyboard.press("ArrowRight")
    until(page, LATER, before)
    page.keyboard.press("r")
    until(page, "() => document.querySelector('#epoch').textContent === '0'")
    assert (weights(page) == first).all()
    page.keyboard.press("b")
    page.keyboard.press("e")
    page.wait_for_timeout(300)
    assert (weights(page) != first).any()
    page.keyboard.press("n")
    setting(page, "dataseed", "1")


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keyboard"])
def test_the_shape_of_the_network(page: Page, tmp_path: Path, keys: bool) -> None:
    opened(page, tmp_path)

    def press(selector: str) -> None:
        if keys:
            page.locator(selector).focus()
            page.keyboard.press("Enter")
        else:
            page.click(selector)

    press("#layers-more")
    setting(page, "net", "4.4")
    press("[data-units='2+']")
    setting(page, "net", "4.5")
    press("[data-units='1−']")
    setting(page, "net", "3.5")
    press("#layers-less")
    setting(page, "net", "3")
    press("#inputs input[value=sq1]") if not keys else (
        page.locator("#inputs input[value=sq1]").focus(),
        page.keyboard.press("Space"),
    )
    setting(page, "inputs", "x1.x2.sq1")
    assert len(weights(page)) == 3 * 4 + 4


def test_arrows_go_through_the_network(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#net=3.2")
    page.locator("[data-node='0.1']").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.node") == "2.2"
    name = re.compile(r"^unit 2 of layer 2, gives −?[\d.e−]+, δ −?[\d.e−]+$")
    assert page.get_by_role("button", name=name).count() == 1
    page.keyboard.press("Enter")
    assert page.is_visible("#scope")
    page.keyboard.press("Escape")
    assert not page.is_visible("#scope")
    assert page.evaluate("document.activeElement.dataset.node") == "2.2"


# ---------------------------------------------------------------------------------------------- the microscope


def scalar(page: Page, sizes: list[int]) -> tuple[MLP, list[str]]:
    """Python's network with the page's weights, and the points learned from, as lines of CSV."""
    model = MLP(sizes[0], sizes[1:])
    for p, w in zip(model.parameters(), weights(page), strict=True):
        p.data = float(w)
    return model, taken(page, "csv").splitlines()[1:]


@pytest.mark.parametrize("mean", [False, True], ids=["one point", "mean"])
def test_the_microscope_has_pythons_values_and_gradients(page: Page, tmp_path: Path, mean: bool) -> None:
    opened(page, tmp_path, "#data=moons&n=20&net=3.2&share=0")
    trained(page, 3)
    model, lines = scalar(page, [2, 3, 2, 1])
    rows = [[float(cell) for cell in line.split(",")] for line in lines][: 20 if mean else 1]
    for row in rows:
        (binary_cross_entropy_with_logits(model(row[:2]), row[2]) / len(rows)).backward()
    page.click("[data-node='2.2']")
    if mean:
        page.check("#scope-mean")
    expected = [p.grad for p in model.layers[1].neurons[1].parameters()]
    until(page, "() => document.querySelectorAll('#scope-weights .grad')[3]?.textContent")
    page.wait_for_timeout(300)
    found = [number(text.removeprefix("∂ ")) for text in page.locator("#scope-weights .grad").all_inner_texts()]
    assert found == pytest.approx(expected, rel=2e-3, abs=1e-9)


def test_a_step_spells_out_its_arithmetic(page: Page, tmp_path: Path) -> None:
    for rule, lines in (("sgd", 1), ("momentum", 2), ("nesterov", 2), ("rmsprop", 2), ("adam", 4), ("adamw", 4)):
        opened(page, tmp_path, f"#data=moons&n=40&rule={rule}&lr=0.03")
        trained(page, 2)
        before = weights(page)
        page.click("[data-node='1.1']")
        page.click("#step-batch")
        until(page, "(n) => document.querySelectorAll('#scope-weights .arithmetic span').length === n", 3 * lines)
        said = page.locator("#scope-weights .weight-row").first.locator(".arithmetic span").all_inner_texts()
        page.keyboard.press("Escape")
        after = weights(page)
        assert number(said[-1].rpartition(" = ")[2]) == pytest.approx(after[0], rel=1e-3)
        assert number(re.findall(r"−?[\d.]+(?:e−?\d+)?", said[-1])[1 if rule == "adamw" else 0]) == pytest.approx(
            0.03 if rule == "adamw" else before[0], rel=1e-3) or rule == "adamw"  # fmt: skip
        if rule == "sgd":
            w, lr, g = (number(x) for x in re.findall(r"−?[\d.]+(?:e−?\d+)?", said[0].replace(" − ", " ; "))[:3])
            assert w - lr * g == pytest.approx(after[0], rel=1e-3, abs=1e-4)


def test_the_check_compares_with_scalar_graphs(page: Page, tmp_path: Path) -> None:
    for hash in ("#data=moons", "#data=blobs&classes=4&act=relu", "#data=sine&loss=huber", "#data=moons&loss=hinge",
                 "#data=yin-yang&loss=squared&act=gelu&net=4"):  # fmt: skip
        opened(page, tmp_path, hash)
        trained(page, 1)
        page.click("#check")
        until(page, "() => document.querySelector('#check-said').textContent.includes('Checked')")
        most = re.search(r"to ([\d.]+e−?\d+)", page.inner_text("#check-said"))
        assert most
        assert number(most[1]) < 1e-12


def test_lessons_of_a_unit_run(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    from microgrAD.cli import main

    monkeypatch.chdir(tmp_path)
    opened(page, tmp_path, "#data=moons&net=3.2")
    page.click("[data-node='2.1']")
    for command in ("step", "exercise"):
        page.click(f"[data-command={command}]")
        line = page.input_value("#out-text")
        page.click("#sharing [data-closes]")
        program, *arguments = shlex.split(line)
        assert program == "microgrAD"
        assert main(arguments) == 0
        assert (tmp_path / f"{command}.html").stat().st_size > 10_000


# ---------------------------------------------------------------------------------------------- weights by hand


def test_a_weight_is_typed(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    page.click("[data-node='1.2']")
    page.fill("#scope-weights input >> nth=1", "-1/4")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.fill("#scope-weights input >> nth=2", "0.5")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    assert weights(page)[4:6].tolist() == [-0.25, 0.5]


def test_a_dragged_weight_foretells_the_change_of_the_loss(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&share=0&net=3")
    trained(page, 2)
    ends = page.evaluate("""() => ["0.1", "1.1"].map((n) => { const r = document.querySelector(`[data-node="${n}"]`)
        .getBoundingClientRect(); return [r.left, r.right, (r.top + r.bottom) / 2]; })""")
    page.mouse.move((ends[0][1] + ends[1][0]) / 2, (ends[0][2] + ends[1][2]) / 2)
    assert page.inner_text("#weight-name") == "weight from x1 to 1.1"
    page.mouse.click((ends[0][1] + ends[1][0]) / 2, (ends[0][2] + ends[1][2]) / 2)
    before, loss = weights(page), number(page.inner_text("#metric-learn").split(",")[0])
    page.locator("#weight-drag").focus()
    page.keyboard.press("ArrowRight")
    until(page, "() => document.querySelector('#weight-said').textContent")
    page.wait_for_timeout(200)
    said = page.inner_text("#weight-said")
    slope, move, told, true = (number(x) for x in re.findall(r"−?\d[\d.]*(?:e−?\d+)?", said))
    after = weights(page)
    assert move == pytest.approx(after[0] - before[0], rel=1e-2)
    assert told == pytest.approx(slope * move, rel=2e-2)
    assert number(page.inner_text("#metric-learn").split(",")[0]) - loss == pytest.approx(true, abs=2e-4)
    assert told == pytest.approx(true, rel=0.3, abs=1e-4)


def test_what_is_drawn_again_is_the_same(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&net=3.3")
    trained(page, 1)
    page.mouse.move(640, 700)
    page.wait_for_timeout(300)
    network = "document.querySelector('#diagram canvas').toDataURL()"
    before: Any = page.evaluate(network)
    ends = page.evaluate("""() => ["0.1", "1.1"].map((n) => { const r = document.querySelector(`[data-node="${n}"]`)
        .getBoundingClientRect(); return [r.left, r.right, (r.top + r.bottom) / 2]; })""")
    page.mouse.move((ends[0][1] + ends[1][0]) / 2, (ends[0][2] + ends[1][2]) / 2)
    page.wait_for_timeout(100)
    assert page.evaluate(network) != before  # the line under the pointer is wider
    page.mouse.move(640, 700)
    page.wait_for_timeout(100)
    assert page.evaluate(network) == before


# ---------------------------------------------------------------------------------------------- time


def test_time_goes_back_and_on_from_there(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=60")
    trained(page, 4)
    at_four = weights(page)
    trained(page, 4)
    page.locator("#time").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    until(page, "() => document.querySelector('#epoch').textContent === '4'")
    assert (weights(page) == at_four).all()
    page.select_option("#factor", "3")
    page.click("#from-here")
    until(page, LATER, 4)
    page.click("#play")
    setting(page, "lr", "0.09")
    assert page.inner_text("#curve-runs").startswith("this run")
    assert page.is_visible("#forget")


def test_on_from_an_epoch_is_what_it_was(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=60&batch=8&dropout=0.1")
    trained(page, 6)
    expected = weights(page)
    page.locator("#time").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    until(page, "() => document.querySelector('#epoch').textContent === '3'")
    trained(page, 3)
    assert (weights(page) == expected).all()


def test_changes_in_mid_run_are_marked_and_keep_the_weights(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons")
    trained(page, 2)
    before = weights(page)
    for name, value in (("rule", "sgd"), ("loss", "squared"), ("act", "relu")):
        page.select_option(f"[data-set={name}]", value)
    page.wait_for_timeout(300)
    assert (weights(page) == before).all()
    assert epoch(page) == 2
    assert "were changed in mid-run" in taken(page, "python")
    assert alive(page)


# ---------------------------------------------------------------------------------------------- points


def points(page: Page) -> list[str]:
    return taken(page, "csv").splitlines()[1:]


def place(page: Page, across: float, up: float) -> tuple[float, float]:
    box = page.locator("#plane .points").bounding_box()
    assert box
    return box["x"] + box["width"] * across, box["y"] + box["height"] * up


def test_points_by_mouse(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=20&share=0")
    page.click("[data-tool=add]")
    page.select_option("#brush", "1")
    page.mouse.click(*place(page, 0.95, 0.05))
    page.wait_for_timeout(200)
    assert len(points(page)) == 21
    assert points(page)[-1].endswith(",1")
    page.click("[data-tool=move]")
    page.mouse.move(*place(page, 0.95, 0.05))
    page.mouse.down()
    page.mouse.move(*place(page, 0.6, 0.1), steps=5)
    page.mouse.up()
    page.wait_for_timeout(200)
    moved = [float(v) for v in points(page)[-1].split(",")]
    page.mouse.click(*place(page, 0.6, 0.1), button="right")
    page.wait_for_timeout(200)
    assert len(points(page)) == 20
    page.click("[data-tool=paint]")
    page.mouse.move(*place(page, 0.2, 0.9))
    page.mouse.down()
    page.mouse.move(*place(page, 0.8, 0.9), steps=30)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert len(points(page)) > 28
    assert alive(page)
    assert np.isfinite(moved).all()


def test_a_finger_scrolls_and_a_long_press_deletes(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, "#data=moons&n=20&share=0")
    hold = """async ([x, y, ms]) => { const at = document.querySelector("#plane .points");
        const fire = (type) => at.dispatchEvent(new PointerEvent(type, {pointerType: "touch", pointerId: 7, clientX: x,
            clientY: y, bubbles: true, button: 0}));
        fire("pointerdown"); await new Promise((done) => setTimeout(done, ms)); fire("pointerup"); }"""
    at = page.evaluate("""() => { const box = document.querySelector("#plane .points").getBoundingClientRect();
        return [box.left, box.top, box.width, box.height]; }""")
    row = [float(v) for v in points(page)[0].split(",")]
    rows = np.array([[float(v) for v in line.split(",")[:2]] for line in points(page)])
    low, high = rows.min(0), rows.max(0)
    margin = 0.15 * (high - low)
    share = (np.array(row[:2]) - low + margin) / (high - low + 2 * margin)
    x, y = at[0] + 26 + share[0] * (at[2] - 30), at[1] + 4 + (1 - share[1]) * (at[3] - 22)
    page.evaluate(hold, [x, y, 100])
    assert len(points(page)) == 20
    page.evaluate(hold, [x, y, 900])
    page.wait_for_timeout(200)
    assert len(points(page)) == 19


def test_the_pointed_unit_is_shown_large(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    answers: Any = page.evaluate("document.querySelector('#plane .answers').toDataURL()")
    page.hover("[data-node='1.2']")
    until(page, "() => document.querySelector('#plane-title').textContent === 'What unit 2 of layer 1 gives'")
    assert page.evaluate("document.querySelector('#plane .answers').toDataURL()") != answers
    page.hover("h1")
    until(page, "() => document.querySelector('#plane-title').textContent === 'What the network answers'")
