"""A function that was recorded for rows of one shape, what runs it, and its comparison with the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microgrAD.compiler.record.numbers import Array
from microgrAD.compiler.run import rows as checks
from microgrAD.compiler.run.collecting import uncollected
from microgrAD.compiler.run.faults import numbered, strict
from microgrAD.compiler.run.proof import Recording, on_engine, rounded, unlike
from microgrAD.compiler.run.runner import runner
from microgrAD.errors import CompileError, DomainError
from microgrAD.operators import Value


class Shaped:
    """The recording of a function, and its runner."""

    @uncollected()
    def __init__(
        self,
        f: Callable[..., Any],
        parameters: Sequence[Value],
        shapes: Sequence[checks.Shape],
        depends: Sequence[Any],
        backend: str | None,
    ) -> None:
        self.f, self.parameters, self.shapes = f, parameters, tuple(shapes)
        self._recording = Recording(f, parameters, shapes, depends)
        self.tape, self.several = self._recording.tape, self._recording.several
        self.runner = runner(self.tape, backend)
        self._doubted = ""  # once a row was not what the program computes, it is recorded anew

    def changed(self) -> str:
        """The name of something that the function reads and that is not as it was when recorded, or nothing."""
        return self._doubted or self._recording.changed()

    def inputs(self, names: Sequence[str]) -> list[str]:
        """What the numbers of a row are called."""
        return [
            name + "".join([f"[{k}]" for k in place])
            for name, shape in zip(names, self.shapes, strict=True)
            for place in np.ndindex(shape)
        ]

    @uncollected()
    def prove(self, theta: Array, found: Sequence[Array], data: Array, k: int, *, slope: bool) -> None:
        """Compare row k with the engine, with its gradient if that is asked for; CompileError where they differ."""
        engine = self._on_engine(found, k, slope)
        gradient = np.zeros(0)
        with strict():
            column = data if isinstance(engine, DomainError) else data[:, [k]]  # of all, the first is to be named
            if not slope:
                values = self.runner.outputs(theta, column)[:, 0]
            else:
                values, gradient = self.runner.gradients(theta, column, np.ones(column.shape[1]))
        if isinstance(engine, DomainError):  # of what no result needs, and the program left out
            rows = ((j, self._on_engine(found, j, slope)) for j in range(k))
            k, engine = next(((j, error) for j, error in rows if isinstance(error, DomainError)), (k, engine))
            raise DomainError(f"row {numbered(k)}: {engine}" if self.tape.inputs else str(engine)) from None
        if (differs := unlike(values, gradient, engine)) and not self._is_rounding(found, k, values, gradient, engine):
            self._doubted = "something that a program can't see"
            raise CompileError(
                f"row {numbered(k)} of {getattr(self.f, '__name__', self.f)} is not what the program computes: "
                f"{differs}; it depends on something that a program can't see, such as a number that has changed "
                "since it was recorded, or the type of its argument: pass numbers as arguments, use microgrAD.where, "
                "or let it run eagerly"
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
        return on_engine(self.f, args, self.parameters if slope else (), several=self.several)
