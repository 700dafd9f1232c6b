"""Derivatives taken inside a compiled function: they are the engine's, of every operation and of a network."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import ORACLES
from ways import agree, eager

import microgrAD
from microgrAD import OPS, DomainError, Value, grad, hessian, jacobian, jvp
from microgrAD.engine import apply
from microgrAD.nn import MLP
from microgrAD.ops import Op

RNG = np.random.default_rng(0)


def values(x: Any) -> list[Any]:
    """A row as Values: of plain numbers, the engine's derivative is a plain number, which no other one goes through."""
    return [v if isinstance(v, Value) else Value(v) for v in (x if isinstance(x, (list, np.ndarray)) else [x])]


def within(low: float, high: float) -> st.SearchStrategy[float]:
    """Small numbers within a domain, and not at its ends."""
    return st.floats(max(low + 0.01, -3), min(high - 0.01, 3))


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
@settings(max_examples=5)
@given(data=st.data())
def test_the_derivative_of_every_operation(op: Op, data: st.DataObject) -> None:
    """A loss of ∂op/∂argument, by every argument: its gradient needs the second derivatives."""
    domains = [within(*domain) for domain in ORACLES[op.name].where]
    size = len(domains)
    w = Value(data.draw(st.floats(0.5, 1.5)))
    rows = np.array(data.draw(st.lists(st.tuples(*domains), min_size=1, max_size=3))) / w.data
    if op.name == "pow":  # the exponent's partial has a logarithm in it, which is computed for every base
        rows = abs(rows) + 0.1

    def f(*x: Any) -> Any:
        return apply(op.name, [*[w * v for v in x], *op.constants.values()])

    def loss(x: Any) -> Any:
        return sum((d * d for d in grad(f, argnums=range(size))(*values(x))), w * 0.0)

    try:
        value, gradient = eager(loss, [w], [rows])
    except DomainError:
        assume(False)
    assume(max(abs(value), *map(abs, gradient)) < 1e6)
    found, slope = microgrAD.compile(loss, parameters=[w], backend="numpy").value_and_grad(rows)
    assert found == pytest.approx(value, rel=1e-10, abs=1e-10)
    assert slope.tolist() == pytest.approx(gradient, rel=1e-10, abs=1e-9)


def test_a_physics_informed_loss() -> None:
    """u'' + u of a network: both derivatives by the input, then the gradient by the weights."""
    model = MLP(1, [4, 1], rng=0)

    def u(x: Any) -> Any:
        return model([x])

    def loss(x: Any) -> Any:
        (v,) = values(x)
        return (grad(grad(u))(v) + u(v)) ** 2

    agree(loss, model.parameters(), RNG.normal(size=5))


def test_a_gradient_penalty() -> None:
    model = MLP(2, [3, 1], rng=1)

    def loss(x: Any) -> Any:
        dx, dy = grad(lambda a, b: model([a, b]), argnums=(0, 1))(*values(x))
        return (dx * dx + dy * dy - 1.0) ** 2 + model(x) ** 2

    agree(loss, model.parameters(), RNG.normal(size=(6, 2)))


def test_hessian_jacobian_and_jvp() -> None:
    w = [Value(0.7), Value(-0.3)]

    def f(x: Any, y: Any) -> Any:
        return (w[0] * x * x * y + w[1] * y.tanh()).sin()

    agree(lambda x: hessian(f)(*values(x)).sum(), w, RNG.normal(size=(4, 2)))
    agree(lambda x: jacobian(lambda a, b: [f(a, b), a * b])(*values(x)).sum(), w, RNG.normal(size=(4, 2)))
    agree(lambda x: jvp(f, values(x), (1.0, 2.0))[1], w, RNG.normal(size=(4, 2)))


def test_a_derivative_by_a_parameter() -> None:
    w = Value(1.3)
    agree(lambda x: grad(lambda v: v * v * x)(w) ** 2, [w], RNG.normal(size=3))


def test_a_directional_derivative_by_several_arguments() -> None:
    w = Value(0.7)

    def f(a: Any, b: Any, c: Any) -> Any:
        return jvp(lambda x, y, z: x * y.sin() * w + z * z * x, values([a, b, c]), (1.0, 2.0, -3.0))[1]

    program = microgrAD.compile(f, parameters=[w])
    a, b, c = 0.3, -0.8, 1.7
    x_slope, y_slope, z_slope = math.sin(b) * 0.7 + c * c, a * math.cos(b) * 0.7, 2 * c * a
    value, gradient = program.value_and_grad([a], [b], [c])
    assert value == pytest.approx(x_slope + 2 * y_slope - 3 * z_slope, rel=1e-14)
    assert gradient == pytest.approx([math.sin(b) + 2 * a * math.cos(b)], rel=1e-14)
