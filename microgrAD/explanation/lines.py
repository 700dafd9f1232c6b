"""The equations of each step of a trace, in symbols and then with numbers, for any writer.

side    one of the expressions between the equal signs, as terms that are added up
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from microgrAD.explanation.algebra import fold
from microgrAD.explanation.writers import Text
from microgrAD.ops import OPS
from microgrAD.steps.trace import Backward, Edge, Event, Formula, Forward, Seed, Tangent, TangentSeed, Trace, Variable

Side = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """An equation: left = side = side = ... = number, and a remark. The last side is the number."""

    left: str
    sides: tuple[Side, ...]
    note: str = ""

    def written(self) -> list[str]:
        """Return the sides, each as one text."""
        return [" + ".join(side) for side in self.sides]


def without_repeats(sides: Sequence[T]) -> list[T]:
    """Return the sides of an equation, without a side that repeats the one before it, as in 1 · 2 = 1 · 2."""
    return [side for side, _ in groupby(sides)]


def event(trace: Trace, k: int, writer: Text) -> list[Line]:
    """Return the lines of event number k. If it is one of several contributions, the second line is the sum so far."""
    now: Event = trace[k]
    if isinstance(now, Forward):
        return [value(trace, now.node, writer)]
    if isinstance(now, (Seed, TangentSeed)):
        return [seed(trace, now, writer)]
    if now.parts == 1:
        return [gradient(trace, [now], writer)]
    sides = gradient(trace, [now], writer).sides
    return [Line(sides[0][0], (*sides[1:-1], (_number(now, "contribution", writer),))), running(trace, k, writer)]


def value(trace: Trace, node: Variable, writer: Text) -> Line:
    """Return the line of a node's value: its operation, the formula, the formula with numbers, the value."""
    number = (writer.number(node.data, f"{node.id}.data"),)
    if not node.op:
        return Line(writer.alone(node.name), (number,))
    rule = trace.formula(node)
    symbols = _symbols(rule, writer)
    op = OPS[node.op]
    sides: list[Side] = []
    if not (op.python or op.variadic or op.primitive):
        sides.append((writer.formula(f"{op.name}({', '.join(op.args)})", symbols),))
    sides += [_terms(rule, symbols, writer), _terms(rule, _numbers(rule, writer), writer), number]
    return Line(writer.alone(node.name), tuple(without_repeats(sides)))


def seed(trace: Trace, now: Seed | TangentSeed, writer: Text) -> Line:
    """Return the line of the derivative that a pass starts with."""
    if isinstance(now, Seed):
        own = trace.objective == now.root.name
        return Line(
            writer.partial(trace.objective, now.root.name),
            ((writer.number(now.gradient, f"{now.root.id}.derivative"),),),
            "here it begins" if own else "given from above",
        )
    note = "what we differentiate by" if now.node in trace.wrt else "held constant"
    return Line(
        derivative(trace, now.node, writer), ((writer.number(now.tangent, f"{now.node.id}.derivative"),),), note
    )


def gradient(trace: Trace, edges: Sequence[Edge], writer: Text) -> Line:
    """Return the line of a derivative by the chain rule, with one term for each edge."""
    writings: list[Callable[[Edge], tuple[str, dict[str, str]]]] = [
        lambda e: _chain(trace, e, writer),
        lambda e: _product(trace, e, writer, numbers=False),
        lambda e: _product(trace, e, writer, numbers=True),
        lambda e: (_order(e, "u", "d"), {"u": _operand(e, "upstream", writer), "d": _operand(e, "local", writer)}),
        lambda e: ("a", {"a": _operand(e, "contribution", writer)}),
    ]
    sides = [
        tuple(writer.formula(*writing(e), first=k == 0) for k, e in enumerate(edges))
        for writing in (writings if len(edges) > 1 else writings[:-1])
    ]
    sides.append((_number(edges[-1], "total", writer),))
    return Line(derivative(trace, _derived(edges[-1]), writer), tuple(without_repeats(sides)))


def running(trace: Trace, k: int, writer: Text) -> Line:
    """Return the line of the sum so far, after event number k."""
    now: Edge = trace[k]
    left = derivative(trace, _derived(now), writer)
    total = (_number(now, "total", writer),)
    if now.part == 1:
        return Line(left, (total,), f"part 1 of {now.parts}")
    before = next(e for e in reversed(trace[:k]) if isinstance(e, Edge) and _derived(e) == _derived(now))
    return Line(
        left,
        ((_operand(before, "total", writer), _operand(now, "contribution", writer, first=False)), total),
        f"part {now.part} of {now.parts}",
    )


def local(trace: Trace, edge: Edge, writer: Text) -> Line:
    """Return the line of an edge's local derivative: its formula, the formula with numbers, its value."""
    rule = trace.local(edge.node, edge.index)

    def side(*, numbers: bool) -> str:
        return writer.formula(
            rule.text,
            {
                letter: writer.operand(x, "")
                if not isinstance(x, Variable)
                else writer.operand(x.data, f"{x.id}.data")
                if numbers
                else writer.name(x.name)
                for letter, x in rule.names.items()
            },
        )

    number = writer.number(edge.local, f"{edge.node.id}.{edge.index}.local")
    sides = [side(numbers=False), side(numbers=True), number]
    if sides[0] == sides[1]:  # the formula has no letter: it is the number
        sides = sides[:1]
    return Line(writer.partial(edge.node.name, edge.arg.name), tuple((s,) for s in sides))


def derivative(trace: Trace, node: Variable, writer: Text) -> str:
    """Return the name of a node's derivative in this trace, such as ∂L/∂w1."""
    if trace.mode == "reverse":
        return writer.partial(trace.objective, node.name)
    if len(trace.wrt) > 1:
        return writer.tangent(node.name)
    return writer.partial(node.name, trace.wrt[0].name)


def edges_to(trace: Trace, node: Variable) -> list[Edge]:
    """Return the events whose contributions add up to a node's derivative."""
    return [e for e in trace if isinstance(e, Backward) and e.arg == node or isinstance(e, Tangent) and e.node == node]


def complete(trace: Trace) -> Iterator[list[Edge]]:
    """Return the edges of each derivative, in the order in which the derivatives are complete."""
    waiting: dict[str, list[Edge]] = {}
    for now in trace:
        if isinstance(now, Edge):
            found = now.arg if isinstance(now, Backward) else now.node
            waiting.setdefault(found.id, []).append(now)
            if now.part == now.parts:
                yield waiting.pop(found.id)


def _derived(edge: Edge) -> Variable:
    """Return the node whose derivative an edge adds to."""
    return edge.arg if isinstance(edge, Backward) else edge.node


def _chain(trace: Trace, e: Edge, writer: Text) -> tuple[str, dict[str, str]]:
    """Return the product of upstream and local with both as derivatives, ∂L/∂q · ∂q/∂x."""
    local = writer.partial(e.node.name, e.arg.name)
    upstream = derivative(trace, e.node if isinstance(e, Backward) else e.arg, writer)
    return _order(e, "u", "d"), {"u": upstream, "d": local}


def _product(trace: Trace, e: Edge, writer: Text, *, numbers: bool) -> tuple[str, dict[str, str]]:
    """Return the product with upstream as a number and local as a formula, with `numbers` or with names."""
    rule = _fold(trace.local(e.node, e.index))
    names = _numbers(rule, writer) if numbers else _symbols(rule, writer)
    return _order(e, _UPSTREAM, f"({rule.text})"), {**names, _UPSTREAM: _operand(e, "upstream", writer)}


def _fold(rule: Formula) -> Formula:
    """Return a formula simplified by its plain whole numbers, such as an exponent."""
    plain = {letter: x for letter, x in rule.names.items() if isinstance(x, float)}
    if not plain or not all(x.is_integer() and abs(x) < 1e6 for x in plain.values()):
        return rule
    return Formula((fold(rule.text, plain),), rule.names)


def _order(e: Edge, upstream: str, local: str) -> str:
    """Return the product of upstream and local, in the order in which the mode multiplies them."""
    return f"{upstream} * {local}" if isinstance(e, Backward) else f"{local} * {upstream}"


def _number(e: Edge, what: str, writer: Text) -> str:
    """Write a number of an edge on its own."""
    return writer.number(getattr(e, what), _key(e, what))


def _operand(e: Edge, what: str, writer: Text, *, first: bool = True) -> str:
    """Write a number of an edge inside a formula."""
    return writer.formula("a", {"a": writer.operand(getattr(e, what), _key(e, what))}, first=first)


def _key(e: Edge, what: str) -> str:
    if what == "upstream":
        return f"{(e.node if isinstance(e, Backward) else e.arg).id}.derivative"
    return f"{e.node.id}.{e.index}.{what}"


def _symbols(rule: Formula, writer: Text) -> dict[str, str]:
    return {
        letter: writer.name(v.name) if isinstance(v, Variable) else writer.operand(v, "")
        for letter, v in rule.names.items()
    }


def _numbers(rule: Formula, writer: Text) -> dict[str, str]:
    return {
        letter: writer.operand(v.data, f"{v.id}.data") if isinstance(v, Variable) else writer.operand(v, "")
        for letter, v in rule.names.items()
    }


def _terms(rule: Formula, names: Mapping[str, str], writer: Text) -> Side:
    return tuple(writer.formula(term, names, first=k == 0) for k, term in enumerate(rule.terms)) or ("0",)


_UPSTREAM = "upstream"  # a name that no operation's formula uses
