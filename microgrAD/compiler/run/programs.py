"""Programs as their users see them: what all have in common, and a compiled graph."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from microgrAD import flat
from microgrAD.compiler.program.equations import Pass, derivatives, described
from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.record.tape import Tape
from microgrAD.compiler.run import rows as checks
from microgrAD.compiler.run.choice import checked
from microgrAD.compiler.run.faults import Summed, strict
from microgrAD.compiler.run.runner import Named, Piece, Run, runner
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.optim import Optimizer

_SHOWN = 2_000  # operations of a graph that is not folded, of which the equations are shown beside its code


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
        """The code that runs: calls of NumPy, or WebAssembly's text under the equations that it computes.

        There are no equations where a loop runs a graph of more than 2,000 operations.
        """
        found = [each.source for each in self.runners]
        machine = [source for source in found if "(module" in source]
        whole = all(source.startswith("(module") for source in machine)  # records say first what they are
        if machine and (whole or sum([tape.operations() for tape in self.tapes]) <= _SHOWN):
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
            return float(_summed([run.outputs(theta, data)[0] @ seeds for run, data, seeds in pieces]))

    def _gradient(self, pieces: Sequence[Piece]) -> tuple[float, Array]:
        """Value and gradient, which is added to the parameters' own."""
        theta = self._theta()
        with strict():
            found = [run.gradients(theta, data, seeds) for run, data, seeds in pieces]
            value = float(_summed([values @ seeds for (values, _), (*_, seeds) in zip(found, pieces, strict=True)]))
            gradient: Array = _summed([slope for _, slope in found])
        if not flat.add_grads(self.parameters, gradient):
            raise Summed
        return value, gradient

    def _train(self, batches: Sequence[Sequence[Piece]], optimizer: Optimizer, steps: int) -> float:
        from microgrAD.compiler.run.training import descend

        before = descend(self.parameters, self._theta(), batches, optimizer, steps)
        last = batches[max(optimizer.steps - 1, 0) % len(batches)]
        with strict():
            return float(_summed([run.outputs(before, data)[0] @ seeds for run, data, seeds in last]))


def _summed(found: Sequence[Any]) -> Any:
    return found[0] if len(found) == 1 else np.add.reduce(found)


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

    def pieces(self) -> list[Named]:
        """What runs, its rows, what each of them counts in the value, and what the numbers of a row are called."""
        return [(*piece, names) for piece, names in zip(self._pieces, self.inputs, strict=True)]

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
            return self._train([self._pieces], optimizer, steps)
