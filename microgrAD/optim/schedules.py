"""Schedules: the learning rate as a function of the epoch. Names and numbers are those of PyTorch.

    η₀   the optimiser's lr when the schedule is made        t   epochs since
"""

from __future__ import annotations

import math
from collections.abc import Callable

from microgrAD.errors import real
from microgrAD.optim.optimizer import Optimizer


class Schedule:
    """Sets `optimizer.lr` when `step()` is called, once an epoch. A subclass defines `factor`."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer, self.base_lr, self.epoch = optimizer, optimizer.lr, 0
        self._set()

    def step(self) -> None:
        """Begin the next epoch."""
        self.epoch += 1
        self._set()

    def _set(self) -> None:
        self.optimizer.lr = self.rate(self.epoch)

    def rate(self, t: int) -> float:
        """η at epoch t."""
        raise NotImplementedError(f"{type(self).__name__} has to define rate(self, t)")

    def resume(self, epoch: int) -> None:
        """Stand where `epoch` calls of `step` lead."""
        self.epoch = epoch
        self._set()


class StepLR(Schedule):
    """η = η₀ · gamma^⌊t / step_size⌋.

    >>> from microgrAD import Value
    >>> from microgrAD.optim import SGD
    >>> schedule = StepLR(SGD([Value(1.0)], lr=1.0), step_size=2, gamma=0.5)
    >>> [schedule.rate(t) for t in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, *, step_size: int, gamma: float = 0.1) -> None:
        if step_size < 1:
            raise ValueError(f"step_size must be 1 or more, got {step_size}")
        self.step_size, self.gamma = step_size, real(gamma, "gamma")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * self.gamma ** (t // self.step_size)


class ExponentialLR(Schedule):
    """η = η₀ · gammaᵗ."""

    def __init__(self, optimizer: Optimizer, *, gamma: float) -> None:
        self.gamma = real(gamma, "gamma")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * self.gamma ** t


class CosineAnnealingLR(Schedule):
    """η = eta_min + (η₀ - eta_min) (1 + cos(π t / T_max)) / 2. Loshchilov & Hutter 2017, eq. 5."""

    def __init__(self, optimizer: Optimizer, *, T_max: int, eta_min: float = 0.0) -> None:
        if T_max < 1:
            raise ValueError(f"T_max must be 1 or more, got {T_max}")
        self.T_max, self.eta_min = T_max, real(eta_min, "eta_min")
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class LambdaLR(Schedule):
    """η = η₀ · lr_lambda(t)."""

    def __init__(self, optimizer: Optimizer, *, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, t: int) -> float:
        return self.base_lr * real(self.lr_lambda(t), "lr_lambda")
