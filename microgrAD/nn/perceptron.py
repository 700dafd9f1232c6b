"""Rosenblatt's perceptron, the first unit that learned, and its rule, which needs no derivative."""

from __future__ import annotations

from typing import Any

from microgrAD import init as initialisers
from microgrAD.engine import no_grad
from microgrAD.errors import real
from microgrAD.guesses import seeded
from microgrAD.nn.layers import Neuron
from microgrAD.nn.shapes import count, row


class Perceptron(Neuron):
    """A neuron with a step, step(w1·x1 + ... + wn·xn + b): it returns 0 or 1.

    Gradient descent can't train it, since the derivative of the step is 0. Rosenblatt's rule can, if and only if a
    plane separates the classes (Novikoff 1962). On XOR it never ends (Minsky & Papert 1969).

    Arguments:
        nin: the number of inputs.
        bias, fused, init, rng: as for `Neuron`.
    Source: Rosenblatt 1958.

    >>> p = Perceptron(2)
    >>> p.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1])[-1]
    0
    """

    @seeded
    def __init__(
        self,
        nin: int,
        *,
        bias: bool = True,
        fused: bool = False,
        init: initialisers.Init | str = "xavier",
        rng: Any = 0,
    ) -> None:
        super().__init__(nin, activation="step", bias=bias, fused=fused, init=init, rng=rng)

    def learn(self, x: Any, y: int, *, lr: float = 1.0) -> bool:
        """Learn one example by the rule w += lr (y - ŷ) x, b += lr (y - ŷ).

        Arguments:
            x: one row.
            y: its target, 0 or 1.
            lr: the learning rate.
        Returns: whether the output ŷ was wrong.
        """
        if y not in (0, 1):
            raise ValueError(f"a perceptron takes targets of 0 or 1, got {y!r}")
        if not real(lr, "lr") > 0:
            raise ValueError(f"lr must be above 0, got {lr}")
        with no_grad():
            numbers = [float(v) for v in row(x, len(self.w), self)]
            error = float(y) - self.respond(numbers).data
        for w, v in zip(self.w, numbers, strict=True):
            w.data += lr * error * v
        if self.b is not None:
            self.b.data += lr * error
        return error != 0

    def fit(self, X: Any, y: Any, *, lr: float = 1.0, epochs: int = 100) -> list[int]:
        """Learn all examples in turn, epoch after epoch, until none is wrong.

        Arguments:
            X, y: rows, and a target of 0 or 1 for each.
            lr: the learning rate.
            epochs: the largest number of epochs.
        Returns: the number of mistakes in each epoch.
        """
        if len(X) != len(y):
            raise ValueError(f"X and y must have the same number of rows, got {len(X)} and {len(y)}")
        mistakes: list[int] = []
        while len(mistakes) < count(epochs, "epochs", 0) and 0 not in mistakes[-1:]:
            mistakes.append(sum(self.learn(x, target, lr=lr) for x, target in zip(X, y, strict=True)))
        return mistakes

    def config(self) -> dict[str, Any]:
        return {"nin": len(self.w), "bias": self.b is not None, "fused": self.fused}

    def __repr__(self) -> str:
        return f"Perceptron({len(self.w)})"
