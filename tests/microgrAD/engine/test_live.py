"""A live graph: its results are those of its inputs, whoever sets them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import mpmath
import pytest

from microgrAD import Value, no_grad, parse
from microgrAD.following import followers
from microgrAD.functions import logsumexp
from microgrAD.graph import topological
from microgrAD.live import Live
from microgrAD.nn import MLP
from microgrAD.optim import SGD
from microgrAD.steps import steps


@pytest.fixture(autouse=True)
def nobody_follows_in_the_end() -> Iterator[None]:
    yield
    assert followers == {}


def closed(live: Live) -> Live:
    live.close()
    return live


def test_results_follow_an_input_in_place() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    n = x * w
    o = (n + 1.0).tanh() + n.exp() / logsumexp([x, w, 0.5])
    told: list[float] = []
    live = Live(o, lambda: told.append(o.data))
    x.data = 0.25
    with mpmath.workdps(40):
        a, b = mpmath.mpf("0.25"), mpmath.mpf(-3)
        total = mpmath.log(mpmath.exp(a) + mpmath.exp(b) + mpmath.exp(mpmath.mpf("0.5")))
        expected = mpmath.tanh(a * b + 1) + mpmath.exp(a * b) / total
    assert n.data == -0.75 and o.data == pytest.approx(float(expected), rel=1e-14)
    assert told == [o.data]
    assert steps(o).root.data == o.data, "each value follows from its operands"
    live.close()
    x.data = 1.0
    assert n.data == -0.75, "closed"


def test_gradients_follow_a_put_and_not_a_number_that_is_set() -> None:
    f = parse("q = x + y; f = q * z", x=1, y=2, z=2)
    x, y, z = (v for v in topological(f) if not v.op)
    live = Live(f, lambda: None)
    f.backward()
    x.data = 5.0
    assert (f.data, z.grad, x.grad) == (14.0, 3.0, 2.0)
    live.put({x: 4.0, z: -1.0})
    assert (f.data, x.grad, y.grad, z.grad) == (-6.0, -1.0, -1.0, 6.0)
    closed(live)


def test_a_loop_on_one_graph_descends() -> None:
    w = Value(5.0, label="w")
    loss = (w - 2.0) ** 2
    live, seen = Live(loss, lambda: None), []
    for _ in range(20):
        w.grad = 0.0
        loss.backward()
        w.data -= 0.1 * w.grad
        seen.append(loss.data)
    assert seen == sorted(seen, reverse=True) and w.data == pytest.approx(2.0 + 3.0 * 0.8**20)
    closed(live)


def test_where_a_result_has_no_value_nothing_changes_and_it_is_said() -> None:
    x = Value(2.0, label="x")
    f = (x - 1.0).log() * 3.0
    live = Live(f, lambda: None)
    before, local = f.data, f.args[0].partials  # type: ignore[union-attr]
    live.put({x: 0.5})
    assert (x.data, f.data) == (2.0, before) and "log needs" in live.wrong
    assert f.args[0].partials == local  # type: ignore[union-attr]
    with pytest.warns(UserWarning, match="stay as they were: log needs"):
        x.data = 0.5  # who sets a number keeps it
    assert (x.data, f.data) == (0.5, before) and "log needs" in live.wrong
    x.data = math.e + 1.0
    assert live.wrong == "" and f.data == pytest.approx(3.0)
    closed(live)


def test_what_one_link_sets_another_follows() -> None:
    x = Value(2.0, label="x")
    f, g = x * 3.0, x * x
    told: list[float] = []
    first, second = Live(f, lambda: None), Live(g, lambda: told.append(g.data))
    first.put({x: 4.0})
    assert (f.data, g.data, told) == (12.0, 16.0, [16.0])
    first.close()
    closed(second)


def test_an_optimizer_and_a_block_without_graphs_are_followed() -> None:
    model = MLP(2, [2, 1], rng=3)
    loss = (model([1.0, -1.0]) - 2.0) ** 2
    told: list[float] = []
    live = Live(loss, lambda: told.append(loss.data))
    loss.backward()
    SGD(model.parameters(), lr=0.1).step()
    fresh = (model([1.0, -1.0]) - 2.0) ** 2
    assert told == [loss.data] and loss.data == fresh.data, "one message for all parameters"
    with no_grad():
        for p in model.parameters():
            p.data -= 0.01 * p.grad
    assert loss.data == ((model([1.0, -1.0]) - 2.0) ** 2).data
    assert len(told) == 1 + len(model.parameters())
    closed(live)


def test_two_graphs_may_share_an_input() -> None:
    x = Value(1.0)
    f, g = x * 2.0, x * 3.0
    first, second = Live(f, lambda: None), Live(g, lambda: None)
    x.data = 2.0
    assert (f.data, g.data) == (4.0, 6.0)
    closed(first)
    x.data = 3.0
    assert (f.data, g.data) == (4.0, 9.0)
    closed(second)
