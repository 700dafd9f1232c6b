"""Machine code: its functions beside mpmath, training inside it, its file in Node, and what happens without it."""

from __future__ import annotations

import json
import math
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st
from ways import agree, line

import microgrAD
from microgrAD import OPS, DomainError, Value
from microgrAD.compiler.program.tensors import Outer, Rows
from microgrAD.compiler.record.rules import keeps_faults
from microgrAD.compiler.run import choice, host
from microgrAD.compiler.run.host import Host
from microgrAD.compiler.run.machine import Machine
from microgrAD.compiler.run.rule import rule
from microgrAD.compiler.write.wasm import functions, memory
from microgrAD.compiler.write.wasm.encoding import I32, Function, module, signed, unsigned
from microgrAD.compiler.write.wasm.library import Library
from microgrAD.compiler.write.wasm.tables import tanh_table
from microgrAD.nn import MLP
from microgrAD.optim import SGD, Adam, AdamW, Optimizer, RMSprop

EXACT: dict[str, Callable[..., Any]] = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log, "log1p": mpmath.log1p, "sin": mpmath.sin,
    "cos": mpmath.cos, "tan": mpmath.tan, "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "erf": mpmath.erf, "erfc": mpmath.erfc,
    "pow": mpmath.power,
    "log2": lambda x: mpmath.log(x, 2), "log10": mpmath.log10,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "asinh": mpmath.asinh, "acosh": mpmath.acosh, "atanh": mpmath.atanh, "hypot": mpmath.hypot, "atan2": mpmath.atan2,
}  # fmt: skip
PAIRS = ("pow", "hypot", "atan2")  # functions of two arguments
TWO = (
    "pow",
    "tan",
    "erfc",
    "asinh",
    "acosh",
    "atanh",
    "atan2",
)  # functions that may be two units of the last place off
IN, OUT, ROOM = 16384, 16384 + 2 * 65536, 8192  # where the tests put operands and results


@cache
def loops() -> Host:
    """A module with a function over arrays for each of the functions."""
    library, written = Library(), []
    for name in EXACT:
        number, operands = library.number(name), 2 if name in PAIRS else 1
        code: list[Any] = [("loop",), ("local.get", 0)]
        for k in range(operands):
            code += [("local.get", 0), ("v128.load", IN + 65536 * k)]
        code += [("call", number), ("v128.store", OUT), ("local.get", 0), ("i32.const", 16), ("i32.add",)]
        code += [("local.tee", 0), ("local.get", 1), ("i32.lt_u",), ("br_if", 0), ("end",), ("local.get", 0)]
        written.append(Function(name, (I32, I32), (I32,), (), code))
    return Host(module([*library.made, *written], 8, library.data))


def computed(name: str, *operands: list[float]) -> list[float]:
    """A function by WebAssembly, of up to 8192 operands."""
    count = len(operands[0])
    for k, numbers in enumerate(operands):
        loops().numbers(IN + 65536 * k, ROOM)[:count] = numbers
    loops().function(name)(0, 8 * count)
    found: list[float] = loops().numbers(OUT, count).tolist()
    return found


def off(got: float, name: str, *operands: float) -> float:
    """How far a result is from mpmath's, in units of the last place."""
    with mpmath.workprec(1300 if max(map(abs, operands)) > 2 else 160):
        want = EXACT[name](*map(mpmath.mpf, operands))
        if not math.isfinite(got):
            return 0.0 if abs(want) > 1.797e308 and (got > 0) == (want > 0) else math.inf
        unit = math.ulp(float(want)) if abs(want) < 1.797e308 else 2.0**970
        return float(abs(mpmath.mpf(got) - want) / unit)


def domain(name: str) -> st.SearchStrategy[float]:
    """All that a function takes, more of it where it turns or bends."""
    low, high = {
        "log": (5e-324, None), "log1p": (-0.9999999999999999, None), "asin": (-1.0, 1.0), "acos": (-1.0, 1.0),
        "log2": (5e-324, None), "log10": (5e-324, None), "acosh": (1.0, None),
        "atanh": (-0.9999999999999999, 0.9999999999999999),
    }.get(name, (None, None))  # fmt: skip
    near = st.floats(max(-4.0, low or -4.0), min(4.0, high or 4.0))
    return st.one_of(near, st.floats(low, high, allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("name", [name for name in EXACT if name not in PAIRS])
@settings(max_examples=60)
@given(data=st.data())
def test_a_function_is_right_to_its_last_place(name: str, data: st.DataObject) -> None:
    xs = data.draw(st.lists(domain(name), min_size=2, max_size=20))
    for x, y in zip(xs, computed(name, xs), strict=True):
        assert off(y, name, x) <= (2 if name in TWO else 1), x


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(1e-300, 1e300), st.floats(-1100, 1100)), min_size=1, max_size=20))
def test_a_power_is_right_to_two_units(pairs: list[tuple[float, float]]) -> None:
    some = pairs + [(1 + (x % 1) / 50, y) for x, y in pairs] + [(-x, float(round(y))) for x, y in pairs]
    found = computed("pow", [x for x, _ in some], [y for _, y in some])
    for (x, y), got in zip(some, found, strict=True):
        assert off(got, "pow", x, y) <= 2, (x, y)


# where a function goes over from one formula to another, or nearly so
BENDS = (0.25, 0.2928, 0.4142, 0.4375, 0.5, 0.6, 0.625, 0.6875, 0.75, 0.875, 1.0, 1.1875, 1.5, 1.9, 2.0, 2.4375, 5.0)
BENDS += (2.0**20, 2.0**28, 1e-160, 3.273390607896142e150)


@pytest.mark.parametrize("name", EXACT)
def test_many_points_of_every_function(name: str) -> None:
    """No error is more than the one that the docstring says, which is rounded to a digit."""
    rng = np.random.default_rng(len(name))
    x = np.concatenate([rng.uniform(-3, 3, 500), rng.uniform(-700, 700, 300), np.exp(rng.uniform(-700, 700, 200))])
    x = np.concatenate([x, *[sign * np.nextafter(BENDS, toward) for sign in (-1, 1) for toward in (0.0, BENDS, 9e300)]])
    if name in ("asin", "acos"):
        x = np.concatenate([rng.uniform(-1, 1, 900), 1 - np.exp(rng.uniform(-36, 0, 50)), [0.0], x[np.abs(x) <= 1]])
    if name == "atanh":
        x = np.concatenate([np.tanh(x[np.abs(x) < 15]), x[np.abs(x) < 1]])
    if name == "acosh":
        x = np.concatenate([1 + np.abs(x), x[x >= 1]])
    if name in ("log", "log2", "log10", "pow"):
        x = np.abs(x)
    if name == "log1p":
        x = x[x > -1]
    operands = [x.tolist()]
    if name == "pow":
        operands = [np.clip(x, 0.01, 100).tolist(), rng.uniform(-150, 150, len(x)).tolist()]
    elif name in PAIRS:
        operands.append((rng.permutation(x) * rng.choice([-1, 1], len(x))).tolist())
    found = computed(name, *operands)
    worst = max(off(got, name, *each) for got, *each in zip(found, *operands, strict=True))
    assert worst <= float(getattr(functions, name).__doc__.partition(" ulp")[0]) + 0.05


def hard_angles() -> list[float]:
    """Numbers m · 2 ** e that are next to a multiple of π/2, found by the continued fraction of 2 ** e · 2/π."""
    found = []
    with mpmath.workprec(1300):
        for e in range(-52, 970, 13):
            rest, before, now = mpmath.mpf(2) ** e * 2 / mpmath.pi, 0, 1
            while now < 2**53:
                m, whole = now, int(mpmath.floor(rest))
                rest = 1 / (rest - whole)
                before, now = now, int(mpmath.floor(rest)) * now + before
            found.append(math.ldexp(m, e))
    return found


@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_the_hardest_angles(name: str) -> None:
    """Of most digits of the angle nothing is left. The first is the hardest of all floats: Muller 2006, section 9.3."""
    x = [6381956970095103 * 2.0**797, *hard_angles()]
    for each, got in zip(x, computed(name, x), strict=True):
        assert off(got, name, each) <= (2 if name in TWO else 1), each


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("exp", [0.0, -0.0, 1000.0, -1000.0, math.inf, -math.inf], [1.0, 1.0, math.inf, 0.0, math.inf, 0.0]),
        ("expm1", [0.0, -0.0, 1000.0, -math.inf], [0.0, -0.0, math.inf, -1.0]),
        ("log", [0.0, -0.0, 1.0, -1.0, math.inf], [-math.inf, -math.inf, 0.0, math.nan, math.inf]),
        ("log1p", [0.0, -0.0, -1.0, -2.0, math.inf], [0.0, -0.0, -math.inf, math.nan, math.inf]),
        ("sin", [0.0, -0.0, math.inf], [0.0, -0.0, math.nan]),
        ("cos", [0.0, math.inf], [1.0, math.nan]),
        ("tan", [0.0, -0.0, math.inf], [0.0, -0.0, math.nan]),
        ("asin", [0.0, -0.0, 1.5], [0.0, -0.0, math.nan]),
        ("acos", [1.0, 1.5], [0.0, math.nan]),
        ("atan", [0.0, -0.0, math.inf], [0.0, -0.0, math.pi / 2]),
        ("sinh", [0.0, -0.0, math.inf, -math.inf], [0.0, -0.0, math.inf, -math.inf]),
        ("cosh", [0.0, math.inf, -math.inf], [1.0, math.inf, math.inf]),
        ("log2", [0.0, 1.0, 1024.0, 2.0**-1074, -1.0, math.inf], [-math.inf, 0.0, 10.0, -1074.0, math.nan, math.inf]),
        ("log10", [0.0, 1.0, 1000.0, 1e22, -1.0, math.inf], [-math.inf, 0.0, 3.0, 22.0, math.nan, math.inf]),
        ("cbrt", [0.0, -0.0, 27.0, -8.0, math.inf, -math.inf], [0.0, -0.0, 3.0, -2.0, math.inf, -math.inf]),
        ("asinh", [0.0, -0.0, math.inf, -math.inf], [0.0, -0.0, math.inf, -math.inf]),
        ("acosh", [1.0, 0.5, math.inf], [0.0, math.nan, math.inf]),
        ("atanh", [0.0, -0.0, 1.0, -1.0, 2.0], [0.0, -0.0, math.inf, -math.inf, math.nan]),
        ("tanh", [0.0, -0.0, math.inf, -math.inf], [0.0, -0.0, 1.0, -1.0]),
        ("erf", [0.0, -0.0, math.inf, -math.inf], [0.0, -0.0, 1.0, -1.0]),
        ("erfc", [0.0, math.inf, -math.inf], [1.0, 0.0, 2.0]),
    ],
)
def test_special_values(name: str, x: list[float], y: list[float]) -> None:
    for got, want in zip(computed(name, x), y, strict=True):
        assert math.isnan(got) if math.isnan(want) else (got, math.copysign(1, got)) == (want, math.copysign(1, want))
    assert math.isnan(computed(name, [math.nan])[0])


def test_tanh_by_its_table() -> None:
    """Every entry of the table, and numbers around each, where the next entry begins, and where none is used."""
    with mpmath.workprec(160):
        for k, (high, low) in enumerate(tanh_table()):
            want = mpmath.tanh(mpmath.mpf(k) / 32)
            assert high == float(want)
            assert abs(mpmath.mpf(high) + mpmath.mpf(low) - want) <= mpmath.mpf(2) ** -104
    middle = np.arange(1281) / 64
    near = np.concatenate([np.nextafter(middle, 0), middle, np.nextafter(middle, 99), [20.5, 100.0, 1e300]])
    xs = np.concatenate([near, -near, np.random.default_rng(0).uniform(0, 4, 2000)]).tolist()
    found = [y for k in range(0, len(xs), ROOM) for y in computed("tanh", xs[k : k + ROOM])]
    assert max(off(y, "tanh", x) for x, y in zip(xs, found, strict=True)) <= 0.7
    assert found == [functions.tanh(x) for x in xs]  # the same formula as Python


def test_powers_of_special_values_are_python_s() -> None:
    """2⁵³ - 1 is the largest odd number: all floats above are even."""
    numbers = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, math.inf, -math.inf, math.nan]
    exponents = [*numbers, -0.5, 2.0**52 + 1, 2.0**53 - 1, 1 - 2.0**53, 2.0**53, -(2.0**53), 1e300]
    pairs = [(x, y) for x in [*numbers, -0.9999999999999999, 5e-324, -1.7e308] for y in exponents]
    for (x, y), got in zip(pairs, computed("pow", *map(list, zip(*pairs, strict=True))), strict=True):
        sign = -1.0 if math.copysign(1, x) < 0 and y % 2 == 1 else 1.0
        try:
            want: Any = math.pow(x, y)
        except OverflowError:
            want = sign * math.inf
        except ValueError:  # a pole, or no real number
            want = sign * math.inf if x == 0 else math.nan
        assert math.isnan(got) if math.isnan(want) else got == pytest.approx(want, rel=4e-16, abs=0), (x, y)
        assert math.isnan(want) or math.copysign(1, got) == math.copysign(1, want), (x, y)


@pytest.mark.parametrize("name", ["atan2", "hypot"])
def test_pairs_of_special_values_are_python_s(name: str) -> None:
    numbers = [0.0, -0.0, 1.0, -1.0, 5e-324, 1e-200, -1e300, 1.7e308, math.inf, -math.inf, math.nan]
    pairs = [(x, y) for x in numbers for y in numbers]
    for (x, y), got in zip(pairs, computed(name, *map(list, zip(*pairs, strict=True))), strict=True):
        want = getattr(math, name)(x, y)
        assert math.isnan(got) if math.isnan(want) else got == pytest.approx(want, rel=4e-16, abs=0), (x, y)
        assert math.isnan(want) or math.copysign(1, got) == math.copysign(1, want), (x, y)


@pytest.mark.parametrize("name", EXACT)
def test_the_formulas_run_as_python_too(name: str) -> None:
    rng = np.random.default_rng(0)
    x = (rng.uniform(0.01, 0.99, 50) + (name == "acosh")).tolist()
    args = [x, x[::-1]][: 2 if name in PAIRS else 1]
    assert computed(name, *args) == [getattr(functions, name)(*each) for each in zip(*args, strict=True)]


@given(st.integers(0, 2**40))
def test_whole_numbers_as_bytes(n: int) -> None:
    assert sum((byte & 127) << 7 * k for k, byte in enumerate(unsigned(n))) == n
    found = sum((byte & 127) << 7 * k for k, byte in enumerate(signed(-n)))
    assert found - (1 << 7 * len(signed(-n))) * bool(signed(-n)[-1] & 64) == -n


# ---------------------------------------------------------------------------------------------- training


class Signs(Optimizer):
    """A rule of one's own: θ = θ - lr · tanh(g)."""

    def update(self, theta: Any, g: Any) -> Any:
        return theta - self.lr * np.tanh(g)


class Weighted(Optimizer):
    """A rule that is a sum with weights of the step, and a number of the step behind it."""

    def update(self, theta: Any, g: Any) -> Any:
        more = 0.01 / self.steps
        return (1.0 - more) * theta - self.lr * g + more * np.tanh(g) + more


class Normed(Optimizer):
    """A rule in which every parameter looks at all."""

    def update(self, theta: Any, g: Any) -> Any:
        return theta - self.lr * g / (np.sum(g * g) + 1.0)


RULES: dict[str, Callable[[Any], Optimizer]] = {
    "plain": lambda p: SGD(p, lr=0.1),
    "momentum": lambda p: SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda p: Adam(p, lr=0.01),
    "adamw": lambda p: AdamW(p, lr=0.01, weight_decay=0.1),
    "rmsprop": lambda p: RMSprop(p, lr=0.001, momentum=0.5, centered=True),
    "one's own": lambda p: Signs(p, lr=0.1),
    "a sum": lambda p: Weighted(p, lr=0.1),
    "of all": lambda p: Normed(p, lr=0.1),
}
X = np.random.default_rng(3).normal(size=(7, 2))
Y = np.tanh(X[:, 0] * X[:, 1])


def trained(backend: str, make: Callable[[Any], Optimizer], steps: int, calls: int) -> tuple[Any, ...]:
    model = MLP(2, [3, 1], rng=0)  # an odd number of parameters
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), backend=backend)
    optimizer = make(model.parameters())
    values = []
    for _ in range(calls):
        values.append(program.train(X, Y, optimizer, steps))
        optimizer.lr *= 0.9
    state = {name: array.tolist() for name, array in optimizer.state.items()}
    return values, [p.data for p in model.parameters()], optimizer.steps, state


@pytest.mark.parametrize("name", RULES)
def test_training_inside_is_training_outside(name: str) -> None:
    for steps, calls in ((1, 2), (40, 3)):
        ours, theirs = trained("wasm", RULES[name], steps, calls), trained("numpy", RULES[name], steps, calls)
        assert ours[0] == pytest.approx(theirs[0], rel=1e-12)
        assert ours[1] == pytest.approx(theirs[1], rel=1e-12, abs=1e-14)
        assert ours[2] == theirs[2] == steps * calls
        assert ours[3].keys() == theirs[3].keys()
        for key in ours[3]:
            assert ours[3][key] == pytest.approx(theirs[3][key], rel=1e-10, abs=1e-14)


def test_a_rule_is_recorded_where_each_parameter_goes_by_itself() -> None:
    w = [Value(1.0), Value(2.0)]
    assert rule(RULES["one's own"](w)) is not None
    assert rule(RULES["of all"](w)) is None
    weighted = rule(RULES["a sum"](w))
    assert weighted is not None and weighted.tensors.ones
    assert rule(RULES["adam"](w)) is None  # it remembers nothing yet


def test_no_step_is_lost_by_a_fault() -> None:
    def found(backend: str) -> tuple[float, int]:
        w = Value(1.0)
        program = microgrAD.compile(lambda x: -(w * x) * w * w, parameters=[w], backend=backend)
        optimizer = SGD([w], lr=0.5)
        with pytest.raises(DomainError, match="is more than a float holds"):
            program.train([1.0], optimizer=optimizer, steps=100)
        return w.data, optimizer.steps

    data, steps = found("wasm")
    assert steps == found("numpy")[1] > 3
    assert data == pytest.approx(found("numpy")[0], rel=1e-12)


def test_an_interrupt_is_heard_and_leaves_whole_steps() -> None:
    import _thread

    # what a shell starts in the background is deaf to SIGINT
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    model = MLP(2, [4, 1], rng=0)
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), backend="wasm")
    optimizer = SGD(model.parameters(), lr=0.01, momentum=0.9)
    program.train(X, Y, optimizer, 3)
    timer = threading.Timer(0.5, _thread.interrupt_main)
    start = time.perf_counter()
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            program.train(X, Y, optimizer, 10**9)
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.perf_counter() - start < 10  # a second, where nothing else runs
    twin = MLP(2, [4, 1], rng=0)
    other = SGD(twin.parameters(), lr=0.01, momentum=0.9)
    again = microgrAD.compile(lambda x, y: (twin(x) - y) ** 2, parameters=twin.parameters(), backend="wasm")
    again.train(X, Y, other, optimizer.steps)
    assert [p.data for p in twin.parameters()] == [p.data for p in model.parameters()]


def test_threads_take_turns() -> None:
    program, (w, b) = line()
    program = microgrAD.compile(lambda x, y: (w * x + b - y) ** 2, parameters=[w, b], backend="wasm")
    found: dict[int, Any] = {}

    def work(k: int) -> None:
        rows = np.arange(5.0) + k
        found[k] = [program.value(rows, rows) for _ in range(50)]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, values in found.items():
        rows = np.arange(5.0) + k
        assert values == [pytest.approx(((2 * rows + 1 - rows) ** 2).mean())] * 50


# ---------------------------------------------------------------------------------------------- loops


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 8, 17])
@pytest.mark.parametrize("sizes", [[1, 1], [3, 7, 2, 1], [4, 5, 5, 1], [2, 12, 1]])
def test_loops_give_the_numbers_of_the_engine(sizes: list[int], rows: int) -> None:
    model = MLP(sizes[0], sizes[1:], rng=rows)
    rng = np.random.default_rng(rows)
    agree(
        lambda x, y: (model(x) - y) ** 2 + 0.1 * microgrAD.sum([p * p for p in model.parameters()]),
        model.parameters(),
        rng.normal(size=(rows, sizes[0])),
        rng.normal(size=rows),
    )


def _filter(w: list[Value], x: Any) -> Value:
    """Weights that are used again and again, along a row: a convolution."""
    return microgrAD.sum([microgrAD.tanh(microgrAD.sum([w[k] * x[i + k] for k in range(3)])) for i in range(6)])


def _table(w: list[Value], x: Any) -> Value:
    """The products of all numbers with all: their gradient is that of a line with itself."""
    return microgrAD.sum([w[i * 5 + j] * x[i] * x[j] for i in range(5) for j in range(5)])


def _backward(w: list[Value], x: Any) -> Value:
    """Numbers that stand in the other order, and constants among them."""
    first = [microgrAD.tanh(w[k] * x[7 - k] + (0.5 if k == 3 else w[k + 1])) for k in range(8)]
    return microgrAD.sum([a * b for a, b in zip(first, first[::-1], strict=True)]) * microgrAD.sum(
        [2.0 * v for v in first]
    )


def _dots(w: list[Value], x: Any) -> Value:
    """Attention: the numbers of a row among themselves."""
    keys = [[w[3 * i + k] * x[i] for k in range(3)] for i in range(6)]
    scores = [microgrAD.exp(microgrAD.sum([a * b for a, b in zip(keys[0], key, strict=True)])) for key in keys]
    return microgrAD.sum([s * key[1] for s, key in zip(scores, keys, strict=True)]) / microgrAD.sum(scores)


@pytest.mark.parametrize("f", [_filter, _table, _backward, _dots])
def test_loops_over_numbers_that_are_apart_in_other_ways(
    f: Callable[..., Value], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "_SCATTERED", 0)  # loops, however little there is to repeat
    rng = np.random.default_rng(5)
    w = [Value(v) for v in rng.normal(size=25)]
    agree(lambda x: f(w, x), w, rng.normal(size=(11, 8)))


def test_what_does_not_repeat_is_straight_code() -> None:
    w = [Value(v) for v in np.random.default_rng(5).normal(size=25)]
    for f in (_table, _dots):
        (run,) = microgrAD.compile(lambda x, f=f: f(w, x), parameters=w, shapes=[(8,)]).runners
        assert not run.choice.looped
    even = microgrAD.compile(
        lambda x: microgrAD.sum([microgrAD.tanh(v * t) for v, t in zip(w, x, strict=True)]),
        parameters=w,
        shapes=[(25,)],
    )
    assert [run.choice.looped for run in even.runners] == [True]
    model = MLP(2, [8, 8, 1], rng=0)
    (run,) = microgrAD.compile(lambda x: model(x) ** 2, parameters=model.parameters(), shapes=[(2,)]).runners
    assert run.choice.looped


def test_a_network_twice_as_wide_is_no_more_code() -> None:
    sizes = []
    for width in (16, 32):
        model = MLP(2, [width, width, 1], rng=0)
        program = microgrAD.compile(
            lambda x, model=model: model(x) ** 2, parameters=model.parameters(), shapes=[(2,)], backend="wasm"
        )
        (run,) = program.runners
        sizes.append([len(function.code) for function in run.machine.written.functions])
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_parameters_and_their_gradient_begin_where_pairs_do_and_waste_no_place(count: int) -> None:
    w = [Value(0.5) for _ in range(count)]
    program = microgrAD.compile(lambda x: microgrAD.dot(w, x), parameters=w, shapes=[(count,)], backend="wasm")
    (run,) = program.runners
    places, pairs = memory.table(run.tensors, run.backward), -(-count // 2)
    assert [places.at(k) for k in range(count)] == [memory.TABLES + 8 * k for k in range(count)]
    behind = [places.at(run.backward.first + k) for k in range(count)]
    assert behind == [behind[0] + 8 * k for k in range(count)] and behind[0] % 16 == 0
    assert behind[0] == memory.TABLES + 16 * pairs + 8 * (run.backward.first - count)
    assert (
        places.end == behind[0] + 16 * pairs + (8 * (run.backward.places - run.backward.first - count) + 15) // 16 * 16
    )


def test_what_need_not_be_looked_at_for_faults() -> None:
    assert {name for name in OPS if keeps_faults(name)} == {"add", "sub", "mul", "neg", "sum", "dot"}


def test_rows_for_which_there_was_no_room_are_not_taken_for_those_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    w = [Value(0.5), Value(-0.25)]
    program = microgrAD.compile(
        lambda x: microgrAD.tanh(microgrAD.dot(w, x)), parameters=w, shapes=[(2,)], backend="wasm"
    )
    few, many = (np.random.default_rng(0).normal(size=(count, 2)) for count in (3, 40_000))
    assert program.predict(few) == pytest.approx(np.tanh(few @ [0.5, -0.25]), rel=1e-14)
    with monkeypatch.context() as patch:
        patch.setattr(host, "LARGEST", host.PAGE)
        for _ in range(2):
            with pytest.raises(MemoryError, match="more than a program's memory holds"):
                program.predict(many)
    for rows in (many, few, many):
        assert program.predict(rows) == pytest.approx(np.tanh(rows @ [0.5, -0.25]), rel=1e-12)
        assert program.value_and_grad(rows)[1] == pytest.approx(
            ((1 - np.tanh(rows @ [0.5, -0.25]) ** 2) @ rows) / len(rows), rel=1e-10
        )


def test_a_line_on_both_sides_of_a_product() -> None:
    """No function makes such a program yet, and loops and straight code have to agree on it."""
    model = MLP(5, [5, 1], rng=0)
    program = microgrAD.compile(lambda x: model(x) ** 2, parameters=model.parameters(), shapes=[(5,)], backend="wasm")
    (run,) = program.runners
    *before, last = run.backward.steps
    assert isinstance(last, Outer)
    crossed = np.where(np.arange(6)[:, None] == 2, last.x.index[3], last.y.index)
    backward = replace(run.backward, steps=(*before, replace(last, y=Rows(True, crossed))))
    columns, theta = np.random.default_rng(0).normal(size=(5, 11)), np.array([p.data for p in model.parameters()])
    loops, straight = (
        Machine(run.tensors, backward, looped=looped).gradients(theta, [], columns, np.full(11, 1 / 11))
        for looped in (True, False)
    )
    assert loops is not None and straight is not None
    assert loops[1] == pytest.approx(straight[1], abs=1e-14)
    assert loops[1] != pytest.approx(run.gradients(theta, columns, np.full(11, 1 / 11))[1], abs=0.1)


def test_training_in_loops_is_the_loop_that_one_would_write() -> None:
    found = []
    for by_hand in (False, True):
        model = MLP(2, [8, 8, 1], rng=0)
        optimizer = Adam(model.parameters(), lr=0.05)
        program = microgrAD.compile(
            lambda x, y, m=model: (m(x) - y) ** 2, parameters=model.parameters(), backend="wasm"
        )
        for _ in range(30 if by_hand else 0):
            optimizer.zero_grad()
            program.value_and_grad(X, Y)
            optimizer.step()
        if not by_hand:
            program.train(X, Y, optimizer, 30)
        assert "(loop" in program.source or "loop\n" in program.source
        found.append([p.data for p in model.parameters()])
    assert found[0] == pytest.approx(found[1], rel=1e-13)


def test_a_fault_in_a_loop_names_its_row() -> None:
    w = [Value(0.1, label=f"w{k}") for k in range(80)]
    program = microgrAD.compile(
        lambda x: microgrAD.sum([microgrAD.exp(a * x) for a in w]), parameters=w, backend="wasm"
    )
    assert program.predict([1.0, 2.0])[1] == pytest.approx(80 * math.exp(0.2))
    for k in (0, 40, 79):
        w[k].data = 900.0
        with pytest.raises(DomainError, match="row 2"):
            program.value_and_grad([0.1, 0.2, 1.0, 0.3])
        w[k].data = 0.1


# ---------------------------------------------------------------------------------------------- the choice, the file


def test_machine_code_is_chosen_once_it_pays() -> None:
    model = MLP(2, [4, 1], rng=0)
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters())
    program.value_and_grad(X, Y)
    assert "def bind(" in program.source
    program.train(X, Y, SGD(model.parameters(), lr=0.1), 50_000)
    assert '(export "train")' not in program.source
    assert '(export "gradient")' in program.source


def _sections(binary: bytes) -> dict[int, bytes]:
    """What a module holds, by the kind of its sections."""
    at, found = 8, dict[int, bytes]()
    while at < len(binary):
        kind, size, shift, more = binary[at], 0, 0, True
        while more:
            at += 1
            size, shift, more = size | (binary[at] & 127) << shift, shift + 7, binary[at] > 127
        found[kind] = binary[at + 1 : at + 1 + size]
        at += 1 + size
    return found


@pytest.mark.parametrize("sizes", [[3, 1], [8, 9, 1]])  # straight code, and loops
@pytest.mark.parametrize("activation", ["tanh", "gelu", "softplus", "relu"])
def test_the_text_that_is_shown_is_the_code_that_runs(sizes: list[int], activation: str) -> None:
    """Another assembler makes the same bytes of it."""
    model = MLP(2, sizes, activation=activation, rng=0)
    program = microgrAD.compile(
        lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), backend="wasm", shapes=[(2,), ()]
    )
    text = program.source[program.source.index("(module") :].replace("(module", "(module (memory 16)", 1)
    (run,) = program.runners
    mine, theirs = _sections(run.machine.written.binary), _sections(bytes(wasmtime.wat2wasm(text)))
    assert [mine[k] == theirs[k] for k in (1, 3, 10)] == [True] * 3  # types, functions, code


def test_a_backend_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"backend must be one of \['numpy', 'wasm'\]"):
        microgrAD.compile(Value(1.0) * 2, backend="fortran")
    monkeypatch.setattr(choice, "available", lambda: False)
    with pytest.raises(ValueError, match="pip install wasmtime"):
        microgrAD.compile(Value(1.0) * 2, backend="wasm")
    model = MLP(2, [4, 1], rng=0)
    program = microgrAD.compile(lambda x, y: (model(x) - y) ** 2, parameters=model.parameters())
    program.train(X, Y, SGD(model.parameters(), lr=0.1), 20_000)
    assert "def bind(" in program.source


def test_functions_are_called_by_the_quick_way_and_by_the_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    model = MLP(2, [4, 1], rng=0)

    def found() -> Any:
        program = microgrAD.compile(lambda x: model(x), parameters=model.parameters(), backend="wasm")
        return program.predict(X).tolist()

    quick = found()
    assert host._unchecked(loops()._store, loops()._exports["exp"]) is not None
    monkeypatch.setattr(host, "_unchecked", lambda store, function: None)
    assert found() == quick


NODE = """
const fs = require("fs"), [file, given] = process.argv.slice(1), input = JSON.parse(given);
const compiled = new WebAssembly.Module(fs.readFileSync(file));
const note = JSON.parse(new TextDecoder().decode(WebAssembly.Module.customSections(compiled, "microgrAD")[0]));
const {memory, values, gradient} = new WebAssembly.Instance(compiled).exports;
const rows = input.rows, blocks = Math.ceil(rows.length / note.block), size = (note.inputs + 1) * note.block;
const out = note.rows + 8 * blocks * size;
memory.grow(1);
const table = new Float64Array(memory.buffer, note.rows);
for (let b = 0; b < blocks; b++) for (let r = 0; r < note.block; r++) {
    const row = rows[Math.min(note.block * b + r, rows.length - 1)];
    row.forEach((x, k) => { table[b * size + k * note.block + r] = x; });
    table[b * size + note.inputs * note.block + r] = note.block * b + r < rows.length ? 1 / rows.length : 0;
}
const fault = gradient(note.rows, blocks, out);
const found = Array.from(new Float64Array(memory.buffer, out, rows.length));
const g = Array.from(new Float64Array(memory.buffer, note.gradient, note.order.length));
console.log(JSON.stringify({fault, found, order: note.order, g}));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed")
@pytest.mark.parametrize("sizes", [[3, 1], [8, 9, 1], [64, 64, 1]])  # straight code, loops, and more than a page
def test_a_saved_program_gives_the_same_bits_in_node(sizes: list[int], tmp_path: Path) -> None:
    model = MLP(2, sizes, rng=0)
    program = microgrAD.compile(
        lambda x, y: (model(x) - y) ** 2, parameters=model.parameters(), backend="wasm", shapes=[(2,), ()]
    )
    file = program.save(tmp_path / "model.wasm")
    values, gradient = program.predict(X, Y), program.value_and_grad(X, Y)[1]
    given = json.dumps({"rows": np.column_stack([X, Y]).tolist()})
    said = subprocess.run(["node", "-e", NODE, str(file), given], capture_output=True, text=True, check=True).stdout
    found = json.loads(said)
    assert found["fault"] == 0
    assert found["found"] == values.tolist()
    assert found["g"] == gradient[found["order"]].tolist()


def test_what_is_not_saved(tmp_path: Path) -> None:
    program, _ = line()
    with pytest.raises(ValueError, match="recorded at its first call"):
        program.save(tmp_path / "x.wasm")
    program.value([1.0], [2.0])
    with pytest.raises(ValueError, match=r"must end in \.wasm"):
        program.save(tmp_path / "x.bin")
    assert program.save(str(tmp_path / "x.wasm")).read_bytes()[:4] == b"\0asm"


TRAPS = """(module (memory (export "memory") 1)
    (func (export "bad") (param i32) (result i32) unreachable)
    (func (export "good") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))"""


@pytest.mark.parametrize("checked", [False, True])
def test_code_that_stops_is_an_error_and_no_result(checked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if checked:
        monkeypatch.setattr(host, "_unchecked", lambda *_: None)
    module = host.Host(bytes(wasmtime.wat2wasm(TRAPS)))
    good, bad = module.function("good"), module.function("bad")
    for _ in range(2):  # and it can be called again
        assert good(41) == 42
        with pytest.raises((RuntimeError, wasmtime.Trap)):
            bad(1)
