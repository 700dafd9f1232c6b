"""Record a scalar graph once, fold it into a small tensor program, and replay that on a whole batch.

traced        stands for a number of every row while a function is recorded
rules         what an operation's formula says: a sum, a product, a hidden overflow
tensors       the tensor program
tape          the scalar graph as flat columns of numbers
tracing       records a function of one row onto a tape
surroundings  what a recorded function reads besides its arguments
proof         compares a recorded function with itself, and with the engine
chains        additions, differences and products that form one sum
sums          flattens them into sums of many terms
blocks        packs forms of one kind at one depth
layout        where every number stands in the tables
constants     a pass: constants become plain numbers
passes        the passes over a tensor program, in order
equations     a program as a paper would write it
lineage       which scalar operation went into which step
runtime       what the written code calls
simplify      a formula with some arguments known
scalars       runs small graphs on few rows as plain Python numbers
graphs        reads the graph behind Values
lockstep      finds rows that a loop computed in the same way
families      finds what in a graph was computed from one row
folding       makes one row's graph and a table of rows out of a loop's graph
plan          what has to be computed when
conditions    tests in a formula
tails         the branch of a formula for numbers far out
source        the text of a program while it is written
ufuncs        a formula as calls of NumPy's functions
forward       the forward pass as code
gradients     where gradients stand
reverse       the backward pass as code
binding       that code bound to tables
kernel        a program as NumPy code
rows          checks parameters and rows
faults        finds the row and the operation of a number that is not finite
sides         rows of which a side that is not taken is not finite
walker        computes a very deep graph node by node
runner        runs a kernel
training      many steps in one call
collecting    keeps the garbage collector away while a graph is compiled
program       the programs that users see
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
