"""Many steps in one call: gradients from the pieces, steps from the optimiser's rule on arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_
from typing import TYPE_CHECKING

import numpy as np

from microgrAD import flat
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.run.faults import strict
from microgrAD.compiler.run.runner import Gradient, Piece, Runner
from microgrAD.compiler.run.sides import Sided
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer

Step = Callable[[Array, Array], Array]
FEW = 2  # steps for which tables of their own do not pay


def descend(
    parameters: Sequence[Value],
    theta: Array,
    batches: Sequence[Sequence[Piece]],
    optimizer: Optimizer,
    steps: int,
) -> Array:
    """Move the parameters `steps` times, each by the next batch; gives what they were before the last time."""
    if not callable(getattr(optimizer, "update", None)):
        raise TypeError(f"train takes an optimizer, such as microgrAD.optim.SGD(parameters, lr=0.1), got {optimizer!r}")
    if not isinstance(steps, int) or isinstance(steps, bool) or steps < 0:
        raise ValueError(f"steps must be a whole number, 0 or more, got {steps!r}")
    before, left = theta, steps
    step = _step(parameters, optimizer)
    with strict():
        if len(batches) > 1:
            gradient = _in_turn(batches, optimizer)
        else:
            (pieces,) = batches
            if steps and len(pieces) == 1 and _same(parameters, optimizer.parameters):
                before, theta, left = _by_machine(parameters, theta, pieces[0], optimizer, steps)
            gradient = _total([_gradient(piece, left) for piece in pieces])
        try:
            for _ in range(left):
                before, theta = theta, step(theta, gradient(theta))
        finally:
            flat.set_data(parameters, theta)  # finite: an overflow raises above
    return before


def _by_machine(
    parameters: Sequence[Value], theta: Array, piece: Piece, optimizer: Optimizer, steps: int
) -> tuple[Array, Array, int]:
    """Take steps in machine code, where that pays: parameters before the last and after it, and the steps left."""
    run, columns, seeds = piece
    code = run.inner if isinstance(run, Sided) else run
    if not isinstance(code, Runner) or not code.choice.machine(columns.shape[1], steps):
        return theta, theta, steps
    before, rows = theta, columns.shape[1]
    if not optimizer.state and code.machine.trainer(optimizer, rows) is None:  # most remember nothing before a step
        before, theta = theta, _advance(optimizer, theta, run.gradients(theta, columns, seeds)[1])
        flat.set_data(parameters, theta)
        steps -= 1

    def moved(new: Array) -> None:
        nonlocal theta
        theta = new
        flat.set_data(parameters, new)

    if steps:
        before, steps = code.machine.train(theta, code.watched(), columns, seeds, optimizer, steps, moved) or (
            before,
            steps,
        )
    return before, theta, steps


def _same(parameters: Sequence[Value], others: Sequence[Value]) -> bool:
    return len(parameters) == len(others) and all(map(is_, parameters, others))


def _gradient(piece: Piece, steps: int) -> Gradient:
    """A function of theta that gives a piece's gradient; for few steps nothing is prepared."""
    run, data, seeds = piece
    return run.loop(data, seeds, steps) if steps > FEW else lambda theta: run.gradients(theta, data, seeds)[1]


def _in_turn(batches: Sequence[Sequence[Piece]], optimizer: Optimizer) -> Gradient:
    """A function of theta that gives the gradient of the batch whose turn it is at the optimizer's step."""

    def gradient(theta: Array) -> Array:
        batch = batches[optimizer.steps % len(batches)]
        return _total([_gradient(piece, 1) for piece in batch])(theta)

    return gradient


def _total(gradients: Sequence[Gradient]) -> Gradient:
    """A function of theta that gives the gradient of all pieces together."""
    if len(gradients) == 1:
        return gradients[0]
    return lambda theta: np.add.reduce([gradient(theta) for gradient in gradients])


def _step(parameters: Sequence[Value], optimizer: Optimizer) -> Step:
    """A function of theta and its gradient that gives the new theta; what the optimizer does not move stays."""
    if _same(parameters, optimizer.parameters):
        return lambda theta, g: _advance(optimizer, theta, g)
    place = {p: k for k, p in enumerate(parameters)}
    if unknown := [p for p in optimizer.parameters if p not in place]:
        raise ValueError(
            f"the optimizer moves {len(unknown)} parameters that the program does not have, such as "
            f"{unknown[0]!r}; make both of the same parameters"
        )
    places = np.array([place[p] for p in optimizer.parameters], dtype=np.intp)

    def step(theta: Array, g: Array) -> Array:
        new = theta.copy()
        new[places] = _advance(optimizer, theta[places], g[places])
        return new

    return step


def _advance(optimizer: Optimizer, theta: Array, g: Array) -> Array:
    """optimizer.advance without its check: an overflow raises here, and then `advance` says what happened."""
    new = optimizer.attempt(theta, g)
    if new is None:
        with np.errstate(all="ignore"):
            new = optimizer.advance(theta, g)
    return new
