"""`where` does what a Python `if` does: the side that is not taken changes nothing, on the engine and in a program."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from ways import WAYS, choose

import microgrAD
from microgrAD import DomainError, Value, asin, exp, grad, hessian, jvp, log, relu, sqrt, value_and_grad, where
from microgrAD import max as largest
from microgrAD import min as smallest
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.train import fit

Function = Callable[[Any], Any]

# a function, where, its value, its first two derivatives there
TAKEN: list[tuple[Function, float, float, float, float]] = [
    (lambda a: where(a, sqrt(a), 2 * a), 0.0, 0.0, 2.0, 0.0),
    (lambda a: where(1 - a, 2 * a, sqrt(a)), 0.0, 0.0, 2.0, 0.0),
    (lambda a: where(sqrt(a), a, 3 * a), 0.0, 0.0, 3.0, 0.0),
    (lambda a: where(a, log(1 + sqrt(a)) * sqrt(a) + sqrt(a), a * a + 5 * a), 0.0, 0.0, 5.0, 2.0),
    (lambda a: where(a, sqrt(a), a) + a, 0.0, 0.0, 2.0, 0.0),
    (lambda a: relu(asin(a)), -1.0, 0.0, 0.0, 0.0),
    (lambda a: largest(sqrt(a), 1 + a * a), 0.0, 1.0, 0.0, 2.0),
    (lambda a: smallest(1 + sqrt(a), a), 0.0, 0.0, 1.0, 0.0),
    (lambda a: where(-a, lambda: exp(a), lambda: 1 + a * a), 1000.0, 1000001.0, 2000.0, 2.0),
    (lambda a: where(a, lambda: 1 / a, lambda: 3 * a), 0.0, 0.0, 3.0, 0.0),
    (lambda a: where(a, lambda: log(a), lambda: where(1 - a, lambda: a**2, lambda: sqrt(a))), -3.0, 9.0, -6.0, 2.0),
    (lambda a: where(a, lambda: log(a), 0.0) + a, -3.0, -3.0, 1.0, 0.0),
    (lambda a: where(2.0, lambda: a * a, lambda: log(-a)), 3.0, 9.0, 6.0, 2.0),
]


@pytest.mark.parametrize(("f", "x", "value", "first", "second"), TAKEN)
def test_the_engine_and_forward_mode(f: Function, x: float, value: float, first: float, second: float) -> None:
    v = Value(x)
    root = f(v)
    root.backward()
    assert (root.data, v.grad) == (value, first)
    f(w := Value(x)).backward(create_graph=True)
    assert w.grad.data == first
    assert value_and_grad(f)(x) == (value, first)
    assert jvp(f, (x,), (1.0,)) == (value, first)
    assert grad(grad(f))(x) == second
    assert hessian(f)(x).tolist() == [[second]]
    assert jvp(grad(f), (x,), (1.0,)) == (first, second)
    assert grad(lambda t: jvp(f, (t,), (1.0,))[1])(x) == second
    (v * 1).backward()  # nothing is left behind
    assert v.grad == first + 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("f", "x", "value", "first", "second"), TAKEN)
def test_a_program(f: Function, x: float, value: float, first: float, second: float, way: str) -> None:
    w = Value(1.0)
    others = [0.25, 0.5]
    try:
        expected = [value_and_grad(lambda k, row=row: f(k * row))(1.0) for row in [x, *others]]
    except DomainError:
        others, expected = [x], [(value, first * x)] * 2
    with pytest.MonkeyPatch.context() as patch:
        choose(way, patch)
        program = microgrAD.compile(lambda row: f(w * row), parameters=[w])
        rows = [x, *others]
        assert program.predict(rows).tolist() == pytest.approx([v for v, _ in expected])
        found, slope = program.value_and_grad(rows)
        assert found == pytest.approx(sum(v for v, _ in expected) / len(rows))
        assert slope.tolist() == pytest.approx([sum(d for _, d in expected) / len(rows)])
        before = w.data
        program.train(rows, SGD([w], lr=1e-12), 4)
        assert w.data - before == pytest.approx(-4e-12 * slope[0], rel=1e-3, abs=1e-15)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: sqrt(a),
        lambda a: 0 * sqrt(a),
        lambda a: sqrt(a) ** 2,
        lambda a: relu(sqrt(a)),
        lambda a: abs(sqrt(a)),
        lambda a: largest(0.0, sqrt(a)),
        lambda a: where(1 + a, sqrt(a), a),
        lambda a: where(a, sqrt(a), a) + sqrt(a),
    ],
)
def test_at_a_kink_and_where_it_is_taken_a_root_is_refused_as_ever(f: Function) -> None:
    for take in (
        lambda x: f(Value(x)).backward(),
        lambda x: f(Value(x)).backward(create_graph=True),
        grad(f),
        lambda x: jvp(f, (x,), (1.0,)),
        grad(grad(f)),
    ):
        with pytest.raises(DomainError):
            take(0.0)
    w = Value(1.0)
    with pytest.raises(DomainError, match="row 0: "):
        microgrAD.compile(lambda x: f(w * x), parameters=[w]).value_and_grad([0.0])


def test_both_sides_of_plain_values_are_computed_and_must_exist() -> None:
    w = Value(1.0)

    def f(a: Any) -> Any:
        return where(-a, exp(a), 1 + a)

    with pytest.raises(DomainError, match=r"exp of 1000\.0"):
        f(Value(1000.0))
    with pytest.raises(DomainError, match=r"row 1: exp of 1000\.0"):
        microgrAD.compile(lambda x: f(w * x), parameters=[w]).value([1.0, 1000.0])


def test_only_the_side_that_is_taken_is_asked() -> None:
    asked: list[str] = []
    x = Value(2.0)
    made = where(x, lambda: asked.append("yes") or x * 3, lambda: asked.append("no") or x)  # type: ignore[func-returns-value]
    assert (asked, made.op, made.data) == (["yes"], "mul", 6.0)
    assert where(-1.0, lambda: 1.0, lambda: 2.0) == 2.0
    assert isinstance(where(x, lambda: 1.0, lambda: 2.0), Value)
    with pytest.raises(TypeError, match="where takes one real number, got str"):
        where(x, lambda: "text", lambda: 2.0)


def test_a_loss_with_functions_is_trained_by_a_program() -> None:
    def loss(p: Any, t: Any) -> Any:
        return where(t, lambda: microgrAD.softplus(-p), lambda: microgrAD.softplus(p))

    runs = [
        fit(MLP(2, [4, 1], rng=0), *make_xor(), loss=loss, epochs=50, compiled=compiled).loss
        for compiled in (True, False)
    ]
    assert runs[0] == pytest.approx(runs[1], rel=1e-9)


@pytest.mark.parametrize(
    "f",
    [
        lambda x, w: x * w / 0,
        lambda x, w: w / 0.0 * x,
        lambda x, w: x * w * microgrAD.log(0.0 * w),
        lambda x, w: (x * w) * (0.0 * w) ** -1,
        lambda x, w: x * w * exp(Value(1000.0) * 1.0),
        lambda x, w: w * x + (w * 0.0 - 8) ** 0.5,
        lambda x, w: w * x * microgrAD.log1p(-1.0 + 0 * w),
        lambda x, w: microgrAD.sqrt(w - 1.0) * x,
        lambda x, w: (w * 1e200) * (w * 1e200) * x,
    ],
)
def test_an_operation_out_of_its_domain_is_the_engines_error(f: Any) -> None:
    w = Value(1.0, label="w")
    with pytest.raises(DomainError) as eager:
        f(3.0, w).backward()
    with pytest.raises(DomainError) as compiled:
        microgrAD.compile(lambda x: f(x, w), parameters=[w]).value_and_grad([3.0])
    assert str(compiled.value) == f"row 0: {eager.value}"
    assert math.isfinite(w.grad)


@pytest.mark.parametrize("way", WAYS)
def test_an_error_names_its_row_after_rows_that_only_the_engine_computes(way: str) -> None:
    w = Value(1.0)
    with pytest.MonkeyPatch.context() as patch:
        choose(way, patch)
        program = microgrAD.compile(lambda x: where(x, lambda: w * x, lambda: (w * x - 1).log()), parameters=[w])
        assert program.predict([0.5, 2.0]).tolist() == [0.5, 2.0]  # log(-0.5) is not taken
        for call in (program.predict, program.value_and_grad):
            with pytest.raises(DomainError, match=r"^row 2: log"):
                call([0.5, 2.0, -1.0])
