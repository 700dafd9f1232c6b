"""What can't be compiled, rows that don't fit, and numbers that are not finite: errors that say which."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ways import TABLES, WAYS, agree, choose, line

import microgrAD
from microgrAD import CompileError, DomainError, Value
from microgrAD.optim import SGD


def branch(x: Any) -> Any:
    if x > 0:
        return x
    return -x


@pytest.mark.parametrize(
    ("f", "word"),
    [
        (branch, "if x > 0:"),
        (lambda x: float(x), "float"),
        (lambda x: [x][x], "index"),
        (lambda x: max(x, 1.0), "max"),
        (lambda x: x if x else -x, "truth"),
        (lambda x: x * x.data, "data"),
        (lambda x: f"{x:.2f}", "format"),
        (lambda x: x.detach(), "detach"),
        (lambda x: int(x), "int"),
    ],
)
def test_what_needs_a_number_names_its_line(f: Callable[..., Any], word: str) -> None:
    with pytest.raises(CompileError, match="where") as raised:
        microgrAD.compile(f, parameters=[]).value([1.0])
    assert f"{__file__}, line " in str(raised.value)
    assert word in str(raised.value)


def test_what_a_function_cannot_give_or_use() -> None:
    w = Value(1.0)
    before = w * 2

    def paused(x: Any) -> Any:
        with microgrAD.no_grad():
            return w * x

    def inner(x: Any) -> Any:
        return microgrAD.compile(lambda v: v, parameters=[]).value([1.0])

    for f, word in (
        (lambda x: "text", "str"),
        (lambda x: [], "list"),
        (lambda x: before * x, "computed before"),
        (paused, "no_grad"),
        (inner, "calls"),
    ):
        with pytest.raises(CompileError, match=word):
            microgrAD.compile(f, parameters=[w]).value([1.0])
    with pytest.raises(TypeError, match="leaf Values"):
        microgrAD.compile(lambda x: x, parameters=[before])
    with pytest.raises(TypeError, match="leaf Values"):
        microgrAD.compile(lambda x: x, parameters=[1.0])
    with pytest.raises(TypeError, match=r"a list of leaf Values, got Value Value\(data=1\.0"):
        microgrAD.compile(lambda x: x, parameters=w)
    for shapes in (3, [3], [(-1,)], [(2.0,)]):
        with pytest.raises(TypeError, match="shapes must say what one row of each argument looks like"):
            microgrAD.compile(lambda x: x, parameters=[w], shapes=shapes)
    assert (w * 2).args == (w, 2.0)  # the engine records as before


@pytest.mark.parametrize(
    ("f", "word"),
    [
        (lambda x: x.grad, "asks for the gradient"),
        (lambda x: (x * x).args, "goes back to the operands"),
        (lambda x: (x * x).backward(), "sends gradients back out"),
    ],
)
def test_what_backward_leaves_is_not_there_within_a_compiled_function(f: Callable[..., Any], word: str) -> None:
    with pytest.raises(CompileError, match=rf"test_errors\.py, line \d+.*{word}.*by microgrAD.grad"):
        microgrAD.compile(f, parameters=[]).value([1.0])


def test_an_error_of_the_function_says_what_it_was_given() -> None:
    with pytest.raises(AttributeError) as caught:
        microgrAD.compile(lambda x: (2.0 * x).tanh(), parameters=[]).value([[1.0, 2.0]])
    assert caught.value.__notes__ == ["while <lambda> was recorded for one row, given as an array of shape (2,)"]


def test_arguments_with_defaults_may_be_left_out() -> None:
    w = Value(2.0)
    program = microgrAD.compile(lambda x, y, factor=3.0: w * x * y * factor, parameters=[w])
    with pytest.raises(TypeError, match=r"takes 2 arrays of rows \(x, y\), got 1"):
        program.value([1.0])
    assert program.predict([1.0, 2.0], [1.0, 1.0]).tolist() == [6.0, 12.0]
    with pytest.raises(TypeError, match=r"takes 2 arrays of rows \(x, y\), got 3"):
        program.value([1.0], [1.0], [1.0])
    assert microgrAD.compile(lambda x, factor=3.0: w * x * factor, parameters=[w]).value([1.0], [5.0]) == 10.0


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_program_stays_in_its_process(take: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="compile again there"):
        take(microgrAD.compile(Value(1.0) * 2))


def test_a_traced_value_has_no_use_outside_of_its_function() -> None:
    w, kept = Value(2.0), []

    def keeps(x: Any) -> Any:
        hidden = 3.0 * x + w * x
        hidden.label = "hidden"  # as a user's network may do; a value of all rows has none
        kept.append(hidden)
        return hidden * hidden

    assert microgrAD.compile(keeps, parameters=[w]).value([1.0]) == 25.0
    program = microgrAD.compile(lambda x: x * kept[0], parameters=[w])
    with pytest.raises(CompileError, match="after the function was recorded"):
        program.value([1.0])


@pytest.mark.parametrize(
    "use",
    [
        lambda x, w: x * 2.0,
        lambda x, w: 2.0 / x,
        lambda x, w: w - x,
        lambda x, w: microgrAD.sin(x),
        lambda x, w: microgrAD.sum([w, x]),
        lambda x, w: microgrAD.dot([w], [x]),
        lambda x, w: microgrAD.where(x, w, 1.0),
        lambda x, w: microgrAD.where(1.0, x, w),
    ],
)
def test_what_was_kept_of_a_recording_cannot_be_used_after_it(use: Callable[[Any, Value], Any]) -> None:
    kept, w = list[Any](), Value(0.5)

    def f(x: Any) -> Any:
        kept.append(w * x)
        return kept[-1] + 1.0

    program = microgrAD.compile(f, parameters=[w], shapes=[()])
    source = program.source
    with pytest.raises(CompileError, match=r"uses, after the function was recorded, .* take them from program.predict"):
        use(kept[-1], w)
    assert program.source == source and program.predict([2.0]).tolist() == [2.0]


def test_rows_that_do_not_fit() -> None:
    program, _ = line()
    program.value([1.0], [2.0])
    for rows, error, word in (
        (([1.0],), TypeError, "takes 2 arrays"),
        (([1.0], [1.0, 2.0]), ValueError, "as many rows"),
        (([[1.0]], [1.0]), ValueError, "x takes one number a row"),
        ((["a"], [1.0]), CompileError, "real numbers"),
        (([[1.0, 2.0], [3.0]], [1.0, 1.0]), ValueError, "got 2 in row 0 and 1 in row 1"),
        (([[[1.0], [1.0, 2.0]]], [1.0]), ValueError, "x takes as many numbers in each row$"),
        (([], []), ValueError, "one row or more"),
        ((1.0, 2.0), ValueError, "array of rows"),
        (([1j], [1.0]), CompileError, "real numbers"),
        (([Value(1.0)], [1.0]), CompileError, "real numbers"),
        (([1.0], [float("inf")]), DomainError, "y takes finite numbers.*row 0"),
    ):
        with pytest.raises(error, match=word):
            program.value(*rows)
    assert program.value([True], [2]) == 1.0


@pytest.mark.usefixtures("way")
def test_a_row_that_fails_is_named_with_its_operation() -> None:
    w = Value(1.0, label="w")
    log = microgrAD.compile(lambda x: (w * x).log(), parameters=[w])
    with pytest.raises(DomainError, match=r"row 2: log needs x > 0, got -3\.0"):
        log.value([1.0, 2.0, -3.0, -4.0])
    root = microgrAD.compile(lambda x: (w * x).sqrt(), parameters=[w])
    assert root.value([1.0, 0.0]) == 0.5
    with pytest.raises(DomainError, match=r"row 1: the derivative of sqrt at 0\.0 is not finite"):
        root.value_and_grad([1.0, 0.0])
    assert w.grad == 0.0


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "hide",
    [
        lambda x: x.tanh(),
        lambda x: microgrAD.max(-x, 0.0),
        lambda x: 1 / x,
        lambda x: microgrAD.where(1.0, 2.0, x),
        lambda x: x.step(),
    ],
)
def test_an_overflow_is_an_error_even_where_it_would_not_show(hide: Callable[[Any], Any]) -> None:
    w = Value(1e200)
    program = microgrAD.compile(lambda x: hide(w * x) + hide(w * x + w * x * 2), parameters=[w])
    with pytest.raises(DomainError, match=r"row 1: mul of .* is more than a float holds"):
        program.value([1.0, 1e200])


@pytest.mark.usefixtures("way")
def test_a_constant_without_a_reciprocal_is_an_error_of_the_operation() -> None:
    w = Value(2.0)
    program = microgrAD.compile(lambda x: w * x / 1e-309, parameters=[w])
    with pytest.raises(DomainError, match=r"row 0: the derivative of div at .*y = 1e-309 is not finite"):
        program.value_and_grad([1e-300] * 10, reduction="sum")


@pytest.mark.usefixtures("way")
def test_a_branch_that_is_not_taken_may_overflow() -> None:
    w = Value(1.0)
    agree(lambda x: (w * x).sigmoid(), [w], np.array([-800.0, 800.0, 0.5]))
    program = microgrAD.compile(lambda x: (w * x).sigmoid(), parameters=[w])
    program.train([-800.0, 3.0], optimizer=SGD([w], lr=0.1), steps=10)
    assert w.data < 1.0


@pytest.mark.usefixtures("way")
def test_a_failing_step_leaves_the_last_good_parameters() -> None:
    w = Value(1.0)
    program = microgrAD.compile(lambda x: -(w * x) * w * w, parameters=[w])
    with pytest.raises(DomainError):
        program.train([1.0], optimizer=SGD([w], lr=0.5), steps=100)
    assert np.isfinite(w.data)
    assert w.data > 1e50


@pytest.mark.parametrize(("how", "count"), [*((way, 2) for way in WAYS), (TABLES, 20_000)])  # in one tile, in several
def test_a_sum_of_finite_rows_may_be_more_than_a_float_holds(
    how: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(how, monkeypatch)
    w, v = Value(0.0), Value(0.0)
    large = np.full(count, 1.2e308 / count * 2)
    for f in (lambda x: w * x, lambda x: microgrAD.dot([w, v], [x, x])):
        program = microgrAD.compile(f, parameters=[w, v])
        with pytest.raises(DomainError, match=r"^summed over the rows"):
            program.value_and_grad(large, reduction="sum")
        with pytest.raises(DomainError, match=r"^summed over the rows"):
            program.train(large, optimizer=SGD([w], lr=0.1), steps=3, reduction="sum")
        assert (w.data, v.data, w.grad, v.grad) == (0.0, 0.0, 0.0, 0.0)
    program = microgrAD.compile(lambda x: w + x, parameters=[w])
    with pytest.raises(DomainError, match=r"^summed over the rows"):
        program.value(large, reduction="sum")


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("count", range(1, 10))
def test_any_one_of_all_derivatives_may_be_more_than_a_float_holds(count: int) -> None:
    w = [Value(0.0) for _ in range(count)]
    program = microgrAD.compile(lambda x: microgrAD.dot(w, x), parameters=w, shapes=[(count,)])
    for k in range(count):
        rows = np.ones((3, count))
        rows[:, k] = 1.7e308
        with pytest.raises(DomainError, match=r"^summed over the rows"):
            program.value_and_grad(rows, reduction="sum")
        assert [v.grad for v in w] == [0.0] * count
    roots = microgrAD.compile(
        lambda x: microgrAD.sum([microgrAD.sqrt(v + t) for v, t in zip(w, x, strict=True)]),
        parameters=w,
        shapes=[(count,)],
    )
    for k in range(count):
        rows = np.ones((3, count))
        rows[2, k] = 0.0
        with pytest.raises(DomainError, match=r"^row 2: the derivative of sqrt at 0"):
            roots.value_and_grad(rows)
    assert program.value_and_grad(np.ones((3, count)), reduction="sum")[1].tolist() == [3.0] * count


@pytest.mark.usefixtures("way")
def test_the_same_rows_fail_in_every_call_and_go_on_once_they_are_mended() -> None:
    w = Value(1.0)
    program = microgrAD.compile(
        lambda x: microgrAD.log(x[0] * x[1]) * w + microgrAD.sqrt(w * x[0]), parameters=[w], shapes=[(2,)]
    )
    X = np.array([[1.0, 2.0], [0.0, 3.0], [2.0, 2.0]])
    for _ in range(5):
        with pytest.raises(DomainError, match=r"^row 1: log needs x > 0"):
            program.value_and_grad(X)
    X[1, 0] = 1.0
    wanted = np.log(X[:, 0] * X[:, 1]) + np.sqrt(X[:, 0])
    assert program.predict(X) == pytest.approx(wanted, rel=1e-14)
    w.data = -1.0
    for _ in range(5):
        with pytest.raises(DomainError, match=r"^row 0: sqrt needs x ≥ 0"):
            program.value_and_grad(X)
    w.data = 1.0
    for _ in range(3):
        assert program.value_and_grad(X)[0] == pytest.approx(wanted.mean(), rel=1e-14)


@pytest.mark.usefixtures("way")
def test_a_root_that_overflows_is_an_error_with_its_gradient() -> None:
    w = Value(1e200, label="w")
    program = microgrAD.compile(lambda x: w * x, parameters=[w])
    for _ in range(2):  # at the third call no row is compared with the engine, which would say it too
        program.value_and_grad([1.0, 2.0])
    w.grad = 0.0
    for call in (program.value_and_grad, program.value):
        with pytest.raises(DomainError, match=r"row 1: mul of .* is more than a float holds"):
            call([1.0, 1e200])
    assert w.grad == 0.0


@pytest.mark.usefixtures("way")
def test_a_gradient_that_is_added_to_what_was_there_is_finite_or_an_error() -> None:
    w, v = Value(0.0), Value(0.0)
    program = microgrAD.compile(lambda x: w * x + v * x, parameters=[w, v])
    program.value_and_grad([1e308])
    v.grad = 0.0
    with pytest.raises(DomainError, match="with what `grad` held"):
        program.value_and_grad([1e308])
    assert (w.grad, v.grad) == (1e308, 0.0)
