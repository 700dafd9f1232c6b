"""Which code runs a program: NumPy's at first, and machine code once what it saves is worth its compilation.

work     how many numbers of one row are multiplied and added, or computed by a formula: forward and backward

The costs are estimates for one core, in microseconds; `benchmarks/choice.py` prints what a wrong choice costs.
"""

from __future__ import annotations

from microgrAD.compiler.program.adjoint import Backward
from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Step, Tensors
from microgrAD.compiler.run.host import available

BACKENDS = ("numpy", "wasm")
MOST = 4_000  # work that is written as straight code: its compilation grows with it
LARGEST = 50_000  # work that is written so at most, where it is asked for
_STEP = 1.2  # a step by NumPy, whatever the size
_NUMPY = 1.2e-4  # work by NumPy, a row
_CALL = 1.5  # a call of machine code
_WASM = 1.6e-4  # work by machine code, a row
_COMPILE, _EACH = 6_000.0, 12.0  # compilation, and what it takes more for each work


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
        self.decided = backend == "wasm"
        self.spent = 0.0

    def machine(self, rows: int, steps: int) -> bool:
        """Whether to use machine code for so many steps on so many rows."""
        if self.backend:
            return self.decided
        saved = _STEP * self.steps + _NUMPY * self.work * rows - _CALL - _WASM * self.work * rows
        if self.work > MOST or saved <= 0:
            return False
        if not self.decided:
            self.spent += saved * steps
            self.decided = self.spent > _COMPILE + _EACH * self.work and available()
        return self.decided


def _work(step: Step) -> int:
    if isinstance(step, Matrix):
        return int(step.weights.size * step.x.index.shape[1])
    if isinstance(step, Outer):
        return int(step.out.size * step.x.index.shape[1])
    if isinstance(step, Dot):
        return step.x.size
    return step.out.size if isinstance(step, Map) else sum(rows.size for rows in step.reads)
