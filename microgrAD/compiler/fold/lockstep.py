"""Lockstep: rows that a loop computed in the same way, found by going through the graphs of all at once.

    term        a node that the root depends on linearly, with its share, as in graphs.py
    column      what stands at one place of every row's graph: the same leaf, or a number or a node of each row's own
    sheet       the graph of the first of several rows, and the columns of numbers

Reading each row by itself would cost far more. Where rows are not alike, or share more than leaves with one another
or with the rest of the graph, nothing is found, and the graph is read as a whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from microgrAD.compiler.fold.graphs import Arg, Graph, linear, read
from microgrAD.graph import MANY
from microgrAD.operators import Value

Term = tuple[Value, float]
Place = tuple[int, int]  # an operation and which of its operands, or a leaf and 0


class Sheet(NamedTuple):
    """The graph of the first row, the numbers of all rows by their places, and what each row counts."""

    graph: Graph
    numbers: dict[Place, list[float]]
    shares: list[float]

    @property
    def shared(self) -> list[Value]:
        """The leaves that all rows share."""
        return [leaf for i, leaf in self.graph.leaves.items() if (i, 0) not in self.numbers]


def sheets(root: Value) -> tuple[list[Sheet], Graph, list[float], float] | None:
    """The rows behind a root that are alike; the graph of all other terms, and their shares; the offset. None where
    nothing is found."""
    walked = _terms(root)
    if walked is None:
        return None
    terms, seen, offset = walked
    by_operation: dict[str, list[Term]] = {}
    for term in terms:
        by_operation.setdefault(term[0].op, []).append(term)
    found: list[Sheet] = []
    rest: list[Term] = []
    count = len(seen)
    for alike in by_operation.values():
        sheet = _sheet(alike) if len(alike) > 1 else None
        if sheet is None:
            rest += alike
        else:
            found.append(sheet[0])
            for column in sheet[1]:
                seen.update(column)
                count += len(column)
    # nothing is shared but leaves that all rows have in common: no node stands in two rows, nor in the rest
    if not found or len(seen) != count or any(leaf in seen for sheet in found for leaf in sheet.shared):
        return None
    graph = read([v for v, _ in rest])
    return None if any(v in seen for v in graph.values) else (found, graph, [share for _, share in rest], offset)


def _terms(root: Value) -> tuple[list[Term], set[Value], float] | None:
    """The terms in their order, the sums and multiples that lead to them, and the offset; None where two ways lead to
    a node."""
    terms: list[Term] = []
    between: set[Value] = set()
    reached: set[Value] = {root}
    offset, stack = 0.0, [(root, 1.0)]
    while stack:
        v, share = stack.pop()
        operands = _operands(v)
        parts = linear(v.op, [arg if isinstance(arg, float) else k for k, arg in enumerate(operands)]) if v.op else None
        if parts is None:
            terms.append((v, share))
            continue
        between.add(v)
        offset += share * parts[1]
        for factor, k in reversed(parts[0]):
            if operands[k] in reached:
                return None
            reached.add(operands[k])
            stack.append((operands[k], share * factor))
    return terms, between, offset


def _operands(v: Value) -> tuple[Any, ...]:
    if v._a is None:
        return ()
    if v._db is MANY:
        return tuple(v._a)
    return (v._a,) if v._b is None else (v._a, v._b)


def _sheet(terms: list[Term]) -> tuple[Sheet, list[list[Value]]] | None:
    """A sheet, and the columns of nodes that each row has for itself; None where the rows are not alike, share a
    node that is no leaf, or share none."""
    graph = read([v for v, _ in terms[:1]])
    columns: dict[int, list[Value]] = {0: [v for v, _ in terms]}
    numbers: dict[Place, list[float]] = {}
    shared: set[int] = set()
    for i in reversed(graph.order):
        if i in shared:
            continue
        column, op = columns[i], graph.op[i]
        if {v._tag[0] for v in column} != {op}:
            return None
        if not op:
            numbers[i, 0] = [v._data for v in column]
            continue
        operands = _across(column, len(graph.args[i]))
        if operands is None:
            return None
        for k, (j, operand) in enumerate(zip(graph.args[i], operands, strict=True)):
            if not _place(graph, i, k, j, operand, columns, numbers, shared):
                return None
    if not shared or not numbers:
        return None
    return Sheet(graph, numbers, [share for _, share in terms]), list(columns.values())


def _place(
    graph: Graph,
    i: int,
    k: int,
    j: Arg,
    operand: list[Any],
    columns: dict[int, list[Value]],
    numbers: dict[Place, list[float]],
    shared: set[int],
) -> bool:
    """Note the operands number k of a column, those that node i of the first row has in j; False if they differ."""
    kinds = set(map(type, operand))
    if isinstance(j, float):
        numbers[i, k] = operand
        return kinds == {float}
    if float in kinds or len(kinds) > 1:
        return False
    if j in columns:
        return columns[j] == operand
    # of some that are the same and some that are not, `sheets` sees that a node stands in two rows
    if operand[1] is operand[0] and operand.count(operand[0]) == len(operand):
        shared.add(j)
        return j in graph.leaves
    columns[j] = operand
    return j not in shared


def _across(column: list[Value], count: int) -> list[list[Any]] | None:
    """The operands of a column's nodes, which are `count` in the first, as columns; None where some have others."""
    if column[0]._db is MANY:
        return (
            None
            if any(len(v._a) != count for v in column)
            else [list(operand) for operand in zip(*[v._a for v in column], strict=True)]
        )
    return [[v._a for v in column], [v._b for v in column]][:count]
