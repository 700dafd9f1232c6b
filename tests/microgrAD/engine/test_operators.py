"""The generated code: it can be read, its stubs are in step, and functions and methods are all there."""

from __future__ import annotations

import inspect
import traceback
from pathlib import Path

import pytest

import microgrAD
from microgrAD import OPS, Value, generate, operators
from microgrAD.formula import read

STUB = Path(operators.__file__).with_suffix(".pyi")


def test_the_stubs_are_written_from_the_table() -> None:
    assert STUB.read_text(encoding="utf-8") == generate.stubs(), "run python -m microgrAD.generate"


@pytest.mark.parametrize("name", OPS)
def test_every_operation_is_a_function_whose_source_can_be_read(name: str) -> None:
    function = getattr(microgrAD, name)
    source = inspect.getsource(function)
    assert source.startswith(f"def {name}(")
    assert OPS[name].about.split(".")[0].split()[0] in function.__doc__


@pytest.mark.parametrize("op", [op for op in OPS.values() if generate.method_name(op)], ids=lambda op: op.name)
def test_methods_show_their_source(op: microgrAD.ops.Op) -> None:
    method = getattr(Value, generate.method_name(op))
    assert inspect.getsource(method) in method.__source__
    assert "node._data = out" in method.__source__
    assert method.__qualname__ == f"Value.{generate.method_name(op)}"


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
