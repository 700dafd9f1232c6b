"""An entry of the gallery: a published example, the numbers that its source prints, and our numbers for them.

published   the printed numbers by name, with their digits: {"∂f/∂x": "-4", "out_h1": "0.593269992"}
numbers     our numbers by the same names: values and derivatives of the trace, and what the example adds
laws        what the source says as a formula, over our numbers: {"∂L/∂n": "o - y"}
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
    """The graph of an example.

    Arguments:
        root: the result that the backward pass starts from.
        options: keyword arguments for `steps`.
        more: numbers that belong to no node, such as updated weights, by name.
    """

    root: Value
    options: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, float] = field(default_factory=dict)

    def trace(self) -> Trace:
        """Return the trace of the pass that the example is about."""
        return steps(self.root, **self.options)

    def numbers(self) -> dict[str, float]:
        """Return every value and derivative by its name in explanations, and the numbers in `more`."""
        trace = self.trace()
        found = {v.name: v.data for v in trace.variables.values()}
        found |= {derivative(trace, v, Text()): trace.derivatives[v.id] for v in trace.variables.values()}
        return found | dict(self.more)


@dataclass(frozen=True)
class Erratum:
    """A printed number that does not follow from what its source says.

    Arguments:
        printed: the number.
        instead: the name of our number that does follow.
        source_of: the name of our number that equals the printed one, and so shows what happened.
        why: the explanation.
    """

    printed: str
    instead: str
    source_of: str
    why: str


@dataclass(frozen=True)
class Entry:
    """One published example.

    Arguments:
        name: the name that `find` takes.
        title, source, note: texts for the reader.
        make: returns the example's graph, new in every call.
        published, laws: what the source says; the module explains them.
        errata: printed numbers that are wrong.
        both_orders: whether the example is about the order of the backward pass, and is also shown in a wrong order.
    """

    name: str
    title: str
    source: str
    make: Callable[[], Worked]
    published: Mapping[str, str] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    errata: tuple[Erratum, ...] = ()
    note: str = ""
    both_orders: bool = False

    def rows(self) -> Iterator[tuple[str, str, float]]:
        """Return (name, printed number, our number) for each number that is compared."""
        ours = self.make().numbers()
        for name, printed in self.published.items():
            yield name, printed, ours[name]


def agrees(printed: str, ours: float) -> bool:
    """Return whether our number agrees with the printed one.

    A printed number with two decimals or more may be rounded; one with fewer must be equal but for rounding of floats.

    >>> agrees("0.37", 0.3678794), agrees("0.36", 0.3678794), agrees("4", 4.3), agrees("-1.5", -1.5000000000000004)
    (True, False, False, True)
    """
    exact = Decimal(printed)
    decimals = -int(exact.as_tuple().exponent)
    away = abs(Decimal(ours) - exact)
    close = away <= Decimal(max(4 * math.ulp(ours), 1e-12 * abs(ours) if decimals < 2 else 0))
    return close or decimals >= 2 and away <= Decimal(10) ** -decimals / 2


def labelled(values: Mapping[str, float]) -> dict[str, Value]:
    """Return a Value for each number, by name. The name is its label."""
    return {name: Value(data, label=name) for name, data in values.items()}


def named(**values: float) -> tuple[Value, ...]:
    """Return a labelled Value for each number, in order."""
    return tuple(labelled(values).values())


def label(node: Value, name: str) -> Value:
    """Give a node a label, and return the node."""
    node.label = name
    return node
