"""A loop that runs records: for graphs that are too large, or too deep, to be written as straight code.

slot      32 bytes: a number of two rows, and its gradient
record    whole numbers of 4 bytes: a kind, the address of the slot that it makes, those of its operands
kind      an operation, as it is in some places of the graph

The module holds the code of each kind once, whatever the size of the graph.

    values(rows, pairs, out)      the roots of every row                     0, or 1 where a number is not finite
    gradient(rows, pairs, out)    the same, and the gradient added up        likewise
                                  in the slots of the parameters

rows, pairs    the address of the first pair of rows, and how many there are: the slots of its inputs, as they are to
               be, and then what each of the two counts in the gradient
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from microgrAD.compiler.program import simplify
from microgrAD.compiler.record.lowered import MOST
from microgrAD.compiler.record.rules import keeps_faults
from microgrAD.compiler.write.wasm.body import Body
from microgrAD.compiler.write.wasm.encoding import I32, V128, Function, module
from microgrAD.compiler.write.wasm.library import Library
from microgrAD.compiler.write.wasm.memory import DATA, TABLES
from microgrAD.ops import OPS

SLOT = 32
HALF = 16  # the gradient's place in a slot
RECORD = 4 * (2 + MOST)
# whole numbers that stand at TABLES: where records begin and end, where the slots of inputs begin, how many bytes they
# take, and how many roots there are, whose addresses follow
BEGIN, END, INPUTS, BYTES, ROOTS, FIRST_ROOT = range(TABLES, TABLES + 24, 4)
_GRADIENT = "gradient"


class Kind(NamedTuple):
    """An operation.

    Arguments:
        op: its name.
        moving: which of its operands depend on a parameter.
        known: operands that are the same number in every record of the kind, see `simplify.key`.
    """

    op: str
    moving: tuple[bool, ...]
    known: simplify.Known = ()


@lru_cache(maxsize=16)
def written(kinds: tuple[Kind, ...]) -> tuple[bytes, tuple[Function, ...]]:
    """The module that runs records of these kinds, and its functions."""
    library = Library()
    bodies = [_Loop(library, kinds).forward(), _Loop(library, kinds).backward()]
    places = [len(library.made), len(library.made) + 1]
    functions = (*library.made, *bodies, _over_rows("values", places[:1]), _over_rows("gradient", places))
    return module(functions, 1, DATA), functions


class _Loop:
    """Writes the loop over all records, in one direction."""

    def __init__(self, library: Library, kinds: Sequence[Kind]) -> None:
        self.kinds = kinds
        self.body = Body((I32, I32), library.number)
        self.kind, self.out = self.body.local(I32), self.body.local(I32)
        self.addresses = [self.body.local(I32) for _ in range(MOST)]
        self.numbers = [self.body.local() for _ in range(MOST)]
        self.result, self.gradient, self.fault = (self.body.local() for _ in range(3))

    def forward(self) -> Function:
        """forward(begin, end): the value of every record in order. It gives 0 in both rows, or what is not finite."""
        at, end = 0, 1
        self.body.put(("loop",))
        self._read(at)
        self.body.advance(at, RECORD)
        self.body.put(("block",))
        self._by_kind(self._value)
        self.body.put(("end",))
        self._until(at, end)
        self.body.get(self.fault)
        return Function("", self.body.parameters, (V128,), tuple(self.body.locals), self.body.code)

    def backward(self) -> Function:
        """backward(begin, end): the gradient of every record in reverse order, handed on and then forgotten."""
        begin, at = 0, 1
        body = self.body
        body.put(("loop",))
        body.advance(at, -RECORD)
        self._read(at)
        body.get(self.out)
        body.put(("v128.load", HALF))
        body.put(("local.set", self.gradient))
        body.put(("block",))
        body.get(self.gradient)
        body.put(("v128.any_true",))
        body.put(("i32.eqz",))
        body.put(("br_if", 0))
        body.get(self.out)
        body.put(("v128.const", 0.0))
        body.put(("v128.store", HALF))
        self._by_kind(self._slopes)
        body.put(("end",))
        self._until(at, begin)
        return Function("", body.parameters, (), tuple(body.locals), body.code)

    def _read(self, at: int) -> None:
        for k, place in enumerate((self.kind, self.out, *self.addresses)):
            self.body.get(at)
            self.body.put(("i32.load", 4 * k))
            self.body.put(("local.set", place))

    def _until(self, at: int, last: int) -> None:
        self.body.get(at)
        self.body.get(last)
        self.body.put(("i32.ne",))
        self.body.put(("br_if", 0))
        self.body.put(("end",))

    def _by_kind(self, write: Callable[[Kind], None]) -> None:
        """What `write` puts for the record's kind; after it the innermost block around is left."""
        last = len(self.kinds) - 1
        self.body.code.extend([("block",)] * len(self.kinds))
        self.body.get(self.kind)
        self.body.put(("br_table", tuple(range(last)), last))
        for k, kind in enumerate(self.kinds):
            self.body.put(("end",))
            write(kind)
            self.body.put(("br", last - k))

    def _operands(self, kind: Kind) -> dict[str, int]:
        """Load the operands; the locals by their names."""
        found = {}
        for k, name in enumerate(OPS[kind.op].args):
            if name not in dict(kind.known):
                self.body.get(self.addresses[k])
                self.body.put(("v128.load", 0))
                self.body.put(("local.set", self.numbers[k]))
                found[name] = self.numbers[k]
        return found

    def _value(self, kind: Kind) -> None:
        names = self._operands(kind)
        for place in () if keeps_faults(kind.op) else names.values():
            self.body.doubt(self.fault, partial(self.body.get, place))
        self.body.get(self.out)
        self.body.formula(simplify.specialise(OPS[kind.op].computed_value, simplify.numbers(kind.known)), names)
        self.body.put(("v128.store", 0))

    def _slopes(self, kind: Kind) -> None:
        op, body = OPS[kind.op], self.body
        names = self._operands(kind) if any(kind.moving) else {}
        if any(kind.moving):
            body.get(self.out)
            body.put(("v128.load", 0))
            body.put(("local.set", self.result))
        names |= {"out": self.result, _GRADIENT: self.gradient}
        for k, moves in enumerate(kind.moving):
            text = op.computed_partials[k]
            if moves and text:
                slope = simplify.specialise(text, simplify.numbers(kind.known))
                body.get(self.addresses[k])
                body.get(self.addresses[k])
                body.put(("v128.load", HALF))
                body.formula(simplify.product(ast.Name(_GRADIENT, ast.Load()), slope), names)
                body.put(("f64x2.add",))
                body.put(("v128.store", HALF))


def _over_rows(name: str, passes: Sequence[int]) -> Function:
    """The function that runs passes, forward and perhaps backward, on each pair of rows."""
    body = Body((I32, I32, I32), lambda name: 0)
    rows, pairs, out = range(3)
    root, left = body.local(I32), body.local(I32)
    fault, number = body.local(), body.local()

    def held(at: int) -> None:
        body.put(("i32.const", 0))
        body.put(("i32.load", at))

    def run(function: int) -> None:
        held(BEGIN)
        held(END)
        body.put(("call", function))

    body.put(("loop",))
    held(INPUTS)
    body.get(rows)
    held(BYTES)
    body.put(("memory.copy",))
    run(passes[0])
    body.get(fault)
    body.put(("f64x2.add",))
    body.put(("local.set", fault))
    body.get(rows)
    held(BYTES)
    body.put(("i32.add",))
    body.put(("local.set", rows))
    body.put(("i32.const", FIRST_ROOT))
    body.put(("local.set", root))
    held(ROOTS)
    body.put(("local.set", left))
    body.put(("loop",))
    body.get(out)
    body.get(root)
    body.put(("i32.load", 0))
    body.put(("v128.load", 0))
    body.put(("local.tee", number))
    body.put(("v128.store", 0))
    body.doubt(fault, lambda: body.get(number))
    for place, by in ((out, 16), (root, 4), (left, -1)):
        body.advance(place, by)
    body.get(left)
    body.put(("br_if", 0))
    body.put(("end",))
    if len(passes) > 1:
        held(FIRST_ROOT)
        held(FIRST_ROOT)
        body.put(("v128.load", HALF))
        body.get(rows)
        body.put(("v128.load", 0))
        body.put(("f64x2.add",))
        body.put(("v128.store", HALF))
        run(passes[1])
    body.advance(rows, 16)
    body.advance(pairs, -1)
    body.get(pairs)
    body.put(("br_if", 0))
    body.put(("end",))
    body.push_fault(fault)
    return Function(name, body.parameters, (I32,), tuple(body.locals), body.code)
