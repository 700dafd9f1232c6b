"""Rows of several lengths behind one program: each length is recorded once, and all numbers are the engine's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ways import WAYS, choose

import microgrAD
from microgrAD import CompileError, DomainError, Value, take
from microgrAD.optim import SGD, Adam

RNG = np.random.default_rng(0)


def recurrent() -> tuple[Any, list[Value]]:
    """A tiny recurrent network over the letters of a word: the squared error of its last state."""
    E = [Value(x) for x in RNG.uniform(-1, 1, 5)]
    w = Value(0.7)

    def f(word: Any, y: Any) -> Any:
        h = 0.0
        for letter in word:
            h = microgrAD.tanh(w * h + take(E, letter))
        return (h - y) ** 2

    return f, [*E, w]


def slopes(f: Any, parameters: list[Value], words: Any, Y: Any) -> tuple[list[float], list[list[float]]]:
    """The values of rows on the engine, and their gradients."""
    values, found = [], []
    for word, y in zip(words, Y, strict=True):
        for p in parameters:
            p.grad = 0.0
        out = f(word, y)
        out.backward()
        values.append(out.data)
        found.append([p.grad for p in parameters])
    return values, found


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=6), min_size=1, max_size=8), st.sampled_from(WAYS))
def test_rows_of_several_lengths(words: list[list[int]], way: str) -> None:
    f, parameters = recurrent()
    Y = RNG.uniform(-1, 1, len(words))
    values, gradients = slopes(f, parameters, words, Y)
    with pytest.MonkeyPatch.context() as patch:
        choose(way, patch)
        program = microgrAD.compile(f, parameters=parameters)
        assert program.predict(words, Y) == pytest.approx(values, rel=1e-12, abs=1e-14)
        assert program.value(words, Y, reduction="sum") == pytest.approx(sum(values), rel=1e-12)
        for p in parameters:
            p.grad = 0.0
        value, gradient = program.value_and_grad(words, Y)
        assert value == pytest.approx(np.mean(values), rel=1e-12)
        assert gradient == pytest.approx(np.mean(gradients, axis=0), rel=1e-11, abs=1e-13)
        assert [p.grad for p in parameters] == gradient.tolist()
        each, alone = program.value_and_grad(words, Y, reduction="none")
        assert each == pytest.approx(values, rel=1e-12, abs=1e-14)
        assert alone == pytest.approx(np.array(gradients), rel=1e-11, abs=1e-13)
    assert len(program.tapes) == len({len(word) for word in words})


def test_lengths_from_call_to_call_are_recorded_once() -> None:
    f, parameters = recurrent()
    program, tapes = microgrAD.compile(f, parameters=parameters, backend="numpy"), []
    for words in ([[1, 2]], [[0, 1, 2]], [[1, 1]], [[3, 4, 0], [1, 2, 3]], [[1], [2, 3]]):
        given = program.predict(words, [0.1] * len(words))
        assert given == pytest.approx([f(word, 0.1).data for word in words], rel=1e-13)
        tapes.append(program.tapes)
    assert [len(row) for row in program.inputs] == [3, 4, 2]
    assert tapes[-1] == tapes[-2] + program.tapes[2:]
    assert str(program).count("mean over the rows") == 3
    assert program.changed() == ""
    with pytest.raises(ValueError, match="rows of several lengths; compile it with shapes= to save it"):
        program.save("never.wasm")


def test_training_is_a_loop_by_hand() -> None:
    words, Y = [[1, 2, 3], [0], [4, 4], [2, 2, 2], [3]], np.array([0.3, -0.2, 0.1, 0.5, -0.4])
    f, parameters = recurrent()
    start = [p.data for p in parameters]
    for size in (None, 1, 2, 5):
        for p, number in zip(parameters, start, strict=True):
            p.data = number
        program, opt = microgrAD.compile(f, parameters=parameters), Adam(parameters, lr=0.03)
        last = [program.train(words, Y, optimizer=opt, steps=n, batch_size=size) for n in (7, 0, 4)][-1]
        found = [p.data for p in parameters]
        for p, number in zip(parameters, start, strict=True):
            p.data = number
        opt = Adam(parameters, lr=0.03)
        for k in range(11):
            first = 0 if size is None else k * size % (len(words) + len(words) % size)
            batch = slice(first, first + (size or 5))
            values, gradients = slopes(f, parameters, words[batch], Y[batch])
            for p, slope in zip(parameters, np.mean(gradients, axis=0).tolist(), strict=True):
                p.grad = slope
            opt.step()
        assert found == pytest.approx([p.data for p in parameters], rel=1e-10)
        assert last == pytest.approx(np.mean(values), rel=1e-10)


def test_batches_of_rows_of_one_length_are_taken_in_turn_too() -> None:
    w = Value(1.0)
    program = microgrAD.compile(lambda x: w * x, parameters=[w])
    opt = SGD([w], lr=1.0)
    assert program.train([1.0, 10.0, 100.0], optimizer=opt, steps=1, batch_size=2) == 5.5
    assert w.data == 1.0 - 5.5
    program.train([1.0, 10.0, 100.0], optimizer=opt, steps=2, batch_size=2)
    assert w.data == 1.0 - 5.5 - 100.0 - 5.5
    for size in (0, 1.5, True):
        with pytest.raises(ValueError, match="batch_size takes a whole number of 1 or more"):
            program.train([1.0], optimizer=opt, steps=1, batch_size=size)


def test_a_fault_names_the_row_among_all() -> None:
    w = Value(1.0, label="w")
    program = microgrAD.compile(lambda x: microgrAD.sum([(w * v).log() ** 2 for v in x]), parameters=[w])
    rows = [[1.0, 2.0], [3.0], [1.0, -2.0], [4.0]]
    opt = SGD([w], lr=0.1)
    for call in (
        program.predict,
        program.value_and_grad,
        lambda x: program.value_and_grad(x, reduction="none"),
        lambda x: program.train(x, optimizer=opt, steps=5),
        lambda x: program.train(x, optimizer=opt, steps=5, batch_size=3),
    ):
        for _ in range(3):
            with pytest.raises(DomainError, match=r"row 2: log needs x > 0, got -2\.0"):
                call(rows)
            w.data = 1.0
    with pytest.raises(DomainError, match=r"x takes finite numbers, got \[ 1\. nan\] in row 2"):
        program.predict([[1.0, 2.0], [3.0], [1.0, float("nan")]])
    assert program.predict([[1.0, 1.0], [1.0]]).tolist() == [0.0, 0.0]


def test_rows_that_do_not_fit() -> None:
    f, parameters = recurrent()
    program = microgrAD.compile(f, parameters=parameters)
    with pytest.raises(ValueError, match="as many rows, got 2 of word, 3 of y"):
        program.predict([[1], [1, 2]], [0.0, 0.0, 0.0])
    with pytest.raises(TypeError, match="takes 2 arrays of rows"):
        program.predict([[1], [1, 2]])
    program.predict([[1], [1, 2]], [0.0, 0.0])
    with pytest.raises(ValueError, match="word takes 1 numbers a row, as it was recorded with, got an array of shape"):
        program.predict([1.0, 2.0], [0.0, 0.0])
    with pytest.raises(ValueError, match="y takes one number a row"):
        program.predict([[1], [1, 2]], [[0.0], [0.0]])
    with pytest.raises(CompileError, match="word takes rows of plain real numbers"):
        program.predict([["a"], [1, 2]], [0.0, 0.0])
    fixed = microgrAD.compile(f, parameters=parameters, shapes=[(2,), ()])
    with pytest.raises(ValueError, match="got 1 in row 0 and 2 in row 1"):
        fixed.predict([[1], [1, 2]], [0.0, 0.0])
    with pytest.raises(ValueError, match="for rows of another shape, or without shapes="):
        fixed.predict([[1], [2]], [0.0, 0.0])


def test_a_function_of_several_values_gives_as_many_for_each_length() -> None:
    w = Value(2.0)
    total = microgrAD.compile(lambda x: [w * x[0], w * microgrAD.sum(x)], parameters=[w])
    assert total.predict([[1.0], [2.0, 3.0], [4.0]]).tolist() == [[2.0, 2.0], [4.0, 10.0], [8.0, 8.0]]
    assert total.value([[1.0], [2.0, 3.0], [4.0]]).tolist() == pytest.approx([14 / 3, 20 / 3])
    each = microgrAD.compile(lambda x: [w * v for v in x], parameters=[w])
    with pytest.raises(ValueError, match="1 values for rows of one length and 2 for others; pass rows of one length"):
        each.predict([[1.0], [2.0, 3.0]])


def test_a_long_program_of_the_largest_of_many_warns_of_nothing() -> None:
    """Its lines are calls of NumPy's functions, some of which take the place of a result by its name alone."""
    parameters = [Value(x) for x in RNG.uniform(-1, 1, 40)]

    def f(x: Any) -> Any:
        for _ in range(12):
            x = [p + a for p, a in zip(microgrAD.softmax([p * x[0] for p in parameters]), x, strict=True)]
        return microgrAD.sum(x[:3])

    program = microgrAD.compile(f, parameters=parameters, backend="numpy")
    X = RNG.uniform(-1, 1, (3, 40))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, _ = program.value_and_grad(X)
    assert len(program.source.splitlines()) > 400
    assert value == pytest.approx(np.mean([float(f(row)) for row in X]), rel=1e-12)


def test_rows_of_several_lengths_may_be_more_than_a_float_holds_together() -> None:
    w = Value(1.0)
    program = microgrAD.compile(lambda x: w + x[0], parameters=[w])
    rows = [[1.2e308], [1.2e308, 1.0]]
    for call in (program.value, program.value_and_grad):
        with pytest.raises(DomainError, match=r"^summed over the rows"):
            call(rows, reduction="sum")
    assert w.grad == 0.0
    assert program.value_and_grad(rows)[0] == 1.2e308
