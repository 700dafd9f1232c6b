"""Calculus on functions: derivatives of any order.

    f        a function of numbers, written with the operations of the package
    argnums  the number of the argument to differentiate by, from 0, or several such numbers

Derivatives of plain floats are plain floats, through which nothing flows back to other Values that f uses; those of
Values are Values. They compose: `grad(grad(f))`, `jvp` of a `grad`, a `grad` inside of f. In a function that is
differentiated, trained or compiled itself, they are a part of its graph in any case.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import index
from typing import TYPE_CHECKING, Any

from microgrAD.backward import gradients
from microgrAD.choices import living, sent_to
from microgrAD.errors import DomainError, places, real
from microgrAD.graph import LEAF, fill, topological
from microgrAD.leaving import is_wanted, watched, watches
from microgrAD.operators import Node, Value
from microgrAD.pausing import is_paused, recording

if TYPE_CHECKING:
    import numpy as np

Function = Callable[..., Any]


class _Depth(threading.local):
    running = 0


_depth = _Depth()


@contextmanager
def _nested() -> Iterator[bool]:
    """Count nested derivatives. Yields whether this one is inside of another, which then needs its graph."""
    _depth.running += 1
    try:
        yield _depth.running > 1
    finally:
        _depth.running -= 1


def variable(x: Any) -> Value:
    """Return a new Value to differentiate by. If x is a Value, x itself is then constant wherever f uses it.

    It is a Node even if it is a leaf, so that `x += 1` in f makes a new node of it.
    """
    if not isinstance(x, Value):
        leaf: Value = fill(Node(), LEAF, real(x, "Value"))
        return leaf
    made: Value = x + 0.0
    return made


def _evaluated(f: Function, args: Sequence[Any]) -> tuple[list[Value], Any, bool]:
    """Compute f at `args`. Return its variables, its result, and whether an outer derivative needs the graph."""
    if not callable(f):
        raise TypeError(
            f"a derivative takes a function, got {type(f).__name__} {f!r}; pass the function first, then its "
            "arguments: grad(f)(x)"
        )
    with _nested() as is_nested:
        variables = [variable(x) for x in args]
        watch = [x for x in variables if not hasattr(x, "derivatives")]  # a traced value refuses by itself
        with recording(), watched(watch):
            result = f(*variables)
        return variables, result, is_nested or any(isinstance(x, Value) for x in args) or _is_part(result)


def _is_part(result: Any) -> bool:
    """Return whether a derivative is a part of something that is differentiated itself, such as a loss in `fit`."""
    if not watches or is_paused():
        return False
    results = result if _is_several(result) else [result]
    return is_wanted([r for r in results if isinstance(r, Value) and not hasattr(r, "derivatives")])


def _scalar(result: Any, f: Function) -> Value:
    if isinstance(result, Value):
        result._recorded(f"the derivative of {_name(f)}")
        return result
    if _is_several(result):
        raise TypeError(
            f"grad and jvp take a function that returns one number, and {_name(f)} returned "
            f"{type(result).__name__}; use jacobian for several numbers"
        )
    return Value(result)


def _is_several(result: Any) -> bool:
    return isinstance(result, (list, tuple)) or hasattr(result, "shape") and result.shape != ()


def _for_outer(result: Value) -> Value:
    """Return a result for an outer derivative. Inside of a no_grad block, it is a new Value without a graph."""
    return result._unrecorded() if is_paused() else result


def _name(f: Function) -> str:
    return getattr(f, "__name__", repr(f))


def _derivatives(result: Value, variables: Sequence[Value], symbolic: bool) -> list[Any]:
    if hasattr(result, "derivatives"):  # a program is being recorded, and what it differentiates, too
        return result.derivatives(variables)  # type: ignore[no-any-return]
    found = gradients(result, Value(1.0) if symbolic else 1.0, variables, symbolic=symbolic)
    return [found.get(x, Value(0.0) if symbolic else 0.0) for x in variables]


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """Return a function of the same arguments that returns (f, ∂f/∂argument).

    Arguments:
        f: a function that returns one number.
        argnums: the argument to differentiate by, from 0, or several. For several, the derivatives are a tuple.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(3.0, 4.0)
    (12.0, (4.0, 3.0))
    """

    def both(*args: Any) -> tuple[Any, Any]:
        chosen = _positions(argnums, len(args))
        variables, result, symbolic = _evaluated(f, args)
        result = _scalar(result, f)
        found = _derivatives(result, [variables[k] for k in chosen], symbolic)
        one = hasattr(argnums, "__index__")
        return (_for_outer(result) if symbolic else result.data), (found[0] if one else tuple(found))

    return both


def _positions(argnums: int | Sequence[int], count: int) -> list[int]:
    """Return the numbers of the chosen arguments, each from 0 to count - 1."""
    try:
        chosen = [index(k) for k in ([argnums] if hasattr(argnums, "__index__") else argnums)]
    except TypeError:
        raise TypeError(
            f"argnums takes the number of an argument, from 0, or several as in (0, 1), got {argnums!r}"
        ) from None
    if chosen and not count:
        raise ValueError("a derivative needs an argument to differentiate by, got none; pass numbers: grad(f)(x)")
    for k in chosen:
        if not -count <= k < count:
            raise ValueError(f"argnums must be within the {count} arguments given, from 0 to {count - 1}, got {k}")
    return [k % count for k in chosen]


def grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """Return a function of the same arguments that returns ∂f/∂argument. Arguments as for `value_and_grad`.

    >>> grad(grad(lambda x: x ** 3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)
    return lambda *args: both(*args)[1]


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Return f and its derivative along `tangents`, (f(x), Σ ∂f/∂xᵢ · tᵢ), by forward mode.

    Arguments:
        f: a function that returns one number.
        primals: the arguments x of f, one number each.
        tangents: one number tᵢ per argument. An argument whose tangent is 0 is constant.
    Raises: DomainError if the derivative is not finite.

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
    variables, result, symbolic = _evaluated(f, primals)
    symbolic = symbolic or any(isinstance(t, Value) for t in along)
    result = _scalar(result, f)
    if hasattr(result, "derivatives"):  # by the chain rule, from the other end
        terms = [d * t for d, t in zip(_derivatives(result, variables, True), along, strict=True)]
        return result, sum(terms[1:], terms[0])
    moving: dict[Value, Any] = {x: t for x, t in zip(variables, along, strict=True) if isinstance(t, Value) or t}
    alive = living(result)
    for v in topological(result):
        if v not in moving and v.op and v in alive:
            partials = v._symbolic() if symbolic else v.partials
            both = enumerate(zip(v.args, partials, v.partials, strict=True))
            terms = [moving[a] * d for k, (a, d, then) in both if a in moving and sent_to(v, k, then)]
            if terms:
                moving[v] = tangent = sum(terms[1:], terms[0])
                if not symbolic and tangent - tangent != 0:
                    raise DomainError(
                        f"the derivative of {v.op} at {places(v.op, v.args)} is not finite; "
                        "keep the input away from that point"
                    )
    tangent = moving.get(result, 0.0)
    return (_for_outer(result), tangent) if symbolic else (result.data, float(tangent))


def jacobian(f: Function) -> Callable[..., np.ndarray]:
    """Return a function of the same arguments that returns all first derivatives of f.

    Arguments:
        f: a function of n numbers that returns one number, or a sequence of m numbers.
    Returns: a function whose result is an array of shape (n,) or (m, n).

    >>> jacobian(lambda x, y: [x * y, x + y])(3.0, 4.0).tolist()
    [[4.0, 3.0], [1.0, 1.0]]
    """

    def derivatives(*args: Any) -> np.ndarray:
        import numpy as np

        variables, result, symbolic = _evaluated(f, args)
        several = _is_several(result)
        if several and any(map(_is_several, result)):
            raise TypeError(
                f"jacobian takes a function that returns one number or one row, and {_name(f)} returned several "
                "rows; return one row, for an array its .ravel()"
            )
        rows = [_derivatives(_scalar(r, f), variables, symbolic) for r in (result if several else [result])]
        found = np.array(rows, dtype=object if symbolic else float).reshape(len(rows), len(variables))
        return found if several else found[0]

    return derivatives


def hessian(f: Function) -> Callable[..., np.ndarray]:
    """Return a function of the same arguments that returns all second derivatives of f.

    Arguments:
        f: a function of n numbers that returns one number.
    Returns: a function whose result is an array of shape (n, n).

    >>> hessian(lambda x, y: x * x * y)(3.0, 4.0).tolist()
    [[8.0, 6.0], [6.0, 0.0]]
    """

    def first(*args: Any) -> Any:
        return grad(f, argnums=range(len(args)))(*args)

    return jacobian(first)
