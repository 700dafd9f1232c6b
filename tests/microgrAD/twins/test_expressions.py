"""A graph as text, read again by `parse`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgrAD
from microgrAD import Value, parse
from microgrAD.gallery import ENTRIES
from microgrAD.graph import topological
from microgrAD.twins.write.expressions import expression


def assert_same(root: Value) -> None:
    text, values = expression(root)
    again = parse(text, **values)
    theirs, ours = topological(root), topological(again)
    assert [(v.op, v.data) for v in ours] == [(v.op, v.data) for v in theirs]
    root.backward()
    again.backward()
    assert [v.grad for v in ours] == [v.grad for v in theirs]


@pytest.mark.parametrize("name", ENTRIES)
def test_the_gallery(name: str) -> None:
    assert_same(ENTRIES[name].make().root)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x, y: (x - (y - x)) - y, "f = x - (y - x) - y"),
        (lambda x, y: x / (y * x) * y, "f = x / (y * x) * y"),
        (lambda x, y: (x**2.0) ** 3.0, "f = (x ** 2) ** 3"),
        (lambda x, y: x ** (y**2.0), "f = x ** y ** 2"),
        (lambda x, y: -(x**2.0), "f = -x ** 2"),
        (lambda x, y: (-x) ** 2.0, "f = (-x) ** 2"),
        (lambda x, y: x * -2.5 + 0.1, "f = x * -2.5 + 0.1"),
        (lambda x, y: microgrAD.dot([x, y], [y, x]), "f = dot([x, y], [y, x])"),
        (lambda x, y: x.leaky_relu(0.2), "f = leaky_relu(x, 0.2)"),
    ],
)
def test_brackets(make, text: str) -> None:  # type: ignore[no-untyped-def]
    root = make(Value(2.0, label="x"), Value(3.0, label="y"))
    assert expression(root)[0] == text
    assert_same(root)


@pytest.mark.parametrize("label", ["e", "pi", "exp", "lambda", "a b", "2nd", "<b>", "", "x₁", "ŵ"])
def test_names_that_parse_can_read(label: str) -> None:
    x = Value(0.5, label=label)
    assert_same(x.exp() * x)


@given(st.lists(st.sampled_from(["+", "-", "*", "neg", "tanh", "square"]), min_size=1, max_size=30), st.floats(-2, 2))
def test_random_graphs(steps: list[str], start: float) -> None:
    nodes = [Value(start, label="x"), Value(0.5)]
    for k, step in enumerate(steps):
        a, b = nodes[-1], nodes[k // 2]
        made = {"+": a + b, "-": b - a, "*": a * b * 0.5, "neg": -a, "tanh": a.tanh(), "square": (a * 0.5) ** 2}
        nodes.append(made[step])
    assert_same(nodes[-1])
