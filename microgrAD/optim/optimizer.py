"""What all optimisers share: parameters, a rule, and a state that can be saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from microgrAD import flat
from microgrAD.errors import DomainError, positive
from microgrAD.files import FileError, numbers, reader
from microgrAD.operators import Value
from microgrAD.optim import working
from microgrAD.optim.working import Array, Assignment, Number, Quantity


class Optimizer:
    """Moves parameters against their gradients. A subclass defines `rule`, formulas in text, or `update`, on arrays.

    Steps by a `rule` can be explained, see `microgrAD.train.train_steps`.

    Its attribute `steps` is the number of steps so far; `state` holds arrays that steps need of earlier steps, by name,
    with one number for each parameter.

    Arguments:
        parameters: leaf Values, such as model.parameters().
        lr: the learning rate.
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
        """Set every gradient to 0. Call it before `backward`, which adds to gradients."""
        flat.set_grads(self.parameters, np.zeros(len(self.parameters)))

    def step(self) -> None:
        """Update every parameter by its gradient.

        Raises: DomainError if a new parameter or the state is not finite; nothing has changed then.
        """
        g = flat.grads(self.parameters)
        if g is None:
            g = np.array([float(p._grad) for p in self.parameters])
        flat.set_data(self.parameters, self.advance(flat.data(self.parameters), g))

    def advance(self, theta: Array, g: Array) -> Array:
        """Take one step on arrays: return the new θ, and update `state`. The arrays θ and g do not change."""
        held, steps = dict(self.state), self.steps
        with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
            new = self.attempt(theta, g)
            if new is not None and np.isfinite(new).all():
                return new
        self.state, self.steps = held, steps
        return self.worked(theta, g)[-1].result

    def attempt(self, theta: Array, g: Array) -> Array | None:
        """Take one step where NumPy raises at an overflow; None if it did. Nothing has changed after any error."""
        held = dict(self.state)
        self.steps += 1
        try:
            return self.update(theta, g)
        except BaseException as error:  # an interrupt too: the step was not taken
            self.state, self.steps = held, self.steps - 1
            if not isinstance(error, FloatingPointError):
                raise
            return None

    def worked(self, theta: Array, g: Array) -> list[Quantity]:
        """Take one step on arrays, as `advance` does, and return what each line of the rule gave; the last is θ."""
        held, faults = self.state, list[str]()
        self.state = dict(held)
        self.steps += 1
        with np.errstate(all="call", under="ignore", call=lambda kind, _: faults.append(kind)):
            found = self._worked(theta, g)
        new = found[-1].result
        bad = ~np.isfinite(new)
        for array in self.state.values() if faults else ():  # the state can overflow even if θ does not
            bad |= ~np.isfinite(array)
        if bad.any():
            self.state, self.steps = held, self.steps - 1
            raise DomainError(self._overflow(int(np.flatnonzero(bad)[0]), theta, g, new))
        return found

    def _worked(self, theta: Array, g: Array) -> list[Quantity]:
        if type(self).update is not Optimizer.update:
            return [Quantity(Assignment("θ", ""), {"θ": theta, "g": g}, self.update(theta, g))]
        found = list(working.work(self.rule(), self._letters(theta, g), self.state))
        self.state |= {q.line.memory: q.result for q in found if q.line.memory}
        return found

    def _letters(self, theta: Array, g: Array) -> dict[str, Number]:
        return {"θ": theta, "g": g, "t": self.steps, **self.letters()}

    def _overflow(self, k: int, theta: Array, g: Array, new: Array) -> str:
        name = _name(self.parameters[k])
        if np.isfinite(new[k]):
            return (
                f"with gradient {g[k]} at parameter {name}, the state of {type(self).__name__} is more than a "
                "float holds; clip the gradients, or scale the data down"
            )
        return (
            f"a step with lr={self.lr} changes parameter {name} from {theta[k]}, with gradient {g[k]}, to {new[k]}; "
            "use a smaller lr, or clip the gradients"
        )

    def _remembers(self) -> set[str]:
        """Return the names in `state` after a step. Another optimiser with the same settings takes one to find them."""
        other, size = type(self)(self.parameters, **self.options()), len(self.parameters)
        other.advance(np.zeros(size), np.ones(size))
        return set(other.state)

    def options(self) -> dict[str, Any]:
        """Return the settings, such as lr and momentum, by name."""
        return {name: value for name, value in vars(self).items() if name not in ("parameters", "steps", "state")}

    def state_dict(self) -> dict[str, Any]:
        """Return everything that the next step depends on, except for the parameters, as plain numbers and lists."""
        return {
            "rule": type(self).__name__,
            "options": self.options(),
            "steps": self.steps,
            "state": {name: array.tolist() for name, array in self.state.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from a state_dict of the same rule and the same number of parameters.

        Raises: ValueError if the state does not fit; the optimiser has not changed then.
        """
        read = reader(state, "an optimiser's state")
        if (rule := read("rule", str)) != type(self).__name__:
            raise ValueError(f"the state is of {rule}, but the optimiser is {type(self).__name__}")
        steps, arrays = read("steps", int), read("state", dict)
        if steps < 0:
            raise FileError(f"the number of steps must be 0 or more, got {steps}")
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
            raise FileError(f"{rule}'s state has no {sorted(missing)}, which it needs after a step")
        fresh.steps, fresh.state = steps, loaded
        vars(self).update(vars(fresh))

    def update(self, theta: Array, g: Array) -> Array:
        """Return the new θ as a new array. It puts new arrays into `state`, and does not change old ones.

        By default it follows `rule`.
        """
        new, self.state = working.update(self.rule(), self._letters(theta, g), self.state)
        return new

    def letters(self) -> dict[str, Number]:
        """Return the numbers of the letters of `rule` that are settings."""
        return {"η": self.lr}

    def rule(self) -> Iterator[Assignment]:
        """Yield the lines of the rule. The last one is θ = θ + Δ. See `microgrAD.optim.working`."""
        raise NotImplementedError(f"{type(self).__name__} has to define rule(self) or update(self, theta, g)")


def leaves(parameters: Iterable[Value], who: str) -> list[Value]:
    """Return the parameters as a list; TypeError unless each is a leaf Value, since results can't be changed."""
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
