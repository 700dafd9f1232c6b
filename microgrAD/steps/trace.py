"""What a trace holds: each node as it was, and what happened to it as frozen events in order.

    node, arg       a node and one of its operands; index is the operand's place in node.args, from 0
    local           d(node)/d(arg) along this edge
    upstream        d(objective)/d(node), complete by then
    contribution    upstream × local, what the edge adds to d(objective)/d(arg)
    total           d(objective)/d(arg) so far
    part, parts     this is contribution number `part`, from 1, of `parts` that the total is made of

Whatever explains or shows a pass reads it from here and computes nothing of its own. The objective is the root; if
a gradient other than 1 is sent into the root, it is something unseen above it, called L.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

from microgrAD import formula
from microgrAD.operators import Value
from microgrAD.ops import OPS

Mode = Literal["reverse", "forward"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A node as it was when the trace was taken."""

    id: str  # n0, n1, ... in topological order, as in pictures
    name: str  # see naming.py
    data: float
    op: str  # the operation's name in the table; empty for an input
    args: tuple[str | float, ...]  # its operands: ids, or plain numbers
    partials: tuple[float | None, ...]  # d(node)/d(operand); None for a plain number
    label: str
    scope: str
    value: Value = field(repr=False, compare=False)  # the Value itself


@dataclass(frozen=True, slots=True)
class Forward:
    """A node's value is computed; inputs have theirs."""

    node: Variable


@dataclass(frozen=True, slots=True)
class Seed:
    """The backward pass begins: d(objective)/d(root)."""

    root: Variable
    gradient: float


@dataclass(frozen=True, slots=True)
class Backward:
    """Upstream × local flows through one edge, from a node to its operand. See the module for the letters."""

    node: Variable
    arg: Variable
    index: int
    local: float
    upstream: float
    contribution: float
    total: float
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class TangentSeed:
    """Forward mode, where it begins: d(node)/d(wrt), 1 for what we differentiate by and 0 for other inputs."""

    node: Variable
    tangent: float


@dataclass(frozen=True, slots=True)
class Tangent:
    """Forward mode, through one edge: local × d(arg)/d(wrt), `upstream`, is added to d(node)/d(wrt), `total`."""

    node: Variable
    arg: Variable
    index: int
    local: float
    upstream: float
    contribution: float
    total: float
    part: int
    parts: int


Event = Forward | Seed | Backward | TangentSeed | Tangent


class Formula(NamedTuple):
    """A formula in the table's language as terms to be added up, and what each of its letters stands for."""

    terms: tuple[str, ...]
    names: dict[str, Variable | float]

    @property
    def text(self) -> str:
        """The formula in one piece."""
        return " + ".join(self.terms) or "0"


@dataclass(frozen=True, repr=False)
class Trace(Sequence[Event]):
    """The events in order, and what they are about.

    derivatives: by id, d(objective)/d(node) in reverse mode, d(node)/d(wrt) in forward mode.
    """

    mode: Mode
    objective: str  # the name of what is differentiated
    root: Variable
    variables: Mapping[str, Variable]  # by id, operands first
    events: tuple[Event, ...]
    derivatives: Mapping[str, float]
    wrt: tuple[Variable, ...] = ()  # forward mode: what we differentiate by

    def __repr__(self) -> str:
        return f"<Trace of {self.root.name}, mode={self.mode!r}: {len(self)} events on {len(self.variables)} nodes>"

    def __len__(self) -> int:
        return len(self.events)

    def __getitem__(self, k: Any) -> Any:
        return self.events[k]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    @property
    def quantity(self) -> str:
        """What `derivatives` are, in words: "gradient of f", "derivative by x1"."""
        if self.mode == "reverse":
            return f"gradient of {self.objective}"
        return f"derivative by {self.wrt[0].name}" if len(self.wrt) == 1 else "derivative"

    def operands(self, node: Variable) -> tuple[Variable | float, ...]:
        """What a node was computed from, in order."""
        return tuple(arg if isinstance(arg, float) else self.variables[arg] for arg in node.args)

    def formula(self, node: Variable) -> Formula:
        """How a node's value follows from its operands; for any number of them, with every term."""
        op = OPS[node.op]
        args = self.operands(node)
        if not op.variadic:
            return Formula((op.value,), dict(zip(op.args, args, strict=True)))
        size = len(args) // len(op.args)
        letters = [f"{arg}_{k}" for arg in op.args for k in range(size)]
        return Formula(tuple(formula.terms(op.value, size)), dict(zip(letters, args, strict=True)))

    def local(self, node: Variable, index: int) -> Formula:
        """The derivative of a node by its operand number `index`, over the operands and `out`, the node itself."""
        op = OPS[node.op]
        args: list[Variable | float] = list(self.operands(node))
        which = index
        if op.variadic:
            size = len(args) // len(op.args)
            which, place = divmod(index, size)
            args = args[place::size]
        return Formula((op.partials[which] or "0",), {**dict(zip(op.args, args, strict=True)), "out": node})

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain data for JSON: nodes by id, events with their kind and ids in place of nodes."""
        return {
            "mode": self.mode,
            "objective": self.objective,
            "root": self.root.id,
            "wrt": [v.id for v in self.wrt],
            "nodes": [_plain(v) for v in self.variables.values()],
            "events": [{"kind": type(event).__name__.lower(), **_plain(event)} for event in self.events],
            "derivatives": dict(self.derivatives),
        }


def _plain(record: Any) -> dict[str, Any]:
    """A record as JSON takes it: nodes by their ids."""
    pairs = ((f.name, getattr(record, f.name)) for f in fields(record))
    return {
        name: thing.id if isinstance(thing, Variable) else list(thing) if isinstance(thing, tuple) else thing
        for name, thing in pairs
        if not isinstance(thing, Value)
    }
