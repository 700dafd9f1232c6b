"""NumPy's code beside WebAssembly's for networks of several sizes: a training step by each, and the one that is chosen.

    python benchmarks/choice.py

The choice is made by the estimates in `microgrAD/compiler/run/choice.py`. A step is the least of several bursts, in
microseconds. The last column says how much longer the chosen one takes than the faster one, once the program has run
for long.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

import time  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

import microgrAD  # noqa: E402
from microgrAD.nn import MLP  # noqa: E402
from microgrAD.optim import SGD  # noqa: E402

SIZES = ([2, 4, 1], [2, 8, 8, 1], [2, 16, 16, 1], [8, 32, 32, 4])
ROWS = (4, 32, 100, 1000)


def program(sizes: list[int], backend: str | None) -> tuple[Any, SGD]:
    """The squared error of a network, compiled."""
    model = MLP(sizes[0], sizes[1:], rng=0)

    def loss(x: Any, y: Any) -> Any:
        out = model(x)
        return (out - y) ** 2 if sizes[-1] == 1 else sum((o - y) ** 2 for o in out)

    return microgrAD.compile(loss, parameters=model.parameters(), backend=backend), SGD(model.parameters(), lr=0.01)


def step(sizes: list[int], rows: int, backend: str | None) -> tuple[float, Any]:
    """The microseconds of a training step, and the program."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(rows, sizes[0])), rng.normal(size=rows)
    made, optimizer = program(sizes, backend)
    count = max(20, 40_000 // rows)
    made.train(X, y, optimizer=optimizer, steps=count)
    best = np.inf
    for _ in range(7):
        start = time.perf_counter()
        made.train(X, y, optimizer=optimizer, steps=count)
        best = min(best, time.perf_counter() - start)
    return best / count * 1e6, made


def main() -> None:
    """Print a line for each network and number of rows."""
    print(f"{'network':12} {'rows':>5} {'work':>7} {'NumPy':>9} {'WebAssembly':>12}   chosen   lost")
    for sizes in SIZES:
        for rows in ROWS:
            arrays, made = step(sizes, rows, "numpy")
            (run,) = made.runners
            name, work = "-".join(map(str, sizes)), run.choice.work
            if work > run.choice.most:
                print(f"{name:12} {rows:5} {work:7} {arrays:9.1f} {'':>12}   numpy")
                continue
            machine, _ = step(sizes, rows, "wasm")
            (run,) = step(sizes, rows, None)[1].runners
            chosen = "wasm" if run.choice.decided else "numpy"
            lost = (machine if run.choice.decided else arrays) / min(arrays, machine)
            print(f"{name:12} {rows:5} {work:7} {arrays:9.1f} {machine:12.1f}   {chosen:6} {lost:6.2f}", flush=True)


if __name__ == "__main__":
    main()
