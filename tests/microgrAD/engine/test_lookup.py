"""A whole number chooses among Values: on the engine that is the element itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import microgrAD
from microgrAD import DomainError, Value, take


def table() -> list[list[Value]]:
    return [[Value(10.0 * i + j) for j in range(2)] for i in range(3)]


def test_it_is_the_element_itself() -> None:
    E = table()
    for index in (2, 2.0, np.int64(2), np.float64(2.0), Fraction(2), Value(2.0), True + 1):
        assert take(E[0] + E[1], index) is E[1][0]
        assert take(E, index) is E[2]
    assert take((1.0, E[0][0]), 0) == 1.0
    array = np.array(E)
    assert take(array, 1).tolist() == E[1]
    assert take(array[:, 0], 1) is E[1][0]
    assert take(E, [2, 0]) == [E[2], E[0]]
    assert take(E, np.array([[2, 0], [1, 1]])) == [[E[2], E[0]], [E[1], E[1]]]


def test_its_gradient_goes_to_that_element_alone() -> None:
    E = table()
    total = Value(0.0)
    for k in (1, 1, 0):
        a, b = take(E, k)
        total = total + a * b
    total.backward()
    assert [[v.grad for v in row] for row in E] == [[1.0, 0.0], [22.0, 20.0], [0.0, 0.0]]


def test_a_derivative_by_the_index_is_0() -> None:
    assert microgrAD.grad(lambda w, k: take([w, 2 * w, w * w], k))(3.0, 2.0) == 6.0
    assert microgrAD.jacobian(lambda w, k: take([w, 2 * w], k))(3.0, 1.0).tolist() == [2.0, 0.0]


@pytest.mark.parametrize("index", [3, -1, 0.5, 2.0000001, 1e300, Value(7.0, label="letter")])
def test_an_index_that_is_none_says_the_range(index: Any) -> None:
    at = " at 'letter'" if isinstance(index, Value) else ""
    with pytest.raises(DomainError, match=rf"whole number from 0 to 2 as the index of 3 values, got [-\d.e+]+{at};"):
        take([1.0, 2.0, 3.0], index)


@pytest.mark.parametrize(
    ("values", "index", "error", "said"),
    [
        ([1.0], "a", TypeError, "the index of take takes one real number, got str"),
        ([1.0], None, TypeError, "the index of take takes one real number"),
        ([1.0], float("nan"), DomainError, "finite"),
        ([], 0, ValueError, "at least one value, got none"),
        (Value(1.0), 0, TypeError, "a list or an array of Values, or of rows of them, got Value"),
        ([[1.0], [1.0, 2.0]], 0, ValueError, "rows of one length, got 1 numbers in row 0 and 2 numbers in row 1"),
        ([[1.0], 2.0], 0, ValueError, "rows of one length, got 1 numbers in row 0 and one number in row 1"),
    ],
)
def test_other_mistakes(values: Any, index: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        take(values, index)
