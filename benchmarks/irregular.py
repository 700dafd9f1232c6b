"""Irregular graphs of 10² to 10⁶ nodes, which contain no matrices: time to compile, time per step, memory.

    python benchmarks/irregular.py [--chain] [NODES ...]

The graphs have random additions, multiplications and tanh, over 16 inputs and 16 parameters, about 40 operations deep.
With --chain each operation has the one before as an operand. A step is one of training on 64 rows. The engine's time is
64 times that of building the graph of one row and running backward. One row is a value and a gradient. All times are
processor times on one thread, and compiling includes recording. The first compilation of a process also imports modules
and reads the table; that time is printed separately. At the first, the second, the fourth, ... call of a program one
row is compared with the engine; these calls are not timed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import random
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import microgrAD
from microgrAD import Value
from microgrAD.optim import SGD

ROWS = 64


def irregular(nodes: int, parameters: list[Value]) -> Callable[[Any], Any]:
    """Return a random function of a row of 16 numbers, with about this many operations."""
    rng = random.Random(nodes)
    width = max(4, nodes // 42)
    plan = [
        [(rng.choice("+*t"), rng.randrange(1 << 30), rng.randrange(1 << 30), rng.random() < 0.2) for _ in range(width)]
        for _ in range(40)
    ]

    def f(x: Any) -> Any:
        leaves = [*parameters, *x]
        before = leaves
        for level in plan:
            now = []
            for kind, i, j, far in level:
                a = before[i % len(before)]
                if kind == "t":
                    now.append(a.tanh())
                else:
                    b = leaves[j % 32] if far else before[j % len(before)]
                    now.append(a + b if kind == "+" else a * b)
            before = now
        total = before[0]
        for other in before[1:]:
            total = total + other
        return (total * (1.0 / width)).tanh()

    return f


def chain(nodes: int, parameters: list[Value]) -> Callable[[Any], Any]:
    """Return a function of a row of 16 numbers: a chain of this many operations."""

    def f(x: Any) -> Any:
        h = x[0]
        for k in range(nodes // 3):
            h = (parameters[k % 16] * h + x[k % 16]).tanh()
        return h

    return f


def measure(nodes: int, make: Callable[[int, list[Value]], Callable[[Any], Any]]) -> None:
    """Print a line for one size."""
    rng = np.random.default_rng(0)
    parameters = [Value(w) for w in rng.uniform(-1, 1, 16)]
    X = rng.uniform(-1, 1, (ROWS, 16))
    f = make(nodes, parameters)
    start = time.process_time()
    program = microgrAD.compile(f, parameters=parameters, shapes=[(16,)])
    compiled = time.process_time() - start
    repeats, optimizer = max(2, 200_000 // nodes), SGD(parameters, lr=1e-6)
    for _ in range(2):  # calls 1 and 2, in which a row is compared with the engine; call 3 is not
        program.train(X, optimizer=optimizer, steps=1)
    start = time.process_time()
    program.train(X, optimizer=optimizer, steps=repeats)
    step = (time.process_time() - start) / repeats
    program.value_and_grad(X[:1])
    start = time.process_time()
    for _ in range(3):
        program.value_and_grad(X[:1])
    row = (time.process_time() - start) / 3
    start = time.process_time()
    f([Value(x) for x in X[0]]).backward()
    eager = (time.process_time() - start) * ROWS
    operations = sum(map(bool, program.tapes[0].op))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{operations:9,} nodes: compiled in {compiled * 1e3:9.1f} ms, {compiled / operations * 1e6:5.2f} µs a node; "
        f"a step {step * 1e3:9.2f} ms, ours / eager {step / eager:.4f}; one row {row * 1e3:.2f} ms; "
        f"{memory:6.0f} MB at most so far"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nodes", nargs="*", type=int, default=[100, 1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--chain", action="store_true")
    given = parser.parse_args()
    begin = time.process_time()
    microgrAD.compile(irregular(100, [Value(0.5)] * 16), parameters=[], shapes=[(16,)])
    again = time.process_time()
    microgrAD.compile(irregular(100, [Value(0.5)] * 16), parameters=[], shapes=[(16,)])
    print(f"a first compilation takes {(2 * again - begin - time.process_time()) * 1e3:.0f} ms more than a second one")
    for count in given.nodes:
        measure(count, chain if given.chain else irregular)
