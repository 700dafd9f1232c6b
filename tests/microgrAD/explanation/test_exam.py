"""An exam for a class: its keys against mpmath, and its marks against a grader that is written here by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest

from microgrAD import files
from microgrAD.explanation.exam import record
from microgrAD.explanation.exam.draws import Variant, variants
from microgrAD.explanation.exam.grading import grade, read_answer, total
from microgrAD.explanation.exam.record import Exam, Student
from microgrAD.explanation.exam.rules import Generator, rule

CIRCUIT = "q = x + y; f = q * z"
NEURON = "n = x1*w1 + x2*w2 + b; o = tanh(n)"
RATIO = "r = a / b; y = exp(r) * a"
RULES = {
    CIRCUIT: {"x": "-5..5", "y": "-5..5", "z": "-4..6 not 0"},
    NEURON: {"x1": "-3..3", "x2": "-2..2 not 0", "w1": "-1..1 step 1/2", "w2": "1,2", "b": "-1..1 step 1/4"},
    RATIO: {"a": "-6..6 step 1/4 not 0", "b": "1..9"},
}


def drawn(text: str, count: int, seed: int = 7) -> list[Variant]:
    return variants([text], {name: rule(said) for name, said in RULES[text].items()}, count, seed=seed)


def circuit(x: float, y: float, z: float) -> dict[str, float]:
    return {"q": x + y, "f": (x + y) * z, "∂q": z, "∂z": x + y, "∂x": z, "∂y": z}


def neuron(x1: float, x2: float, w1: float, w2: float, b: float) -> dict[str, float]:
    n = x1 * w1 + x2 * w2 + b
    o = mpmath.tanh(n)
    d = 1 - o**2
    return {"n": n, "o": o, "∂n": d, "∂b": d, "∂x1": d * w1, "∂w1": d * x1, "∂x2": d * w2, "∂w2": d * x2}


def ratio(a: float, b: float) -> dict[str, float]:
    a, b = mpmath.mpf(a), mpmath.mpf(b)
    e = mpmath.exp(a / b)
    return {"r": a / b, "y": e * a, "∂r": e * a, "∂a": e * a / b + e, "∂b": -e * a * a / b**2}


@pytest.mark.parametrize(("text", "by_hand"), [(CIRCUIT, circuit), (NEURON, neuron), (RATIO, ratio)])
def test_every_key_of_200_variants_is_that_of_mpmath(text: str, by_hand: Callable[..., dict[str, float]]) -> None:
    found = drawn(text, 200)
    assert len({tuple(v.numbers.values()) for v in found}) == 200
    with mpmath.workdps(30):
        for variant in found:
            trace, expected = variant.trace(), by_hand(**variant.numbers)
            for v in trace.variables.values():
                if v.name in expected:
                    assert v.data == pytest.approx(float(expected[v.name]), rel=1e-13, abs=1e-15)
                if f"∂{v.name}" in expected:
                    assert trace.derivatives[v.id] == pytest.approx(float(expected[f"∂{v.name}"]), rel=1e-12)
                    assert 0.001 <= abs(trace.derivatives[v.id]) < 1000
    assert [v.numbers for v in drawn(text, 5)] == [v.numbers for v in found[:5]], "the same seed, the same numbers"
    assert [v.numbers for v in drawn(text, 5, seed=8)] != [v.numbers for v in found[:5]]


def test_rules_hold() -> None:
    for variant in drawn(NEURON, 60):
        n = variant.numbers
        assert n["x2"] != 0 and n["w2"] in (1, 2) and (4 * n["b"]).is_integer() and (2 * n["w1"]).is_integer()


def test_numbers_are_drawn_as_pages_draw_them() -> None:
    draw = Generator(7)  # the numbers of draws.js
    assert [draw() * 2**32 for _ in range(3)] == [50271532, 266108690, 4195786334]
    for seed, first, drawn in ((1, "2", [1, -3, 3]), (2, "-1.5", [1.1, -0.8, -1]), (5, "0.25", [0.38, 0.55, -0.56])):
        draw = Generator(seed)
        assert [rule(first).draw(draw) for _ in range(3)] == drawn


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5..1", "write 1..5"),
        ("1..2 step 0", "the step must be above 0"),
        ("1..2 not 1,2", "excludes every number"),
        ("a..2", "'a' in 'a..2' is no number"),
        ("0..1 step 1/1000000", "100,000 is the most"),
    ],
)
def test_a_rule_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rule(text)


def test_too_tight_rules_are_named() -> None:
    for rules, said in (
        ({"a": "1..2", "b": "1..1"}, "only 2 different.* loosen the rule of 'b'"),
        ({"a": "1..3", "b": "5000..9000"}, "no pleasant numbers.*size.*loosen the rule of 'b', '5000..9000'"),
        ({"a": "1..3", "b": "0..0"}, "give 'c = a / b; y = c \\* a' a value.*loosen the rules of"),
    ):
        with pytest.raises(ValueError, match=said):
            variants(["c = a / b; y = c * a"], {name: rule(text) for name, text in rules.items()}, 9)


# ---------------------------------------------------------------------------------------------- marks


ORDER = ("q", "f", "∂q", "∂z", "∂x", "∂y")  # as the sheet of the circuit asks


def reference(given: dict[str, float], typed: dict[str, float | None]) -> dict[str, int]:
    """The points by a grader of its own: right, or by the rule from what was typed before; else nothing."""
    truth = circuit(**given)
    own = {name: truth[name] if x is None else x for name, x in typed.items()}
    rules = {
        "q": truth["q"],
        "f": own["q"] * given["z"],
        "∂q": given["z"],
        "∂z": own["q"],
        "∂x": own["∂q"],
        "∂y": own["∂q"],
    }
    return {
        name: int(x is not None and (abs(x - truth[name]) < 1e-6 or abs(x - rules[name]) < 1e-6))
        for name, x in typed.items()
    }


def test_a_thousand_students_are_graded_as_the_reference_grades_them() -> None:
    chance = random.Random(3)
    found = drawn(CIRCUIT, 50)
    exam = Exam("", [(Student(str(k), ""), v) for k, v in enumerate(found)])
    followed = 0
    for k in range(1000):
        paper = exam.papers[k % 50]
        given = dict(paper.variant.numbers)
        truth = circuit(**given)
        typed: dict[str, float | None] = {}
        for name in ORDER:
            own = {**truth, **{key: x for key, x in typed.items() if x is not None}}
            follows = {"f": own["q"] * given["z"], "∂z": own["q"], "∂x": own["∂q"], "∂y": own["∂q"]}
            kind = chance.random()
            right = follows.get(name, truth[name])
            typed[name] = right if kind < 0.7 else -truth[name] if kind < 0.8 else None if kind < 0.85 else right + 7
        names = {blank.key: name for blank, name in zip(paper.blanks, ORDER, strict=True)}
        marks = grade(paper, {key: "" if (x := typed[n]) is None else repr(x) for key, n in names.items()})
        expected = reference(given, typed)
        assert {names[m.blank.key]: m.points for m in marks} == expected, (given, typed)
        assert total(marks) == sum(expected.values())
        followed += sum(m.reason == "follows" for m in marks)
    assert followed > 500


def marks_of(text: str, numbers: dict[str, float], typed: list[str], **options: float) -> list[tuple[float, str]]:
    paper = Exam("", [(Student("1", ""), Variant(text, numbers))]).papers[0]
    answers = dict(zip((blank.key for blank in paper.blanks), typed, strict=False))
    return [
        (m.points, m.reason if m.reason != "wrong" else m.mistake.key if m.mistake else "wrong")
        for m in grade(paper, answers, **options)
    ][: len(typed)]


def test_each_mark_has_its_reason() -> None:
    numbers = {"x": -2.0, "y": 5.0, "z": -4.0}
    typed = ["-10", "40", "−4", "-10", "1", "three"]
    assert marks_of(CIRCUIT, numbers, typed) == [
        (0, "other"),
        (1, "follows"),
        (1, "right"),
        (1, "follows"),
        (0, "upstream"),
        (0, "unreadable"),
    ]
    assert marks_of(CIRCUIT, numbers, ["-10", "40"], follow=0.5)[1] == (0.5, "follows")
    assert marks_of(CIRCUIT, numbers, ["3", "", "2*(-2)"]) == [(1, "right"), (0, "empty"), (1, "right")]


def test_what_follows_is_worked_out_as_on_paper() -> None:
    """Computed by a formula that loses no digits, σ′ would not follow from a student's own σ."""
    numbers = {"x": 2.0, "w": 0.5}
    assert marks_of("n = w * x; o = sigmoid(n)", numbers, ["1", "0.7", "0.21", "0.42"]) == [
        (1, "right"),
        (0, "wrong"),
        (1, "follows"),
        (1, "follows"),
    ]


def test_margins_follow_the_rounding_of_what_is_shown() -> None:
    numbers = {"x1": 2.0, "x2": 1.0, "w1": 1.0, "w2": 1.0, "b": 0.5}  # tanh(3.5): 1 - o² loses digits
    paper = Exam("", [(Student("1", ""), Variant(NEURON, numbers))]).papers[0]
    o, n = (
        next(b for b in paper.blanks if b.node.name == name and b.key.endswith(kind))
        for name, kind in (("o", "data"), ("n", "derivative"))
    )
    assert paper.margins[o.key] == pytest.approx(0.00005, rel=0.01)
    worked_on = 1 - round(o.truth, 4) ** 2
    assert abs(worked_on - n.truth) > 0.005 * n.truth, "the rounded value leads far away"
    answers = {o.key: f"{o.truth:.4f}", n.key: f"{worked_on:.4g}"}
    assert [m.points for m in grade(paper, answers) if m.typed] == [1, 1]
    assert [m.points for m in grade(paper, {**answers, n.key: "0.0047"}) if m.typed] == [1, 0]


@pytest.mark.parametrize(
    ("typed", "number"), [("1,5", 1.5), ("−2", -2), ("3/4", 0.75), ("2^3", 8), ("1e-3", 0.001), ("x", None), ("", None)]
)
def test_answers_are_read_as_people_type_them(typed: str, number: float | None) -> None:
    assert read_answer(typed) == number


def test_the_record_reads_back_and_notices_a_change(tmp_path: Path) -> None:
    exam = Exam("June", [(Student("7", "陈省身"), v) for v in drawn(CIRCUIT, 2)], ["q", "x.grad"], 3, 0.01, 2.0)
    file = tmp_path / "exam.json"
    exam.save(file)
    assert record.read(file) == exam
    file.write_text(file.read_text("utf-8").replace('"z": ', '"z": 1'), "utf-8")
    with pytest.raises(files.FileError, match="damaged"):
        record.read(file)
