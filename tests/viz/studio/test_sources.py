"""From what is typed in the studio to a graph."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD.expression import ExpressionError
from viz.studio.sources import LENGTH, PRINTED, ProgramError, Source, inputs, source

NEURON = """x = Value(2.0)
w = Value(-3, label="w")
δ = "ŵ"; b = Value(1.5)
n = x * w + b
n.tanh()
"""
names = st.text("xyzδwβ", min_size=1, max_size=3).filter(lambda name: not keyword.iskeyword(name))
numbers = st.floats(-1e6, 1e6, allow_nan=False)


def program(text: str) -> Source:
    return source(text, {}, python=True)


def test_inputs_are_the_names_without_a_value() -> None:
    assert inputs("q = x + y; f = q * pi * x") == ["x", "y"]
    assert inputs("sin + e * x") == ["x"]


def test_a_program_has_the_names_of_its_variables() -> None:
    found = program(NEURON)
    assert found.inputs == {"x": 2.0, "w": -3.0, "b": 1.5}
    assert found.root.op == "tanh" and found.root.args[0].label == "n"  # type: ignore[union-attr]


def test_the_result_is_the_last_line_or_the_last_value_that_has_a_name() -> None:
    assert program("x = Value(2.0)\ny = x * x").root.data == 4.0
    assert program("x = Value(2.0)\ny = x * x\nfor k in range(3):\n    z = 3").root.data == 4.0
    assert program("x = Value(2.0)\ny = x * x\nx").root.data == 2.0
    assert program("x = Value(2.0)\ny = x * x\nprint(y)").root.data == 4.0


@given(st.dictionaries(names, numbers, min_size=1, max_size=4))
def test_the_places_of_inputs_are_those_of_their_numbers(given: dict[str, float]) -> None:
    text = "\n".join(f"{name} = Value({number!r})" for name, number in given.items())
    found = program(f"{text}\n{' + '.join(given)}\n")
    assert found.inputs == given
    spans = found.spans.items()
    assert {name: float(f"{text}\n"[start:end]) for name, (start, end) in spans} == given


def test_a_value_that_a_program_computes_is_no_input() -> None:
    assert program("x, y = Value(2.0), Value(-3)\nx * y").inputs == {"x": 2.0, "y": -3.0}
    assert program("x = Value(2.0 + 1)\ny = Value(True)\nx * y").inputs == {}


def test_what_is_printed_is_kept_and_cut() -> None:
    assert program("x = Value(1.0)\nprint('twice', 2 * 1)\nx").printed == "twice 2\n"
    cut = program("x = Value(1.0)\nprint('long' * 10_000)\nx").printed
    assert cut[PRINTED:] == "\n… and 30,001 characters more"


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("x = Value(0.0)\n\nlog(x)", r"line 3: log\(x\)\nDomainError: log needs x > 0", 16),
        ("δ = 1\nx = (", r"line 2\n    x = \(\n        \^\nSyntaxError", 6),
        ("x = Value(1.0)\nraise SystemExit", "line 2: raise SystemExit\nSystemExit", 15),
        ("def f(n): return f(n)\nf(1)", "RecursionError", 0),
        ("import math\nmath.sqrt(-1)", "line 2: .*\nValueError", 12),
        ("x = 3", "the program ends with int, not with a Value", None),
        ("print(3)", "the program makes no Value", None),
        ("", "the program makes no Value", None),
        ("x = Value(1.0)\nx.tanh", "ends with .*method.*, not with a Value", None),
        ("x = Value(1.0)\n3.5", "ends with float, not with a Value", None),
        ("import math\nx = Value(2.0)\ny = math.sin(x)", r"ends with float.*(?s:.)*write sin\(x\)", None),
        ("x = Value(2.0)\nz = 1\nz += 2", "ends with int, not with a Value", None),
        ("import numpy_of_another_place", "the studio has Python's own modules", 0),
    ],
)
def test_errors_of_programs_name_their_line(text: str, said: str, position: int | None) -> None:
    with pytest.raises(ProgramError, match=said) as error:
        program(text)
    assert error.value.position == position


def test_an_error_inside_a_function_names_the_innermost_line_of_the_program() -> None:
    with pytest.raises(ProgramError, match="line 2: return a / 0"):
        program("def f(a):\n    return a / 0\nf(Value(1.0))")


@pytest.mark.parametrize("python", [False, True])
def test_a_text_has_a_length_that_can_be_followed(python: bool) -> None:
    with pytest.raises(ExpressionError, match="at most 5,000 characters, got 10,000"):
        source("x" * 2 * LENGTH, {}, python=python)


def test_pythons_own_functions_stay() -> None:
    assert program("a = abs(-2.0)\nb = max([1.0, a])\nValue(b)").root.data == 2.0
