"""The time of micrograd's moons demo, 100 steps, in a new process with its imports; and of compiling each case.

    python benchmarks/demo.py            after `pip install micrograd`, --theirs runs micrograd's too: about a minute

The demo runs twice: as a compiled function of one row, and as a plain loop over the data, with a compiled graph. Then
follow the time to compile each case, and the time per row in batches of 1 to 100,000 rows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

FUNCTION = """
import microgrAD
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
from microgrAD.optim import SGD
X, y = make_moons(100, noise=0.1, rng=0)
model = MLP(2, [16, 16, 1], activation="relu")
parameters = model.parameters()
def loss(x, y):
    return (1 - y * model(x)).relu() + 1e-4 * sum(p * p for p in parameters)
program = microgrAD.compile(loss, parameters=parameters)
program.train(X, 2 * y - 1, SGD(parameters, lr=0.05), 100)
"""

LOOP = """
import microgrAD
from microgrAD.datasets import make_moons
from microgrAD.nn import MLP
X, y = make_moons(100, noise=0.1, rng=0)
model = MLP(2, [16, 16, 1], activation="relu")
scores = [model(x) for x in X.tolist()]
losses = [(1 + -yi * score).relu() for yi, score in zip((2 * y - 1).tolist(), scores)]
loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
program = microgrAD.compile(loss)
for step in range(100):
    model.zero_grad()
    program.value_and_grad()
    for p in model.parameters():
        p.data -= 0.05 * p.grad
"""

THEIRS = """
import random
from micrograd.nn import MLP
from microgrAD.datasets import make_moons
X, y = make_moons(100, noise=0.1, rng=0)
random.seed(0)
model = MLP(2, [16, 16, 1])
for step in range(100):
    scores = [model(x) for x in X.tolist()]
    losses = [(1 + -yi * score).relu() for yi, score in zip((2 * y - 1).tolist(), scores)]
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= 0.05 * p.grad
"""


def fresh(code: str, times: int) -> float:
    """Return the median of the seconds that a new Python process takes for `code`.

    A first run is not counted. It writes the modules' bytecode, as an installation does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        environment["PYTHONPYCACHEPREFIX"] = folder
        for _ in range(1 + times):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            found.append(time.perf_counter() - start)
    return median(found[1:])


def compiling() -> None:
    """Print the time to record and compile each of the three cases, and the time per row in batches of many sizes."""
    import numpy as np
    from cases import case
    from peers import Scalars

    import microgrAD
    from microgrAD import Value

    for name in ("xor", "moons", "digits"):
        given = case(name)
        net = Scalars(given, Value)
        took = []
        for _ in range(15):
            start = time.perf_counter()
            program = microgrAD.compile(
                lambda x, y, net=net: net.loss(x, y) + net.penalty(),
                parameters=net.parameters,
                shapes=[given.X.shape[1:], given.Y.shape[1:]],
            )
            took.append(time.perf_counter() - start)
        print(f"{name}: {len(program.tapes[0]):,} nodes compiled in {median(took) * 1e3:.1f} ms")
        for rows in (1, 10, 100, 1_000, 10_000, 100_000):
            X, Y = np.resize(given.X, (rows, *given.X.shape[1:])), np.resize(given.Y, (rows, *given.Y.shape[1:]))
            repeats = max(1, 20_000 // rows // len(net.parameters))
            program.value_and_grad(X, Y)
            start = time.perf_counter()
            for _ in range(repeats):
                program.value_and_grad(X, Y)
            print(f"  {rows:7,} rows: {(time.perf_counter() - start) / repeats / rows * 1e6:9.2f} µs a row")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--theirs", action="store_true", help="micrograd's demo too")
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    bare = fresh("pass", options.times)
    print(f"bare Python {bare:.3f} s, with NumPy {fresh('import numpy', options.times):.3f} s")
    print(f"the demo as a compiled function: {(function := fresh(FUNCTION, options.times)):.3f} s")
    print(f"the demo as a loop whose graph is compiled: {fresh(LOOP, options.times):.3f} s")
    if options.theirs:
        theirs = fresh(THEIRS, 1)
        print(f"micrograd: {theirs:.1f} s, {theirs / function:,.0f} times as long")
    compiling()
