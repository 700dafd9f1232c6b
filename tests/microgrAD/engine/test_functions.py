"""The compositions against mpmath at 50 digits, values and derivatives; huge logits, shapes of graphs, bad input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgrAD
from microgrAD import DomainError, Value, functions, hessian, topological
from microgrAD.functions import log_softmax, logsumexp, mean, norm, prod, softmax, variance

mp = mpmath.mp.clone()
mp.dps = 50


# the same functions over mpmath's numbers, written from their definitions
def exact_variance(x: Sequence[Any], ddof: int = 0) -> Any:
    center = mp.fsum(x) / len(x)
    return mp.fsum((a - center) ** 2 for a in x) / (len(x) - ddof)


SCALARS: dict[Callable[..., Any], Callable[..., Any]] = {
    mean: lambda x: mp.fsum(x) / len(x),
    variance: exact_variance,
    norm: lambda x: mp.sqrt(mp.fsum(a * a for a in x)),
    prod: lambda x: mp.fprod(x),
    logsumexp: lambda x: mp.log(mp.fsum(mp.exp(a) for a in x)),
}
ROWS: dict[Callable[..., Any], Callable[..., Any]] = {
    softmax: lambda x: [mp.exp(a) / mp.fsum(mp.exp(b) for b in x) for a in x],
    log_softmax: lambda x: [a - mp.log(mp.fsum(mp.exp(b) for b in x)) for a in x],
}
ALL = [*SCALARS, *ROWS]

numbers = st.lists(st.floats(-30, 30).filter(lambda x: x == 0 or abs(x) > 1e-3), min_size=1, max_size=6)
logits = st.lists(st.floats(-2000, 2000), min_size=1, max_size=6)


def close(got: float, wanted: Any, scale: float = 1.0) -> bool:
    """Within 1e-12 of what mpmath says, relative to it or to the scale of the input."""
    return bool(abs(mp.mpf(got) - wanted) <= 1e-12 * max(abs(wanted), scale))


def derivative(f: Callable[..., Any], x: list[float], k: int) -> Any:
    """∂f/∂x_k by mpmath, from the definition above."""
    exact = [mp.mpf(a) for a in x]
    return mp.diff(lambda t: f([*exact[:k], t, *exact[k + 1 :]]), exact[k])


@pytest.mark.parametrize("function", SCALARS, ids=lambda f: f.__name__)
@given(numbers)
def test_values_and_gradients_agree_with_mpmath(function: Callable[..., Any], x: list[float]) -> None:
    leaves = [Value(a) for a in x]
    result = function(leaves)
    size = max(map(abs, x), default=1.0)
    assert close(result.data, SCALARS[function](list(map(mp.mpf, x))), size**2 if function is variance else size)
    if function is norm and not any(x):
        return
    result.backward()
    for k, leaf in enumerate(leaves):
        assert close(leaf.grad, derivative(SCALARS[function], x, k), 10 * size)


@pytest.mark.parametrize("function", [logsumexp, softmax, log_softmax], ids=lambda f: f.__name__)
@given(logits)
def test_logits_of_any_size_agree_with_mpmath(function: Callable[..., Any], x: list[float]) -> None:
    exact = [mp.mpf(a) for a in x]
    if function is logsumexp:
        assert close(logsumexp(x), SCALARS[logsumexp](exact), max(1e-30, *map(abs, x)))
        return
    for got, wanted in zip(function(x), ROWS[function](exact), strict=True):
        assert close(got, wanted, 0.0 if function is softmax and wanted > 1e-300 else max(1.0, *map(abs, x)))


@given(logits)
def test_the_gradient_of_logsumexp_is_softmax_to_the_last_digits(x: list[float]) -> None:
    leaves = [Value(a) for a in x]
    logsumexp(leaves).backward()
    for leaf, wanted in zip(leaves, ROWS[softmax]([mp.mpf(a) for a in x]), strict=True):
        assert close(leaf.grad, wanted, 1e-4)  # 1e-16 absolute


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=4))
def test_second_derivatives_agree_with_mpmath(x: list[float]) -> None:
    p = ROWS[softmax]([mp.mpf(a) for a in x])
    got = hessian(lambda *xs: logsumexp(xs))(*x)
    for i, row in enumerate(got.tolist()):
        for j, entry in enumerate(row):
            assert close(entry, p[i] * ((i == j) - p[j]))


@given(st.lists(st.floats(-700, 700), min_size=2, max_size=5), st.data())
def test_gradients_of_the_rows_agree_with_mpmath(x: list[float], data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(x) - 1))
    p = ROWS[softmax]([mp.mpf(a) for a in x])
    for function, wanted in ((softmax, lambda j: p[k] * ((j == k) - p[j])), (log_softmax, lambda j: (j == k) - p[j])):
        leaves = [Value(a) for a in x]
        function(leaves)[k].backward()
        for j, leaf in enumerate(leaves):
            assert close(leaf.grad, wanted(j))


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
@given(numbers)
def test_plain_numbers_give_what_values_give(function: Callable[..., Any], x: list[float]) -> None:
    plain, recorded = function(x), function([Value(a) for a in x])
    if function in ROWS:
        assert plain == [v.data for v in recorded]
        assert all(type(p) is float for p in plain)
    else:
        assert (plain, type(plain)) == (recorded.data, float)


@pytest.mark.parametrize("function", [f for f in ALL if f is not prod], ids=lambda f: f.__name__)
@given(numbers)
def test_one_node_sums_give_the_same(function: Callable[..., Any], x: list[float]) -> None:
    values = [Value(a) for a in x]
    plain, fused = function(values), function(values, fused=True)
    pairs = zip(plain, fused, strict=True) if function in ROWS else [(plain, fused)]
    for a, b in pairs:
        assert close(a.data, mp.mpf(b.data), max(1.0, *(abs(v) ** 2 for v in x)))
    root = fused[0] if function in ROWS else fused
    assert sum(v.op == "sum" for v in topological(root)) == (2 if function is variance else 1)


def test_sums_are_plain_additions_unless_asked_otherwise() -> None:
    leaves = [Value(k) for k in range(4)]
    assert [v.op for v in topological(mean(leaves)) if v.op] == ["add", "add", "add", "div"]
    assert [v.op for v in topological(mean(leaves, fused=True)) if v.op] == ["sum", "div"]


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.lists(st.floats(-5, 5), min_size=3, max_size=3))
def test_the_shape_of_the_graph_does_not_depend_on_the_numbers(x: list[float], y: list[float]) -> None:
    for function in (logsumexp, lambda row: softmax(row)[0], lambda row: log_softmax(row)[1]):
        a, b = (topological(function([Value(k) for k in row])) for row in (x, y))
        assert [v.op for v in a] == [v.op for v in b]


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=6), st.integers(0, 1))
def test_variance_is_numpys(x: list[float], ddof: int) -> None:
    assert variance(x, ddof=ddof) == pytest.approx(np.var(x, ddof=ddof), rel=1e-9, abs=1e-9)


def test_some_elements_may_be_plain_numbers() -> None:
    w = Value(3.0)
    result = prod([w, 2.0, w])
    result.backward()
    assert (result.data, w.grad) == (18.0, 12.0)


@pytest.mark.parametrize("x", [(1.0, 2.0), np.array([1.0, 2.0]), np.array([Value(1.0), Value(2.0)]), iter([1, 2])])
def test_any_sequence_will_do(x: Any) -> None:
    assert float(mean(x)) == 1.5


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        ([], ValueError, "at least one number, got none"),
        (Value(2.0), TypeError, r"takes a sequence .* write .*\(\[a, b\]\)"),
        (2, TypeError, "takes a sequence"),
        (None, TypeError, "takes a sequence of Values and numbers, got NoneType None"),
        (["1"], TypeError, "got str '1'"),
        ([1.0, [2.0]], TypeError, "got list"),
        (np.ones((2, 2)), TypeError, r"array of shape \(2, 2\); pass its .ravel\(\)"),
        ([1.0, float("nan")], DomainError, "finite"),
    ],
)
def test_bad_input_is_refused(function: Callable[..., Any], x: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=f"{function.__name__} .*{words}"):
        function(x)


@pytest.mark.parametrize("function", [mean, variance, norm, prod], ids=lambda f: f.__name__)
@pytest.mark.parametrize("make", [float, Value], ids=["floats", "Values"])
def test_going_over_the_edge_is_an_error(function: Callable[..., Any], make: Callable[..., Any]) -> None:
    with pytest.raises(DomainError, match="more than a float holds"):
        function([make(1e308)] * 3)


@pytest.mark.parametrize("ddof", [2, -1])
def test_ddof_leaves_something_to_divide_by(ddof: int) -> None:
    with pytest.raises(ValueError, match="ddof must be from 0 to 1 for 2 numbers"):
        variance([1.0, 2.0], ddof=ddof)


def test_the_length_of_nothing_has_no_derivative() -> None:
    x = [Value(0.0), Value(0.0)]
    assert norm(x).data == 0
    with pytest.raises(DomainError, match="derivative of sqrt"):
        norm(x).backward()


@pytest.mark.parametrize("function", ALL, ids=lambda f: f.__name__)
def test_the_package_has_them(function: Callable[..., Any]) -> None:
    assert getattr(microgrAD, function.__name__) is function
    assert function.__name__ in microgrAD.__all__
    assert getattr(functions, function.__name__) is function
