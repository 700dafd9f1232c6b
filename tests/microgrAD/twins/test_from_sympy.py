"""Expressions of SymPy become graphs, with SymPy's numbers and SymPy's own derivatives."""

from __future__ import annotations

import io
import math
from contextlib import redirect_stdout
from typing import Any

import pytest
import sympy as sp
from exported import ours
from hypothesis import given, settings
from hypothesis import strategies as st

from microgrAD import DomainError, Value, export, from_sympy, topological

x, y, z = sp.symbols("x y z", real=True)
AT = {x: 1.3, y: 0.7, z: -0.4}
CASES = [
    (x + y) * z,
    -x - y,
    x / y / 3,
    2 * x / 3 - y / 2,
    sp.Rational(-1, 3) * x,
    sp.sqrt(x) * y**3 / z**2,
    2**x + x**y,
    sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
    sp.Abs(z) * x,
    sp.Max(x, y, z) + sp.Min(x, y, 2),
    sp.Piecewise((x**2, x > 1), (sp.sin(y), True)),
    sp.Piecewise((x**2, x <= 1), (sp.sin(y), True)),
    sp.Piecewise((sp.log(z), z > 0), (z * x, z >= -1), (0, True)),
    sp.Piecewise((x, sp.And(x > 0, y < 0)), (y, sp.Or(z > 0, x >= 1)), (z, True)),
    sp.Piecewise((x, sp.Not(sp.And(x > 0, y > 0))), (y * z, True)),
    sp.Piecewise((x, sp.Eq(x, y)), (y * z, sp.Ne(x, y)), (z, True)),
    sp.sec(x) + sp.cot(y) + sp.coth(z) + sp.csc(x) + sp.sech(y) + sp.csch(z),
    sp.erf(x) * sp.erfc(y),
    sp.atan2(y, x) + sp.acos(z) + sp.asin(y) + sp.atan(x),
    sp.log(x, 2),
    sp.sign(z) * x,
    sp.Heaviside(x) * y,
    sp.asinh(x) + sp.acosh(x) + sp.atanh(y),
    sp.sinh(x) * sp.cosh(y) / sp.tan(z),
    sp.expand((x + y) ** 6),
    sp.Float(0.1) * x + sp.E,
    sp.diff(sp.tanh(x * y) ** 2, x),
    sp.Integer(3),
]


def at(expr: Any) -> dict[str, float]:
    return {str(symbol): AT[symbol] for symbol in expr.free_symbols}


def exact(expr: Any) -> float:
    return float(expr.subs({symbol: sp.Float(AT[symbol], 40) for symbol in expr.free_symbols}).evalf(30))


def compare(expr: Any) -> None:
    found = ours(from_sympy(expr, at(expr)))
    assert found.value == pytest.approx(exact(expr), rel=1e-13, abs=1e-14)
    for symbol in expr.free_symbols:
        assert found.gradients.get(str(symbol), 0.0) == pytest.approx(exact(expr.diff(symbol)), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("expr", CASES, ids=str)
def test_an_expression_has_the_numbers_of_sympy(expr: Any) -> None:
    compare(expr)


def grown(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(parts, parts)
    inner = [sp.sin, sp.tanh, sp.atan, sp.cos, lambda a: sp.exp(sp.sin(a)), lambda a: sp.sqrt(1 + a**2)]
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / (2 + sp.sin(p[1]))),
        st.tuples(parts, st.sampled_from(inner)).map(lambda p: p[1](p[0])),
    )


numbers = st.sampled_from([sp.Integer(2), sp.Rational(1, 3), sp.Rational(-5, 2), sp.pi, sp.Integer(-1)])


@settings(max_examples=60, deadline=None)
@given(expr=st.recursive(st.sampled_from([x, y, z]) | numbers, grown, max_leaves=8))
def test_random_expressions_have_the_numbers_of_sympy(expr: Any) -> None:
    compare(sp.sympify(expr))


def test_functions_of_the_table_by_their_names() -> None:
    expr = sp.Function("sigmoid")(x) + sp.Function("leaky_relu")(z) + sp.Function("logaddexp")(x, y)
    found = from_sympy(expr, at(expr))
    expected = Value(AT[x]).sigmoid() + Value(AT[z]).leaky_relu() + Value(AT[x]).logaddexp(AT[y])
    assert found.data == pytest.approx(expected.data, rel=1e-15)


def test_a_part_that_stands_twice_is_one_node() -> None:
    inner = sp.sin(x)
    root = from_sympy(inner * y + sp.exp(inner), at(inner * y))
    assert [v.op for v in topological(root)].count("sin") == 1


def test_a_choice_is_a_node_and_a_side_without_a_value_is_left_out() -> None:
    root = from_sympy(sp.Piecewise((x**2, x > 1), (sp.sin(x), True)), {"x": 2.0})
    assert root.op == "where"
    root = from_sympy(sp.Piecewise((sp.log(x), x > 0), (x, True)), {"x": -2.0})
    assert (root.op, root.data) == ("", -2.0)


def test_symbols_may_be_given_as_such_and_become_labels() -> None:
    root = from_sympy(x * y, {x: 2.0, "y": 3.0})
    assert [(v.label, v.data) for v in topological(root) if not v.op] == [("x", 2.0), ("y", 3.0)]


def test_a_deep_expression() -> None:
    expr, expected = x, 0.1
    for _ in range(150):
        expr, expected = sp.sin(expr) + x, math.sin(expected) + 0.1
    assert from_sympy(expr, {"x": 0.1}).data == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("expr", "values", "error", "said"),
    [
        (x + y, {"x": 1.0}, ValueError, r"needs a number for 'y': values=\{'y': 1.0\}"),
        (x, {"x": 1.0, "q": 2.0}, ValueError, r"values must be one of \['x'\].*got 'q'"),
        (x, {"x": "1"}, TypeError, r"values\['x'\] takes one real number, got str '1'"),
        (sp.gamma(x), {"x": 1.0}, ValueError, r"does not know gamma of 1 in gamma\(x\); rewrite it"),
        (sp.Function("f")(x), {"x": 1.0}, ValueError, "does not know f of 1"),
        (sp.Integral(sp.exp(x**2), (x, 0, y)), {"y": 1.0}, ValueError, r"does not know Integral of 2.*\.doit\(\)"),
        (sp.Derivative(sp.Function("f")(x), x), {"x": 1.0}, ValueError, "does not know Derivative of 2"),
        (x < y, {"x": 1.0, "y": 1.0}, ValueError, "does not know StrictLessThan of 2"),
        (sp.I * x, {"x": 1.0}, DomainError, "finite real numbers, got I"),
        (sp.zoo, {}, DomainError, "finite real numbers, got zoo"),
        (sp.log(x), {"x": -1.0}, DomainError, "log needs x > 0, got -1.0 at 'x'"),
        (sp.Piecewise((x, x > 5)), {"x": 1.0}, DomainError, "no condition of Piecewise.* holds at these numbers"),
        (sp.Heaviside(x), {"x": 0.0}, DomainError, "stands at its jump"),
        (sp.Matrix([x]), {"x": 1.0}, TypeError, "takes an expression of SymPy, got MutableDenseMatrix"),
        ("x + 1", {"x": 1.0}, TypeError, "got str x \\+ 1; .* for a text use microgrAD.parse"),
        (sp.Symbol("a") + sp.Symbol("a", real=True), {"a": 1.0}, ValueError, "two different symbols"),
    ],
)
def test_what_can_not_be_read_is_named(expr: Any, values: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        from_sympy(expr, values)


def test_there_and_back_again() -> None:
    root = from_sympy(sp.tanh(x * y) + sp.Piecewise((x, x > y), (y, True)) / z, at(x * y * z))
    space: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()):
        exec(export(root, "sympy"), space)
    back = ours(from_sympy(space["expression"], at(x * y * z)))
    assert back.gradients == pytest.approx(ours(root).gradients, rel=1e-14)
