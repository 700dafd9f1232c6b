"""The operations over floats. Generated from ops.py by `python -m microgrAD.generate`; do not edit.

    _tanh(x)            the value
    _d_tanh(x, out)     all partial derivatives, given the value
    _dx_tanh(x, out)    the partial derivative by x

These are not in operators.py, since the engine computes with them, and operators.py imports the engine.
"""

from __future__ import annotations

from builtins import abs as _abs, max as _max, min as _min
from collections.abc import Callable, Sequence
from math import (
    acos as _acos,
    acosh as _acosh,
    asin as _asin,
    asinh as _asinh,
    atan as _atan,
    atan2 as _atan2,
    atanh as _atanh,
    cbrt as _cbrt,
    cos as _cos,
    cosh as _cosh,
    erf as _erf,
    erfc as _erfc,
    exp as _exp,
    expm1 as _expm1,
    fsum as _fsum,
    hypot as _hypot,
    log as _log,
    log10 as _log10,
    log1p as _log1p,
    log2 as _log2,
    pow as _pow,
    sin as _sin,
    sinh as _sinh,
    sqrt as _sqrt,
    tan as _tan,
    tanh as _tanh,
)


def _add(x: float, y: float) -> float:
    return x + y


def _d_add(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (1.0, 1.0)


def _dx_add(x: float, y: float, out: float) -> float:
    return 1.0


def _dy_add(x: float, y: float, out: float) -> float:
    return 1.0


def _sub(x: float, y: float) -> float:
    return x - y


def _d_sub(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (1.0, -1.0)


def _dx_sub(x: float, y: float, out: float) -> float:
    return 1.0


def _dy_sub(x: float, y: float, out: float) -> float:
    return -1.0


def _mul(x: float, y: float) -> float:
    return x * y


def _d_mul(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (y, x)


def _dx_mul(x: float, y: float, out: float) -> float:
    return y


def _dy_mul(x: float, y: float, out: float) -> float:
    return x


def _div(x: float, y: float) -> float:
    return x / y


def _d_div(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / y, -out / y)


def _dx_div(x: float, y: float, out: float) -> float:
    return 1.0 / y


def _dy_div(x: float, y: float, out: float) -> float:
    return -out / y


def _neg(x: float) -> float:
    return -x


def _d_neg(x: float, out: float) -> tuple[float | None, ...]:
    return (-1.0,)


def _dx_neg(x: float, out: float) -> float:
    return -1.0


def _d_pow(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (0.0 if y == 0.0 and _abs(x) < 1e-307 else y * _pow(x, y - 1.0), out * _log(x) if x > 0.0 else 0.0)


def _dx_pow(x: float, y: float, out: float) -> float:
    return 0.0 if y == 0.0 and _abs(x) < 1e-307 else y * _pow(x, y - 1.0)


def _dy_pow(x: float, y: float, out: float) -> float:
    return out * _log(x) if x > 0.0 else 0.0


def _d_exp(x: float, out: float) -> tuple[float | None, ...]:
    return (out,)


def _dx_exp(x: float, out: float) -> float:
    return out


def _d_expm1(x: float, out: float) -> tuple[float | None, ...]:
    return (_exp(x),)


def _dx_expm1(x: float, out: float) -> float:
    return _exp(x)


def _d_log(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / x,)


def _dx_log(x: float, out: float) -> float:
    return 1.0 / x


def _d_log1p(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (1.0 + x),)


def _dx_log1p(x: float, out: float) -> float:
    return 1.0 / (1.0 + x)


def _d_log2(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / x / _log(2.0),)


def _dx_log2(x: float, out: float) -> float:
    return 1.0 / x / _log(2.0)


def _d_log10(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / x / _log(10.0),)


def _dx_log10(x: float, out: float) -> float:
    return 1.0 / x / _log(10.0)


def _logaddexp(x: float, y: float) -> float:
    return _max(x, y) + _log1p(_exp(-_abs(x - y)))


def _d_logaddexp(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (_sigmoid(x - y), _sigmoid(y - x))


def _dx_logaddexp(x: float, y: float, out: float) -> float:
    return _sigmoid(x - y)


def _dy_logaddexp(x: float, y: float, out: float) -> float:
    return _sigmoid(y - x)


def _d_cbrt(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (3.0 * (out * out)),)


def _dx_cbrt(x: float, out: float) -> float:
    return 1.0 / (3.0 * (out * out))


def _d_sqrt(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (2.0 * out),)


def _dx_sqrt(x: float, out: float) -> float:
    return 1.0 / (2.0 * out)


def _d_sin(x: float, out: float) -> tuple[float | None, ...]:
    return (_cos(x),)


def _dx_sin(x: float, out: float) -> float:
    return _cos(x)


def _d_cos(x: float, out: float) -> tuple[float | None, ...]:
    return (-_sin(x),)


def _dx_cos(x: float, out: float) -> float:
    return -_sin(x)


def _d_tan(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 + out * out,)


def _dx_tan(x: float, out: float) -> float:
    return 1.0 + out * out


def _d_asin(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else 1.0 / _sqrt((1.0 - x) * (1.0 + x)),)


def _dx_asin(x: float, out: float) -> float:
    return 1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else 1.0 / _sqrt((1.0 - x) * (1.0 + x))


def _d_acos(x: float, out: float) -> tuple[float | None, ...]:
    return (-1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else -1.0 / _sqrt((1.0 - x) * (1.0 + x)),)


def _dx_acos(x: float, out: float) -> float:
    return -1.0 / _sqrt(1.0 - x * x) if _abs(x) < 0.5 else -1.0 / _sqrt((1.0 - x) * (1.0 + x))


def _d_atan(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (1.0 + x * x) if _abs(x) < 100000000.0 else 1.0 / x / x,)


def _dx_atan(x: float, out: float) -> float:
    return 1.0 / (1.0 + x * x) if _abs(x) < 100000000.0 else 1.0 / x / x


def _d_atan2(y: float, x: float, out: float) -> tuple[float | None, ...]:
    return (x / _hypot(x, y) / _hypot(x, y), -y / _hypot(x, y) / _hypot(x, y))


def _dy_atan2(y: float, x: float, out: float) -> float:
    return x / _hypot(x, y) / _hypot(x, y)


def _dx_atan2(y: float, x: float, out: float) -> float:
    return -y / _hypot(x, y) / _hypot(x, y)


def _d_hypot(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return ((1.0 if x > 0.0 else -1.0) / _hypot(1.0, y / x) if _abs(x) > _abs(y) else x / _abs(y) / _hypot(x / y, 1.0), (1.0 if y > 0.0 else -1.0) / _hypot(1.0, x / y) if _abs(y) > _abs(x) else y / _abs(x) / _hypot(y / x, 1.0))


def _dx_hypot(x: float, y: float, out: float) -> float:
    return (1.0 if x > 0.0 else -1.0) / _hypot(1.0, y / x) if _abs(x) > _abs(y) else x / _abs(y) / _hypot(x / y, 1.0)


def _dy_hypot(x: float, y: float, out: float) -> float:
    return (1.0 if y > 0.0 else -1.0) / _hypot(1.0, x / y) if _abs(y) > _abs(x) else y / _abs(x) / _hypot(y / x, 1.0)


def _d_sinh(x: float, out: float) -> tuple[float | None, ...]:
    return (_cosh(x),)


def _dx_sinh(x: float, out: float) -> float:
    return _cosh(x)


def _d_cosh(x: float, out: float) -> tuple[float | None, ...]:
    return (_sinh(x),)


def _dx_cosh(x: float, out: float) -> float:
    return _sinh(x)


def _d_tanh(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 - out * out if -4.0 < x < 4.0 else 4.0 * _exp(-2.0 * _abs(x)) / _pow(1.0 + _exp(-2.0 * _abs(x)), 2.0),)


def _dx_tanh(x: float, out: float) -> float:
    return 1.0 - out * out if -4.0 < x < 4.0 else 4.0 * _exp(-2.0 * _abs(x)) / _pow(1.0 + _exp(-2.0 * _abs(x)), 2.0)


def _d_asinh(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / _hypot(1.0, x),)


def _dx_asinh(x: float, out: float) -> float:
    return 1.0 / _hypot(1.0, x)


def _d_acosh(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (_sqrt(x - 1.0) * _sqrt(x + 1.0)),)


def _dx_acosh(x: float, out: float) -> float:
    return 1.0 / (_sqrt(x - 1.0) * _sqrt(x + 1.0))


def _d_atanh(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 / (1.0 - x * x) if _abs(x) < 0.5 else 1.0 / ((1.0 - x) * (1.0 + x)),)


def _dx_atanh(x: float, out: float) -> float:
    return 1.0 / (1.0 - x * x) if _abs(x) < 0.5 else 1.0 / ((1.0 - x) * (1.0 + x))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + _exp(-x)) if -700.0 < x < 700.0 else _exp(_min(x, 0.0))


def _d_sigmoid(x: float, out: float) -> tuple[float | None, ...]:
    return ((1.0 - _pow(_tanh(x / 2.0), 2.0)) / 4.0 if -2.0 < x < 2.0 else _exp(-_abs(x)) / _pow(1.0 + _exp(-_abs(x)), 2.0),)


def _dx_sigmoid(x: float, out: float) -> float:
    return (1.0 - _pow(_tanh(x / 2.0), 2.0)) / 4.0 if -2.0 < x < 2.0 else _exp(-_abs(x)) / _pow(1.0 + _exp(-_abs(x)), 2.0)


def _relu(x: float) -> float:
    return x if x > 0.0 else 0.0


def _d_relu(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x > 0.0 else 0.0,)


def _dx_relu(x: float, out: float) -> float:
    return 1.0 if x > 0.0 else 0.0


def _leaky_relu(x: float, negative_slope: float) -> float:
    return x if x > 0.0 else negative_slope * x


def _d_leaky_relu(x: float, negative_slope: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x > 0.0 else negative_slope, None)


def _dx_leaky_relu(x: float, negative_slope: float, out: float) -> float:
    return 1.0 if x > 0.0 else negative_slope


def _dnegative_slope_leaky_relu(x: float, negative_slope: float, out: float) -> None:
    return None


def _elu(x: float, alpha: float) -> float:
    return x if x > 0.0 else alpha * _expm1(x)


def _d_elu(x: float, alpha: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x > 0.0 else alpha * _exp(x), None)


def _dx_elu(x: float, alpha: float, out: float) -> float:
    return 1.0 if x > 0.0 else alpha * _exp(x)


def _dalpha_elu(x: float, alpha: float, out: float) -> None:
    return None


def _softplus(x: float) -> float:
    return _max(x, 0.0) + _log1p(_exp(-_abs(x)))


def _d_softplus(x: float, out: float) -> tuple[float | None, ...]:
    return (_sigmoid(x),)


def _dx_softplus(x: float, out: float) -> float:
    return _sigmoid(x)


def _silu(x: float) -> float:
    return x * _sigmoid(x)


def _d_silu(x: float, out: float) -> tuple[float | None, ...]:
    return (_sigmoid(x) + (x / (4.0 * _pow(_cosh(x / 2.0), 2.0)) if _abs(x) < 100.0 else x * _exp(-_abs(x))),)


def _dx_silu(x: float, out: float) -> float:
    return _sigmoid(x) + (x / (4.0 * _pow(_cosh(x / 2.0), 2.0)) if _abs(x) < 100.0 else x * _exp(-_abs(x)))


def _gelu(x: float) -> float:
    return x * _erfc(-x / _sqrt(2.0)) / 2.0


def _d_gelu(x: float, out: float) -> tuple[float | None, ...]:
    return (_erfc(-x / _sqrt(2.0)) / 2.0 + x * _exp(-(x * x) / 2.0) / _sqrt(2.0 * 3.141592653589793) if _abs(x) < 40.0 else 1.0 if x > 0.0 else 0.0,)


def _dx_gelu(x: float, out: float) -> float:
    return _erfc(-x / _sqrt(2.0)) / 2.0 + x * _exp(-(x * x) / 2.0) / _sqrt(2.0 * 3.141592653589793) if _abs(x) < 40.0 else 1.0 if x > 0.0 else 0.0


def _d_erf(x: float, out: float) -> tuple[float | None, ...]:
    return (2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0,)


def _dx_erf(x: float, out: float) -> float:
    return 2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0


def _d_erfc(x: float, out: float) -> tuple[float | None, ...]:
    return (-2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0,)


def _dx_erfc(x: float, out: float) -> float:
    return -2.0 / _sqrt(3.141592653589793) * _exp(-(x * x)) if _abs(x) < 30.0 else 0.0


def _d_abs(x: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0,)


def _dx_abs(x: float, out: float) -> float:
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else 0.0


def _d_min(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x <= y else 0.0, 0.0 if x <= y else 1.0)


def _dx_min(x: float, y: float, out: float) -> float:
    return 1.0 if x <= y else 0.0


def _dy_min(x: float, y: float, out: float) -> float:
    return 0.0 if x <= y else 1.0


def _d_max(x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (1.0 if x >= y else 0.0, 0.0 if x >= y else 1.0)


def _dx_max(x: float, y: float, out: float) -> float:
    return 1.0 if x >= y else 0.0


def _dy_max(x: float, y: float, out: float) -> float:
    return 0.0 if x >= y else 1.0


def _step(x: float) -> float:
    return 1.0 if x >= 0.0 else 0.0


def _d_step(x: float, out: float) -> tuple[float | None, ...]:
    return (0.0,)


def _dx_step(x: float, out: float) -> float:
    return 0.0


def _where(c: float, x: float, y: float) -> float:
    return x if c > 0.0 else y


def _d_where(c: float, x: float, y: float, out: float) -> tuple[float | None, ...]:
    return (0.0, 1.0 if c > 0.0 else 0.0, 0.0 if c > 0.0 else 1.0)


def _dc_where(c: float, x: float, y: float, out: float) -> float:
    return 0.0


def _dx_where(c: float, x: float, y: float, out: float) -> float:
    return 1.0 if c > 0.0 else 0.0


def _dy_where(c: float, x: float, y: float, out: float) -> float:
    return 0.0 if c > 0.0 else 1.0


def _sum(xs: Sequence[float]) -> float:
    return _fsum([x for x in xs])


def _d_sum(xs: Sequence[float], out: float) -> tuple[float | None, ...]:
    return tuple([1.0 for x in xs])


def _dot(xs: Sequence[float], ys: Sequence[float]) -> float:
    return _fsum([x * y for x, y in zip(xs, ys)])


def _d_dot(xs: Sequence[float], ys: Sequence[float], out: float) -> tuple[float | None, ...]:
    return tuple([y for x, y in zip(xs, ys)]) + tuple([x for x, y in zip(xs, ys)])


_VALUES: dict[str, Callable[..., float]] = {
    "add": _add,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "pow": _pow,
    "exp": _exp,
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "log2": _log2,
    "log10": _log10,
    "logaddexp": _logaddexp,
    "cbrt": _cbrt,
    "sqrt": _sqrt,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "atan2": _atan2,
    "hypot": _hypot,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "softplus": _softplus,
    "silu": _silu,
    "gelu": _gelu,
    "erf": _erf,
    "erfc": _erfc,
    "abs": _abs,
    "min": _min,
    "max": _max,
    "step": _step,
    "where": _where,
    "sum": _sum,
    "dot": _dot,
}

_PARTIALS: dict[str, Callable[..., tuple[float | None, ...]]] = {
    "add": _d_add,
    "sub": _d_sub,
    "mul": _d_mul,
    "div": _d_div,
    "neg": _d_neg,
    "pow": _d_pow,
    "exp": _d_exp,
    "expm1": _d_expm1,
    "log": _d_log,
    "log1p": _d_log1p,
    "log2": _d_log2,
    "log10": _d_log10,
    "logaddexp": _d_logaddexp,
    "cbrt": _d_cbrt,
    "sqrt": _d_sqrt,
    "sin": _d_sin,
    "cos": _d_cos,
    "tan": _d_tan,
    "asin": _d_asin,
    "acos": _d_acos,
    "atan": _d_atan,
    "atan2": _d_atan2,
    "hypot": _d_hypot,
    "sinh": _d_sinh,
    "cosh": _d_cosh,
    "tanh": _d_tanh,
    "asinh": _d_asinh,
    "acosh": _d_acosh,
    "atanh": _d_atanh,
    "sigmoid": _d_sigmoid,
    "relu": _d_relu,
    "leaky_relu": _d_leaky_relu,
    "elu": _d_elu,
    "softplus": _d_softplus,
    "silu": _d_silu,
    "gelu": _d_gelu,
    "erf": _d_erf,
    "erfc": _d_erfc,
    "abs": _d_abs,
    "min": _d_min,
    "max": _d_max,
    "step": _d_step,
    "where": _d_where,
    "sum": _d_sum,
    "dot": _d_dot,
}

_PARTIAL: dict[str, tuple[Callable[..., float | None], ...]] = {
    "add": (_dx_add, _dy_add),
    "sub": (_dx_sub, _dy_sub),
    "mul": (_dx_mul, _dy_mul),
    "div": (_dx_div, _dy_div),
    "neg": (_dx_neg,),
    "pow": (_dx_pow, _dy_pow),
    "exp": (_dx_exp,),
    "expm1": (_dx_expm1,),
    "log": (_dx_log,),
    "log1p": (_dx_log1p,),
    "log2": (_dx_log2,),
    "log10": (_dx_log10,),
    "logaddexp": (_dx_logaddexp, _dy_logaddexp),
    "cbrt": (_dx_cbrt,),
    "sqrt": (_dx_sqrt,),
    "sin": (_dx_sin,),
    "cos": (_dx_cos,),
    "tan": (_dx_tan,),
    "asin": (_dx_asin,),
    "acos": (_dx_acos,),
    "atan": (_dx_atan,),
    "atan2": (_dy_atan2, _dx_atan2),
    "hypot": (_dx_hypot, _dy_hypot),
    "sinh": (_dx_sinh,),
    "cosh": (_dx_cosh,),
    "tanh": (_dx_tanh,),
    "asinh": (_dx_asinh,),
    "acosh": (_dx_acosh,),
    "atanh": (_dx_atanh,),
    "sigmoid": (_dx_sigmoid,),
    "relu": (_dx_relu,),
    "leaky_relu": (_dx_leaky_relu, _dnegative_slope_leaky_relu),
    "elu": (_dx_elu, _dalpha_elu),
    "softplus": (_dx_softplus,),
    "silu": (_dx_silu,),
    "gelu": (_dx_gelu,),
    "erf": (_dx_erf,),
    "erfc": (_dx_erfc,),
    "abs": (_dx_abs,),
    "min": (_dx_min, _dy_min),
    "max": (_dx_max, _dy_max),
    "step": (_dx_step,),
    "where": (_dc_where, _dx_where, _dy_where),
}


FAULTS = (ValueError, OverflowError, ZeroDivisionError)  # what float arithmetic raises


def value(name: str) -> Callable[..., float]:
    """Return the function for the value of an operation: value("tanh")(0.5)."""
    return _VALUES[name]


def partials(name: str) -> Callable[..., tuple[float | None, ...]]:
    """Return the function for the partial derivatives of an operation: partials("mul")(x, y, x * y)."""
    return _PARTIALS[name]


def partial(name: str, k: int) -> Callable[..., float | None]:
    """Return the function for one partial derivative, by argument number k, from 0, of an operation of fixed arity."""
    return _PARTIAL[name][k]
