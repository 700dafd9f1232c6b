"""The time of an answer, for one row and for many: ours over that of each peer, in turn in one run, on one thread.

    pip install jax torch && python benchmarks/predict.py

Peers that are not installed are left out, with a message. All answers are compared with those of hand-written NumPy.
Each peer is given an array, another one in each call, and has to give one back.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from cases import Array, Case, case  # noqa: E402

import microgrAD  # noqa: E402
from microgrAD.nn import MLP  # noqa: E402

ROWS = (1, 100, 10_000)
ROUNDS, SECONDS = 15, 0.05  # bursts, and their length
SETTLED = 3_000  # calls after which a program runs as it will for good

Answers = Callable[[Array], Any]


def ours(given: Case) -> Answers:
    """A network of `nn`, compiled."""
    activations = [given.hidden] * (len(given.weights) - 1) + [given.last]
    model = MLP(given.sizes[0], given.sizes[1:], activation=activations)
    for layer, (W, b) in zip(model.layers, given.weights, strict=True):
        for neuron, column, bias in zip(layer.neurons, W.T, b, strict=True):
            neuron.b.data = bias
            for w, number in zip(neuron.w, column, strict=True):
                w.data = number
    program = microgrAD.compile(model, parameters=model.parameters())
    for _ in range(SETTLED):
        program.predict(given.X)
    return program.predict


def by_hand(given: Case) -> Answers:
    """Matrices in NumPy."""

    def answers(X: Array) -> Array:
        for k, (W, b) in enumerate(given.weights):
            name = given.last if k == len(given.weights) - 1 else given.hidden
            X = X @ W + b
            X = np.tanh(X) if name == "tanh" else np.maximum(X, 0.0) if name == "relu" else X
        return X

    return answers


def torch(given: Case) -> Answers:
    """Modules of PyTorch, without a graph."""
    import torch

    torch.set_num_threads(1)
    kinds = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "linear": torch.nn.Identity}
    parts: list[Any] = []
    for k, (W, b) in enumerate(given.weights):
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.load_state_dict({"weight": torch.tensor(W.T), "bias": torch.tensor(b)})
        parts += [layer, kinds[given.last if k == len(given.weights) - 1 else given.hidden]()]
    model = torch.nn.Sequential(*parts)

    def answers(X: Array) -> Array:
        with torch.no_grad():
            return np.asarray(model(torch.from_numpy(X)).numpy())

    return answers


def jax(given: Case) -> Answers:
    """The same matrices, compiled by XLA."""
    import jax

    jax.config.update("jax_enable_x64", True)
    kinds = {"tanh": jax.numpy.tanh, "relu": jax.nn.relu, "linear": lambda X: X}

    @jax.jit
    def network(X: Any) -> Any:
        for k, (W, b) in enumerate(given.weights):
            X = kinds[given.last if k == len(given.weights) - 1 else given.hidden](X @ W + b)
        return X

    return lambda X: np.asarray(network(X))


PEERS = {"microgrAD": ours, "NumPy by hand": by_hand, "PyTorch": torch, "JAX jit": jax}


def timed(answers: Answers, X: Array, count: int) -> float:
    """The microseconds of a call, each with other rows than the one before."""
    others = [X + k / 8 for k in range(8)]
    start = time.perf_counter()
    for k in range(count):
        answers(others[k % 8])
    return (time.perf_counter() - start) / count * 1e6


def race(given: Case) -> None:
    """Print a line for each peer."""
    print(f"{given.name}: {'-'.join(map(str, given.sizes))}, {len(given.X)} rows", flush=True)
    wanted, peers = by_hand(given)(given.X), dict[str, Answers]()
    for name, make in PEERS.items():
        try:
            peers[name] = make(given)
        except ImportError as error:
            print(f"  {name}: left out, {error}")
            continue
        apart = np.abs(np.reshape(peers[name](given.X), wanted.shape) - wanted).max()
        assert apart < 1e-12, f"{name} is {apart} away"
    counts = {name: int(SECONDS * 1e6 / timed(answers, given.X, 3)) + 1 for name, answers in peers.items()}
    rounds = [{name: timed(f, given.X, counts[name]) for name, f in peers.items()} for _ in range(ROUNDS)]
    for name in peers:
        ratio = median(each["microgrAD"] / each[name] for each in rounds)
        print(f"  {name:18} {median(each[name] for each in rounds):12.2f} µs     ours / theirs {ratio:.3g}", flush=True)


if __name__ == "__main__":
    for name in ("circles", "digits"):
        for rows in ROWS:
            race(case(name, rows))
