"""The generated code: it is what the table says, it can be read, and functions and methods are all there."""

from __future__ import annotations

import inspect
import itertools
import math
import subprocess
import sys
import textwrap
import traceback
from pathlib import Path

import pytest

import microgrAD
from microgrAD import OPS, Value, floats, generate
from microgrAD.formula import read
from microgrAD.ops import Op

PACKAGE = Path(microgrAD.__file__).parent
# runs in a bare Python in which the package is no more than a folder, so that nothing of it is loaded unasked
ALONE = """
import sys, types
package = sys.modules["microgrAD"] = types.ModuleType("microgrAD")
package.__path__ = [sys.argv[1]]
from microgrAD.generate import FILES
assert all(FILES[name]() for name in FILES)
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize("name", generate.FILES)
def test_the_generated_files_are_what_the_table_says(name: str) -> None:
    assert (PACKAGE / name).read_text("utf-8") == generate.FILES[name](), "run python -m microgrAD.generate"


def test_generating_needs_nothing_that_is_generated() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE, str(PACKAGE)], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "microgrAD.generate.operators" in loaded
    assert not {"microgrAD.floats", "microgrAD.operators", "microgrAD.engine", "microgrAD.graph"} & loaded


@pytest.mark.parametrize("name", OPS)
def test_every_operation_is_a_function_whose_source_can_be_read(name: str) -> None:
    function = getattr(microgrAD, name)
    source = inspect.getsource(function)
    assert source.startswith(f"def {name}(")
    assert function.__source__ == source
    assert OPS[name].about.split(".")[0].split()[0] in function.__doc__


@pytest.mark.parametrize(
    "name",
    [name for op in OPS.values() for name in (op.method, op.reflected) if name],
    ids=lambda name: name.strip("_"),
)
def test_methods_show_their_source(name: str) -> None:
    method = getattr(Value, name)
    assert textwrap.dedent(inspect.getsource(method)) == method.__source__
    assert "node._data = out" in method.__source__
    assert method.__qualname__ == f"Value.{name}"


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.method and op.numpy], ids=lambda op: op.name)
def test_methods_have_numpys_name_too(op: microgrAD.ops.Op) -> None:
    assert getattr(Value, op.numpy) is getattr(Value, op.method)


def test_tracebacks_show_generated_lines() -> None:
    try:
        Value(1.0).leaky_relu("steep")
    except TypeError as error:
        shown = "".join(traceback.format_exception(error))
    assert "negative_slope = real(negative_slope" in shown


def test_star_import_hides_no_builtin() -> None:
    space: dict[str, object] = {}
    exec("from microgrAD import *", space)
    assert "tanh" in space
    assert not {"sum", "max", "min", "abs", "pow"} & space.keys()
    assert microgrAD.max(1.0, 2.0) == 2.0


@pytest.mark.parametrize(
    "text", ["__import__('os')", "x.real", "[x]", "lambda: x", "f(x)", "'x'", "exp(x=1)", "x if", "1j"]
)
def test_a_formula_holds_arithmetic_only(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        read(text)


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.domain], ids=lambda op: op.name)
def test_a_domain_is_said_where_the_operation_has_no_value(op: Op) -> None:
    known = {**vars(math), "abs": abs, "min": min, "max": max}
    for args in itertools.product((-2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 2.5), repeat=len(op.args)):
        try:
            floats.value(op.name)(*args)
            has_value = True
        except floats.FAULTS:
            has_value = False
        assert bool(eval(op.domain, dict(known), dict(zip(op.args, args, strict=True)))) == has_value, args
