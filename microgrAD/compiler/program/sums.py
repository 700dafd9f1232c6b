"""Flattening: chains of additions and multiplications become sums of many terms, the seeds of matrix products.

A form says how one node is computed from others. Nodes that were only steps on the way to a sum have none.

    Map      op(args)                    any operation of the table
    Affine   Σ w·x + bias                w, bias: one for all rows; x: every row its own
    Sum      Σ x
    Dot      Σ x·y
    Take     args[index]

Most nodes of an irregular graph stay as they are: those are kept as an array, and only what is new has a form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from microgrAD.compiler.program.chains import FEW, Columns, Terms, collect
from microgrAD.compiler.record.rules import MINUS, NEGATIVE, PLUS, TIMES
from microgrAD.compiler.record.tape import CODES, NONE, Tape
from microgrAD.lookup import TAKE

Pair = tuple[int, int]
Kinds = dict[Pair, list[Pair]]  # terms by their sign and what they are

# what a term is, by its factors: w a parameter or a leaf without gradient, x of every row its own, u of parameters
WX, CX, XX, UU, X, U, C = range(7)  # w·x, number·x, x·x, u·u, x, u, a number


class Map(NamedTuple):
    """op(args)."""

    op: str
    args: tuple[int, ...]


class Affine(NamedTuple):
    """Σ w·x + bias: `pairs` of (w, x) in the order of x."""

    pairs: tuple[Pair, ...]
    bias: int | None


class Sum(NamedTuple):
    """Σ x."""

    args: tuple[int, ...]


class Dot(NamedTuple):
    """Σ x·y: `pairs` of (x, y)."""

    pairs: tuple[Pair, ...]


class Take(NamedTuple):
    """args[chooser]: of one table, all of them for every row its own or all of them uniform."""

    chooser: int
    args: tuple[int, ...]


Form = Map | Affine | Sum | Dot | Take


def operands(form: Form) -> tuple[int, ...]:
    """All nodes that a form reads."""
    match form:
        case Map(_, args) | Sum(args):
            return args
        case Affine(pairs=pairs, bias=bias):
            return tuple([i for pair in pairs for i in pair] + ([] if bias is None else [bias]))
        case Dot(pairs=pairs):
            return tuple([i for pair in pairs for i in pair])
        case Take(chooser, args):
            return chooser, *args


class Forms:
    """How all nodes that the roots need are computed, and which are uniform.

    `plain` are nodes of the tape that stay what they are. `groups` holds new forms: nodes that have to be computed
    before a node of the tape, the last of them being that node; nodes that are not on the tape are numbered on. New
    forms are there after `whole`.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.zero = tape.constant(0.0)
        self.columns = Columns(tape)
        self.plain, self._sums, self._terms = collect(self.columns)
        lookups = self.columns.op[self.plain] == CODES[TAKE]
        self._lookups, self.plain = self.plain[lookups], self.plain[~lookups]
        self._lifted: dict[int, int] = {}
        self.uniform: list[bool] = []
        self.forms: dict[int, Form] = {}
        self.groups: list[tuple[int, list[int]]] = []
        self.roots = list(tape.roots)

    def whole(self) -> Forms:
        """Itself, with a form for each sum."""
        if self.groups:
            return self
        self.uniform = self.columns.uniform.tolist()
        parts: dict[int, Kinds] = {i: {} for i in self._sums.tolist()}
        parts.update(_parts(self._terms, self))
        splitter = _Splitter(self, _Shared(parts, self))
        for i, found in parts.items():
            splitter.split(i, found)
        for i in self._lookups.tolist():
            self._look_up(i)
        self.groups.sort(key=lambda group: group[0])
        last: list[int] = []
        for k, root in enumerate(self.roots):
            if self.uniform[root] or not self.tape.code[root]:  # one number for all rows, or an input as it is
                self.roots[k] = self._lift(root, last)
        self.groups.append((len(self.tape), last))
        return self

    def _look_up(self, i: int) -> None:
        """Give a lookup its form: where the result is of every row its own, so is its index."""
        group: list[int] = []
        start, stop = self.columns.start[i : i + 2].tolist()
        index, *args = self.columns.flat[start:stop].tolist()
        if not self.uniform[i]:
            index = self._batched(index, group)
            if not all(self.uniform[j] for j in args):
                args = [self._batched(j, group) for j in args]
        self.new(Take(index, tuple(args)), group, i)
        self.groups.append((i, group))

    def _batched(self, i: int, group: list[int]) -> int:
        """A node, or the same for every row its own."""
        if not self.uniform[i]:
            return i
        if i not in self._lifted:
            self._lifted[i] = self._lift(i, group)
        return self._lifted[i]

    def _lift(self, i: int, group: list[int]) -> int:
        made = self.new(Map(PLUS, (i, self.zero)), group)
        self.uniform[made] = False
        return made

    @cached_property
    def depth(self) -> list[int]:
        """1 + the greatest depth among what a node's form reads; 0 for a leaf."""
        depth, start = [0] * (len(self.whole().uniform) + 1), 0  # the last for NONE
        _, first, second = self.tape.columns()
        many = self.tape.many
        plain = list(zip(self.plain.tolist(), first[self.plain].tolist(), second[self.plain].tolist(), strict=True))
        stops = np.searchsorted(self.plain, [node for node, _ in self.groups]).tolist()
        for stop, (_, group) in zip(stops, self.groups, strict=True):
            for i, j, k in plain[start:stop]:
                one, other = depth[j], depth[k]
                depth[i] = (one if one > other else other) + 1
                if i in many:
                    depth[i] = 1 + max([depth[j] for j in many[i]])
            start = stop
            for i in group:
                depth[i] = 1 + max([depth[j] for j in operands(self.forms[i])])
        return depth

    @property
    def steepness(self) -> float:
        """How many times deeper than wide: the greatest depth over the mean number of forms at one depth."""
        return max(self.depth) ** 2 / max(1, len(self.plain) + len(self.forms))

    def new(self, form: Form, group: list[int], node: int | None = None) -> int:
        """Give `node`, or a new node, its form."""
        if node is None:
            node = len(self.uniform)
            self.uniform.append(all(self.uniform[i] for i in operands(form)))
        self.forms[node] = form
        group.append(node)
        return node


def flatten(tape: Tape) -> Forms:
    """The forms of a tape."""
    return Forms(tape).whole()


def _parts(terms: Terms, forms: Forms) -> Iterator[tuple[int, Kinds]]:
    """For each sum its terms by (sign, kind): pairs (w, x) in the order of x, pairs of factors, or (x, NONE)."""
    columns = forms.columns
    uniform, constant = columns.uniform, columns.constant
    if not len(terms.node):
        return
    single, x, y = terms.y == NONE, terms.x, terms.y
    mixed = ~single & (uniform[x] != uniform[y])
    swap = mixed & uniform[y]
    x, y = np.where(swap, y, x), np.where(swap, x, y)
    alone = np.where(~uniform[x], X, np.where(constant[x], C, U))
    kind = np.where(single, alone, np.where(mixed, np.where(constant[x], CX, WX), np.where(uniform[x], UU, XX)))
    order = np.lexsort((np.where(mixed, y, x), kind, -terms.sign, terms.node))
    runs = np.column_stack([terms.node, terms.sign, kind])[order]
    pairs = list(zip(x[order].tolist(), y[order].tolist(), strict=True))
    starts = [0, *(np.flatnonzero((runs[1:] != runs[:-1]).any(axis=1)) + 1).tolist()]
    node, found = NONE, Kinds()
    for start, stop in zip(starts, [*starts[1:], len(pairs)], strict=True):
        i, sign, which = runs[start].tolist()
        if i != node:
            if found:
                yield node, found
            node, found = i, {}
        found[sign, which] = pairs[start:stop]
    yield node, found


class _Shared:
    """Which products of one number and one input are rows of a matrix all the same: their input, or their number,
    stands in others too."""

    def __init__(self, parts: dict[int, Kinds], forms: Forms) -> None:
        lone = [
            found[1, WX][0] for i, found in parts.items() if not forms.uniform[i] and len(found.get((1, WX), ())) == 1
        ]
        self.inputs = Counter(x for _, x in lone)
        self.weights = Counter(w for w, _ in lone)

    def worth_it(self, pairs: list[Pair]) -> bool:
        """Whether a weighted sum is long enough, or shared enough, to be a row of a matrix product."""
        return len(pairs) > 1 or len(pairs) == 1 and (self.inputs[pairs[0][1]] > 1 or self.weights[pairs[0][0]] > 1)


class _Splitter:
    """Splits the terms of sums into forms."""

    def __init__(self, forms: Forms, shared: _Shared) -> None:
        self.forms, self.shared = forms, shared

    def split(self, node: int, found: Kinds) -> None:
        """Positive terms minus negative terms, the last step being the node itself."""
        self.group: list[int] = []
        steps = [(PLUS, part) for part in self._parts(found, 1)] + [(MINUS, part) for part in self._parts(found, -1)]
        if not steps:
            steps = [(PLUS, self.forms.zero)]
        (sign, first), *rest = steps
        if not rest and sign == PLUS:
            self.forms.new(Map(PLUS, (first, self.forms.zero)) if isinstance(first, int) else first, self.group, node)
        else:
            total = self._place(first)
            if sign == MINUS:
                total = self.forms.new(Map(NEGATIVE, (total,)), self.group, None if rest else node)
            for k, (op, part) in enumerate(rest):
                last = k == len(rest) - 1
                total = self.forms.new(Map(op, (total, self._place(part))), self.group, node if last else None)
        self.forms.groups.append((node, self.group))

    def _place(self, part: Form | int) -> int:
        return part if isinstance(part, int) else self.forms.new(part, self.group)

    def _parts(self, found: Kinds, sign: int) -> list[Form | int]:
        """The terms of one sign as forms and single nodes, batched ones first."""
        constants = self.forms.tape.constants
        weighted, numbered, batched, fixed = [found.get((sign, kind), []) for kind in (WX, CX, XX, UU)]
        inputs, uniform, numbers = [[x for x, _ in found.get((sign, kind), [])] for kind in (X, U, C)]
        parts: list[Form | int] = []
        if self.shared.worth_it(weighted):
            parts.append(Affine(tuple(weighted), uniform.pop(0) if uniform else None))
            weighted = []
        if len(numbered) > FEW:
            parts.append(Affine(tuple(numbered), None))
            numbered = []
        if len(batched) >= FEW:
            parts.append(Dot(tuple(batched)))
            batched = []
        if len(fixed) >= FEW:
            parts.append(Dot(tuple(fixed)))
            fixed = []
        inputs += [self.forms.new(Map(TIMES, pair), self.group) for pair in [*weighted, *numbered, *batched]]
        uniform += [self.forms.new(Map(TIMES, pair), self.group) for pair in fixed]
        uniform += [i for i in numbers if constants[i] != 0]
        for same in (inputs, uniform):
            parts += [Sum(tuple(same))] if len(same) >= FEW else same
        return parts
