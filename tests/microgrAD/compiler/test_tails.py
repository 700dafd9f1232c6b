"""Tails: the branch of a formula for numbers far out, written over the few that it is for, is the formula itself."""

from __future__ import annotations

import ast
import math
import textwrap
from typing import Any

import numpy as np
import pytest

from microgrAD.compiler.program.functions import functions, run, taken
from microgrAD.compiler.program.simplify import specialise
from microgrAD.compiler.write.arrays.tails import tails

FORMULAS = [
    "x if -4 < x < 4 else exp(-abs(x))",
    "x if abs(x) < 4 else (x + y) ** 2",
    "x if abs(x) < 4 else (x + y) ** 3",
    "y if -1 < x < 3 else x * y",
    "x if -1 < x < 3 else tanh(y) + y * tanh(y)",
    "x if -1 < x < 3 else exp(tanh(y) / x) - tanh(y) * exp(tanh(y) / x)",
    "x if abs(x) < 4 else exp(tanh(y) ** 2) + tanh(y) ** 2 * exp(tanh(y) ** 2)",
]


def written(text: str) -> tuple[ast.expr, tuple[str, ...], str]:
    """The branch for the numbers in the middle, and the names and the body of what writes over those far out."""
    choice: Any = specialise(text, {})
    test, middle, otherwise = choice.args
    found = tails(test, otherwise)
    assert found
    return middle, *found


def mend(text: str, given: dict[str, Any], result: Any) -> None:
    """Write over the result."""
    _, names, body = written(text)
    source = f"def mend({', '.join(names)}, result):\n{textwrap.indent(body, '    ')}\n"
    run(source, "mend", {**functions, "taken": taken, "square": np.square})["mend"](*map(given.get, names), result)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_is_written_over_is_the_other_branch(text: str) -> None:
    """Python computes the whole formula for each number; the numbers of the bounds are far out, too."""
    x = np.array([[-1.0, 0.5, 2.9, 3.0, 4.0], [-4.0, -3.9, 3.9, 17.0, -25.0]])
    y = np.array([0.5, -1.5, 2.0, 0.25, -0.75])
    given = {"x": x, "y": y}
    result = np.broadcast_to(given[ast.unparse(written(text)[0])], x.shape).copy()
    mend(text, given, result)
    known = {"exp": math.exp, "tanh": math.tanh, "abs": abs}
    wanted = [[eval(text, known, {"x": a, "y": b}) for a, b in zip(row, y.tolist(), strict=True)] for row in x.tolist()]
    assert result.tolist() == [pytest.approx(row, rel=1e-14) for row in wanted]


def test_nothing_is_written_over_where_nothing_is_far_out() -> None:
    mend("x if -1 < x < 3 else exp(x)", {"x": np.array([-0.9, 2.9])}, None)
    with pytest.raises(AttributeError):  # None has no place for it
        mend("x if -1 < x < 3 else exp(x)", {"x": np.array([-0.9, 3.0])}, None)
    with pytest.raises(AttributeError):
        mend("x if -1 < x < 3 else exp(x)", {"x": np.array([-1.0, 2.9])}, None)


def test_a_call_that_is_made_twice_is_computed_once() -> None:
    assert written("x if abs(x) < 4 else exp(tanh(x)) + tanh(x) * exp(tanh(x))")[2].splitlines()[-3:] == [
        "part1 = tanh(x)",
        "part2 = exp(part1)",
        "result.put(missed, part2 + part1 * part2)",
    ]


@pytest.mark.parametrize("text", ["x if x > 4 else y", "x if 4 > x else y", "x if x < y else y", "x if x != 4 else y"])
def test_other_tests_have_no_tails(text: str) -> None:
    choice: Any = specialise(text, {})
    assert tails(choice.args[0], choice.args[2]) is None


def test_a_square_is_written_as_such_and_a_cube_is_not() -> None:
    assert written("x if abs(x) < 4 else exp((x + y) ** 2) * (x + y) ** 3")[2].endswith(
        "exp(square(x + y)) * pow(x + y, 3.0))"
    )
