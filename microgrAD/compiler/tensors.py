"""The tensor program: a handful of steps on two tables of numbers.

    D    batched numbers: one line for each, one column for each row of the batch
    U    uniform numbers: the parameters first, then watched leaves, constants, and what is computed of them
    Rows     which lines of D, or places of U, an operand has

A step reads lines and writes lines:

    Map      out[n] = op(args[n], ...)              any operation of the table
    Matrix   out[o, p] = Σ_k W[o, k] · x[k, p]      W uniform; a bias is a weight on a line of ones
    Sum      out[n] = Σ_k x[k, n]
    Dot      out[n] = Σ_k x[k, n] · y[k, n]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Index = np.ndarray[Any, np.dtype[np.intp]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
_UNKNOWN = -1


class Rows:
    """Lines of D (batched) or places of U, in any shape. They stay as they are: what is found out is kept."""

    __slots__ = ("_key", "_stride", "batched", "index")

    def __init__(self, batched: bool, index: Index) -> None:
        self.batched, self.index = batched, index
        self._key: tuple[bool, tuple[int, ...], bytes] | None = None
        self._stride: int | None = _UNKNOWN

    def __repr__(self) -> str:
        return f"Rows({self.batched}, {self.index.tolist()})"

    @property
    def size(self) -> int:
        """How many numbers."""
        return self.index.size

    @property
    def flat(self) -> Rows:
        """The same, in one line."""
        return self if self.index.ndim == 1 else Rows(self.batched, self.index.ravel())

    @property
    def stride(self) -> int | None:
        """The even step, 0 or more, from each number to the next; None where there is none."""
        if self._stride == _UNKNOWN:
            self._stride = stride(self.index.ravel())
        return self._stride

    @property
    def key(self) -> tuple[bool, tuple[int, ...], bytes]:
        """What is the same in equal rows alone."""
        if self._key is None:
            self._key = self.batched, self.index.shape, self.index.tobytes()
        return self._key

    def __eq__(self, other: object) -> bool:
        return self is other or isinstance(other, Rows) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def distinct(numbers: Index) -> Index:
    """Each number once, sorted: np.unique, without numpy.ma, which that imports."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if ordered.size else ordered


def stride(flat: Index) -> int | None:
    """The even step, 0 or more, from each number to the next; None where there is none."""
    if flat.size == 1:
        return 1
    first = flat.item(0)
    step = flat.item(1) - first
    if step < 0 or flat.item(-1) - first != step * (flat.size - 1):  # most that are uneven are told by their ends
        return None
    return step if flat.size == 2 or bool((flat[1:] - flat[:-1] == step).all()) else None


@dataclass(frozen=True)
class Map:
    """out = op(*args), number by number; a float among args is the same for all."""

    out: Rows
    op: str
    args: tuple[Rows | float, ...]

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands that are in a table."""
        return tuple(arg for arg in self.args if isinstance(arg, Rows))


@dataclass(frozen=True)
class Matrix:
    """out (o, p) = weights (o, k) · x (k, p)."""

    out: Rows
    weights: Rows
    x: Rows
    bias: bool  # whether the last line of x is the ones'

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands."""
        return self.weights, self.x


@dataclass(frozen=True)
class Sum:
    """out (n,) = Σ over the first axis of x (k, n)."""

    out: Rows
    x: Rows

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operand."""
        return (self.x,)


@dataclass(frozen=True)
class Dot:
    """out (n,) = Σ over the first axis of x · y, both (k, n)."""

    out: Rows
    x: Rows
    y: Rows

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands."""
        return self.x, self.y


Step = Map | Matrix | Sum | Dot


@dataclass(frozen=True)
class Tensors:
    """The program: how large the tables are, what stands in them at the start, and the steps."""

    lines: int  # of D
    ones: tuple[int, ...]  # lines of D that hold 1
    inputs: tuple[int, ...]  # the line of each input
    places: int  # of U
    parameters: tuple[int, ...]  # U begins with these: for each place, which parameter (counted from 0) it is
    watched: tuple[int, ...]  # the place of each watched leaf
    constants: dict[int, float]  # the number at a place of U
    steps: tuple[Step, ...]
    roots: tuple[int, ...]  # lines of D
    nodes: tuple[Index, ...]  # which nodes of the tape each step's results are; new ones stand after those
