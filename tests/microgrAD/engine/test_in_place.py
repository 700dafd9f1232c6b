"""`p -= lr * p.grad` on a leaf moves nothing, and says so; on results it makes a new node, as in micrograd's README."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest

from microgrAD import GraphError, Value, grad, no_grad
from microgrAD.nn import MLP

IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.iadd,
    "-": operator.isub,
    "*": operator.imul,
    "/": operator.itruediv,
    "**": operator.ipow,
}


@pytest.mark.parametrize("sign", IN_PLACE)
@pytest.mark.parametrize("start", [0.0, 1.0, 2.0])
def test_on_a_leaf_the_error_names_its_data(sign: str, start: float) -> None:
    for other in (0.5, 1, 0.0):
        with pytest.raises(GraphError, match=r"p\.data " + sign.replace("*", r"\*").replace("+", r"\+") + "="):
            IN_PLACE[sign](Value(start), other)


def test_the_update_of_a_network_is_refused_before_it_does_nothing() -> None:
    model = MLP(2, [2, 1], rng=0)
    model([1.0, 2.0]).backward()
    with pytest.raises(GraphError, match=r"on a leaf at 'w1'.*p\.data -= lr \* p\.grad"):
        for p in model.parameters():
            p -= 0.1 * p.grad
    with pytest.raises(GraphError, match=r"p\.data"), no_grad():
        for p in model.parameters():
            p -= 0.1 * p.grad
    with pytest.raises(GraphError, match=r"p\.data"):
        for p in model.parameters():
            p -= Value(0.1) * p.grad
    zero = Value(0.0, label="b")
    with pytest.raises(GraphError, match=r"on a leaf at 'b'"):
        zero += Value(1.0)
    moved = Value(0.0)
    (moved * 2).backward()
    with pytest.raises(GraphError, match=r"p\.data"):
        moved -= Value(0.1) * moved.grad


def test_micrograds_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert (f"{g.data:.4f}", f"{a.grad:.4f}", f"{b.grad:.4f}") == ("24.7041", "138.8338", "645.5773")


def test_on_results_it_is_the_operation() -> None:
    x = Value(3.0)
    for sign, assign in IN_PLACE.items():
        for other in (2.0, x, x * 2):
            assert assign(x * 1, other).data == pytest.approx(eval(f"3.0 {sign} other", {"other": float(other)}))


def test_a_running_sum_or_product_may_begin_at_a_leaf() -> None:
    x, total, product = Value(3.0), Value(0), Value(1.0)
    for _ in range(3):
        total += x
        product *= x
    (total + product).backward()
    assert (total.data, product.data, x.grad) == (9.0, 27.0, 3.0 + 27.0)
    lost = Value(0.0)
    lost -= x
    assert lost.data == -3.0


def test_within_a_derivative_and_within_no_grad_a_name_moves_on() -> None:
    def f(x: Any) -> Any:
        x *= x
        x -= 1
        return x

    assert grad(f)(3.0) == 6.0
    with no_grad():
        y = Value(2.0) * 2
        y += 1
    assert y.data == 5.0
