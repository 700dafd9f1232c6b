"""The graph was left; did anybody say so? Every way out of a graph, where somebody needs a derivative."""

from __future__ import annotations

import array
import copy
import decimal
import fractions
import io
import json
import math
import pickle
import statistics
import struct
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microgrAD
from microgrAD import GraphError, Value, grad, hessian, jacobian, jvp, no_grad, value_and_grad

Function = Callable[..., Any]


def stored(x: Any) -> Any:
    r = np.zeros(3)
    for i in range(3):
        r[i] = x * i
    return r.sum()


def filled(x: Any) -> Any:
    r = np.empty(2)
    r[:] = [x, x * x]
    return r[0] * r[1]


def in_a_thread(x: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: float(x * x)).result()


def chosen(x: Any) -> Any:
    if x:
        return x * x
    return x


WAYS: dict[str, Function] = {
    "float": lambda x: float(x) * x,
    "int": lambda x: int(x) * x,
    "complex": lambda x: complex(x).real,
    "round": lambda x: round(x, 1) * x,
    "trunc": lambda x: math.trunc(x) * x,
    "bool": chosen,
    "not": lambda x: x * (not x),
    "or": lambda x: x or 2.0,
    "format": lambda x: float(f"{x:.3f}") * x,
    "format()": lambda x: float(format(x, ".3f")),
    "array": lambda x: np.array([x, x], dtype=float).sum(),
    "asarray": lambda x: np.asarray(x * x, dtype=np.float32),
    "astype": lambda x: np.array([x], dtype=object).astype(float)[0],
    "full": lambda x: np.full(3, x, dtype=float).sum(),
    "fromiter": lambda x: np.fromiter([x, x], float).sum(),
    "float64": lambda x: np.float64(x),
    "stored": stored,
    "filled": filled,
    "fill": lambda x: np.zeros(2).fill(x),
    "interp": lambda x: np.interp(x, [0.0, 9.0], [0.0, 1.0]),
    "series": lambda x: pd.Series([x, x], dtype=float).sum(),
    "frame": lambda x: pd.DataFrame({"a": [x]}).astype(float)["a"].sum(),
    "array.array": lambda x: array.array("d", [x])[0],
    "statistics": lambda x: statistics.fmean([x, x]),
    "decimal": lambda x: float(decimal.Decimal(float(x))),
    "pickle": lambda x: pickle.loads(pickle.dumps(x * x)),
    "pickle of itself": lambda x: pickle.loads(pickle.dumps(x)),
    "deepcopy": lambda x: copy.deepcopy([x * x])[0],
    "copy": lambda x: copy.copy(x) * 2,
    "thread": in_a_thread,
} | {f"math.{f.__name__}": f for f in (
    math.sin, math.exp, math.log, math.sqrt, math.floor, math.ceil, math.fabs, math.tanh, math.radians, math.gamma,
    math.erf, math.log2, math.cbrt, math.expm1,
)} | {
    "math.pow": lambda x: math.pow(x, 2),
    "math.hypot": lambda x: math.hypot(x, 1.0),
    "math.atan2": lambda x: math.atan2(x, 1.0),
    "math.fsum": lambda x: math.fsum([x, x]),
    "math.prod": lambda x: math.fsum(math.dist([x], [0.0]) for _ in range(2)),
    "math.isclose": lambda x: x if math.isclose(x, 2.0) else 0 * x,
    "math.copysign": lambda x: math.copysign(1.0, x) * x,
}  # fmt: skip

TAKERS: dict[str, Callable[[Function], Function]] = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "hessian": hessian,
    "jacobian": jacobian,
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,)),
    "grad of grad": lambda f: grad(grad(f)),
    "within no_grad": lambda f: no_grad(grad(f)),
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_number_that_leaves_a_derivative_is_an_error(way: str, taker: str) -> None:
    with pytest.raises(GraphError, match=r"x\.data") as raised:
        TAKERS[taker](WAYS[way])(2.0)
    if not way.startswith("math.") or WAYS[way].__name__ == "<lambda>":
        assert f"{__file__}, line " in str(raised.value)


@pytest.mark.parametrize(
    ("f", "written"),
    [
        (lambda x: math.sin(x), "write microgrAD.sin"),
        (lambda x: math.sqrt(x * x), "write microgrAD.sqrt"),
        (lambda x: math.fabs(x), "write microgrAD.abs"),
        (stored, "a list, or in an array made with dtype=object"),
        (lambda x: np.array([x], dtype=float)[0], "dtype=object"),
        (chosen, "microgrAD.where"),
        (lambda x: float(f"{x:.3f}"), r"print it as x\.data"),
    ],
)
def test_the_error_names_the_line_and_what_to_write(f: Function, written: str) -> None:
    with pytest.raises(GraphError, match=written) as raised:
        grad(f)(2.0)
    lines = range(f.__code__.co_firstlineno, f.__code__.co_firstlineno + 6)
    assert any(f"{__file__}, line {line}, `" in str(raised.value) for line in lines)


def test_what_is_refused_by_python_stays_so() -> None:
    with pytest.raises(struct.error):  # which hides what was said
        grad(lambda x: struct.unpack("d", struct.pack("d", x))[0])(2.0)
    for f in (lambda x: [1, 2][x], lambda x: range(x), lambda x: fractions.Fraction(x), lambda x: json.dumps(x)):
        with pytest.raises(TypeError):
            grad(f)(2.0)  # type: ignore[arg-type]


def test_a_plain_graph_is_read_as_ever() -> None:
    v = Value(2.25) * 1
    assert (float(v), int(v), round(v, 1), math.trunc(v), bool(v), f"{v:.1f}") == (2.25, 2, 2.2, 2, True, "2.2")
    assert math.sqrt(v) == 1.5
    assert np.array([v], dtype=float).tolist() == [2.25]
    assert pickle.loads(pickle.dumps(v)).data == 2.25
    assert copy.copy(v).args == v.args


def test_what_does_not_depend_on_the_variable_is_read_within_a_derivative() -> None:
    w = Value(3.0)
    doubled = w * 2
    assert grad(lambda x: x * float(doubled) * round(w))(2.0) == 18.0
    assert grad(lambda x: x * math.sqrt(float(w) + 1))(5.0) == 2.0


def test_a_number_that_is_held_constant_says_so() -> None:
    assert grad(lambda x: x * x.data)(3.0) == 3.0
    assert grad(lambda x: x * float(x.detach()))(3.0) == 3.0

    def within(x: Any) -> Any:
        with no_grad():
            held = float(x * 2)
        return x * held

    assert grad(within)(3.0) == 6.0


def test_a_value_is_printed_and_compared_within_a_derivative(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(x: Any) -> Any:
        print(x, repr(x), [x])
        return x * x if x > 1 and x in (x, 3) else x

    assert grad(printed)(3.0) == 6.0
    assert "data=3.0" in capsys.readouterr().out


def test_a_name_may_be_moved_on_within_a_derivative() -> None:
    def moved(x: Any) -> Any:
        x += 1
        x *= x
        return x

    assert grad(moved)(3.0) == 8.0
    assert jvp(moved, (3.0,), (1.0,)) == (16.0, 8.0)
    assert hessian(moved)(3.0).tolist() == [[2.0]]


def test_after_an_error_reads_are_plain_again() -> None:
    kept: list[Any] = []
    with pytest.raises(GraphError):
        grad(lambda x: (kept.append(x), float(x))[1])(2.0)
    assert float(kept[0]) == 2.0
    assert microgrAD.leaving.watches == []


def test_another_thread_reads_its_own_numbers_meanwhile() -> None:
    entered, read = threading.Event(), threading.Event()
    found: list[float] = []
    w = Value(2.0)

    def reader() -> None:
        entered.wait()
        found.append(float(w * w))
        read.set()

    def f(x: Any) -> Any:
        entered.set()
        read.wait()
        return x * x

    thread = threading.Thread(target=reader)
    thread.start()
    assert grad(f)(3.0) == 6.0
    thread.join()
    assert found == [4.0]


def test_a_deep_graph_is_asked_without_recursion() -> None:
    def deep(x: Any) -> Any:
        chain, other = x, Value(1.0)
        for _ in range(10 * sys.getrecursionlimit()):
            chain, other = chain + 0.5, other + 0.5
        return chain * float(other)

    assert grad(deep)(1.0) == 1 + 5 * sys.getrecursionlimit()


@pytest.mark.parametrize("method", ["savetxt", "tofile"])
def test_a_file_of_floats_is_a_way_out(method: str) -> None:
    def f(x: Any) -> Any:
        row = np.array([x], dtype=object)
        np.savetxt(io.StringIO(), row.astype(float)) if method == "savetxt" else row.astype(float).tobytes()
        return x

    with pytest.raises(GraphError):
        grad(f)(1.0)
