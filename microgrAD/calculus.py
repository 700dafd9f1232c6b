"""Calculus on functions: derivatives of f, of derivatives of f, and checks of them.

    f        a function of numbers, written with the operations of the package
    argnums  which arguments to differentiate by, counted from 0

All take and give plain floats and compose: `grad(grad(f))`, `jvp` of a `grad`, a `grad` inside of f.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import index
from typing import TYPE_CHECKING, Any, TextIO

from microgrAD import operators
from microgrAD.backward import gradients, grouped, topological
from microgrAD.engine import Value, is_paused, recording
from microgrAD.errors import DomainError, places, real

if TYPE_CHECKING:
    import numpy as np

Function = Callable[..., Any]


class _Depth(threading.local):
    running = 0


_depth = _Depth()


@contextmanager
def _inside() -> Iterator[bool]:
    """Count derivatives within derivatives; gives whether this one is, so that an outer one still needs its graph."""
    _depth.running += 1
    try:
        yield _depth.running > 1
    finally:
        _depth.running -= 1


def _variable(x: Any) -> Value:
    """A Value of its own to differentiate by: for a Value, a new node, so that x elsewhere in f is held constant."""
    return x + 0.0 if isinstance(x, Value) else Value(x)


def _record(f: Function, args: Sequence[Any]) -> tuple[list[Value], Any, bool]:
    """f at `args`: the variables, its result, and whether somebody further out differentiates this."""
    if not callable(f):
        raise TypeError(
            f"a derivative is taken of a function, got {type(f).__name__} {f!r}; pass f, and its arguments "
            "to what comes back: grad(f)(x)"
        )
    with _inside() as nested:
        variables = [_variable(x) for x in args]
        with recording():
            return variables, f(*variables), nested or any(isinstance(x, Value) for x in args)


def _scalar(result: Any, f: Function) -> Value:
    if isinstance(result, Value):
        return result
    if _is_several(result):
        raise TypeError(
            f"the derivative of {_name(f)} takes one number as its result, got {type(result).__name__}; "
            "use jacobian for several"
        )
    return Value(result)


def _is_several(result: Any) -> bool:
    return isinstance(result, (list, tuple)) or hasattr(result, "shape") and result.shape != ()


def _known(result: Value) -> Value:
    """A result for whoever differentiates further out; without its past, where that one is in a no_grad block."""
    return Value(result.data) if is_paused() else result


def _name(f: Function) -> str:
    return getattr(f, "__name__", repr(f))


def _derivatives(result: Value, variables: Sequence[Value], symbolic: bool) -> list[Any]:
    found = gradients(result, Value(1.0) if symbolic else 1.0, variables, symbolic=symbolic)
    return [found.get(x, Value(0.0) if symbolic else 0.0) for x in variables]


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """A function of the same arguments that gives (f, ∂f/∂argument); for several argnums a tuple of derivatives.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(3.0, 4.0)
    (12.0, (4.0, 3.0))
    """

    def both(*args: Any) -> tuple[Any, Any]:
        chosen = _positions(argnums, len(args))
        variables, result, symbolic = _record(f, args)
        result = _scalar(result, f)
        found = _derivatives(result, [variables[k] for k in chosen], symbolic)
        one = hasattr(argnums, "__index__")
        return (_known(result) if symbolic else result.data), (found[0] if one else tuple(found))

    return both


def _positions(argnums: int | Sequence[int], count: int) -> list[int]:
    """Which of `count` arguments are chosen, each from 0."""
    try:
        chosen = [index(k) for k in ([argnums] if hasattr(argnums, "__index__") else argnums)]
    except TypeError:
        raise TypeError(
            f"argnums takes the number of an argument, from 0, or several as in (0, 1), got {argnums!r}"
        ) from None
    if chosen and not count:
        raise ValueError("a derivative is taken by an argument, got none; pass the numbers: grad(f)(x)")
    for k in chosen:
        if not -count <= k < count:
            raise ValueError(f"argnums must be within the {count} arguments given, from 0 to {count - 1}, got {k}")
    return [k % count for k in chosen]


def grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """A function of the same arguments that gives ∂f/∂argument; for several argnums a tuple.

    >>> grad(grad(lambda x: x ** 3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)
    return lambda *args: both(*args)[1]


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Forward mode: f and its derivative along `tangents`, (f(x), Σ ∂f/∂xᵢ · tᵢ).

    An argument whose tangent is 0 is held constant. DomainError when the derivative is not finite.

    >>> jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.5))
    (12.0, 5.5)
    """
    for name, several in (("primals", primals), ("tangents", tangents)):
        if not hasattr(several, "__len__"):
            raise TypeError(
                f"jvp takes its {name} as a sequence, one number per argument of f, got "
                f"{type(several).__name__} {several!r}; for one argument pass ({several!r},)"
            )
    if len(primals) != len(tangents):
        raise ValueError(f"jvp takes one tangent per primal, got {len(primals)} primals and {len(tangents)} tangents")
    along = [t if isinstance(t, Value) else real(t, "jvp: a tangent") for t in tangents]
    variables, result, symbolic = _record(f, primals)
    symbolic = symbolic or any(isinstance(t, Value) for t in along)
    result = _scalar(result, f)
    if hasattr(result, "derivatives"):  # it is being compiled: by the chain rule, from the other end
        terms = [d * t for d, t in zip(_derivatives(result, variables, True), along, strict=True)]
        return result, sum(terms[1:], terms[0])
    moving: dict[Value, Any] = {x: t for x, t in zip(variables, along, strict=True) if isinstance(t, Value) or t}
    for v in topological(result):
        if v not in moving and v.op:
            partials = operators.symbolic(v.op)(*grouped(v.op, v.args), v) if symbolic else v.partials
            terms = [moving[a] * d for a, d in zip(v.args, partials, strict=True) if a in moving]
            if terms:
                moving[v] = tangent = sum(terms[1:], terms[0])
                if not symbolic and tangent - tangent != 0:
                    raise DomainError(
                        f"the derivative of {v.op} at {places(v.op, v.args)} is not finite; "
                        "keep the input away from that point"
                    )
    tangent = moving.get(result, 0.0)
    return (_known(result), tangent) if symbolic else (result.data, float(tangent))


def jacobian(f: Function) -> Callable[..., np.ndarray]:
    """All first derivatives of f: shape (n,) for one result and n arguments, (m, n) for a sequence of m results.

    >>> jacobian(lambda x, y: [x * y, x + y])(3.0, 4.0).tolist()
    [[4.0, 3.0], [1.0, 1.0]]
    """

    def derivatives(*args: Any) -> np.ndarray:
        import numpy as np

        variables, result, symbolic = _record(f, args)
        several = _is_several(result)
        if several and any(map(_is_several, result)):
            raise TypeError(
                f"jacobian takes one number or one row of numbers as the result of {_name(f)}, got rows "
                "of rows; make one row of them, of an array with .ravel()"
            )
        rows = [_derivatives(_scalar(r, f), variables, symbolic) for r in (result if several else [result])]
        found = np.array(rows, dtype=object if symbolic else float).reshape(len(rows), len(variables))
        return found if several else found[0]

    return derivatives


def hessian(f: Function) -> Callable[..., np.ndarray]:
    """All second derivatives of f, shape (n, n) for n arguments.

    >>> hessian(lambda x, y: x * x * y)(3.0, 4.0).tolist()
    [[8.0, 6.0], [6.0, 0.0]]
    """

    def first(*args: Any) -> Any:
        return grad(f, argnums=range(len(args)))(*args)

    return jacobian(first)


def gradcheck(f: Function, *args: float, rtol: float = 1e-6, atol: float = 1e-9, file: TextIO | None = None) -> bool:
    """Whether ∂f/∂x agrees with finite differences for every argument; prints both for each that does not.

    The numeric derivative is Richardson's extrapolation of two central differences, of error O(h⁴), at that one of
    several h, the smallest a millionth of x and of 1, where those two differ least.

    >>> gradcheck(lambda x, y: x * y + x ** 2, 3.0, 4.0)
    True
    """
    analytic = grad(f, argnums=range(len(args)))(*args)
    agree = True
    for k, exact in enumerate(analytic):
        numeric = _numeric(f, args, k)
        if not abs(exact - numeric) <= atol + rtol * max(abs(exact), abs(numeric)):
            agree = False
            print(
                f"argument {k} at {args[k]!r}: analytic {exact!r}, numeric {numeric!r}, "
                f"apart by {abs(exact - numeric):.3g}",
                file=file or sys.stdout,
            )
    return agree


def _numeric(f: Function, args: Sequence[float], k: int) -> float:
    size = abs(args[k])
    steps = sorted({scale * h for scale in (size, 1.0) for h in (2e-3, 2e-5, 2e-7) if scale * h > 1e-9 * size})
    found: list[tuple[float, float]] = []
    for h in reversed(steps):
        try:
            (wide, rounding), (narrow, _) = _central(f, args, k, h), _central(f, args, k, h / 2)
        except DomainError:  # x is nearer than h to where f ends
            if h == steps[0] and not found:
                raise
        else:
            found.append((abs(wide - narrow) + rounding, (4 * narrow - wide) / 3))
    return min(found)[1]


def _central(f: Function, args: Sequence[float], k: int, h: float) -> tuple[float, float]:
    """(f(x + h) - f(x - h)) / 2h, by argument k, and how far rounding may put it off."""
    left, right = (float(f(*[Value(x + step if i == k else x) for i, x in enumerate(args)])) for step in (-h, h))
    return (right - left) / (2 * h), (abs(left) + abs(right)) * 1e-16 / h
