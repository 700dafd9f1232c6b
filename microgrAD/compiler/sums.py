"""Flattening: chains of additions and multiplications become sums of many terms, the seeds of matrix products.

A form says how one node is computed from others. Nodes that were only steps on the way to a sum have none.

    Map      op(args)                    any operation of the table
    Affine   Σ w·x + bias                w, bias: one for all rows; x: every row its own
    Sum      Σ x
    Dot      Σ x·y
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from microgrAD.compiler.rules import MINUS, NEGATIVE, PLUS, TIMES, monomials, polynomial
from microgrAD.compiler.tape import Tape
from microgrAD.ops import OPS

Term = tuple[int, tuple[int, ...]]      # a sign, and one factor or two
FEW = 3                                 # so many terms make a sum worth a form of its own


class Map(NamedTuple):
    """op(args)."""

    op: str
    args: tuple[int, ...]


class Affine(NamedTuple):
    """Σ w·x + bias: `pairs` of (w, x) in the order of x."""

    pairs: tuple[tuple[int, int], ...]
    bias: int | None


class Sum(NamedTuple):
    """Σ x."""

    args: tuple[int, ...]


class Dot(NamedTuple):
    """Σ x·y: `pairs` of (x, y)."""

    pairs: tuple[tuple[int, int], ...]


Form = Map | Affine | Sum | Dot


def operands(form: Form) -> list[int]:
    """All nodes that a form reads."""
    match form:
        case Map(_, args) | Sum(args):
            return list(args)
        case Affine(pairs=pairs, bias=bias):
            return [i for pair in pairs for i in pair] + ([] if bias is None else [bias])
        case Dot(pairs=pairs):
            return [i for pair in pairs for i in pair]


class Forms:
    """The forms of all nodes that the roots need, and which nodes are uniform. A form comes after its operands'."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.zero = tape.constant(0.0)
        self.uniform = list(tape.uniform)
        self.forms: dict[int, Form] = {}
        self.roots = list(tape.roots)
        if not tape.inputs:             # one row, of which everything but the leaves is a part
            self.uniform = [not op for op in tape.op]

    def new(self, form: Form, uniform: bool, node: int | None = None) -> int:
        """Give `node`, or a new node, its form."""
        if node is None:
            node = len(self.uniform)
            self.uniform.append(uniform)
        self.forms[node] = form
        return node


def flatten(tape: Tape) -> Forms:
    """The forms of a tape."""
    forms = Forms(tape)
    terms = _collect(tape, forms)
    shared = _Shared(terms, forms)
    for i in sorted(terms):
        found = terms[i]
        if found is None:
            forms.forms[i] = Map(tape.op[i], tape.args[i])
        else:
            _Splitter(forms, shared, i).split(found)
    for k, root in enumerate(forms.roots):
        if forms.uniform[root] or not tape.op[root]:        # one number for all rows, or an input as it is
            forms.roots[k] = forms.new(Map(PLUS, (root, forms.zero)), False)
            forms.uniform[forms.roots[k]] = False
    return forms


def _collect(tape: Tape, forms: Forms) -> dict[int, list[Term] | None]:
    """For every node that gets a form its terms, or None where it is no sum worth flattening."""
    op, args, uniform = tape.op, tape.args, forms.uniform
    live = tape.live()
    single = _used_once(tape, live)
    rules = {name: None if not name else polynomial(name) for name in set(op)}
    absorbed = [False] * len(op)
    terms: dict[int, list[Term] | None] = {}
    for i in range(len(op) - 1, -1, -1):
        if not live[i] or not op[i] or absorbed[i]:
            continue
        if rules[op[i]] is None:
            terms[i] = None
            continue
        found: list[Term] = []
        taken: list[int] = []
        stack = [(1, i)]
        while stack:
            sign, j = stack.pop()
            for s, factors in monomials(op[j], args[j]):
                child = factors[0]
                if len(factors) == 1 and single[child] and rules[op[child]] and uniform[child] == uniform[i]:
                    taken.append(child)
                    stack.append((sign * s, child))
                else:
                    found.append((sign * s, factors))
        if OPS[op[i]].variadic or _is_sum(found, forms):
            terms[i] = found
            for j in taken:
                absorbed[j] = True
        else:
            terms[i] = None
    return terms


def _used_once(tape: Tape, live: list[bool]) -> list[bool]:
    uses = [0] * len(tape)
    for i in tape.roots:
        uses[i] = 1
    for i, args in enumerate(tape.args):
        if live[i]:
            for j in args:
                uses[j] += 1
    return [n == 1 for n in uses]


def _is_sum(found: list[Term], forms: Forms) -> bool:
    """Whether terms are many, or a weighted sum with a bias: two or three others stay additions and products."""
    if len(found) != FEW:
        return len(found) > FEW
    uniform, constants = forms.uniform, forms.tape.constants
    weighted = alone = 0
    for _, factors in found:
        if len(factors) == 2:
            weighted += uniform[factors[0]] != uniform[factors[1]]
        else:
            alone += uniform[factors[0]] and factors[0] not in constants
    return weighted + alone == FEW and weighted > 1 or weighted == FEW


class _Shared:
    """Which weighted sums read the same inputs, or have the same weights, as another one."""

    def __init__(self, terms: dict[int, list[Term] | None], forms: Forms) -> None:
        self.forms = forms
        self.inputs: Counter[tuple[int, ...]] = Counter()
        self.weights: Counter[tuple[int, ...]] = Counter()
        for i, found in terms.items():
            if found and not forms.uniform[i]:
                pairs = self.weighted(found, 1)
                if pairs:
                    self.inputs[tuple([x for _, x in pairs])] += 1
                    self.weights[tuple([w for w, _ in pairs])] += 1

    def weighted(self, terms: list[Term], sign: int, constant: bool = False) -> list[tuple[int, int]]:
        """The pairs (w, x) among the terms of one sign, in the order of x; of parameters, or of plain numbers."""
        uniform, constants = self.forms.uniform, self.forms.tape.constants
        pairs = []
        for s, factors in terms:
            if s == sign and len(factors) == 2 and uniform[factors[0]] != uniform[factors[1]]:
                w, x = factors if uniform[factors[0]] else factors[::-1]
                if (w in constants) == constant:
                    pairs.append((w, x))
        pairs.sort(key=lambda pair: pair[1])
        return pairs

    def worth_it(self, pairs: list[tuple[int, int]]) -> bool:
        """Whether a weighted sum is long enough, or shared enough, to be a row of a matrix product."""
        return bool(pairs) and (len(pairs) > 1 or self.inputs[tuple([x for _, x in pairs])] > 1
                                or self.weights[tuple([w for w, _ in pairs])] > 1)


class _Splitter:
    """Splits the terms of one node into forms."""

    def __init__(self, forms: Forms, shared: _Shared, node: int) -> None:
        self.forms, self.shared, self.node = forms, shared, node
        self.uniform = forms.uniform[node]

    def split(self, terms: list[Term]) -> None:
        """Positive terms minus negative terms, the last step being the node itself."""
        plus, minus = self._parts(terms, 1), self._parts(terms, -1)
        steps: list[tuple[str, Form | int]] = [(PLUS, part) for part in plus]
        steps += [(MINUS, part) for part in minus]
        if not steps:
            steps = [(PLUS, self.forms.zero)]
        (sign, first), *rest = steps
        if not rest and sign == PLUS:
            self._finish(first)
            return
        total = self._place(first)
        if sign == MINUS:
            total = self._step(Map(NEGATIVE, (total,)), last=not rest)
        for k, (op, part) in enumerate(rest):
            total = self._step(Map(op, (total, self._place(part))), last=k == len(rest) - 1)

    def _finish(self, part: Form | int) -> None:
        if isinstance(part, int):
            part = Map(PLUS, (part, self.forms.zero))
        self.forms.new(part, self.uniform, self.node)

    def _step(self, form: Form, last: bool) -> int:
        uniform = all(self.forms.uniform[i] for i in operands(form))
        return self.forms.new(form, uniform, self.node if last else None)

    def _place(self, part: Form | int) -> int:
        if isinstance(part, int):
            return part
        return self.forms.new(part, all(self.forms.uniform[i] for i in operands(part)))

    def _parts(self, terms: list[Term], sign: int) -> list[Form | int]:
        """The terms of one sign as forms and single nodes, batched ones first."""
        uniform, constants = self.forms.uniform, self.forms.tape.constants
        plain = [f[0] for s, f in terms if s == sign and len(f) == 1 and constants.get(f[0]) != 0]
        products = [f for s, f in terms if s == sign and len(f) == 2]
        parts: list[Form | int] = []
        for constant in (False, True):
            pairs = [] if self.uniform else self.shared.weighted(terms, sign, constant)
            if len(pairs) > FEW if constant else self.shared.worth_it(pairs):
                bias = None if constant else next((i for i in plain if uniform[i] and i not in constants), None)
                if bias is not None:
                    plain.remove(bias)
                parts.append(Affine(tuple(pairs), bias))
                taken = set(pairs)
                products = [f for f in products if f not in taken and f[::-1] not in taken]
        for kinds in ((False, False), (True, True)):
            alike = [f for f in products if (uniform[f[0]], uniform[f[1]]) == kinds]
            if len(alike) >= FEW:
                parts.append(Dot(tuple([(f[0], f[1]) for f in alike])))
                products = [f for f in products if (uniform[f[0]], uniform[f[1]]) != kinds]
        plain += [self.forms.new(Map(TIMES, f), uniform[f[0]] and uniform[f[1]]) for f in products]
        for flag in (False, True):
            same = [i for i in plain if uniform[i] == flag]
            parts += [Sum(tuple(same))] if len(same) >= FEW else same
        return parts
