"""A step of the GPT in demos/: compiled, on our engine, and on scalars in the manner of microgpt.

    python benchmarks/gpt.py

A step is zero_grad, the loss of one name, its gradient and Adam. All are timed in turn, on the same names, and the
median of the rounds is printed; a whole run of 1,000 steps is timed in a new process, with its imports.
"""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import microgrAD
from microgrAD.native.choice import description
from microgrAD.optim import Adam

DEMOS = Path(__file__).resolve().parents[1] / "demos"
sys.path.insert(0, str(DEMOS))
model_of_the_demo: Any = import_module("_gpt")

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROUNDS, STEPS = 5, 20
WARM = 20
RUN = """
import sys; sys.path.insert(0, sys.argv[1])
from _gpt import GPT, names
import microgrAD
from microgrAD.optim import Adam
model = GPT("abcdefghijklmnopqrstuvwxyz")
program = microgrAD.compile(model, parameters=model.parameters())
optimizer = Adam(model.parameters(), lr=0.01)
for word in names():
    optimizer.zero_grad()
    program.value_and_grad([model.tokens(word)])
    optimizer.step()
"""


class Scalar:
    """A number with its operands and its derivative by each of them, in slots; the order is found by recursion."""

    __slots__ = ("children", "data", "grad", "slopes")

    def __init__(self, data: float, children: tuple[Scalar, ...] = (), slopes: tuple[float, ...] = ()) -> None:
        self.data, self.children, self.slopes, self.grad = data, children, slopes, 0.0

    def __add__(self, other: Any) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n: float) -> Scalar:
        return Scalar(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self) -> Scalar:
        y = math.exp(self.data)
        return Scalar(y, (self,), (y,))

    def log(self) -> Scalar:
        return Scalar(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> Scalar:
        return Scalar(max(0.0, self.data), (self,), (float(self.data > 0),))

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Scalar:
        return self + other * -1

    def __truediv__(self, other: Any) -> Scalar:
        return self * other**-1

    def backward(self) -> None:
        """Send the derivative back."""
        order: list[Scalar] = []
        seen: set[Scalar] = set()

        def visit(v: Scalar) -> None:
            if v not in seen:
                seen.add(v)
                for child in v.children:
                    visit(child)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for child, slope in zip(v.children, v.slopes, strict=True):
                child.grad += slope * v.grad


def loss_of(model: Any, tokens: list[int]) -> Any:
    """Return the same loss, on operations of two numbers alone."""
    keys: list[Any] = []
    values: list[Any] = []
    total = Scalar(0.0)
    for k, token in enumerate(tokens[:-1]):
        x = normed([a + b for a, b in zip(model["token"][token], model["place"][k], strict=True)])
        seen = normed(x)
        query = times(model["query"], seen)
        keys.append(times(model["key"], seen))
        values.append(times(model["value"], seen))
        found = []
        for head in range(4):
            part = slice(4 * head, 4 * head + 4)
            weights = softmax([product(query[part], key[part]) * 0.5 for key in keys])
            found += [product(weights, [value[j] for value in values]) for j in range(part.start, part.stop)]
        x = [a + b for a, b in zip(x, times(model["mixed"], found), strict=True)]
        wide = [h.relu() for h in times(model["wide"], normed(x))]
        x = [a + b for a, b in zip(x, times(model["narrow"], wide), strict=True)]
        total = total - softmax(times(model["head"], x))[tokens[k + 1]].log()
    return total / (len(tokens) - 1)


def product(x: list[Any], y: list[Any]) -> Any:
    """Return the sum of products."""
    return sum(a * b for a, b in zip(x, y, strict=True))


def times(matrix: list[list[Any]], x: list[Any]) -> list[Any]:
    """Return a matrix times a vector."""
    return [product(row, x) for row in matrix]


def softmax(x: list[Any]) -> list[Any]:
    """Return the shares of exponentials."""
    most = max(a.data for a in x)
    found = [(a - most).exp() for a in x]
    total = sum(found)
    return [a / total for a in found]


def normed(x: list[Any]) -> list[Any]:
    """RMSNorm."""
    scale = (product(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


class Peer:
    """Steps on such scalars, with Adam over all of them in Python."""

    def __init__(self, model: Any) -> None:
        parts = ("token", "place", "head", "query", "key", "value", "mixed", "wide", "narrow")
        self.model = {name: [[Scalar(v.data) for v in row] for row in getattr(model, name)] for name in parts}
        self.parameters = [v for matrix in self.model.values() for row in matrix for v in row]
        self.first, self.second = [0.0] * len(self.parameters), [0.0] * len(self.parameters)
        self.steps = 0

    def step(self, tokens: list[int]) -> float:
        """Take a step on a word, and return its loss."""
        loss = loss_of(self.model, tokens)
        loss.backward()
        self.steps += 1
        for k, p in enumerate(self.parameters):
            self.first[k] = 0.9 * self.first[k] + 0.1 * p.grad
            self.second[k] = 0.999 * self.second[k] + 0.001 * p.grad**2
            mean, square = self.first[k] / (1 - 0.9**self.steps), self.second[k] / (1 - 0.999**self.steps)
            p.data -= 0.01 * mean / (math.sqrt(square) + 1e-8)
            p.grad = 0.0
        return float(loss.data)


def ours(model: Any, loss: Callable[[list[int]], float]) -> Callable[[list[int]], float]:
    """Return a step of our own: `loss` also adds the gradient to the parameters."""
    optimizer = Adam(model.parameters(), lr=0.01)

    def step(tokens: list[int]) -> float:
        optimizer.zero_grad()
        found = loss(tokens)
        optimizer.step()
        return found

    return step


def eager(model: Any) -> Callable[[list[int]], float]:
    """Return the loss on our engine."""

    def loss(tokens: list[int]) -> float:
        root = model(tokens)
        root.backward()
        return float(root)

    return loss


def timed(step: Callable[[list[int]], float], words: list[list[int]]) -> tuple[float, list[float]]:
    """Return the seconds of a step, and the losses."""
    start = time.perf_counter()
    losses = [step(tokens) for tokens in words]
    return (time.perf_counter() - start) / len(words), losses


def main() -> None:
    """Measure, and print the figures."""
    models = [model_of_the_demo.GPT(LETTERS) for _ in range(3)]
    program = microgrAD.compile(models[0], parameters=models[0].parameters())
    steps = {
        "compiled": ours(models[0], lambda tokens: program.value_and_grad([tokens])[0]),
        f"our engine, {description}": ours(models[1], eager(models[1])),
        "scalars as in microgpt": Peer(models[2]).step,
    }
    words = [models[0].tokens(word) for word in model_of_the_demo.names(ROUNDS * STEPS)]
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(WARM):  # compiles a program for each length, and compares some words with the engine
        program.value_and_grad(words)
    for k in range(ROUNDS):
        part = words[k * STEPS : (k + 1) * STEPS]
        found = {name: timed(step, part) for name, step in steps.items()}
        losses = [loss for _, loss in found.values()]
        pairs = [(a, b) for other in losses[1:] for a, b in zip(losses[0], other, strict=True)]
        assert all(math.isclose(a, b, rel_tol=1e-6) for a, b in pairs)
        for name, (seconds, _) in found.items():
            taken[name].append(seconds)
    whole = statistics.median(taken["scalars as in microgpt"])
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:32} {1000 * middle:8.2f} ms a step, 1/{whole / middle:.1f} of scalars as in microgpt")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", RUN, str(DEMOS)], check=True)
    print(f"a run of 1,000 steps in a new process: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
