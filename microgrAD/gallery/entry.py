"""What a gallery's entry is: an example that somebody published, its digits, and ours beside them.

published   what the source prints, as it prints it: {"∂f/∂x": "-4", "out_h1": "0.593269992"}
numbers     ours, by the same names: values and derivatives of the trace, and what the example adds
laws        what the source says in letters, as formulas over our numbers: {"∂L/∂n": "o - y"}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from microgrAD.explanation.lines import derivative
from microgrAD.explanation.writers import Text
from microgrAD.operators import Value
from microgrAD.steps.taking import steps
from microgrAD.steps.trace import Trace


@dataclass(frozen=True)
class Worked:
    """An example made: where it goes back from, how, and numbers that are on no node, such as updated weights."""

    root: Value
    options: Mapping[str, Any] = field(default_factory=dict)  # of `steps`
    more: Mapping[str, float] = field(default_factory=dict)

    def trace(self) -> Trace:
        """The pass that the example is about."""
        return steps(self.root, **self.options)

    def numbers(self) -> dict[str, float]:
        """Every value and derivative by the name that explanations give it, and what there is more."""
        trace = self.trace()
        found = {v.name: v.data for v in trace.variables.values()}
        found |= {derivative(trace, v, Text()): trace.derivatives[v.id] for v in trace.variables.values()}
        return found | dict(self.more)


@dataclass(frozen=True)
class Erratum:
    """A printed number that does not follow from what the source says, and what does."""

    printed: str
    instead: str  # the name of our number that follows
    source_of: str  # the name of our number that is the printed one
    why: str


@dataclass(frozen=True)
class Entry:
    """One published example."""

    name: str
    title: str
    source: str
    make: Callable[[], Worked]
    published: Mapping[str, str] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    errata: tuple[Erratum, ...] = ()
    note: str = ""
    both_orders: bool = False  # whether it is about the order, and is to be shown walked in the wrong one too

    def rows(self) -> Iterator[tuple[str, str, float]]:
        """What is compared: its name, what the source prints, and our number."""
        ours = self.make().numbers()
        for name, printed in self.published.items():
            yield name, printed, ours[name]


def agrees(printed: str, ours: float) -> bool:
    """Whether our number is the printed one: rounded to its digits, or if it has less than two decimals, exactly.

    >>> agrees("0.37", 0.3678794), agrees("0.36", 0.3678794), agrees("4", 4.3), agrees("-1.5", -1.5000000000000004)
    (True, False, False, True)
    """
    exact = Decimal(printed)
    decimals = -int(exact.as_tuple().exponent)
    away = abs(Decimal(ours) - exact)
    close = away <= Decimal(max(4 * math.ulp(ours), 1e-12 * abs(ours) if decimals < 2 else 0))
    return close or decimals >= 2 and away <= Decimal(10) ** -decimals / 2


def labelled(values: Mapping[str, float]) -> dict[str, Value]:
    """A Value for each number, by its label."""
    return {name: Value(data, label=name) for name, data in values.items()}


def named(**values: float) -> tuple[Value, ...]:
    """A labelled Value for each number, in order."""
    return tuple(labelled(values).values())


def label(node: Value, name: str) -> Value:
    """The node, with a label."""
    node.label = name
    return node
