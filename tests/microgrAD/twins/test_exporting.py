"""Scripts for other libraries compute our numbers: every operation, random programs, odd labels, large graphs."""

from __future__ import annotations

import ast
import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import mpmath as mp
import pytest
from exported import ALWAYS, TARGETS, Numbers, ours, printed, ran
from graphs import graphs
from hypothesis import given, settings
from oracles import ORACLES, derivative
from paths import RECORDED as RECORDED_FILES
from programs import Program, allowed, exact, on_engine, random_program

import microgrAD
from microgrAD import OPS, DomainError, GraphError, Value, export, no_grad, parse, topological
from microgrAD.cli import main
from microgrAD.engine import apply
from microgrAD.twins.write.identifiers import identifiers

RECORDED = json.loads((RECORDED_FILES / "twins.json").read_text("utf-8"))
COUNT = {"numpy": 150, "micrograd": 150, "torch": 150, "jax": 40, "sympy": 60}
POINTS = {  # where a function is neither at a kink nor at an edge
    "acosh": (1.7,),
    "atan2": (0.8, -0.6),
    "dot": (0.7, -1.2, 1.5, 0.4),
    "where": (0.3, 1.2, -0.7),
}
# PyTorch's and JAX's own derivatives lose the tails of tanh and sigmoid: 1 - tanh² has no digits of 1e-17
LOST = 1e-13
NEURON = "n = x1*w1 + x2*w2 + b; o = tanh(n)"
NUMBERS = {"x1": 2.0, "w1": -3.0, "x2": 0.0, "w2": 1.0, "b": 6.881373587019543}


def point(name: str) -> tuple[float, ...]:
    op = OPS[name]
    given = POINTS.get(name, (0.6, 1.3, -0.4)[: len(op.args) - len(op.constants)])
    return (*given, *op.constants.values())


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", OPS)
def test_every_operation_is_that_of_mpmath(name: str, target: str) -> None:
    at, constants = point(name), len(OPS[name].constants)
    count = len(at) - constants
    leaves = [Value(x, label=f"x{k}") for k, x in enumerate(at[:count])]
    found = ran(export(apply(name, [*leaves, *at[count:]]), target))
    oracle, inner = ORACLES[name], at[:count]
    assert found.value == pytest.approx(float(derivative(oracle, inner, (0,) * count)), rel=1e-13)
    for k in range(count):
        slope = float(derivative(oracle, inner, tuple(int(j == k) for j in range(count))))
        assert found.gradients.get(f"x{k}", 0.0) == pytest.approx(slope, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("target", TARGETS)
def test_kinks_and_ties_have_the_derivatives_of_the_table(target: str) -> None:
    x, y, z = Value(0.0, label="x"), Value(2.0, label="y"), Value(2.0, label="z")
    root = x.relu() + abs(x) + x.leaky_relu() + x.elu(1.7) + microgrAD.max(y, z) + microgrAD.min(y, z) * 3 + x.step()
    assert ran(export(root, target)) == ours(root)


@pytest.mark.parametrize("target", TARGETS)
def test_powers_by_a_node_follow_the_table_where_the_base_is_not_positive(target: str) -> None:
    x, y, zero = Value(-2.0, label="x"), Value(3.0, label="y"), Value(0.0, label="zero")
    root = x**y + zero**y + 2.0**y
    found, expected = ran(export(root, target)), ours(root)
    assert found.value == expected.value
    assert found.gradients == pytest.approx(expected.gradients, rel=1e-14)


def close(found: Numbers, program: Program) -> bool:
    """Whether the numbers of a script are the engine's, as far as rounding allows."""
    engine, (value, gradient) = on_engine(program), allowed(program)
    scale = max(1.0, *map(abs, engine.gradient))
    pairs = [(found.value, engine.value, value)]
    pairs += zip([found.gradients.get(name, 0.0) for name in "abc"], engine.gradient, gradient, strict=True)
    return all(abs(a - b) <= 1e-9 * abs(b) + LOST * scale + 4 * bound for a, b, bound in pairs)


@pytest.mark.parametrize("target", TARGETS)
def test_random_programs_have_the_numbers_of_the_engine(target: str) -> None:
    rng, compared = random.Random(11), 0
    for _ in range(COUNT[target]):
        program = random_program(rng, rng.choice((1, 2, 3, 4, 5, 8)))
        try:
            if on_engine(program).error or exact(program) is None:
                continue
            allowed(program)
        except DomainError:  # the second derivative has none here
            continue
        root = program(*[Value(x, label=name) for x, name in zip(program.inputs, "abc", strict=True)])
        assert close(ran(export(root, target)), program), f"{program}\n{export(root, target)}"
        compared += 1
    assert compared > COUNT[target] / 3


@pytest.mark.parametrize("target", ["torch", "jax"])
def test_what_pytorch_and_jax_printed_when_it_was_recorded(target: str) -> None:
    record, told, different = record_twins(), RECORDED[target], []
    for name, script, expected in record.cases(target):
        sum_, found = told.pop(name)
        assert record.checksum(script) == sum_, "export writes another script: run tests/recorded/record_twins.py"
        scale = max(1.0, *map(abs, expected))
        if [*map(float, found)] != pytest.approx(expected, rel=1e-9, abs=1e-12 * scale):
            different.append(name)
    assert (told, different) == ({}, [])


def record_twins() -> ModuleType:
    """The script that recorded them."""
    spec = importlib.util.spec_from_file_location("record_twins", RECORDED_FILES / "record_twins.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("target", ["numpy", "micrograd"])
@settings(max_examples=60, deadline=None)
@given(root=graphs())
def test_graphs_with_odd_labels(root: Value, target: str) -> None:
    expected, source = ours(root), export(root, target)
    found = ran(source)
    assert found.gradients.keys() == expected.gradients.keys()
    assert found.value == pytest.approx(expected.value, rel=1e-12, abs=1e-300)
    scale = max(1.0, *map(abs, expected.gradients.values()))
    assert found.gradients == pytest.approx(expected.gradients, rel=1e-9, abs=1e-12 * scale)


@pytest.mark.parametrize("target", TARGETS)
def test_a_script_runs_by_itself_and_does_not_need_us(target: str, tmp_path: Path) -> None:
    root = parse(NEURON, **NUMBERS)
    source = export(root, target)
    file = tmp_path / "twin.py"
    file.write_text(source, "utf-8")
    warnings = ("-W", "error", "-W", "ignore::DeprecationWarning")  # SymPy imports old names of mpmath
    done = subprocess.run([sys.executable, *warnings, "-P", str(file)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    found = printed(done.stdout)
    assert found.value == pytest.approx(0.7071067811865476, rel=1e-15)
    assert found.gradients == pytest.approx({"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5}, rel=1e-14)
    assert "import microgrAD" not in source
    assert "n = v3 + b\n" in source
    assert max(map(len, source.splitlines())) <= 120


@pytest.mark.parametrize("target", TARGETS)
def test_a_leaf_alone(target: str) -> None:
    assert ran(export(Value(3.0, label="w"), target)) == Numbers(3.0, {"w": 1.0})


@pytest.mark.parametrize("target", [target for target in TARGETS if target in ("numpy", "micrograd", "torch")])
def test_a_graph_may_be_wide_and_deep(target: str) -> None:
    x, y = Value(0.5, label="x"), Value(0.25, label="y")
    root = microgrAD.dot([x * k for k in range(1500)], [y] * 1500) / 1e6
    for _ in range(600):
        root = root * 0.999 + x
    found, expected = ran(export(root, target)), ours(root)
    assert found.value == pytest.approx(expected.value, rel=1e-12)
    assert found.gradients == pytest.approx(expected.gradients, rel=1e-12)


def test_sympy_refuses_what_repeats_too_much() -> None:
    root = Value(1.01, label="x")
    for _ in range(20):
        root = root * root.sin()
    with pytest.raises(GraphError, match=r'repeats what is shared, this graph has \d+ parts.*export a part.*"numpy"'):
        export(root, "sympy")


@pytest.mark.parametrize("target", ALWAYS)
def test_an_operation_that_a_contributor_adds_is_written_by_its_formula(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = OPS["silu"]._replace(
        name="softsign", value="x / (1 + abs(x))", partials=("1 / (1 + abs(x)) ** 2",), exact={}
    )
    x = Value(-0.75, label="x")
    root = x.silu()
    monkeypatch.setitem(OPS, "softsign", added)
    root._tag = root._tag._replace(op="softsign")
    found = ran(export(root, target))
    assert found.value == pytest.approx(-0.75 / 1.75, rel=1e-15)
    assert found.gradients["x"] == pytest.approx(float(1 / mp.mpf(1.75) ** 2), rel=1e-15)


def test_names_of_python() -> None:
    labels = ["w[1]", "w[2]", "w_1", "$w_{12}$", "class", "max", "1st", "λ", "a b", "a-b", "ﬁ", "fi", "→", "np"]
    found = identifiers(dict(enumerate(labels)))
    assert len(set(found.values())) == len(labels)
    for name in found.values():
        ast.parse(f"{name} = 1")
    assert [found[k] for k in (0, 3, 4, 5, 6, 7, 8)] == ["w_1", "w_12", "class_", "max_", "v1st", "λ", "a_b"]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ((Value(1.0), "tensorflow"), ValueError, r"target must be one of \['torch', .*\], got 'tensorflow'"),
        ((3.0, "torch"), TypeError, "export takes a Value or a compiled program, got float"),
        ((parse, "torch"), TypeError, "export takes a Value or a compiled program, got function"),
    ],
)
def test_what_can_not_be_exported(given: tuple[object, str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        export(*given)  # type: ignore[arg-type]


def test_rows_of_a_value_and_results_of_no_grad_are_refused() -> None:
    with pytest.raises(TypeError, match="leave them out"):
        export(Value(1.0), "numpy", rows=[1.0])
    with no_grad():
        lost = Value(2.0) * 3
    with pytest.raises(GraphError, match=r"export from .* within no_grad"):
        export(lost, "numpy")


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "(x + y) * z", "x=1", "y=2", "z=2", "--to", "numpy"]) == 0
    assert ran(capsys.readouterr().out) == Numbers(6.0, {"x": 2.0, "y": 2.0, "z": 3.0})
    file = tmp_path / "twin.py"
    assert main(["export", "-x**2", "x=3", "--to", "micrograd", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"wrote {file}\n"
    assert ran(file.read_text("utf-8")) == Numbers(-9.0, {"x": -6.0})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "tensorflow"], "--to must be one of ['torch', 'jax', 'numpy', 'sympy', 'micrograd'], got"),
        ([], "the following arguments are required: --to"),
        (["--to", "torch", "-o", "twin.txt"], "a script's name must end in .py, got 'twin.txt'"),
        (["--to", "torch", "-o", "no/where/twin.py"], "there is no folder"),
        (["--to", "torch", "--gradient", "2"], "leave out --gradient"),
    ],
)
def test_the_command_refuses_in_one_line(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "x * 2", "x=1", *options]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_leaves_have_their_present_numbers() -> None:
    x = Value(1.0, label="x")
    root = x * x
    x.data = 4.0
    assert ran(export(root, "numpy")) == Numbers(16.0, {"x": 8.0})
    assert [v.data for v in topological(root)] == [4.0, 1.0]
