"""Scripts for other libraries: run where these are at hand, or as PyTorch and JAX printed them when recorded."""

from __future__ import annotations

import contextlib
import io
import json
import math
import random
from typing import Any

import numpy as np
import pytest
from paths import TESTS
from twins import numbers, of_operation, of_programs, printed

from microgrAD import OPS, Value, export, parse

RECORDED = json.loads((TESTS / "recorded" / "twins.json").read_text("utf-8"))


def run(script: str) -> dict[str, float]:
    """What a script prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(all="ignore"):
        exec(compile(script, "script", "exec"), {})
    return printed(out.getvalue())


def same(found: list[float], root: Value) -> bool:
    """Whether numbers are those of a graph; formulas as in textbooks lose some digits."""
    ours = numbers(root)
    scale = max(1.0, *map(abs, ours))
    return len(found) == len(ours) and all(abs(a - b) <= 1e-9 * scale for a, b in zip(found, ours, strict=True))


@pytest.mark.parametrize("name", OPS)
@pytest.mark.parametrize("target", ["numpy", "sympy"])
def test_every_operation(target: str, name: str) -> None:
    root = of_operation(name)
    found = run(export(root, target))
    assert same([*found.values()], root), found


def test_random_graphs_in_numpy() -> None:
    odd = 0
    for root in of_programs(200, 1):
        found = [*run(export(root, "numpy")).values()]
        odd += not all(map(math.isfinite, found))  # such as exp(800) of a textbook's sigmoid
        assert odd or same(found, root), export(root, "numpy")
    assert odd < 6


def test_random_graphs_in_sympy() -> None:
    for root in of_programs(25, 2, size=4):
        assert same([*run(export(root, "sympy")).values()], root), export(root, "sympy")


@pytest.mark.parametrize("target", ["torch", "jax"])
def test_what_was_recorded_elsewhere(target: str) -> None:
    import sys

    sys.path.insert(0, str(TESTS / "recorded"))
    from record_twins import checksum, graphs

    different = []
    for name, root in graphs().items():
        script, (sum_, found) = export(root, target), RECORDED[target][name]
        assert checksum(script) == sum_, "export writes another script: run tests/recorded/record_twins.py"
        if not same([float(x) for x in found], root):
            different.append((name, "nan" in found))
    assert len(RECORDED[target]) > 90
    assert different == [("35", True)]  # x ** x at -2, whose derivative by the exponent is 0 here


def test_micrograd_has_only_arithmetic_and_relu() -> None:
    rng = random.Random(3)
    for _ in range(20):
        x, y = Value(rng.uniform(-2, 2), label="x"), Value(rng.uniform(0.5, 2), label="y")
        root = ((x * y + 3.0).relu() - x / y + x**3) * -y
        assert same([*run(export(root, "micrograd")).values()], root)
    for bad in (Value(1.0).tanh(), Value(1.0).exp() * 2.0, Value(2.0) ** Value(3.0), Value(1.0).sigmoid()):
        with pytest.raises(ValueError, match=r"micrograd has no (tanh|exp|pow|sigmoid); export to another library"):
            export(bad, "micrograd")


def test_names_are_pythons_and_taken_once() -> None:
    names = ["lambda", "x", "x", "1st", "np", "g_x", "ŷ²", "print", "w[1] + b", "\n", "中"]
    root = Value(0.0)
    for k, name in enumerate(names):
        root = root + Value(float(k + 1), label=name) * (k + 1.0)
    script = export(root, "numpy")
    found = run(script)
    assert same([*found.values()], root) and len(found) == len(names) + 2


def test_a_graph_where_paths_meet_and_a_leaf_alone() -> None:
    root = parse("c = a + b; d = a * b; y = (c + d) + c * d", a=2.0, b=3.0)
    for target in ("numpy", "sympy", "micrograd"):
        assert run(export(root, target)) == {"y": 41.0, "dy/da": 25.0, "dy/db": 19.0}
    assert run(export(Value(2.5, label="x"), "numpy")) == {"x": 2.5, "dx/dx": 1.0}


@pytest.mark.parametrize(
    ("root", "target", "error", "said"),
    [
        (Value(1.0), "tensorflow", ValueError, "target must be one of"),
        (3.0, "torch", TypeError, "takes the Value of a graph, got float"),
    ],
)
def test_bad_arguments(root: Any, target: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        export(root, target)
