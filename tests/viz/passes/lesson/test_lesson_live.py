"""Live numbers: whatever a reader types or drags, the page shows what Python computes there."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from lessons import circuit, fan_out, neuron, opened, shown_step, texts
from playwright.sync_api import Page

import viz
from microgrAD import OPS, DomainError, Value, parse
from microgrAD.engine import apply

SPANS = [(-3.0, 3.0), (-0.95, 0.95), (0.05, 4.0), (-40.0, 40.0)]
POINTS = 50

# types numbers into the inputs, and gives what the drawing shows after each
FOLLOW = """(points) => points.map((point) => {
    for (const [id, x] of Object.entries(point)) {
        const field = document.getElementById(`input-${id}`);
        field.value = x;
        field.dispatchEvent(new Event("input", {bubbles: true}));
    }
    return Object.fromEntries([...document.querySelectorAll("svg g.value, svg g.grad")].map(
        (g) => [g.dataset.id, g.textContent]));
})"""


def read(text: str) -> float:
    return float(text.replace("−", "-"))


def example(name: str, random: Random) -> list[tuple[list[float], Value]]:
    """An operation at points of its domain, its plain numbers at their defaults."""
    op = OPS[name]
    size = 3 * len(op.args) if op.variadic else len(op.args) - len(op.constants)
    found: list[tuple[list[float], Value]] = []
    while len(found) < POINTS + 1:
        low, high = random.choice(SPANS)
        point = [random.uniform(low, high) for _ in range(size)]
        try:
            out = apply(name, (*(Value(x, label=f"x{k}") for k, x in enumerate(point)), *op.constants.values()))
            out.backward()
        except DomainError:
            continue
        found.append((point, out))
    return found


@pytest.mark.parametrize("name", OPS)
def test_every_operation_follows_its_inputs_to_twelve_digits(name: str, page: Page, tmp_path: Path) -> None:
    (_, first), *others = example(name, Random(name))
    opened(page, tmp_path, first, at="#step-999", digits=17, show_local=False)
    shown = page.evaluate(FOLLOW, [{f"n{k}": repr(x) for k, x in enumerate(point)} for point, _ in others])
    for numbers, (point, out) in zip(shown, others, strict=True):
        assert read(numbers[f"n{len(point)}.value"]) == pytest.approx(out.data, rel=1e-12, abs=1e-300)
        for k, x in enumerate(out.args[: len(point)]):
            assert isinstance(x, Value)
            assert read(numbers[f"n{k}.value"]) == x.data
            assert read(numbers[f"n{k}.grad"]) == pytest.approx(x.grad, rel=1e-12, abs=1e-300), (point, k)


@pytest.mark.parametrize(
    "at",
    [{"x1": -1.5, "x2": 0.25, "w1": 2, "w2": -3.125, "b": 0.001}, {"x1": 1e-9, "x2": 0, "w1": 1, "w2": 1, "b": -2}],
)
def test_all_that_is_said_is_what_python_says_at_these_inputs(at: dict[str, float], page: Page, tmp_path: Path) -> None:
    """Words, formulas, table and drawing: a page changed to some inputs reads like one that was made there."""
    read_all = """() => [...document.querySelectorAll(".step, .table, .drawing, .question .hint")].map((e) => {
        const whole = e.cloneNode(true);
        for (const repeated of whole.querySelectorAll(".side[hidden]")) repeated.remove();
        return whole.textContent; })"""
    text = "n = x1*w1 + x2*w2 + b; o = tanh(n)"
    opened(page, tmp_path, parse(text, **at), at="#step-999")
    there = page.evaluate(read_all)
    opened(page, tmp_path, neuron(), at="#step-999")
    assert page.evaluate(read_all) != there
    for row in page.locator(".input").all():
        name = row.locator("label .unseen").text_content() or ""
        row.locator("input[type=text]").fill(repr(at[name]))
    assert page.evaluate(read_all) == there


def test_negative_numbers_take_parentheses_where_they_must(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("q = x * y; f = (x - y) ** 2 + q", x=-2, y=-3), at="#step-999")
    said = page.locator(".step").evaluate_all("(all) => all.map((s) => s.textContent)")
    formulas = "\n".join(said)
    for written in ("q=x·y=−2·(−3)=6", "=x−y=−2−(−3)=1"):
        assert written in formulas
    page.locator("#input-n0").fill("2")
    assert "q=x·y=2·(−3)=−6" in "\n".join(page.locator(".step").evaluate_all("(a) => a.map((s) => s.textContent)"))


# ---------------------------------------------------------------------------------------------- typing and dragging


def test_typing_keeps_the_step_and_moves_the_slider(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-5")
    page.locator("#input-n0").fill("1000")
    assert shown_step(page) == 5
    assert texts(page) == {"n0.value": "1000", "n1.value": "2", "n2.value": "1002", "n3.value": "2", "n4.value": "2004"}
    slider = page.get_by_role("slider", name="drag x")
    assert slider.input_value() == "1000"
    slider.fill("1.5")
    assert texts(page)["n4.value"] == "7"
    assert page.locator("#input-n0").input_value() == "1.5"
    page.get_by_role("button", name="Reset inputs").click()
    assert texts(page)["n4.value"] == "6"


def test_what_counts_as_a_number(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-1")
    for typed, value in [("−2", "−2"), (" 1/4 ", "0.25"), ("2e3", "2000"), (".5", "0.5"), ("-1/-2", "0.5")]:
        page.locator("#input-n0").fill(typed)
        assert texts(page)["n0.value"] == value


def test_what_is_no_number_is_said_and_changes_nothing(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-999")
    before = texts(page)
    field = page.locator("#input-n0")
    for typed in ["", "x", "1,5,2", "1/0", "Infinity", "0x10", "1e999", "<b>", "alert(1)", "1/2/3", "--1"]:
        field.fill("1")
        assert (field.get_attribute("aria-invalid"), page.locator("#wrong-n0").text_content()) == ("false", "")
        field.fill(typed)
        assert texts(page) == before
        assert field.get_attribute("aria-invalid") == "true"
        assert "a number is needed" in (page.locator("#wrong-n0").text_content() or "")
    field.fill("3")
    assert texts(page)["n4.value"] == "10"
    field.fill("1,5")
    assert texts(page)["n4.value"] == "7", "a decimal comma"


def test_a_leaf_is_dragged_in_the_drawing(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-999")
    box = page.locator("svg [data-id='n0.box']").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=5)
    page.mouse.up()
    page.mouse.move(x + 300, y)
    assert texts(page)["n0.value"] == "2"  # 50 steps of a hundredth of the slider's reach
    assert texts(page)["n4.value"] == "8"
    assert page.locator("#input-n0").input_value() == "2"


def test_a_slider_goes_by_keys(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, circuit(), at="#step-999")
    page.get_by_role("slider", name="drag z").press("ArrowRight")
    assert read(texts(page)["n3.value"]) > 2
    assert shown_step(page) == 10


# ---------------------------------------------------------------------------------------------- out of the domain


def test_out_of_the_domain_is_said_at_the_node_and_what_follows_is_blank(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("u = log(x); g = u * y", x=2, y=3), at="#step-999")
    before = texts(page)
    page.locator("#input-n0").fill("-1")
    note = page.locator(".note")
    assert note.text_content() == "log needs x > 0, got −1; clamp the input, or use log1p near 1"
    assert note.get_attribute("data-node") == "n1"
    assert page.locator("svg g.broken").evaluate_all("(all) => all.map((g) => g.dataset.id)") == ["n1"]
    node, place = page.locator("svg [data-id='n1.box']").bounding_box(), note.bounding_box()
    assert node and place
    assert (
        max(
            place["x"] - node["x"] - node["width"],
            node["x"] - place["x"] - place["width"],
            place["y"] - node["y"] - node["height"],
            node["y"] - place["y"] - place["height"],
        )
        < 20
    )
    assert "log needs" in (page.locator("[aria-live=polite]").text_content() or "")
    assert texts(page) == {
        "n0.value": "−1",
        "n1.value": "–",
        "n2.value": "3",
        "n3.value": "–",
        "n0.grad": "–",
        "n1.grad": "–",
        "n2.grad": "–",
        "n3.grad": "–",
    }
    page.locator("#input-n0").fill("2")
    assert note.count() == 0
    assert texts(page) == before


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.domain])
def test_every_domain_has_its_note(name: str, page: Page, tmp_path: Path) -> None:
    op = OPS[name]
    inside = 1.5 if name == "acosh" else 0.5
    out = apply(name, tuple(Value(inside, label=f"x{k}") for k in range(len(op.args))))
    opened(page, tmp_path, out)
    outside = eval(f"lambda {', '.join(op.args)}: not ({op.domain})", {"floor": lambda x: x // 1})
    point = next([a] * len(op.args) for a in (-1.5, 0.0) if outside(*[a] * len(op.args)))
    for k, x in enumerate(point):
        page.locator(f"#input-n{k}").fill(str(x))
    assert (page.locator(".note").text_content() or "").startswith(f"{name} needs")


def test_an_infinite_derivative_is_said_at_its_node(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse("sqrt(x)", x=2), at="#step-999")
    page.locator("#input-n0").fill("0")
    assert "derivative is not finite" in (page.locator(".note").text_content() or "")
    assert texts(page)["n1.value"] == "0"
    assert texts(page)["n0.grad"] == "–"


# ---------------------------------------------------------------------------------------------- size


def test_a_lesson_of_ten_nodes_is_small() -> None:
    dense = parse("a = x*y + z; b = gelu(a) * erf(z); c = b ** x + softplus(a); c", x=1.5, y=2, z=0.5)
    for root in (neuron(), fan_out(), dense):
        assert len(viz.page(root).encode()) < 205_000
