"""A trace: each node as it was when the trace was taken, and what happened, as frozen events in order.

    node, arg       a node and one of its operands; index is the operand's place in node.args, from 0
    local           d(node)/d(arg) along this edge
    upstream        d(objective)/d(node), which is complete at that time
    contribution    upstream × local, which the edge adds to d(objective)/d(arg)
    total           d(objective)/d(arg) so far
    part, parts     the number of this contribution, from 1, and how many contributions the total has

Explanations and pictures read everything from a trace; they compute no derivative themselves. The objective is what is
differentiated. It is the root, or, if a gradient other than 1 flows into the root, a result above the root, called L.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

from microgrAD import formula
from microgrAD.operators import Value
from microgrAD.ops import OPS
from microgrAD.showing import Shown
from microgrAD.steps import naming

Mode = Literal["reverse", "forward"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A node as it was when the trace was taken.

    Arguments:
        id: n0, n1, ... in topological order, as in pictures.
        name: the node's name; `microgrAD.steps.naming` makes it.
        data: its value.
        op: the operation's name in the table; empty for an input.
        args: its operands, ids or plain numbers.
        partials: d(node)/d(operand) for each operand; None for a plain number.
        label, scope: those of the Value.
        value: the Value itself.
    """

    id: str
    name: str
    data: float
    op: str
    args: tuple[str | float, ...]
    partials: tuple[float | None, ...]
    label: str
    scope: str
    value: Value = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Forward:
    """The value of a node is computed, or read if the node is an input."""

    node: Variable


@dataclass(frozen=True, slots=True)
class Seed:
    """The backward pass begins with d(objective)/d(root), `gradient`."""

    root: Variable
    gradient: float


@dataclass(frozen=True, slots=True)
class Edge:
    """What one edge adds to a derivative. The module explains the names."""

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
class Backward(Edge):
    """In reverse mode, one edge adds upstream × local to `total`, from a node to its operand."""


@dataclass(frozen=True, slots=True)
class TangentSeed:
    """The start of forward mode: d(node)/d(wrt), which is 1 for `wrt` itself and 0 for other inputs."""

    node: Variable
    tangent: float


@dataclass(frozen=True, slots=True)
class Tangent(Edge):
    """In forward mode, one edge adds local × upstream, d(arg)/d(wrt), to `total`, d(node)/d(wrt)."""


Event = Forward | Seed | Backward | TangentSeed | Tangent


class Formula(NamedTuple):
    """A formula as terms that are added up, and the operand that each of its letters stands for."""

    terms: tuple[str, ...]
    names: dict[str, Variable | float]

    @property
    def text(self) -> str:
        """The whole formula: its terms, added up."""
        return " + ".join(self.terms) or "0"


@dataclass(frozen=True, repr=False)
class Trace(Shown, Sequence[Event]):
    """The events of a pass in order, and the nodes that they happened to.

    Arguments:
        mode: "reverse" or "forward".
        objective: the name of what is differentiated.
        root: the node that the trace was taken of.
        variables: the nodes by id, operands first.
        events: the events in order.
        derivatives: d(objective)/d(node) by id in reverse mode; d(node)/d(wrt) by id in forward mode.
        wrt: what forward mode differentiates by; empty in reverse mode.
    """

    mode: Mode
    objective: str
    root: Variable
    variables: Mapping[str, Variable]
    events: tuple[Event, ...]
    derivatives: Mapping[str, float]
    wrt: tuple[Variable, ...] = ()

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
        """What `derivatives` holds, in words: "gradient of f", "derivative by x1"."""
        if self.mode == "reverse":
            return f"gradient of {naming.plain(self.objective)}"
        return f"derivative by {naming.plain(self.wrt[0].name)}" if len(self.wrt) == 1 else "derivative"

    def operands(self, node: Variable) -> tuple[Variable | float, ...]:
        """Return the operands of a node, in order."""
        return tuple(arg if isinstance(arg, float) else self.variables[arg] for arg in node.args)

    def formula(self, node: Variable) -> Formula:
        """Return the formula of a node's value over its operands. Sums and dot products are written out."""
        op = OPS[node.op]
        args = self.operands(node)
        if not op.variadic:
            return Formula((op.value,), dict(zip(op.args, args, strict=True)))
        size = len(args) // len(op.args)
        letters = [f"{arg}_{k}" for arg in op.args for k in range(size)]
        return Formula(tuple(formula.terms(op.value, size)), dict(zip(letters, args, strict=True)))

    def local(self, node: Variable, index: int) -> Formula:
        """Return the formula of d(node)/d(operand), over the operands and `out`, the node itself.

        Arguments:
            node: the node.
            index: the number of the operand, from 0.
        """
        op = OPS[node.op]
        args: list[Variable | float] = list(self.operands(node))
        which = index
        if op.variadic:
            size = len(args) // len(op.args)
            which, place = divmod(index, size)
            args = args[place::size]
        return Formula((op.partials[which] or "0",), {**dict(zip(op.args, args, strict=True)), "out": node})

    def renamed(self, names: Mapping[Value, str]) -> Trace:
        """Return the same trace with other names for some of its nodes."""
        found = {id: replace(v, name=names.get(v.value, v.name)) for id, v in self.variables.items()}

        def renew(event: Event) -> Event:
            pairs = ((f.name, getattr(event, f.name)) for f in fields(event))
            nodes: dict[str, Any] = {name: found[x.id] for name, x in pairs if isinstance(x, Variable)}
            return replace(event, **nodes)

        return replace(
            self,
            objective=found[self.root.id].name if self.objective == self.root.name else self.objective,
            root=found[self.root.id],
            variables=found,
            events=tuple(map(renew, self.events)),
            wrt=tuple(found[v.id] for v in self.wrt),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the trace as plain data for JSON. Nodes have ids; events have a kind, and ids in place of nodes."""
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
    """Return a record as plain data for JSON, with ids in place of nodes."""
    pairs = ((f.name, getattr(record, f.name)) for f in fields(record))
    return {
        name: thing.id if isinstance(thing, Variable) else list(thing) if isinstance(thing, tuple) else thing
        for name, thing in pairs
        if not isinstance(thing, Value)
    }
