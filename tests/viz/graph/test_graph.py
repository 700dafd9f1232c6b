"""A picture's graph is the Values' graph: every node, edge, number, cluster and fold."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from graphs import graphs
from hypothesis import given, settings
from networks import inputs, karpathy, loss, network

import viz
from microgrAD import OPS, Value
from microgrAD.graph import topological
from microgrAD.steps.naming import clean
from viz.compose.badge import badge
from viz.graph.cluster import folded, framed, uses
from viz.graph.nodes import Graph, GraphTooLargeError, read, split
from viz.graph.select import COLLAPSE_OVER, READ_AT_MOST, REFUSE_OVER, select


def node(graph: Graph, label: str) -> tuple[float, float | None]:
    """The value and gradient of the node with that label."""
    (found,) = (n for n in graph.nodes if n.label == label)
    (numbers,) = found.numbers
    return numbers.value, numbers.grad


@given(graphs(), graphs(most=3))
@settings(max_examples=60)
def test_nodes_edges_and_numbers_are_those_of_the_values(root: Value, other: Value) -> None:
    root = root * 1.5 + other
    root.backward()
    graph, order = read(root), topological(root)
    ids = {id(value): node.id for value, node in zip(order, graph.nodes, strict=True)}
    assert [(n.numbers[0].value, n.numbers[0].grad, n.op) for n in graph.nodes] == [
        (v.data, v.grad, v.op) for v in order
    ]
    assert [(e.source, e.target, e.index, e.local) for e in graph.edges] == [
        (ids[id(arg)], ids[id(v)], k, v.partials[k])
        for v in order
        for k, arg in enumerate(v.args)
        if isinstance(arg, Value)
    ]
    assert graph.root == ids[id(root)] and graph.values == len(order)


@given(graphs())
@settings(max_examples=40)
def test_what_flows_back_along_the_edges_adds_up_to_the_gradients(root: Value) -> None:
    root.backward()
    graph = read(root)
    flows = {n.id: sum(e.flow or 0.0 for e in graph.edges if e.source == n.id) for n in graph.nodes}
    for n in graph.nodes[:-1]:
        assert n.numbers[0].grad == pytest.approx(flows[n.id], rel=1e-12, abs=1e-300)


def test_the_same_operand_twice_is_two_edges() -> None:
    a = Value(3.0, label="a")
    graph = read(a + a)
    assert [(e.id, e.source, e.target, e.index) for e in graph.edges] == [("e0", "n0", "n1", 0), ("e1", "n0", "n1", 1)]


def test_before_a_backward_pass_there_are_no_gradients() -> None:
    x = Value(2.0)
    graph = read(x * x)
    assert not graph.after_backward
    assert {r.grad for n in graph.nodes for r in n.numbers} == {None}
    assert {e.flow for e in graph.edges} == {None}


def test_gradients_of_another_root_are_not_shown() -> None:
    x = Value(2.0)
    y = x * x
    y.backward()
    assert read(x * 3.0)["n0"].numbers[0].grad is None


def test_gradients_that_are_values_themselves_are_read_as_numbers() -> None:
    x = Value(3.0, label="x")
    y = x**3
    y.backward(create_graph=True)
    assert node(read(y), "x") == (3.0, 27.0)


def test_plain_numbers_are_boxes_or_stand_on_the_badge() -> None:
    x = Value(3.0, label="x")
    y = 2.0 - x * 4.0
    boxes, badges = read(y, show_constants=True), read(y)
    assert [n.kind for n in boxes.nodes] == ["constant", "constant", "leaf", "result", "result"]
    assert [n.numbers[0].value for n in boxes.nodes[:2]] == [4.0, 2.0]
    assert [(e.id, e.source, e.target) for e in boxes.edges] == [
        ("e0", "n0", "n1"),
        ("e1", "k0", "n1"),
        ("e2", "k1", "n2"),
        ("e3", "n1", "n2"),
    ]
    assert [e.id for e in badges.edges] == ["e0", "e3"]  # the same ids, whatever is shown
    assert [badge(n.op, n.plain) for n in badges.nodes[1:]] == ["× 4", "2 −"]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x: x**2, "x²"),
        (lambda x: x**-1, "x⁻¹"),
        (lambda x: x**0.5, "x^0.5"),
        (lambda x: 2**x, "2ʸ"),
        (lambda x: x - -1, "− (−1)"),
        (lambda x: 1 / x, "1 ÷"),
        (lambda x: x.max(0), "max(·, 0)"),
        (lambda x: x.leaky_relu(), "leaky ReLU"),
        (lambda x: x.leaky_relu(0.2), "leaky ReLU(·, 0.2)"),
        (lambda x: x * x, "×"),
        (lambda x: x.tanh(), "tanh"),
        (abs, "|x|"),
    ],
)
def test_badges_name_the_plain_numbers(make: Callable[[Value], Value], text: str) -> None:
    made = read(make(Value(3.0)))
    assert badge(made[made.root].op, made[made.root].plain) == text


@pytest.mark.parametrize("op", OPS)
def test_every_operation_has_a_badge(op: str) -> None:
    assert badge(op) == OPS[op].symbol != ""


def test_operations_whose_operands_may_change_places_are_known() -> None:
    x, y = Value(2.0), Value(3.0)
    for made, free in ((x + y, True), (x * y, True), (x - y, False), (x / y, False), (x**y, False)):
        assert (read(made).root in read(made).symmetric) is free


def test_two_nodes_a_value() -> None:
    graph = split(read(karpathy()))
    assert [n.id for n in graph.nodes if n.kind == "operation"] == ["n2.op", "n5.op", "n6.op", "n8.op", "n9.op"]
    assert {(e.source, e.target) for e in graph.edges} >= {("n0", "n2.op"), ("n1", "n2.op"), ("n2.op", "n2")}


@pytest.mark.parametrize("thing", [3.0, [Value(1.0)], None, "x"])
def test_a_picture_of_something_else_is_an_error(thing: object) -> None:
    with pytest.raises(TypeError, match="a picture starts from one Value, got"):
        read(thing)


def test_labels_become_one_printable_line() -> None:
    assert clean("a\x00\x1b[31m\tb\nc\u202ed\ud800\u200e") == "a[31m b cd"
    assert clean("  x₁ → 猫 🦊 ") == "x₁ → 猫 🦊"


# ---------------------------------------------------------------------------------------------- networks


def test_neurons_and_layers_are_found() -> None:
    (out,) = network(2, 3, 1)(inputs(0.5, -1.0))
    graph = read(out)
    found = framed(graph, uses(graph))
    layers = {c.label: [inner.label for inner in c.inner] for c in found.clusters}
    assert layers == {"layer1": ["neuron1", "neuron2", "neuron3"], "layer2": ["neuron1"]}
    framed_nodes = [m for c in found.clusters for inner in c.inner for m in inner.members]
    assert len(framed_nodes) == len(set(framed_nodes)) == len(graph.nodes) - 2  # all but the two inputs


def test_what_a_user_computed_before_a_neuron_is_not_part_of_it() -> None:
    product = Value(2.0, label="p") * Value(3.0, label="q")
    (out,) = network(1, 1)([product])
    graph = read(out)
    (use,) = uses(graph)
    assert use.sources == ("n3",) and graph["n3"].numbers[0].value == 6.0
    assert {"p", "q"}.isdisjoint(graph[id].label for id in use.members)


def test_a_neuron_is_folded_with_its_whole_derivative() -> None:
    net = network(2, 3, 1)
    x = inputs(0.5, -1.0)
    (out,) = net(x)
    out.backward()
    graph = read(out)
    small = folded(graph, uses(graph), "neuron")
    assert [(n.kind, n.label) for n in small.nodes if n.kind != "leaf"] == [
        ("folded", "neuron1"),
        ("folded", "neuron2"),
        ("folded", "neuron3"),
        ("folded", "neuron1"),
    ]
    assert small.root == graph.root and small.hidden == graph.values - 6
    # the chain rule over the folded graph gives what backward gave on the whole one
    grads = {n.id: n.numbers[0].grad for n in small.nodes}
    for n in small.nodes[:-1]:
        out_edges = [e for e in small.edges if e.source == n.id]
        assert grads[n.id] == pytest.approx(sum(e.local * grads[e.target] for e in out_edges))
        assert grads[n.id] == pytest.approx(sum(e.flow for e in out_edges))


def test_layers_are_folded_row_by_row() -> None:
    net = network(2, 3, 1)
    graph = read(loss(net, [(0, 1), (1, 0), (1, 1)]))
    small = folded(graph, uses(graph), "layer")
    layers = [n for n in small.nodes if n.kind == "folded" and len(n.numbers) > 1]
    assert [(n.label, len(n.numbers), n.note) for n in layers] == [("layer1", 3, "3 neurons, 9 parameters")] * 3
    assert {n.label for n in small.nodes if n.kind == "leaf"} == {"x1", "x2"}  # shared parameters are folded away
    assert len({(e.source, e.target) for e in small.edges}) == len(small.edges)


def test_a_parameter_that_something_else_uses_too_stays_in_sight() -> None:
    net = network(1, 1)
    (out,) = net(inputs(2.0))
    w = next(v for v in topological(out) if v.label == "w1")
    total = out + w * w
    graph = read(total)
    small = folded(graph, uses(graph), "neuron")
    assert "w1" in {n.label for n in small.nodes}


@pytest.mark.parametrize("level", ["neuron", "layer"])
def test_a_layer_fed_with_its_own_output_makes_no_cycle(level: str) -> None:
    net = network(2, 2)
    state = net(net(net(inputs(1.0, 2.0))))
    total = state[0] + state[1]
    graph = read(total)
    small = folded(graph, uses(graph), level)
    place = {n.id: k for k, n in enumerate(small.nodes)}
    assert len(small.nodes) == (2 + 6 + 1 if level == "neuron" else 2 + 3 + 1)
    assert all(place[e.source] < place[e.target] for e in small.edges)


# ---------------------------------------------------------------------------------------------- limits


def chain(n: int) -> Value:
    value = Value(1.0)
    for _ in range(n):
        value = value + 1e-6
    return value


def test_networks_are_folded_as_far_as_needed() -> None:
    rows = [(0.1 * k, 1 - 0.1 * k) for k in range(6)]
    small, middle, large = (select(loss(network(2, size, 1), rows[:n])) for size, n in ((3, 1), (8, 3), (16, 6)))
    assert small.hidden == 0 and len(small.nodes) <= COLLAPSE_OVER
    assert {n.kind for n in middle.nodes} >= {"folded"} and middle.hidden > 0
    assert max(len(n.numbers) for n in middle.nodes) == 1
    assert max(len(n.numbers) for n in large.nodes) == 16


def test_what_is_asked_for_is_done_whatever_the_size() -> None:
    root = loss(network(2, 3, 1), [(0, 1)])
    assert max(len(n.numbers) for n in select(root, collapse="layer").nodes) == 3


@pytest.mark.parametrize("size", [REFUSE_OVER, READ_AT_MOST, 300_000])
def test_what_is_too_large_is_refused_at_once_with_the_remedy(size: int) -> None:
    root = chain(size)
    start = time.perf_counter()
    with pytest.raises(GraphTooLargeError, match=r"draw a part of it .*microgrAD\.nn.*force=True"):
        select(root)
    assert time.perf_counter() - start < 10


def test_a_loss_over_many_rows_is_refused_in_time() -> None:
    root = loss(network(2, 8, 1), [(0.01 * k, 1) for k in range(150)])
    start = time.perf_counter()
    with pytest.raises(GraphTooLargeError, match="the loss of one row"):
        select(root)
    assert time.perf_counter() - start < 60


def test_force_draws_no_more_than_can_be_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.drawing.MOST_BOXES", 50)
    viz.draw(chain(49), force=True)
    with pytest.raises(GraphTooLargeError, match=r"61 boxes, and force=True draws up to 50; .* to_graphviz"):
        viz.draw(chain(60), force=True)
    assert "n60" in viz.to_graphviz(chain(60), force=True).source


def test_force_takes_everything() -> None:
    assert len(select(chain(2000), force=True).nodes) == 2001
