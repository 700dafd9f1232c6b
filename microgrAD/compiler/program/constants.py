"""A pass: an operand that is one constant for a whole step becomes a plain number, which its formula can use."""

from __future__ import annotations

from dataclasses import replace

from microgrAD.compiler.program.tensors import Map, Rows, Step, Tensors, operation


def rewrite(tensors: Tensors) -> Tensors:
    """Return the program with a number in the place of each operand of a Map that is one constant."""
    return replace(tensors, steps=tuple([_known(step, tensors.constants) for step in tensors.steps]))


def _known(step: Step, constants: dict[int, float]) -> Step:
    if not isinstance(step, Map):
        return step
    args = [_number(arg, constants) for arg in step.args.values()]
    return operation(step.out, step.op, args) if args != list(step.args.values()) else step


def _number(arg: Rows | float, constants: dict[int, float]) -> Rows | float:
    if isinstance(arg, float) or arg.batched:
        return arg
    first = arg.index.item(0)
    return constants[first] if first in constants and bool((arg.index == first).all()) else arg
