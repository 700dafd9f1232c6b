"""What the formulas of `functions` are made of: each is one instruction of WebAssembly or a few, and here Python.

Besides these a formula uses + - * /, comparisons, `a if c else b`, abs, sqrt, min and max.
"""

from __future__ import annotations

import math
import struct

from microgrAD.compiler.write.wasm.tables import TWO_OVER_PI, tanh_table

INF, NAN = math.inf, math.nan
SHIFT = 1.5 * 2.0**52 + 1023  # k + SHIFT holds the exponent of 2 ** k in its lowest bits
TOP = -1 << 27  # the bits of a number but for its last 27
FRACTION = (1 << 52) - 1
ONE = 1023 << 52  # the bits of 1.0
ENTRY = 1023  # the bits of an entry's number
WHOLE = 1.5 * 2.0**52  # k + WHOLE holds k in its lowest bits


def nearest(x: float) -> float:
    """The whole number that is nearest to x, an even one of two."""
    return float(round(x)) if math.isfinite(x) else x


def floor(x: float) -> float:
    """The greatest whole number up to x."""
    return float(math.floor(x)) if math.isfinite(x) else x


def copysign(x: float, y: float) -> float:
    """|x| with the sign of y."""
    return math.copysign(x, y)


def pow2(k: float) -> float:
    """2 ** k for a whole k from -1022 to 1023."""
    return _number(_bits(k + SHIFT) << 52)


def top(x: float) -> float:
    """x without the last 27 bits of its fraction: products of two such numbers are exact."""
    return _number(_bits(x) & TOP)


def exponent(x: float) -> float:
    """e of x = m · 2 ** e, for a normal x > 0 and m from 1 to below 2."""
    return float((_bits(x) >> 52) - 1023)


def mantissa(x: float) -> float:
    """m of the same."""
    return _number(_bits(x) & FRACTION | ONE)


def piece(k: float) -> float:
    """Number k of TWO_OVER_PI; the first or the last for any other k."""
    return float(TWO_OVER_PI[int(max(0.0, min(k, len(TWO_OVER_PI) - 1.0)))])


def tanh_at(k: float) -> tuple[float, float]:
    """tanh(j / 32) in two parts, for k = WHOLE + j."""
    return tanh_table()[_bits(k) & ENTRY]


def _bits(x: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", x))[0])


def _number(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<Q", bits & (1 << 64) - 1))[0])
