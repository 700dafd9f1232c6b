"""Pickles and deep copies of graphs: what was shared stays shared, however deep, and nothing recurses."""

from __future__ import annotations

import copy
import gc
import io
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from microgrAD import Value, copying, dot, topological


def through_pickle(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


def through_pythons_pickler(thing: Any) -> Any:
    out = io.BytesIO()
    pickle._Pickler(out).dump(thing)
    return pickle.loads(out.getvalue())


WAYS = [copy.deepcopy, through_pickle, through_pythons_pickler]
Way = Callable[[Any], Any]


@pytest.mark.parametrize("way", WAYS)
def test_a_graph_comes_back_whole(way: Way) -> None:
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    w.scope = "layer1/neuron1"
    y = dot([x, w], [w, 1.0]) - (5 - x) ** 2 * x.leaky_relu(0.2)
    y.label = "y"
    y.backward()
    again = way(y)
    assert again is not y
    ours, theirs = topological(y), topological(again)
    for a, b in zip(ours, theirs, strict=True):
        assert (a.data, a.grad, a.op, a.label) == (b.data, b.grad, b.op, b.label)
        assert (a.scope, a.partials) == (b.scope, b.partials)
        assert type(a) is type(b)
        assert [ours.index(v) if isinstance(v, Value) else v for v in a.args] == [
            theirs.index(v) if isinstance(v, Value) else v for v in b.args
        ]
    for v in (x, w, topological(again)[0], topological(again)[1]):
        v.grad = 0.0
    y.backward()
    again.backward()
    assert [v.grad for v in ours] == [v.grad for v in theirs]


@pytest.mark.parametrize("way", WAYS)
def test_what_was_shared_stays_shared_in_any_order(way: Way) -> None:
    x = Value(2.0)
    y, z = x * x, x + 1
    y2, x2, z2 = way([y, x, z])
    assert y2.args == (x2, x2) and z2.args[0] is x2
    x3, (z3, y3) = way([x, (z, y)])
    assert y3.args == (x3, x3) and z3.args[0] is x3


@pytest.mark.parametrize("way", WAYS)
def test_gradients_that_are_graphs_survive(way: Way) -> None:
    x = Value(2.0)
    y = x**3
    y.backward(create_graph=True)
    y2 = way(y)
    x2 = y2.args[0]
    first, x2.grad = x2.grad, 0.0
    first.backward()
    assert (first.data, x2.grad) == (12.0, 12.0)


def test_two_pickles_are_two_snapshots() -> None:
    x = Value(2.0)
    before = pickle.dumps(x)
    x.data = 5.0
    assert (pickle.loads(before).data, pickle.loads(pickle.dumps(x)).data) == (2.0, 5.0)


def test_a_shallow_copy_is_a_second_node_of_the_same_operands() -> None:
    x = Value(2.0, label="x")
    y = x * x
    twin = copy.copy(y)
    assert twin is not y and twin.args == (x, x) and twin.data == 4.0
    leaf = copy.copy(x)
    leaf.data = 9.0
    assert (x.data, leaf.label) == (2.0, "x")


@pytest.mark.parametrize("way", [copy.deepcopy, through_pickle])
def test_a_hundred_thousand_nodes_deep(way: Way) -> None:
    x = Value(1.0)
    v = x
    for _ in range(100_000):
        v = v + x
    again = way(v)
    again.backward()
    assert topological(again)[0].grad == 100_001.0


def test_nothing_is_kept_afterwards() -> None:
    pickle.dumps([Value(1.0) * 2, copy.deepcopy(Value(2.0))])
    gc.collect()
    assert copying._registry == {}
