"""Blaming: which row and which operation gave a number that is not finite, found by replaying rows on the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import Tape
from microgrAD.engine import Value, apply
from microgrAD.errors import DomainError


def replay(tape: Tape, theta: Sequence[float], watched: Sequence[float], row: Sequence[float]) -> list[Value]:
    """One row on the eager engine: the roots, on parameters of the same labels. DomainError as the engine says it."""
    nodes: dict[int, Value | float] = dict(tape.constants)
    for leaves, numbers in ((tape.parameters, theta), (tape.watched, watched)):
        for (leaf, i), number in zip(leaves.items(), numbers, strict=True):
            nodes[i] = Value(number, label=leaf.label)
            nodes[i].scope = leaf.scope  # type: ignore[union-attr]
    nodes.update(zip(tape.inputs, map(float, row), strict=True))
    for i, alive in enumerate(tape.live().tolist()):
        if alive and tape.op[i]:
            nodes[i] = apply(tape.op[i], [nodes[j] for j in tape.args[i]])
    roots = [nodes[i] for i in tape.roots]
    return [root if isinstance(root, Value) else Value(root) for root in roots]


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
        try:
            roots = replay(tape, theta, watched, columns[:, k].tolist())
            if len(roots) == 1:
                roots[0].backward()
        except DomainError as error:
            where = f"row {first + k}: " if tape.inputs else ""
            raise DomainError(f"{where}{error}") from None
    raise DomainError(
        "summed over the rows, a value or a gradient is more than a float holds; scale the data or the parameters down"
    )


def suspicious(*tables: Array) -> list[int]:
    """The columns that hold a number that is not finite; all of them where none does."""
    bad = np.zeros(tables[0].shape[1], dtype=bool)
    for table in tables:
        bad |= ~np.isfinite(table).all(axis=0)
    found: list[int] = np.flatnonzero(bad).tolist()
    return found or list(range(len(bad)))
