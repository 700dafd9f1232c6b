"""What every optimiser is: parameters, a rule on arrays, what it remembers, and how that is kept in a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from microgrAD.errors import DomainError, positive
from microgrAD.files import FileError, numbers, reader
from microgrAD.operators import Value

Array = np.ndarray[Any, np.dtype[np.float64]]


class Optimizer:
    """Moves parameters against their gradients. A subclass defines `update`, a rule on whole arrays.

    `steps` counts how often; `state` holds what is remembered between steps, by name, one number per parameter.
    """

    def __init__(self, parameters: Iterable[Value], *, lr: float) -> None:
        self.parameters = leaves(parameters, "an optimiser")
        if not self.parameters:
            raise ValueError("an optimiser takes one parameter or more, got none; pass model.parameters()")
        if len(set(self.parameters)) < len(self.parameters):
            raise ValueError("an optimiser takes each parameter once, got one of them twice")
        self.lr = positive(lr, "lr")
        self.steps = 0
        self.state: dict[str, Array] = {}

    def zero_grad(self) -> None:
        """Set every gradient to 0: `backward` adds to what is there."""
        for p in self.parameters:
            p._grad = 0.0

    def step(self) -> None:
        """Update every parameter by its gradient; DomainError, with all as they were, if one would not be finite."""
        theta = np.array([p._data for p in self.parameters])
        g = np.array([float(p._grad) for p in self.parameters])
        for p, number in zip(self.parameters, self.advance(theta, g).tolist(), strict=True):
            p._data = number

    def advance(self, theta: Array, g: Array) -> Array:
        """One step on arrays: the new θ, with `state` moved on; θ and g stay as they are."""
        held, faults = self.state, list[str]()
        self.state = dict(held)
        self.steps += 1
        with np.errstate(all="call", under="ignore", call=lambda kind, _: faults.append(kind)):
            new = self.update(theta, g)
        bad = ~np.isfinite(new)
        for array in self.state.values() if faults else ():  # what is remembered can overflow where θ does not
            bad |= ~np.isfinite(array)
        if bad.any():
            self.state, self.steps = held, self.steps - 1
            raise DomainError(self._overflow(int(np.flatnonzero(bad)[0]), theta, g, new))
        return new

    def _overflow(self, k: int, theta: Array, g: Array, new: Array) -> str:
        name = _name(self.parameters[k])
        if np.isfinite(new[k]):
            return (
                f"with gradient {g[k]} at parameter {name}, what {type(self).__name__} remembers is more than a "
                "float holds; clip the gradients, or scale the data down"
            )
        return (
            f"a step of lr={self.lr} takes parameter {name} from {theta[k]} with gradient {g[k]} to {new[k]}; "
            "use a smaller lr, or clip the gradients"
        )

    def remembered(self, name: str, like: Array) -> Array:
        """What `state` holds under that name, zeros at first."""
        return self.state[name] if name in self.state else np.zeros_like(like)

    def average(self, name: str, x: Array, beta: float) -> Array:
        """The running average β · before + (1 - β) · x, kept in `state`."""
        self.state[name] = beta * self.remembered(name, x) + (1 - beta) * x
        return self.state[name]

    def _remembers(self) -> set[str]:
        """The names in `state` after a step, found by letting another optimiser of the same settings take one."""
        other, size = type(self)(self.parameters, **self.options()), len(self.parameters)
        other.advance(np.zeros(size), np.ones(size))
        return set(other.state)

    def options(self) -> dict[str, Any]:
        """The settings, such as lr and momentum, by name."""
        return {name: value for name, value in vars(self).items() if name not in ("parameters", "steps", "state")}

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on except the parameters, as plain numbers and lists."""
        return {
            "rule": type(self).__name__,
            "options": self.options(),
            "steps": self.steps,
            "state": {name: array.tolist() for name, array in self.state.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state_dict of the same rule and as many parameters; ValueError, unchanged, if it is another."""
        read = reader(state, "an optimiser's state")
        if (rule := read("rule", str)) != type(self).__name__:
            raise ValueError(f"this is the state of {rule}, and the optimiser is {type(self).__name__}")
        steps, arrays = read("steps", int), read("state", dict)
        if steps < 0:
            raise FileError(f"the steps taken must be 0 or more, got {steps}")
        loaded = {
            name: np.array(numbers(array, f"{name!r} of an optimiser's state", len(self.parameters)))
            for name, array in arrays.items()
        }
        if (options := read("options", dict)).keys() != self.options().keys():
            raise FileError(f"{rule}'s state takes the settings {list(self.options())}, got {list(options)[:8]}")
        try:
            fresh = type(self)(self.parameters, **options)
        except (TypeError, ValueError) as error:
            raise FileError(f"the settings in {rule}'s state do not fit: {error}") from None
        if steps and (missing := fresh._remembers() - loaded.keys()):
            raise FileError(f"{rule}'s state has nothing for {sorted(missing)}, which it remembers after a step")
        fresh.steps, fresh.state = steps, loaded
        vars(self).update(vars(fresh))

    def update(self, theta: Array, g: Array) -> Array:
        """The rule: the new θ as a new array. It puts new arrays in `state`, and never writes into old ones."""
        raise NotImplementedError(f"{type(self).__name__} has to define update(self, theta, g)")


def leaves(parameters: Iterable[Value], who: str) -> list[Value]:
    """The parameters as a list; TypeError unless each is a leaf Value: what was computed can't be moved."""
    if isinstance(parameters, Value) or not hasattr(parameters, "__iter__"):
        raise TypeError(f"{who} takes a list of parameters, got {type(parameters).__name__}; pass model.parameters()")
    found = list(parameters)
    for p in found:
        if not isinstance(p, Value) or p.op:
            what = f"a result of {p.op}" if isinstance(p, Value) else type(p).__name__
            raise TypeError(f"{who} takes leaf Values, got {what}; pass model.parameters()")
    return found


def _name(p: Value) -> str:
    return repr(f"{p.scope}/{p.label}" if p.scope else p.label or "without a label")
