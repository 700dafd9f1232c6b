"""mpmath's twin of every operation, one line each, and where to try it. Adding an operation means adding its line.

where      the finite floats to draw from: one range (low, high) per argument
kinks      arguments at which the function has no derivative, or a branch of the table begins
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp

HUGE = 1.7e308
DIGITS = 450  # so that a difference keeps 50 of them, down to derivatives of 1e-290


@dataclass(frozen=True)
class Oracle:
    """An operation as mpmath has it."""

    f: Callable[..., Any]
    where: tuple[tuple[float, float], ...] = ((-HUGE, HUGE),)
    kinks: tuple[float, ...] = ()


def _gelu(x: Any) -> Any:
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


def _pow(x: Any, y: Any) -> Any:
    return mp.exp(y * mp.log(x))


PAIR = ((-1e150, 1e150), (-1e150, 1e150))
TAIL = ((-800.0, 800.0),)

# fmt: off
ORACLES: dict[str, Oracle] = {
    "add":        Oracle(lambda x, y: x + y, PAIR),
    "sub":        Oracle(lambda x, y: x - y, PAIR),
    "mul":        Oracle(lambda x, y: x * y, PAIR),
    "div":        Oracle(lambda x, y: x / y, ((-1e70, 1e70), (1e-70, 1e70))),
    "neg":        Oracle(lambda x: -x),
    "pow":        Oracle(_pow, ((1e-9, 1e9), (-10.0, 10.0))),
    "exp":        Oracle(mp.exp, ((-800.0, 709.0),)),
    "expm1":      Oracle(mp.expm1, ((-800.0, 709.0),)),
    "log":        Oracle(mp.log, ((1e-99, HUGE),)),
    "log1p":      Oracle(lambda x: mp.log(1 + x), ((-1 + 1e-15, HUGE),)),
    "sqrt":       Oracle(mp.sqrt, ((1e-99, HUGE),)),
    "sin":        Oracle(mp.sin),
    "cos":        Oracle(mp.cos),
    "tan":        Oracle(mp.tan),
    "asin":       Oracle(mp.asin, ((-1 + 1e-15, 1 - 1e-15),), kinks=(0.5, -0.5)),
    "acos":       Oracle(mp.acos, ((-1 + 1e-15, 1 - 1e-15),), kinks=(0.5, -0.5)),
    "atan":       Oracle(mp.atan, kinks=(1e8, -1e8)),
    "sinh":       Oracle(mp.sinh, ((-709.0, 709.0),)),
    "cosh":       Oracle(mp.cosh, ((-709.0, 709.0),)),
    "tanh":       Oracle(mp.tanh, TAIL, kinks=(4.0, -4.0)),
    "sigmoid":    Oracle(lambda x: 1 / (1 + mp.exp(-x)), TAIL, kinks=(0.0, 100.0, -100.0)),
    "relu":       Oracle(lambda x: x if x > 0 else mp.mpf(0), kinks=(0.0,)),
    "leaky_relu": Oracle(lambda x: x if x > 0 else mp.mpf(0.01) * x, kinks=(0.0,)),
    "elu":        Oracle(lambda x: x if x > 0 else mp.expm1(x), kinks=(0.0,)),
    "softplus":   Oracle(lambda x: mp.log(1 + mp.exp(x)), TAIL),
    "silu":       Oracle(lambda x: x / (1 + mp.exp(-x)), TAIL, kinks=(100.0, -100.0)),
    "gelu":       Oracle(_gelu, ((-45.0, 45.0),), kinks=(40.0, -40.0)),
    "erf":        Oracle(mp.erf, ((-32.0, 32.0),), kinks=(30.0, -30.0)),
    "erfc":       Oracle(mp.erfc, ((-32.0, 32.0),), kinks=(30.0, -30.0)),
    "abs":        Oracle(lambda x: x if x > 0 else -x, kinks=(0.0,)),
    "min":        Oracle(lambda x, y: min(x, y), PAIR),
    "max":        Oracle(lambda x, y: max(x, y), PAIR),
    "step":       Oracle(lambda x: mp.mpf(x >= 0), kinks=(0.0,)),
    "where":      Oracle(lambda c, x, y: x if c > 0 else y, (*PAIR, PAIR[0])),
    "sum":        Oracle(lambda *x: mp.fsum(x), (*PAIR, PAIR[0])),
    "dot":        Oracle(lambda a, b, x, y: a * x + b * y, ((-1e75, 1e75),) * 4),
}
# fmt: on


def derivative(oracle: Oracle, point: tuple[float, ...], orders: tuple[int, ...]) -> Any:
    """The partial derivative of the twin at `point`, differentiated orders[k] times by argument k."""
    with mp.workdps(DIGITS):
        exact = [mp.mpf(x) for x in point]
        if not any(orders):
            return oracle.f(*exact)
        return mp.diff(oracle.f, exact[0], orders[0]) if len(exact) == 1 else mp.diff(oracle.f, tuple(exact), orders)
