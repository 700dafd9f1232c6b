"""Why the order matters: one graph walked back in topological order and, naively, depth first.

The naive walk sends a node's gradient on as soon as any consumer has reported. A node with two consumers is then
visited twice, and the second time it sends on what it had sent before once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from microgrAD.explanation.terminal import measure, pad
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Backward, Trace, Variable

MOST = 1000  # visits of the naive walk, which grow with the number of paths


@dataclass(frozen=True)
class Visit:
    """One edge of the naive walk, as Backward has it, and how much of its contribution had been sent before."""

    event: Backward
    again: float  # what of the upstream gradient went through this edge before; 0 in a right walk


@dataclass(frozen=True)
class Lesson:
    """The same pass in both orders, and where they part."""

    right: Trace
    naive: tuple[Visit, ...]
    derivatives: dict[str, float]  # by id, what the naive walk ends on

    @property
    def wrong(self) -> tuple[Variable, ...]:
        """The nodes whose gradients the naive walk gets wrong."""
        return tuple(v for v in self.right.variables.values() if self.derivatives[v.id] != self.right.derivatives[v.id])

    @property
    def first_fault(self) -> Visit | None:
        """The first visit that sends something a second time."""
        return next((visit for visit in self.naive if visit.again), None)


def lesson(root: Value) -> Lesson:
    """Both walks over the graph of `root`; ValueError when the naive one has more visits than anyone reads.

    >>> from microgrAD.gallery import find
    >>> both = lesson(find("order").make().root)
    >>> [(v.name, both.right.derivatives[v.id], both.derivatives[v.id]) for v in both.wrong]
    [('a', 25.0, 29.0), ('b', 19.0, 22.0)]
    """
    right = steps(root)
    totals = dict.fromkeys(right.variables, 0.0)
    totals[right.root.id] = 1.0
    sent: dict[tuple[str, int], float] = {}
    visits: list[Visit] = []
    stack = [(right.root, index) for index in reversed(_edges(right.root))]
    while stack:
        if len(visits) == MOST:
            raise ValueError(f"depth first, this graph takes over {MOST} visits; show the lesson on a smaller one")
        node, index = stack.pop()
        arg = right.variables[str(node.args[index])]
        local = node.partials[index]
        assert local is not None
        upstream = totals[node.id]
        totals[arg.id] += upstream * local
        event = Backward(node, arg, index, local, upstream, upstream * local, totals[arg.id], 1, 1)
        visits.append(Visit(event, sent.get((node.id, index), 0.0)))
        sent[node.id, index] = upstream
        stack += [(arg, k) for k in reversed(_edges(arg))]
    return Lesson(right, tuple(visits), totals)


def _edges(node: Variable) -> list[int]:
    return [k for k, arg in enumerate(node.args) if isinstance(arg, str)]


# ---------------------------------------------------------------------------------------------- words


def side_by_side(both: Lesson) -> str:
    """The two walks as text in two columns, the faults marked."""
    left = [_said(event) for event in both.right if isinstance(event, Backward)]
    right = [_said(visit.event, "!" if visit.again else " ") for visit in both.naive]
    heads = ["  topological order", "  depth first, without waiting"]
    room = max(map(measure, [*left, heads[0]])) + 4
    columns = zip_longest([heads[0], "", *left], [heads[1], "", *right], fillvalue="")
    rows = [(pad(a, room) + b).rstrip() for a, b in columns]
    results = [
        f"∂{both.right.objective}/∂{v.name} is {_number(both.right.derivatives[v.id])}, "
        f"depth first {_number(both.derivatives[v.id])}"
        for v in both.wrong
    ]
    return "\n".join([*rows, "", *results, "", *_fault(both.first_fault)]).rstrip()


def _fault(visit: Visit | None) -> list[str]:
    if visit is None:
        return []
    node, early = visit.event.node.name, _number(visit.again)
    return [
        f"! {node} sent {early} on to {visit.event.arg.name} before all who use {node} had reported. When the rest "
        "has,",
        f"  it sends all of its {_number(visit.event.upstream)}, and that {early} is counted twice.",
    ]


def _said(event: Backward, mark: str = " ") -> str:
    product = Text().formula("a * b", {"a": _number(event.upstream), "b": _number(event.local)})
    return f"{mark} {event.node.name} → {event.arg.name}: {product}, in all {_number(event.total)}"


def _number(x: float) -> str:
    return Text().number(x, "")
