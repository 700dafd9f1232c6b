"""A loop that runs records: for graphs that are too large, or too deep, to be written as straight code.

block     rows that are computed at once: two of them are one vector, and `width` vectors stand side by side
slot      a number of each row of a block, and behind these the gradient of each
record    whole numbers of 4 bytes: a kind, the address of the slot that it makes, those of its operands
kind      an operation, as it is in some places of the graph

The module holds the code of each kind once, whatever the size of the graph.

    values(rows, blocks, out)      the roots of every row                     0, or 1 where a number is not finite
    gradient(rows, blocks, out)    the same, and the gradient added up        likewise
                                   in the slots of the parameters

rows, blocks    the address of the first block of rows, and how many there are: the slots of its inputs, as they are to
                be, and then what each row counts in the gradient
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
from microgrAD.compiler.write.wasm.memory import TABLES
from microgrAD.ops import OPS

VECTOR, RECORD = 16, 4 * (2 + MOST)
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


def slot(width: int) -> int:
    """The bytes of a slot."""
    return 2 * VECTOR * width


@lru_cache(maxsize=16)
def written(kinds: tuple[Kind, ...], width: int = 1) -> tuple[bytes, tuple[Function, ...]]:
    """The module that runs records of these kinds, and its functions."""
    library = Library()
    bodies = [_Loop(library, kinds, width).forward(), _Loop(library, kinds, width).backward()]
    places = [len(library.made), len(library.made) + 1]
    rows = [_Rows("values", places[:1], width).function(), _Rows("gradient", places, width).function()]
    functions = (*library.made, *bodies, *rows)
    return module(functions, 1, library.data), functions


class _Loop:
    """Writes the loop over all records, in one direction."""

    def __init__(self, library: Library, kinds: Sequence[Kind], width: int) -> None:
        self.kinds, self.width, self.half = kinds, width, VECTOR * width
        self.body = Body((I32, I32), library.number)
        self.kind, self.out = self.body.local(I32), self.body.local(I32)
        self.addresses = [self.body.local(I32) for _ in range(MOST)]
        self.numbers = [self.body.local() for _ in range(MOST)]
        self.gradients = [self.body.local() for _ in range(width)]
        self.result, self.fault = self.body.local(), self.body.local()

    def forward(self) -> Function:
        """forward(begin, end): the value of every record in order. It gives 0, or what is not finite."""
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
        for v, gradient in enumerate(self.gradients):
            self._load(self.out, self.half + VECTOR * v, gradient)
        body.put(("block",))
        for v, gradient in enumerate(self.gradients):
            body.get(gradient)
            if v:
                body.put(("v128.or",))
        body.put(("v128.any_true",))
        body.put(("i32.eqz",))
        body.put(("br_if", 0))
        for v in range(self.width):
            body.get(self.out)
            body.put(("v128.const", 0.0))
            body.put(("v128.store", self.half + VECTOR * v))
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

    def _load(self, address: int, offset: int, place: int) -> None:
        self.body.get(address)
        self.body.put(("v128.load", offset))
        self.body.put(("local.set", place))

    def _operands(self, kind: Kind, v: int) -> dict[str, int]:
        """Load vector v of the operands; the locals by their names."""
        found = {}
        for k, name in enumerate(OPS[kind.op].args):
            if name not in dict(kind.known):
                self._load(self.addresses[k], VECTOR * v, self.numbers[k])
                found[name] = self.numbers[k]
        return found

    def _value(self, kind: Kind) -> None:
        value = simplify.specialise(OPS[kind.op].computed_value, simplify.numbers(kind.known))
        for v in range(self.width):
            names = self._operands(kind, v)
            for place in () if keeps_faults(kind.op) else names.values():
                self.body.doubt(self.fault, partial(self.body.get, place))
            self.body.get(self.out)
            self.body.formula(value, names)
            self.body.put(("v128.store", VECTOR * v))

    def _slopes(self, kind: Kind) -> None:
        op, body = OPS[kind.op], self.body
        for v in range(self.width) if any(kind.moving) else ():
            names = self._operands(kind, v)
            self._load(self.out, VECTOR * v, self.result)
            names |= {"out": self.result, _GRADIENT: self.gradients[v]}
            place = self.half + VECTOR * v
            for k, moves in enumerate(kind.moving):
                text = op.computed_partials[k]
                if moves and text:
                    slope = simplify.specialise(text, simplify.numbers(kind.known))
                    body.get(self.addresses[k])
                    body.get(self.addresses[k])
                    body.put(("v128.load", place))
                    body.formula(simplify.product(ast.Name(_GRADIENT, ast.Load()), slope), names)
                    body.put(("f64x2.add",))
                    body.put(("v128.store", place))


class _Rows:
    """Writes the function that runs passes, forward and perhaps backward, on each block of rows."""

    def __init__(self, name: str, passes: Sequence[int], width: int) -> None:
        self.name, self.passes, self.width = name, passes, width
        self.body = Body((I32, I32, I32), lambda name: 0)
        self.fault = self.body.local()

    def function(self) -> Function:
        """The function."""
        body = self.body
        rows, blocks, out = range(3)
        body.put(("loop",))
        self._held(INPUTS)
        body.get(rows)
        self._held(BYTES)
        body.put(("memory.copy",))
        self._run(self.passes[0])
        body.get(self.fault)
        body.put(("f64x2.add",))
        body.put(("local.set", self.fault))
        body.get(rows)
        self._held(BYTES)
        body.put(("i32.add",))
        body.put(("local.set", rows))
        self._roots(out)
        if len(self.passes) > 1:
            self._seed(rows)
            self._run(self.passes[1])
        body.advance(rows, VECTOR * self.width)
        body.advance(blocks, -1)
        body.get(blocks)
        body.put(("br_if", 0))
        body.put(("end",))
        body.push_fault(self.fault)
        return Function(self.name, body.parameters, (I32,), tuple(body.locals), body.code)

    def _held(self, at: int) -> None:
        self.body.put(("i32.const", 0))
        self.body.put(("i32.load", at))

    def _run(self, function: int) -> None:
        self._held(BEGIN)
        self._held(END)
        self.body.put(("call", function))

    def _roots(self, out: int) -> None:
        """Write the values of the roots."""
        body = self.body
        root, left, number = body.local(I32), body.local(I32), body.local()
        body.put(("i32.const", FIRST_ROOT))
        body.put(("local.set", root))
        self._held(ROOTS)
        body.put(("local.set", left))
        body.put(("loop",))
        for v in range(self.width):
            body.get(out)
            body.get(root)
            body.put(("i32.load", 0))
            body.put(("v128.load", VECTOR * v))
            body.put(("local.tee", number))
            body.put(("v128.store", VECTOR * v))
            body.doubt(self.fault, lambda: body.get(number))
        for place, by in ((out, VECTOR * self.width), (root, 4), (left, -1)):
            body.advance(place, by)
        body.get(left)
        body.put(("br_if", 0))
        body.put(("end",))

    def _seed(self, rows: int) -> None:
        """Add what each row counts to the gradient of the root."""
        for v in range(self.width):
            place = VECTOR * (self.width + v)
            self._held(FIRST_ROOT)
            self._held(FIRST_ROOT)
            self.body.put(("v128.load", place))
            self.body.get(rows)
            self.body.put(("v128.load", VECTOR * v))
            self.body.put(("f64x2.add",))
            self.body.put(("v128.store", place))
