"""A rule as formulas in text, and its arithmetic. Numbers and explanations are made from the same formulas.

letters in every formula:
    θ    the parameter            η    lr, the learning rate
    g    its gradient             t    the number of the step, from 1
A rule adds letters for its settings. A letter that a formula defines can be used in the formulas after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from microgrAD.formula import calls, numpy_name, read
from microgrAD.ops import OPS

Array = np.ndarray[Any, np.dtype[np.float64]]
Number = Array | float


class Assignment(NamedTuple):
    """One line of a rule: letter = formula.

    Arguments:
        letter: what the line defines.
        formula: a formula of the table's language, over the letters that are known.
        memory: the name in the optimiser's state, if the next step needs the result. In the formula, the letter then
            stands for the result of the step before, which is 0 at first.
    """

    letter: str
    formula: str
    memory: str = ""


class Quantity(NamedTuple):
    """What a line of a rule gave for all parameters.

    Arguments:
        line: the line.
        known: the numbers of the letters in its formula.
        result: the result.
    """

    line: Assignment
    known: Mapping[str, Number]
    result: Array


def work(rule: Iterable[Assignment], letters: Mapping[str, Number], memory: Mapping[str, Array]) -> Iterator[Quantity]:
    """Yield what each line of a rule gives.

    Arguments:
        rule: the lines in order.
        letters: a number for each letter, or an array with one for each parameter.
        memory: the optimiser's state; it does not change.

    >>> lines = [Assignment("Δ", "-η * g"), Assignment("θ", "θ + Δ")]
    >>> [float(q.result[0]) for q in work(lines, {"θ": np.ones(1), "g": np.ones(1), "η": 0.25}, {})]
    [-0.25, 0.75]
    """
    found = dict(letters)
    for line in rule:
        if line.memory:
            found[line.letter] = memory[line.memory] if line.memory in memory else np.zeros_like(letters["θ"])
        code, names = _compiled(line.formula)
        known = {name: found[name] for name in names}
        found[line.letter] = result = eval(code, _FUNCTIONS, known)
        yield Quantity(line, known, result)


def update(
    rule: Iterable[Assignment], letters: Mapping[str, Number], memory: Mapping[str, Array]
) -> tuple[Array, dict[str, Array]]:
    """Return what the last line gives, and the new memory: the numbers of `work` without what they are made from."""
    found, new = dict(letters), dict(memory)
    for line in rule:
        if line.memory:
            found[line.letter] = memory[line.memory] if line.memory in memory else np.zeros_like(letters["θ"])
        found[line.letter] = result = eval(_compiled(line.formula)[0], _FUNCTIONS, found)
        if line.memory:
            new[line.memory] = result
    return result, new


@cache
def _compiled(formula: str) -> tuple[CodeType, tuple[str, ...]]:
    """Return a checked formula as code, and the letters in it."""
    read(formula)
    code = compile(formula, f"<rule: {formula}>", "eval")
    return code, tuple(name for name in code.co_names if name not in calls(formula))


_FUNCTIONS: dict[str, Any] = {
    op.name: getattr(np, numpy_name(op)) for op in OPS.values() if op.primitive and hasattr(np, numpy_name(op))
} | {"__builtins__": {}}
