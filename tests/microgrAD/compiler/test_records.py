"""Graphs that one loop of machine code runs as records: their numbers and errors are the engine's."""

from __future__ import annotations

import math
import random
import re
import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ways import RECORDS, choose, eager

import microgrAD
from microgrAD import OPS, DomainError, Value
from microgrAD.compiler.run import kinds, records
from microgrAD.engine import apply
from microgrAD.ops import Op
from microgrAD.optim import SGD


def tangle(parameters: list[Value], seed: int = 0) -> Any:
    """A function of three numbers without any structure, of some 500 operations."""
    rng = random.Random(seed)
    plan = [(rng.choice("+-*/^tw"), rng.random(), rng.random(), k % 3 + 0.5) for k in range(500)]

    def f(x: Any) -> Any:
        found = [*parameters, *x]
        for kind, i, j, power in plan:
            a, b = found[int(i * len(found))], found[int(j * len(found))]
            if kind == "t":
                found.append(microgrAD.tanh(a))
            elif kind == "^":
                found.append((a * a + 1.0) ** power)
            elif kind == "/":
                found.append(a / (b * b + 1.0))
            elif kind == "w":
                found.append(microgrAD.where(a, b, a * 0.5))
            else:
                found.append(microgrAD.tanh(a + b if kind == "+" else a - b if kind == "-" else a * b))
        return microgrAD.sum(found[-40:]).tanh()

    return f


def compiled(backend: str | None = None) -> tuple[Any, list[Value], Any]:
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    f = tangle(w)
    return microgrAD.compile(f, parameters=w, shapes=[(3,)], backend=backend), w, f


@pytest.mark.parametrize("count", [1, 2, 3, 8, 51, 100])
@pytest.mark.parametrize(("limit", "few"), [("_AT_ONCE", 1), ("_AT_ONCE", 4_000_000), ("_HELD", 500)])
def test_rows_in_blocks_and_in_several_calls(count: int, limit: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, limit, few)
    program, w, f = compiled()
    X = np.random.default_rng(count).normal(size=(count, 3))
    value, gradient = eager(f, w, [X])
    found, slopes = program.value_and_grad(X)
    assert "records of" in program.source
    assert ";;     value = " in program.source  # the equations, beside the code
    assert found == pytest.approx(value, rel=1e-12)
    assert slopes.tolist() == pytest.approx(gradient, rel=1e-11, abs=1e-13)
    assert program.predict(X).mean() == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("few", [True, False])
def test_numbers_in_the_graph_are_put_into_the_formulas_as_long_as_they_are_few(
    few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_MOST_KINDS", 64 if few else 1)
    program, w, f = compiled()
    (run,) = program.runners
    assert any(kind.known for kind in run.kinds) == few
    X = np.random.default_rng(0).normal(size=(5, 3))
    value, gradient = eager(f, w, [X])
    found, slopes = program.value_and_grad(X)
    assert found == pytest.approx(value, rel=1e-12)
    assert slopes.tolist() == pytest.approx(gradient, rel=1e-11, abs=1e-13)


def test_training_is_that_of_the_other_ways() -> None:
    X = np.random.default_rng(1).normal(size=(9, 3))
    ends = []
    for backend in ("numpy", "wasm"):
        program, w, _ = compiled(backend=backend)
        program.train(X, optimizer=SGD(w, lr=0.1, momentum=0.5), steps=20)
        ends.append([p.data for p in w])
    assert ends[0] == pytest.approx(ends[1], rel=1e-10)


def test_what_finds_no_room_in_memory_is_run_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    program, w, f = compiled()
    tape = program.tapes[0]
    assert records.fits(tape)
    monkeypatch.setattr(records, "LARGEST", 2 * len(tape) * (records.slot(1) + records.RECORD))  # not for its sum of 40
    assert not records.fits(tape)
    again = microgrAD.compile(f, parameters=w, shapes=[(3,)])
    assert "records of" not in again.source
    X = np.random.default_rng(0).normal(size=(4, 3))
    assert again.value(X) == pytest.approx(program.value(X), rel=1e-12)


def test_rows_of_many_numbers_are_handed_over_in_parts() -> None:
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    f, wide = tangle(w), 20_000
    program = microgrAD.compile(lambda x: f([x[0], x[1], x[wide - 1]]), parameters=w, shapes=[(wide,)])
    assert "records of" in program.source
    X = np.random.default_rng(0).normal(size=(300, wide))  # 48 MB, which would be 96 MB in one call
    found = program.predict(X)
    assert found[-1] == pytest.approx(float(f([X[-1, 0], X[-1, 1], X[-1, -1]])), rel=1e-12)
    (run,) = program.runners
    assert run.loaded(300).host.bytes < 80_000_000


def test_several_values_of_a_row() -> None:
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    one, other = tangle(w), tangle(w, seed=1)
    program = microgrAD.compile(lambda x: [one(x), w[0], x[1], other(x)], parameters=w, shapes=[(3,)])
    assert "records of" in program.source
    X = np.random.default_rng(0).normal(size=(5, 3))
    wanted = [[float(r) for r in (one(row), w[0], row[1], other(row))] for row in X.tolist()]
    assert program.predict(X) == pytest.approx(np.array(wanted), rel=1e-12)


def test_an_error_names_the_row_and_the_operation() -> None:
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    inner = tangle(w)
    program = microgrAD.compile(lambda x: inner(x) + (x[0] * w[0]).log(), parameters=w, shapes=[(3,)])
    assert "records of" in program.source
    X = np.ones((6, 3))
    X[4, 0] = -2.0
    program.value_and_grad(X[:4])
    for call in (program.value, program.value_and_grad):
        with pytest.raises(DomainError, match=r"^row 4: log.* -0\.6"):
            call(X)
    assert program.value_and_grad(X[:4])[0] == pytest.approx(program.value(X[:4]), rel=1e-15)


def test_an_untaken_side_in_one_of_the_rows_that_are_computed_at_once() -> None:
    """Its derivative is infinite, and nothing goes back to it; in the other row it is taken."""
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    inner = tangle(w)

    def f(x: Any) -> Any:
        return inner(x) + microgrAD.where(x[0], (w[0] * x[1]).sqrt(), w[1])

    program = microgrAD.compile(f, parameters=w, shapes=[(3,)])
    assert "records of" in program.source
    for count in (2, 5):
        X = np.ones((count, 3))
        X[0] = -1.0, 0.0, 1.0
        value, gradient = eager(f, w, [X])
        found, slopes = program.value_and_grad(X)
        assert found == pytest.approx(value, rel=1e-12)
        assert slopes.tolist() == pytest.approx(gradient, rel=1e-11)


def test_a_number_without_a_formula_is_an_error_of_the_engine_where_it_is_taken() -> None:
    w = [Value(x) for x in (0.3, -0.7, 1.1)]
    inner = tangle(w)

    def f(x: Any) -> Any:
        return inner(x) + microgrAD.where(x[0], lambda: x[1], lambda: x[1] / 0.0)

    program = microgrAD.compile(f, parameters=w, shapes=[(3,)])
    assert "records of" in program.source
    X = np.ones((2, 3))
    assert program.value(X) == pytest.approx(eager(f, w, [X])[0], rel=1e-12)
    X[1, 0] = -1.0
    with pytest.raises(DomainError, match=r"^row 1: .*0"):
        program.value(X)


def test_graphs_of_the_same_kinds_share_a_module() -> None:
    programs = [compiled()[0] for _ in range(2)]
    one, other = (program.runners[0] for program in programs)
    assert one is not other
    assert one.loaded(1).host._module is other.loaded(1).host._module


def test_what_is_saved_is_code_of_its_own(tmp_path: Path) -> None:
    program, _, _ = compiled()
    assert program.save(tmp_path / "f.wasm").stat().st_size > 1000
    w = Value(0.5)

    def chain(x: Any) -> Any:
        for _ in range(6_000):
            x = w * x + 0.1
        return x

    deep = microgrAD.compile(chain, parameters=[w], shapes=[()])
    with pytest.raises(ValueError, match=re.escape("thousands of steps deep")):
        deep.save(tmp_path / "g.wasm")
    assert not (tmp_path / "g.wasm").exists()


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, 1e-320, 30.0, -800.0, 1e200]


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_operation_on_special_numbers(op: Op, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row alone: the engine's value and gradient, or its error."""
    choose(RECORDS, monkeypatch)
    size = (len(op.args) - len(op.constants)) * (2 if op.variadic else 1)
    parameters = [Value(1.0, label=f"p{k}") for k in range(size)]

    def f(x: Any) -> Any:
        return apply(op.name, [*[p * v for p, v in zip(parameters, x, strict=True)], *op.constants.values()])

    program = microgrAD.compile(f, parameters=parameters, shapes=[(size,)])
    assert "records of" in program.source
    rng = np.random.default_rng(0)
    for row in np.column_stack([SPECIAL, *[rng.permutation(SPECIAL) for _ in range(size - 1)]]):
        try:
            value, gradient = eager(f, parameters, [row[None]])
        except DomainError as error:
            with pytest.raises(DomainError) as raised:
                program.value_and_grad([row])
            assert str(raised.value) == f"row 0: {error}"
        else:
            found, slopes = program.value_and_grad([row])
            assert found == pytest.approx(value, rel=1e-13, abs=0)
            assert math.copysign(1.0, found) == math.copysign(1.0, value)
            assert slopes.tolist() == pytest.approx(gradient, rel=1e-12, abs=0)


def test_a_chain_of_many_thousands() -> None:
    count, w, b, x = 20_000, 0.9, 0.1, 0.3

    def chain(w: Any, b: Any, x: Any) -> Any:
        for k in range(count):
            x = (w * x + b).tanh() if k % 3 == 0 else w * x + b
        return x

    before, numbers, slopes = x, [], [0.0, 0.0, 1.0]
    for k in range(count):
        numbers.append(before)
        before = math.tanh(w * before + b) if k % 3 == 0 else w * before + b
    value = before
    for k in range(count - 1, -1, -1):
        inner = slopes[2] * (1.0 - math.tanh(w * numbers[k] + b) ** 2 if k % 3 == 0 else 1.0)
        slopes = [slopes[0] + inner * numbers[k], slopes[1] + inner, inner * w]
    parameters = [Value(w), Value(b)]
    program = microgrAD.compile(lambda x: chain(*parameters, x), parameters=parameters, shapes=[()])
    found, gradient = program.value_and_grad([x])
    assert found == pytest.approx(value, rel=1e-12)
    assert gradient.tolist() == pytest.approx(slopes[:2], rel=1e-12)


def test_threads_take_turns() -> None:
    program, _, _ = compiled()
    X = np.random.default_rng(0).normal(size=(24, 3))
    wanted = program.predict(X)
    found: dict[int, Any] = {}

    def work(k: int) -> None:
        found[k] = [program.predict(X[: 6 * k + 1]) for _ in range(20)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        for values in found[k]:
            assert values == pytest.approx(wanted[: 6 * k + 1], rel=1e-14)


def test_an_interrupt_leaves_whole_steps() -> None:
    import _thread

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    X = np.random.default_rng(1).normal(size=(9, 3))
    program, w, _ = compiled()
    optimizer = SGD(w, lr=1e-3, momentum=0.5)
    program.train(X, optimizer=optimizer, steps=2)
    timer = threading.Timer(0.2, _thread.interrupt_main)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            program.train(X, optimizer=optimizer, steps=10**9)
    finally:
        signal.signal(signal.SIGINT, before)
    again, twins, _ = compiled()
    same = SGD(twins, lr=1e-3, momentum=0.5)
    assert optimizer.steps > 2
    again.train(X, optimizer=same, steps=optimizer.steps)
    assert [p.data for p in w] == [p.data for p in twins]


def test_slots_are_wide_where_rows_are_many_and_operands_near(monkeypatch: pytest.MonkeyPatch) -> None:
    program, _, _ = compiled()
    run = program.runners[0]
    assert [run.loaded(rows).block for rows in (1, 2, 3, 64)] == [2, 2, 4, 4]
    monkeypatch.setattr(records, "_NEAR", 0)
    assert compiled()[0].runners[0].loaded(64).block == 2
