"""Record a scalar graph once, fold it into a small tensor program, and replay that on a whole batch.

record     a function of one row onto a tape
program    the small tensor program of a tape: its steps forward, and backward as steps of the same kinds
fold       a loop's graph into one row's tape and a table of rows
write      a program as code: calls of NumPy, WebAssembly
run        calling it, training, errors
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, overload

from microgrAD.errors import CompileError
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.compiler.run.programs import GraphProgram, Program
    from microgrAD.compiler.run.recorded import FunctionProgram

__all__ = ["CompileError", "FunctionProgram", "GraphProgram", "Program", "compile"]


@overload
def compile(f: Value, *, parameters: Iterable[Value] | None = None, backend: str | None = None) -> GraphProgram: ...
@overload
def compile(
    f: Callable[..., Any],
    *,
    parameters: Iterable[Value],
    shapes: Sequence[tuple[int, ...]] | None = None,
    backend: str | None = None,
) -> FunctionProgram: ...


def compile(
    f: Any,
    *,
    parameters: Iterable[Value] | None = None,
    shapes: Sequence[tuple[int, ...]] | None = None,
    backend: str | None = None,
) -> Any:
    """A program that computes f on whole arrays of rows, or replays the graph behind a Value.

    A function of one row, f(x) or f(x, y), ..., giving one Value or several, is recorded once, at its first call or
    where `shapes` says what a row looks like. Without `shapes`, rows may be lists of several lengths: it is recorded
    once for each length. `microgrAD.take` looks up what a number of the row chooses. `parameters` are the leaves that
    get gradients; they stay the Values that they are. CompileError, naming the line, where f asks for the number of a
    row.

    Of a Value, the graph that a loop over data built: what repeats in it becomes rows of data. Without `parameters`,
    all leaves that several rows share are, and a leaf of one row is its data.

    `backend` says what the code is: "numpy", "wasm" for machine code by WebAssembly, or by default what is faster.

    >>> w, b = Value(2.0), Value(1.0)
    >>> program = compile(lambda x, y: (w * x + b - y) ** 2, parameters=[w, b])
    >>> value, gradient = program.value_and_grad([0.0, 1.0], [0.0, 0.0])
    >>> value, w.grad, b.grad
    (5.0, 3.0, 4.0)
    """
    if isinstance(f, Value):
        from microgrAD.compiler.fold.folding import fold
        from microgrAD.compiler.run.collecting import uncollected
        from microgrAD.compiler.run.programs import GraphProgram

        with uncollected():
            return GraphProgram(*fold(f, parameters), backend)
    if not callable(f):
        raise TypeError(f"compile takes a function of one row, or a Value, got {type(f).__name__} {f!r}")
    if parameters is None:
        raise TypeError("compile takes the parameters of a function: compile(f, parameters=model.parameters())")
    from microgrAD.compiler.run.recorded import FunctionProgram

    return FunctionProgram(f, parameters, shapes, backend=backend)


def __getattr__(name: str) -> Any:
    """The classes of programs, imported when first asked for: all networks know of the compiler, and few use it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from microgrAD.compiler.run import programs, recorded

    return getattr(programs if hasattr(programs, name) else recorded, name)
