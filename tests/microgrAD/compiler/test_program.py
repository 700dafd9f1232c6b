"""Programs as they are called: reductions, gradients that add up, training, threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ways import line

import microgrAD
from microgrAD import Value
from microgrAD.compiler.run import choice
from microgrAD.nn import MLP
from microgrAD.optim import SGD, Adam, Optimizer


def test_reductions() -> None:
    program, (w, b) = line()
    X, y = [0.0, 1.0], [0.0, 0.0]
    assert program.value(X, y) == 5.0
    assert program.value(X, y, reduction="sum") == 10.0
    assert program.value(X, y, reduction="none").tolist() == program.predict(X, y).tolist() == [1.0, 9.0]
    assert program.value_and_grad(X, y, reduction="sum")[1].tolist() == [6.0, 8.0]
    values, gradients = program.value_and_grad(X, y, reduction="none")
    assert values.tolist() == [1.0, 9.0]
    assert gradients.tolist() == [[0.0, 2.0], [6.0, 6.0]]
    assert (w.grad, b.grad) == (6.0, 8.0)
    with pytest.raises(ValueError, match="must be one of"):
        program.value(X, y, reduction="median")
    with pytest.raises(ValueError, match="reduction must be one of"):
        program.value_and_grad(X, y, reduction="median")


def test_reductions_of_several_values() -> None:
    w = Value(2.0)
    program = microgrAD.compile(lambda x: [w * x, x], parameters=[w])
    assert program.value([1.0, 3.0]).tolist() == [4.0, 2.0]
    assert program.value([1.0, 3.0], reduction="sum").tolist() == [8.0, 4.0]
    assert program.value([1.0, 3.0], reduction="none").tolist() == [[2.0, 1.0], [6.0, 3.0]]


def test_training_of_more_parameters_than_are_written_out_is_that_of_numpy() -> None:
    rng, ends = np.random.default_rng(0), []
    X, y = rng.normal(size=(7, 2)), rng.normal(size=7)
    for backend in ("numpy", "wasm"):
        model = MLP(2, [8, 8, 1], rng=0)
        program = microgrAD.compile(
            lambda x, y, m=model: (m(x) - y) ** 2, parameters=model.parameters(), backend=backend
        )
        program.train(X, y, SGD(model.parameters(), lr=0.1, momentum=0.5), 9)
        ends.append([p.data for p in model.parameters()])
    assert ends[0] == pytest.approx(ends[1], rel=1e-11)


def test_an_interrupt_within_a_step_leaves_the_optimiser_at_the_step_before() -> None:
    class Interrupted(Optimizer):
        def update(self, theta: Any, g: Any) -> Any:
            if self.steps == 3:
                raise KeyboardInterrupt
            return theta - self.lr * g

    w, v = Value(1.0), Value(1.0)
    program = microgrAD.compile(lambda x: (w * x) ** 2, parameters=[w], backend="numpy")
    optimizer = Interrupted([w], lr=0.1)
    with pytest.raises(KeyboardInterrupt):
        program.train([1.0], optimizer=optimizer, steps=9)
    microgrAD.compile(lambda x: (v * x) ** 2, parameters=[v]).train([1.0], optimizer=SGD([v], lr=0.1), steps=2)
    assert (optimizer.steps, w.data) == (2, pytest.approx(v.data, rel=1e-15))


def test_the_choice_of_code_counts_what_every_row_takes() -> None:
    model = MLP(2, [4, 1], rng=0)

    def counts(penalty: float) -> tuple[int, int, int]:
        def loss(x: Any, y: Any) -> Any:
            size = sum(p * p for p in model.parameters()) if penalty else 0.0
            return (model(x) - y) ** 2 + penalty * size

        (run,) = microgrAD.compile(loss, parameters=model.parameters(), shapes=[(2,), ()]).runners
        products, formulas, functions = choice._counts([*run.tensors.steps, *run.backward.steps])
        return products, formulas, functions

    plain, with_penalty = counts(0.0), counts(0.1)
    assert plain[1:] == (12, 4)  # 4 tanh and their slopes, the difference, its square and slope, and + 0
    assert with_penalty[0] - plain[0] <= 3  # one sum more, and not the squares of all parameters
    assert with_penalty[2] == 4


def chosen(run: Any, rows: int) -> int | None:
    """The fewest steps for which a program becomes machine code, to within a tenth; None if it never does."""
    counts = [int(1.1**k) for k in range(250)]
    taken = [choice.Choice(run.tensors, run.backward, None).machine(rows, count) for count in counts]
    assert taken == sorted(taken), "longer runs need it more"
    return counts[taken.index(True)] if any(taken) else None


@pytest.mark.parametrize(
    ("wide", "sizes", "rows", "fewest", "most"),
    [
        (False, [2, 4, 1], 4, 500, 800),
        (False, [2, 4, 1], 10_000, 50, 150),
        (False, [2, 8, 8, 1], 100, 300, 500),
        (False, [2, 16, 16, 1], 100, 400, 600),
        (False, [64, 32, 1], 4, 1_000, 2_500),
        (True, [2, 4, 1], 4, 500, 800),
        (True, [2, 4, 1], 10_000, 0, 0),
        (True, [2, 8, 8, 1], 100, 400, 700),
        (True, [2, 16, 16, 1], 100, 1_000, 1_700),
        (True, [2, 16, 16, 1], 1_000, 0, 0),
    ],
)
def test_machine_code_is_made_for_runs_that_it_shortens(
    wide: bool, sizes: list[int], rows: int, fewest: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "wide", lambda: wide)
    model = MLP(sizes[0], sizes[1:], rng=0)
    loss = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), shapes=[(sizes[0],), ()])
    found = chosen(loss.runners[0], rows)
    assert found is None if most == 0 else found is not None and fewest < found < most


def test_numpys_widest_instructions_are_read_from_its_own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    for known, wide in (
        ({"SIMD Extensions": {"found": ["X86_V3"]}}, False),
        ({"SIMD Extensions": {"found": ["X86_V3", "X86_V4"]}}, True),
        ({"SIMD Extensions": {"found": ["AVX2", "AVX512F"]}}, True),
        ({"SIMD Extensions": {"baseline": ["NEON"]}}, False),
        ({}, False),
    ):
        monkeypatch.setattr(np, "show_config", lambda mode, known=known: known)
        choice.wide.cache_clear()
        assert choice.wide() == wide
    choice.wide.cache_clear()


def test_machine_code_is_not_made_for_what_numpy_does_in_one_step_or_in_large_products() -> None:
    (small,) = microgrAD.compile(lambda x: [x * 2.0, x * 3.0], parameters=[], shapes=[()]).runners
    assert chosen(small, 1) is None and chosen(small, 100) is None
    wide = MLP(64, [64, 64, 1], rng=0)
    (large,) = microgrAD.compile(lambda x: wide(x) ** 2, parameters=wide.parameters(), shapes=[(64,)]).runners
    assert chosen(large, 4) is None


def test_gradients_add_up_and_data_is_read_at_each_call() -> None:
    program, (w, b) = line()
    program.value_and_grad([1.0], [0.0])
    program.value_and_grad([1.0], [0.0])
    assert (w.grad, b.grad) == (12.0, 12.0)
    w.data = 5.0
    assert program.value([1.0], [0.0]) == 36.0


def test_leaves_that_are_no_parameters_are_read_at_each_call() -> None:
    w, scale = Value(2.0), Value(3.0)
    program = microgrAD.compile(lambda x: scale * w * x, parameters=[w])
    assert program.value([1.0]) == 6.0
    scale.data = 4.0
    assert program.value_and_grad([1.0])[0] == 8.0
    assert (w.grad, scale.grad) == (4.0, 0.0)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, lr=0.1),
        lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        lambda p: SGD(p[::-1], lr=0.1, momentum=0.9),
        lambda p: SGD(p[2:5], lr=0.1, momentum=0.9),
        lambda p: Adam(p, lr=0.01),
    ],
)
def test_training_is_the_loop_that_one_would_write(make: Callable[[list[Value]], Optimizer]) -> None:
    rng = np.random.default_rng(6)
    X, y = rng.standard_normal((6, 2)), rng.standard_normal(6)
    one, two = MLP(2, [3, 1]), MLP(2, [3, 1])
    looped, trained = make(one.parameters()), make(two.parameters())
    first = microgrAD.compile(lambda x, y: (one(x) - y) ** 2, parameters=one.parameters())
    for _ in range(50):
        one.zero_grad()
        loss, _ = first.value_and_grad(X, y)
        looped.step()
    second = microgrAD.compile(lambda x, y: (two(x) - y) ** 2, parameters=two.parameters())
    assert second.train(X, y, trained, 30) > loss
    assert second.train(X, y, optimizer=trained, steps=20) == pytest.approx(loss, rel=1e-12)
    assert [p.data for p in two.parameters()] == pytest.approx([p.data for p in one.parameters()], rel=1e-11)
    assert trained.steps == 50
    assert trained.state.keys() == looped.state.keys()
    for name, array in trained.state.items():
        assert array == pytest.approx(looped.state[name], rel=1e-9, abs=1e-12)


def test_training_by_eager_steps_and_by_a_program_can_be_mixed() -> None:
    program, parameters = line()
    optimizer = SGD(parameters, lr=0.1, momentum=0.5)
    program.train([1.0], [0.0], optimizer, 3)
    w, b = parameters
    for p in parameters:
        p.grad = 0.0
    ((w * 1.0 + b - 0.0) ** 2).backward()
    optimizer.step()
    other, others = line()
    other.train([1.0], [0.0], SGD(others, lr=0.1, momentum=0.5), 4)
    assert [p.data for p in parameters] == pytest.approx([p.data for p in others], rel=1e-12)


def test_threads_share_a_program() -> None:
    program, (_, b) = line()
    X = np.linspace(0.0, 1.0, 50)
    found: list[float] = []

    def work(k: int) -> None:
        for _ in range(200):
            found.append(program.value(X[:k], np.zeros(k)) - ((2 * X[:k] + 1) ** 2).mean())
            program.value_and_grad(X[:k], np.zeros(k), reduction="sum")

    threads = [threading.Thread(target=work, args=(k,)) for k in (1, 7, 30, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.abs(found).max() < 1e-12
    assert b.grad == pytest.approx(200 * sum(2 * (2 * X[:k] + 1).sum() for k in (1, 7, 30, 50)))
    assert len(found) == 800


def test_many_batch_sizes_keep_few_tables() -> None:
    program, _ = line()
    for n in range(1, 40):
        program.value(np.ones(n), np.ones(n))
    assert len(program.runners[0]._bound) <= 4


def test_gradients_that_are_values_are_added_to() -> None:
    w, b = Value(2.0), Value(1.0)
    (w * w * b).backward(create_graph=True)
    program = microgrAD.compile(lambda x: w * x + b, parameters=[w, b])
    _, gradient = program.value_and_grad([3.0])
    assert gradient.tolist() == [3.0, 1.0]
    assert isinstance(w.grad, Value) and [float(w.grad), float(b.grad)] == [4.0 + 3.0, 4.0 + 1.0]


@pytest.mark.parametrize("backend", ["numpy", "wasm"])
def test_rows_that_come_again_are_those_of_the_array_as_it_is_now(backend: str) -> None:
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    watched = Value(3.0)
    program = microgrAD.compile(
        lambda x, y: (watched * microgrAD.tanh(w * x[0] + b) - y) ** 2, parameters=[w, b], backend=backend
    )
    fresh = microgrAD.compile(
        lambda x, y: (watched * microgrAD.tanh(w * x[0] + b) - y) ** 2, parameters=[w, b], backend=backend
    )
    X, Y = np.linspace(-1.0, 1.0, 10).reshape(5, 2)[:, 1:], np.linspace(0.0, 1.0, 5)

    def same(*rows: Any) -> None:
        """Another program is given copies as lists, which are never taken for the rows of the last call."""
        value, gradient = program.value_and_grad(*rows)
        wanted, slope = fresh.value_and_grad(*[row.tolist() for row in rows])
        assert (value, gradient.tolist()) == (wanted, slope.tolist())
        assert program.predict(*rows).tolist() == fresh.predict(*[row.tolist() for row in rows]).tolist()

    for _ in range(3):
        same(X, Y)
    first, second, third = (program._parts((X, Y)) for _ in range(3))  # one of them may be compared with the engine
    assert first is second or second is third
    assert program.value(X.tolist(), Y) == program.value(X, Y) == program.value(X, Y.tolist())
    X[1, 0] = 0.25
    same(X, Y)
    Y[:] = -Y
    same(X, Y)
    watched.data = 2.0
    same(X, Y)
    w.data = -0.0
    same(X, Y)
    same(X[:3], Y[:3])
    same(X, Y.astype(int))
    same(X, Y)
    assert program.value(X, Y, reduction="sum") == pytest.approx(5 * program.value(X, Y), rel=1e-15)
    with pytest.raises(ValueError, match="as many rows"):
        program.value_and_grad(X, Y[:2])
    X[0, 0] = np.nan
    with pytest.raises(microgrAD.DomainError, match="in row 0"):
        program.value_and_grad(X, Y)


def test_what_a_function_reads_is_looked_at_in_every_call_with_the_same_rows() -> None:
    settings, w = [2.0], Value(1.0)
    program = microgrAD.compile(lambda x: settings[0] * w * x, parameters=[w])
    X = np.ones(3)
    for _ in range(3):
        assert program.value_and_grad(X)[0] == 2.0
    settings[0] = 5.0
    assert program.value_and_grad(X)[0] == 5.0


def test_an_own_loop_keeps_what_its_user_sets_between_the_calls() -> None:
    X, Y = np.random.default_rng(3).normal(size=(2, 6))
    runs = []
    for eager in (True, False):
        w, b = Value(0.3), Value(-0.2)
        optimizer = Adam([w, b], lr=0.1)
        program = microgrAD.compile(lambda x, y, w=w, b=b: (w * x + b - y) ** 2, parameters=[w, b])
        for k in range(20):
            optimizer.zero_grad()
            if eager:
                (sum(((w * x + b - y) ** 2 for x, y in zip(X, Y, strict=True)), start=Value(0.0)) / 6).backward()
            else:
                program.value_and_grad(X, Y)
            b.grad *= 0.5
            if k == 7:
                w.data, b.grad = 1.5, 0.25
            optimizer.step()
        runs.append([w.data, b.data])
    assert runs[0] == pytest.approx(runs[1], rel=1e-12)
