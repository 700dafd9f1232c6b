"""What the roots need, one operation after the other, as arrays: sums and dot products taken apart.

Nodes that a sum is taken apart into are numbered on behind those of the tape.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from microgrAD.compiler.record.numbers import Flags, Index
from microgrAD.compiler.record.rules import CHOICE, LOGARITHM, MINUS, PLUS, TIMES, is_variadic, monomials
from microgrAD.compiler.record.tape import CODES, NAMES, NONE, Tape
from microgrAD.lookup import TAKE
from microgrAD.ops import OPS

TINY = 1e-300  # above the square of a number that is 0, and below that of any other
MOST = max(len(op.args) for op in OPS.values())  # operands of an operation


class Lowered(NamedTuple):
    """Operations in an order in which all operands come first.

    Arguments:
        nodes: what each makes, (operations,).
        codes: which operation it is, a place in `tape.NAMES`.
        operands: (operations, MOST), with NONE behind the last.
        size: how many nodes there are.
    """

    nodes: Index
    codes: Index
    operands: Index
    size: int


def lowered(tape: Tape, zero: int) -> Lowered:
    """The operations that the roots of a tape need. `zero` is the node of the number 0."""
    codes, first, second = tape.columns()
    needed = tape.live() & (codes > 0)
    apart, size = _taken_apart(tape, needed, zero)
    own = needed.copy()
    own[[i for i, *_ in apart]] = False
    nodes = np.flatnonzero(own)
    operands = np.full((len(nodes), MOST), NONE)
    operands[:, 0], operands[:, 1] = first[nodes], second[nodes]
    if not apart:
        return Lowered(nodes, codes[nodes], operands, size)
    more = np.array([[at, made, code, *args, *[NONE] * (MOST - len(args))] for at, made, code, args in apart])
    at = np.concatenate([nodes, more[:, 0]])
    order = np.argsort(at, kind="stable")  # a node's parts stay in their order, at its place
    return Lowered(
        np.concatenate([nodes, more[:, 1]])[order],
        np.concatenate([codes[nodes], more[:, 2]])[order],
        np.concatenate([operands, more[:, 3:]])[order],
        size,
    )


Part = tuple[int, int, int, tuple[int, ...]]  # the node that it is a part of, itself, its code, its operands


def _taken_apart(tape: Tape, needed: Flags, zero: int) -> tuple[list[Part], int]:
    """Operations of more than two operands, or of one that stands for many; and how many nodes there are then."""
    found: list[Part] = []
    size = len(tape)
    apart = [code for code, name in enumerate(NAMES) if is_variadic(name) or name == TAKE]
    several = np.isin(tape.columns()[0], apart)
    several[list(tape.many)] = True

    def node(place: int, op: str, *args: int) -> int:
        nonlocal size
        found.append((place, size, CODES[op], args))
        size += 1
        return size - 1

    for i in np.flatnonzero(needed & several).tolist():
        op, args = NAMES[tape.code[i]], tape.args[i]
        if op == TAKE:
            _look_up(tape, args, partial(node, i), zero, lambda *last, i=i: found.append((i, i, CODES[CHOICE], last)))
            continue
        if not is_variadic(op):
            found.append((i, i, tape.code[i], args))
            continue
        total = zero
        for sign, factors in monomials(op, args):
            total = node(i, PLUS if sign > 0 else MINUS, total, reduce(partial(node, i, TIMES), factors))
        found.append((i, i, CODES[PLUS], (total, zero)))
    return found, size


def _look_up(tape: Tape, args: tuple[int, ...], node: Callable[..., int], zero: int, last: Callable[..., None]) -> None:
    """A lookup as choices: of each value in turn, if the index is its number. If it is nobody's, log(0) is a fault."""
    index, *values = args
    one, tiny = tape.constant(1.0), tape.constant(TINY)
    result, found = values[0], zero
    for k, value in enumerate(values):
        index = node(MINUS, index, one) if k else index
        here = node(MINUS, tiny, node(TIMES, index, index))
        result, found = node(CHOICE, here, value, result), node(CHOICE, here, one, found)
    last(found, result, node(LOGARITHM, found))
