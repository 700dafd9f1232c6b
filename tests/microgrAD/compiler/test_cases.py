"""The three networks of the benchmarks: the same parameters after 1,000 steps, and a process that does not grow."""

from __future__ import annotations

import gc
import linecache
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from paths import ROOT

import microgrAD
from microgrAD import Value
from microgrAD.optim import SGD

sys.path.insert(0, str(ROOT / "benchmarks"))
try:
    from agreement import compiled, eager
    from cases import case
    from peers import Scalars, microgrAD_, microgrAD_eager, numpy_
finally:
    sys.path.pop(0)


@pytest.mark.parametrize("name", ["xor", "moons", "digits"])
def test_a_thousand_steps_are_those_of_numpy_by_hand(name: str) -> None:
    step, weights = microgrAD_(case(name))
    want_step, want = numpy_(case(name))
    step(1000)
    want_step(1000)
    assert np.abs(weights() - want()).max() < 1e-12
    assert np.abs(want()).max() > 0.1


@pytest.mark.parametrize(("name", "rows"), [("moons", 1000), ("digits", 700)])
def test_tiles_of_many_rows_are_those_of_numpy_by_hand(name: str, rows: int) -> None:
    step, weights = microgrAD_(case(name, rows))
    want_step, want = numpy_(case(name, rows))
    step(20)
    want_step(20)
    assert np.abs(weights() - want()).max() < 1e-12


def shortcut(w: list[Value], x: Any) -> Any:
    """A number that comes to the output by two ways."""
    return (w[0] * (w[1] * x[0] + w[2] * x[1]).tanh() + w[3] * x[0]).exp()


def dense(w: list[Value], x: Any) -> Any:
    """A layer that reads the inputs and the layer before it."""
    h = [(w[2 * k] * x[0] + w[2 * k + 1] * x[1]).tanh() for k in range(2)]
    a, b = [w[k] * h[0] + w[k + 1] * h[1] + w[k + 2] * x[0] + w[k + 3] * x[1] for k in (4, 8)]
    return a.tanh() * b


@pytest.mark.parametrize(("f", "divides"), [(shortcut, True), (dense, False)])
def test_the_tiles_of_a_loop_give_the_gradients_of_their_rows(f: Callable[..., Any], divides: bool) -> None:
    first = np.random.default_rng(1).normal(size=12).tolist()
    w, v = [Value(number) for number in first], [Value(number) for number in first]
    program = microgrAD.compile(lambda x: f(w, x), parameters=w)
    X = np.random.default_rng(0).normal(size=(300, 2)) * [1.0, 9.0]  # some far in the tails of tanh
    program.value(X[:1])
    run = program.runners[0]
    assert run.kernel.divides is divides
    run.tile = 128
    (sum([f(v, x) for x in X.tolist()]) / len(X)).backward()
    want = [p.grad for p in v]
    gradient = run.loop(X.T, np.full(len(X), 1 / len(X)))
    for _ in range(2):
        assert gradient(np.array(first)) == pytest.approx(want, rel=1e-12, abs=1e-15)


def test_the_tails_of_a_batch_are_mended_one_by_one() -> None:
    w = Value(1.0)
    program = microgrAD.compile(lambda x: (w * x).tanh(), parameters=[w])
    X = np.concatenate([np.linspace(-3.0, 3.0, 500), [20.0, -20.0, 4.0, -4.0, 19.0]])
    slopes = []
    for x in X.tolist():
        v = Value(1.0)
        (v * x).tanh().backward()
        slopes.append(v.grad)
    program.value(X)
    run = program.runners[0]
    for share, slope in zip(np.eye(len(X)), slopes, strict=True):  # what one row alone counts is its own slope
        assert run.gradients(np.ones(1), X[None], share)[1] == pytest.approx([slope], rel=1e-12)
    assert program.value_and_grad(X, reduction="sum")[1] == pytest.approx([sum(slopes)], rel=1e-12)


# a thousand steps: no ReLU of moons comes nearer to its kink than 1e-6, and no first difference grows twentyfold
@pytest.mark.parametrize(("name", "rows"), [("xor", 4), ("moons", 5), ("digits", 1)])
def test_a_thousand_steps_are_those_of_the_engine(name: str, rows: int) -> None:
    given = case(name, rows)
    want = eager(given, 1000)
    assert np.abs(compiled(given, 1000) - want).max() < 1e-12
    assert np.abs(want).max() > 0.1


@pytest.mark.parametrize(("name", "steps"), [("xor", 1000), ("moons", 10)])
def test_steps_are_those_of_the_engine(name: str, steps: int) -> None:
    step, weights = microgrAD_(case(name))
    want_step, want = microgrAD_eager(case(name))
    step(steps)
    want_step(steps)
    assert np.abs(weights() - want()).max() < 1e-12


@pytest.mark.parametrize("backend", ["numpy", "wasm"])
def test_ten_thousand_steps_leave_nothing_behind(backend: str) -> None:
    given = case("xor")
    net = Scalars(given, Value)
    program = microgrAD.compile(net.loss, parameters=net.parameters, backend=backend)
    optimizer = SGD(net.parameters, lr=0.1)
    for rows in (given.X, np.tile(given.X, (50, 1))):
        targets = np.resize(given.Y, len(rows))
        program.train(rows, targets, optimizer, 10)
        tracemalloc.start()
        program.train(rows, targets, optimizer, 10)
        before = tracemalloc.get_traced_memory()[0]
        program.train(rows, targets, optimizer, 5_000)
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert after - before < 10_000


def test_a_program_that_is_gone_leaves_no_source() -> None:
    def kept() -> set[str]:
        gc.collect()
        return {name for name in linecache.cache if name.startswith("<microgrAD program")}

    given = case("xor")
    net, before = Scalars(given, Value), kept()
    program = microgrAD.compile(net.loss, parameters=net.parameters)
    for rows in (given.X, np.tile(given.X, (50, 1))):
        program.value_and_grad(rows, np.resize(given.Y, len(rows)))
    assert kept() - before
    del program
    assert kept() <= before
