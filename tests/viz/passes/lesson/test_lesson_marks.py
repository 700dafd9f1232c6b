"""Twenty students at exercises, marked as a teacher would: what follows is right, and the usual mistakes are named."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from lessons import opened, texts
from playwright.sync_api import Page

from microgrAD import Value, parse
from microgrAD.steps import steps
from viz.web.words import Words

SAY = Words("en")
RIGHT = "✓ right"

# types an answer into a question, whatever group it is in, and gives what the page says
TYPE = """([part, text]) => {
    const q = document.querySelector(`.question[data-part="${part}"]`), field = q.querySelector("input");
    field.value = text; field.dispatchEvent(new Event("change")); return q.querySelector("output").textContent; }"""


class Student(NamedTuple):
    """A walk: an expression, and answers to its blanks by node and field, with the key of what is said, or ""."""

    expression: str
    at: dict[str, float]
    answers: list[tuple[str, str, str]]


NEURON = ("n = x1*w1 + x2*w2 + b; o = tanh(n)", {"x1": 2, "x2": 1, "w1": -3, "w2": 1, "b": 5.5})
CIRCUIT = ("q = x + y; f = q * z", {"x": -2, "y": 5, "z": -4})
FAN = ("c = a + b; d = a * b; y = c * d", {"a": 2, "b": 3})
SIGMOID = ("n = w * x + b; o = sigmoid(n)", {"w": 0.5, "x": 2, "b": 1})
TAIL = ("o = tanh(x); y = 3 * o", {"x": 4})
DIVIDE = ("q = a / b; f = q * c", {"a": 6, "b": 4, "c": 5})

STUDENTS = {
    "knows it all": Student(
        *CIRCUIT, [("q.value", "3", ""), ("f.value", "-12", ""), ("q.grad", "-4", ""), ("x.grad", "-4", "")]
    ),
    "types a real minus sign": Student(*CIRCUIT, [("f.value", "−12", ""), ("z.grad", "3", "")]),
    "types expressions": Student(
        *CIRCUIT,
        [("q.value", "-2+5", ""), ("f.value", "3*(-4)", ""), ("z.grad", "2^2 - 1", ""), ("y.grad", "-4*1", "")],
    ),
    "types commas and fractions": Student(
        *DIVIDE, [("q.value", "1,5", ""), ("a.grad", "5/4", ""), ("b.grad", "-5*6/16", "")]
    ),
    "types words": Student(
        *CIRCUIT,
        [
            ("q.value", "three", "answer-needed"),
            ("q.value", "3 apples", "answer-needed"),
            ("q.value", "2+*3", "answer-needed"),
        ],
    ),
    "multiplies in place of adding": Student(*CIRCUIT, [("q.value", "-10", "mistake-other ×")]),
    "subtracts in place of adding": Student(*CIRCUIT, [("q.value", "-7", "mistake-other −")]),
    "adds in place of multiplying": Student(*CIRCUIT, [("f.value", "-1", "mistake-other +")]),
    "loses a sign": Student(*CIRCUIT, [("f.value", "12", "mistake-sign"), ("x.grad", "4", "mistake-sign")]),
    "forgets what comes from upstream": Student(*CIRCUIT, [("x.grad", "1", "mistake-upstream")]),
    "forgets the local derivative": Student(
        "q = x * y; f = q * z", {"x": 5, "y": 2, "z": 3}, [("x.grad", "3", "mistake-local"), ("x.grad", "6", "")]
    ),
    "adds upstream and local": Student(
        "q = x * y; f = q * z", {"x": 5, "y": 7, "z": 3}, [("x.grad", "10", "mistake-added"), ("x.grad", "21", "")]
    ),
    "swaps the derivatives by a and b": Student(
        "q = x * y; f = q * z", {"x": 5, "y": 7, "z": 3}, [("x.grad", "15", "mistake-swapped"), ("y.grad", "15", "")]
    ),
    "swaps them in a division": Student(*DIVIDE, [("a.grad", "-1.875", "mistake-swapped"), ("a.grad", "1.25", "")]),
    "takes one way of two": Student(
        *FAN, [("a.grad", "6", "mistake-part"), ("a.grad", "15", "mistake-part"), ("a.grad", "21", "")]
    ),
    "multiplies contributions": Student(*FAN, [("a.grad", "90", "mistake-multiplied")]),
    "takes the local derivative at the output": Student(
        *SIGMOID, [("n.grad", "0.2072", "mistake-output"), ("n.grad", "0.105", "")]
    ),
    "puts the input where the output belongs": Student(
        *SIGMOID, [("n.grad", "-2", "mistake-output"), ("o.value", "2", "mistake-operand")]
    ),
    "reads 0.9993 and works on with it": Student(
        *TAIL,
        [
            ("o.value", "0.9993", ""),
            ("y.value", "2.998", ""),
            ("o.grad", "3", ""),
            ("x.grad", "3*(1-0.9993^2)", ""),
        ],
    ),
    "rounds to three digits": Student(
        *NEURON,
        [
            ("n.value", "0.5", ""),
            ("o.value", "0.462", ""),
            ("n.grad", "0.786", ""),
            ("w1.grad", "1.57", ""),
            ("x1.grad", "-2.36", ""),
        ],
    ),
    "gives the value for the derivative": Student(*FAN, [("d.grad", "6", "mistake-value"), ("d.grad", "5", "")]),
    "guesses": Student(
        *NEURON, [("n.value", "17", "mistake"), ("o.value", "0.9", "mistake"), ("w2.grad", "0.1", "mistake")]
    ),
}


@pytest.mark.parametrize("who", STUDENTS)
def test_a_student_is_marked_as_a_teacher_would(who: str, page: Page, tmp_path: Path) -> None:
    student = STUDENTS[who]
    trace = steps(parse(student.expression, **student.at))
    ids = {v.name: v.id for v in trace.variables.values()}
    opened(page, tmp_path, trace, exercise=True, every=False)
    wrong = 0
    for place, typed, key in student.answers:
        name, field = place.split(".")
        said = page.evaluate(TYPE, [f"{ids[name]}.{field}", typed])
        word, _, sign = key.partition(" ")
        expected = SAY(word, sign=sign, parts=2) if key else "right"
        mark = {"": "✓ ", "answer-needed": ""}.get(key, "✗ ")
        assert said == mark + expected, (place, typed)
        wrong += mark == "✗ "
    score = page.locator(".score").text_content() or ""
    assert score.startswith(f"{sum(not key for *_, key in student.answers)} of ")
    assert f"{wrong} wrong" in score


# ---------------------------------------------------------------------------------------------- what is displayed


def test_no_equation_of_a_hint_is_false(page: Page, tmp_path: Path) -> None:
    """1 − 0.9993² is not 0.001341: the hint has as many digits as it takes."""
    opened(page, tmp_path, parse("o = tanh(x); y = 3 * o", x=4), at="#step=999")
    local = page.locator(".step:visible .equation").first
    shown = local.evaluate("(e) => [...e.querySelectorAll('.side:not([hidden])')].map((s) => s.textContent)")
    assert shown[0] == "=1−o2" and shown[-1] == "=0.001341"
    base = float(shown[1].removeprefix("=1−")[:-1])
    assert 1 - base**2 == pytest.approx(0.001341, rel=5e-3)
    assert texts(page)["n1.value"] == "0.9993"


@pytest.mark.parametrize(
    ("blanks", "hidden"),
    [
        (["x.grad"], {"n1.grad", "n2.grad"}),  # y and q have the same gradient, −4
        (["q.value"], {"e3.local"}),  # the wire from z carries q
        (["q.grad"], {"n0.grad", "n1.grad", "e2.local"}),
    ],
)
def test_nothing_that_is_shown_gives_a_blank_away(
    blanks: list[str], hidden: set[str], page: Page, tmp_path: Path
) -> None:
    opened(page, tmp_path, parse(CIRCUIT[0], **CIRCUIT[1]), blanks=blanks, exercise=True, every=False)
    asked = {key for key, text in texts(page).items() if text == "?"}
    everything = {f"n{k}.{field}" for k in range(5) for field in ("value", "grad")} | {f"e{k}.local" for k in range(4)}
    assert everything - texts(page).keys() == hidden - asked | ({"e0.local"} if blanks == ["x.grad"] else set())


def test_clicking_a_question_mark_goes_to_its_field_and_a_right_answer_to_the_next(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, parse(NEURON[0], **NEURON[1]), exercise=True, every=False)
    at = "() => document.activeElement.closest('.question')?.dataset.part"
    for part in ("n2.value", "n5.grad"):
        page.locator(f"svg [data-id='{part}']").click()
        assert page.evaluate(at) == part
    order = page.locator(".question").evaluate_all("(all) => all.map((q) => q.dataset.part)")
    trace = steps(parse(NEURON[0], **NEURON[1]))
    page.keyboard.type(repr(trace.derivatives["n5"]))
    page.keyboard.press("Enter")
    assert page.evaluate(at) == order[order.index("n5.grad") + 1]


def test_forward_mode_knows_that_a_derivative_is_zero(page: Page, tmp_path: Path) -> None:
    root = parse("log(x1) + x1*x2 - sin(x2)", x1=2, x2=5)
    x1 = next(v.value for v in steps(root).variables.values() if v.name == "x1")
    trace = steps(root, mode="forward", wrt=x1)
    sine = next(v for v in trace.variables.values() if v.op and trace.derivatives[v.id] == 0)
    opened(page, tmp_path, trace, exercise=True, every=False)
    assert page.evaluate(TYPE, [f"{sine.id}.grad", "0.28"]).startswith("✗")
    assert page.evaluate(TYPE, [f"{sine.id}.grad", "0"]) == RIGHT
    x2 = next(v for v in trace.variables.values() if v.name == "x2")
    opened(page, tmp_path, trace, exercise=True, blanks=["x2.grad"], every=False)
    page.locator("[data-hint]").click()
    assert "together with it, or not at all" in (page.locator(".hint:visible").text_content() or "")
    assert page.evaluate(TYPE, [f"{x2.id}.grad", "0"]) == RIGHT


def test_a_page_without_a_mistake_in_it_accepts_every_truth(page: Page, tmp_path: Path) -> None:
    """Each blank takes its number, as Python has it and as the drawing writes it, and no number far from it."""
    root: Value = parse("a = x*y + z; b = gelu(a) * erf(z); c = b ** x + softplus(a); c", x=1.5, y=2, z=0.5)
    trace = steps(root)
    opened(page, tmp_path, trace, exercise=True, every=False)
    for v in trace.variables.values():
        for part, x in [("value", v.data)] * bool(v.op) + [("grad", trace.derivatives[v.id])] * (v is not trace.root):
            assert page.evaluate(TYPE, [f"{v.id}.{part}", repr(x * 1.2 + 0.1)]).startswith("✗"), (v, part)
            assert page.evaluate(TYPE, [f"{v.id}.{part}", repr(x)]) == RIGHT, (v, part)
    assert page.locator("#exercise[data-done=true]").count() == 1
