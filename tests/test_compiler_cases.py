"""The three networks of the benchmarks: the same parameters after 1,000 steps, and a process that does not grow."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import microgrAD
from microgrAD import Value
from microgrAD.optim import SGD

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
try:
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


@pytest.mark.parametrize(("name", "steps"), [("xor", 1000), ("moons", 10)])
def test_steps_are_those_of_the_engine(name: str, steps: int) -> None:
    step, weights = microgrAD_(case(name))
    want_step, want = microgrAD_eager(case(name))
    step(steps)
    want_step(steps)
    assert np.abs(weights() - want()).max() < 1e-12


def test_ten_thousand_steps_leave_nothing_behind() -> None:
    given = case("xor")
    net = Scalars(given, Value)
    program = microgrAD.compile(net.loss, parameters=net.parameters)
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
