"""`fit` learns what the engine would: where a program is not that, it says so once and goes on without."""

from __future__ import annotations

import math
import os
import random
import warnings
from functools import partial
from typing import Any

import numpy as np
import pytest

import microgrAD
from microgrAD import CompileError, GraphError, Value
from microgrAD.datasets import make_xor
from microgrAD.nn import MLP, Dropout, Layer, Module, Sequential
from microgrAD.optim import SGD
from microgrAD.train import fit, predict

X, Y = make_xor()


def by_equality(p: Any, t: Any) -> Any:
    return (p - 1) ** 2 if t == 1 else (p + 1) ** 2


def by_membership(p: Any, t: Any) -> Any:
    return (p - 1) ** 2 if t in {1.0, 2.0} else (p + 1) ** 2


def by_table(p: Any, t: Any) -> Any:
    return (p - {0.0: -1.0}.get(t, 1.0)) ** 2


def by_match(p: Any, t: Any) -> Any:
    match t:
        case 1:
            return (p - 1) ** 2
    return (p + 1) ** 2


def by_type(p: Any, t: Any) -> Any:
    return (p - 2 * t + 1) ** 2 if isinstance(t, float) else p**2


def by_identity(p: Any, t: Any) -> Any:
    return (p + 1) ** 2 if t is np.float64 or t.__class__ is float and not t else (p - 1) ** 2


def learned(loss: Any, compiled: bool | None, **options: Any) -> tuple[list[float], list[float]]:
    model = MLP(2, [4, 1], rng=0)
    history = fit(model, X, Y, loss=loss, epochs=60, compiled=compiled, **options)
    return history.loss, [p.data for p in model.parameters()]


@pytest.mark.parametrize("loss", [by_equality, by_membership, by_table, by_match, by_type, by_identity])
def test_a_loss_that_decides_by_its_target_learns_eagerly_and_says_so_once(loss: Any) -> None:
    with pytest.warns(UserWarning, match="builds every row's graph anew") as said:
        found = learned(loss, None)
    assert len(said) == 1
    assert said[0].filename == __file__
    assert found == learned(loss, False)
    assert found[0][-1] < found[0][0] / 2
    with pytest.raises(CompileError):
        learned(loss, True)


def test_a_coefficient_that_a_callback_changes_is_followed() -> None:
    runs = []
    for compiled in (None, False):
        coefficient = 1.0

        def loss(p: Any, t: Any) -> Any:
            return coefficient * (p - t) ** 2  # noqa: B023

        def change(model: Module, history: Any) -> None:
            nonlocal coefficient
            coefficient = 1.0 if history.epochs < 20 else 5.0

        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            runs.append(learned(loss, compiled, callbacks=[change]))
        assert ["coefficient is not what it was" in str(w.message) for w in said] == [True] * (compiled is None)
    assert np.allclose(runs[0][0], runs[1][0], rtol=1e-9)
    assert np.allclose(runs[0][1], runs[1][1], rtol=1e-9)


class Counting(Module):
    def __init__(self) -> None:
        self.inner, self.calls = MLP(2, [3, 1], rng=0), 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return self.inner(x)


class Drawing(Module):
    def __init__(self) -> None:
        self.inner, self.asked, self.rng = MLP(2, [3, 1], rng=0), 0, random.Random(1)

    def __call__(self, x: Any) -> Any:
        return self.inner(x) * (1.0 if self.rng.random() < 0.999 else 0.0)


class Gated(Module):
    def __init__(self) -> None:
        self.inner, self.gate = MLP(2, [3, 1], rng=0), Value(0.001)

    def __call__(self, x: Any) -> Any:
        return self.inner(x) + self.gate if self.gate > 0 else self.inner(x) - 2 * self.gate


@pytest.mark.parametrize("make", [Counting, Drawing, Gated])
def test_a_layer_with_a_life_of_its_own_is_asked_at_every_step(make: Any) -> None:
    model = make()
    with pytest.warns(UserWarning, match="builds every row's graph anew") as said:
        fit(model, X, Y, epochs=30)
    assert len(said) == 1
    if make is Counting:
        assert model.calls >= 30 * len(X)
    plain = make()
    fit(plain, X, Y, epochs=30, compiled=False)
    if make is Gated:
        assert [p.data for p in model.parameters()] == [p.data for p in plain.parameters()]


def test_a_loss_that_leaves_the_graph_is_an_error_whatever_runs_it() -> None:
    for compiled in (None, False):
        with pytest.raises(GraphError, match=r"write microgrAD\.log"):
            learned(lambda p, t: -math.log(abs(p) + 1.0) * p, compiled)
        with pytest.raises(GraphError, match="takes the float"):
            learned(lambda p, t: (float(p) - t) ** 2 + 0 * p, compiled)


def test_numbers_of_a_run_may_be_read_between_its_steps() -> None:
    seen: list[float] = []
    model = MLP(2, [3, 1], rng=0)
    fit(model, X, Y, epochs=3, callbacks=[lambda m, h: seen.append(float(m([0.0, 1.0])))], compiled=False)  # type: ignore[func-returns-value]
    assert len(seen) == 3


def test_what_the_package_has_is_believed_and_no_slower_way_is_taken() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(MLP(2, [4, 1], rng=0), X, Y, epochs=40)
        fit(Sequential(Layer(2, 4), Dropout(0.3), Layer(4, 1, activation="linear")), X, Y, epochs=10, batch_size=2)


def _changing(x: Any) -> Any:
    x -= 1.0
    return x


@pytest.mark.parametrize("compiled", [True, False])
def test_a_model_may_change_its_row_and_not_the_data(compiled: bool) -> None:
    X, y = np.full((6, 2), 5.0), np.zeros(6)

    class Moving(MLP):
        def __call__(self, x: Any) -> Any:
            return super().__call__(_changing(x))

    moved, plain = Moving(2, [1], rng=0), MLP(2, [1], rng=0)
    one = fit(moved, X, y, epochs=8, optimizer=partial(SGD, lr=0.001), compiled=compiled, rng=0)
    other = fit(plain, X - 1.0, y, epochs=8, optimizer=partial(SGD, lr=0.001), compiled=compiled, rng=0)
    assert one.loss == pytest.approx(other.loss, rel=1e-12)
    assert X.tolist() == np.full((6, 2), 5.0).tolist()
    program = microgrAD.compile(lambda x: moved(x), parameters=moved.parameters())
    assert len({tuple(program.predict(X)) for _ in range(9)}) == 1
    assert predict(moved, X)[:, 0] == pytest.approx(program.predict(X), rel=1e-12)
    assert X.tolist() == np.full((6, 2), 5.0).tolist()


@pytest.mark.parametrize("compiled", [None, True, False])
def test_a_derivative_in_a_model_is_trained_through(compiled: bool | None) -> None:
    """A physics-informed network: d/dx of w x² is 2 w x."""

    class Slope(Module):
        def __init__(self) -> None:
            self.w = Value(1.5)

        def __call__(self, x: Any) -> Any:
            return microgrAD.grad(lambda z: self.w * z * z)(x[0])

    model = Slope()
    X = [[1.0], [2.0], [3.0]]
    fit(model, X, [4.0, 8.0, 12.0], loss="mse", epochs=200, optimizer=partial(SGD, lr=0.02), compiled=compiled)
    assert model.w.data == pytest.approx(2.0, rel=1e-6)
    for derivative in (
        lambda x: microgrAD.jvp(lambda z: model.w * z * z, (x,), (1.0,))[1],
        lambda x: microgrAD.jacobian(lambda z: [model.w * z * z])(x)[0][0],
        lambda x: microgrAD.value_and_grad(lambda z: model.w * z * z)(x)[1],
        lambda x: microgrAD.hessian(lambda z: model.w * z * z * z)(x)[0][0] / 3.0,
    ):
        program = microgrAD.compile(lambda x, d=derivative: (d(x) - 1.0) ** 2, parameters=[model.w])
        for _ in range(5):
            model.w.grad = 0.0
            program.value_and_grad([3.0])
            assert model.w.grad == pytest.approx(2 * (6 * 2 - 1) * 6, rel=1e-6)
    assert type(microgrAD.grad(lambda z: model.w * z * z)(3.0)) is float


def test_after_an_error_a_program_is_recorded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    w, name = Value(1.0), "MICROGRAD_FACTOR_OF_A_TEST"  # what a process is given is not watched
    monkeypatch.setenv(name, "1")
    program = microgrAD.compile(lambda x: float(os.environ[name]) * w * x, parameters=[w])
    assert [program.value([1.0]) for _ in range(5)] == [1.0] * 5
    monkeypatch.setenv(name, "100")
    seen = []
    for _ in range(12):
        try:
            seen.append(program.value([1.0]))
        except CompileError:
            seen.append("error")
    assert seen[seen.index("error") + 1 :] == [100.0] * (11 - seen.index("error"))
