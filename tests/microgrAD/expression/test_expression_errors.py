"""What an expression refuses: errors that point at their place, limits, and nothing but arithmetic gets in."""

from __future__ import annotations

import copy
import math
import pickle
import re
import string
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD import OPS, DomainError, ExpressionError, Value, parse
from microgrAD.expression import DEPTH, EXPONENT, LENGTH

NAME = r"[^\W\d][\w\u0300-\u036f]*"

BAD = {
    "": "the expression is empty",
    " \n ": "the expression is empty",
    "x +": (3, "is expected after '+', got the end"),
    "x + \n": (3, "is expected after '+', got the end"),
    "x +\n* y": (4, "is expected after '+', got '*'"),
    "x y": (2, "an operator is missing between 'x' and 'y'; for a product write *"),
    "2x": (1, "an operator is missing between '2' and 'x'"),
    "2(x)": (1, "an operator is missing"),
    "(x)(y)": (3, "an operator is missing"),
    "1.2.3": (3, "an operator is missing between '1.2' and '.3'"),
    "x^2": (1, "for a power write **"),
    "x ^ 2 +": (2, "for a power write **"),
    "(x + y": (0, "there is no closing bracket for this '('"),
    "x * tanh(y": (8, "there is no closing bracket for this '('"),
    "(x; y": (0, "there is no closing bracket for this '('"),
    "x)": (1, "there is no opening bracket for this ')'"),
    "(x]": (2, "'(' at column 1 needs ')', got ']'"),
    "()": (1, "is expected after '(', got ')'"),
    "x, y": (1, "a comma only separates a function's arguments; for a decimal write 1.5"),
    "(x, y)": (2, "a comma only separates"),
    "x . y": (2, "there are no attributes: write tanh(x) for x.tanh()"),
    "x.tanh()": (1, "there are no attributes"),
    "x[0]": (1, "there are no elements: write x0 for x[0]"),
    "x // y": (2, "there is no floor division"),
    "x % y": (2, "there is no remainder"),
    "x @ y": (2, "dot([a, b], [c, d])"),
    "x < y": (2, "for a condition write where(c, a, b)"),
    "x == y": (2, "for a condition write where(c, a, b)"),
    "x if y else 2": (2, "'if' is not an operator here; for a condition"),
    "not x": (0, "'not' is not an operator here; for a condition"),
    "x and y": (2, "a condition"),
    "lambda: x": (6, "':' is not an operator here"),
    "'x'": (0, "write numbers and names only"),
    "x × y": (2, "for a product write *"),
    "x − y": (2, "for a minus write -"),
    "−x": (0, "for a minus write -"),
    "√x": (0, "for a root write sqrt(x)"),
    "x # y": (2, "there are no comments"),
    "{x}": (0, "group with ( and )"),
    "x $ y": (2, "'$' is not allowed in an expression"),
    "x\0": (1, "'\\x00' is not allowed in an expression"),
    "x := y": (2, "':' is not an operator"),
    "(x = y)": (3, "arguments of functions have no names here"),
    "leaky_relu(x, negative_slope=0.1)": (28, "arguments of functions have no names here: write the number only"),
    "sine(x)": (0, "there is no function 'sine' (did you mean 'sin'"),
    "θθ + sine(x)": (5, "there is no function 'sine'"),
    "ReLU(x)": (0, "there is no function 'ReLU'; write relu(...)"),
    "ln(x)": (0, "write log(...)"),
    "σ(x)": (0, "write sigmoid(...)"),
    "x(y)": (0, "there is no function 'x'; for a product write x * (...)"),
    "__import__('os')": (0, "there is no function '__import__'"),
    "tanh": (0, "'tanh' has no value; to call the function write tanh(...)"),
    "tanh()": (0, "tanh takes 1 argument, tanh(x), got 0"),
    "tanh(x, y)": (0, "tanh takes 1 argument, tanh(x), got 2"),
    "x + where(x, y)": (4, "where takes 3 arguments, where(c, x, y), got 2"),
    "leaky_relu(x, 1, 2)": (0, "leaky_relu takes 1 or 2 arguments"),
    "leaky_relu(x, y)": (0, "negative_slope of leaky_relu must be a plain number, got y; write the number itself"),
    "sum()": (0, "sum takes lists of the same length, 1 or more, got 0"),
    "dot(x, y)": (0, "dot takes 2 lists; write dot([a, b], [c, d])"),
    "dot([x], [y, x])": (0, "dot takes lists of the same length, 1 or more, got 1 and 2"),
    "sum(x, [y])": (0, "a list is only allowed where a function takes one"),
    "[x, y]": (0, "a list is only allowed where a function takes one"),
    "1 + [x, y]": (2, "a list is only allowed where a function takes one"),
    "sum([[x], y])": (4, "a list is only allowed where a function takes one"),
    "x + 1e999": (4, "this number is more than a float holds"),
    "x ** 1e20": (2, "an exponent must be from -2**53 to 2**53, got 1e+20"),
    "pow(x, -1e20)": (0, "an exponent must be from -2**53 to 2**53"),
    "x + z": (4, "'z' has no value; give it one, as in z=1.5"),
    "x̂ + y - yy": (9, "'yy' has no value (did you mean 'y'?)"),
    "x; y": (0, "the result of this expression is not used; give it a name"),
    "q = x; y": (0, "'q' is not used; use it, or remove it"),
    "q = x\nq = y": (6, "'q' has a value already; choose another name"),
    "x = y": (0, "'x' has a value already"),
    "q = r + x; r = y; q * r": (4, "'r' is used before it has a value; put its line first"),
    "q = q + x": (4, "'q' is used before it has a value"),
    "q =": (3, "is expected after '=', got the end"),
    "q = x = y": (6, "to name a result write `name = expression`"),
    "q += x": (3, "is expected after '+', got '='"),
}


@pytest.mark.parametrize("text", BAD)
def test_an_error_says_what_where_and_what_to_do(text: str) -> None:
    wanted = BAD[text]
    given = {name: 2 for name in ("x", "y", "θθ", "x̂") if name in re.findall(NAME, text)}
    with pytest.raises(ExpressionError) as caught:
        parse(text, **given)
    if isinstance(wanted, str):
        assert wanted in str(caught.value)
        return
    position, said = wanted
    assert said in caught.value.message
    assert caught.value.position == position
    first, line, caret = str(caught.value).split("\n")
    row, column = text.count("\n", 0, position), position - text.rfind("\n", 0, position) - 1
    assert first == (f"line {row + 1}, " if "\n" in text else "") + f"column {column + 1}: {caught.value.message}"
    assert line == "    " + text.split("\n")[row].replace("\0", " ")
    assert caret == " " * (4 + column - line.count("\u0302", 0, 4 + column)) + "^"  # that stands above a letter


def test_unknown_functions_list_the_choices() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("nothing_like_it(2)")
    assert all(name in str(caught.value) for name in OPS)


def test_names_given_for_nothing_are_an_error() -> None:
    with pytest.raises(ExpressionError, match="'z', 'w' is given, but the expression does not use it"):
        parse("x + y", x=1, y=2, z=3, w=4)
    with pytest.raises(ExpressionError, match="'q' has a value already"):
        parse("q = x; q + 1", x=1, q=3)
    with pytest.raises(ExpressionError, match="'x1' is given twice"):
        parse("x1 + 1", **{"x1": 3, "x₁": 3})


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("1 + log(x)", {"x": -1}, "column 5: log needs x > 0, got -1.0 at 'x'; clamp the input"),
        ("x / (y - 2)", {"x": 1, "y": 2}, "column 3: div needs y ≠ 0, got x = 1.0 at 'x'"),
        ("θ + exp(1000 * x)", {"x": 1, "θ": 2}, "column 5: exp of 1000.0 is more than a float holds"),
        ("(-8) ** 0.5", {}, "column 6: pow needs"),
        ("9 ** 9 ** 9 ** 9", {}, "column 8: pow of x = 9.0, y = 387420489.0 is more than a float holds"),
        ("1 / 0", {}, "column 3: div needs"),
    ],
)
def test_leaving_the_reals_is_a_domain_error_that_points(text: str, values: dict[str, float], message: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse(text, **values)
    first, line, caret = str(caught.value).split("\n")
    assert first.startswith(message)
    assert f"column {caret.index('^') - 3}:" in first
    assert line == f"    {text}"


@pytest.mark.parametrize(
    ("text", "values", "error", "words"),
    [
        (3, {}, TypeError, "an expression is a text, got int"),
        (None, {}, TypeError, "an expression is a text"),
        ("x", {"x": "1"}, TypeError, "x takes one real number, got str '1'"),
        ("x", {"x": 1j}, TypeError, "x takes one real number"),
        ("x", {"x": [1]}, TypeError, "x takes one real number"),
        ("x", {"x": math.inf}, DomainError, "x takes a finite number"),
    ],
)
def test_wrong_arguments(text: Any, values: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        parse(text, **values)


def test_a_failed_parse_changes_nothing() -> None:
    x = Value(2.0)
    for text in ("x + y", "x +", "x ** 1e20 +"):
        with pytest.raises(ExpressionError):
            parse(text, x=x)
    assert x.label == ""


def test_a_long_line_is_shown_around_the_place() -> None:
    text = " + ".join(["x"] * 500) + " ^ 2 + " + " + ".join(["x"] * 500)
    with pytest.raises(ExpressionError) as caught:
        parse(text, x=1)
    _, line, caret = str(caught.value).split("\n")
    assert len(line) < 100
    assert line[caret.index("^")] == "^"


def test_the_caret_stands_under_its_place_beside_wide_letters() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("高度 $ 3", 高度=1)
    assert str(caught.value).split("\n")[1:] == ["    高度 $ 3", "    \u3000\u3000 ^"]


def test_an_error_can_be_copied_and_pickled() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("x^2", x=1)
    for other in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert str(other) == str(caught.value)
        assert (other.text, other.position) == ("x^2", 1)


# ---------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["x"] * 10_000),
        "-".join(["x*2"] * 10_000),
        "*".join(["x"] * 10_000),
        "(" * 900 + "x" + ")" * 900,
        "-" * 900 + "x",
        "**".join(["x"] * 900),
        "tanh(" * 900 + "x" + ")" * 900,
        "sum(" + ",".join(["x"] * 10_000) + ")",
    ],
    ids=lambda text: text[:12],
)
def test_long_and_deep_expressions_work(text: str) -> None:
    result = parse(text, x=1)
    result.backward()
    assert math.isfinite(result.data)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "x" + ")" * 5000,
        "-" * 5000 + "x",
        "**".join(["x"] * 5000),
        "tanh(" * 5000 + "x",
        "[" * 5000,
        "(" * 100_000,
    ],
    ids=lambda text: text[:9],
)
def test_too_deep_is_an_error_that_points(text: str) -> None:
    with pytest.raises(
        ExpressionError, match=f"more than {DEPTH:,} levels of brackets, signs and powers; give a part a name"
    ):
        parse(text, x=1)


def test_too_long_is_an_error_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionError, match=f"at most {LENGTH:,} characters, got {10 * LENGTH + 1:,}"):
        parse("x" + " " * 10 * LENGTH, x=1)
    assert time.perf_counter() - started < 5


def test_the_limit_on_exponents_is_where_even_and_odd_are_lost() -> None:
    assert parse("x ** 2 ** 53", x=-1).data == 1
    assert EXPONENT == 2**53
    assert float(2**53 + 1) == 2**53
    with pytest.raises(ExpressionError, match=r"from -2\*\*53 to 2\*\*53"):
        parse("x ** (2 ** 53 + 2)", x=-1)


# ---------------------------------------------------------------------------------------------- whatever comes

pieces = st.sampled_from(
    [
        *"xyzθ+-*/()[],;=^.\n 0123456789",
        "**",
        "tanh",
        "sum(",
        "dot([",
        "where(",
        "1e",
        "999",
        "e",
        "²",
        "lambda",
        "__class__",
        "'",
        "\\",
        "\ud800",
        "\U0001f600",
        "if",
        "//",
        "min(",
    ]
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=25).map("".join), st.text(string.printable)))
def test_whatever_comes_is_read_or_refused_in_our_own_words(text: str) -> None:
    try:
        assert isinstance(parse(text, **{"x": 1.5, "y": -2, "z": 0, "θ": 1}), Value)
    except (ExpressionError, DomainError) as error:
        assert len(str(error)) < 2000
    found = [name for name in ("x", "y", "z", "θ") if name in text]
    try:
        assert isinstance(parse(text, **dict.fromkeys(found, 1.5)), Value)
    except ExpressionError as error:
        if error.position is not None:
            _, line, caret = str(error).split("\n")
            assert 0 <= error.position <= len(text)
            assert caret.strip() == "^"
            assert len(caret) <= len(line) + 1
    except DomainError as error:
        assert "^" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.__class__",
        "x.data",
        "(lambda: 1)()",
        "[y for y in [x]]",
        "x if x else x",
        "open('f')",
        "f'{x}'",
        "exec(x)",
        "x := 3",
        "x['a']",
        "*x",
        "**x",
        "x(x)",
        "...",
        "None",
        "True",
        "0x10",
        "1j",
    ],
)
def test_nothing_but_arithmetic_gets_through(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text, x=1)
