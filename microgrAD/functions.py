"""Functions of several numbers that have no derivative rule of their own: they are compositions of operations.

    x       a sequence of n Values and plain numbers; if it holds no Value, the result is a float, or a list of floats
    m       the largest of x
    fused   whether a sum is one node, Σ; by default it is several additions, which a picture shows one by one

All raise TypeError if x is no sequence of numbers, and ValueError if it is empty. The shape of the graph does not
depend on the numbers: `max` operations in the graph find the largest one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from numbers import Real
from operator import add, mul
from typing import Any

from microgrAD import operators
from microgrAD.errors import DomainError, real
from microgrAD.operators import Value


def mean(x: Iterable[Value | float], *, fused: bool = False) -> Any:
    """Return the arithmetic mean, Σ xᵢ / n.

    >>> mean([Value(1.0), Value(2.0), 6.0]).data
    3.0
    """
    xs = _numbers("mean", x)
    return _finite("mean", _total(xs, fused) / len(xs))


def variance(x: Iterable[Value | float], *, ddof: int = 0, fused: bool = False) -> Any:
    """Return the variance, Σ (xᵢ - mean)² / (n - ddof).

    Arguments:
        ddof: 0, or 1 for the unbiased estimate from a sample, as in NumPy.
    Raises: ValueError unless n > ddof >= 0.

    >>> variance([1.0, 2.0, 3.0, 6.0])
    3.5
    """
    xs = _numbers("variance", x)
    if not 0 <= ddof < len(xs):
        raise ValueError(f"ddof must be from 0 to {len(xs) - 1} for {len(xs)} numbers, got {ddof!r}")
    center = _finite("mean", _total(xs, fused) / len(xs))
    return _finite("variance", _total([_square(a - center) for a in xs], fused) / (len(xs) - ddof))


def norm(x: Iterable[Value | float], *, fused: bool = False) -> Any:
    """Return the Euclidean norm, √Σ xᵢ².

    At 0 it has no derivative, and backward raises DomainError. Numbers below 1e-154 in size count as 0, since their
    squares do.

    Raises: DomainError for numbers above 1e154 in size, whose squares are not finite.

    >>> norm([3.0, 4.0])
    5.0
    """
    xs = _numbers("norm", x)
    return operators.sqrt(_finite("norm", _total([_square(a) for a in xs], fused)))


def prod(x: Iterable[Value | float]) -> Any:
    """Return the product, Π xᵢ.

    >>> prod([Value(2.0), 3.0, Value(4.0)]).data
    24.0
    """
    return _finite("prod", reduce(mul, _numbers("prod", x)))


def logsumexp(x: Iterable[Value | float], *, fused: bool = False) -> Any:
    """Return ln Σ exp(xᵢ), computed as m + ln Σ exp(xᵢ - m), which is finite for all x. Its gradient is softmax(x).

    Source: Goodfellow, Bengio & Courville 2016, section 4.1.

    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    """
    xs = _numbers("logsumexp", x)
    shifted, largest = _shifted(xs)
    return _finite("logsumexp", operators.log(_total([operators.exp(d) for d in shifted], fused)) + largest)


def softmax(x: Iterable[Value | float], *, fused: bool = False) -> list[Any]:
    """Return the probabilities exp(xᵢ) / Σ exp(xⱼ), computed with x - m in place of x: a list of n.

    For a loss use `log_softmax`, since a probability can round to 0, which has no logarithm.

    Source: Bridle 1990.

    >>> [p.data for p in softmax([Value(0.0), Value(0.0)])]
    [0.5, 0.5]
    """
    xs = _numbers("softmax", x)
    exponentials = [operators.exp(d) for d in _shifted(xs)[0]]
    total = _total(exponentials, fused)
    return [e / total for e in exponentials]


def log_softmax(x: Iterable[Value | float], *, fused: bool = False) -> list[Any]:
    """Return the logarithms of `softmax`, (xᵢ - m) - ln Σ exp(xⱼ - m): a list of n, finite for all x.

    >>> log_softmax([0.0, -1000.0])
    [0.0, -1000.0]
    """
    xs = _numbers("log_softmax", x)
    shifted = _shifted(xs)[0]
    total = operators.log(_total([operators.exp(d) for d in shifted], fused))
    return [d - total for d in shifted]


# ---------------------------------------------------------------------------------------------- parts


def _numbers(name: str, x: Any) -> list[Any]:
    """Return the elements of a sequence, each a Value or a float; TypeError for others, ValueError for none."""
    if not hasattr(x, "__iter__"):
        got = "one" if isinstance(x, (Value, Real)) else f"{type(x).__name__} {x!r}"
        raise TypeError(f"{name} takes a sequence of Values and numbers, got {got}; write {name}([a, b])")
    if getattr(x, "ndim", 1) != 1:
        raise TypeError(
            f"{name} takes one row of numbers, got an array of shape {x.shape}; pass its .ravel() for all "
            "numbers, or one row at a time"
        )
    elements = [a if isinstance(a, Value) else real(a, name) for a in x]
    if not elements:
        raise ValueError(f"{name} takes at least one number, got none")
    return elements


def _total(terms: Sequence[Any], fused: bool) -> Any:
    return operators.sum(terms) if fused else reduce(add, terms)


def _square(a: Any) -> Any:
    return operators.pow(a, 2.0)


def _shifted(xs: Sequence[Any]) -> tuple[list[Any], Any]:
    """Return x - m, whose exponentials do not overflow, and m."""
    largest = _largest(xs)
    return [a - largest for a in xs], largest


def _largest(xs: Sequence[Any]) -> Any:
    """Return the largest, found as in a tournament: the depth of its graph is the logarithm of how many there are."""
    while len(xs) > 1:
        xs = [operators.max(*xs[k : k + 2]) if k + 1 < len(xs) else xs[k] for k in range(0, len(xs), 2)]
    return xs[0]


def _finite(name: str, result: Any) -> Any:
    """Return the result; DomainError if it is a float that is not finite. Values raise this error themselves."""
    if not isinstance(result, Value) and not math.isfinite(result):
        raise DomainError(f"{name} of these numbers, or a step of it, is more than a float holds; scale the input down")
    return result
