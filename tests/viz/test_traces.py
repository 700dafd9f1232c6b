"""A trace is drawn as the graph is after the pass, with the numbers that it recorded."""

from __future__ import annotations

import pytest
from graphs import graphs
from hypothesis import given, settings
from lessons import circuit, fan_out
from networks import inputs, network

import viz
from microgrAD import Value, topological
from microgrAD.steps import steps
from viz.graph.nodes import read
from viz.graph.select import select


@settings(max_examples=25, deadline=None)
@given(graphs(most=8))
def test_a_trace_is_drawn_as_its_values_are_after_backward(root: Value) -> None:
    drawing = viz.draw(steps(root, gradient=2.0), engine="embedded")
    assert {float(v.grad) for v in topological(root)} == {0.0}, "drawing a trace changes no gradient"
    root.backward(2.0)
    assert drawing.svg == viz.draw(root, engine="embedded").svg


def test_the_numbers_are_those_that_were_recorded() -> None:
    root = circuit()
    trace = steps(root)
    before = viz.draw(trace).svg
    for v in topological(root):
        if not v.op:
            v.data = 7.0
    root.backward(3.0)
    assert viz.draw(trace).svg == before != viz.draw(root).svg


@settings(max_examples=25, deadline=None)
@given(graphs(most=8))
def test_tangents_are_those_of_the_trace_and_add_up(root: Value) -> None:
    leaf = next(v for v in topological(root) if not v.op)
    trace = steps(root, mode="forward", wrt=leaf)
    graph = read(trace)
    assert graph.tangents == trace.quantity
    for node in graph.nodes:
        assert (node.numbers[0].value, node.numbers[0].grad) == (
            trace.variables[node.id].data,
            trace.derivatives[node.id],
        )
        flows = [edge.flow or 0.0 for edge in graph.edges if edge.target == node.id]
        if flows:
            assert node.numbers[0].grad == pytest.approx(sum(flows), rel=1e-9, abs=1e-300)


def test_tangents_are_called_derivatives_in_words_too() -> None:
    root = fan_out()
    a = next(v for v in topological(root) if v.label == "a")
    drawing = viz.draw(steps(root, mode="forward", wrt=a), color_by="grad")
    titles = [group.title for group in drawing.scene.groups]
    assert any(title.startswith("a = 2.0; derivative 1.0") for title in titles)
    assert "derivative by a" in drawing.svg
    assert "gradient" not in drawing.scene.description
    assert not any("gradient" in title for title in titles)


def test_a_folded_neuron_hands_on_tangents() -> None:
    (root,) = network(2, 1)(xs := inputs(0.3, -0.2))
    graph = select(steps(root, mode="forward", wrt=xs[0]), collapse="neuron")
    (wire,) = [edge for edge in graph.edges if graph[edge.source].label == xs[0].label]
    assert wire.flow == pytest.approx(graph[graph.root].numbers[0].grad)
    root.backward()
    assert wire.local == pytest.approx(xs[0].grad)


def test_graphviz_and_micrograds_picture_take_a_trace() -> None:
    root = circuit()
    trace = steps(root)
    dot, notebook = viz.to_graphviz(trace).source, viz.draw_dot(trace).svg
    root.backward()
    assert dot == viz.to_graphviz(root).source
    assert notebook == viz.draw_dot(root).svg


def test_a_trace_is_explained() -> None:
    from microgrAD.explanation import explain

    root = circuit()
    assert explain(steps(root, gradient=2)) == explain(root, gradient=2)
    with pytest.raises(ValueError, match=r"give them to steps\(\)"):
        explain(steps(root), gradient=2)
