"""Running records: a graph without matrices, or one that is thousands deep, by one loop of machine code.

Compiling is no more than writing the graph down as numbers. What is not finite is left to the walker, which finds out
what happened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np

from microgrAD.compiler.program import simplify
from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.sums import Forms
from microgrAD.compiler.program.tensors import Tensors
from microgrAD.compiler.record.lowered import MOST, Lowered, lowered
from microgrAD.compiler.record.numbers import Array, Flags, Index
from microgrAD.compiler.record.rules import polynomial
from microgrAD.compiler.record.tape import NAMES, NONE, Tape
from microgrAD.compiler.run.host import LARGEST, Host
from microgrAD.compiler.run.walker import Walker
from microgrAD.compiler.write.wasm.listing import listing
from microgrAD.compiler.write.wasm.memory import TABLES
from microgrAD.compiler.write.wasm.records import END, FIRST_ROOT, RECORD, SLOT, Kind, written
from microgrAD.floats import FAULTS
from microgrAD.ops import OPS

_AT_ONCE = 4_000_000  # operations of one call, about 50 ms: an interrupt is heard after it
_HELD = 2**26  # bytes that the rows of one call may take
_KINDS = 64  # more kinds than that are not told apart by the numbers in them


def fits(tape: Tape) -> bool:
    """Whether the records of a tape find room in a module's memory, with as much for what stands beside them."""
    apart = sum(map(len, tape.many.values()))  # a sum or a dot product becomes up to two records for each operand
    return (len(tape) + 2 * apart) * (SLOT + RECORD) * 2 < LARGEST


class Records:
    """What runs such a tape, as a Runner runs others. To be called within `strict`, by one thread at a time."""

    def __init__(self, forms: Forms) -> None:
        self.tape, self.forms = forms.tape, forms
        found, self.kinds, which = _sorted(self.tape, lowered(forms.tape, forms.zero))
        leaves = [*self.tape.parameters.values(), *self.tape.watched.values(), *self.tape.constants, *self.tape.inputs]
        slots = np.zeros(found.size + 1, dtype=np.int32)
        slots[leaves] = np.arange(len(leaves))
        slots[found.nodes] = np.arange(len(leaves), len(leaves) + len(found.nodes))
        self._start = -(-(FIRST_ROOT + 4 * len(self.tape.roots)) // SLOT) * SLOT
        operands = np.where(found.operands == NONE, 0, slots[found.operands])
        columns = np.column_stack([slots[found.nodes], operands]) * SLOT + self._start
        self._records = np.column_stack([which, columns]).astype(np.int32)
        self._roots = slots[self.tape.roots] * SLOT + self._start
        self._inputs = len(leaves) - len(self.tape.inputs)
        self._slots = len(leaves) + len(found.nodes)

    @property
    def source(self) -> str:
        """The code that runs, and how many records it runs."""
        head = f";; run by a loop over {len(self._records)} records of {len(self.kinds)} kinds, which stand in memory\n"
        return head + listing(written(self.kinds)[1])

    @cached_property
    def walker(self) -> Walker:
        """What computes the same node by node, and knows why a number is not finite."""
        return Walker(self.forms)

    @property
    def tensors(self) -> Tensors:
        """The tensor program that it would be, to be shown."""
        return self.walker.tensors

    @property
    def backward(self) -> Backward | None:
        """Its backward pass, likewise."""
        return self.walker.backward

    # ------------------------------------------------------------------------------------------ passes

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        found = self._run("values", theta, columns, np.zeros(columns.shape[1]))
        return self.walker.outputs(theta, columns) if found is None else found

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        found = self._run("gradient", theta, columns, seeds)
        if found is not None:
            gradient: Array = self._parameters[:, 2:].sum(axis=1)
            if np.isfinite(gradient).all():
                return found[0], gradient
        return self.walker.gradients(theta, columns, seeds)

    def loop(self, columns: Array, seeds: Array, steps: int = 0) -> Callable[[Array], Array]:
        """A function of theta that gives the gradient alone."""
        return lambda theta: self.gradients(theta, columns, seeds)[1]

    # ------------------------------------------------------------------------------------------ memory

    @cached_property
    def _host(self) -> Host:
        """The module, with the records in its memory."""
        host = Host(written(self.kinds)[0])
        begin = self._start + SLOT * self._slots
        end = begin + RECORD * len(self._records)
        host.reserve(end + 64)
        inputs = self._start + SLOT * self._inputs
        head = [begin, end, inputs, SLOT * len(self.tape.inputs), len(self._roots), *self._roots]
        host.whole(TABLES, len(head))[:] = head
        host.whole(begin, self._records.size)[:] = self._records.ravel()
        constants = list(self.tape.constants.values())
        first = self._inputs - len(constants)
        self._table(host, first, len(constants))[:, :2] = np.array(constants)[:, None]
        return host

    def _table(self, host: Host, first: int, count: int) -> Array:
        """Slots: a number of both rows, and its gradient, (slots, 4)."""
        return host.numbers(self._start + SLOT * first, 4 * count).reshape(count, 4)

    @property
    def _parameters(self) -> Array:
        return self._table(self._host, 0, len(self.tape.parameters))

    def _run(self, name: str, theta: Array, columns: Array, seeds: Array) -> Array | None:
        """The values of the roots, (roots, rows); None where a number is not finite."""
        host, rows = self._host, columns.shape[1]
        pair = SLOT * len(self.tape.inputs) + 16 * (1 + len(self._roots))
        size = 2 * max(1, min(_AT_ONCE // (2 * len(self._records)), _HELD // pair))
        call = host.function(name)
        watched = [leaf._data for leaf in self.tape.watched]
        found = np.empty((len(self._roots), rows))
        self._reserve(min(rows, size))
        self._parameters[:, :2], self._parameters[:, 2:] = theta[:, None], 0.0
        self._table(host, len(theta), len(watched))[:, :2] = np.array(watched).reshape(-1, 1)
        for first in range(0, rows, size):
            part = slice(first, min(first + size, rows))
            values = self._some(call, columns[:, part], seeds[part])
            if values is None:
                return None
            found[:, part] = values
        return found

    def _reserve(self, rows: int) -> None:
        pairs = -(-rows // 2)
        end = int(self._host.whole(END, 1)[0])
        self._rows = -(-end // 16) * 16
        self._out = self._rows + pairs * (SLOT * len(self.tape.inputs) + 16)
        self._host.reserve(self._out + pairs * 16 * len(self._roots))

    def _some(self, call: Callable[..., int], columns: Array, seeds: Array) -> Array | None:
        """The same of few rows: the last is repeated where they are odd, and does not count."""
        inputs, rows = columns.shape
        pairs, roots = -(-rows // 2), len(self._roots)
        table = self._host.numbers(self._rows, pairs * (4 * inputs + 2)).reshape(pairs, 4 * inputs + 2)
        full, shares = np.empty((inputs, 2 * pairs)), np.zeros(2 * pairs)
        full[:, :rows], full[:, rows:], shares[:rows] = columns, columns[:, -1:], seeds
        slots = table[:, :-2].reshape(pairs, inputs, 4)
        slots[:, :, :2] = full.reshape(inputs, pairs, 2).transpose(1, 0, 2)
        table[:, :-2] = slots.reshape(pairs, 4 * inputs)
        table[:, -2:] = shares.reshape(pairs, 2)
        if call(self._rows, pairs, self._out):
            return None
        values = self._host.numbers(self._out, pairs * roots * 2).reshape(pairs, roots, 2)
        return np.array(values.transpose(1, 0, 2).reshape(roots, 2 * pairs)[:, :rows])


# ---------------------------------------------------------------------------------------------- kinds


def _sorted(tape: Tape, found: Lowered) -> tuple[Lowered, tuple[Kind, ...], Index]:
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
    places, which = np.unique(keys, return_inverse=True)
    kinds = [_kind(NAMES[key // 2**MOST], key % 2**MOST) for key in places.tolist()]
    special: dict[Kind, int] = {}
    which = which.reshape(-1).astype(np.intp)
    told_apart = which.copy()
    for k in _with_numbers(tape, found):
        kind, args = kinds[which[k]], found.operands[k].tolist()
        names = zip(OPS[kind.op].args, args, strict=False)
        known = kind._replace(known=simplify.key({name: tape.constants[i] for name, i in names if i in tape.constants}))
        if _has_formulas(known):
            told_apart[k] = len(kinds) + special.setdefault(known, len(special))
    if len(kinds) + len(special) > _KINDS:
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
