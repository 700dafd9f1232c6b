"""Running a kernel: parameters in, values and gradients out, on as many rows as there are.

theta      the parameters' numbers, in the program's order
columns    the rows, turned: (inputs, rows)
tile       so many rows are computed at once that the tables stay in the processor's cache
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property

import numpy as np

from microgrAD.choices import has_sides
from microgrAD.compiler.program.adjoint import adjoint
from microgrAD.compiler.program.lookups import Misplaced
from microgrAD.compiler.program.passes import tensor_program
from microgrAD.compiler.program.sums import Forms
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import NAMES, Tape
from microgrAD.compiler.run.choice import Choice
from microgrAD.compiler.run.counted import Counted
from microgrAD.compiler.run.faults import blame, suspicious
from microgrAD.compiler.run.host import available
from microgrAD.compiler.run.machine import Machine
from microgrAD.compiler.run.records import Records, fits
from microgrAD.compiler.run.sides import OnEngine, Sided
from microgrAD.compiler.run.walker import Walker
from microgrAD.compiler.write.arrays.kernel import Bound, Kernel
from microgrAD.floats import FAULTS
from microgrAD.lookup import TAKE

_CACHE = 3 * 2**18  # bytes that the tables of a tile may take
_HELD = 2**28  # bytes that all tiles may take for the rows of a loop, and these turned
_KEPT = 4  # numbers of rows for which tables are kept
_IRREGULAR = 300  # operations that are in no sum of products: of fewer, straight code takes no time to write
_STEEP = 5000  # what is so many times deeper than wide is walked: code for it would take seconds to write

Gradient = Callable[[Array], Array]


class Runner:
    """A program with its code. To be called within `strict`, by one thread at a time."""

    def __init__(self, forms: Forms, backend: str | None) -> None:
        self.tape = forms.tape
        self.tensors = tensor_program(forms)
        self.backward = adjoint(self.tensors) if len(self.tensors.roots) == 1 else None
        self.tile = int(np.clip(_CACHE // (8 * (self.backward or self.tensors).lines), 128, 8192))
        order = np.array(self.tensors.parameters, dtype=np.intp)
        self.order = None if np.array_equal(order, np.arange(len(order))) else order
        self.back = np.argsort(order)
        self._bound: OrderedDict[int, Bound] = OrderedDict()
        self.choice = Choice(self.tensors, self.backward, backend)

    @cached_property
    def kernel(self) -> Kernel:
        """The NumPy code."""
        return Kernel(self.tensors, self.backward)

    @cached_property
    def machine(self) -> Machine:
        """The WebAssembly code."""
        return Machine(self.tensors, self.backward, looped=self.choice.looped)

    @property
    def source(self) -> str:
        """The code that runs."""
        if not self.choice.decided:
            return self.kernel.source
        from microgrAD.compiler.write.wasm.listing import listing

        return listing(self.machine.written.functions)

    def watched(self) -> list[float]:
        """The present numbers of the watched leaves."""
        return [leaf._data for leaf in self.tape.watched]

    def bound(self, rows: int) -> Bound:
        """Tables for so many rows, kept for the next time."""
        if rows not in self._bound:
            self._bound[rows] = self.kernel.bind(rows)
            if len(self._bound) > _KEPT:
                self._bound.popitem(last=False)
        self._bound.move_to_end(rows)
        return self._bound[rows]

    def tiles(self, columns: Array) -> list[tuple[int, Array]]:
        """The rows in pieces as equal as can be, each with the number of its first row."""
        rows = columns.shape[1]
        if rows <= self.tile:
            return [(0, columns)]
        size = -(-rows // -(-rows // self.tile))
        return [(k, columns[:, k : k + size]) for k in range(0, rows, size)]

    # ------------------------------------------------------------------------------------------ passes

    def outputs(self, theta: Array, columns: Array) -> Array:
        """The values of the roots: (roots, rows)."""
        if self.choice.machine(columns.shape[1], 1):
            values = self.machine.outputs(theta, self.watched(), columns)
            if values is not None:
                return values
        found = []
        for first, tile in self.tiles(columns):
            bound = self.bound(tile.shape[1])
            self.load(bound, tile)
            self.set(bound, theta)
            try:
                self._values(bound)
            except FloatingPointError:
                self._check(bound, tile, theta, first, gradients=False)
            found.append(bound.D[bound.roots])
        return np.concatenate(found, axis=1)

    def gradients(self, theta: Array, columns: Array, seeds: Array) -> tuple[Array, Array]:
        """The root's value of every row, and the gradient of the sum of seeds · values."""
        if self.choice.machine(columns.shape[1], 1):
            found = self.machine.gradients(theta, self.watched(), columns, seeds)
            if found is not None:
                return found
        values, total = [], np.zeros(len(theta))
        for first, tile in self.tiles(columns):
            bound = self.bound(tile.shape[1])
            mine = seeds if tile is columns else seeds[first : first + tile.shape[1]]
            self.load(bound, tile, mine)
            self.set(bound, theta)
            try:
                self._values(bound)
                if bound.watched or bound.seeded is not mine:  # what is turned may depend on watched leaves
                    bound.seed()
                    bound.seeded = mine
                bound.backward()
            except FloatingPointError:
                self._check(bound, tile, theta, first, gradients=True)
            values.append(bound.D[bound.roots[0]].copy())
            total += self.gradient(bound)
        if not np.isfinite(total).all():
            blame(self.tape, theta.tolist(), self.watched(), columns, [])
        return np.concatenate(values), total

    def loop(self, columns: Array, seeds: Array, steps: int = 100) -> Gradient:
        """A function of theta that gives the gradient alone, for rows that stay: what can be done once is done."""
        if self.choice.machine(columns.shape[1], steps):
            return lambda theta: self.gradients(theta, columns, seeds)[1]
        try:
            if columns.shape[1] <= self.tile:
                return self._array_loop(columns, seeds)
            if self.kernel.divides and columns.shape[1] * self.kernel.fixed * 16 <= _HELD:
                return self._tiled_loop(columns, seeds)
        except FloatingPointError:
            pass
        return lambda theta: self.gradients(theta, columns, seeds)[1]

    def _array_loop(self, columns: Array, seeds: Array) -> Gradient:
        # tables of its own: no other call puts other rows into them
        bound = self._bound.pop(columns.shape[1], None) or self.kernel.bind(columns.shape[1])
        self.load(bound, columns, seeds)
        bound.setup()
        bound.seed()
        forward, backward, parameters, order = bound.forward, bound.backward, bound.parameters, self.order

        def gradient(theta: Array) -> Array:
            if order is None:
                parameters[...] = theta
            else:
                theta.take(order, out=parameters, mode="clip")
            try:
                forward()
                backward()
            except FloatingPointError:
                self._check(bound, columns, theta, 0, gradients=True)
            return self.gradient(bound)

        return gradient

    def _tiled_loop(self, columns: Array, seeds: Array) -> Gradient:
        """Each tile has its rows, and these turned, for good; all else is in tables that the tiles share."""
        shared: dict[int, Bound] = {}
        tiles = []
        for first, tile in self.tiles(columns):
            rows = tile.shape[1]
            if rows not in shared:
                shared[rows] = self.kernel.bind(rows)
            bound, mine = self.kernel.beside(shared[rows]), seeds[first : first + rows]
            self.load(bound, tile, mine)
            bound.setup()
            bound.seed()
            tiles.append((bound, tile, mine, first))

        def gradient(theta: Array) -> Array:
            total = np.zeros(len(theta))
            for bound in shared.values():
                self.set(bound, theta)
            for bound, tile, mine, first in tiles:
                bound.seeds[...] = mine
                try:
                    bound.setup()
                    bound.reseed()
                    bound.forward()
                    bound.backward()
                except FloatingPointError:
                    self._check(bound, tile, theta, first, gradients=True)
                total += bound.gradient
            return total if self.order is None else total[self.back]

        return gradient

    # ------------------------------------------------------------------------------------------ parts

    def load(self, bound: Bound, tile: Array, seeds: Array | None = None) -> None:
        """Put rows, watched leaves and the gradients of the root in their places, unless these rows stand there."""
        if bound.held is not tile or seeds is not None and bound.seeded is not seeds:
            bound.held = bound.ready = bound.seeded = None
            if bound.inputs:
                bound.X[bound.inputs] = tile
            if seeds is not None:
                bound.seeds[...] = seeds
            bound.held = tile
        if bound.watched:
            bound.U[bound.watched, 0] = self.watched()

    def set(self, bound: Bound, theta: Array) -> None:
        """Put the parameters in their places."""
        bound.parameters[...] = theta if self.order is None else theta[self.order]

    def gradient(self, bound: Bound) -> Array:
        """The gradient, in the program's order."""
        return bound.gradient.copy() if self.order is None else bound.gradient[self.back]

    @staticmethod
    def _values(bound: Bound) -> None:
        if bound.watched or bound.ready is not bound.held:  # watched leaves may be others now
            bound.setup()
            bound.ready = bound.held
        bound.forward()
        bound.finish()

    def _check(self, bound: Bound, tile: Array, theta: Array, first: int, *, gradients: bool) -> None:
        """After a fault: compute all once more, and blame a row unless only a branch that was not taken failed."""
        bound.ready = None
        try:
            with np.errstate(all="ignore"):
                self._values(bound)
                if gradients:
                    bound.seed()
                    bound.backward()
        except Misplaced as error:
            blame(self.tape, theta.tolist(), self.watched(), tile, error.rows, first)
        finally:
            bound.ready = None  # a fault has to be found again in the next call
        tables = (bound.D, bound.U) if gradients else (bound.D[: self.tensors.lines], bound.U[: self.tensors.places])
        if all(np.isfinite(table).all() for table in tables):
            return
        blame(self.tape, theta.tolist(), self.watched(), tile, suspicious(tables[0]), first)


Run = Runner | Records | Walker | Sided | OnEngine | Counted
Piece = tuple[Run, Array, Array]  # what runs, the rows that it runs on, and what each row counts (rows,)
Named = tuple[Run, Array, Array, list[str]]  # the same, and what the numbers of a row are called


def _chosen(forms: Forms, backend: str | None) -> type[Runner | Records | Walker]:
    """Code of its own for each step, or a loop over the graph where that would be long and gain nothing."""
    looped = Records if backend != "numpy" and available() and fits(forms.tape) else None
    scalar = forms.tape.operations() + sum(map(len, forms.tape.many.values()))  # one for each term of a dot product
    if looped and len(forms.plain) >= max(_IRREGULAR, scalar / 2):
        return looped
    return (looped or Walker) if forms.steepness > _STEEP else Runner


def straight(run: Records) -> Run:
    """The same by code of its own, if it is not too deep for that."""
    return run if run.forms.steepness > _STEEP else Runner(run.forms.whole(), "wasm")


def _has_sides(name: str) -> bool:
    """Whether an operation does not take all of its operands: a lookup takes one."""
    return name == TAKE or has_sides(name)


def runner(tape: Tape, backend: str | None = None) -> Run:
    """What runs a tape: by NumPy, by WebAssembly, or by what is faster."""
    try:
        forms = Forms(tape)
        kind = _chosen(forms, backend)
        run = Runner(forms.whole(), backend) if kind is Runner else kind(forms)  # type: ignore[call-arg]
    except FAULTS:  # of constants, such as a division by 0
        return OnEngine(tape)
    return Sided(run) if any(_has_sides(NAMES[code]) for code in set(tape.code) if code) else run
