"""Compiled functions give the engine's numbers: every operation, and graphs of every kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ways import agree, eager

import microgrAD
from microgrAD import OPS, DomainError, Value
from microgrAD.engine import apply
from microgrAD.nn import MLP
from microgrAD.ops import Op
from microgrAD.optim import SGD

Array = np.ndarray[Any, Any]


numbers = st.floats(-50.0, 50.0, allow_nan=False).map(lambda x: round(x, 6))


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
@settings(max_examples=12)
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
    steps = draw(st.lists(st.tuples(st.sampled_from(names), *[st.integers(0, 10**6)] * 4), min_size=1, max_size=40))
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
    agree(f, parameters, rows)  # relative to the largest derivative, or to 1


def test_a_large_irregular_graph() -> None:
    rng = np.random.default_rng(7)
    parameters = [Value(w) for w in rng.uniform(-1, 1, 8)]
    plan = rng.integers(0, 10**6, (25, 80, 3))

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


@pytest.mark.parametrize(
    ("length", "backend", "said"),
    [(100, None, "def forward"), (2_000, None, "records of"), (6_000, "wasm", "records of"),
     (2_000, "numpy", "def forward"), (6_000, "numpy", "node by node")],
)  # fmt: skip
def test_what_is_far_deeper_than_wide_is_run_by_a_loop(length: int, backend: str | None, said: str) -> None:
    def chain(w: Value, b: Value, x: Any) -> Any:
        for _ in range(length // 2):
            x = (w * x + b).tanh()
        return x

    w, b, rows = Value(1.5), Value(-0.2), np.linspace(-1.0, 1.0, 7)
    program = microgrAD.compile(lambda x: chain(w, b, x), parameters=[w, b], shapes=[()], backend=backend)
    value, gradient = eager(lambda x: chain(w, b, x), [w, b], [rows])
    found, slopes = program.value_and_grad(rows)
    assert found == pytest.approx(value, rel=1e-12)
    assert slopes.tolist() == pytest.approx(gradient, rel=1e-12)
    assert said in program.source


def test_a_long_sum_is_not_deep() -> None:
    w = Value(0.5)
    total = w * 0.0
    for k in range(10_000):
        total = total + w * float(k % 7)
    assert "records of" not in microgrAD.compile(total.tanh(), parameters=[w]).source


def test_a_chain_trains_as_the_engine_does() -> None:
    def loss(w: Value) -> Value:
        h = w * 0.5
        for _ in range(6_000):
            h = w * h + 0.1
        return (h - 1.0) ** 2

    start = 0.8
    w, v = Value(start), Value(start)
    program = microgrAD.compile(loss(w))
    assert "records of" in program.source
    program.train(SGD([w], lr=0.01), 5)
    optimizer = SGD([v], lr=0.01)
    for _ in range(5):
        optimizer.zero_grad()
        loss(v).backward()
        optimizer.step()
    assert w.data == pytest.approx(v.data, rel=1e-12)
    assert w.data != start


@pytest.mark.parametrize(
    "make",
    [
        lambda w, x: w[0] * x[0] - (w[1] * x[1] - (w[2] * x[2] - (x[3] - w[3]))),
        lambda w, x: -(-(w[0] * x[0] + w[1] * x[1] + w[2] * x[2] - x[3]) + x[0] * x[1] - 3.0 * x[2]),
        lambda w, x: microgrAD.sum([x[0], w[0] * x[1], -x[2]]) - microgrAD.dot(w, x),
        lambda w, x: microgrAD.dot([w[0], x[0]], [x[1], w[1]]) * x[2] + microgrAD.sum([x[3]]),
        lambda w, x: sum(2.0 * v for v in x) + sum(a * a for a in w) + 0.0,
        lambda w, x: 1.0 - w[0] * (x[0] + x[0] + x[0] - x[1]),
    ],
)
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
            maps = [
                [
                    microgrAD.relu(
                        bias + sum(kernel[3 * a + b] * image[i + a][j + b] for a in range(3) for b in range(3))
                    )
                    for j in range(4)
                ]
                for i in range(4)
            ]
            pooled += [
                microgrAD.max(
                    microgrAD.max(maps[i][j], maps[i][j + 1]), microgrAD.max(maps[i + 1][j], maps[i + 1][j + 1])
                )
                for i in (0, 2)
                for j in (0, 2)
            ]
        return sum(w * p for w, p in zip(out, pooled, strict=True)).tanh()

    parameters = [*[w for kernel in kernels for w in kernel], *biases, *out]
    agree(f, parameters, rng.standard_normal((5, 6, 6)))
    program = microgrAD.compile(f, parameters=parameters, shapes=[(6, 6)])
    assert program.source.count("matmul") == 2 + 2  # the kernels' matrix and the last one, forward and backward


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


def test_a_buffer_that_holds_a_result_is_taken_by_nobody_else() -> None:
    """The derivative of erfc has a branch for numbers far out, and is written over; that of abs is a choice, too."""
    w = Value(-13.9)

    def f(x: Any) -> Any:
        size = abs(w * x)
        return microgrAD.max(size, microgrAD.erfc(size))

    agree(f, [w], np.array([1.0, 0.9, 1.2]))


@pytest.mark.parametrize("seed", range(40))
def test_random_graphs_of_parameters_and_rows(seed: int) -> None:
    """Parameters meet each other, and the row, at every depth: what one step computes belongs to several sums."""
    rng = random.Random(seed)
    parameters = [Value(rng.uniform(-1, 1)) for _ in range(3)]
    width = rng.choice((6, 20, 50))
    plan = [[(rng.choice("+*t"), rng.random(), rng.random(), rng.random() < 0.2) for _ in range(width)] for _ in "123"]

    def f(x: Any) -> Any:
        before = leaves = [*parameters, *x]
        for level in plan:
            now = []
            for kind, i, j, far in level:
                a, others = before[int(i * len(before))], leaves if far else before
                b = others[int(j * len(others))]
                now.append(microgrAD.tanh(a) if kind == "t" else a + b if kind == "+" else a * b)
            before = now
        return microgrAD.tanh(microgrAD.sum(before) / width)

    agree(f, parameters, np.array([[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(2)]))


@pytest.mark.usefixtures("way")
def test_minus_zero_is_not_taken_for_zero() -> None:
    w = Value(-1.5)
    for zero, angle in ((0.0, np.pi), (-0.0, -np.pi), (0.0, np.pi)):
        program = microgrAD.compile(lambda x, zero=zero: microgrAD.atan2(zero, w * x), parameters=[w])
        assert program.value([1.0]) == angle
