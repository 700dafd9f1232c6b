"""The operations as JavaScript, in a real browser: against mpmath, against Python, and a trace replayed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import mpmath as mp
import pytest
from graphs import graphs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import ORACLES, check, kinked, points
from playwright.sync_api import Page

from microgrAD import OPS, DomainError, Value, formula, where
from microgrAD.engine import apply
from microgrAD.steps import steps
from viz.web import javascript

QUICK = settings(max_examples=6, deadline=None)


@pytest.fixture(scope="module")
def script(chromium: Any) -> Iterator[Page]:
    """A blank page that has run the script for every operation."""
    page = chromium.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_script_tag(content=javascript.source())
    yield page
    page.close()
    assert errors == []


def call(script: Page, name: str, args: list[list[float]]) -> list[tuple[float, list[float]]]:
    """An operation's value and partials at each of many points."""
    found = script.evaluate(
        """([name, args]) => args.map((a) => {
        const out = OPERATIONS[name].value(...a);
        return [out, OPERATIONS[name].partials(...a, out)];
    })""",
        [name, args],
    )
    return [(float(out), [float("nan") if p is None else float(p) for p in partials]) for out, partials in found]


# ---------------------------------------------------------------------------------------------- against mpmath


@pytest.mark.parametrize("name", OPS)
def test_every_operation_agrees_with_mpmath(name: str, script: Page) -> None:
    oracle, op = ORACLES[name], OPS[name]

    @QUICK
    @given(st.lists(points(oracle), min_size=4, max_size=8))
    def agree(several: list[tuple[float, ...]]) -> None:
        found = call(script, name, [[*point, *op.constants.values()] for point in several])
        for point, (out, partials) in zip(several, found, strict=True):
            if not abs(out) < 1.7e308:
                continue
            check(out, oracle, point, (0,) * len(point))
            if kinked(name, point):
                continue
            for k in range(len(point)):
                if abs(partials[k]) < 1.7e308:
                    check(partials[k], oracle, point, tuple(int(j == k) for j in range(len(point))))

    agree()


@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_the_error_functions_keep_13_digits_in_their_tails(name: str, script: Page) -> None:
    sizes = [k / 37 for k in range(37 * 26)] + [0.46875, math.nextafter(0.46875, 0), 4.0, math.nextafter(4, 5), 1e-300]
    at = [sign * x for x in sizes for sign in (1, -1)]
    with mp.workdps(50):
        for x, (out, _) in zip(at, call(script, name, [[x] for x in at]), strict=True):
            exact = ORACLES[name].f(mp.mpf(x))
            assert abs(out - exact) <= 1e-13 * abs(exact), x


@settings(max_examples=50, deadline=None)
@given(terms=st.lists(st.floats(-1e300, 1e300), max_size=12))
def test_sums_are_correctly_rounded_as_in_python(terms: list[float], script: Page) -> None:
    assert float(script.evaluate("(terms) => fsum(terms)", terms)) == math.fsum(terms)


# ---------------------------------------------------------------------------------------------- against Python


@pytest.mark.parametrize("name", OPS)
def test_the_domain_is_the_same(name: str, script: Page) -> None:
    op = OPS[name]
    size = len(op.args) - len(op.constants)

    @QUICK
    @given(
        st.lists(
            st.tuples(
                *[st.sampled_from([0.0, -1.0, 1.0, 0.5, -0.5, 2.0, -3.0, 1e-300, 800.0, -800.0]) | st.floats(-2, 2)]
                * size
            ),
            min_size=10,
            max_size=20,
        )
    )
    def agree(several: list[tuple[float, ...]]) -> None:
        args = [[*point, *op.constants.values()] for point in several]
        said = script.evaluate(
            """([name, args]) => args.map((a) => {
            try { return compute(name, a); } catch (error) { return error.message; }
        })""",
            [name, args],
        )
        for point, theirs in zip(args, said, strict=True):
            try:
                ours = apply(name, tuple(point))
            except DomainError as error:
                assert isinstance(theirs, str), (point, theirs)
                assert str(error).split(",")[0].split(" of ")[0] == theirs.split(",")[0].split(" of ")[0]
            else:
                assert theirs == pytest.approx(ours, rel=1e-12, abs=1e-300), point

    agree()


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.domain])
def test_out_of_the_domain_is_an_error_that_says_what_to_do(name: str, script: Page) -> None:
    outside = eval(f"lambda {', '.join(OPS[name].args)}: not ({OPS[name].domain})", {"floor": math.floor})
    args = next(list(a) for a in itertools.product([-2.0, 1.5, 0.0], repeat=len(OPS[name].args)) if outside(*a))
    message = script.evaluate(
        """([name, args]) => {
        try { compute(name, args); } catch (error) { return error.message; }
    }""",
        [name, args],
    )
    assert message.startswith(f"{name} needs {formula.text(OPS[name].domain)}, got ")
    assert message.endswith(OPS[name].remedy)


# ---------------------------------------------------------------------------------------------- replay


def agree_on(script: Page, root: Value, inputs: dict[str, float], mode: Any = "reverse") -> None:
    """Replaying the trace at `inputs` gives what Python gives there, event by event."""
    wrt = next(v.value for v in steps(root).variables.values() if not v.op) if mode == "forward" else None
    trace = steps(root, mode=mode, wrt=wrt)
    new: dict[str, Any] = {}
    try:
        for v in trace.variables.values():
            new[v.id] = (
                apply(v.op, tuple(new[a] if isinstance(a, str) else a for a in v.args))
                if v.op
                else Value(inputs.get(v.id, v.data), label=v.label)
            )
        there = steps(new[trace.root.id], mode=mode, wrt=new[trace.wrt[0].id] if trace.wrt else None)
    except DomainError:
        assume(False)
    found = script.evaluate("([trace, inputs]) => replay(trace, inputs)", [trace.as_dict(), inputs])
    assert found["errors"] == {}
    for id, v in there.variables.items():
        assert found["data"][id] == pytest.approx(v.data, rel=1e-12, abs=1e-12)
    scale = 1 + max(abs(getattr(e, "contribution", 0.0)) for e in there)
    for ours, theirs in zip(found["events"], there.as_dict()["events"], strict=True):
        assert ours.keys() - {"data"} == theirs.keys()
        for key, value in theirs.items():
            assert ours[key] == (
                pytest.approx(value, rel=1e-12, abs=1e-12 * scale) if isinstance(value, float) else value
            ), key
    for id, gradient in there.derivatives.items():
        assert found["derivatives"][id] == pytest.approx(gradient, rel=1e-12, abs=1e-12 * scale)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_replayed_trace_follows_its_inputs(mode: str, script: Page) -> None:
    @settings(max_examples=40, deadline=None)
    @given(graphs(labels=("",)), st.data())
    def agree(root: Value, data: st.DataObject) -> None:
        inputs = {v.id: data.draw(st.floats(-2, 2)) for v in steps(root).variables.values() if not v.op}
        agree_on(script, root, inputs, mode)

    agree()


def test_inputs_that_are_left_out_keep_their_numbers(script: Page) -> None:
    x, y = Value(2.0), Value(3.0)
    agree_on(script, x * y, {})
    agree_on(script, x * y, {"n0": 5.0})


def test_an_input_out_of_the_domain_is_said_at_the_node_and_blanks_what_follows(script: Page) -> None:
    x = Value(2.0, label="x")
    trace = steps(x.log() * 3).as_dict()
    found = script.evaluate("([trace, inputs]) => replay(trace, inputs)", [trace, {"n0": -1.0}])
    assert found["errors"] == {"n1": "log needs x > 0, got -1; clamp the input, or use log1p near 1"}
    assert found["data"] == {"n0": -1, "n1": None, "n2": None}
    assert found["derivatives"] == {"n0": None, "n1": None, "n2": None}


def test_an_infinite_derivative_is_said_at_its_node(script: Page) -> None:
    trace = steps(Value(4.0).sqrt() * 3).as_dict()
    found = script.evaluate("([trace, inputs]) => replay(trace, inputs)", [trace, {"n0": 0.0}])
    assert found["data"] == {"n0": 0, "n1": 0, "n2": 0}
    assert found["errors"] == {"n1": "its derivative is not finite here"}
    assert found["derivatives"] == {"n0": None, "n1": 3, "n2": 1}


# ---------------------------------------------------------------------------------------------- the script itself


def test_the_runtime_has_what_math_lacks_and_takes_no_other_name_of_the_table(script: Page) -> None:
    primitive = [name for name, op in OPS.items() if op.primitive and not op.variadic]
    lacking = script.evaluate("(names) => names.filter((name) => !(name in Math))", primitive)
    assert [name for name in OPS if name in javascript.own()] == lacking


def test_a_page_gets_only_what_it_needs() -> None:
    some = javascript.source(["add", "softplus"])
    assert "function d_add(" in some
    assert "function sigmoid(" in some, "softplus' derivative calls it"
    assert "function d_tanh(" not in some
    assert len(some) < 12_000


def test_an_unknown_operation() -> None:
    with pytest.raises(KeyError):
        javascript.source(["unheard_of"])


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("x - (y - 1)", "x - (y - 1)"),
        ("x / (y / 2)", "x / (y / 2)"),
        ("x * (y / 2)", "x * (y / 2)"),
        ("x + (y + 1)", "x + (y + 1)"),
        ("-(x + y)", "-(x + y)"),
        ("x - -y", "x - -y"),
        ("--x", "-(-x)"),
        ("-x ** 2", "-(x * x)"),
        ("(x + 1) ** 2", "Math.pow(x + 1, 2)"),
        ("x ** y ** 2", "Math.pow(x, y * y)"),
        ("(1 if x > 0 else 2) + 3", "(x > 0 ? 1 : 2) + 3"),
        ("1 if x > 0 else 2 if x < 0 else 3", "x > 0 ? 1 : x < 0 ? 2 : 3"),
        ("(1 if x > 0 else 2) if y > 0 else 3", "y > 0 ? (x > 0 ? 1 : 2) : 3"),
        ("x > 0 or y == 0 and x != 1", "x > 0 || y === 0 && x !== 1"),
        ("(x > 0 or y == 0) and x != 1", "(x > 0 || y === 0) && x !== 1"),
        ("floor(x) * pi", "Math.floor(x) * 3.141592653589793"),
    ],
)
def test_a_formula_keeps_its_order(source: str, written: str) -> None:
    assert formula.javascript(source) == written


def test_what_lies_behind_a_side_that_was_not_taken_counts_for_nothing(script: Page) -> None:
    for mode in ("reverse", "forward"):
        a = Value(4.0, label="a")
        root = where(a, a.sqrt(), 2 * a)
        trace = steps(root, mode=mode, wrt=a if mode == "forward" else None).as_dict()
        found = script.evaluate("([trace, inputs]) => replay(trace, inputs)", [trace, {"n0": 0.0}])
        there = steps(where(b := Value(0.0), b.sqrt(), 2 * b), mode=mode, wrt=b if mode == "forward" else None)
        assert found["derivatives"]["n0" if mode == "reverse" else trace["nodes"][-1]["id"]] == 2
        assert found["derivatives"] == there.derivatives
        assert found["errors"] == {}
