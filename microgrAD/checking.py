"""A check of derivatives by finite differences."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from microgrAD.calculus import Function, grad, variable
from microgrAD.errors import DomainError


def gradcheck(f: Function, *args: float, rtol: float = 1e-6, atol: float = 1e-9, file: TextIO | None = None) -> bool:
    """Return whether ∂f/∂x agrees with finite differences for every argument x. Prints both if they differ.

    The numeric derivative is Richardson's extrapolation of two central differences, with error O(h⁴). It tries several
    step sizes h, and uses the one for which the two differences are closest.

    Arguments:
        f: a function that returns one number.
        args: its arguments.
        rtol, atol: the two may differ by atol + rtol · max(|analytic|, |numeric|).
        file: where to print; by default standard output.

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
                f"difference {abs(exact - numeric):.3g}",
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
        except DomainError:  # x ± h is outside of f's domain
            if h == steps[0] and not found:
                raise
        else:
            found.append((abs(wide - narrow) + rounding, (4 * narrow - wide) / 3))
    return min(found)[1]


def _central(f: Function, args: Sequence[float], k: int, h: float) -> tuple[float, float]:
    """Return (f(x + h) - f(x - h)) / 2h for argument k, and how much rounding may change it."""
    left, right = (float(f(*[variable(x + step if i == k else x) for i, x in enumerate(args)])) for step in (-h, h))
    return (right - left) / (2 * h), (abs(left) + abs(right)) * 1e-16 / h
