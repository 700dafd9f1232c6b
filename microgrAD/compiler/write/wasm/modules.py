"""A program as a module: its values, its gradient, and training by an optimiser's rule, each a function.

    values(rows, blocks, out)      the roots of every row                     0, or 1 where a number is not finite
    gradient(rows, blocks, out)    the same, and the gradient in its place    likewise
    train(rows, blocks, steps)     moves the parameters by the rule           how many whole steps were taken

rows, blocks    the address of the first block of rows, and how many there are
out             the address of the first block of values
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.sections import plan
from microgrAD.compiler.program.tensors import Step, Tensors
from microgrAD.compiler.write.wasm.body import Body
from microgrAD.compiler.write.wasm.encoding import I32, PAGE, Function, module
from microgrAD.compiler.write.wasm.library import Library
from microgrAD.compiler.write.wasm.loops import Loops
from microgrAD.compiler.write.wasm.memory import Places, table
from microgrAD.compiler.write.wasm.straight import Straight

NOTE = "microgrAD"  # the name of the section that says where everything stands


@dataclass(frozen=True)
class Written:
    """A module: its bytes, its functions, the table U, where rows may begin."""

    binary: bytes
    functions: tuple[Function, ...]
    places: Places
    rows: int
    width: int
    rule: Places | None = None
    states: tuple[int, ...] = ()


def described(written: Written, tensors: Tensors, backward: Backward | None) -> dict[str, Any]:
    """Where everything stands in a module's memory, in bytes, for whoever calls it.

    rows          where blocks of rows may begin
    block         rows of a block
    inputs        numbers of a row; one more says what the row counts in the gradient
    roots         values of a row
    parameters    where they begin; the k-th that stands there is number order[k]
    gradient      where the derivatives by them begin, in the same order
    """
    found = {
        "rows": written.rows,
        "block": 2 * written.width,
        "inputs": len(tensors.inputs),
        "roots": len(tensors.roots),
        "parameters": written.places.at(0),
        "order": list(tensors.parameters),
    }
    return found | ({"gradient": written.places.at(backward.first)} if backward else {})


class Module:
    """Writes the functions of a program. `width` vectors of two rows make a block; `looped`: by `Loops`."""

    def __init__(self, tensors: Tensors, backward: Backward | None, width: int = 1, *, looped: bool = False) -> None:
        self.tensors, self.backward, self.width, self.looped = tensors, backward, width, looped
        self.places = table(tensors, backward)
        self._lines = (backward or tensors).lines
        self._end = Loops.end(self.places, width, self._lines) if looped else self.places.end
        self.library = Library()
        self.count = len(tensors.parameters)

    def inference(self) -> Written:
        """The module of `values`, and of `gradient` where the program has one root."""
        functions = [self._pass("values", None)]
        if self.backward:
            functions.append(self._pass("gradient", self.backward))
        return self._written(functions, self._end)

    def saved(self, places: Mapping[int, float]) -> bytes:
        """The same for any host: with numbers in the table U, and with a note that says where everything stands."""
        written = self.inference()
        data = [*self.library.data, *[(self.places.at(i), struct.pack("<d", number)) for i, number in places.items()]]
        note = json.dumps(described(written, self.tensors, self.backward)).encode()
        return module(written.functions, written.rows // PAGE + 1, data, (NOTE, note))

    def _written(
        self, functions: list[Function], end: int, rule: Places | None = None, states: Sequence[int] = ()
    ) -> Written:
        made = (*self.library.made, *functions)
        binary = module(made, end // PAGE + 1, self.library.data)
        return Written(binary, made, self.places, end, self.width, rule, tuple(states))

    # ------------------------------------------------------------------------------------------ passes

    def _pass(self, name: str, backward: Backward | None) -> Function:
        body = Body((I32, I32, I32), self.library.number)
        rows, blocks, out = range(3)
        straight = self._straight(body, backward)
        size = 16 * self.width * len(self.tensors.roots)

        def outputs() -> None:
            for k, root in enumerate(self.tensors.roots):
                for v in range(self.width):
                    body.get(out)
                    straight.push(True, root, v)
                    body.put(("v128.store", 16 * (k * self.width + v)))
                    straight.doubt(lambda v=v, root=root: straight.push(True, root, v))  # type: ignore[misc]
            body.advance(out, size)

        self._steps(straight, list(self.tensors.steps), backward, rows, blocks, outputs)
        body.push_fault(straight.fault)
        return Function(name, body.parameters, (I32,), tuple(body.locals), body.code)

    def _straight(self, body: Body, backward: Backward | None) -> Straight:
        fixed = dict.fromkeys(self.tensors.ones, 1.0) | ({backward.zero: 0.0} if backward else {})
        if self.looped:
            return Loops(body, self.places, self.tensors.constants, fixed, self.width, self._lines)
        return Straight(body, self.places, self.tensors.constants, fixed, self.width)

    def _steps(
        self,
        straight: Straight,
        forward: list[Step],
        backward: Backward | None,
        rows: int,
        blocks: int,
        outputs: Callable[[], None],
    ) -> None:
        """Uniform steps, a loop over blocks of rows with the batched ones in it, and uniform steps backward."""
        body = straight.body
        for step in forward:
            if not step.out.batched:
                straight.write(step)
        before = len(body.code)
        body.put(("loop",))
        for k, line in enumerate([*self.tensors.inputs, *([backward.seeds] if backward else [])]):

            def load(v: int, k: int = k) -> None:
                body.get(rows)
                body.put(("v128.load", 16 * (k * self.width + v)))

            straight.take(line, load)
        for step in forward:
            if step.out.batched:
                straight.write(step)
        outputs()
        later = []
        for step in backward.steps if backward else ():
            over_rows = any(rows.batched for rows in step.reads)
            if over_rows:
                straight.write(step)
            else:
                later.append(step)
        body.advance(rows, 16 * self.width * (len(self.tensors.inputs) + 1))
        body.advance(blocks, -1)
        body.get(blocks)
        body.put(("br_if", 0))
        body.put(("end",))
        inside, body.code[before:] = body.code[before:], []
        straight.clear()
        body.code.extend(inside)
        straight.finish()
        for step in later:
            straight.write(step)
        if backward:
            self._doubt_gradient(straight, backward)

    def _doubt_gradient(self, straight: Straight, backward: Backward) -> None:
        body = straight.body

        def doubt(offset: int, k: int) -> None:
            def push() -> None:
                body.get(offset)
                body.put(("v128.load", self.places.at(backward.first) + k))

            straight.doubt(push)

        _over_pairs(body, (8 * self.count + 15) // 16 * 16, doubt)

    # ------------------------------------------------------------------------------------------ training

    def training(self, rule: Tensors, states: int) -> Written:
        """The module of `train`. `rule` is a program whose rows are the parameters: of a parameter, its gradient and
        what is remembered of it, it makes the new parameter and what is to be remembered. Its parameter is the step."""
        assert self.backward is not None
        own = Places(self._end, rule.places)
        size = (8 * self.count + 15) // 16 * 16
        held = [own.end + size * k for k in range(2 * states + 1)]  # what is remembered, then all as it will be next
        body = Body((I32, I32, I32), self.library.number)
        rows, blocks, steps = range(3)
        row, left, done = (body.local(I32) for _ in range(3))
        straight = self._straight(body, self.backward)
        planned, _ = plan(self.tensors, self.backward)
        forward = [step for step, section in planned[: len(self.tensors.steps)] if section != "finish"]
        body.put(("block",))
        body.put(("loop",))
        body.get(steps)
        body.put(("i32.eqz",))
        body.put(("br_if", 1))
        for source, target in ((rows, row), (blocks, left)):
            body.get(source)
            body.put(("local.set", target))
        self._steps(straight, forward, self.backward, row, left, lambda: None)
        self._rule(straight, rule, own, held[:states], held[states:], size)
        body.advance(done, 1)
        body.advance(steps, -1)
        body.put(("br", 0))
        body.put(("end",))
        body.put(("end",))
        body.get(done)
        f = Function("train", body.parameters, (I32,), tuple(body.locals), body.code)
        return self._written([f], own.end + size * (2 * states + 1), own, held[:states])

    def _rule(
        self, straight: Straight, rule: Tensors, own: Places, states: list[int], after: list[int], size: int
    ) -> None:
        """Everything as it will be next, two parameters at a time; if all of it is finite, it takes its place."""
        body, backward = straight.body, self.backward
        assert backward is not None
        gradient = self.places.at(backward.first)
        now = [self.places.start, gradient, *states]
        (step,) = range(len(rule.parameters))
        body.put(("i32.const", 0))
        body.put(("i32.const", 0))
        body.put(("f64.load", own.at(step)))
        body.put(("f64.const", 1.0))
        body.put(("f64.add",))
        body.put(("f64.store", own.at(step)))
        mine = Straight(body, own, rule.constants, dict.fromkeys(rule.ones, 1.0))
        mine.fault = straight.fault
        for each in rule.steps:
            if not each.out.batched:
                mine.write(each)

        def pair(offset: int, k: int) -> None:
            for line, address in zip(rule.inputs, now, strict=True):
                body.get(offset)
                body.put(("v128.load", address + k))
                mine.lines[line] = [body.keep()]
            for each in rule.steps:
                if each.out.batched:
                    mine.write(each)
            for root, address in zip(rule.roots, after, strict=True):
                body.get(offset)
                mine.push(True, root)
                body.put(("v128.store", address + k))
                mine.doubt(lambda root=root: mine.push(True, root))  # type: ignore[misc]

        def take(offset: int, k: int) -> None:
            for target, address in zip([self.places.start, *states], after, strict=True):
                body.get(offset)
                body.get(offset)
                body.put(("v128.load", address + k))
                body.put(("v128.store", target + k))

        _over_pairs(body, size, pair)
        body.push_fault(straight.fault)
        body.put(("br_if", 1))
        _over_pairs(body, size, take)


_UNROLLED = 32  # pairs of parameters that are written out


def _over_pairs(body: Body, size: int, write: Callable[[int, int], None]) -> None:
    """Write what is done for each pair of numbers: one after the other, or in a loop where they are many."""
    offset = body.local(I32)
    body.put(("i32.const", 0))
    body.put(("local.set", offset))
    if size <= 16 * _UNROLLED:
        for k in range(0, size, 16):
            write(offset, k)
        return
    body.put(("loop",))
    write(offset, 0)
    body.advance(offset, 16)
    body.get(offset)
    body.put(("i32.const", size))
    body.put(("i32.lt_u",))
    body.put(("br_if", 0))
    body.put(("end",))
