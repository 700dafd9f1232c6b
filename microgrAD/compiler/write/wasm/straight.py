"""Steps as straight code, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from microgrAD.compiler.program.tensors import Dot, Map, Matrix, Outer, Rows, Spread, Step, Sum, Take, Total
from microgrAD.compiler.record.numbers import Index
from microgrAD.compiler.record.rules import keeps_faults
from microgrAD.compiler.write.wasm.lookups import Lookups
from microgrAD.compiler.write.wasm.operands import Operands


@dataclass(eq=False)
class Straight(Operands):
    """Writes steps into a body."""

    _checked: set[tuple[bool, int]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._lookups = Lookups(self)

    def write(self, step: Step) -> None:
        """Write one step."""
        match step:
            case Map():
                self._map(step)
            case Matrix(out=out, weights=weights, x=x):
                for i, w, k in _each(out.index, weights.index[:, None, :], x.index.T[None, :, :]):
                    self.set(out, i, lambda v, w=w, k=k: self._products(False, w, True, k, v))  # type: ignore[misc]
            case Sum(out=out, x=x, starts=starts):
                runs = x.index.T if starts is None else np.split(x.index, starts[1:])
                for i, run in zip(out.index.tolist(), runs, strict=True):
                    self.set(out, i, lambda v, run=run: self._sum(x.batched, run.tolist(), v))  # type: ignore[misc]
            case Dot(out=out, x=x, y=y):
                for i, a, b in _each(out.index, x.index.T, y.index.T):
                    self.set(
                        out,
                        i,
                        lambda v, a=a, b=b: self._products(x.batched, a, y.batched, b, v),  # type: ignore[misc]
                    )
            case Take():
                self._lookups.take(step)
            case Spread():
                self._lookups.spread(step)
            case Outer(out=out, x=x, y=y):
                for i, a, b in _each(out.index, x.index[:, None, :], y.index[None, :, :]):
                    self.add_up(i, lambda v, a=a, b=b: self._products(True, a, True, b, v))  # type: ignore[misc]
            case Total(out=out, x=x):
                for i, k in zip(out.index.tolist(), x.index.tolist(), strict=True):
                    self.add_up(i, lambda v, k=k: self.push(True, k, v))  # type: ignore[misc]

    def _map(self, step: Map) -> None:
        out, operands = step.out, step.operands
        columns = {
            name: np.broadcast_to(rows.index, out.index.shape).ravel().tolist() for name, rows in operands.items()
        }
        if not (step.op and keeps_faults(step.op)):
            self._check(step)
        for e, i in enumerate(out.index.ravel().tolist()):

            def write(v: int, e: int = e) -> None:
                names = {name: self.operand(rows.batched, columns[name][e], v) for name, rows in operands.items()}
                self.body.formula(step.tree, names)

            self.set(out, i, write)

    def _check(self, step: Map) -> None:
        """Let `fault` know of operands that a function such as tanh would hide: infinity times 0 is nan."""
        for rows in step.args.values() if step.op else ():
            if isinstance(rows, Rows):
                for i in np.unique(rows.index).tolist():
                    if (rows.batched, i) not in self._checked and i not in (
                        self.fixed if rows.batched else self.constants
                    ):
                        self._checked.add((rows.batched, i))
                        for v in range(self.width if rows.batched else 1):
                            self.doubt(lambda v=v, i=i, batched=rows.batched: self.push(batched, i, v))  # type: ignore[misc]

    def _products(self, x_batched: bool, x: list[int], y_batched: bool, y: list[int], v: int) -> None:
        """Push Σ x · y."""
        for k, (a, b) in enumerate(zip(x, y, strict=True)):
            if y_batched and self.fixed.get(b) == 1.0:
                self.push(x_batched, a, v)
            else:
                self.push(x_batched, a, v)
                self.push(y_batched, b, v)
                self.body.put(("f64x2.mul",))
            if k:
                self.body.put(("f64x2.add",))

    def _sum(self, batched: bool, x: list[int], v: int) -> None:
        for k, i in enumerate(x):
            self.push(batched, i, v)
            if k:
                self.body.put(("f64x2.add",))


def _each(out: Index, x: Index, y: Index) -> list[tuple[int, list[int], list[int]]]:
    """Each result with the operands of its products: x and y have one more axis, along which is summed."""
    shape = (*out.shape, x.shape[-1])
    xs = np.broadcast_to(x, shape).reshape(-1, shape[-1]).tolist()
    ys = np.broadcast_to(y, shape).reshape(-1, shape[-1]).tolist()
    return list(zip(out.ravel().tolist(), xs, ys, strict=True))
