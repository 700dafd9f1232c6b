"""mpmath's twin of every operation, one line each, and where to try it. Adding an operation means adding its line.

where      the finite floats to draw from: one range (low, high) per argument
kinks      arguments at which the function has no derivative, or a branch of the table begins
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath as mp
from hypothesis import strategies as st

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
    "log2":       Oracle(lambda x: mp.log(x) / mp.log(2), ((1e-99, HUGE),)),
    "log10":      Oracle(lambda x: mp.log(x) / mp.log(10), ((1e-99, HUGE),)),
    "logaddexp":  Oracle(lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), (*TAIL, *TAIL)),
    "cbrt":       Oracle(mp.cbrt, ((1e-99, HUGE),)),  # below 0 it is odd, see test_numpy_names
    "sqrt":       Oracle(mp.sqrt, ((1e-99, HUGE),)),
    "sin":        Oracle(mp.sin),
    "cos":        Oracle(mp.cos),
    "tan":        Oracle(mp.tan),
    "asin":       Oracle(mp.asin, ((-1 + 1e-15, 1 - 1e-15),), kinks=(0.5, -0.5)),
    "acos":       Oracle(mp.acos, ((-1 + 1e-15, 1 - 1e-15),), kinks=(0.5, -0.5)),
    "atan":       Oracle(mp.atan, kinks=(1e8, -1e8)),
    "atan2":      Oracle(mp.atan2, ((1e-70, 1e70), (-1e70, 1e70))),
    "hypot":      Oracle(lambda x, y: mp.sqrt(x**2 + y**2), ((1e-70, 1e70), (-1e70, 1e70))),
    "sinh":       Oracle(mp.sinh, ((-709.0, 709.0),)),
    "cosh":       Oracle(mp.cosh, ((-709.0, 709.0),)),
    "tanh":       Oracle(mp.tanh, TAIL, kinks=(4.0, -4.0)),
    "asinh":      Oracle(mp.asinh),
    "acosh":      Oracle(mp.acosh, ((1 + 1e-15, HUGE),)),
    "atanh":      Oracle(mp.atanh, ((-1 + 1e-15, 1 - 1e-15),), kinks=(0.5, -0.5)),
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


RELATIVE = 1e-12
SMALLEST = 1e-290  # below it floats lose digits one by one


def points(oracle: Oracle) -> st.SearchStrategy[tuple[float, ...]]:
    """Points over the whole domain: at every scale, close to 0 and to the ends, and beside the kinks."""
    return st.tuples(*[_arguments(low, high, oracle.kinks) for low, high in oracle.where])


def _arguments(low: float, high: float, kinks: tuple[float, ...]) -> st.SearchStrategy[float]:
    def inside(x: float) -> bool:
        return low <= x <= high

    near = [st.floats(max(low, k - 10), min(high, k + 10)) for k in (0.0, *kinks) if low <= k + 10 and k - 10 <= high]
    start = min(max(low, 0.0), high)  # 0, or the end that is closest to it
    signs = [sign for sign, end in ((1, high), (-1, low)) if sign * (end - start) > 0]
    small = st.builds(
        lambda sign, e, m: start + sign * m * 10.0**e, st.sampled_from(signs), st.integers(-30, 0), st.floats(1, 10)
    ).filter(inside)
    return st.one_of(st.floats(low, high, allow_subnormal=False), *near, small)


def close(ours: float, exact: object, slope: object, x: float) -> bool:
    """Whether ours is right to 1e-12, or is right for an argument within 1e-14 of x (close to where it is 0)."""
    exact = mp.mpf(exact)
    allowed = RELATIVE * abs(exact) + (1e-14 * abs(mp.mpf(slope) * x) if abs(x) < 50 else 0) + SMALLEST
    return bool(abs(mp.mpf(ours) - exact) <= allowed)


def check(ours: float, oracle: Oracle, point: tuple[float, ...], orders: tuple[int, ...]) -> None:
    exact = derivative(oracle, point, orders)
    k = next((k for k, n in enumerate(orders) if n), 0)
    once_more = tuple(n + (j == k) for j, n in enumerate(orders))
    slope = derivative(oracle, point, once_more) if abs(point[k]) < 50 and any(orders) else 0
    assert close(ours, exact, slope, point[k]), f"at {point}, orders {orders}: {ours!r}, not {mp.nstr(exact, 20)}"


def kinked(name: str, point: tuple[float, ...]) -> bool:
    """Where the twin itself jumps, so that its differences say nothing."""
    if name in ("min", "max"):
        return point[0] == point[1]
    return name in ("relu", "leaky_relu", "elu", "abs", "step", "where") and point[0] == 0
