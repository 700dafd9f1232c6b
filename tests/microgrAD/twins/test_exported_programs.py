"""Scripts of compiled programs compute the programs' numbers, with matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from exported import TARGETS, ran
from exported_programs import CASES

import microgrAD
from microgrAD import Value, export, nn
from microgrAD.compiler import GraphProgram
from microgrAD.twins.write.programs import LIBRARIES, called

RNG = np.random.default_rng(6)
ROWS = [target for target in TARGETS if target in LIBRARIES]


def compare(program: Any, target: str, rows: Any = None) -> str:
    for p in program.parameters:
        p.grad = 0.0
    value, gradient = program.value_and_grad(*(rows or ()))
    source = export(program, target, rows=rows)
    found = ran(source)
    assert found.value == pytest.approx(value, rel=1e-12)
    names = called(program.parameters)
    assert [*map(found.gradients.get, names)] == pytest.approx(gradient.tolist(), rel=1e-10, abs=1e-14)
    return source


@pytest.mark.parametrize("target", ROWS)
@pytest.mark.parametrize("case", CASES)
def test_functions_of_rows(case: str, target: str) -> None:
    program, rows = CASES[case]()
    compare(program, target, rows)


@pytest.mark.parametrize("target", ROWS)
def test_a_loops_graph_in_several_pieces(target: str) -> None:
    model = nn.MLP(2, [3, 1])
    X, y = RNG.normal(size=(8, 2)), RNG.normal(size=8)
    loss = sum(((model([*map(float, x)]) - float(t)) ** 2 for x, t in zip(X, y, strict=True)), Value(0.0)) / 8
    loss = loss + 0.01 * sum((p * p for p in model.parameters()), Value(0.0))
    program = microgrAD.compile(loss, parameters=model.parameters())
    assert isinstance(program, GraphProgram)
    source = compare(program, target)
    assert source.count("def rows") == len(program.rows)


@pytest.mark.parametrize("target", ROWS)
def test_rows_of_several_lengths(target: str) -> None:
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    program = microgrAD.compile(lambda x: (w * microgrAD.mean([*x]) + b).tanh(), parameters=[w, b])
    rows = [[0.3, 0.4], [1.0, -0.2, 0.7], [0.1, 0.9]]
    assert compare(program, target, (rows,)).count("def rows") == 2


def test_matrices_stay_matrices() -> None:
    program, rows = CASES["mlp"]()
    source = export(program, "numpy", rows=rows)
    assert "W1 = theta[0:9].reshape(3, 3)\n" in source
    assert "h1 = W1 @ x[0:2] + b1\n" in source
    assert "h2 = np.tanh(h1)\n" in source


def test_a_script_computes_with_other_rows_too() -> None:
    program, rows = CASES["mlp"]()
    space: dict[str, Any] = {}
    with np.errstate():
        exec(export(program, "numpy", rows=rows), space)
    more = RNG.normal(size=(9, 2)), RNG.normal(size=9)
    columns = np.column_stack(more).T
    value, gradient = space["rows"](space["theta"], columns, np.full(9, 1 / 9))
    expected, slopes = program.value_and_grad(*more)
    assert value == pytest.approx(expected, rel=1e-13)
    order = program.runners[0].tensors.parameters
    assert gradient == pytest.approx(slopes[list(order)], rel=1e-12)


def test_what_a_program_needs() -> None:
    program, rows = CASES["mlp"]()
    with pytest.raises(ValueError, match=r"export\(program, target, rows=\(X, Y\)\)"):
        export(program, "torch")
    with pytest.raises(ValueError, match=r"target must be one of \['numpy', 'torch', 'jax'\], got 'sympy'.*one row"):
        export(program, "sympy", rows=rows)
    with pytest.raises(ValueError, match="up to 200000 numbers"):
        export(program, "numpy", rows=(np.zeros((100_000, 2)), np.zeros(100_000)))
    w = Value(2.0)
    graph = microgrAD.compile((w * 3 - 1) ** 2, parameters=[w])
    with pytest.raises(ValueError, match="has its rows in it"):
        export(graph, "numpy", rows=rows)
    several = microgrAD.compile(lambda x: [w * x, x], parameters=[w])
    with pytest.raises(ValueError, match="gradients are those of one value"):
        export(several, "numpy", rows=(np.ones(3),))
