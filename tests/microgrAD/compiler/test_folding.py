"""The graph of a plain loop over data folds into one row's template and a table, with the engine's numbers."""

from __future__ import annotations

import ast
from functools import reduce
from operator import add, mul
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microgrAD
from microgrAD import DomainError, Value
from microgrAD.compiler.fold import folding, graphs
from microgrAD.compiler.fold.graphs import read, terms
from microgrAD.compiler.fold.lockstep import sheets
from microgrAD.nn import MLP
from microgrAD.optim import SGD

rng = np.random.default_rng(0)


def agree(loss: Value, parameters: list[Value], *, given: bool = False) -> Any:
    """The program's value and gradients are those of `backward`."""
    for p in parameters:
        p.grad = 0.0
    program = microgrAD.compile(loss, parameters=parameters if given else None)
    value, _ = program.value_and_grad()
    found = [p.grad for p in parameters]
    for p in parameters:
        p.grad = 0.0
    loss.backward()
    assert value == pytest.approx(loss.data, rel=1e-12)
    assert found == pytest.approx([p.grad for p in parameters], rel=1e-12, abs=1e-13)
    return program


def demo(rows: int = 20, *, wrap: Any = Value) -> tuple[Value, list[Value]]:
    """The loss of micrograd's demo, inputs wrapped in Values, hinge loss and L2 penalty."""
    model = MLP(2, [4, 4, 1], activation="relu")
    X, y = rng.standard_normal((rows, 2)), rng.choice([-1.0, 1.0], rows)
    scores = [model(list(map(wrap, x))) for x in X]
    losses = [(1 + -target * score).relu() for target, score in zip(y, scores, strict=True)]
    data = sum(losses) * (1.0 / len(losses))
    return data + 1e-4 * sum(p * p for p in model.parameters()), model.parameters()


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("wrap", [Value, float])
def test_the_demo_folds_into_one_template(wrap: Any, given: bool) -> None:
    loss, parameters = demo(wrap=wrap)
    program = agree(loss, parameters, given=given)
    assert program.rows == [20]
    assert set(program.parameters) == set(parameters)
    assert len(program.tapes[0].inputs) == 3


def test_it_steps_at_the_parameters_present_values() -> None:
    loss, parameters = demo()
    program = microgrAD.compile(loss)
    for _ in range(20):
        for p in parameters:
            p.grad = 0.0
        program.value_and_grad()
        for p in parameters:
            p.data -= 0.05 * p.grad
    stepped = [p.data for p in parameters]
    again, twins = demo()
    assert program.value() < loss.data
    assert len(stepped) == len(twins)
    other = microgrAD.compile(again)
    assert other.train(SGD(other.parameters, lr=0.05), 20) > other.value()


def test_integer_labels_make_a_template_for_each_class() -> None:
    model = MLP(3, [4, 3])
    X, y = rng.standard_normal((12, 3)), [0, 1, 2] * 4

    def loss(x: Any, k: int) -> Any:
        logits = model(x)
        return sum(z.exp() for z in logits).log() - logits[k]

    total = sum(loss(x, k) for x, k in zip(X, y, strict=True)) / 12
    assert sorted(agree(total, model.parameters()).rows) == [4, 4, 4]


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: a * b + 1,
        lambda a, b: a * 2 + b - 3,
        lambda a, b: a.tanh(),
        lambda a, b: (a + b) ** 2 + a * a,
        lambda a, b: a,
        lambda a, b: microgrAD.sum([a, b, 2.0]) + microgrAD.dot([a, 3.0], [2.0, b]) / 4 + 1,
    ],
)
def test_what_does_not_repeat_is_a_program_too(make: Any) -> None:
    a, b = Value(1.5), Value(-0.5)
    loss = make(a, b)
    assert agree(loss, [a, b]).rows == [1]


def test_a_node_of_parameters_alone_may_be_shared_by_all_rows() -> None:
    w, b = Value(0.7), Value(0.2)
    square = w * w
    loss = sum((square * x + b - x) ** 2 for x in rng.standard_normal(6)) / 6
    assert agree(loss, [w, b], given=True).rows == [6]
    assert agree(loss, [w, b]).rows == [1]  # nothing says that `square` is no part of a row


def test_leaves_of_one_row_are_parameters_where_they_are_given() -> None:
    points, center = [Value(v) for v in rng.standard_normal(5)], Value(0.5)
    loss = sum((p - center) ** 2 for p in points)
    assert agree(loss, [*points, center], given=True).rows == [1]
    assert microgrAD.compile(loss).parameters == (center,)


def test_rows_that_count_differently() -> None:
    w = Value(0.3)
    loss = sum(k * (w * x).tanh() for k, x in zip([1.0, -2.0, 0.5, 3.0], rng.standard_normal(4), strict=True)) + 2 * w
    assert agree(loss, [w]).rows == [4]


@settings(max_examples=40)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_random_loops(rows: int, seed: int) -> None:
    local = np.random.default_rng(seed)
    w = [Value(v) for v in local.uniform(-1, 1, 3)]
    names = local.choice(["tanh", "sigmoid", "sin", "softplus"], 3)

    def row(x: Any, y: float) -> Any:
        hidden = [getattr(a * v, name)() for a, v, name in zip(w, x, names, strict=True)]
        return (hidden[0] * hidden[1] - y) ** 2 + (hidden[2] if seed % 2 else 0.0)

    X, y = local.uniform(-1, 1, (rows, 3)), local.uniform(-1, 1, rows)
    loss = sum(row(x.tolist(), t) for x, t in zip(X, y.tolist(), strict=True)) * 0.5 + sum(v * v for v in w)
    agree(loss, w)


W, X = [Value(0.5, label="w"), Value(-1.5, label="b")], [Value(x) for x in (0.25, 1.0, -2.0)]
SQUARE = W[0] * W[0]
COMMON = [(W[0] * x).tanh() for x in X]


@pytest.mark.parametrize(
    "make, rows",
    [
        (lambda: sum((W[0] * x + W[1]).tanh() for x in X) / 3, [3]),
        (lambda: sum((W[0] * x + W[1]).tanh() for x in (0.25, 1.0, -2.0)) + 0.1 * W[0] * W[0] + W[1] - 1.0, [3]),
        (lambda: sum((W[0] * x).tanh() for x in X) + sum((W[1] * x).exp() for x in (1.0, 2.0)), [3, 2]),
        (lambda: sum((microgrAD.dot([W[0], W[1], x], [x, 2.0, x]) - 1).tanh() for x in X), [3]),
        (lambda: sum((W[0] * x).tanh() * (W[0] * x).tanh() for x in X), [3]),
        (lambda: sum((x * W[0] if x.data > 0 else x + W[0]).tanh() for x in X), None),  # not the same operations
        (lambda: sum((x * W[0] if x.data > 0 else x * 2.0).tanh() for x in X), None),  # a number for a node
        (lambda: sum(microgrAD.sum([W[0], x] * k).tanh() for k, x in enumerate(X, 1)), None),
        (lambda: sum((SQUARE * x).tanh() for x in X), None),  # a node of all rows
        (lambda: sum((a * b).tanh() for a, b in zip(COMMON, [*COMMON[1:], COMMON[0]], strict=True)), None),  # of two
        (lambda: sum(c.exp() for c in COMMON) + COMMON[0], None),  # of a row and the rest
        (lambda: sum((W[0] * x).exp() for x in X) + X[0] * X[0], None),
        (lambda: sum((W[0] * x).exp() for x in X) + sum((W[1] * x).tanh() for x in X), None),
        (lambda: sum((W[0] * x).exp() for x in [*X, X[0]]), None),  # one row's leaf in two rows
        (lambda: sum(x.exp() for x in X), None),  # nothing to learn
        (lambda: W[0] + W[0] * 2 + sum((W[0] * x).exp() for x in X), None),  # two ways to one node
    ],
)
def test_rows_in_lockstep(make: Any, rows: list[int] | None) -> None:
    found = sheets(make())
    assert (found and [len(sheet.shares) for sheet in found[0]]) == rows
    agree(make(), W)


@pytest.mark.parametrize("given", [False, True])
def test_both_ways_of_reading_rows_agree(given: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    loss, parameters = demo()
    one = agree(loss, parameters, given=given)
    monkeypatch.setattr(folding, "sheets", lambda root: None)
    other = agree(loss, parameters, given=given)
    assert one.rows == other.rows == [20] and one.value() == pytest.approx(other.value(), rel=1e-12)
    assert len(one.tapes[0].inputs) == len(other.tapes[0].inputs) and set(one.parameters) == set(other.parameters)


@pytest.mark.parametrize("alike", [True, False])
def test_a_leaf_that_is_no_parameter_keeps_its_number_in_the_rows(alike: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    w, b = Value(0.5), Value(0.2)
    loss = sum((w * x + b).tanh() for x in (1.0, 2.0, 3.0)) + b * b
    if not alike:
        monkeypatch.setattr(folding, "sheets", lambda root: None)
    program = microgrAD.compile(loss, parameters=[w])
    value, gradient = program.value_and_grad()
    loss.backward()
    assert program.rows == [3, 1] and value == pytest.approx(loss.data, rel=1e-12)
    assert gradient.tolist() == pytest.approx([w.grad / 2], rel=1e-12)  # w has heard twice


def test_the_terms_of_a_sum() -> None:
    a, b = Value(2.0), Value(3.0)
    graph = read([(a.tanh() + 2 * b.tanh() - a.tanh()) / 4 + 1.5])
    found, offset = terms(graph)
    assert sorted(share for _, share in found) == [-0.25, 0.25, 0.5]
    assert offset == 1.5
    assert all(graph.op[i] == a.tanh().op for i, _ in found)


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        ("x * 2.0 - y / 4.0 + 3.0", ({"x": 2.0, "y": -0.25}, 3.0)),
        ("-(x + 1.0) * 2.0", ({"x": -2.0}, -2.0)),
        ("x - (y - x)", ({"x": 2.0, "y": -1.0}, 0.0)),
        ("exp(x) + y", None),
        ("y - exp(x)", None),
        ("x * y", None),
        ("x / 0.0", None),
    ],
)
def test_which_formulas_are_sums(formula: str, parts: Any) -> None:
    assert graphs._parts(ast.parse(formula, mode="eval").body) == parts


@pytest.mark.parametrize(("count", "steps"), [(3, 4), (4, 2)])
def test_three_products_stay_apart_and_four_are_one_sum(count: int, steps: int) -> None:
    w = Value(0.5, label="w")

    def f(x: Any) -> Any:
        return w * reduce(add, [x[k] * x[(k + 1) % count] for k in range(count)])

    assert f" in {steps} steps" in str(microgrAD.compile(f, parameters=[w], shapes=[(count,)]))


@pytest.mark.parametrize(
    ("f", "first"),
    [
        (lambda w, x: w[0] * x[0] + w[1], "h1 = w · x[0]"),
        (lambda w, x: w[0] * x[0] + w[1] + w[2], "h1 = w · x[0]"),
        (lambda w, x: w[0] * x[0] + x[1] + w[2], "h1 = w · x[0]"),
        (lambda w, x: w[0] * x[0] + w[1] * x[1], "h1 = (w, u) · x[0:2]"),
        (lambda w, x: w[0] * x[0] + w[1] * x[1] + x[2], "h1 = (w, u) · x[0:2]"),
        (lambda w, x: w[0] * x[0] + w[1] * x[1] + w[2], "h1 = W1 x[0:2] + b1"),
        (lambda w, x: w[0] * x[0] + w[1] * x[1] + w[2] * x[2], "h1 = W1 x"),
    ],
)
def test_three_weighted_terms_or_two_and_a_bias_are_a_matrix(f: Any, first: str) -> None:
    w = [Value(0.5, label=label) for label in "wuv"]
    program = microgrAD.compile(lambda x: f(w, x), parameters=w, shapes=[(3,)])
    assert str(program).splitlines()[1].split("  ")[3].strip() == first


@pytest.mark.parametrize(("places", "steps"), [((0, 3), 4), ((0, 3, 5), 4), ((0, 1), 3)])
def test_two_operands_that_stand_apart_are_computed_apart(places: tuple[int, ...], steps: int) -> None:
    w = Value(0.5, label="w")

    def f(x: Any) -> Any:
        return w * reduce(mul, [microgrAD.tanh(x[k]) for k in places])

    assert f" in {steps} steps" in str(microgrAD.compile(f, parameters=[w], shapes=[(6,)]))


def test_an_error_names_the_row() -> None:
    w = Value(1.0)
    loss = sum((w * x).log() for x in (1.0, 2.0, 3.0))
    program = microgrAD.compile(loss)
    w.data = -1.0
    with pytest.raises(DomainError, match=r"row 0: log needs x > 0, got -1\.0"):
        program.value_and_grad()
    assert w.grad == 0.0
