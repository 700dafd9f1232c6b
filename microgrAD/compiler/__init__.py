"""Record a scalar graph once, fold it into a small tensor program, and replay that on a whole batch.

tracing; lockstep, folding                  a function of one row, or the graph of a loop over rows, onto a tape
chains, sums, blocks, layout                a tape into forms, forms into blocks, blocks into a tensor program
plan, forward, reverse, ufuncs, source      a tensor program into NumPy code
binding, kernel, runner, training, program  running it
walker                                      running what is too deep for that, node by node
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, overload

from microgrAD.errors import CompileError
from microgrAD.operators import Value

if TYPE_CHECKING:
    from microgrAD.compiler.program import FunctionProgram, GraphProgram, Program

__all__ = ["CompileError", "FunctionProgram", "GraphProgram", "Program", "compile"]


@overload
def compile(f: Value, *, parameters: Iterable[Value] | None = None) -> GraphProgram: ...
@overload
def compile(
    f: Callable[..., Any], *, parameters: Iterable[Value], shapes: Sequence[tuple[int, ...]] | None = None
) -> FunctionProgram: ...


def compile(
    f: Any, *, parameters: Iterable[Value] | None = None, shapes: Sequence[tuple[int, ...]] | None = None
) -> Any:
    """A program that computes f on whole arrays of rows, or replays the graph behind a Value.

    A function of one row, f(x) or f(x, y), ..., giving one Value or several, is recorded once, at its first call or
    where `shapes` says what a row looks like. `parameters` are the leaves that get gradients; they stay the Values
    that they are. CompileError, naming the line, where f asks for the number of a row.

    Of a Value, the graph that a loop over data built: what repeats in it becomes rows of data. Without `parameters`,
    all leaves that several rows share are, and a leaf of one row is its data.

    >>> w, b = Value(2.0), Value(1.0)
    >>> program = compile(lambda x, y: (w * x + b - y) ** 2, parameters=[w, b])
    >>> value, gradient = program.value_and_grad([0.0, 1.0], [0.0, 0.0])
    >>> value, w.grad, b.grad
    (5.0, 3.0, 4.0)
    """
    from microgrAD.compiler import program

    if isinstance(f, Value):
        from microgrAD.compiler.collecting import uncollected
        from microgrAD.compiler.folding import fold

        with uncollected():
            return program.GraphProgram(*fold(f, parameters))
    if not callable(f):
        raise TypeError(f"compile takes a function of one row, or a Value, got {type(f).__name__} {f!r}")
    if parameters is None:
        raise TypeError("compile takes the parameters of a function: compile(f, parameters=model.parameters())")
    return program.FunctionProgram(f, parameters, shapes)


def __getattr__(name: str) -> Any:
    """The classes of programs, imported when first asked for: all networks know of the compiler, and few use it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from microgrAD.compiler import program

    return getattr(program, name)
