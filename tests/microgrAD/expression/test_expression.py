"""Expressions as text: Python's own eval on floats as the oracle; functions, names, sequences, gradients."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

import mpmath
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import microgrAD
from microgrAD import OPS, DomainError, ExpressionError, Value, operators, parse, topological

NAMES = ("x", "y", "w_1", "θ", "lambda", "e")

# ---------------------------------------------------------------------------------------------- against eval


def combine(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger expressions of smaller ones: parentheses only now and then, so that precedence decides."""
    space = st.sampled_from(["", " "])
    return st.one_of(
        st.tuples(part, space, st.sampled_from(["+", "-", "*", "/", "**"]), space, part).map("".join),
        st.tuples(st.sampled_from(["-", "+", "- "]), part).map("".join),
        part.map("({})".format),
        st.tuples(st.sampled_from(["sin", "tanh", "abs", "exp", "atan"]), part).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), part, part).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
    )


literals = st.one_of(
    st.integers(0, 9).map(str), st.floats(0.01, 5).map(repr), st.sampled_from(["1_0", ".5", "2.", "1e-1"])
)
texts = st.recursive(st.one_of(literals, st.sampled_from([*NAMES[:4], "pi", "tau"])), combine, max_leaves=12)
reals = st.floats(-3, 3).map(lambda x: round(x, 3))


def evaluated(text: str, values: dict[str, float]) -> float:
    """What Python itself makes of the text, over floats; ArithmeticError or ValueError where it has no real value."""
    functions = {name: getattr(math, name) for name in ("sin", "tanh", "exp", "atan", "pi", "tau")}
    result = eval(text, {"__builtins__": {}, "abs": abs, "min": min, "max": max, **functions, **values})
    if isinstance(result, complex) or not math.isfinite(result):
        raise ValueError
    return float(result)


@given(texts, st.fixed_dictionaries(dict.fromkeys(NAMES[:4], reals)))
@example("-x ** 2", {"x": 3.0})
@example("2 ** -x ** y", {"x": 2.0, "y": 3.0})
@example("x ** y ** w_1", {"x": 2.0, "y": 3.0, "w_1": 2.0})
@example("x - y - w_1 / θ / 2 * x", {"x": 5.0, "y": 3.0, "w_1": 2.0, "θ": -4.0})
@example("--+-x * -y", {"x": 5.0, "y": 3.0})
def test_random_expressions_have_the_value_that_python_gives_them(text: str, values: dict[str, float]) -> None:
    used = {name: values[name] for name in values if name in words(text)}
    try:
        wanted = evaluated(text, used)
    except (ArithmeticError, ValueError, TypeError):
        assume(False)
    try:
        got = parse(text, **used)
    except DomainError:  # on the way, where Python went through an infinity or a complex number and back
        assume("**" in text or "/" in text)
        return
    assert got.data == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def words(text: str) -> set[str]:
    """The names in a text, found without the parser under test."""
    separated = "".join(c if c.isalnum() or c in "._" or unicodedata.combining(c) else " " for c in text)
    return {word for word in separated.split() if not word[0].isdigit()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 * 3 ** 2", 18),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("8 / 4 / 2", 1),
        ("8 - 4 - 2", 2),
        ("- - 3", 3),
        ("+3", 3),
        ("-3 * -2", 6),
        ("2 ** -2 * 4", 1),
        ("(-8) ** 3", -512),
        ("1_000.5", 1000.5),
        (".5e1", 5),
        ("1.e2", 100),
        ("pi", math.pi),
        ("e", math.e),
        ("tau / 2", math.pi),
        ("007", 7),
        ("9" * 40, 1e40),
        ("((((1))))", 1),
        (" \t1 +\n2 \n", 3),
        ("(1\n+2\n)", 3),
    ],
)
def test_precedence_numbers_and_constants(text: str, wanted: float) -> None:
    result = parse(text)
    assert (result.data, result.args) == (pytest.approx(wanted, rel=1e-15), ())


# ---------------------------------------------------------------------------------------------- functions


@pytest.mark.parametrize("op", [op for op in OPS.values() if not op.variadic], ids=lambda op: op.name)
def test_every_operation_is_a_function(op: Any) -> None:
    free = [name for name in op.args if name not in op.constants]
    numbers = dict(zip(("a", "b", "c"), (1.5 if op.name == "acosh" else 0.5, 0.25, 0.75), strict=False))
    given = {name: numbers[name] for name in list(numbers)[: len(free)]}
    constants = [2.5 for _ in op.constants]
    text = f"{op.name}({', '.join([*given, *map(str, constants)])})"
    result = parse(text, **given)
    assert result.op == op.name
    assert result.data == getattr(operators, op.name)(*given.values(), *constants)
    assert [arg.label if isinstance(arg, Value) else arg for arg in result.args] == [*given, *constants]
    assert parse(f"{op.name}({', '.join(given)})", **given).op == op.name


def test_sequences() -> None:
    v = {name: k + 1.0 for k, name in enumerate("abcd")}
    assert parse("sum(a, b, c, d)", **v).data == parse("sum([a, b, c, d])", **v).data == 10
    assert parse("sum(a)", a=3).op == "sum"
    result = parse("dot([a, b], [c, 2 * d])", **v)
    assert (result.op, result.data) == ("dot", 19)
    assert parse("sum([a, 2]) + sum(3, 4)", a=1).data == 10


# ---------------------------------------------------------------------------------------------- names


def test_the_example_of_the_lecture() -> None:
    f = parse("(x + y) * z", x=1, y=2, z=2)
    assert [v.label or v.op for v in topological(f)] == ["x", "y", "add", "z", "mul"]
    f.backward(2.0)
    assert {v.label or v.op: v.grad for v in topological(f)} == {"x": 4, "y": 4, "add": 4, "z": 6, "mul": 2}


def test_karpathys_expression() -> None:
    g = parse(
        """
        c = a + b
        d = a * b + b ** 3
        c1 = c + (c + 1)
        c2 = c1 + (1 + c1 + -a)
        d1 = d + (d * 2 + relu(b + a))
        d2 = d1 + (3 * d1 + relu(b - a))
        e = c2 - d2
        f = e ** 2
        g = f / 2.0 + 10.0 / f
    """,
        a=-4.0,
        b=2.0,
    )
    g.backward()
    grads = {v.label: v.grad for v in topological(g)}
    assert (g.label, g.data) == ("g", 24.70408163265306)
    assert (grads["a"], grads["b"]) == pytest.approx((138.8338192419825, 645.5772594752186), rel=1e-15)


def test_inner_names_are_labels_and_a_named_number_is_a_leaf() -> None:
    L = parse("a = 2.0; b = -3; e = a*b; d = e + c; f = -2; L = d * f", c=10)
    assert [(v.label, v.data) for v in topological(L)] == [
        ("a", 2),
        ("b", -3),
        ("e", -6),
        ("c", 10),
        ("d", 4),
        ("f", -2),
        ("L", -8),
    ]


def test_a_second_name_for_a_thing_leaves_its_label() -> None:
    x = Value(3.0, label="first")
    f = parse("y = x; z = y * y; f = z", x=x)
    assert (f.label, f.args) == ("z", (x, x))
    assert x.label == "first"


def test_values_are_used_as_they_are() -> None:
    w, b = Value(0.5), Value(2.0, label="bias")
    inner = w * b
    f = parse("tanh(h + b)", h=inner, b=b)
    assert (inner.label, b.label, w.label) == ("h", "bias", "")
    assert f.args[0].args == (inner, b)
    f.backward()
    assert w.grad == pytest.approx(2 * (1 - math.tanh(3.0) ** 2))


def test_a_name_of_ours_may_be_given() -> None:
    assert parse("e * pi", e=2, pi=3).data == 6
    assert parse("e = 2; e * e").data == 4
    assert parse("sin(sin) + exp", sin=0, exp=1).data == 1
    assert parse("text * self", text=2, self=3).data == 6


def test_words_of_python_may_be_names() -> None:
    assert parse("lambda * if + None", **{"lambda": 2, "if": 3, "None": 4}).data == 10


@pytest.mark.parametrize(
    ("written", "given"), [("µ", "μ"), ("x₁", "x1"), ("ﬁ", "fi"), ("x\u0302", "x\u0302"), ("y\u0302", "ŷ"), ("𝛼", "α")]
)
def test_letters_that_python_takes_for_one_are_one(written: str, given: str) -> None:
    for key in (written, given):
        result = parse(f"2 * {written}", **{key: 3})
        assert result.args[1].label == unicodedata.normalize("NFKC", given)


def test_a_superscript_is_no_part_of_a_name() -> None:
    with pytest.raises(ExpressionError, match=r"column 2: '²' is not an operator here; for a power write \*\* 2"):
        parse("x²", x=3)


# ---------------------------------------------------------------------------------------------- gradients


@given(st.floats(-2, 2), st.floats(0.1, 2))
def test_gradients_agree_with_mpmath(x: float, y: float) -> None:
    f = parse("h = tanh(x * y) + y ** x; L = h * log(y) - sin(x) / y", x=Value(x), y=y)
    f.backward()
    grads = {v.label: v.grad for v in topological(f)}

    def exact(a: Any, b: Any) -> Any:
        return (mpmath.tanh(a * b) + b**a) * mpmath.log(b) - mpmath.sin(a) / b

    with mpmath.workdps(50):
        for name, order in (("x", (1, 0)), ("y", (0, 1))):
            wanted = mpmath.diff(exact, (mpmath.mpf(x), mpmath.mpf(y)), order)
            assert abs(grads[name] - wanted) <= 1e-12 * max(1, abs(wanted))


def test_the_package_has_it() -> None:
    assert microgrAD.parse is parse
    assert {"parse", "ExpressionError"} <= set(microgrAD.__all__)
