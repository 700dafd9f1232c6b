"""Marks an answer: what follows from which numbers, how exact it can be, and what the usual mistakes give.

key    the name of a number in a trace: "n3.data" is the value of node n3, "n3.derivative" its gradient

Pages mark by the same rules, in viz/passes/lesson/assets/marking.js; a test holds the two together.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from microgrAD import floats, formula
from microgrAD.explanation.blanks import NEAR
from microgrAD.explanation.lines import complete, edges_to
from microgrAD.graph import grouped
from microgrAD.ops import OPS
from microgrAD.steps.trace import Edge, Trace, Variable

Get = Callable[[str], float]
_SIGNS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "−": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
}


class Mistake(NamedTuple):
    """What a usual mistake gives.

    Arguments:
        key: which one: "sign", "other", "operand", "term", "part", "multiplied", "upstream", "value", "added",
            "swapped", "output" or "local". The words of pages have it as "mistake-sign" and so on.
        answer: the number that it leads to.
        given: what its words need, such as the number of parts.
    """

    key: str
    answer: float
    given: Mapping[str, object]


def truths(trace: Trace) -> dict[str, float]:
    """Return all numbers of a trace by their keys: values, then gradients."""
    values = {f"{id}.data": v.data for id, v in trace.variables.items()}
    return values | {f"{id}.derivative": x for id, x in trace.derivatives.items()}


def inputs_of(trace: Trace, key: str) -> list[str]:
    """Return the keys of the numbers from which a number follows directly; none for an input or the first gradient."""
    id, kind = key.split(".")
    node = trace.variables[id]
    if kind == "data":
        return _operands(node)
    found: dict[str, None] = {}
    for e in edges_to(trace, node):
        found |= dict.fromkeys([f"{e.node.id}.derivative", *_operands(e.node), f"{e.node.id}.data"])
    return list(found)


def follows(trace: Trace, key: str, get: Get) -> float:
    """Return the number that follows from others: a value by its operation, a gradient by the chain rule.

    Arguments:
        trace: the trace, of a backward pass.
        key: the number.
        get: returns the number of a key.
    Returns: the number; nan if there is none; what `get` says for an input and for the first gradient.
    """
    id, kind = key.split(".")
    node = trace.variables[id]
    if kind == "data":
        return value(node, get) if node.op else get(key)
    edges = edges_to(trace, node)
    return sum(contribution(e, get) for e in edges) if edges else get(key)


def value(node: Variable, get: Get) -> float:
    """Return the value of a node from its operands; nan if it has none."""
    try:
        return float(floats.value(node.op)(*grouped(node.op, _arguments(node, get))))
    except floats.FAULTS:
        return math.nan


def partials(node: Variable, get: Get) -> list[float]:
    """Return a node's local derivatives from its operands and its value; nan where there is none."""
    return _partials_at(node, _arguments(node, get), get(f"{node.id}.data"))


def contribution(edge: Edge, get: Get) -> float:
    """Return what one edge adds to a gradient: upstream × local, and 0 where nothing flows."""
    if edge.contribution == 0 and edge.local == 0:
        return 0.0
    return get(f"{edge.node.id}.derivative") * partials(edge.node, get)[edge.index]


# ---------------------------------------------------------------------------------------------- how exact


def half_unit(x: float, digits: int) -> float:
    """Return half a unit of the last of `digits` significant digits of a number; 0 for a number that needs no more."""
    if not math.isfinite(x) or math.isclose(float(f"{x:.{digits}g}"), x, rel_tol=1e-12, abs_tol=1e-300):
        return 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(x))) + 1 - digits)


def spread(trace: Trace, key: str, get: Get, errors: Mapping[str, float]) -> float:
    """Return how far a number can be off if the numbers that it follows from are off by `errors`, each at its worst."""
    here = follows(trace, key, get)
    total = 0.0
    for source in inputs_of(trace, key):
        if error := errors.get(source, 0.0):
            moved = [follows(trace, key, _with(get, source, get(source) + side * error)) for side in (-1, 1)]
            total += max((abs(x - here) for x in moved if math.isfinite(x)), default=0.0)
    return total


def margins(trace: Trace, digits: int) -> dict[str, float]:
    """Return for each number how far an answer may be off for somebody who rounds each number to `digits` digits.

    The error of each rounding is carried along the graph, so that an ill-conditioned number has a wide margin. A number
    that needs no rounding has almost none.
    """
    numbers = truths(trace)
    order = [f"{id}.data" for id in trace.variables]
    ends = [f"{edges[-1].arg.id}.derivative" for edges in complete(trace)]
    errors: dict[str, float] = {}
    for key in [*order, *(k for k in numbers if k.endswith(".derivative") and k not in ends), *ends]:
        errors[key] = spread(trace, key, numbers.__getitem__, errors) + half_unit(numbers[key], digits)
    return {key: error + NEAR * max(1.0, abs(numbers[key])) for key, error in errors.items()}


# ---------------------------------------------------------------------------------------------- mistakes


@dataclass(frozen=True)
class Marker:
    """Marks answers about a trace, for somebody who has some numbers of his own.

    Arguments:
        trace: the trace, of a backward pass.
        own: numbers by their keys that take the place of the trace's.
    """

    trace: Trace
    own: Mapping[str, float] = field(default_factory=dict)

    def get(self, key: str) -> float:
        """Return the number that is worked with."""
        return self.own.get(key, self.numbers[key])

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """The numbers of the trace."""
        return truths(self.trace)

    def follows(self, key: str) -> float:
        """Return the number that follows from the others."""
        return follows(self.trace, key, self.get)

    def mistakes(self, key: str) -> list[Mistake]:
        """Return what usual mistakes give in place of a number, the likeliest first; only numbers that are wrong."""
        truth = self.follows(key)
        node = self.trace.variables[key.partition(".")[0]]
        found = self._values(node) if key.endswith(".data") else self._derivatives(node)
        return [
            mistake
            for mistake in (Mistake("sign", -truth, {}), *found)
            if math.isfinite(mistake.answer) and not math.isclose(mistake.answer, truth, rel_tol=1e-9, abs_tol=NEAR)
        ]

    def mistake(self, key: str, answer: float, share: float) -> Mistake | None:
        """Return the usual mistake that gives an answer, or None. `share`: the largest relative error."""
        near = (m for m in self.mistakes(key) if abs(answer - m.answer) <= max(share * abs(m.answer), NEAR))
        return next(near, None)

    def _values(self, node: Variable) -> Iterator[Mistake]:
        args, out = _arguments(node, self.get), self.follows(f"{node.id}.data")
        if len(args) == 2:
            for sign, operation in _SIGNS.items():
                yield Mistake("other", _tried(operation, *args), {"sign": sign})
        values = [x for x, arg in zip(args, node.args, strict=True) if isinstance(arg, str)]
        if len(values) == 1:
            yield Mistake("operand", values[0], {})
        if len(args) > 2:
            yield from (Mistake("term", out - x, {}) for x in args)

    def _derivatives(self, node: Variable) -> Iterator[Mistake]:
        edges = edges_to(self.trace, node)
        if not edges:
            return
        parts = [self._above(e) * self._local(e) for e in edges]
        if len(edges) > 1:
            yield from (Mistake("part", x, {"parts": len(edges)}) for x in parts)
            yield Mistake("multiplied", math.prod(parts), {})
        yield Mistake("upstream", sum(map(self._local, edges)), {})
        yield Mistake("value", self.get(f"{node.id}.data"), {})
        yield Mistake("added", sum(self._above(e) + self._local(e) for e in edges), {})
        yield Mistake("swapped", sum(self._above(e) * self._swapped(e) for e in edges), {})
        yield Mistake("output", sum(self._above(e) * self._at_output(e) for e in edges), {})
        yield Mistake("output", sum(self._above(e) * self._in_place_of_output(e) for e in edges), {})
        yield Mistake("local", sum(map(self._above, edges)), {})

    def _above(self, e: Edge) -> float:
        return self.get(f"{e.node.id}.derivative")

    def _local(self, e: Edge) -> float:
        return partials(e.node, self.get)[e.index]

    def _swapped(self, e: Edge) -> float:
        """Return the local derivative by the other one of two operands."""
        found = partials(e.node, self.get)
        return found[1 - e.index] if len(found) == 2 else math.nan

    def _at_output(self, e: Edge) -> float:
        """Return the local derivative of an operation with one operand, taken at its output."""
        if sum(isinstance(arg, str) for arg in e.node.args) != 1:
            return math.nan
        out = self.get(f"{e.node.id}.data")
        args = [out if isinstance(arg, str) else arg for arg in e.node.args]
        again = _tried(lambda *xs: floats.value(e.node.op)(*grouped(e.node.op, xs)), *args)
        return _partials_at(e.node, args, again)[e.index] if math.isfinite(again) else math.nan

    def _in_place_of_output(self, e: Edge) -> float:
        """Return the formula for the output with the operand in it: 1 − x² where 1 − tanh(x)² was meant."""
        if sum(isinstance(arg, str) for arg in e.node.args) != 1:
            return math.nan
        return _partials_at(e.node, _arguments(e.node, self.get), self.get(f"{e.arg.id}.data"))[e.index]


# ---------------------------------------------------------------------------------------------- helpers


def _operands(node: Variable) -> list[str]:
    return [f"{arg}.data" for arg in dict.fromkeys(node.args) if isinstance(arg, str)]


def _arguments(node: Variable, get: Get) -> list[float]:
    return [get(f"{arg}.data") if isinstance(arg, str) else arg for arg in node.args]


@cache
def _textbook(name: str) -> Callable[..., tuple[float | None, ...]]:
    """Return the function for the partial derivatives by the formulas that a reader sees, such as out · (1 − out).

    Some are computed by others, which lose no digits; but an answer follows from what its author worked with.
    """
    op = OPS[name]
    if op.variadic or op.partials == op.computed_partials:
        return floats.partials(name)
    formulas = ", ".join(formula.python(p) if p else "None" for p in op.partials)
    code = f"lambda {', '.join(op.args)}, out: ({formulas},)"
    found: Callable[..., tuple[float | None, ...]] = eval(code, vars(floats))  # a formula of the table
    return found


def _partials_at(node: Variable, args: list[float], out: float) -> list[float]:
    try:
        found = _textbook(node.op)(*grouped(node.op, args), out)
    except floats.FAULTS:
        return [math.nan] * len(args)
    return [math.nan if x is None else float(x) for x in found]


def _tried(operation: Callable[..., float], *args: float) -> float:
    try:
        return float(operation(*args))
    except floats.FAULTS:
        return math.nan


def _with(get: Get, key: str, number: float) -> Get:
    return lambda k: number if k == key else get(k)
