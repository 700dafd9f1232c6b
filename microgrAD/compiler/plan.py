"""What has to be computed when: which steps move with the parameters, and which gradients need a step's value.

setup       depends on rows and constants alone: once for a batch, however many steps of training it sees
seed        gradients that no parameter moves: once for a batch, too
turn        operands with rows and columns exchanged, from which gradients are computed: likewise
forward     needed for gradients
finish      needed for the value alone
backward    the gradients
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache

import numpy as np

from microgrAD.compiler import simplify
from microgrAD.compiler.tensors import Dot, Map, Matrix, Rows, Step, Tensors
from microgrAD.ops import OPS

GRADIENT, OUT = "gradient", "out"  # the names in a contribution: d(root)/d(out), and the operation's own value


@dataclass(frozen=True)
class Planned:
    """A step, when it runs, and whether it passes gradients on."""

    step: Step
    section: str
    differentiable: bool


class Marks:
    """A flag for each line of D and each place of U."""

    def __init__(self, tensors: Tensors) -> None:
        self.lines = np.zeros(tensors.lines, dtype=bool)
        self.places = np.zeros(tensors.places, dtype=bool)

    def table(self, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The flags of the table that `rows` belongs to."""
        return self.lines if rows.batched else self.places

    def any(self, rows: Rows) -> bool:
        """Whether one of the rows is marked."""
        return bool(self.table(rows)[rows.index].any())

    def all(self, rows: Rows) -> bool:
        """Whether all are."""
        return bool(self.table(rows)[rows.index].all())

    def mark(self, rows: Rows) -> None:
        """Mark them."""
        self.table(rows)[rows.index] = True


def plan(tensors: Tensors) -> tuple[list[Planned], Marks]:
    """The steps with the sections they belong to, and what depends on a parameter."""
    moving = Marks(tensors)
    moving.places[: len(tensors.parameters)] = True
    differentiable = []
    for step in tensors.steps:
        differentiable.append(any(moving.any(rows) for rows in step.reads))
        if differentiable[-1]:
            moving.mark(step.out)
    needed = Marks(tensors)
    for step, moves in zip(tensors.steps, differentiable, strict=True):
        if moves:
            for rows in wanted(step, moving):
                needed.mark(rows)
    planned = []
    for step, moves in reversed(list(zip(tensors.steps, differentiable, strict=True))):
        section = "setup"
        if moves:
            section = "forward" if needed.any(step.out) else "finish"
            if section == "forward":
                for rows in step.reads:
                    needed.mark(rows)
        planned.append(Planned(step, section, moves))
    return planned[::-1], moving


def contribution(step: Map, k: int) -> ast.expr:
    """What a Map hands back to its argument number k: gradient · d(op)/d(argument), with known numbers put in."""
    return _contribution(step.op, k, tuple([arg if isinstance(arg, float) else None for arg in step.args]))


@cache
def _contribution(name: str, k: int, args: tuple[float | None, ...]) -> ast.expr:
    op = OPS[name]
    known = {argument: arg for argument, arg in zip(op.args, args, strict=True) if arg is not None}
    text = op.computed_partials[k]
    if text is None:
        return ast.Constant(0.0)
    gradient, partial = ast.Name(GRADIENT, ast.Load()), simplify.specialise(text, known)
    match partial:
        case ast.BinOp(left=one, op=ast.Div(), right=divisor) if simplify.is_number(one, 1):
            return ast.BinOp(gradient, ast.Div(), divisor)
    return simplify.product(gradient, partial)


def wanted(step: Step, moving: Marks) -> list[Rows]:
    """The rows whose values the gradients of a step are computed from."""
    if isinstance(step, Matrix):
        return [step.weights, step.x] if moving.any(step.weights) else [step.weights]
    if isinstance(step, Dot):
        return [step.x, step.y]
    if not isinstance(step, Map):
        return []
    names: set[str] = set()
    for k, arg in enumerate(step.args):
        if isinstance(arg, Rows) and moving.any(arg):
            names |= simplify.names(contribution(step, k))
    found = [
        arg for name, arg in zip(OPS[step.op].args, step.args, strict=True) if name in names and isinstance(arg, Rows)
    ]
    return [*found, step.out] if OUT in names else found
