"""The eager engine against micrograd: time and bytes per node to build a random graph of + * tanh and run backward.

    pip install micrograd && python benchmarks/eager.py

Both engines run the same programs in one process, in turn, in bursts of steps. A ratio is the median of the ratios of
all rounds. Every node of a graph contributes to the root. Python's garbage collector is on, as in a training loop, and
then off: micrograd's nodes form cycles that only the collector frees, ours do not. micrograd has no tanh, so this file
adds one in its style.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import time
import tracemalloc
from collections.abc import Callable
from statistics import median
from typing import Any

from micrograd.engine import Value as TheirValue

from microgrAD import Value

Program = tuple[list[tuple[str, int, int]], list[int]]
LEAVES = 10


def their_tanh(self: Any) -> Any:
    """Return tanh of micrograd's Value, in micrograd's style."""
    t = math.tanh(self.data)
    out = TheirValue(t, (self,), "tanh")

    def _backward() -> None:
        self.grad += (1 - t**2) * out.grad

    out._backward = _backward
    return out


TheirValue.tanh = their_tanh


def random_program(nodes: int, seed: int) -> Program:
    """Return operations on earlier results, (sign, operand, operand), and the results that are added up at the end."""
    rng = random.Random(seed)
    unused, steps = list(range(LEAVES)), []
    while len(steps) + len(unused) < nodes:
        first = unused.pop(rng.randrange(len(unused)))
        many = len(unused) > 8 and rng.random() < 0.5
        second = unused.pop(rng.randrange(len(unused))) if many else rng.randrange(LEAVES + len(steps))
        steps.append((rng.choice("+*t"), first, second))
        unused.append(LEAVES + len(steps) - 1)
    return steps, unused


def straight(program: Program) -> Callable[[Any], Any]:
    """Return the program as Python code like a user's, v12 = v3 * v7 and so on: make -> (leaves, root)."""
    steps, unused = program
    lines = [f"v{i} = make({0.1 * i - 0.45!r})" for i in range(LEAVES)]
    for k, (sign, i, j) in enumerate(steps, start=LEAVES):
        lines.append(f"v{k} = v{i}.tanh()" if sign == "t" else f"v{k} = v{i} {sign} v{j}")
    lines.append(f"return [{', '.join(f'v{i}' for i in range(LEAVES))}], {' + '.join(f'v{i}' for i in unused)}")
    space: dict[str, Any] = {}
    exec("def build(make):\n    " + "\n    ".join(lines), space)
    return space["build"]  # type: ignore[no-any-return]


def gradients(make: Callable[[float], Any], build: Callable[[Any], Any]) -> list[float]:
    """Build the graph, run backward, and return the gradients of the leaves."""
    leaves, root = build(make)
    root.backward()
    return [leaf.grad for leaf in leaves]


def seconds(make: Callable[[float], Any], build: Callable[[Any], Any], steps: int, collect: bool) -> float:
    """Return the time of one step, in a burst of steps that starts without garbage."""
    gc.collect()
    gc.disable()
    if collect:
        gc.enable()
    start = time.perf_counter()
    for _ in range(steps):
        gradients(make, build)
    elapsed = time.perf_counter() - start
    gc.enable()
    return elapsed / steps


def compare(build: Callable[[Any], Any], rounds: int, steps: int, collect: bool) -> tuple[float, float, float]:
    """Return our time and micrograd's in microseconds, and the median of the ratios of all rounds."""
    pairs = [(seconds(Value, build, steps, collect), seconds(TheirValue, build, steps, collect)) for _ in range(rounds)]
    return (median(o for o, _ in pairs) * 1e6, median(t for _, t in pairs) * 1e6, median(t / o for o, t in pairs))


def bytes_a_node(make: Callable[[float], Any], build: Callable[[Any], Any], nodes: int) -> float:
    """Return the bytes per node that Python allocates for a graph, after backward."""
    gc.collect()
    tracemalloc.start()
    leaves, root = build(make)
    root.backward()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del leaves, root
    return size / nodes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    print("nodes   garbage collector        ours  micrograd  times as fast   bytes a node: ours, micrograd's")
    for nodes in (90, 900, 9000):
        build = straight(random_program(nodes, seed=nodes))
        ours, theirs = gradients(Value, build), gradients(TheirValue, build)
        assert all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(ours, theirs, strict=True))
        sizes = f"{bytes_a_node(Value, build, nodes):16.0f}, {bytes_a_node(TheirValue, build, nodes):.0f}"
        for collect in (True, False):
            steps = max(2, 20 * 900 // nodes)
            own, other, faster = compare(build, rounds, steps, collect)
            print(f"{nodes:<8}{'on' if collect else 'off':<19}{own:8.0f} µs{other:8.0f} µs{faster:15.2f}{sizes}")


if __name__ == "__main__":
    main()
