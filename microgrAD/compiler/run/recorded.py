"""A compiled function, as its users see it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microgrAD.compiler.record.numbers import Array, Index
from microgrAD.compiler.record.recording import signature
from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.run import rows as checks
from microgrAD.compiler.run.batches import Batches, Held, Part, pieces
from microgrAD.compiler.run.choice import LARGEST, checked
from microgrAD.compiler.run.faults import counted, strict
from microgrAD.compiler.run.programs import Program
from microgrAD.compiler.run.proof import due
from microgrAD.compiler.run.records import Records
from microgrAD.compiler.run.runner import Named, Run, Runner, straight
from microgrAD.compiler.run.shaped import Shaped
from microgrAD.compiler.run.sides import Sided
from microgrAD.errors import counted as counted_rows
from microgrAD.files import write_bytes
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer


_TOO_OFTEN = 10  # recordings, each at the call after the last one


class FunctionProgram(Program):
    """A function of one row, compiled for whole arrays of rows.

    It is recorded at its first call, or at once where `shapes` says what one row of each argument looks like: () for
    a number, (3,) for three. Without `shapes`, rows may be of several lengths, in a list of rows or from call to call:
    the function is recorded for each, and all have one set of parameters. A recording is made twice, and anew when
    something has changed that it reads besides its arguments, such as a global. Now and then a row is compared with
    the engine. CompileError where they differ.

    Arguments:
        depends: the functions and models whose surroundings are watched for changes, by default f.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        parameters: Iterable[Value],
        shapes: Sequence[checks.Shape] | None = None,
        *,
        depends: Sequence[Any] | None = None,
        backend: str | None = None,
    ) -> None:
        super().__init__(parameters)
        self.backend = checked(backend)
        self._f, (self.names, self._needed) = f, signature(f)
        self._depends, self._calls = [f] if depends is None else depends, 0
        self._in_turn = self._last = 0  # recordings one after another, and the call of the last one
        self._recorded: dict[tuple[checks.Shape, ...], Shaped] = {}
        self._held = Held()
        self.shapes: tuple[checks.Shape, ...] | None = None
        if shapes is not None:
            self.shapes = tuple(checks.shapes_of(shapes))
            self._record(self.shapes)

    def _record(self, shapes: tuple[checks.Shape, ...]) -> Shaped:
        shaped = Shaped(self._f, self.parameters, shapes, self._depends, self.backend)
        names = self.names + [f"row{k}" for k in range(len(self.names) + 1, len(shapes) + 1)]
        self.names, self._recorded[shapes] = names[: len(shapes)], shaped
        return shaped

    @property
    def tapes(self) -> list[Tape]:
        return [run.tape for run in self.runners]

    @property
    def runners(self) -> list[Run]:
        if not self._recorded:
            raise ValueError("the program is recorded at its first call; call it first, or say shapes= to compile")
        return [shaped.runner for shaped in self._recorded.values()]

    @property
    def inputs(self) -> list[list[str]]:
        return [shaped.inputs(self.names) for shaped in self._recorded.values()]

    def _over(self) -> list[str]:
        return super()._over() * len(self._recorded)

    def changed(self) -> str:
        """The name of something that the function reads and that is not as it was when recorded, or nothing."""
        return next(filter(None, (shaped.changed() for shaped in self._recorded.values())), "")

    def __repr__(self) -> str:
        name = getattr(self._f, "__name__", type(self._f).__name__)
        state = f"of {', '.join(self.names)}" if self._recorded else "not recorded yet"
        return f"<compiled {name} {state}, {len(self.parameters)} parameters>"

    def __str__(self) -> str:
        return super().__str__() if self._recorded else repr(self)

    def save(self, path: str | Path) -> Path:
        """Write the program, with its parameters' present numbers, as a WebAssembly module that any host runs.

        Arguments:
            path: a file that ends in .wasm.

        Returns: the path.

        The module exports its `memory`, `values(rows, blocks, out)` and, for a function of one value,
        `gradient(rows, blocks, out)`. Rows stand in blocks of two, four or eight: at `rows` the first input of each,
        then the second input of each, ..., then what each counts in the gradient; the last block is filled up with any
        rows that count 0. Values are written in such blocks from `out` on. Both functions return 0, or 1 where a number
        is not finite. The section "microgrAD" of the file is JSON that says how many rows a block has, and where
        parameters, gradient and rows stand (`microgrAD.compiler.write.wasm.modules.described`). A host grows the memory
        to hold its rows.

        Raises: ValueError for another ending, or a function that is too large.
        """
        path = Path(path)
        if path.suffix != ".wasm":
            raise ValueError(f"path must end in .wasm, got {str(path)!r}")
        with self._lock:
            if len(self.runners) > 1:
                raise ValueError(
                    "the program was called with rows of several lengths; compile it with shapes= to save it"
                )
            (run,) = self.runners
            run = run.inner if isinstance(run, Sided) else run
            run = straight(run) if isinstance(run, Records) else run
            if not isinstance(run, Runner) or run.choice.work > LARGEST:
                raise ValueError(
                    f"a program that is saved has up to {LARGEST} products and sums a row, and is not thousands of "
                    "steps deep; save the model with model.save(path) instead"
                )
            write_bytes(path, run.machine.saved(self._theta(), run.watched()))
        return path

    def predict(self, *rows: Any) -> Array:
        """What f gives for every row: (rows,), or (rows, k) where f gives k values."""
        found = self.value(*rows, reduction="none")
        assert isinstance(found, np.ndarray)
        return found

    def value(self, *rows: Any, reduction: str = "mean") -> float | Array:
        """The mean of f over the rows, their sum, or with "none" each; of k values, k means."""
        _one_of(reduction, checks.REDUCTIONS)
        with self._lock:
            parts = self._parts(rows)
            theta = self._theta()
            with strict():
                found = [run.outputs(theta, data) for run, data, _ in pieces(parts, reduction)]
                values = checks.in_order(found, [part.numbers for part in parts])
                return checks.reduced(values if parts[0].shaped.several else values[0], reduction)

    def value_and_grad(self, *rows: Any, reduction: str = "mean") -> tuple[float | Array, Array]:
        """(value, gradient): its derivatives by the parameters, in their order, which are added to their `grad` too.

        With reduction="none" the values (rows,) and each row's own gradient (rows, parameters); no `grad` changes.
        """
        _one_of(reduction, checks.REDUCTIONS)
        with self._lock:
            parts = self._differentiable(rows)
            if reduction == "none":
                numbers = [part.numbers for part in parts]
                values, gradients = zip(*[self._each(part) for part in parts], strict=True)
                return checks.in_order(values, numbers), checks.in_order(gradients, numbers).T.copy()
            return self._gradient(pieces(parts, reduction))

    def _each(self, part: Part) -> tuple[Array, Array]:
        """The values of each row alone, (rows,), and their gradients (parameters, rows)."""
        theta, found = self._theta(), []
        for k in range(part.data.shape[1]):
            with counted([k] if part.numbers is None else part.numbers[[k]]), strict():
                found.append(part.shaped.runner.gradients(theta, part.data[:, [k]], np.ones(1)))
        return np.concatenate([value for value, _ in found]), np.array([gradient for _, gradient in found]).T

    def train(
        self,
        *rows: Any,
        optimizer: Optimizer | None = None,
        steps: int | None = None,
        reduction: str = "mean",
        batch_size: int | None = None,
    ) -> float:
        """`steps` steps of the optimizer on the mean over the rows, in one call; gives the value before the last.

        The same numbers as a loop of zero_grad, value_and_grad and step; `grad` stays as it is. The last two
        arguments may be given by place: train(X, Y, optimizer, steps). After an error or an interrupt the parameters
        are those of the last whole step.

        Arguments:
            batch_size: how many rows a step takes, in their order, 1 for one row after the other; by default all. The
                optimizer's step k, from 0, takes batch k modulo their number, so a further call goes on where this one
                ends. The value is that of the last step's rows.
        """
        if optimizer is None and steps is None and len(rows) >= 2:
            *rows, optimizer, steps = rows  # type: ignore[assignment]
        _one_of(reduction, checks.REDUCTIONS[:2])
        with self._lock:
            if batch_size is not None:
                counted_rows(batch_size, "batch_size")
            return self._train(Batches(self._differentiable(rows), batch_size, reduction), optimizer, steps)  # type: ignore[arg-type]

    def pieces(self, *rows: Any) -> list[Named]:
        """What runs, its rows, what each of them counts in the mean, and what the numbers of a row are called."""
        with self._lock:
            parts = self._differentiable(rows)
            found = zip(parts, pieces(parts, "mean"), strict=True)
            return [
                (part.shaped.runner, data, seeds, part.shaped.inputs(self.names)) for part, (_, data, seeds) in found
            ]

    # ------------------------------------------------------------------------------------------ rows

    def _parts(self, rows: Sequence[Any], *, slope: bool = False) -> list[Part]:
        """The rows checked and turned, those of one shape together; for a new shape the function is recorded."""
        size = max((len(shaped.tape) for shaped in self._recorded.values()), default=0)
        compared = due(self._calls + 1, size)
        if not compared and (known := self._held.parts(rows)):
            self._calls += 1
            return known
        names = self.names if self._recorded else self.names[: max(len(rows), self._needed)]
        shapes = next(iter(self._recorded), None)
        groups = checks.groups(rows, names, shapes, fixed=self.shapes is not None)
        self._calls += 1
        proven = self._calls % len(groups) if compared else None  # of several groups one is enough
        parts = [self._part(found, numbers, slope, k != proven) for k, (numbers, found) in enumerate(groups)]
        self._held.keep(rows, parts)
        return parts

    def _part(self, found: Sequence[Array], numbers: Index | None, slope: bool, proven: bool) -> Part:
        """Rows of one shape; if they are not proven, one of them is compared with the engine."""
        shapes = tuple([array.shape[1:] for array in found])
        shaped = self._recorded.get(shapes)
        changes = "" if shaped is None else shaped.changed()
        if shaped is None or changes:
            self._count(changes)
            shaped, proven = self._record(shapes), False
        data = checks.stack(found)
        if not proven:
            with counted(numbers):
                k = self._calls * 2654435761 % data.shape[1]
                shaped.prove(self._theta(), found, data, k, slope=slope and not shaped.several)
        return Part(shaped, data, numbers)

    def _count(self, changes: str) -> None:
        """Count recordings of one call after the other; a warning where that goes on, since nothing is gained by it."""
        self._in_turn = self._in_turn + 1 if changes and self._calls == self._last + 1 else 1
        self._last = self._calls
        if self._in_turn == _TOO_OFTEN:
            name = getattr(self._f, "__name__", type(self._f).__name__)
            warnings.warn(
                f"{name} is recorded anew at every call, which is slow: {changes} is another one each time; pass it as "
                "data, or do not keep it",
                RuntimeWarning,
                stacklevel=6,
            )

    def _differentiable(self, rows: Sequence[Any]) -> list[Part]:
        parts = self._parts(rows, slope=True)
        if parts[0].shaped.several:
            raise ValueError(
                f"gradients are those of one value, and the function gives {len(parts[0].shaped.tape.roots)}; "
                "give their sum, or take value(...)"
            )
        return parts


def _one_of(reduction: str, choices: Sequence[str]) -> None:
    if reduction not in choices:
        raise ValueError(f"reduction must be one of {list(choices)}, got {reduction!r}")
