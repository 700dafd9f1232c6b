"""Graphs for the scripts of other libraries, and their numbers."""

from __future__ import annotations

import random

from programs import INPUTS, Program, on_engine, random_program

from microgrAD import OPS, Value
from microgrAD.engine import apply

NUMBERS = (0.7, 1.3, 0.4)  # in the domain of every operation but acosh


def of_operation(name: str) -> Value:
    """Each operation on numbers in its domain, times a leaf, so that the derivative has an upstream."""
    op = OPS[name]
    count = (len(op.args) - len(op.constants)) * (2 if op.variadic else 1)
    leaves = [Value(NUMBERS[k % 3] + k // 3 + (name == "acosh"), label=f"x{k + 1}") for k in range(count)]
    found = apply(name, [*leaves, *op.constants.values()]) * Value(1.7, label="s")
    found.label = "f"
    return found


def of_programs(count: int, seed: int, size: int = 6) -> list[Value]:
    """The results of random programs that have a value and finite derivatives."""
    rng, found = random.Random(seed), list[Value]()
    while len(found) < count:
        program: Program = random_program(rng, rng.randint(1, size))
        if not on_engine(program).error:
            root = program(*[Value(x, label=f"x{k + 1}") for k, x in enumerate(program.inputs)])
            if isinstance(root, Value) and root.op:
                found.append(root)
    assert INPUTS == 3
    return found


def numbers(root: Value) -> list[float]:
    """The value, then the derivatives by the leaves in the order of the trace."""
    from microgrAD.backward import gradients
    from microgrAD.graph import topological

    leaves = [v for v in topological(root) if not v.op]
    found = gradients(root, 1.0)
    return [root.data, *[float(found.get(v, 0.0)) for v in leaves]]
