"""What has to be computed when: which steps move with the parameters, and which values gradients are computed from.

setup       depends on rows and constants alone: once for a batch, however many steps of training it sees
seed        of the backward pass, what no parameter moves: once for a batch, too
forward     needed for gradients
finish      needed for the value alone
backward    the rest of the backward pass
"""

from __future__ import annotations

from typing import NamedTuple

from microgrAD.compiler.program.adjoint import Backward, Marks
from microgrAD.compiler.program.tensors import Step, Tensors


class Planned(NamedTuple):
    """A step, and when it runs."""

    step: Step
    section: str


def plan(tensors: Tensors, backward: Backward | None) -> tuple[list[Planned], Marks]:
    """The steps with the sections they belong to, and what depends on a parameter."""
    size = (backward.lines, backward.places) if backward else (tensors.lines, tensors.places)
    moving, needed = Marks(*size), Marks(*size)
    moving.places[: len(tensors.parameters)] = True
    after = []
    for step in tensors.steps:
        _follow(step, moving)
    for step in backward.steps if backward else ():
        after.append(Planned(step, "backward" if _follow(step, moving) else "seed"))
        for rows in step.reads:
            needed.mark(rows)
    before = []
    for step in reversed(tensors.steps):
        section = "setup"
        if moving.any(step.out):
            section = "forward" if needed.any(step.out) else "finish"
            if section == "forward":
                for rows in step.reads:
                    needed.mark(rows)
        before.append(Planned(step, section))
    return [*before[::-1], *after], moving


def _follow(step: Step, moving: Marks) -> bool:
    """Mark what a step computes where a parameter moves what it reads."""
    moves = any(moving.any(rows) for rows in step.reads)
    if moves:
        moving.mark(step.out)
    return moves
