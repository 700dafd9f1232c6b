"""An optimiser's rule as a program: what it makes of one parameter is recorded, as a function of one row is.

The rows of that program are the parameters: of each the parameter itself, its gradient and what is remembered of it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from microgrAD.compiler.program.passes import tensor_program
from microgrAD.compiler.program.sums import flatten
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.recording import trace
from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.run.faults import replay
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer

_EQUAL = 1e-12


class Rule(NamedTuple):
    """The program, and the names of what is remembered, in the order of its inputs. Its parameter is the step."""

    tensors: Tensors
    names: tuple[str, ...]


def key(optimizer: Optimizer) -> Any:
    """What is equal for optimisers of one rule: all but the learning rate, which may change from step to step."""
    settings = {name: value for name, value in optimizer.options().items() if name != "lr"}
    return type(optimizer), repr(sorted(settings.items())), tuple(sorted(optimizer.state))


def rule(optimizer: Optimizer) -> Rule | None:
    """The rule, where it can be recorded and gives the same numbers: each parameter's from its own alone."""
    names = tuple(sorted(optimizer.state))
    step, lr = Value(3.0), Value(0.25)
    twin = copy.copy(optimizer)
    twin.steps, twin.lr = step, lr  # type: ignore[assignment]

    def updated(theta: Any, g: Any, *held: Any) -> list[Any]:
        twin.state = dict(zip(names, held, strict=True))
        new = twin.update(theta, g)
        if twin.state.keys() != set(names):
            raise ValueError("the rule remembers more after its first step")
        return [new, *[twin.state[name] for name in names]]

    try:
        tape, _ = trace(updated, [step], [()] * (2 + len(names)))
        if not _agrees(tape, optimizer, names):
            return None
    except Exception:  # whatever a rule does that can't be recorded: it is run as it is
        return None
    return Rule(tensor_program(flatten(tape)), names)


def _agrees(tape: Tape, optimizer: Optimizer, names: tuple[str, ...]) -> bool:
    """Whether the rule on arrays gives what was recorded, for two parameters."""
    rows = np.array([[0.7, -0.4, *[0.3] * len(names)], [-1.2, 0.9, *[0.55] * len(names)]])
    twin = copy.copy(optimizer)
    twin.steps, twin.lr = 3, 0.25
    twin.state = {name: rows[:, 2 + k].copy() for k, name in enumerate(names)}
    new = twin.update(rows[:, 0].copy(), rows[:, 1].copy())
    want = np.array([new, *[twin.state[name] for name in names]])
    watched = [leaf._data for leaf in tape.watched]
    found = np.array([[float(root) for root in replay(tape, [3.0], watched, row)[1]] for row in rows.tolist()]).T
    return bool(np.allclose(found, want, rtol=_EQUAL, atol=0))
