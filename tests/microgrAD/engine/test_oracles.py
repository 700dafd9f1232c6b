"""Every operation by every numeric reader against mpmath: values, and first to third derivatives, to 1e-12."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from oracles import HUGE, ORACLES, Oracle, check, derivative, kinked, points

import microgrAD
from microgrAD import OPS, DomainError, Value, floats, formula
from microgrAD.calculus import grad
from microgrAD.compiler.program import functions
from microgrAD.engine import apply
from microgrAD.graph import grouped

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_operation_has_its_twin() -> None:
    assert ORACLES.keys() == OPS.keys()


def orders_up_to(most: int, arguments: int) -> Iterator[tuple[int, ...]]:
    for orders in itertools.product(range(most + 1), repeat=arguments):
        if sum(orders) <= most:
            yield orders


def by_floats(name: str, point: tuple[float, ...]) -> tuple[float, tuple[float | None, ...]]:
    """Value and partial derivatives as the methods of Value compute them."""
    groups = [*grouped(name, point), *OPS[name].constants.values()]
    out = floats.value(name)(*groups)
    return out, floats.partials(name)(*groups, out)


def by_numpy(name: str, point: tuple[float, ...]) -> tuple[float, list[float]]:
    """The same by the NumPy reading, in the middle of an array."""
    op = OPS[name]
    groups = [
        np.stack([np.full(3, x) for x in group]) if op.variadic else np.array([0.5, group, 0.25])
        for group in grouped(name, point)
    ]
    space = {**functions.functions, **dict(zip(op.args, [*groups, *op.constants.values()], strict=True))}

    def read(text: str) -> np.ndarray:
        return np.broadcast_to(eval(formula.numpy(text), space), groups[0].shape)

    with np.errstate(all="ignore"):
        space["out"] = read(op.computed_value)
        derivatives = [read(text) for text in op.computed_partials if text]
    if op.variadic:
        return float(space["out"].ravel()[1]), [float(row[1]) for d in derivatives for row in d]
    return float(space["out"][1]), [float(d[1]) for d in derivatives]


@pytest.mark.parametrize("reader", [by_floats, by_numpy])
@pytest.mark.parametrize("name", OPS)
def test_value_and_partial_derivatives(name: str, reader: Callable[..., Any]) -> None:
    oracle = ORACLES[name]

    @QUICK
    @given(points(oracle))
    def agree(point: tuple[float, ...]) -> None:
        out, partials = reader(name, point)
        assume(abs(out) < HUGE)
        check(out, oracle, point, (0,) * len(point))
        if kinked(name, point):
            return
        for k in range(len(point)):
            check(partials[k], oracle, point, tuple(int(j == k) for j in range(len(point))))

    agree()


@pytest.mark.parametrize("name", OPS)
def test_values_and_their_second_and_third_derivatives(name: str) -> None:
    oracle = ORACLES[name]
    count = len(oracle.where)
    f = getattr(microgrAD, name)
    call = (lambda *x: f(*grouped(name, x))) if OPS[name].variadic else f

    @settings(QUICK, max_examples=10)
    @given(points(oracle))
    def agree(point: tuple[float, ...]) -> None:
        assume(not kinked(name, point))
        for orders in orders_up_to(3 if count == 1 else 2, count):
            exact = derivative(oracle, point, orders)
            g = call
            for k, n in enumerate(orders):
                for _ in range(n):
                    g = grad(g, argnums=k)
            try:
                ours = float(g(*point))
            except DomainError:  # allowed only when no float holds the answer, or a part of it
                assert abs(exact) > 1e290 or _overflows_on_the_way(oracle, point, orders), (point, orders)
                continue
            check(ours, oracle, point, orders)

    agree()


def _overflows_on_the_way(oracle: Oracle, point: tuple[float, ...], orders: tuple[int, ...]) -> bool:
    """A lower derivative, or a power of the argument that the quotient rule forms, is beyond any float."""
    return any(
        abs(derivative(oracle, point, lower)) > 1e100
        for lower in orders_up_to(sum(orders), len(orders))
        if all(a <= b for a, b in zip(lower, orders, strict=True))
    )


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if not op.variadic])
def test_generated_methods_say_what_the_generic_way_says(name: str) -> None:
    oracle, op = ORACLES[name], OPS[name]

    @QUICK
    @given(points(oracle))
    def agree(point: tuple[float, ...]) -> None:
        values = [Value(x) for x in point]
        try:
            generic = apply(name, (*values, *op.constants.values()))
        except DomainError:
            return
        if not op.method:
            return
        fast = getattr(values[0], op.method)(*values[1:])
        assert (fast.data, fast.partials, fast.args, fast.op) == (
            generic.data,
            generic.partials,
            generic.args,
            generic.op,
        )

    agree()
