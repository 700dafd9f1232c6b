"""The trace: its events in order, and its totals against backward() and jvp."""

from __future__ import annotations

import dataclasses
import json
import struct
from typing import Any

import pytest
from graphs import graphs
from hypothesis import given
from hypothesis import strategies as st

from microgrAD import OPS, DomainError, Value, dot, floats, formula
from microgrAD.calculus import jvp
from microgrAD.engine import apply
from microgrAD.graph import backward_order, topological
from microgrAD.steps import Backward, Forward, Seed, Tangent, TangentSeed, naming, steps


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


def lecture() -> tuple[Value, ...]:
    x, y, z = Value(1, label="x"), Value(2, label="y"), Value(2, label="z")
    q = x + y
    q.label = "q"
    f = q * z
    f.label = "f"
    return x, y, z, q, f


def test_the_lecture_event_by_event() -> None:
    *_, f = lecture()
    told = []
    for event in steps(f, gradient=2):
        match event:
            case Forward(node):
                told.append(f"{node.name} = {node.data:g}")
            case Seed(root, gradient):
                told.append(f"d{root.name} = {gradient:g}")
            case Backward(node, arg, index, local, upstream, contribution, total):
                told.append(
                    f"{node.name}[{index}] -> {arg.name}: {upstream:g} * {local:g} = {contribution:g}, {total:g}"
                )
    assert told == [
        "x = 1",
        "y = 2",
        "q = 3",
        "z = 2",
        "f = 6",
        "df = 2",
        "f[0] -> q: 2 * 2 = 4, 4",
        "f[1] -> z: 2 * 3 = 6, 6",
        "q[0] -> x: 4 * 1 = 4, 4",
        "q[1] -> y: 4 * 1 = 4, 4",
    ]


def test_a_trace_is_short_in_a_notebook() -> None:
    assert repr(steps(lecture()[-1])) == "<Trace of f, mode='reverse': 10 events on 5 nodes>"


def test_events_cannot_be_changed() -> None:
    event = steps(lecture()[-1])[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.node = None


@given(graphs(), st.floats(-3, 3).filter(bool))
def test_totals_are_those_of_backward_to_the_last_bit(root: Value, gradient: float) -> None:
    order = topological(root)
    trace = steps(root, gradient=gradient)
    assert [v.grad for v in order] == [0.0] * len(order), "a trace changes no gradient"
    root.backward(gradient)
    ours = {trace.variables[i].value: g for i, g in trace.derivatives.items()}
    assert {v: bits(g) for v, g in ours.items()} == {v: bits(v.grad) for v in order}


@given(graphs())
def test_one_event_a_node_then_one_an_edge_in_the_order_of_backward(root: Value) -> None:
    trace = steps(root)
    forward = [e.node.value for e in trace if isinstance(e, Forward)]
    backward = [e for e in trace if isinstance(e, Backward)]
    assert forward == topological(root)
    assert [type(e) for e in trace] == [Forward] * len(forward) + [Seed] + [Backward] * len(backward)
    assert [(e.node.value, e.index) for e in backward] == [
        (v, k) for v in backward_order(root) for k, arg in enumerate(v.args) if isinstance(arg, Value)
    ]
    assert all(e.node.value.args[e.index] is e.arg.value for e in backward)


@given(graphs())
def test_each_event_adds_up(root: Value) -> None:
    trace = steps(root)
    totals = {trace.root.id: 1.0}
    done: dict[str, int] = {}
    for e in trace:
        if isinstance(e, Backward):
            assert e.upstream == trace.derivatives[e.node.id], "what flows on is complete"
            assert e.contribution == e.upstream * e.local
            assert e.total == totals.get(e.arg.id, 0.0) + e.contribution
            assert e.part == done.get(e.arg.id, 0) + 1 <= e.parts
            totals[e.arg.id], done[e.arg.id] = e.total, e.part
            last = e.part == e.parts
            assert not last or e.total == trace.derivatives[e.arg.id]


def test_a_plus_a_has_two_edges() -> None:
    a = Value(3.0, label="a")
    assert [(e.index, e.total, e.part, e.parts) for e in steps(a + a) if isinstance(e, Backward)] == [
        (0, 1.0, 1, 2),
        (1, 2.0, 2, 2),
    ]


def test_update_is_backward() -> None:
    x, *_, f = lecture()
    steps(f, gradient=2, update=True)
    assert x.grad == 4
    steps(f, gradient=2, update=True)
    assert (x.grad, f.grad) == (8, 2)


@given(graphs(), st.data())
def test_tangents_are_those_of_jvp(root: Value, data: st.DataObject) -> None:
    inputs = [v for v in topological(root) if not v.op]
    tangents = {v: data.draw(st.floats(-2, 2)) for v in inputs}
    trace = steps(root, mode="forward", wrt=tangents)

    def replay(*values: Any) -> Any:
        new = dict(zip(inputs, values, strict=True))
        for v in topological(root):
            if v.op:
                new[v] = apply(v.op, tuple(new.get(a, a) if isinstance(a, Value) else a for a in v.args))
        return new[root]

    value, tangent = jvp(replay, [v.data for v in inputs], list(tangents.values()))
    assert trace.root.data == value
    assert trace.derivatives[trace.root.id] == pytest.approx(tangent, rel=1e-12, abs=1e-12)


@given(graphs())
def test_both_modes_agree(root: Value) -> None:
    backward = steps(root)
    for v in topological(root):
        forward = steps(root, mode="forward", wrt=v)
        id = next(i for i, variable in forward.variables.items() if variable.value is v)
        size = sum(abs(e.contribution) for e in backward if isinstance(e, Backward) and e.arg.id == id)
        assert forward.derivatives[forward.root.id] == pytest.approx(
            backward.derivatives[id], rel=1e-9, abs=1e-9 * (1 + size)
        )


def test_forward_mode_goes_node_by_node() -> None:
    x, *_, f = lecture()
    trace = steps(f, mode="forward", wrt=x)
    assert [type(e) for e in trace] == [
        Forward,
        TangentSeed,
        Forward,
        TangentSeed,
        Forward,
        Tangent,
        Tangent,
        Forward,
        TangentSeed,
        Forward,
        Tangent,
        Tangent,
    ]
    assert [e.tangent for e in trace if isinstance(e, TangentSeed)] == [1, 0, 0]
    assert [(e.local, e.upstream, e.contribution, e.total) for e in trace if isinstance(e, Tangent)] == [
        (1, 1, 1, 1),
        (1, 0, 0, 1),
        (2, 1, 2, 2),
        (3, 0, 0, 2),
    ]
    assert trace.wrt == (trace.variables["n0"],)


@given(graphs())
def test_a_trace_is_plain_data(root: Value) -> None:
    trace = steps(root)
    data = json.loads(json.dumps(trace.as_dict(), allow_nan=False))
    assert len(data["events"]) == len(trace)
    assert {e["kind"] for e in data["events"]} <= {"forward", "seed", "backward"}
    assert [n["id"] for n in data["nodes"]] == list(trace.variables)
    for event, plain in zip(trace, data["events"], strict=True):
        if isinstance(event, Backward):
            assert (plain["node"], plain["arg"], plain["total"]) == (event.node.id, event.arg.id, event.total)


@given(graphs())
def test_every_formula_of_a_trace_gives_its_number(root: Value) -> None:
    trace = steps(root)
    functions = {f"_{name}": floats.value(name) for name in OPS}
    for node in trace.variables.values():
        rules = [(trace.local(node, k), p) for k, p in enumerate(node.partials) if p is not None]
        for rule, number in [(trace.formula(node), node.data), *rules] if node.op else []:
            names = {letter: v if isinstance(v, float) else v.data for letter, v in rule.names.items()}
            try:
                found = eval(formula.python(rule.text), functions, names)
            except (OverflowError, ValueError, ZeroDivisionError):
                continue  # the textbook's form, where only the exact one has a number
            assert found == pytest.approx(number, rel=1e-6, abs=1e-9)


def test_many_operands_are_written_out() -> None:
    a, b, c, d = (Value(k, label=name) for k, name in enumerate("abcd"))
    trace = steps(dot([a, b], [c, d]))
    assert trace.formula(trace.root).text == "x_0 * y_0 + x_1 * y_1"
    rule = trace.local(trace.root, 3)
    assert (rule.text, rule.names["x"].name) == ("x", "b")


# ---------------------------------------------------------------------------------------------- names


@given(graphs())
def test_names_are_there_and_differ(root: Value) -> None:
    names = [v.name for v in steps(root).variables.values()]
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_label_is_the_name_and_the_rest_is_called_as_in_textbooks() -> None:
    x, w, v1 = Value(1, label="w"), Value(2, label="w"), Value(3, label="v1")
    root = (x * w + v1 * Value(4)).tanh()
    names = [v.name for v in steps(root).variables.values()]
    assert names == ["w[1]", "w[2]", "v2", "v1", "x1", "v3", "v4", "f"]


@pytest.mark.parametrize(
    ("label", "name"),
    [("a\nb\tc", "a b c"), ("\x1b[31mred", "[31mred"), ("\u202eabc", "abc"), ("x" * 200, "x" * 39 + "…")],
)
def test_a_name_is_short_and_harmless(label: str, name: str) -> None:
    assert steps(Value(1, label=label) * 2).variables["n0"].name == name


def test_the_unseen_objective_has_a_name_of_its_own() -> None:
    x = Value(1, label="L")
    assert steps(x * 2, gradient=3).objective == "L1"
    assert steps(x * 2).objective == "f"


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "sideways"}, "mode must be one of"),
        ({"mode": "forward"}, "takes wrt="),
        ({"wrt": Value(1)}, "wrt is for mode='forward'"),
        ({"mode": "forward", "wrt": Value(1)}, "does not depend on"),
        ({"mode": "forward", "wrt": Value(1), "update": True}, "are for mode='reverse'"),
        ({"mode": "forward", "wrt": {}}, "at least one Value to differentiate by, got none"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        steps(lecture()[-1], **options)


def test_no_value() -> None:
    with pytest.raises(TypeError, match="takes a Value, the result to differentiate, got float"):
        steps(3.0)


def test_a_value_changed_since_is_an_error() -> None:
    x, *_, f = lecture()
    x.data = 5
    with pytest.raises(ValueError, match=r"add was computed as 3.0, but is 7.0 now for x = 5.0 at 'x', y = 2.0 at 'y'"):
        steps(f)


def test_an_infinite_derivative_is_an_error_as_in_backward() -> None:
    x = Value(0.0, label="x")
    with pytest.raises(DomainError, match=r"the derivative of sqrt at 0.0 at 'x' is not finite"):
        steps(x.sqrt(), update=True)
    assert x.grad == 0


def test_a_deep_graph() -> None:
    v = Value(1.0)
    for _ in range(20_000):
        v = v * 1.0
    assert len(steps(v)) == 20_001 + 1 + 20_000


@pytest.mark.parametrize(
    ("name", "alone", "within"),
    [
        ("w1", "w1", "w1"),
        ("the weight", "the weight", "(the weight)"),
        ("$\\hat{w}_{12}$", "ŵ_12", "ŵ_12"),
        ("$\\alpha$", "α", "α"),
        ("$5", "$5", "($5)"),
    ],
)
def test_names_in_plain_text(name: str, alone: str, within: str) -> None:
    assert (naming.plain(name), naming.as_text(name)) == (alone, within)


def test_what_its_numbers_are_in_words() -> None:
    x, y, *_, f = lecture()
    assert steps(f).quantity == "gradient of f"
    assert steps(f, mode="forward", wrt=x).quantity == "derivative by x"
    assert steps(f, mode="forward", wrt={x: 1.0, y: 2.0}).quantity == "derivative"


@pytest.mark.parametrize("wrt", ["x", 3, ["x"]])
def test_what_we_differentiate_by_is_no_name(wrt: Any) -> None:
    x = Value(2.0, label="x")
    with pytest.raises(TypeError, match=r"wrt takes a Value, .* got .*; pass the Value itself"):
        steps(x * x, mode="forward", wrt=wrt)


def test_letters_that_every_tex_has_stay() -> None:
    assert naming.escape("é ñ ü") == "é ñ ü"
    assert naming.escape("ŕ 中") == "[U+0155] [U+4E2D]"
