"""Keeps the results of a graph at the numbers of its inputs, while they change."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping

from microgrAD import engine
from microgrAD.errors import DomainError
from microgrAD.following import follow, leave, tell
from microgrAD.graph import topological
from microgrAD.operators import Value
from microgrAD.pausing import recording


class Live:
    """The graph behind a root: where a number of an input is set, all results follow, in place.

    Gradients follow only where `put` changes inputs, since a loop that steps by them must not change them.

    Arguments:
        root: the root.
        changed: is called after each change.
        gradient: the gradient that flows into the root; None for no gradients.
    """

    def __init__(self, root: Value, changed: Callable[[], None], *, gradient: float | None = 1.0) -> None:
        self.root, self.changed, self.gradient = root, changed, gradient
        self.order = topological(root)
        self.inputs = [v for v in self.order if not v.op]
        self.wrong = ""  # why the results could not follow; empty while they do
        follow(self.inputs, self._follow)

    def close(self) -> None:
        """Let the results stay as they are, from now on."""
        leave(self.inputs, self._follow)

    def put(self, numbers: Mapping[Value, float]) -> None:
        """Set the numbers of some inputs, and the values and gradients of all results.

        If a result has no value at these numbers, nothing changes, and `wrong` says why.
        """
        before = {v: v._data for v in numbers}
        for v, number in numbers.items():
            v._data = number
        self._compute()
        if self.wrong:
            for v, number in before.items():
                v._data = number
        elif self.gradient is not None:
            for v in self.order:
                v.grad = 0.0
            self.root.backward(self.gradient)
        tell(numbers, but=self._follow)

    def _follow(self) -> None:
        """Follow a number that was set from outside, where nobody may look at `wrong`."""
        self._compute()
        if self.wrong:
            warnings.warn(
                f"the results have no value at these inputs and stay as they were: {self.wrong}", stacklevel=4
            )

    def _compute(self) -> None:
        held = [(v, v._data, v._da, v._db) for v in self.order if v.op]
        try:
            with recording():
                for v in self.order:
                    if v.op:
                        made = engine.apply(v.op, v.args)
                        v._data, v._da, v._db = made._data, made._da, made._db
            self.wrong = ""
        except DomainError as error:
            for v, data, da, db in held:
                v._data, v._da, v._db = data, da, db
            self.wrong = str(error)
        self.changed()
