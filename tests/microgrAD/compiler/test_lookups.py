"""Lookups in compiled functions: the engine's numbers in every way of running, and NumPy's `add.at`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ways import MACHINE, WAYS, agree, choose

import microgrAD
from microgrAD import CompileError, DomainError, Value, take
from microgrAD.compiler.run.runner import Runner
from microgrAD.compiler.run.sides import Sided
from microgrAD.nn import Module
from microgrAD.optim import SGD, Adam
from microgrAD.train import fit

RNG = np.random.default_rng(0)
# torch 2.14.1, float64: -log_softmax(embedding(i, E) * embedding(j, E), 1).gather(1, y), summed, and its gradient by E,
# with E = [[.1, -.2], [.3, .4], [-.5, .6]], i = [0, 1, 2, 2], j = [2, 1, 0, 2], y = [1, 0, 0, 1]
TORCH_LOSS = 2.7559375852685144
TORCH_GRADIENT = [
    *(-0.01749285766638975, -0.020991429199667677, -0.3104957145998338),
    *(0.41399428613311184, -0.4690291241221284, -0.5600360917199316),
]


def leaves(*shape: int) -> tuple[Any, list[Value]]:
    """A table of parameters, and the same in one line."""
    made = np.empty(shape, dtype=object)
    made.ravel()[:] = [Value(x) for x in RNG.uniform(-1, 1, made.size)]
    return made, made.ravel().tolist()


@settings(max_examples=30)
@given(data=st.data())
def test_random_programs_with_lookups(data: st.DataObject) -> None:
    """Rows, parameters, numbers and results, looked up by rows, by sums of rows, or by what stays the same."""
    draw = data.draw
    n, width, rows = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(1, 7))
    E, parameters = leaves(n, width)
    plan = draw(st.lists(st.tuples(st.sampled_from("ervmsu"), st.integers(0, 99)), min_size=1, max_size=6))
    fixed = Value(float(draw(st.integers(0, n - 1))))
    cut = [draw(st.integers(0, n - 1)) for _ in range(rows)]

    def f(i: Any, j: Any, x: Any) -> Any:
        found = [parameters[0] * x, parameters[-1]]
        for kind, k in plan:
            a, b = found[k % len(found)], found[k // 7 % len(found)]
            many = [(a, b, x, 0.5)[m % 4] for m in range(n)]
            if kind == "e":  # an embedding
                found += take(E, i).tolist()
            elif kind == "r":  # a result of rows
                found.append(take([microgrAD.tanh(v + k) for v in many], j))
            elif kind == "v":  # parameters, numbers and rows in one table
                found.append(take([v * 0.5 if m % 2 else v for m, v in enumerate(many)], i))
            elif kind == "m":  # a sum of rows chooses
                found.append(take([*many, *many], i + j) * a)
            elif kind == "s":  # the same for all rows
                found.append(take([p * p for p in E[:, 0]], fixed) * b)
            else:  # in a table of numbers
                found.append(take([0.5 * m - 1 for m in range(n)], j) * a)
        return microgrAD.tanh(microgrAD.sum([*found, x * 0.1]))

    i, j = np.array(cut, dtype=float), RNG.integers(0, n, rows).astype(float)
    agree(f, parameters, i, j, RNG.uniform(-1, 1, rows))


@pytest.mark.parametrize("way", WAYS)
def test_softmax_regression_on_an_embedding_is_numpys(way: str) -> None:
    """The gradient of cross entropy, worked out with NumPy: softmax minus one-hot, and `add.at` for the embedding."""
    E, W = leaves(6, 3)[0], leaves(4, 3)[0]
    parameters = [*E.ravel(), *W.ravel()]
    i, y = RNG.integers(0, 6, 20), RNG.integers(0, 4, 20)

    def f(i: Any, y: Any) -> Any:
        return -take(microgrAD.log_softmax([microgrAD.dot(row, take(E, i)) for row in W]), y)

    with pytest.MonkeyPatch.context() as patch:
        choose(way, patch)
        value, found = microgrAD.compile(f, parameters=parameters).value_and_grad(i, y, reduction="sum")
    e, w = np.vectorize(float)(E), np.vectorize(float)(W)
    logits = e[i] @ w.T
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert value == pytest.approx(-np.log(p[np.arange(20), y]).sum(), rel=1e-13)
    slope = p - np.eye(4)[y]
    by_e = np.zeros((6, 3))
    np.add.at(by_e, i, slope @ w)
    assert found == pytest.approx([*by_e.ravel(), *(slope.T @ e[i]).ravel()], rel=1e-12, abs=1e-14)


def test_figures_of_pytorch() -> None:
    E = [[Value(0.1), Value(-0.2)], [Value(0.3), Value(0.4)], [Value(-0.5), Value(0.6)]]
    i, j, y = [0, 1, 2, 2], [2, 1, 0, 2], [1, 0, 0, 1]

    def f(i: Any, j: Any, y: Any) -> Any:
        products = [a * b for a, b in zip(take(E, i), take(E, j), strict=True)]
        return -take(microgrAD.log_softmax(products), y)

    for backend in ("numpy", "wasm"):
        program = microgrAD.compile(f, parameters=[p for row in E for p in row], backend=backend)
        value, found = program.value_and_grad(i, j, y, reduction="sum")
        assert value == pytest.approx(TORCH_LOSS, rel=1e-14)
        assert found == pytest.approx(TORCH_GRADIENT, rel=1e-13)


def test_the_code_that_runs_gathers() -> None:
    E, parameters = leaves(300, 2)
    program = microgrAD.compile(lambda i: microgrAD.dot(take(E, i), take(E, i)), parameters=parameters, shapes=[()])
    assert ".take(" in program.source
    assert "spread(" in program.source
    assert "at i" in str(program)
    fast = microgrAD.compile(
        lambda i: microgrAD.dot(take(E, i), take(E, i)), parameters=parameters, shapes=[()], backend="wasm"
    )
    assert "i32.trunc_sat_f64_u" in fast.source
    assert fast.source.count("f64x2.eq") < 10  # one test of the index, and no comparison with each of the 300
    X = RNG.integers(0, 300, 50)
    assert fast.value_and_grad(X)[1] == pytest.approx(program.value_and_grad(X)[1], rel=1e-13)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrong", [4.0, -1.0, 1.5, 1e200])
def test_a_row_out_of_range_is_named(way: str, wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(way, monkeypatch)
    E, parameters = leaves(4)
    program = microgrAD.compile(lambda x, i: take([p * x for p in E], i) + take(E, i), parameters=parameters)
    x, good, bad = np.ones(9), np.arange(9) % 4, np.arange(9) % 4 * 1.0
    bad[6] = wrong
    before = [p.data for p in parameters]
    for call in (
        program.predict,
        program.value_and_grad,
        lambda x, i: program.value_and_grad(x, i, reduction="none"),
        lambda x, i: program.train(x, i, optimizer=SGD(parameters, lr=0.1), steps=5),
    ):
        for _ in range(3):  # at some calls a row is compared with the engine, and at some it is not
            with pytest.raises(DomainError, match=r"row 6: take needs a whole number from 0 to 3 as the index of 4"):
                call(x, bad)
    assert [p.data for p in parameters] == before
    assert program.value(x, good) == pytest.approx(2 * np.mean([before[k] for k in good]))


def test_an_index_that_is_computed_is_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    E, parameters = leaves(4)
    for way in WAYS:
        choose(way, monkeypatch)
        program = microgrAD.compile(lambda i: take(E, i * i - 1.0), parameters=parameters)
        assert program.predict([1.0, 2.0]).tolist() == [E[0].data, E[3].data]
        with pytest.raises(DomainError, match=r"row 1: take .* got 8\.0"):
            program.predict([1.0, 3.0])


def test_training_looks_up_in_machine_code_as_in_tables() -> None:
    found = []
    rng = np.random.default_rng(7)
    i, y, numbers = rng.integers(0, 5, 30), rng.uniform(-1, 1, 30), rng.uniform(-1, 1, (5, 2))
    for way in (MACHINE, "tables"):
        with pytest.MonkeyPatch.context() as patch:
            choose(way, patch)
            E = [[Value(x) for x in row] for row in numbers]
            parameters = [p for row in E for p in row]
            program = microgrAD.compile(
                lambda i, y, E=E: (take(E, i)[0] * take(E, i)[1] - y) ** 2, parameters=parameters
            )
            before = program.value(i, y)
            program.train(i, y, optimizer=Adam(parameters, lr=0.05), steps=60)
            assert program.value(i, y) < 0.9 * before
            found.append([p.data for p in parameters])
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_what_nobody_looks_up_has_no_say() -> None:
    """A value that is not chosen may have an infinite derivative: the engine never computes it."""
    a, b = Value(0.0), Value(2.0)
    for backend in ("numpy", "wasm"):
        program = microgrAD.compile(lambda i, a=a, b=b: take([a.sqrt(), b * b], i), parameters=[a, b], backend=backend)
        assert program.value_and_grad([1, 1])[1].tolist() == [0.0, 4.0]
        with pytest.raises(DomainError, match=r"row 1: the derivative of sqrt at 0\.0 is not finite"):
            program.value_and_grad([1, 0])


def test_a_derivative_inside_a_function_goes_through_a_lookup() -> None:
    w, parameters = leaves(3)

    def f(i: Any, x: Any) -> Any:
        x = x * w[0] + w[2]
        d = microgrAD.grad(lambda u: take([u * u, u * w[1], microgrAD.tanh(u), u], i) * u)(x)
        return d * d

    agree(f, parameters, np.array([0.0, 1, 2, 3, 0]), RNG.uniform(-1, 1, 5))


def test_of_a_lookup_in_a_loop_only_what_stays_is_decided_at_once() -> None:
    E, parameters = leaves(3)
    program = microgrAD.compile(lambda x: take(E, 2) * x, parameters=parameters, shapes=[()])
    (run,) = program.runners
    assert isinstance(run, Runner)  # and no lookup, which `Sided` would be around
    looked = microgrAD.compile(lambda x: take(E, x), parameters=parameters, shapes=[()])
    assert isinstance(looked.runners[0], Sided)
    with pytest.raises(
        CompileError, match=r"takes an index out of a traced value; .* microgrAD\.take\(values, index\)"
    ):
        microgrAD.compile(lambda x: E.tolist()[x], parameters=parameters, shapes=[()])


class Bigrams(Module):
    """The logits of three classes for two letters, by a table each."""

    def __init__(self) -> None:
        draw = np.random.default_rng(0)
        self.tables = [[[Value(v) for v in row] for row in draw.normal(size=(4, 3)).tolist()] for _ in range(2)]

    def __call__(self, x: Any) -> Any:
        rows = [take(table, letter) for table, letter in zip(self.tables, x, strict=True)]
        return [a + b for a, b in zip(*rows, strict=True)]


def test_fit_learns_a_table_by_a_program_as_by_the_engine() -> None:
    X = np.array([[i, j] for i in range(4) for j in range(4)], dtype=float)
    y = (X[:, 0] + X[:, 1]).astype(int) % 3
    losses = []
    for compiled in (True, False):
        model = Bigrams()
        history = fit(model, X, y, epochs=20, batch_size=5, compiled=compiled)
        losses.append([*history.loss, *[p.data for p in model.parameters()]])
        with pytest.raises(Exception, match="whole number from 0 to 3"):
            fit(model, X + 1, y, epochs=1, compiled=compiled)
    assert len(losses[0]) == 20 + 24
    assert losses[0] == pytest.approx(losses[1], rel=1e-10)
    assert losses[0][19] < losses[0][0]
