"""Which numbers of a lesson are left blank for the reader, and which answers are right.

The blanks are chosen by name, or are all numbers that can be worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from microgrAD.explanation import lines
from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.trace import Backward, Seed, TangentSeed, Trace, Variable

Choice = bool | Collection[str | Value]
FIELDS = {"value": "data", "grad": "derivative"}
NEAR = 1e-9  # an answer with an error up to this is always accepted, for a truth of 0


@dataclass(frozen=True, slots=True)
class Blank:
    """A number that the reader works out.

    Arguments:
        part: the part of the picture that shows it, such as "n3.value" or "n3.grad".
        key: its key in the trace, such as "n3.data" or "n3.derivative".
        node: the node that it belongs to.
        truth: the right number.
    """

    part: str
    key: str
    node: Variable
    truth: float

    def accepts(self, answer: float, tolerance: float) -> bool:
        """Return whether an answer is right: the error is at most `tolerance` · |truth|, or 1e-9 near 0."""
        return abs(answer - self.truth) <= max(tolerance * abs(self.truth), NEAR)


def chosen(trace: Trace, choice: Choice) -> list[Blank]:
    """Return the blanks in the order of the trace: values first, then derivatives as the pass computes them.

    Arguments:
        trace: the trace of the lesson.
        choice: True for every number that can be worked out, or a list of nodes. A node is a Value or a name: "q" for
            its value and its gradient, "q.value" or "q.grad" for one of them.
    Raises: ValueError for an unknown node, or if no number is left to ask for; TypeError for another choice.
    """
    wanted = _everything(trace) if choice is True else () if choice is False else _named(trace, choice)
    if found := _ordered(trace, wanted):
        return found
    if choice is True:
        raise ValueError(f"there is nothing to work out: {trace.root.name} is an input; take a result, such as x * y")
    raise ValueError(
        f"this asks for nothing, since blanks is {choice!r}; pass True for all, or nodes, as in ['q', 'x.grad']"
    )


def every(trace: Trace) -> list[Blank]:
    """Return the blanks of all numbers that can be worked out; none if the root is an input."""
    return _ordered(trace, _everything(trace))


def _ordered(trace: Trace, wanted: Iterable[tuple[str, str]]) -> list[Blank]:
    found = [
        Blank(
            f"{id}.{part}",
            f"{id}.{FIELDS[part]}",
            trace.variables[id],
            trace.variables[id].data if part == "value" else trace.derivatives[id],
        )
        for id, part in set(wanted)
    ]
    places = {key: k for k, key in enumerate(_order(trace))}
    return sorted(found, key=lambda blank: places[blank.key])


def _everything(trace: Trace) -> Iterator[tuple[str, str]]:
    for v in trace.variables.values():
        if v.op:
            yield v.id, "value"
        if lines.edges_to(trace, v):
            yield v.id, "grad"


def _named(trace: Trace, choice: Collection[str | Value]) -> Iterator[tuple[str, str]]:
    ids: dict[object, str] = {v.name: v.id for v in trace.variables.values()}
    ids |= {v.value: v.id for v in trace.variables.values()}
    several = [choice] if isinstance(choice, (str, Value)) else choice
    if not isinstance(several, Collection):
        raise TypeError(
            f"blanks takes True for all, or nodes, by name or as Values, as in ['q', 'x.grad'], got {choice!r}"
        )
    for wanted in several:
        if isinstance(wanted, (str, Value)) and wanted in ids:
            variable = trace.variables[ids[wanted]]
            yield from ((variable.id, part) for part in (FIELDS if variable.op else ["grad"]))
            continue
        name, _, part = wanted.rpartition(".") if isinstance(wanted, str) else ("", "", "")
        if name not in ids or part not in FIELDS:
            names = ", ".join(v.name for v in trace.variables.values())
            raise ValueError(
                f"a blank takes a node's name, alone or with .value or .grad, got {wanted!r}; the names are {names}"
            )
        yield ids[name], part


def _order(trace: Trace) -> Iterator[str]:
    """Return the keys of values in topological order, then of derivatives in the order of the pass."""
    yield from (f"{id}.data" for id in trace.variables)
    for event in trace:
        if isinstance(event, (Seed, TangentSeed)):
            yield f"{(event.root if isinstance(event, Seed) else event.node).id}.derivative"
    for edges in lines.complete(trace):
        last = edges[-1]
        yield f"{(last.arg if isinstance(last, Backward) else last.node).id}.derivative"


def answer(trace: Trace, blank: Blank, writer: Text) -> Line:
    """Return the line that works out a blank, from the rule to the number."""
    if blank.key.endswith(".data"):
        return lines.value(trace, blank.node, writer)
    if edges := lines.edges_to(trace, blank.node):
        return lines.gradient(trace, edges, writer)
    return next(
        lines.seed(trace, event, writer)
        for event in trace
        if isinstance(event, (Seed, TangentSeed))
        and (event.root if isinstance(event, Seed) else event.node) == blank.node
    )
