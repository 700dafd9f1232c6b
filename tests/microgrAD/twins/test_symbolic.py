"""Graphs from SymPy: an expression that came from a graph gives the same numbers again."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pytest
import sympy as sp
from twins import of_programs

from microgrAD import DomainError, Value, export, from_sympy
from microgrAD.backward import gradients
from microgrAD.graph import topological


def by_name(root: Value) -> dict[str, float]:
    """The derivatives by the leaves that have a label."""
    found: dict[str, float] = {}
    for v, g in gradients(root, 1.0).items():
        if not v.op and v.label:
            found[v.label] = found.get(v.label, 0.0) + float(g)
    return found


def test_there_and_back() -> None:
    rewritten = 0
    for root in of_programs(40, 9, size=4):
        space: dict[str, Any] = {}
        script = export(root, "sympy")
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(script, "script", "exec"), space)
        name = re.findall(r'print\("(\w+) is', script)[0]
        try:
            again = from_sympy(space[name], space["values"])
        except DomainError:  # SymPy writes powers anew, such as (-x) ** y as (-1) ** y * x ** y
            rewritten += 1
            continue
        assert again.data == pytest.approx(root.data, rel=1e-9, abs=1e-12)
        ours, theirs = by_name(root), by_name(again)
        for name, slope in theirs.items():
            assert slope == pytest.approx(ours[name], rel=1e-7, abs=1e-9), name
    assert rewritten <= 2


def test_a_graph_that_reads_as_it_was_written() -> None:
    x, y = sp.symbols("x y")
    root = from_sympy((x + y) * x - sp.exp(-y) / x, {x: 2.0, "y": 3.0})
    assert root.data == pytest.approx(10.0 - 0.049787068367863944 / 2)
    assert {v.label for v in topological(root) if v.label} == {"x", "y"}
    assert [v.op for v in topological(root)].count("div") == 1
    twice = from_sympy(sp.sin(x) ** 2 + sp.sin(x), {x: 1.0})
    assert [v.op for v in topological(twice)].count("sin") == 1  # equal parts are one node


def test_choices() -> None:
    x = sp.Symbol("x", real=True)
    f = sp.Piecewise((x**2, x > 1), (3 * x, x >= -1), (sp.Integer(0), True))
    for number, value, slope in ((2.0, 4.0, 4.0), (1.0, 3.0, 3.0), (-1.0, -3.0, 3.0), (-2.0, 0.0, 0.0)):
        root = from_sympy(f, {x: number})
        assert (root.data, by_name(root).get("x", 0.0)) == (value, slope)
    largest = from_sympy(sp.Max(x, 2, x**2), {"x": 3.0})
    assert (largest.data, by_name(largest)["x"]) == (9.0, 6.0)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("x + z", "the symbol z has no number; pass it, as in from_sympy"),
        ("besselj(0, x)", r"no operation for besselj\(0, x\)"),
        ("x + I", "real numbers, got I"),
        ("Piecewise((x, Eq(x, 1)), (2, True))", "conditions such as x > 0"),
        ("gamma(x)", "no operation for gamma"),
    ],
)
def test_what_can_not_be_read_is_named(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_sympy(sp.sympify(expression), {"x": 1.0})
