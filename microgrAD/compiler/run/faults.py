"""Blaming: which row and which operation gave a number that is not finite, found by replaying rows on the engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index
from microgrAD.compiler.record.tape import Tape
from microgrAD.engine import apply, taken
from microgrAD.errors import DomainError
from microgrAD.lookup import TAKE, take
from microgrAD.operators import Value


class Summed(DomainError):
    """No row fails by itself."""

    def __init__(self) -> None:
        super().__init__(
            "summed over the rows, or with what `grad` held, a value or a gradient is more than a float holds; scale "
            "the data or the parameters down"
        )


def replay(
    tape: Tape, theta: Sequence[float], watched: Sequence[float], row: Sequence[float]
) -> tuple[list[Value], list[Value]]:
    """One row on the eager engine: parameters of the same labels, and the roots. DomainError as the engine says it.

    Of a choice between functions, only the side that is taken is computed.
    """
    nodes: dict[int, Value | float] = dict(tape.constants)
    for leaves, numbers in ((tape.parameters, theta), (tape.watched, watched)):
        for (leaf, i), number in zip(leaves.items(), numbers, strict=True):
            nodes[i] = Value(number, label=leaf.label)
            nodes[i].scope = leaf.scope  # type: ignore[union-attr]
    nodes.update(zip(tape.inputs, map(float, row), strict=True))
    skipped: set[int] = set()
    begins = {sides[0].start: i for i, sides in tape.sides.items()}
    for i in range(len(tape)):  # what no root needs too: it may be the first that fails
        if i in begins and i not in skipped:
            skipped.update(_not_taken(tape, begins[i], nodes))
        if tape.op[i] and i not in skipped:
            args = tape.args[i]
            if i in tape.sides:
                nodes[i] = nodes[args[1 + taken(tape.op[i], nodes[args[0]], len(args) - 1)]]
            elif tape.op[i] == TAKE:
                index, *values = [nodes[j] for j in args]
                nodes[i] = take(values, index)
            else:
                nodes[i] = apply(tape.op[i], [nodes[j] for j in args])
    roots = [nodes[i] for i in tape.roots]
    parameters = [nodes[i] for i in tape.parameters.values()]
    return parameters, [root if isinstance(root, Value) else Value(root) for root in roots]  # type: ignore[return-value]


def _not_taken(tape: Tape, i: int, nodes: dict[int, Value | float]) -> list[int]:
    """What was recorded for the sides that a choice does not take."""
    sides = tape.sides[i]
    k = taken(tape.op[i], nodes[tape.args[i][0]], len(sides))
    return [j for n, side in enumerate(sides) if n != k for j in side]


class strict(np.errstate):
    """Within it, overflow and undefined results stop a pass; what no row is to blame for is the sum's.

    A number too small for a float becomes 0, as in Python.
    """

    def __init__(self) -> None:
        super().__init__(over="raise", invalid="raise", divide="raise", under="ignore")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        if kind is FloatingPointError:
            raise Summed from None


_counting = threading.local()


@contextmanager
def counted(numbers: Sequence[int] | Index | None) -> Iterator[None]:
    """Within it, errors name row k by numbers[k]; None changes nothing."""
    before = getattr(_counting, "numbers", None)
    _counting.numbers = before if numbers is None else numbers
    try:
        yield
    finally:
        _counting.numbers = before


def numbered(k: int) -> int:
    """The number by which an error names row k."""
    numbers = getattr(_counting, "numbers", None)
    return k if numbers is None else int(numbers[k])


@contextmanager
def prefixed(tape: Tape, k: int) -> Iterator[None]:
    """Within it, an error of the engine says which row it is."""
    try:
        yield
    except DomainError as error:
        raise DomainError(f"row {numbered(k)}: {error}" if tape.inputs else str(error)) from None


def blame(
    tape: Tape,
    theta: Sequence[float],
    watched: Sequence[float],
    columns: Array,
    suspects: Sequence[int],
    first: int = 0,
) -> NoReturn:
    """Raise the error of the first suspect row that fails on the engine; rows are counted from `first`."""
    for k in suspects:
        with prefixed(tape, first + k):
            _, roots = replay(tape, theta, watched, columns[:, k].tolist())
            if len(roots) == 1:
                roots[0].backward()
    raise Summed


def suspicious(*tables: Array) -> list[int]:
    """The columns that hold a number that is not finite; all of them where none does."""
    bad = np.zeros(tables[0].shape[1], dtype=bool)
    for table in tables:
        bad |= ~np.isfinite(table).all(axis=0)
    found: list[int] = np.flatnonzero(bad).tolist()
    return found or list(range(len(bad)))
