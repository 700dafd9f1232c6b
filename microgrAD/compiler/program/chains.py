"""Chains: the additions, differences and products that run together into one sum of many terms.

term        a sign before one factor or two: what one operation adds to the sum that it is a part of
absorbed    a node whose one consumer adds it up with others, so that it needs no result of its own
root        the node at the end of a chain, which the whole sum belongs to
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from microgrAD.compiler.record.numbers import Flags, Index, distinct
from microgrAD.compiler.record.rules import is_variadic, polynomial
from microgrAD.compiler.record.tape import NAMES, NONE, Tape
from microgrAD.ops import OPS

FEW = 3  # so many terms make a sum worth a form of its own


class Columns:
    """A tape as arrays. Operands of node i: flat[start[i]:start[i + 1]]; its operation: NAMES[op[i]]."""

    def __init__(self, tape: Tape) -> None:
        self.op, first, second = tape.columns()
        live = tape.live()
        sizes = (first != NONE).astype(np.intp) + (second != NONE)
        for i, args in tape.many.items():
            sizes[i] = len(args)
        self.start: Index = np.concatenate([[0], np.cumsum(sizes)])
        self.flat: Index = np.empty(self.start[-1], dtype=np.intp)
        for column, behind in ((first, 0), (second, 1)):
            there = column != NONE
            self.flat[self.start[:-1][there] + behind] = column[there]
        for i, args in tape.many.items():
            self.flat[self.start[i] : self.start[i + 1]] = args
        self.uses: Index = np.bincount(self.flat[np.repeat(live, sizes)], minlength=len(tape))
        self.uses[list(set(tape.roots))] += 1
        # of one row, everything but the leaves is a part
        self.uniform: Flags = np.array(tape.uniform, dtype=bool) if tape.inputs else self.op == 0
        self.constant: Flags = np.zeros(len(tape), dtype=bool)
        self.constant[list(tape.constants)] = True
        self.inner: Flags = (self.op > 0) & live  # operations that are needed


class Terms(NamedTuple):
    """The terms of many sums: the node that each belongs to, its sign, its factors x and y, or x and NONE."""

    node: Index
    sign: Index
    x: Index
    y: Index

    def at(self, chosen: Index | Flags) -> Terms:
        """Some of them."""
        return Terms(*[column[chosen] for column in self])


def collect(columns: Columns) -> tuple[Index, Index, Terms]:
    """The nodes that stay as they are, those that are sums worth flattening, and the terms of these."""
    sums = np.array([bool(name) and polynomial(name) is not None for name in NAMES])[columns.op]
    variadic = np.array([is_variadic(name) for name in NAMES])[columns.op]
    sums &= columns.inner
    terms = _terms(columns)
    alone = terms.y == NONE
    taken = (
        alone & sums[terms.x] & (columns.uses[terms.x] == 1) & (columns.uniform[terms.x] == columns.uniform[terms.node])
    )
    above = np.arange(len(columns.op))  # the consumer that absorbs a node, or the node itself
    above[terms.x[taken]] = terms.node[taken]
    flat = variadic | _worth_it(columns, terms, taken, _ends(above))
    # where a sum is too short, each of its operations stays; only one of many operands is a sum all the same
    ends = _ends(above)
    cut = sums & ~flat[ends] & ~variadic[above]
    above[cut] = np.flatnonzero(cut)
    ends = _ends(above)
    whole = columns.inner & (ends == np.arange(len(ends)))
    signs = _signs(above, terms, taken)
    left = terms.at(~(taken & (above[terms.x] != terms.x)))
    left = Terms(ends[left.node], left.sign * signs[left.node], left.x, left.y)
    return np.flatnonzero(whole & ~(sums & flat)), np.flatnonzero(whole & sums & flat), left.at(flat[left.node])


def _terms(columns: Columns) -> Terms:
    """What each operation by itself is the sum of, where it is a sum."""
    found = []
    for k in distinct(columns.op).tolist():
        name = NAMES[k]
        rule = polynomial(name) if name else None
        if rule is None:
            continue
        nodes = np.flatnonzero(columns.inner & (columns.op == k))
        first, step = columns.start[nodes], np.ones(len(nodes), dtype=np.intp)
        if OPS[name].variadic:  # x1, x2, ..., y1, y2, ...
            sizes = (columns.start[nodes + 1] - first) // len(OPS[name].args)
            behind = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            nodes, first, step = np.repeat(nodes, sizes), np.repeat(first, sizes) + behind, np.repeat(sizes, sizes)
        for sign, factors in rule:
            x, *y = [columns.flat[first + place * step] for place in factors]
            found.append((nodes, np.full(len(nodes), sign), x, y[0] if y else np.full(len(nodes), NONE)))
    return Terms(*map(np.concatenate, zip(*found, strict=True))) if found else Terms(*np.empty((4, 0), dtype=np.intp))


def _ends(above: Index) -> Index:
    """Where one comes to, going up and up; the way doubles at each turn."""
    ends = above.copy()
    moving = np.flatnonzero(ends != np.arange(len(ends)))
    while moving.size:
        further = ends[ends[moving]]
        changed = further != ends[moving]
        ends[moving] = further
        moving = moving[changed]
    return ends


def _signs(above: Index, terms: Terms, taken: Flags) -> Index:
    """The sign with which each node counts in the sum that it ends up in."""
    signs = np.ones(len(above), dtype=np.intp)
    signs[terms.x[taken]] = terms.sign[taken]
    place = np.arange(len(above))
    signs[above == place] = 1
    if (signs == 1).all():
        return signs
    up = above.copy()
    moving = np.flatnonzero(up != place)
    while moving.size:
        signs[moving] *= signs[up[moving]]
        up[moving] = up[up[moving]]
        moving = moving[up[moving] != above[up[moving]]]
    return signs


def _worth_it(columns: Columns, terms: Terms, taken: Flags, ends: Index) -> Flags:
    """Whether terms are many, or a weighted sum with a bias: two or three others stay additions and products."""
    count = len(ends)
    left = terms.at(~taken)
    node, uniform = ends[left.node], columns.uniform
    many = np.bincount(node, minlength=count)
    pair = left.y != NONE
    weights = np.bincount(node[pair & (uniform[left.x] != uniform[left.y])], minlength=count)
    biases = np.bincount(node[~pair & uniform[left.x] & ~columns.constant[left.x]], minlength=count)
    worth: Flags = (many > FEW) | (many == FEW) & ((weights + biases == FEW) & (weights > 1) | (weights == FEW))
    return worth
