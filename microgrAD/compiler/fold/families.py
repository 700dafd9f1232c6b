"""Families: what in a graph was computed of one row of the data, found by which nodes go together.

family      terms of the root that share nodes besides uniform ones, and all nodes that are theirs alone
uniform     a node of parameters alone, which families may share
signature   a family's shape: its operations and where it uses which uniform node, but not its numbers
numbers     the plain numbers in it, and those of its leaves, in the order of the signature
"""

from __future__ import annotations

from typing import Any, NamedTuple

from microgrAD.compiler.fold.graphs import Graph
from microgrAD.operators import Value


class Family(NamedTuple):
    """Terms with their shares in the root, the shape, the numbers."""

    terms: list[tuple[int, float]]
    signature: tuple[Any, ...]
    numbers: list[float]

    @property
    def uses_uniform(self) -> bool:
        """Whether a parameter is in it."""
        return any(type(ref) is int and ref < 0 for ref in self.signature)


class Families:
    """The families of a graph whose root has these terms; without given parameters, leaves that several share."""

    def __init__(self, graph: Graph, shares: list[tuple[int, float]], given: list[Value] | None) -> None:
        self.graph = graph
        self.uniform = _uniform(graph, given)
        self.owner: list[int] = [-1] * len(graph.op)  # the term through which a node was reached first
        self.head = list(range(len(shares)))  # of terms that belong together, one stands for all
        for k, (term, _) in enumerate(shares):
            self.owner[term] = k
        self.shared = self._spread()
        self.parameters = self._parameters(given)
        self.families = self._collect(shares)

    def find(self, k: int) -> int:
        """The term that stands for the family of a term."""
        head = self.head
        while head[k] != k:
            head[k] = k = head[head[k]]
        return k

    def _spread(self) -> list[tuple[int, int, int]]:
        """Hand owners down to operands; inner nodes with two join their families. Gives leaves with two."""
        graph, owner, uniform = self.graph, self.owner, self.uniform
        op, args, shared = graph.op, graph.args, []
        for i in reversed(graph.order):
            mine = owner[i]
            if mine < 0 or uniform[i]:
                continue
            for j in args[i]:
                if type(j) is not int:
                    continue
                other = owner[j]
                if other < 0:
                    owner[j] = mine
                elif other != mine:
                    if not op[j]:
                        shared.append((j, mine, other))
                    elif not uniform[j]:
                        self.head[self.find(mine)] = self.find(other)
        return shared

    def _parameters(self, given: list[Value] | None) -> dict[Value, int]:
        leaves = self.graph.leaves
        if given is not None:
            place = {leaf: i for i, leaf in leaves.items()}
            return {p: place[p] for p in given if p in place}
        several = {i for i, a, b in self.shared if self.find(a) != self.find(b)}
        for i in several:
            self.uniform[i] = True
        return {leaves[i]: i for i in self.graph.order if i in several}

    def _collect(self, shares: list[tuple[int, float]]) -> list[Family]:
        graph, owner, uniform = self.graph, self.owner, self.uniform
        inside: dict[int, list[int]] = {}
        for i in graph.order:
            if owner[i] >= 0 and graph.op[i] and not uniform[i]:
                inside.setdefault(self.find(owner[i]), []).append(i)
        mine: dict[int, list[tuple[int, float]]] = {}
        for k, term in enumerate(shares):
            mine.setdefault(self.find(k), []).append(term)
        # how a signature refers to a node: below 0 a uniform one, by itself; from 0 by its place; None for a number
        ref: list[int | None] = [~i if flag else None for i, flag in enumerate(uniform)]
        data = {i: leaf._data for i, leaf in graph.leaves.items()}
        return [self._family(group, inside.get(k, []), ref, data) for k, group in mine.items()]

    def _family(
        self, group: list[tuple[int, float]], inside: list[int], ref: list[int | None], data: dict[int, float]
    ) -> Family:
        op, args = self.graph.op, self.graph.args
        signature: list[Any] = []
        numbers: list[float] = []
        put, number = signature.append, numbers.append
        for place, i in enumerate(inside):
            put(op[i])
            for j in args[i]:
                if type(j) is float:
                    number(j)
                    put(None)
                else:
                    r = ref[j]  # type: ignore[index]
                    if r is None:
                        number(data[j])  # type: ignore[index]
                    put(r)
            ref[i] = place
        first = group[0][1]
        for term, share in group:
            if ref[term] is None:
                number(data[term])
            put((ref[term], share / first if first else 0.0))
        return Family(group, tuple(signature), numbers)


def _uniform(graph: Graph, parameters: list[Value] | None) -> list[bool]:
    """Which nodes are computed of given parameters alone; none where parameters are still to be found.

    A node with a plain number in it is none: the number may be the data.
    """
    uniform = [False] * len(graph.op)
    if parameters is None:
        return uniform
    known, args = set(parameters), graph.args
    for i, leaf in graph.leaves.items():
        uniform[i] = leaf in known
    for i in graph.order:
        for j in args[i]:
            if type(j) is float or not uniform[j]:  # type: ignore[index]
                break
        else:
            uniform[i] = uniform[i] or bool(graph.op[i])
    return uniform
