"""Which code runs a program: NumPy's at first, and machine code once what it saves is worth its compilation.

work     how many numbers of one row are multiplied and added, or computed by a formula: forward and backward

The costs are estimates for one core, in microseconds; `benchmarks/choice.py` prints what a wrong choice costs. They are
not measured while a program runs: the two codes round differently, and a run has to give the same numbers again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Spread, Step, Sum, Take, Tensors
from microgrAD.compiler.run.host import available
from microgrAD.compiler.write.wasm.body import is_long
from microgrAD.compiler.write.wasm.loops import Loops

BACKENDS = ("numpy", "wasm")
MOST, MOST_LOOPED = 4_000, 8_000  # the most work that is written as straight code, and as loops
LARGEST = 50_000  # work that is written so at most, where it is asked for
_STEP = 1.2  # a step by NumPy, whatever the size
_CALL = 1.5  # a call of machine code
_COMPILE = 6_000.0  # compilation, and what it takes more for each work, as straight code and as loops
_EACH, _EACH_LOOPED = 12.0, 3.0
_SCATTERED = 8  # of so many numbers, one may stand where a loop does not come to
SHORT = 100  # work of which no more is written as straight code, unless it looks numbers up


class _Row(NamedTuple):
    """What one row costs: a product, a number of a formula, and one more of a function such as tanh."""

    product: float
    formula: float
    function: float


_NUMPY, _NUMPY_WIDE = _Row(0.7e-4, 0.7e-3, 2.0e-3), _Row(0.47e-4, 1.06e-3, 0.0)
_STRAIGHT = _Row(5.0e-4, 1.2e-4, 2.0e-3)  # of more than stays in the processor's cache
_WASM, _WASM_WIDE = _Row(0.9e-4, 1.2e-4, 2.0e-3), _Row(0.94e-4, 0.63e-4, 3.8e-3)


@cache
def wide() -> bool:
    """Whether NumPy computes eight numbers at once on this machine; machine code here computes two."""
    known = np.show_config(mode="dicts").get("SIMD Extensions", {})  # without what is empty
    return any(name == "X86_V4" or name.startswith("AVX512") for name in known.get("found", ()))


def checked(backend: str | None) -> str | None:
    """A backend's name; ValueError for one that is not there."""
    if backend is not None and backend not in BACKENDS:
        raise ValueError(f"backend must be one of {list(BACKENDS)}, or None for what is faster, got {backend!r}")
    if backend == "wasm" and not available():
        raise ValueError(
            'backend="wasm" needs wasmtime, which does not run here; pip install wasmtime, or leave it out'
        )
    return backend


class Choice:
    """Decides for one program, and remembers what NumPy has cost so far."""

    def __init__(self, tensors: Tensors, backward: Backward | None, backend: str | None) -> None:
        self.backend = backend
        steps = [*tensors.steps, *(backward.steps if backward else ())]
        self.work, self.steps = sum(map(_work, steps)), len(steps)
        counts = _counts(steps)
        self.looped = self.work > SHORT and Loops.can(steps) and _SCATTERED * sum(map(_scattered, steps)) < self.work
        self.most = MOST_LOOPED if self.looped else MOST
        straight = self.work > SHORT and not self.looped
        numpy, wasm = (_NUMPY_WIDE, _WASM_WIDE) if wide() else (_NUMPY, _WASM)
        self._numpy, self._wasm = _cost(numpy, *counts), _cost(_STRAIGHT if straight else wasm, *counts)
        self._compile = _COMPILE + (_EACH_LOOPED if self.looped else _EACH) * self.work
        self.decided = backend == "wasm"
        self.spent = 0.0

    def machine(self, rows: int, steps: int) -> bool:
        """Whether to use machine code for so many steps on so many rows."""
        if self.backend:
            return self.decided
        saved = _STEP * self.steps + self._numpy * rows - _CALL - self._wasm * rows
        if self.work > self.most or saved <= 0:
            return False
        if not self.decided:
            self.spent += saved * steps
            self.decided = self.spent > self._compile and available()
        return self.decided


def _cost(row: _Row, products: int, formulas: int, functions: int) -> float:
    return row.product * products + row.formula * formulas + row.function * functions


def _counts(steps: Iterable[Step]) -> tuple[int, int, int]:
    """How many products, numbers of formulas, and numbers of functions a row takes. Tails are rare: they are free."""
    products = formulas = functions = 0
    for step in steps:
        if not any(rows.batched for rows in (step.out, *step.reads)):
            continue
        if isinstance(step, Map):
            formulas += _work(step)
            functions += _work(step) if step.op and is_long(step.tree) else 0
        else:
            products += _work(step)
    return products, formulas, functions


def _work(step: Step) -> int:
    if isinstance(step, Matrix):
        return int(step.weights.size * step.x.index.shape[1])
    if isinstance(step, Outer):
        return int(step.out.size * step.x.index.shape[1])
    if isinstance(step, (Take, Spread)):  # in straight code, all values that a row may choose are looked through
        return int(step.places.size) if isinstance(step, Spread) else step.x.size
    if isinstance(step, Dot):
        return step.x.size
    return step.out.size if isinstance(step, Map) else sum(rows.size for rows in step.reads)


def _scattered(step: Step) -> int:
    """How many results a step has whose operands are not evenly apart, which is to say of an irregular graph."""
    if isinstance(step, Map):
        return step.out.size if any(rows.stride is None for rows in step.reads) else 0
    return step.x.size if isinstance(step, Sum) and step.starts is not None else 0
