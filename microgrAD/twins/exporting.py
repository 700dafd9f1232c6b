"""Writes a graph or a compiled program as plain code for another library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from microgrAD.errors import one_of
from microgrAD.operators import Value
from microgrAD.twins.write.scripts import SCRIPTS

if TYPE_CHECKING:
    from microgrAD.compiler import Program

TARGETS = tuple(SCRIPTS)


def export(root: Value | Program, target: str, *, rows: Sequence[Any] | None = None) -> str:
    """Return a script for another library that computes the same numbers: the value, and the gradient of each leaf.

    The script prints them. Leaves have their present numbers, and nodes are named after their labels. What the library
    has is called there; other operations are functions of the script, with the formulas of the table. A library's own
    derivatives may lose digits in the tails, as that of tanh does in PyTorch and JAX from about 5 on.

    Arguments:
        root: a Value, or a compiled program, whose matrices stay matrices.
        target: "torch", "jax", "numpy", "sympy" or "micrograd". A program takes one of the first three.
        rows: for a compiled function, the arrays that it is called with; the script has the mean over them.
    Returns: the source of the script.
    Raises: TypeError for anything else; ValueError for another target, or for rows that do not fit; GraphError for a
    graph that SymPy can't take as one expression.

    >>> w = Value(2.0, label="w")
    >>> print(export(w * w, "micrograd"))  # doctest: +ELLIPSIS
    \"\"\"The graph of f in micrograd, written by microgrAD.export.\"\"\"
    <BLANKLINE>
    from micrograd.engine import Value
    <BLANKLINE>
    w = Value(2.0)
    <BLANKLINE>
    f = w * w
    <BLANKLINE>
    f.backward()
    ...
    """
    one_of(target, "target", TARGETS)
    if isinstance(root, Value):
        if rows is not None:
            raise TypeError("rows are for a compiled function; a Value has its numbers already, so leave them out")
        root._recorded("export")
        return SCRIPTS[target](root)
    from microgrAD.compiler import FunctionProgram, GraphProgram

    if not isinstance(root, (FunctionProgram, GraphProgram)):
        raise TypeError(f"export takes a Value or a compiled program, got {type(root).__name__}; pass the result")
    return _program(root, target, rows, isinstance(root, FunctionProgram))


def _program(program: Program, target: str, rows: Sequence[Any] | None, is_function: bool) -> str:
    from microgrAD.twins.write.programs import LIBRARIES, script

    if target not in LIBRARIES:
        raise ValueError(
            f"a compiled program computes with matrices, so target must be one of {list(LIBRARIES)}, got {target!r}; "
            "for another target, export the Value of one row"
        )
    if is_function and rows is None:
        raise ValueError(
            "a compiled function needs the arrays that it is called with: export(program, target, rows=(X, Y))"
        )
    if not is_function and rows is not None:
        raise ValueError("a compiled graph has its rows in it; leave rows out")
    return script(program, rows, target)
