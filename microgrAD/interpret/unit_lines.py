"""The equations of a network's units for one example, in symbols and with numbers: n and o, δ, and ∂L/∂w.

The numbers are those of the example's passes. A sum of more than 6 terms is written with its first three and its last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from microgrAD.explanation import lines
from microgrAD.explanation.deriving import derive, formula_of
from microgrAD.explanation.lines import Line, Side
from microgrAD.explanation.writers import Text
from microgrAD.interpret.passes import Passes, UnitPass
from microgrAD.nn.layers import LINEAR
from microgrAD.nn.units import Unit
from microgrAD.operators import Value
from microgrAD.steps.trace import Formula, Trace, Variable

MOST = 6  # terms of a sum that are written
_FIRST = "first"  # a name that no operation's formula uses
LONG = 60  # characters; a longer derivative of the loss is written as ∂L/∂o
Called = Callable[[str, Unit], str]


def through(letter: str, unit: Unit) -> str:
    """Return the name of a unit's quantity by the unit's number, such as o3."""
    return f"{letter}{unit.number}"


class UnitLines:
    """Writes the equations of units.

    Arguments:
        found: the passes of the example.
        trace: the example's trace, with the names of weights.
        writer: the medium.
        called: returns the name of a unit's quantity; the letters are n, o and δ.
        error: "δ", or "∂" for ∂L/∂n.
    """

    def __init__(self, found: Passes, trace: Trace, writer: Text, called: Called = through, error: str = "δ") -> None:
        self.found, self.trace, self.writer = found, trace, writer
        self.called, self.error = called, error
        self.known = {v.value: v for v in trace.variables.values()}
        self.outputs = {v.scope: v for v in trace.variables.values() if v.op and v.scope}
        self.units = {unit.unit.number: unit for layer in found.layers for unit in layer}

    def output(self, unit: UnitPass) -> list[Line]:
        """Return the line of n, and that of o."""
        out, b = self.outputs[unit.unit.neuron.scope], unit.unit.neuron.b
        symbols = [self.product(self.name(w), self.source(s), k) for k, (w, s) in enumerate(self.weighted(unit))]
        numbers = [
            self.product(self.number(self.found.weights[w]), self.number(self.fed(s)), k)
            for k, (w, s) in enumerate(self.weighted(unit))
        ]
        if b is not None:
            symbols.append(self.name(b))
            numbers.append(self.number(self.found.weights[b]))
        linear = not self.active(unit)
        left = self.of("o" if linear else "n", unit)
        total = Line(left, (_some(symbols), _some(numbers), (self.writer.number(unit.net, ""),)))
        return [total] if linear else [total, lines.value(self.trace, out, self.writer)]

    def delta(self, unit: UnitPass) -> Line:
        """Return the line of δ: for an output from the loss, for other units from the δ of the next layer."""
        following = [] if unit.unit.layer == len(self.found.layers) else self.found.layers[unit.unit.layer]
        sides = self.from_next(unit, following) if following else self.from_loss(unit)
        return Line(self.slope(unit), (*sides, (self.writer.number(unit.delta or 0.0, ""),)))

    def gradient(self, unit: UnitPass, source: int | None) -> Line:
        """Return the line of ∂L/∂w for a weight by its place, or of ∂L/∂b for None."""
        w = unit.unit.neuron.b if source is None else unit.unit.neuron.w[source]
        assert w is not None
        symbols = [self.slope(unit)]
        numbers = [self.number(unit.delta or 0.0)]
        if source is not None:
            symbols.append(self.source(unit.unit.sources[source]))
            numbers.append(self.number(self.fed(unit.unit.sources[source])))
        left = self.writer.partial(self.trace.objective, self.known[w].name)
        sides = [self.multiplied(symbols), self.multiplied(numbers)] if source is not None else [symbols[0]]
        return Line(left, (*((side,) for side in sides), (self.writer.number(self.found.gradients[w], ""),)))

    def loss(self) -> Line:
        """Return the line of the loss, over the outputs; a long formula is left out."""
        trace, left = self.trace, self.writer.name(self.trace.objective)
        rule, total = formula_of(trace, trace.root), (self.writer.number(trace.root.data, ""),)
        if len(Text().formula(rule.text, {letter: v.name for letter, v in self.variables(rule)})) > LONG:
            return Line(left, (total,))
        sides = [(self.writer.formula(rule.text, self.letters(rule, numbers)),) for numbers in (False, True)]
        return Line(left, (*sides, total))

    # -------------------------------------------------------------------------------------- δ

    def from_next(self, unit: UnitPass, following: Sequence[UnitPass]) -> list[Side]:
        """Return (Σ w δ) · o', in symbols and with numbers."""
        place = unit.unit.place - 1
        symbols, numbers = [], []
        for k, after in enumerate(following):
            w = after.unit.neuron.w[place]
            symbols.append(self.product(self.name(w), self.slope(after), k))
            numbers.append(self.product(self.number(self.found.weights[w]), self.number(after.delta or 0.0), k))
        return [self.times_slope(unit, _sum(symbols), False), self.times_slope(unit, _sum(numbers), True)]

    def from_loss(self, unit: UnitPass) -> list[Side]:
        """Return ∂L/∂o · o', with ∂L/∂o in letters, and with numbers."""
        out = self.outputs[unit.unit.neuron.scope]
        rule = derive(self.trace, out.value).formula()
        if len(Text().formula(rule.text, {letter: v.name for letter, v in self.variables(rule)})) > LONG:
            slope = self.number(self.trace.derivatives[out.id])
            partial = self.writer.partial(self.trace.objective, out.name)
            return [self.times_slope(unit, partial, False), self.times_slope(unit, slope, True)]
        return [self.times_slope(unit, rule, numbers) for numbers in (False, True)]

    def times_slope(self, unit: UnitPass, first: str | Formula, numbers: bool) -> Side:
        """Return a factor, as written or as a formula, times the activation's own derivative."""
        names = {_FIRST: first} if isinstance(first, str) else self.letters(first, numbers)
        text = _FIRST if isinstance(first, str) else f"({first.text})"
        if self.active(unit):  # the letters of a derived formula are ids of nodes, which no rule has
            rule = self.trace.local(self.outputs[unit.unit.neuron.scope], 0)
            names |= self.letters(rule, numbers)
            text = f"{text} * ({rule.text})"
        return (self.writer.formula(text, names),)

    # -------------------------------------------------------------------------------------- pieces

    def weighted(self, unit: UnitPass) -> list[tuple[Value, int]]:
        """Return the weights of a unit, each with the number of the unit that it comes from."""
        return list(zip(unit.unit.neuron.w, unit.unit.sources, strict=True))

    def active(self, unit: UnitPass) -> bool:
        """Return whether the unit has an activation function."""
        return unit.unit.neuron.activation != LINEAR

    def fed(self, number: int) -> float:
        """Return what a unit or an input gives, by its number."""
        return self.units[number].out if number in self.units else self.found.inputs[number - 1]

    def source(self, number: int) -> str:
        return self.of("o", self.units[number]) if number in self.units else self.writer.indexed("x", number)

    def of(self, letter: str, unit: UnitPass) -> str:
        """Return the name of a unit's quantity."""
        return self.writer.name(self.called(letter, unit.unit))

    def slope(self, unit: UnitPass) -> str:
        """Return the name of a unit's δ."""
        if self.error == "δ":
            return self.of("δ", unit)
        return self.writer.partial(self.trace.objective, self.called("n", unit.unit))

    def name(self, p: Value) -> str:
        return self.writer.name(self.known[p].name)

    def number(self, x: float) -> str:
        return self.writer.operand(x, "")

    def letters(self, rule: Formula, numbers: bool) -> dict[str, str]:
        """Return what is written for each letter of a formula."""
        return {
            letter: self.number(x if not isinstance(x, Variable) else x.data)
            if numbers or not isinstance(x, Variable)
            else self.writer.name(x.name)
            for letter, x in rule.names.items()
        }

    @staticmethod
    def variables(rule: Formula) -> list[tuple[str, Variable]]:
        return [(letter, x) for letter, x in rule.names.items() if isinstance(x, Variable)]

    def product(self, a: str, b: str, k: int) -> str:
        return self.writer.formula("a * b", {"a": a, "b": b}, first=k == 0)

    def multiplied(self, factors: Sequence[str]) -> str:
        names = {f"f_{k}": factor for k, factor in enumerate(factors)}
        return self.writer.formula(" * ".join(names), names)


def _some(terms: list[str]) -> Side:
    return tuple(terms if len(terms) <= MOST else [*terms[:3], "…", terms[-1]])


def _sum(terms: list[str]) -> str:
    written = " + ".join(_some(terms))
    return f"({written})" if len(terms) > 1 else written
