"""Compiled functions give the engine's numbers: values, gradients, training; and the engine's errors, by row."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import microgrAD
from microgrAD import OPS, CompileError, DomainError, Value, operators
from microgrAD.compiler import runner, walker
from microgrAD.engine import apply
from microgrAD.nn import MLP
from microgrAD.ops import Op
from microgrAD.optim import SGD, Adam, Optimizer

Array = np.ndarray[Any, Any]
NUMBERS, TABLES, WALK, COLUMNS = WAYS = "plain numbers", "tables", "walk", "walk in columns"


def choose(way: str, patch: pytest.MonkeyPatch) -> None:
    """One way in which a program may run, whatever the graph and the rows: by what is said of its cost."""
    patch.setattr(runner, "_SCALAR", 0.0 if way == NUMBERS else float("inf"))
    patch.setattr(runner, "_STEEP", -1.0 if way in (WALK, COLUMNS) else float("inf"))
    patch.setattr(walker, "_FEW", 0 if way == COLUMNS else 10 ** 9)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way in which a program may run."""
    choose(request.param, monkeypatch)


def eager(f: Callable[..., Any], parameters: list[Value], rows: list[Array]) -> tuple[float, list[float]]:
    """The mean of f over rows on the engine, and its gradient."""
    for p in parameters:
        p.grad = 0.0
    total = operators.sum([f(*row) for row in zip(*[r.tolist() for r in rows], strict=True)]) / len(rows[0])
    total.backward()
    found = [p.grad for p in parameters]
    for p in parameters:
        p.grad = 0.0
    return total.data, found


def agree(f: Callable[..., Any], parameters: list[Value], *rows: Array, rel: float = 1e-12) -> None:
    """The program's value and gradient are the engine's."""
    value, gradient = eager(f, parameters, list(rows))
    scale = max(1.0, *map(abs, gradient))
    for way in WAYS:
        with pytest.MonkeyPatch.context() as patch:
            choose(way, patch)
            for p in parameters:
                p.grad = 0.0
            program = microgrAD.compile(f, parameters=parameters)
            given, found = program.value_and_grad(*rows)
        assert ("def gradient(theta" in program.source) == (way == NUMBERS)
        assert ("node by node" in program.source) == (way in (WALK, COLUMNS))
        assert given == pytest.approx(value, rel=rel, abs=rel)
        assert found.tolist() == pytest.approx(gradient, rel=rel, abs=rel * scale)
        assert [p.grad for p in parameters] == found.tolist()
        assert program.value(*rows) == pytest.approx(value, rel=rel, abs=rel)


# ---------------------------------------------------------------------------------------------- operations

numbers = st.floats(-50.0, 50.0, allow_nan=False).map(lambda x: round(x, 6))


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
@settings(max_examples=30)
@given(data=st.data())
def test_every_operation_on_random_rows(op: Op, data: st.DataObject) -> None:
    """Each argument is a parameter times a number of the row, so that both of its partials are seen."""
    count = 3 if op.variadic else 1
    size = (len(op.args) - len(op.constants)) * count
    table = data.draw(st.lists(st.tuples(*[numbers] * size), min_size=1, max_size=5))
    parameters = [Value(data.draw(numbers), label=f"p{k}") for k in range(size)]

    def f(x: Any) -> Any:
        return apply(op.name, [*[p * v for p, v in zip(parameters, x, strict=True)], *op.constants.values()])
    rows = np.array(table)
    try:
        eager(f, parameters, [rows])
    except DomainError as error:
        with pytest.raises(DomainError, match="row") as raised:
            microgrAD.compile(f, parameters=parameters).value_and_grad(rows)
        assert op.name in str(raised.value) or op.name not in str(error)
    else:
        agree(f, parameters, rows)


@given(st.integers(-4, 4), st.lists(st.floats(0.1, 3.0), min_size=1, max_size=4))
def test_a_constant_exponent_is_put_into_the_formula(exponent: int, xs: list[float]) -> None:
    w = Value(1.5)
    agree(lambda x: (w * x) ** exponent, [w], np.array(xs))


# ---------------------------------------------------------------------------------------------- graphs

@st.composite
def functions(draw: st.DrawFn) -> tuple[Callable[..., Any], list[Value], Array]:
    """A random function of three inputs and four parameters, without structure to be found."""
    names = ("add", "sub", "mul", "tanh", "sigmoid", "relu", "sin", "neg", "min", "max", "where", "dot", "sum", "step")
    steps = draw(st.lists(st.tuples(st.sampled_from(names), *[st.integers(0, 10 ** 6)] * 4), min_size=1, max_size=40))
    parameters = [Value(w) for w in draw(st.tuples(*[st.floats(-2, 2)] * 4))]
    constant = draw(st.floats(-2, 2))
    rows = np.array(draw(st.lists(st.tuples(*[st.floats(-2, 2)] * 3), min_size=1, max_size=6)))

    def f(x: Any) -> Any:
        nodes = [*parameters, *x, constant]
        for name, *places in steps:
            op = OPS[name]
            size = 4 if op.variadic else len(op.args)
            nodes.append(apply(name, [nodes[k % len(nodes)] for k in places[:size]]))
        return parameters[0] * 0.0 + sum(nodes[-3:], 0.0)
    return f, parameters, rows


@settings(max_examples=60)
@given(functions())
def test_irregular_graphs(case: tuple[Callable[..., Any], list[Value], Array]) -> None:
    f, parameters, rows = case
    try:
        value, gradient = eager(f, parameters, [rows])
    except DomainError:
        assume(False)
    assume(max(abs(value), *map(abs, gradient)) < 1e6)
    agree(f, parameters, rows)          # relative to the largest derivative, or to 1


def test_a_large_irregular_graph() -> None:
    rng = np.random.default_rng(7)
    parameters = [Value(w) for w in rng.uniform(-1, 1, 8)]
    plan = rng.integers(0, 10 ** 6, (25, 80, 3))

    def f(x: Any) -> Any:
        before = [*parameters, *x]
        for level in plan.tolist():
            found = []
            for kind, i, j in level:
                a, b = before[i % len(before)], before[j % len(before)]
                found.append(microgrAD.tanh([a + b, a * b, a - b, 0.5 * a, 2.0 - a][kind % 5]))
            before = found
        return sum(before) / len(before)
    agree(f, parameters, rng.uniform(-1, 1, (3, 8)))


@pytest.mark.parametrize(("length", "walked"), [(2_000, False), (6_000, True)])
def test_what_is_far_deeper_than_wide_is_walked(length: int, walked: bool) -> None:
    def chain(w: Value, b: Value, x: Any) -> Any:
        for _ in range(length // 2):
            x = (w * x + b).tanh()
        return x
    w, b, rows = Value(1.5), Value(-0.2), np.linspace(-1.0, 1.0, 7)
    program = microgrAD.compile(lambda x: chain(w, b, x), parameters=[w, b], shapes=[()])
    value, gradient = eager(lambda x: chain(w, b, x), [w, b], [rows])
    found, slopes = program.value_and_grad(rows)
    assert found == pytest.approx(value, rel=1e-12)
    assert slopes.tolist() == pytest.approx(gradient, rel=1e-12)
    assert ("node by node" in program.source) == walked


def test_a_long_sum_is_not_deep() -> None:
    w = Value(0.5)
    total = w * 0.0
    for k in range(10_000):
        total = total + w * float(k % 7)
    assert "node by node" not in microgrAD.compile(total.tanh(), parameters=[w]).source


def test_a_chain_trains_as_the_engine_does() -> None:
    def loss(w: Value) -> Value:
        h = w * 0.5
        for _ in range(6_000):
            h = w * h + 0.1
        return (h - 1.0) ** 2
    start = 0.8
    w, v = Value(start), Value(start)
    program = microgrAD.compile(loss(w))
    assert "node by node" in program.source
    program.train(SGD([w], lr=0.01), 5)
    optimizer = SGD([v], lr=0.01)
    for _ in range(5):
        optimizer.zero_grad()
        loss(v).backward()
        optimizer.step()
    assert w.data == pytest.approx(v.data, rel=1e-12)
    assert w.data != start


@pytest.mark.parametrize("make", [
    lambda w, x: w[0] * x[0] - (w[1] * x[1] - (w[2] * x[2] - (x[3] - w[3]))),
    lambda w, x: -(-(w[0] * x[0] + w[1] * x[1] + w[2] * x[2] - x[3]) + x[0] * x[1] - 3.0 * x[2]),
    lambda w, x: microgrAD.sum([x[0], w[0] * x[1], -x[2]]) - microgrAD.dot(w, x),
    lambda w, x: microgrAD.dot([w[0], x[0]], [x[1], w[1]]) * x[2] + microgrAD.sum([x[3]]),
    lambda w, x: sum(2.0 * v for v in x) + sum(a * a for a in w) + 0.0,
    lambda w, x: 1.0 - w[0] * (x[0] + x[0] + x[0] - x[1])])
def test_chains_keep_their_signs(make: Callable[..., Any]) -> None:
    rng = np.random.default_rng(8)
    w = [Value(v) for v in rng.uniform(-1, 1, 4)]
    agree(lambda x: make(w, x), w, rng.uniform(-1, 1, (3, 4)))


@pytest.mark.parametrize("sizes", [[1], [3, 1], [4, 4, 1], [2, 3, 2, 1]])
@pytest.mark.parametrize("fused", [False, True])
def test_networks(sizes: list[int], fused: bool) -> None:
    rng = np.random.default_rng(1)
    model = MLP(3, sizes, fused=fused)
    agree(lambda x, y: (model(x) - y) ** 2, model.parameters(), rng.standard_normal((7, 3)), rng.standard_normal(7))


def test_convolution_and_pooling() -> None:
    rng = np.random.default_rng(2)
    kernels = [[Value(w) for w in rng.standard_normal(9)] for _ in range(3)]
    biases = [Value(b) for b in rng.standard_normal(3)]
    out = [Value(w) for w in rng.standard_normal(12)]

    def f(image: Any) -> Any:
        pooled = []
        for kernel, bias in zip(kernels, biases, strict=True):
            maps = [[microgrAD.relu(bias + sum(kernel[3 * a + b] * image[i + a][j + b]
                                               for a in range(3) for b in range(3)))
                     for j in range(4)] for i in range(4)]
            pooled += [microgrAD.max(microgrAD.max(maps[i][j], maps[i][j + 1]),
                                     microgrAD.max(maps[i + 1][j], maps[i + 1][j + 1]))
                       for i in (0, 2) for j in (0, 2)]
        return sum(w * p for w, p in zip(out, pooled, strict=True)).tanh()
    parameters = [*[w for kernel in kernels for w in kernel], *biases, *out]
    agree(f, parameters, rng.standard_normal((5, 6, 6)))
    program = microgrAD.compile(f, parameters=parameters, shapes=[(6, 6)])
    assert program.source.count("matmul") == 2 + 2      # the kernels' matrix and the last one, forward and backward


def test_weights_that_are_shared_and_transposed() -> None:
    rng = np.random.default_rng(3)
    weights = [[Value(w) for w in row] for row in rng.standard_normal((3, 5))]
    flat = [w for row in weights for w in row]

    def f(x: Any) -> Any:
        hidden = [sum(w * v for w, v in zip(row, x, strict=True)).tanh() for row in weights]
        back = [sum(weights[k][j] * hidden[k] for k in range(3)) for j in range(5)]
        return sum((a - b) ** 2 for a, b in zip(back, x, strict=True)) + 0.1 * sum(w * w for w in flat)
    agree(f, flat, rng.standard_normal((6, 5)))


def test_parameters_in_any_order() -> None:
    model = MLP(2, [3, 1])
    rng = np.random.default_rng(4)
    agree(lambda x: model(x) ** 2, model.parameters()[::-1], rng.standard_normal((4, 2)))


@pytest.mark.parametrize("rows", [1, 2, 1000, 100_000])
def test_any_number_of_rows(rows: int) -> None:
    rng = np.random.default_rng(5)
    w = [Value(v) for v in rng.standard_normal(3)]
    X, y = rng.standard_normal((rows, 3)), rng.standard_normal(rows)

    def f(x: Any, y: Any) -> Any:
        return (sum(a * b for a, b in zip(w, x, strict=True)) - y).tanh() ** 2
    values, gradient = microgrAD.compile(f, parameters=w).value_and_grad(X, y)
    t = np.tanh(X @ [p.data for p in w] - y)
    assert values == pytest.approx((t * t).mean(), rel=1e-12)
    assert gradient == pytest.approx((2 * t * (1 - t * t)) @ X / rows, rel=1e-11)


def test_one_value_for_all_rows_and_rows_as_they_are() -> None:
    a, b = Value(2.0), Value(3.0)
    program = microgrAD.compile(lambda x: [a * b, x, a, 1.5, a * x], parameters=[a, b])
    assert program.predict([1.0, 2.0]).tolist() == [[6.0, 1.0, 2.0, 1.5, 2.0], [6.0, 2.0, 2.0, 1.5, 4.0]]
    agree(lambda x: a * b + 0.0 * x, [a, b], np.array([1.0, 2.0, 3.0]))
    agree(lambda x: a * b, [a, b], np.array([1.0, 2.0, 3.0]))


def test_a_function_without_rows() -> None:
    a, b = Value(2.0), Value(3.0)
    program = microgrAD.compile(lambda: a * b + a.tanh(), parameters=[a, b])
    value, gradient = program.value_and_grad()
    assert value == pytest.approx(6 + np.tanh(2))
    assert gradient.tolist() == pytest.approx([3 + 1 - np.tanh(2) ** 2, 2])


# ---------------------------------------------------------------------------------------------- calls

def line() -> tuple[Any, list[Value]]:
    w, b = Value(2.0, label="w"), Value(1.0, label="b")
    return microgrAD.compile(lambda x, y: (w * x + b - y) ** 2, parameters=[w, b]), [w, b]


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
@pytest.mark.parametrize("make", [
    lambda p: SGD(p, lr=0.1), lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    lambda p: SGD(p[::-1], lr=0.1, momentum=0.9), lambda p: SGD(p[2:5], lr=0.1, momentum=0.9),
    lambda p: Adam(p, lr=0.01)])
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


# ---------------------------------------------------------------------------------------------- errors

def branch(x: Any) -> Any:
    if x > 0:
        return x
    return -x


@pytest.mark.parametrize(("f", "word"), [
    (branch, "if x > 0:"), (lambda x: float(x), "float"), (lambda x: [x][x], "index"), (lambda x: max(x, 1.0), "max"),
    (lambda x: x if x else -x, "truth"), (lambda x: x * x.data, "data"), (lambda x: f"{x:.2f}", "format"),
    (lambda x: x.detach(), "detach"), (lambda x: int(x), "int")])
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
    for f, word in ((lambda x: "text", "str"), (lambda x: [], "list"), (lambda x: before * x, "computed before"),
                    (paused, "no_grad"), (inner, "calls")):
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
    assert (w * 2).args == (w, 2.0)      # the engine records as before


@pytest.mark.parametrize(("f", "word"), [
    (lambda x: x.grad, "asks for the gradient"),
    (lambda x: microgrAD.grad(lambda v: v * v)(x), "goes back to the operands"),
    (lambda x: (x * x).backward(), "sends gradients back out")])
def test_derivatives_within_a_compiled_function_are_refused(f: Callable[..., Any], word: str) -> None:
    with pytest.raises(CompileError, match=rf"test_compiler_program\.py, line \d+.*{word}.*as a formula"):
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
        hidden.label = "hidden"             # as a user's network may do; a value of all rows has none
        kept.append(hidden)
        return hidden * hidden
    assert microgrAD.compile(keeps, parameters=[w]).value([1.0]) == 25.0
    program = microgrAD.compile(lambda x: x * kept[0], parameters=[w])
    with pytest.raises(CompileError, match="traced before"):
        program.value([1.0])


def test_rows_that_do_not_fit() -> None:
    program, _ = line()
    program.value([1.0], [2.0])
    for rows, error, word in (
            (([1.0],), TypeError, "takes 2 arrays"), (([1.0], [1.0, 2.0]), ValueError, "as many rows"),
            (([[1.0]], [1.0]), ValueError, "x takes one number a row"), ((["a"], [1.0]), CompileError, "real numbers"),
            (([[1.0, 2.0], [3.0]], [1.0, 1.0]), ValueError, "got 2 in row 0 and 1 in row 1"),
            (([[[1.0], [1.0, 2.0]]], [1.0]), ValueError, "x takes as many numbers in each row$"),
            (([], []), ValueError, "one row or more"), ((1.0, 2.0), ValueError, "array of rows"),
            (([1j], [1.0]), CompileError, "real numbers"), (([Value(1.0)], [1.0]), CompileError, "real numbers"),
            (([1.0], [float("inf")]), DomainError, "y takes finite numbers.*row 0")):
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
@pytest.mark.parametrize("hide", [lambda x: x.tanh(), lambda x: microgrAD.max(-x, 0.0), lambda x: 1 / x,
                                  lambda x: microgrAD.where(1.0, 2.0, x), lambda x: x.step()])
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


def test_many_batch_sizes_keep_few_tables() -> None:
    program, _ = line()
    for n in range(1, 40):
        program.value(np.ones(n), np.ones(n))
    assert len(program.runners[0]._bound) <= 4
