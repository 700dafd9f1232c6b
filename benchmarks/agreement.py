"""Eager and compiled training compared: how far the parameters are apart after 1,000 steps.

    python benchmarks/agreement.py [case ...] [--steps 1000] [--rows 256]

Both train the same network of microgrAD.nn. The eager one builds the graph of all rows again in each step, with a node
for each neuron. That takes a second for XOR, some minutes for moons, and over half an hour for all rows of digits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from cases import Array, Case, case

import microgrAD
from microgrAD import functions, losses, nn
from microgrAD.optim import SGD

LOSSES: dict[str, Callable[..., Any]] = {"squares": losses.mse, "hinge": losses.hinge, "softmax": losses.cross_entropy}


def network(given: Case) -> nn.MLP:
    """Return the network of a case, with the case's initial parameters."""
    first, *sizes = given.sizes
    names = [given.hidden] * (len(sizes) - 1) + [given.last]
    model = nn.MLP(first, sizes, activation=names, fused=True)
    for p, number in zip(model.parameters(), _flat(given), strict=True):
        p.data = number
    return model


def _flat(given: Case) -> list[float]:
    """Return the initial parameters, neuron by neuron, each bias after its weights."""
    return np.concatenate([np.vstack([W, b]).T.ravel() for W, b in given.weights]).tolist()  # type: ignore[no-any-return]


def penalised(given: Case, model: nn.MLP, loss: Any) -> Any:
    """Return a loss with the penalty of a case."""
    return loss + losses.l2_penalty(model.parameters(), given.penalty) if given.penalty else loss


def eager(given: Case, steps: int) -> Array:
    """Return the parameters after a number of steps of the engine."""
    model, loss = network(given), LOSSES[given.loss]
    optimizer = SGD(model.parameters(), lr=given.lr)
    rows = list(zip(given.X.tolist(), given.Y.tolist(), strict=True))
    for _ in range(steps):
        optimizer.zero_grad()
        penalised(given, model, functions.mean([loss(model(x), y) for x, y in rows])).backward()
        optimizer.step()
    return np.array([p.data for p in model.parameters()])


def compiled(given: Case, steps: int) -> Array:
    """Return the parameters after a number of steps of the compiled loss."""
    model, loss = network(given), LOSSES[given.loss]
    program = microgrAD.compile(lambda x, y: penalised(given, model, loss(model(x), y)), parameters=model.parameters())
    program.train(given.X, given.Y, SGD(model.parameters(), lr=given.lr), steps)
    return np.array([p.data for p in model.parameters()])


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["xor", "moons", "digits"], help="xor, moons, digits")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--rows", type=int, help="the number of rows, instead of the case's own")
    options = parser.parse_args()
    for name in options.cases:
        given, start = case(name, options.rows), time.perf_counter()
        fast = compiled(given, options.steps)
        middle = time.perf_counter()
        slow = eager(given, options.steps)
        print(
            f"{name:8} {len(given.X)} rows, {options.steps:,} steps: parameters at most "
            f"{np.abs(fast - slow).max():.1e} apart, the largest {np.abs(slow).max():.2f}; "
            f"{middle - start:.2f} s compiled, {time.perf_counter() - middle:.1f} s eager",
            flush=True,
        )


if __name__ == "__main__":
    main()
