"""A step of training the GPT of `demos/gpt.py`, 4,192 scalars, on one word; and a run of 1,000 steps in a new process.

    pip install torch && python benchmarks/gpt.py [--rounds 7]

A step is the gradient of one word's loss and Adam's move. Peers: scalars in the manner of microgpt (`slotted.py`),
whose steps are loops of Python; our engine without the compiler; PyTorch on tensors in float64, if it is installed. All
begin with the same weights, and their parameters are compared after two steps. Bursts run in turn, on one thread; a
ratio is the median over all rounds. The calls at which a program is compared with the engine are not timed. Compiling
is not in the steps, and is in the run.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

import argparse  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
import slotted  # noqa: E402

import microgrAD  # noqa: E402
from microgrAD.optim import Adam  # noqa: E402

DEMOS = Path(__file__).parents[1] / "demos"
sys.path.insert(0, str(DEMOS))
from _gpt import GPT, HEADS, names, numbers  # noqa: E402

LR, BETAS = 0.01, (0.85, 0.99)
MATRICES = ("letters", "positions", "queries", "keys", "values", "mixing", "up", "down", "output")
RUN = """
from _gpt import GPT, names, numbers, trained
trained(GPT(), [numbers(name) for name in names(400)])
"""

_PROVEN = 32  # calls of a program, at some of which a row is compared with the engine: these are not timed

Step = tuple[Callable[[int], None], Callable[[], Any]]  # so many steps; the parameters


def compiled(word: list[int]) -> Step:
    """Our compiled function."""
    model = GPT()
    parameters = model.parameters()
    program, optimizer = microgrAD.compile(model.loss, parameters=parameters), Adam(parameters, lr=LR, betas=BETAS)
    return (
        lambda n: program.train([word], optimizer=optimizer, steps=n) and None,
        lambda: [p.data for p in parameters],
    )


def eager(word: list[int]) -> Step:
    """Our engine."""
    model = GPT()
    parameters = model.parameters()
    optimizer = Adam(parameters, lr=LR, betas=BETAS)

    def step(n: int) -> None:
        for _ in range(n):
            optimizer.zero_grad()
            model.loss(word).backward()
            optimizer.step()

    return step, lambda: [p.data for p in parameters]


def slots(word: list[int]) -> Step:
    """Scalars in the manner of microgpt."""
    weights = {name: [[p.data for p in row] for row in getattr(GPT(), name)] for name in MATRICES}
    model = slotted.GPT(weights, HEADS)
    optimizer = slotted.Adam(model.parameters, LR, BETAS)

    def step(n: int) -> None:
        for _ in range(n):
            model.loss(word).backward()
            optimizer.step()

    return step, lambda: [p.data for p in model.parameters]


def torch_(word: list[int]) -> Step:
    """PyTorch, on matrices."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    model = GPT()
    w = {
        name: torch.tensor([[p.data for p in row] for row in getattr(model, name)], dtype=torch.float64)
        for name in MATRICES
    }
    for tensor in w.values():
        tensor.requires_grad_()
    optimizer = torch.optim.Adam(w.values(), lr=LR, betas=BETAS)
    seen, after = torch.tensor(word[:-1]), torch.tensor(word[1:])
    count, width = len(word) - 1, w["letters"].shape[1]
    mask = torch.full((count, count), float("-inf"), dtype=torch.float64).triu(1)

    def normalised(x: Any) -> Any:
        return x * (x.square().mean(1, keepdim=True) + 1e-5) ** -0.5

    def split(x: Any) -> Any:
        return x.view(count, HEADS, width // HEADS).transpose(0, 1)

    def loss() -> Any:
        x = normalised(w["letters"][seen] + w["positions"][:count])
        h = normalised(x)
        q, k, v = (split(h @ w[name].T) for name in ("queries", "keys", "values"))
        weights = (q @ k.transpose(1, 2) / (width // HEADS) ** 0.5 + mask).softmax(2)
        x = (weights @ v).transpose(0, 1).reshape(count, width) @ w["mixing"].T + x
        x = (normalised(x) @ w["up"].T).relu().square() @ w["down"].T + x
        return functional.cross_entropy(x @ w["output"].T, after)

    def step(n: int) -> None:
        for _ in range(n):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()

    return step, lambda: [p for name in MATRICES for p in w[name].detach().ravel().tolist()]


def timed(step: Callable[[int], None], n: int) -> float:
    """Return the seconds per step, over n steps."""
    start = time.perf_counter()
    step(n)
    return (time.perf_counter() - start) / n


def measure(word: list[int], rounds: int) -> None:
    """Print the time of a step by each peer, and ours over it."""
    sys.setrecursionlimit(100_000)
    ours, peers = compiled(word), {"microgpt's kind of Value": (slots, 1), "our engine": (eager, 2)}
    try:
        import torch

        peers[f"PyTorch {torch.__version__}"] = torch_, 50
    except ImportError:
        print("PyTorch is not installed")
    made = {name: (make(word), n) for name, (make, n) in peers.items()}
    for step, _ in (ours, *[pair for pair, _ in made.values()]):
        step(2)
    checked = np.array(ours[1]())
    for name, ((_, weights), _) in made.items():
        apart = float(np.abs(np.array(weights()) - checked).max())
        assert apart < 1e-7, f"{name}: parameters differ by {apart}"
    for _ in range(_PROVEN):
        ours[0](1)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in made}
    for _ in range(rounds):
        for name, ((step, _), n) in made.items():
            times[name].append((timed(step, n), timed(ours[0], 100)))
    for name, pairs in times.items():
        theirs, mine = (median(column) for column in zip(*pairs, strict=True))
        ratio = median([b / a for a, b in pairs])
        print(
            f"  ours {1e3 * mine:.3f} ms, {name} {1e3 * theirs:.3f} ms: ours / theirs {ratio:.5f} (1/{1 / ratio:.0f})"
        )


def run() -> float:
    """Return the seconds of 1,000 steps in a new process, from its start to its end."""
    path = os.pathsep.join([str(DEMOS), str(DEMOS.parent), os.environ.get("PYTHONPATH", "")])
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", RUN], check=True, env={**os.environ, "PYTHONPATH": path})
    return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    by_length = {len(name): name for name in names(400)}
    for length in (4, 7):
        print(f"a step on “{by_length[length]}”:")
        measure(numbers(by_length[length]), given.rounds)
    found = [run() for _ in range(3)]
    print(f"1,000 steps in a new process, imports and compiling included: {median(found):.2f} s")
