"""Folding: a loop over the data has built one large graph. It becomes the graph of one row, and a table of the rows.

template    the graph of one row, made from rows in lockstep, or else from families of one signature
rest        what does not repeat, such as a penalty on the weights
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from microgrAD.compiler.fold.families import Families, Family
from microgrAD.compiler.fold.graphs import Graph, read, terms
from microgrAD.compiler.fold.lockstep import Sheet, sheets
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.rules import PLUS, TIMES
from microgrAD.compiler.record.tape import Tape
from microgrAD.operators import Value

Piece = tuple[Tape, Array, Array]
Terms = list[tuple[int, float]]


def fold(root: Value, parameters: Iterable[Value] | None) -> tuple[list[Value], list[Piece]]:
    """The parameters, and pieces: a tape, its rows (inputs, rows), and what each row counts in the sum."""
    given = None if parameters is None else list(parameters)
    if (alike := sheets(root)) and (folded := _in_lockstep(*alike, given)):
        return folded
    graph = read([root])
    shares, offset = terms(graph)
    templates, rest, found = _templates(graph, shares, given)
    order = given if given is not None else found
    pieces = [_template(graph, alike, order) for alike in templates]
    if rest or offset or not pieces:
        _add_rest(graph, pieces, rest, offset, order)
    return order, pieces


def _in_lockstep(
    sheets: list[Sheet], graph: Graph, rest: list[float], offset: float, given: list[Value] | None
) -> tuple[list[Value], list[Piece]] | None:
    """Fold rows that are computed alike. Return None if a parameter belongs to one row only."""
    shared = [leaf for sheet in sheets for leaf in sheet.shared]
    order = given if given is not None else list(dict.fromkeys([*shared, *_leaves(graph)]))
    own = {sheet.graph.leaves[i] for sheet in sheets for i in sheet.graph.leaves} - set(shared)
    if not own.isdisjoint(order):
        return None
    pieces = [_laid_out(sheet, order) for sheet in sheets]
    if rest or offset:
        _add_rest(graph, pieces, list(enumerate(rest)), offset, order)
    return order, pieces


def _laid_out(sheet: Sheet, order: list[Value]) -> Piece:
    """The tape of one row, the rows, and what each counts."""
    graph, tape, rows, known = sheet.graph, Tape(order), _Rows(len(sheet.shares)), set(order)
    places: dict[int, int] = {}
    for i in graph.order:
        leaf = graph.leaves.get(i)
        if leaf is None:
            places[i] = tape.add(
                graph.op[i],
                tuple(
                    [
                        rows.node(tape, sheet.numbers[i, k]) if type(j) is float else places[j]  # type: ignore[index]
                        for k, j in enumerate(graph.args[i])
                    ]
                ),
            )
        elif leaf in known:
            places[i] = tape.leaf(leaf)
        else:
            places[i] = rows.node(tape, sheet.numbers.get((i, 0)) or [leaf._data] * rows.count)
    tape.roots = [places[0]]
    return tape, rows.table(), np.array(sheet.shares)


def _templates(graph: Graph, shares: Terms, given: list[Value] | None) -> tuple[list[list[Family]], Terms, list[Value]]:
    """Families that repeat, by signature; the terms of all others; the parameters."""
    if len(shares) > 1:
        families = Families(graph, shares, given)
        by_shape: dict[Any, list[Family]] = {}
        for family in families.families:
            by_shape.setdefault(family.signature, []).append(family)
        repeated = [
            alike for alike in by_shape.values() if len(alike) > 1 and alike[0].numbers and alike[0].uses_uniform
        ]
        if repeated:
            folded = {id(family) for alike in repeated for family in alike}
            rest = [term for family in families.families if id(family) not in folded for term in family.terms]
            leaves = {graph.leaves[i] for i in _behind(graph, [i for i, _ in rest]) if i in graph.leaves}
            return repeated, rest, [leaf for leaf in _leaves(graph) if leaf in families.parameters or leaf in leaves]
    return [], shares, _leaves(graph)


def _leaves(graph: Graph) -> list[Value]:
    return [graph.leaves[i] for i in graph.order if i in graph.leaves]


def _template(graph: Graph, families: list[Family], order: list[Value]) -> Piece:
    """The tape of one row, the rows, and what each counts."""
    tape, rows = Tape(order), _Rows(len(families))
    columns = iter(np.array([family.numbers for family in families]).T.copy())
    places: list[int] = []
    uniform: dict[int, int] = {}

    def place(ref: int | None) -> int:
        if ref is None:
            return rows.node(tape, next(columns))
        return places[ref] if ref >= 0 else _record(graph, tape, [~ref], uniform)[0]

    count = len(families[0].terms)
    signature = families[0].signature
    start = 0
    while start < len(signature) - count:
        stop = start + 1
        while not isinstance(signature[stop], (str, tuple)):
            stop += 1
        places.append(tape.add(signature[start], tuple([place(ref) for ref in signature[start + 1 : stop]])))
        start = stop
    tape.roots = [_sum(tape, [(place(ref), ratio) for ref, ratio in signature[-count:]])]
    return tape, rows.table(), np.array([family.terms[0][1] for family in families])


class _Rows:
    """The numbers of the families: those that are the same in all are constants, equal columns are one input."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.inputs: dict[bytes, int] = {}
        self.kept: list[Array] = []

    def node(self, tape: Tape, numbers: Sequence[float] | Array) -> int:
        """The node of a number."""
        values = np.asarray(numbers)
        key = values.tobytes()
        if key not in self.inputs:
            if (values == values[0]).all():
                return tape.constant(float(values[0]))
            self.inputs[key] = tape.input()
            self.kept.append(values)
        return self.inputs[key]

    def table(self) -> Array:
        """(inputs, rows)."""
        return np.array(self.kept).reshape(len(self.kept), self.count)


def _add_rest(graph: Graph, pieces: list[Piece], rest: Terms, offset: float, order: list[Value]) -> None:
    """Add what does not repeat: to the first template if it depends on parameters alone, else as a piece of one row."""
    known = set(order)
    counted = math.fsum(pieces[0][2]) if pieces else 0.0
    if counted > 0 and all(
        graph.leaves[i] in known for i in _behind(graph, [term for term, _ in rest]) if i in graph.leaves
    ):
        tape = pieces[0][0]
        tape.roots = [_sum(tape, [(tape.roots[0], 1.0), (_total(graph, tape, rest, offset), 1.0 / counted)])]
        return
    tape = Tape(order)
    tape.roots = [_total(graph, tape, rest, offset)]
    pieces.append((tape, np.empty((0, 1)), np.ones(1)))


def _total(graph: Graph, tape: Tape, rest: Terms, offset: float) -> int:
    """offset + Σ share · term on a tape; terms of equal share are added up before they are multiplied by it."""
    places = _record(graph, tape, [term for term, _ in rest], {})
    sums: dict[float, int] = {}
    for (_, share), place in zip(rest, places, strict=True):
        sums[share] = tape.add(PLUS, (sums[share], place)) if share in sums else place
    return _sum(
        tape,
        [(place, share) for share, place in sums.items()]
        + ([(tape.constant(offset), 1.0)] if offset or not sums else []),
    )


def _sum(tape: Tape, parts: list[tuple[int, float]]) -> int:
    """Σ share · node."""
    total = None
    for node, share in parts:
        part = node if share == 1 else tape.add(TIMES, (tape.constant(share), node))
        total = part if total is None else tape.add(PLUS, (total, part))
    assert total is not None
    return total


def _behind(graph: Graph, roots: list[int]) -> list[int]:
    """All nodes that some depend on, operands first."""
    if roots == [0]:  # the root of all
        return graph.order
    order: list[int] = []
    seen: set[int] = set()
    stack = roots[::-1]
    while stack:
        i = stack.pop()
        if i < 0:
            order.append(~i)
        elif i not in seen:
            seen.add(i)
            stack.append(~i)
            stack.extend([j for j in reversed(graph.args[i]) if type(j) is int and j not in seen])
    return order


def _record(graph: Graph, tape: Tape, roots: list[int], places: dict[int, int]) -> list[int]:
    """Nodes of a graph, and what they depend on, on a tape; `places` holds those that are there already."""
    if any(i not in places for i in roots):
        for i in _behind(graph, roots):
            if i not in places:
                if i in graph.leaves:
                    places[i] = tape.leaf(graph.leaves[i])
                    continue
                args = tuple([places[j] if isinstance(j, int) else tape.constant(j) for j in graph.args[i]])
                places[i] = tape.add(graph.op[i], args)
    return [places[i] for i in roots]
