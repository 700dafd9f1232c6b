"""Small networks built by hand as microgrAD.nn builds them: parameters and the output of a neuron have its scope."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

from microgrAD import Value

Net = Callable[[Sequence[Value]], list[Value]]


def network(*sizes: int, seed: int = 1) -> Net:
    """A network of tanh neurons with so many inputs, hidden neurons, ..., outputs; its parameters are shared."""
    rng = random.Random(seed)
    layers = [
        [
            (
                [_parameter(rng, f"w{i + 1}", f"layer{k}/neuron{j + 1}") for i in range(before)],
                _parameter(rng, "b", f"layer{k}/neuron{j + 1}"),
            )
            for j in range(size)
        ]
        for k, (before, size) in enumerate(itertools.pairwise(sizes), 1)
    ]

    def net(x: Sequence[Value]) -> list[Value]:
        for layer in layers:
            x = [_neuron(weights, bias, x) for weights, bias in layer]
        return list(x)

    return net


def _parameter(rng: random.Random, label: str, scope: str) -> Value:
    made = Value(rng.uniform(-1, 1), label=label)
    made.scope = scope
    return made


def _neuron(weights: Sequence[Value], bias: Value, x: Sequence[Value]) -> Value:
    total = weights[0] * x[0]
    for w, xi in zip(weights[1:], x[1:], strict=True):
        total = total + w * xi
    out = (total + bias).tanh()
    out.scope = bias.scope
    return out


def inputs(*numbers: float) -> list[Value]:
    return [Value(number, label=f"x{k}") for k, number in enumerate(numbers, 1)]


def loss(net: Net, rows: Sequence[Sequence[float]]) -> Value:
    """The sum of squared outputs over rows, after a backward pass."""
    total = sum(out**2 for row in rows for out in net(inputs(*row)))
    assert isinstance(total, Value)
    total.label = "loss"
    total.backward()
    return total


def karpathy() -> Value:
    """The two-input tanh neuron of Karpathy's lecture, after a backward pass."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1, x2w2 = x1 * w1, x2 * w2
    total = x1w1 + x2w2
    n = total + b
    o = n.tanh()
    for value, label in ((x1w1, "x1w1"), (x2w2, "x2w2"), (total, "sum"), (n, "n"), (o, "o")):
        value.label = label
    o.backward()
    return o
