"""The equations of a step of the optimiser, read from its rule: the mean gradient, then each line of the rule.

A line that computes a letter from its own value before, such as v = μ v + g, is written with a prime, v′ = μ · v + g.
The parameter θ is written by its name, and the step Δ as Δw.
"""

from __future__ import annotations

from collections.abc import Sequence

from microgrAD.explanation.lines import Line
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.trace import Trace
from microgrAD.steps.training import Update

LOSS = "L"


def mean_gradient(update: Update, parts: Sequence[float], writer: Text) -> Line:
    """Return the line of a minibatch's gradient: the rows' gradients, added up, then divided by their number."""
    n = len(parts)
    numbers = {f"g_{k}": writer.operand(g, "") for k, g in enumerate(parts)}
    slope = writer.total(writer.partial(f"{LOSS}_i", update.parameter))
    sides = (
        (writer.formula(f"g / {n}", {"g": slope}),),
        (writer.formula(f"({' + '.join(numbers)}) / {n}", numbers),),
    )
    return Line(writer.name("g"), (*sides, (writer.number(update.gradient, ""),)))


def rule(update: Update, writer: Text, *, given: bool = True) -> list[Line]:
    """Return the lines of a parameter's update.

    Arguments:
        update: the update.
        writer: the medium.
        given: whether the first line says that g is the gradient.
    """
    shown = {"θ": writer.name(update.parameter), "Δ": writer.change(update.parameter)}
    found = []
    if given:
        gradient = writer.partial(LOSS, update.parameter)
        found.append(Line(writer.name("g"), ((gradient,), (writer.number(update.gradient, ""),))))
    for line, known, result in update.work:
        number = (writer.number(result, ""),)
        symbols = {letter: shown.get(letter) or writer.name(letter) for letter in known}
        numbers = {letter: writer.operand(x, "") for letter, x in known.items()}
        if line.letter in known:
            shown[line.letter] = writer.prime(symbols[line.letter])
        left = shown.setdefault(line.letter, writer.name(line.letter))
        if line.formula:
            sides = ((writer.formula(line.formula, symbols),), (writer.formula(line.formula, numbers),), number)
            found.append(Line(left, sides))
        else:
            found.append(Line(left, (number,), "by a rule without formulas"))
    return found


def slope(trace: Trace, parameter: Value) -> float:
    """Return the derivative of a row's loss by a parameter; 0 if the loss does not depend on it."""
    return next((trace.derivatives[v.id] for v in trace.variables.values() if v.value is parameter), 0.0)
