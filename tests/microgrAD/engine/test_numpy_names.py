"""NumPy's functions on arrays of Values: NumPy's own numbers, with gradients, or an error that names another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import microgrAD
from microgrAD import GraphError, Value, grad

X = np.array([0.5, 0.25, 0.75])
Y = np.array([1.5, 1.25, 0.7])


def values(numbers: Any) -> Any:
    made = np.empty(len(numbers), dtype=object)
    made[:] = [Value(v) for v in numbers]
    return made


UNARY = [
    "log2",
    "log10",
    "exp2",
    "cbrt",
    "std",
    "var",
    "fabs",
    "sinc",
    "square",
    "deg2rad",
    "rad2deg",
    "degrees",
    "radians",
    "arcsinh",
    "arctanh",
    "mean",
    "sum",
    "prod",
    "ptp",
    "log1p",
    "expm1",
    "sqrt",
    "cumsum",
    "reciprocal",
    "median",
    "diff",
    "linalg.norm",
    "conj",
    "absolute",
    "negative",
    "arctan",
    "arcsin",
    "max",
    "min",
    "average",
]
BINARY = ["hypot", "arctan2", "power", "maximum", "minimum", "dot", "inner", "outer", "kron", "convolve"]


def named(name: str) -> Callable[..., Any]:
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def slopes(f: Callable[..., Any], *arrays: Any) -> list[list[float]]:
    """Central differences of the sum of f, by each element."""
    found = []
    for which, array in enumerate(arrays):
        found.append([])
        for k in range(len(array)):
            ends = []
            for h in (-1e-6, 1e-6):
                moved = [a.copy() for a in arrays]
                moved[which][k] += h
                ends.append(float(np.sum(f(*moved))))
            found[-1].append((ends[1] - ends[0]) / 2e-6)
    return found


@pytest.mark.parametrize("name", UNARY + BINARY)
def test_the_numbers_and_gradients_are_numpys(name: str) -> None:
    arrays = [X, Y][: 1 + (name in BINARY)]
    given = [values(array) for array in arrays]
    result = np.ravel(named(name)(*given))
    assert [v.data for v in result] == pytest.approx(np.ravel(named(name)(*arrays)), rel=1e-14)
    microgrAD.sum(result).backward()
    for array, expected in zip(given, slopes(named(name), *arrays), strict=True):
        assert [v.grad for v in array] == pytest.approx(expected, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize(
    ("f", "word"),
    [
        (lambda a: np.rint(a), r"round\(x\.data\)"),
        (lambda a: np.round(a, 1), r"round\(x\.data\)"),
        (lambda a: np.mod(a, 2.0), r"math\.floor\(x\.data / y\)"),
        (lambda a: np.mod(2.0, a), r"math\.floor\(x\.data / y\)"),
        (lambda a: np.remainder(a, a), r"math\.floor"),
        (lambda a: np.fmod(a, 2.0), r"math\.trunc"),
        (lambda a: np.floor_divide(a, 2.0), r"x\.data // y"),
        (lambda a: a[0] % 2, r"math\.floor"),
        (lambda a: 2 // a[0], r"x\.data // y"),
        (lambda a: divmod(a[0], 2), r"divmod\(x\.data, y\)"),
    ],
)
def test_what_has_no_rule_names_what_to_write(f: Callable[[Any], Any], word: str) -> None:
    with pytest.raises(GraphError, match=word):
        f(values(X))


def test_what_is_written_in_the_place_of_mod_is_its_derivative() -> None:
    import math

    assert grad(lambda x: x - 2.0 * math.floor(x.data / 2.0))(5.5) == 1.0


def test_functions_of_the_package_name_a_way_for_arrays() -> None:
    with pytest.raises(TypeError, match=r"np\.vectorize\(microgrAD\.logaddexp, otypes=\[object\]\)"):
        microgrAD.logaddexp(values(X), values(Y))
    found = np.vectorize(microgrAD.logaddexp, otypes=[object])(values(X), values(Y))
    assert [v.data for v in found] == pytest.approx(np.logaddexp(X, Y))


def test_numpys_names_are_functions_and_methods_of_the_package_too() -> None:
    for ours, theirs in (("asinh", "arcsinh"), ("acosh", "arccosh"), ("atanh", "arctanh"), ("atan2", "arctan2")):
        assert getattr(microgrAD, theirs) is getattr(microgrAD, ours)
        assert getattr(Value, theirs) is getattr(Value, ours)


def test_the_cube_root_is_odd() -> None:
    assert microgrAD.cbrt(-8.0) == -2.0
    assert grad(microgrAD.cbrt)(-8.0) == pytest.approx(1 / 12, rel=1e-15)


def test_far_out_and_close_to_the_ends_digits_are_kept() -> None:
    assert grad(microgrAD.asinh)(1e300) == pytest.approx(1e-300, rel=1e-15)
    assert grad(microgrAD.acosh)(1e300) == pytest.approx(1e-300, rel=1e-15)
    assert grad(microgrAD.log10)(1e308) > 0
    assert grad(microgrAD.hypot, (0, 1))(3e300, 4e300) == (0.6, 0.8)
    assert grad(microgrAD.logaddexp, (0, 1))(1000.0, 1000.0) == (0.5, 0.5)
    assert grad(microgrAD.atan2, (0, 1))(0.0, -1.0) == (-1.0, 0.0)


@pytest.mark.parametrize(
    ("f", "args"),
    [(microgrAD.atan2, (0.0, 0.0)), (microgrAD.hypot, (0.0, 0.0)), (microgrAD.cbrt, (0.0,)), (microgrAD.acosh, (1.0,))],
)
def test_where_there_is_no_derivative_the_value_is_there_and_backward_says_so(f: Any, args: Any) -> None:
    given = [Value(a) for a in args]
    root = f(*given)
    assert root.data == 0.0
    with pytest.raises(microgrAD.DomainError, match="is not finite"):
        root.backward()


@pytest.mark.parametrize(("f", "x"), [(microgrAD.acosh, 0.5), (microgrAD.atanh, 1.0), (microgrAD.log2, 0.0)])
def test_out_of_their_domains(f: Any, x: float) -> None:
    with pytest.raises(microgrAD.DomainError, match="needs"):
        f(Value(x))
