"""Schedules: the learning rate η as a function of the epoch. Names are PyTorch's, and results are equal to PyTorch's.

η₀   the optimiser's lr when the schedule is made        t   the number of epochs since then
"""

from __future__ import annotations

import math
from collections.abc import Callable

from microgrAD.errors import positive, real
from microgrAD.optim.optimizer import Optimizer


class Schedule:
    """Sets `optimizer.lr` in each call of `step()`, once an epoch. A subclass defines `rate`.

    Arguments:
        optimizer: the optimiser whose lr it sets.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"a schedule takes an optimizer, such as SGD(model.parameters()), got {optimizer!r}")
        self.optimizer, self.base_lr, self.epoch = optimizer, optimizer.lr, 0
        self._set()

    def step(self) -> None:
        """Set lr for the next epoch."""
        self.epoch += 1
        self._set()

    def _set(self) -> None:
        self.optimizer.lr = positive(self.rate(self.epoch), f"lr at epoch {self.epoch}")

    def rate(self, t: int) -> float:
        """Return η at epoch t."""
        raise NotImplementedError(f"{type(self).__name__} has to define rate(self, t)")


class StepLR(Schedule):
    """η = η₀ · gamma^⌊t / step_size⌋: every step_size epochs, η is multiplied by gamma.

    >>> from microgrAD import Value
    >>> from microgrAD.optim import SGD
    >>> schedule = StepLR(SGD([Value(1.0)], lr=1.0), step_size=2, gamma=0.5)
    >>> [schedule.rate(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, *, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = _epochs(step_size, "step_size"), positive(gamma, "gamma")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * self.gamma ** (t // self.step_size)


class ExponentialLR(Schedule):
    """η = η₀ · gammaᵗ: every epoch, η is multiplied by gamma."""

    def __init__(self, optimizer: Optimizer, *, gamma: float) -> None:
        self.gamma = positive(gamma, "gamma")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * self.gamma**t


class CosineAnnealingLR(Schedule):
    """η = eta_min + (η₀ - eta_min) (1 + cos(π t / T_max)) / 2: η falls to eta_min in T_max epochs.

    Source: Loshchilov & Hutter 2017, eq. 5.
    """

    def __init__(self, optimizer: Optimizer, *, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = _epochs(T_max, "T_max"), positive(eta_min, "eta_min")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class LambdaLR(Schedule):
    """η = η₀ · lr_lambda(t), for any function of the epoch."""

    def __init__(self, optimizer: Optimizer, *, lr_lambda: Callable[[int], float]) -> None:
        if not callable(lr_lambda):
            raise TypeError(f"lr_lambda takes a function of the epoch, got {lr_lambda!r}")
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * real(self.lr_lambda(t), "lr_lambda")


def _epochs(n: int, what: str) -> int:
    """Return `n` as a number of epochs; ValueError otherwise."""
    if not hasattr(n, "__index__") or isinstance(n, bool) or n < 1:
        raise ValueError(f"{what} must be 1 or more, a whole number of epochs, got {n!r}")
    return int(n)
