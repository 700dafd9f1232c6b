"""Packing: forms of one kind at one depth become blocks, which are computed at once.

    depth    1 + the greatest depth among a form's operands; a leaf has 0
    block    forms that differ only in what they read, in the order in which their results will stand
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from microgrAD.compiler.rules import polynomial
from microgrAD.compiler.sums import Affine, Dot, Form, Forms, Map, Sum, operands


@dataclass
class Block:
    """n nodes of one kind. What they read: one list of nodes per argument (Map), or a table (else).

    kind      Map           Affine                       Sum      Dot
    reads     [args][n]     x[terms][columns]            [k][n]   x[k][n], y[k][n]
    weights                 w[rows][terms], n = rows · columns, a bias per row or none
    """

    kind: type[Form]
    nodes: list[int]
    reads: list[list[int]]
    uniform: bool
    op: str = ""
    more: list[list[int]] = field(default_factory=list)         # y of a Dot
    weights: list[list[int]] = field(default_factory=list)
    bias: list[int] = field(default_factory=list)


def pack(forms: Forms) -> list[Block]:
    """The blocks of all forms, operands first."""
    levels: dict[int, dict[Any, list[int]]] = {}
    depth = [0] * len(forms.uniform)
    for i, form in forms.forms.items():
        depth[i] = level = 1 + max([depth[j] for j in (form.args if type(form) is Map else operands(form))])
        groups = levels.get(level)
        if groups is None:
            groups = levels[level] = {}
        key = _key(i, form, forms)
        if key in groups:
            groups[key].append(i)
        else:
            groups[key] = [i]
    blocks: list[Block] = []
    for level in sorted(levels):
        matrices = []
        for nodes in levels[level].values():
            if isinstance(forms.forms[nodes[0]], Affine):
                matrices.append(nodes)
            else:
                blocks.append(_block(nodes, forms))
        blocks += _matrices(matrices, forms)
    return blocks


def _key(i: int, form: Form, forms: Forms) -> Any:
    """What forms of one block have in common."""
    uniform, constants = forms.uniform, forms.tape.constants
    if type(form) is Map:
        # a constant exponent changes the formula; a constant factor is a number like any other
        exact = polynomial(form.op) is None
        return form.op, uniform[i], *[
            (constants[j] if exact else None) if j in constants else uniform[j] for j in form.args]
    match form:
        case Affine(pairs=pairs, bias=bias):
            return Affine, bias is None, tuple([x for _, x in pairs])
        case Sum(args=args):
            return Sum, uniform[i], len(args), uniform[args[0]]
        case Dot(pairs=pairs):
            return Dot, uniform[i], len(pairs), *[(uniform[x], uniform[y]) for x, y in pairs]


def _block(nodes: list[int], forms: Forms) -> Block:
    found = [forms.forms[i] for i in nodes]
    first, uniform = found[0], forms.uniform[nodes[0]]
    if isinstance(first, Map):
        return Block(Map, nodes, _columns([form.args for form in found]), uniform, first.op)    # type: ignore[union-attr]
    if isinstance(first, Sum):
        return Block(Sum, nodes, _columns([form.args for form in found]), uniform)      # type: ignore[union-attr]
    pairs = [form.pairs for form in found]      # type: ignore[union-attr]
    return Block(Dot, nodes, _columns([[x for x, _ in row] for row in pairs]), uniform,
                 more=_columns([[y for _, y in row] for row in pairs]))


def _columns(rows: list[Any]) -> list[list[int]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _matrices(groups: list[list[int]], forms: Forms) -> list[Block]:
    """Weighted sums of the same inputs as matrix products; products by the same matrix side by side, as one."""
    by_weights: dict[Any, list[list[int]]] = {}
    for nodes in groups:
        rows = sorted([(_weights(forms.forms[i]), i) for i in nodes])
        by_weights.setdefault(tuple([weights for weights, _ in rows]), []).append([i for _, i in rows])
    blocks = []
    for weights, columns in by_weights.items():
        pairs = [forms.forms[nodes[0]].pairs for nodes in columns]      # type: ignore[union-attr]
        blocks.append(Block(
            Affine, [nodes[row] for row in range(len(weights)) for nodes in columns],
            _columns([[x for _, x in column] for column in pairs]), False,
            weights=[list(w) for w, _ in weights],
            bias=[b for _, b in weights if b >= 0]))
    return blocks


def _weights(form: Any) -> tuple[tuple[int, ...], int]:
    return tuple([w for w, _ in form.pairs]), -1 if form.bias is None else form.bias
