"""Why the order matters: the backward pass of one graph in topological order, and in a naive order, depth first.

The naive pass sends a node's gradient on as soon as one contribution has arrived. A node that is used twice is then
visited twice. The second time it sends its whole gradient on, which includes what it has sent before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from microgrAD.explanation.terminal import measure, pad
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Backward, Trace, Variable

MOST = 1000  # visits of the naive pass; their number grows with the number of paths


@dataclass(frozen=True)
class Visit:
    """One visit of an edge in the naive pass.

    Arguments:
        event: what flows through the edge.
        again: the part of the upstream gradient that was sent through this edge before; 0 if the pass is right.
    """

    event: Backward
    again: float


@dataclass(frozen=True)
class Lesson:
    """The same pass in both orders.

    Arguments:
        right: the trace in topological order.
        naive: the visits in the naive order.
        derivatives: the results of the naive pass, by id.
    """

    right: Trace
    naive: tuple[Visit, ...]
    derivatives: dict[str, float]

    @property
    def wrong(self) -> tuple[Variable, ...]:
        """The nodes whose gradients are wrong in the naive pass."""
        return tuple(v for v in self.right.variables.values() if self.derivatives[v.id] != self.right.derivatives[v.id])

    @property
    def first_fault(self) -> Visit | None:
        """The first visit that sends something a second time."""
        return next((visit for visit in self.naive if visit.again), None)


def lesson(root: Value) -> Lesson:
    """Return both passes over the graph of `root`.

    Raises: ValueError if the naive pass has more than 1,000 visits.

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
            raise ValueError(f"depth first, this graph takes more than {MOST} visits; show the lesson on a smaller one")
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
    """Return the two passes as text in two columns. A mark shows each visit that sends something again."""
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
        f"! {node} sent {early} to {visit.event.arg.name} before all contributions to {node} had arrived. Later "
        f"{node} sends",
        f"  its whole gradient, {_number(visit.event.upstream)}, so the {early} is counted twice.",
    ]


def _said(event: Backward, mark: str = " ") -> str:
    product = Text().formula("a * b", {"a": _number(event.upstream), "b": _number(event.local)})
    return f"{mark} {event.node.name} → {event.arg.name}: {product}, total {_number(event.total)}"


def _number(x: float) -> str:
    return Text().number(x, "")
