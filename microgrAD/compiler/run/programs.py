"""Programs: a compiled function, and a compiled graph, as their users see them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from microgrAD import flat
from microgrAD.compiler.program.equations import Pass, derivatives, described
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.recording import signature
from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.run import rows as checks
from microgrAD.compiler.run.choice import LARGEST, checked
from microgrAD.compiler.run.collecting import uncollected
from microgrAD.compiler.run.faults import Summed, strict
from microgrAD.compiler.run.proof import Recording, due, on_engine, rounded, unlike
from microgrAD.compiler.run.records import Records
from microgrAD.compiler.run.runner import Piece, Run, Runner, runner, straight
from microgrAD.compiler.run.sides import Sided
from microgrAD.errors import CompileError, DomainError
from microgrAD.files import write_bytes
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer


class Program:
    """What runs: pieces, on the parameters' present numbers. Threads may share a program; calls take turns."""

    parameters: tuple[Value, ...]

    def __init__(self, parameters: Iterable[Value]) -> None:
        self.parameters = checks.leaves(parameters)
        self._lock = threading.RLock()

    @property
    def tapes(self) -> list[Tape]:
        """The scalar graphs of one row, one for each piece."""
        raise NotImplementedError

    @property
    def runners(self) -> list[Run]:
        """What runs, one for each piece."""
        raise NotImplementedError

    @property
    def source(self) -> str:
        """The code that runs: calls of NumPy, or WebAssembly's text under the equations that it computes."""
        found = [each.source for each in self.runners]
        if any(source.startswith("(module") for source in found):
            found.insert(0, "".join([f";; {line}\n" for line in f"{self}\n{self.backward}".splitlines()]))
        return "\n".join(found)

    @property
    def inputs(self) -> list[list[str]]:
        """What the numbers of a row are called, for each piece."""
        raise NotImplementedError

    def __str__(self) -> str:
        """The program as equations."""
        return "\n\n".join(
            [
                described(run.tensors, run.tape, names, self.parameters, over)
                for run, names, over in zip(self.runners, self.inputs, self._over(), strict=True)
            ]
        )

    @property
    def backward(self) -> Pass:
        """The backward pass as equations: what it sends back are the matrices of backpropagation."""
        labels = [p.label for p in self.parameters]
        return Pass(
            [
                equation
                for run, names in zip(self.runners, self.inputs, strict=True)
                for equation in derivatives(run.tensors, run.backward, names, labels)
            ]
        )

    def _over(self) -> list[str]:
        return ["mean over the rows"]

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a program is code of this process, and can't be copied or pickled; take its parameters, or "
            "model.save(path), and compile again there"
        )

    # ------------------------------------------------------------------------------------------ parts

    def _theta(self) -> Array:
        return flat.data(self.parameters)

    def _value(self, pieces: Sequence[Piece]) -> float:
        theta = self._theta()
        with strict():
            return float(sum([float(run.outputs(theta, data)[0] @ seeds) for run, data, seeds in pieces]))

    def _gradient(self, pieces: Sequence[Piece]) -> tuple[float, Array]:
        """Value and gradient, which is added to the parameters' own."""
        theta, value, total = self._theta(), 0.0, np.zeros(len(self.parameters))
        with strict():
            for run, data, seeds in pieces:
                values, gradient = run.gradients(theta, data, seeds)
                value += float(values @ seeds)
                total = total + gradient
        self._add(total)
        return value, total

    def _add(self, gradient: Array) -> None:
        """Add to the parameters' own gradient, be it plain numbers or Values."""
        held = flat.grads(self.parameters)
        if held is None:
            new = [p._grad + g for p, g in zip(self.parameters, gradient.tolist(), strict=True)]
            if any(type(grad) is float and grad - grad for grad in new):
                raise Summed
            for p, grad in zip(self.parameters, new, strict=True):
                p._grad = grad
            return
        if held.any():  # else what is added up is finite, as the gradient is
            with np.errstate(over="ignore"):
                gradient = held + gradient
            if not np.isfinite(gradient).all():
                raise Summed
        flat.set_grads(self.parameters, gradient)

    def _train(self, pieces: Sequence[Piece], optimizer: Optimizer, steps: int) -> float:
        from microgrAD.compiler.run.training import descend

        before = descend(self.parameters, self._theta(), pieces, optimizer, steps)
        with strict():
            return float(sum([float(run.outputs(before, data)[0] @ seeds) for run, data, seeds in pieces]))


class FunctionProgram(Program):
    """A function of one row, compiled for whole arrays of rows.

    It is recorded at its first call, or at once where `shapes` says what one row of each argument looks like: () for
    a number, (3,) for three. It is recorded twice, and anew when something has changed that it reads besides its
    arguments, such as a global. Now and then a row is compared with the engine. CompileError where they differ.

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
        self.shapes: tuple[checks.Shape, ...] | None = None
        if shapes is not None:
            self._record(checks.shapes_of(shapes))

    @uncollected()
    def _record(self, shapes: Sequence[checks.Shape]) -> None:
        self._recording = Recording(self._f, self.parameters, shapes, self._depends)
        tape, self.several = self._recording.tape, self._recording.several
        self._calls = 0
        self.names = (self.names + [f"row{k}" for k in range(len(self.names) + 1, len(shapes) + 1)])[: len(shapes)]
        self._runner = runner(tape, self.backend)
        self.shapes = tuple(shapes)

    @property
    def tapes(self) -> list[Tape]:
        return [run.tape for run in self.runners]

    @property
    def runners(self) -> list[Run]:
        if self.shapes is None:
            raise ValueError("the program is recorded at its first call; call it first, or say shapes= to compile")
        return [self._runner]

    @property
    def inputs(self) -> list[list[str]]:
        assert self.shapes is not None
        return [
            [
                name + "".join([f"[{k}]" for k in place])
                for name, shape in zip(self.names, self.shapes, strict=True)
                for place in np.ndindex(shape)
            ]
        ]

    def __repr__(self) -> str:
        name = getattr(self._f, "__name__", type(self._f).__name__)
        state = f"of {', '.join(self.names)}" if self.shapes is not None else "not recorded yet"
        return f"<compiled {name} {state}, {len(self.parameters)} parameters>"

    def __str__(self) -> str:
        return super().__str__() if self.shapes is not None else repr(self)

    def save(self, path: str | Path) -> Path:
        """Write the program, with its parameters' present numbers, as a WebAssembly module that any host runs.

        Arguments:
            path: a file that ends in .wasm.

        Returns: the path.

        The module exports its `memory`, `values(rows, blocks, out)` and, for a function of one value,
        `gradient(rows, blocks, out)`. Rows stand in blocks of two or of four: at `rows` the first input of each, then
        the second input of each, ..., then what each counts in the gradient; the last block is filled up with any rows
        that count 0. Values are written in such blocks from `out` on. Both functions return 0, or 1 where a number is
        not finite. The section "microgrAD" of the file is JSON that says how many rows a block has, and where
        parameters, gradient and rows stand
        (`microgrAD.compiler.write.wasm.modules.described`). A host grows the memory to hold its rows.

        Raises: ValueError for another ending, or a function that is too large.
        """
        path = Path(path)
        if path.suffix != ".wasm":
            raise ValueError(f"path must end in .wasm, got {str(path)!r}")
        with self._lock:
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
            data = self._columns(rows)
            with strict():
                found = self._runner.outputs(self._theta(), data)
                return checks.reduced(found if self.several else found[0], reduction)

    def value_and_grad(self, *rows: Any, reduction: str = "mean") -> tuple[float | Array, Array]:
        """(value, gradient): its derivatives by the parameters, in their order, which are added to their `grad` too.

        With reduction="none" the values (rows,) and each row's own gradient (rows, parameters); no `grad` changes.
        """
        _one_of(reduction, checks.REDUCTIONS)
        with self._lock:
            data = self._differentiable(rows)
            if reduction == "none":
                return self._each(data)
            return self._gradient([(self._runner, data, checks.weights(data.shape[1], reduction))])

    def _each(self, data: Array) -> tuple[Array, Array]:
        theta = self._theta()
        with strict():
            found = [self._runner.gradients(theta, data[:, [k]], np.ones(1)) for k in range(data.shape[1])]
        return np.concatenate([value for value, _ in found]), np.array([gradient for _, gradient in found])

    def train(
        self, *rows: Any, optimizer: Optimizer | None = None, steps: int | None = None, reduction: str = "mean"
    ) -> float:
        """`steps` steps of the optimizer on the mean over the rows, in one call; gives the value before the last.

        The same numbers as a loop of zero_grad, value_and_grad and step; `grad` stays as it is. The last two
        arguments may be given by place: train(X, Y, optimizer, steps). After an error or an interrupt the parameters
        are those of the last whole step.
        """
        if optimizer is None and steps is None and len(rows) >= 2:
            *rows, optimizer, steps = rows  # type: ignore[assignment]
        _one_of(reduction, checks.REDUCTIONS[:2])
        with self._lock:
            data = self._differentiable(rows)
            pieces = [(self._runner, data, checks.weights(data.shape[1], reduction))]
            return self._train(pieces, optimizer, steps)  # type: ignore[arg-type]

    def _columns(self, rows: Sequence[Any], *, slope: bool = False) -> Array:
        """The rows turned, (inputs, rows), and checked; at the first call the function is recorded."""
        if self.shapes is None:
            found = checks.arrays(rows, self.names[: max(len(rows), self._needed)], None)
            self._record([array.shape[1:] for array in found])
        else:
            found = checks.arrays(rows, self.names, self.shapes)
            if self._recording.changed():
                self._record(self.shapes)
        data = checks.stack(found)
        self._calls += 1
        if due(self._calls):
            self._prove(found, data, self._calls * 2654435761 % data.shape[1], slope and not self.several)
        return data

    def changed(self) -> str:
        """The name of something that the function reads and that is not as it was when recorded, or nothing."""
        return self._recording.changed()

    def _prove(self, found: Sequence[Array], data: Array, k: int, slope: bool) -> None:
        """Compare row k with the engine, with its gradient if that is asked for; CompileError where they differ."""
        engine = self._on_engine(found, k, slope)
        theta, gradient = self._theta(), np.zeros(0)
        with strict():
            column = data if isinstance(engine, DomainError) else data[:, [k]]  # of all, the first is to be named
            if not slope:
                values = self._runner.outputs(theta, column)[:, 0]
            else:
                values, gradient = self._runner.gradients(theta, column, np.ones(column.shape[1]))
        if isinstance(engine, DomainError):  # of what no result needs, and the program left out
            rows = ((j, self._on_engine(found, j, slope)) for j in range(k))
            k, engine = next(((j, error) for j, error in rows if isinstance(error, DomainError)), (k, engine))
            raise DomainError(f"row {k}: {engine}" if self.tapes[0].inputs else str(engine)) from None
        if (differs := unlike(values, gradient, engine)) and not self._is_rounding(found, k, values, gradient, engine):
            raise CompileError(
                f"row {k} of {getattr(self._f, '__name__', self._f)} is not what the program computes: {differs}; "
                "it decides by something that a program can't see, such as the type of its argument: use "
                "microgrAD.where, or let it run eagerly"
            )

    def _is_rounding(
        self, found: Sequence[Array], k: int, values: Array, gradient: Array, engine: tuple[Array, Array]
    ) -> bool:
        """Whether f is so ill-conditioned at row k that its last place decides."""
        for nudge in (1 + 2**-52, 1 - 2**-53):
            nudged = self._on_engine([nudge * array for array in found], k, len(gradient) > 0)
            if not isinstance(nudged, DomainError) and rounded(values, gradient, engine, nudged):
                return True
        return False

    def _on_engine(self, found: Sequence[Array], k: int, slope: bool) -> tuple[Array, Array] | DomainError:
        """What f gives for row k on the engine, with its gradient if that is asked for."""
        args = [array[k] if array.ndim > 1 else float(array[k]) for array in found]
        return on_engine(self._f, args, self.parameters if slope else (), several=self.several)

    def _differentiable(self, rows: Sequence[Any]) -> Array:
        data = self._columns(rows, slope=True)
        if self.several:
            raise ValueError(
                f"gradients are those of one value, and the function gives {len(self.tapes[0].roots)}; "
                "give their sum, or take value(...)"
            )
        return data


class GraphProgram(Program):
    """A graph that a plain loop over the data built, compiled with that data in it."""

    def __init__(
        self, parameters: Iterable[Value], pieces: Sequence[tuple[Tape, Array, Array]], backend: str | None = None
    ) -> None:
        super().__init__(parameters)
        checked(backend)
        self._pieces: list[Piece] = [(runner(tape, backend), data, seeds) for tape, data, seeds in pieces]

    @property
    def tapes(self) -> list[Tape]:
        return [run.tape for run in self.runners]

    @property
    def runners(self) -> list[Run]:
        return [run for run, _, _ in self._pieces]

    @property
    def inputs(self) -> list[list[str]]:
        return [[f"x[{k}]" for k in range(len(tape.inputs))] for tape in self.tapes]

    def __repr__(self) -> str:
        return f"<compiled graph of {' + '.join(map(str, self.rows))} rows, {len(self.parameters)} parameters>"

    def _over(self) -> list[str]:
        return [f"Σ over {n} rows" if n > 1 else "once" for n in self.rows]

    @property
    def rows(self) -> list[int]:
        """How many rows of the data each piece was recognised in."""
        return [data.shape[1] for _, data, _ in self._pieces]

    def value(self) -> float:
        """The graph's value at the parameters' present numbers."""
        with self._lock:
            return self._value(self._pieces)

    def value_and_grad(self) -> tuple[float, Array]:
        """(value, gradient), which is added to the parameters' `grad` too, as `backward` would."""
        with self._lock:
            return self._gradient(self._pieces)

    def train(self, optimizer: Optimizer, steps: int) -> float:
        """`steps` steps of the optimizer in one call; gives the value before the last. See FunctionProgram.train."""
        with self._lock:
            return self._train(self._pieces, optimizer, steps)


def _one_of(reduction: str, choices: Sequence[str]) -> None:
    if reduction not in choices:
        raise ValueError(f"reduction must be one of {list(choices)}, got {reduction!r}")
