"""The kinds of operations of a graph, and the order in which a loop over them runs best."""

from __future__ import annotations

from functools import cache

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.record.lowered import MOST, Lowered
from microgrAD.compiler.record.numbers import Flags, Index
from microgrAD.compiler.record.rules import polynomial
from microgrAD.compiler.record.tape import NAMES, NONE, Tape
from microgrAD.compiler.write.wasm.records import Kind
from microgrAD.floats import FAULTS
from microgrAD.ops import OPS

_MOST_KINDS = 64  # more kinds than that are not told apart by the numbers in them


def by_kind(tape: Tape, found: Lowered) -> tuple[Lowered, tuple[Kind, ...], Index]:
    """The operations by their depth and kind, which is the order that a processor guesses best; the kinds; and which
    of them each operation is."""
    moving, depth = _walked(tape, found)
    kinds, which = _kinds(tape, found, moving)
    order = np.lexsort((which, depth[found.nodes]))
    return Lowered(found.nodes[order], found.codes[order], found.operands[order], found.size), kinds, which[order]


def _kinds(tape: Tape, found: Lowered, moving: Flags) -> tuple[tuple[Kind, ...], Index]:
    """The kinds of operations, and which of them each operation is."""
    moves = moving[found.operands]
    keys = found.codes * 2**MOST + moves @ 2 ** np.arange(MOST)
    places = np.flatnonzero(np.bincount(keys))
    which = np.searchsorted(places, keys)
    kinds = [_kind(NAMES[key // 2**MOST], key % 2**MOST) for key in places.tolist()]
    special: dict[Kind, int] = {}
    told_apart = which.copy()
    for k in _with_numbers(tape, found):
        kind, args = kinds[which[k]], found.operands[k].tolist()
        names = zip(OPS[kind.op].args, args, strict=False)
        known = kind._replace(known=simplify.key({name: tape.constants[i] for name, i in names if i in tape.constants}))
        if _has_formulas(known):
            told_apart[k] = len(kinds) + special.setdefault(known, len(special))
    if len(kinds) + len(special) > _MOST_KINDS:
        return tuple(kinds), which
    return _used([*kinds, *special], told_apart)


def _used(kinds: list[Kind], which: Index) -> tuple[tuple[Kind, ...], Index]:
    """The kinds that occur, in one order for all graphs of the same kinds; and their new places."""
    order = sorted(set(which.tolist()), key=lambda k: kinds[k])
    places = np.zeros(len(kinds), dtype=np.intp)
    places[order] = np.arange(len(order))
    return tuple([kinds[k] for k in order]), places[which]


def _kind(op: str, bits: int) -> Kind:
    return Kind(op, tuple([bool(bits >> k & 1) for k in range(len(OPS[op].args))]))


@cache
def _has_formulas(kind: Kind) -> bool:
    """Whether its formulas can be written with its numbers in them, and do not divide by 0, say."""
    op = OPS[kind.op]
    try:
        for text in (op.computed_value, *op.computed_partials):
            simplify.specialise(text or "0", simplify.numbers(kind.known))
    except FAULTS:
        return False
    return True


def _with_numbers(tape: Tape, found: Lowered) -> list[int]:
    """The operations that are simpler with a plain number in them: powers, say, and no sums and products."""
    simple = [code for code, name in enumerate(NAMES) if name and polynomial(name) is not None]
    constant = np.zeros(found.size + 1, dtype=bool)
    constant[list(tape.constants)] = True
    return np.flatnonzero(constant[found.operands].any(axis=1) & ~np.isin(found.codes, simple)).tolist()


def _walked(tape: Tape, found: Lowered) -> tuple[Flags, Index]:
    """Which nodes depend on a parameter, and how deep they are; the last is for NONE."""
    moving, depth = [False] * (found.size + 1), [0] * (found.size + 1)
    for i in tape.parameters.values():
        moving[i] = True
    for i, (j, k, *more) in zip(found.nodes.tolist(), found.operands.tolist(), strict=True):
        one, other = depth[j], depth[k]
        moving[i] = moving[j] or moving[k]
        depth[i] = (one if one > other else other) + 1
        for m in more:
            if m != NONE:
                moving[i] = moving[i] or moving[m]
                depth[i] = max(depth[i], depth[m] + 1)
    return np.array(moving), np.array(depth)
