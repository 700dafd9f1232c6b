"""Random programs of the table's operations, run on the engine, in a compiled program, forward, and in mpmath.

a step     an operation and its operands: places of earlier results, or plain numbers
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import mpmath as mp
import pytest
from oracles import DIGITS, ORACLES
from ways import COLUMNS, LOOPS, MACHINE, RECORDS, TABLES, WALK, choose

import microgrAD
from microgrAD import OPS, CompileError, DomainError, Value
from microgrAD.engine import apply
from microgrAD.graph import edges, topological

INPUTS = 3
STEP = 1e-60  # of differences in mpmath, which say no more of a derivative that is 0
PRECISION = 2.0**-53
# how far a value of the table may be off, in units of its last place; sums and powers of many terms are within it
ULPS = 16
FREE = [name for name, op in OPS.items() if not op.variadic and not op.constants]

ROWS = {MACHINE: 1, LOOPS: 5, TABLES: 2, RECORDS: 3, WALK: 1, COLUMNS: 2}

Step = tuple[str, tuple[int | float, ...]]


class Program(NamedTuple):
    """Steps after `INPUTS` inputs; the last result is the root."""

    steps: tuple[Step, ...]
    inputs: tuple[float, ...]

    def __call__(self, *inputs: Any) -> Any:
        """The root, of Values, floats or what a recording hands over."""
        return self.results(inputs)[-1]

    def results(self, inputs: Sequence[Any]) -> list[Any]:
        """The inputs and what each step gives."""
        results = list(inputs)
        for name, operands in self.steps:
            results.append(apply(name, [results[a] if isinstance(a, int) else a for a in operands]))
        return results

    def sides(self, results: Sequence[Any]) -> list[int]:
        """On which side of its kinks and jumps each step is, or at them, which rounding may decide."""
        found = []
        for name, operands in self.steps:
            numbers = [results[a] if isinstance(a, int) else a for a in operands]
            if name == "where":
                found.append(_side(numbers[0], 0))
            elif name in ("max", "min"):
                found.append(_side(numbers[0], numbers[1]))
            else:
                found += [_side(numbers[0], kink) for kink in ORACLES[name].kinks]
        return found

    def exact(self, inputs: Sequence[Any]) -> list[Any]:
        """The inputs and what each step gives in mpmath."""
        results = [mp.mpf(x) for x in inputs]
        for name, operands in self.steps:
            f = _EXACT.get(name, ORACLES[name].f)
            results.append(f(*[results[a] if isinstance(a, int) else mp.mpf(a) for a in operands]))
            if isinstance(results[-1], mp.mpc) or not mp.isfinite(results[-1]):
                raise ValueError(f"{name} left the real numbers")
        return results


def _side(x: Any, kink: Any) -> int:
    return int(x > kink) - int(x < kink)


def _angle(y: Any, x: Any) -> Any:
    if y == 0 and x < 0:
        raise ValueError("the sign of a zero decides here, which mpmath does not have")
    return mp.atan2(y, x)


def _power(x: Any, y: Any) -> Any:
    return mp.mpf(1) if y == 0 else x ** int(y) if y == int(y) else mp.power(x, y)


_EXACT: dict[str, Callable[..., Any]] = {
    "atan2": _angle,
    "pow": _power,
    "dot": lambda *t: mp.fsum([x * y for x, y in zip(t[: len(t) // 2], t[len(t) // 2 :], strict=True)]),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "leaky_relu": lambda x: x if x > 0 else mp.mpf(0.01) * x,
}


def random_program(rng: random.Random, size: int) -> Program:
    """A program of `size` steps: most of them use a recent result, many share one, some have plain numbers."""

    def operand(k: int) -> int | float:
        if rng.random() < 0.15:
            return round(rng.uniform(-3, 3), rng.choice((0, 1, 3)))
        recent = rng.random() < 0.6
        return rng.randrange(max(0, k - 4), k) if recent else rng.randrange(k)

    steps: list[Step] = []
    for k in range(INPUTS, INPUTS + size):
        name = rng.choice(FREE) if rng.random() < 0.8 else rng.choice(["add", "mul", "where", "sum", "dot", "tanh"])
        count = len(OPS[name].args)
        if OPS[name].variadic:
            count *= rng.randint(1, 4)
        operands = [operand(k) for _ in range(count)]
        if not any(isinstance(a, int) for a in operands):
            operands[rng.randrange(count)] = rng.randrange(k)
        steps.append((name, tuple(operands)))
    inputs = tuple(rng.choice((rng.uniform(-2, 2), rng.gauss(0, 10), float(rng.randint(-2, 2)))) for _ in range(INPUTS))
    return Program(tuple(steps), inputs)


class Outcome(NamedTuple):
    """A value and a gradient, or what was raised in their place."""

    value: float
    gradient: tuple[float, ...]
    error: str = ""


def on_engine(program: Program) -> Outcome:
    """By `backward`."""
    leaves = [Value(x) for x in program.inputs]
    try:
        root = program(*leaves)
        root.backward()
    except DomainError as error:
        return Outcome(0.0, (), str(error))
    return Outcome(root.data, tuple(leaf.grad for leaf in leaves))


def forward(program: Program) -> Outcome:
    """By forward mode, an input at a time."""
    slopes, value = [], 0.0
    for k in range(INPUTS):
        try:
            value, slope = microgrAD.jvp(program, program.inputs, [float(k == j) for j in range(INPUTS)])
        except DomainError as error:
            return Outcome(0.0, (), str(error))
        slopes.append(slope)
    return Outcome(value, tuple(slopes))


def compiled(program: Program, way: str) -> Outcome:
    """By a compiled program that runs in some way: the inputs are parameters, each times a row's 1."""
    leaves = [Value(x) for x in program.inputs]
    try:
        with pytest.MonkeyPatch.context() as patch:
            choose(way, patch)
            made = microgrAD.compile(lambda one: program(*[leaf * one for leaf in leaves]), parameters=leaves)
            value, gradient = made.value_and_grad([1.0] * ROWS[way])
    except DomainError as error:
        return Outcome(0.0, (), str(error).removeprefix("row 0: "))
    except CompileError as error:  # it is not what the engine computes
        return Outcome(0.0, (), str(error))
    return Outcome(float(value), tuple(gradient.tolist()))


def allowed(program: Program) -> tuple[float, list[float]]:
    """How far rounding may put the value and each derivative: every result's rounding, times what it does to the root.

    The condition of the value is Σ |∂root/∂v| |v| over all results v; that of a derivative is found in the same way
    from the program of derivatives, whose graph `create_graph` leaves.
    """
    leaves = [Value(x) for x in program.inputs]
    root = program(*leaves)
    root.backward(create_graph=True)
    slopes = [leaf.grad if isinstance(leaf.grad, Value) else Value(leaf.grad) for leaf in leaves]
    value = _condition(root)
    return value, [_condition(slope) for slope in slopes]


def _condition(root: Value) -> float:
    order, found = topological(root), {root: 1.0}
    for v in reversed(order):  # also to nodes from which no derivative goes on, as they are rounded, too
        for arg, slope in edges(v):
            if slope and math.isfinite(slope):
                found[arg] = found.get(arg, 0.0) + found.get(v, 0.0) * slope
    return ULPS * PRECISION * math.fsum(abs(found.get(v, 0.0)) * (abs(v.data) + 1e-300) for v in order)


def exact(program: Program) -> tuple[Any, list[Any]] | None:
    """Value and derivatives, to 50 digits and more; None at a kink or an edge, where differences say nothing."""
    try:
        return _differences(program)
    except (ArithmeticError, ValueError):
        return None


def _differences(program: Program) -> tuple[Any, list[Any]] | None:
    with mp.workdps(DIGITS):
        h, results = mp.mpf(STEP), program.exact(program.inputs)
        sides = program.sides(results)
        if sides != program.sides(program.results(program.inputs)):  # rounding decides, as for sin(1e20)
            return None
        value, slopes = results[-1], []
        for k in range(INPUTS):
            ends = []
            for step in (-2 * h, -h, h, 2 * h):
                moved = [mp.mpf(x) + (step if j == k else 0) for j, x in enumerate(program.inputs)]
                near = program.exact(moved)
                if program.sides(near) != sides:  # a kink, which two of them may hide, as in min(relu(x), x) at 0
                    return None
                ends.append(near[-1])
            left, right = (value - ends[1]) / h, (ends[2] - value) / h
            if abs(left - right) > mp.mpf(10) ** -8 * (1 + abs(left)):  # a jump
                return None
            slopes.append((8 * (ends[2] - ends[1]) - (ends[3] - ends[0])) / (12 * h))
        return value, slopes
