"""A loop that its user writes, of zero_grad, value_and_grad and step, against one call of train.

    python benchmarks/own_loop.py

Each is timed in turn, in the same process; the median of five ratios is printed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

import microgrAD
from microgrAD.losses import mse
from microgrAD.native.choice import description
from microgrAD.nn import MLP
from microgrAD.optim import SGD

CASES = {
    "XOR": (2, [4, 1], 4),
    "circles": (2, [8, 8, 1], 100),
    "moons": (2, [16, 16, 1], 100),
    "digits": (64, [32, 10], 256),
}
SECONDS = 0.4  # of each measurement
ROUNDS = 5


def time_of(run: Callable[[int], None]) -> float:
    """Return the seconds that a step takes."""
    steps = 64
    while True:
        start = time.perf_counter()
        run(steps)
        if (taken := time.perf_counter() - start) > SECONDS:
            return taken / steps
        steps *= 2


def measure(inputs: int, sizes: list[int], rows: int) -> tuple[float, float]:
    """Return the microseconds of a step of the own loop, and how many times as long it takes as one of `train`."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(rows, inputs)), rng.normal(size=(rows, sizes[-1]))
    model = MLP(inputs, sizes, rng=0)
    optimizer = SGD(model.parameters(), lr=1e-6)
    program = microgrAD.compile(
        lambda x, y: mse([model(x)] if sizes[-1] == 1 else model(x), y), parameters=model.parameters()
    )

    def own(steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            program.value_and_grad(X, Y)
            optimizer.step()

    own(300)  # with the rows that are compared with the engine at first
    found = [(time_of(own), time_of(lambda steps: program.train(X, Y, optimizer, steps))) for _ in range(ROUNDS)]
    return 1e6 * statistics.median(mine for mine, _ in found), statistics.median(a / b for a, b in found)


if __name__ == "__main__":
    print(f"engine: {description}")
    for name, case in CASES.items():
        step, ratio = measure(*case)
        print(f"{name:8}  a step of the own loop {step:7.1f} µs, {ratio:6.1f} times that of train")
