"""A scalar engine in the manner of microgpt (Karpathy, 2026), and its GPT: what `gpt.py` compares with.

A node has slots, and no closures: its operands, and the derivative by each, as tuples. `backward` sorts the graph by a
recursion. The model is written with such scalars alone: sums of products by `sum`.
"""

from __future__ import annotations

import math
from typing import Any

Vector = list[Any]


class Scalar:
    """A number of a graph."""

    __slots__ = ("args", "data", "grad", "slopes")

    def __init__(self, data: float, args: tuple[Scalar, ...] = (), slopes: tuple[float, ...] = ()) -> None:
        self.data, self.grad, self.args, self.slopes = data, 0.0, args, slopes

    def __add__(self, other: Any) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Scalar:
        other = other if isinstance(other, Scalar) else Scalar(other)
        return Scalar(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power: float) -> Scalar:
        return Scalar(self.data**power, (self,), (power * self.data ** (power - 1),))

    def exp(self) -> Scalar:
        """Return e to the power of it."""
        out = math.exp(self.data)
        return Scalar(out, (self,), (out,))

    def log(self) -> Scalar:
        """Return its natural logarithm."""
        return Scalar(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> Scalar:
        """Return it where it is positive, and 0 elsewhere."""
        return Scalar(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> Scalar:
        return self * -1.0

    def __sub__(self, other: Any) -> Scalar:
        return self + (-other)

    def __truediv__(self, other: Any) -> Scalar:
        return self * other**-1.0

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        """Add to the gradient of every node that it depends on."""
        order: list[Scalar] = []
        seen: set[Scalar] = set()

        def visit(node: Scalar) -> None:
            if node not in seen:
                seen.add(node)
                for arg in node.args:
                    visit(arg)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            grad = node.grad
            for arg, slope in zip(node.args, node.slopes, strict=True):
                arg.grad += slope * grad


class GPT:
    """The GPT of `demos/_gpt.py`, with the same numbers in its weights."""

    def __init__(self, weights: dict[str, list[list[float]]], heads: int) -> None:
        self.w = {name: [[Scalar(x) for x in row] for row in rows] for name, rows in weights.items()}
        self.parameters = [p for rows in self.w.values() for row in rows for p in row]
        self.head = len(self.w["keys"]) // heads

    def logits(self, word: list[int]) -> list[Vector]:
        """Return the logits of the letter after each letter."""
        w, keys, values, found = self.w, [], [], []
        for t, letter in enumerate(word):
            x = _normalised([a + b for a, b in zip(w["letters"][letter], w["positions"][t], strict=True)])
            h = _normalised(x)
            query = _linear(h, w["queries"])
            keys.append(_linear(h, w["keys"]))
            values.append(_linear(h, w["values"]))
            heads = []
            for first in range(0, len(query), self.head):
                part = slice(first, first + self.head)
                scores = [_dot(query[part], key[part]) / self.head**0.5 for key in keys]
                weights = _softmax(scores)
                heads += [_dot(weights, [value[k] for value in values]) for k in range(first, first + self.head)]
            x = [a + b for a, b in zip(_linear(heads, w["mixing"]), x, strict=True)]
            hidden = [a.relu() ** 2 for a in _linear(_normalised(x), w["up"])]
            x = [a + b for a, b in zip(_linear(hidden, w["down"]), x, strict=True)]
            found.append(_linear(x, w["output"]))
        return found

    def loss(self, word: list[int]) -> Any:
        """Return the mean cross entropy."""
        found = zip(self.logits(word[:-1]), word[1:], strict=True)
        losses = [-_softmax(logits)[letter].log() for logits, letter in found]
        return sum(losses) * (1 / len(losses))


class Adam:
    """Adam, parameter by parameter. Kingma & Ba 2015, algorithm 1."""

    def __init__(self, parameters: list[Scalar], lr: float, betas: tuple[float, float]) -> None:
        self.parameters, self.lr, self.betas, self.steps = parameters, lr, betas, 0
        self.first, self.second = [0.0] * len(parameters), [0.0] * len(parameters)

    def step(self) -> None:
        """Move the parameters, and forget their gradients."""
        self.steps += 1
        one, two = self.betas
        for k, p in enumerate(self.parameters):
            self.first[k] = one * self.first[k] + (1 - one) * p.grad
            self.second[k] = two * self.second[k] + (1 - two) * p.grad**2
            mean, square = self.first[k] / (1 - one**self.steps), self.second[k] / (1 - two**self.steps)
            p.data -= self.lr * mean / (square**0.5 + 1e-8)
            p.grad = 0.0


def _dot(x: Vector, y: Vector) -> Any:
    return sum(a * b for a, b in zip(x, y, strict=True))


def _linear(x: Vector, rows: list[Vector]) -> Vector:
    return [_dot(row, x) for row in rows]


def _softmax(x: Vector) -> Vector:
    largest = max(a.data for a in x)
    exponentials = [(a - largest).exp() for a in x]
    total = sum(exponentials)
    return [e / total for e in exponentials]


def _normalised(x: Vector) -> Vector:
    scale = (_dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]
