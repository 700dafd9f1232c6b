"""The tensor program: a handful of steps on two tables of numbers.

    D    batched numbers: one line for each, one column for each row of the batch
    U    uniform numbers: the parameters first, then watched leaves, constants, and what is computed of them
    Rows     which lines of D, or places of U, an operand has

A step reads lines and writes lines. The forward pass is made of the first five kinds, the backward pass of all eight:

    Map      out[n] = f(args[n], ...)               a formula over any number of operands
    Matrix   out[o, p] = Σ_k W[o, k] · x[k, p]      W uniform; a bias is a weight on a line of ones
    Sum      out[n] = Σ_k x[k, n]                   or over runs of different lengths
    Dot      out[n] = Σ_k x[k, n] · y[k, n]
    Take     out[n] = x[index[n], n]                of x (k, n), a whole number chooses one of k
    Outer    out[o, k] = Σ_p x[o, p] · y[k, p]      summed over the rows of the batch too: out is uniform
    Total    out[n] = x[n]                          summed over the rows of the batch: out is uniform
    Spread   out[places[index[n], n]] += x[n]       begun at 0; over the rows of the batch too, where out is uniform
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from microgrAD.compiler.program import simplify
from microgrAD.compiler.record.numbers import Index, stride
from microgrAD.ops import OPS

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


@dataclass(frozen=True)
class Map:
    """out = f(args), number by number; a float among args is the same for all.

    Shapes of out and args are (n,), or (k, n) with args that may be (n,). `shown` is the formula as a reader sees it,
    `tree` as it is computed, with the floats among args put in.
    """

    out: Rows
    shown: str
    tree: ast.expr
    args: Mapping[str, Rows | float] = field(hash=False)
    op: str = ""  # the operation whose value it is

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands that are in a table."""
        return tuple(self.operands.values())

    @property
    def operands(self) -> dict[str, Rows]:
        """The same, by their names in the formula."""
        used = simplify.names(self.tree)
        return {name: arg for name, arg in self.args.items() if name in used and isinstance(arg, Rows)}


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
    """out (n,) = Σ over the first axis of x (k, n); or of x (m,), cut into n runs that begin at `starts`."""

    out: Rows
    x: Rows
    starts: Index | None = field(default=None, hash=False, compare=False)

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


@dataclass(frozen=True)
class Take:
    """out (n,) = of each column of x (k, n) the number in the row that index (n,) says."""

    out: Rows
    index: Rows
    x: Rows

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands."""
        return self.index, self.x


@dataclass(frozen=True)
class Outer:
    """out (o, k), uniform = Σ over the rows of the batch and p of x (o, p) · y (k, p)."""

    out: Rows
    x: Rows
    y: Rows

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands."""
        return self.x, self.y


@dataclass(frozen=True)
class Total:
    """out (n,), uniform = Σ over the rows of the batch of x (n,)."""

    out: Rows
    x: Rows

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operand."""
        return (self.x,)


@dataclass(frozen=True)
class Spread:
    """out (d,) = Σ of those x (n,) whose place is this one: places (k, n), in the row that index (n,) says."""

    out: Rows
    index: Rows
    x: Rows
    places: Index = field(hash=False, compare=False)

    @property
    def reads(self) -> tuple[Rows, ...]:
        """The operands."""
        return self.index, self.x


Step = Map | Matrix | Sum | Dot | Take | Outer | Total | Spread


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


def operation(out: Rows, name: str, args: Sequence[Rows | float]) -> Map:
    """The step that computes an operation of the table."""
    given = dict(zip(OPS[name].args, args, strict=True))
    known = {arg: number for arg, number in given.items() if isinstance(number, float)}
    return Map(out, OPS[name].value, simplify.specialise(OPS[name].computed_value, known), given, name)


def moved(step: Step, lines: Index, places: Index) -> Step:
    """A step with other lines and places in the place of its own: lines[i] for i."""

    def there(rows: Rows) -> Rows:
        return Rows(rows.batched, (lines if rows.batched else places)[rows.index])

    if isinstance(step, Map):
        args = {name: there(arg) if isinstance(arg, Rows) else arg for name, arg in step.args.items()}
        return replace(step, out=there(step.out), args=args)
    named = {name: value for name, value in vars(step).items() if isinstance(value, Rows)}
    return replace(step, **{name: there(value) for name, value in named.items()})  # type: ignore[arg-type]
