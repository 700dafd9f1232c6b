"""The ways in which a compiled program may run, each of which has to give the engine's numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import microgrAD
from microgrAD import Value, operators
from microgrAD.compiler.run import choice, records, runner, walker

Array = np.ndarray[Any, Any]
MACHINE, LOOPS, TABLES, RECORDS, WALK, COLUMNS = WAYS = (
    "machine code",
    "machine code in loops",
    "tables",
    "records",
    "walk",
    "walk in columns",
)


def choose(way: str, patch: pytest.MonkeyPatch) -> None:
    """One way in which a program may run, whatever the graph and the rows."""
    patch.setattr(
        choice.Choice,
        "machine",
        lambda self, rows, steps: self.__dict__.update(decided=way in (MACHINE, LOOPS)) or way in (MACHINE, LOOPS),
    )
    patch.setattr(choice, "SHORT", 0 if way == LOOPS else 10**9)
    kinds = {RECORDS: records.Records, WALK: walker.Walker, COLUMNS: walker.Walker}
    patch.setattr(runner, "_chosen", lambda forms, backend: kinds.get(way, runner.Runner))
    patch.setattr(walker, "_FEW", 0 if way == COLUMNS else 10**9)


def eager(f: Callable[..., Any], parameters: list[Value], rows: list[Array]) -> tuple[float, list[float]]:
    """The mean of f over rows on the engine, and its gradient."""
    for p in parameters:
        p.grad = 0.0
    total = operators.sum([f(*row) for row in zip(*[r.tolist() for r in rows], strict=True)]) / len(rows[0])
    total.backward()
    found = [p.grad for p in parameters]
    for p in parameters:
        p.grad = 0.0
    return total.data, found


def agree(f: Callable[..., Any], parameters: list[Value], *rows: Array, rel: float = 1e-12) -> None:
    """The program's value and gradient are the engine's."""
    value, gradient = eager(f, parameters, list(rows))
    alone = [eager(f, parameters, [row[[k]] for row in rows]) for k in range(len(rows[0]))]  # rows may cancel
    size = max(1.0, *(abs(value) for value, _ in alone))
    scale = max(1.0, *(abs(slope) for _, slopes in alone for slope in slopes))
    for way in WAYS:
        with pytest.MonkeyPatch.context() as patch:
            choose(way, patch)
            for p in parameters:
                p.grad = 0.0
            program = microgrAD.compile(f, parameters=parameters)
            given, found = program.value_and_grad(*rows)
        assert ('(export "gradient")' in program.source) == (way in (MACHINE, LOOPS, RECORDS))
        assert ("records of" in program.source) == (way == RECORDS)
        assert ("node by node" in program.source) == (way in (WALK, COLUMNS))
        assert given == pytest.approx(value, rel=rel, abs=rel * size)
        assert found.tolist() == pytest.approx(gradient, rel=rel, abs=rel * scale)
        assert [p.grad for p in parameters] == found.tolist()
        assert program.value(*rows) == pytest.approx(value, rel=rel, abs=rel * size)


def line() -> tuple[Any, list[Value]]:
    """The squared error of a line, compiled, and its parameters."""
    w, b = Value(2.0, label="w"), Value(1.0, label="b")
    return microgrAD.compile(lambda x, y: (w * x + b - y) ** 2, parameters=[w, b]), [w, b]
