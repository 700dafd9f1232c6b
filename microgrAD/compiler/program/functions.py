"""What the NumPy reading of a formula calls: one namespace, made from the table.

`eval(formula.numpy(text), dict(functions), arguments)` computes a formula over whole arrays; every operation of the
table is in it, by the name that `formula.numpy` gives it. Both branches of a condition are computed, so evaluate
under `numpy.errstate(all="ignore")`. An argument that stands for any number of terms has them along axis 0.
"""

from __future__ import annotations

import itertools
import linecache
import math
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from microgrAD import formula
from microgrAD.compiler.program.lookups import found_at, spread
from microgrAD.compiler.record.numbers import Array
from microgrAD.ops import OPS, Op

_numbers = itertools.count(1)


def _elementwise(scalar: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function that NumPy lacks, such as erf: Python's own, element by element, and so to its last digit."""

    def function(x: Any) -> Any:
        x = np.asarray(x, dtype=float)
        return np.fromiter(map(scalar, x.ravel().tolist()), float, x.size).reshape(x.shape)[()]

    return function


def _library(op: Op) -> Callable[..., Any]:
    """The function of NumPy for an operation that every library has."""
    function = getattr(np, formula.numpy_name(op), None)
    if function is None:
        return _elementwise(getattr(math, op.name))
    return partial(function, axis=0) if op.variadic else function


def taken(x: Array, places: Any, shape: tuple[int, ...]) -> Any:
    """The numbers at flat places of x, which may have to be spread to a shape."""
    return x.take(places) if x.shape == shape else np.broadcast_to(x, shape).ravel()[places]


def run(source: str, title: str, space: dict[str, Any]) -> dict[str, Any]:
    """Run what was written, over the names in `space`, and return what it defines; tracebacks can show its lines."""
    filename = f"<microgrAD {title}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    made: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), space, made)
    return made


def define(source: str, kind: str, space: dict[str, Any]) -> dict[str, Any]:
    """`space` with what a program's source defines, whose lines are kept for tracebacks for as long as it is there."""
    title = f"{kind} {next(_numbers)}"
    made = run(source, title, space)
    for function in made.values():
        weakref.finalize(function, linecache.cache.pop, f"<microgrAD {title}>", None).atexit = False
    space.update(made)
    return space


def _namespace() -> dict[str, Callable[..., Any]]:
    space: dict[str, Any] = {
        "where": np.where,
        "logical_and": np.logical_and,
        "logical_or": np.logical_or,
        "logical_not": np.logical_not,
        "floor": np.floor,
    }
    for op in OPS.values():
        name, arguments = formula.numpy_name(op), ", ".join(op.args)
        body = formula.numpy(op.computed_value)
        if body == f"{name}({arguments})":
            space[name] = _library(op)
        elif name not in space:
            space |= run(f"def {name}({arguments}):\n    return {body}\n", f"numpy {name}", space)
    del space["__builtins__"]
    return space


functions: dict[str, Callable[..., Any]] = _namespace()

# what the code of a program may call
SPACE: dict[str, Any] = {
    **functions,
    "taken": taken,
    "found_at": found_at,
    "spread": spread,
    "empty": np.empty,
    "ndarray": np.ndarray,
    **{name: function for name, function in vars(np).items() if isinstance(function, np.ufunc)},
}
