"""Packing: forms of one kind at one depth become blocks, which are computed at once.

depth    1 + the greatest depth among a form's operands; a leaf has 0
block    forms that differ only in what they read, in the order in which their results will stand
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from microgrAD.compiler.program.sums import Affine, Dot, Form, Forms, Map, Sum, Take
from microgrAD.compiler.record.numbers import Flags, Index, distinct
from microgrAD.compiler.record.rules import polynomial
from microgrAD.compiler.record.tape import CODES, NAMES

_ROOM = 2**62  # keys are made of several numbers as long as they fit into one


def _nothing() -> Index:
    return np.empty(0, dtype=np.intp)


@dataclass
class Block:
    """n nodes of one kind. What they read, as nodes:

    kind      Map             Affine                       Sum      Dot         Take
    reads     (args, n)       x (terms, columns)           (k, n)   x (k, n)    (k, n)
    more                                                            y (k, n)    index (1, n)
    weights                   (rows, terms), n = rows · columns, with a bias (rows,) or none
    """

    kind: type[Form]
    nodes: Index
    reads: Index
    uniform: bool
    op: str = ""
    more: Index = field(default_factory=_nothing)
    weights: Index = field(default_factory=_nothing)
    bias: Index = field(default_factory=_nothing)


def pack(forms: Forms) -> list[Block]:
    """The blocks of all forms, operands first."""
    depth = forms.depth
    uniform = np.array(forms.uniform)
    blocks = _maps(forms, depth, uniform)
    groups: dict[Any, list[int]] = {}
    for i, form in forms.forms.items():
        if not isinstance(form, Map):
            groups.setdefault((depth[i], *_key(i, form, forms)), []).append(i)
    matrices: dict[int, list[list[int]]] = {}
    for (level, *_), nodes in groups.items():
        if isinstance(forms.forms[nodes[0]], Affine):
            matrices.setdefault(level, []).append(nodes)
        else:
            blocks.append(_sums(nodes, forms))
    found = [(depth[block.nodes[0]], 0, int(block.nodes[0]), block) for block in blocks]
    found += [
        (level, 1, k, block) for level, some in matrices.items() for k, block in enumerate(_matrices(some, forms))
    ]
    return [block for *_, block in sorted(found, key=lambda item: item[:3])]


def _maps(forms: Forms, depth: list[int], uniform: Flags) -> list[Block]:
    """Operations of one name, at one depth, on operands that are alike."""
    columns = forms.columns
    new: dict[int, list[tuple[int, Map]]] = {}
    for i, form in forms.forms.items():
        if isinstance(form, Map):
            new.setdefault(len(form.args), []).append((i, form))
    sizes = columns.start[forms.plain + 1] - columns.start[forms.plain]
    exact = np.array([bool(name) and polynomial(name) is None for name in NAMES])
    kinds = uniform.astype(np.intp)  # what an operand is: batched, uniform, a number, or which number
    for rank, i in enumerate(forms.tape.constants):
        kinds[i] = 3 + rank
    levels, blocks = np.array(depth), []
    for size in sorted({*distinct(sizes).tolist(), *new}):
        plain, some = forms.plain[sizes == size], new.get(size, [])
        nodes = np.concatenate([plain, np.array([i for i, _ in some], dtype=np.intp)])
        op = np.concatenate([columns.op[plain], np.array([CODES[form.op] for _, form in some], dtype=np.intp)])
        reads = np.concatenate(
            [
                columns.flat[columns.start[plain] + np.arange(size)[:, None]],
                np.array([form.args for _, form in some], dtype=np.intp).reshape(-1, size).T,
            ],
            axis=1,
        )
        # a constant exponent changes the formula; a constant factor is a number like any other
        keys = [levels[nodes], op, uniform[nodes].astype(np.intp)]
        keys += [np.where(exact[op], kinds[row], np.minimum(kinds[row], 2)) for row in reads]
        for alike in _alike(keys):
            first = alike[0]
            blocks.append(Block(Map, nodes[alike], reads[:, alike], bool(uniform[nodes[first]]), NAMES[op[first]]))
    return blocks


def _alike(keys: list[Index]) -> list[Index]:
    """The places at which all keys are equal, in groups."""
    total = keys[0]
    for key in keys[1:]:
        bound = int(key.max()) + 1
        if (int(total.max()) + 1) * bound > _ROOM:
            total = np.unique(total, return_inverse=True)[1]
        total = total * bound + key
    order = np.argsort(total, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(total[order])) + 1)


def _key(i: int, form: Form, forms: Forms) -> tuple[Any, ...]:
    """What sums of one block have in common."""
    uniform = forms.uniform
    match form:
        case Affine(pairs=pairs, bias=bias):
            return Affine, bias is None, tuple([x for _, x in pairs])
        case Sum(args=args):
            return Sum, uniform[i], len(args), uniform[args[0]]
        case Dot(pairs=pairs):
            return Dot, uniform[i], len(pairs), *[(uniform[x], uniform[y]) for x, y in pairs]
        case Take(args=args):
            return Take, uniform[i], len(args), uniform[args[0]]
    raise AssertionError(form)


def _sums(nodes: list[int], forms: Forms) -> Block:
    """Sums, sums of products, or lookups, side by side."""
    found, uniform = [forms.forms[i] for i in nodes], forms.uniform[nodes[0]]
    if isinstance(found[0], Sum):
        return Block(Sum, np.array(nodes), np.array([form.args for form in found]).T, uniform)  # type: ignore[union-attr]
    if isinstance(found[0], Take):
        reads, index = np.array([form.args for form in found]).T, np.array([[form.chooser for form in found]])  # type: ignore[union-attr]
        return Block(Take, np.array(nodes), reads, uniform, more=index)
    pairs = np.array([form.pairs for form in found])  # type: ignore[union-attr]
    return Block(Dot, np.array(nodes), pairs[:, :, 0].T, uniform, more=pairs[:, :, 1].T)


def _matrices(groups: list[list[int]], forms: Forms) -> list[Block]:
    """Weighted sums of the same inputs as matrix products; products by the same matrix side by side, as one."""
    by_weights: dict[Any, list[list[int]]] = {}
    for nodes in groups:
        rows = sorted([(_weights(forms.forms[i]), i) for i in nodes])
        by_weights.setdefault(tuple([weights for weights, _ in rows]), []).append([i for _, i in rows])
    blocks = []
    for weights, columns in by_weights.items():
        x = np.array([[x for _, x in forms.forms[nodes[0]].pairs] for nodes in columns])  # type: ignore[union-attr]
        blocks.append(
            Block(
                Affine,
                np.array(columns).T.ravel(),
                x.T,
                False,
                weights=np.array([w for w, _ in weights]),
                bias=np.array([b for _, b in weights if b >= 0], dtype=np.intp),
            )
        )
    return blocks


def _weights(form: Any) -> tuple[tuple[int, ...], int]:
    return tuple([w for w, _ in form.pairs]), -1 if form.bias is None else form.bias
