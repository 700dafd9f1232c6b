"""What the formulas of machine code are made of: pieces of 2/π, and numbers taken apart, beside exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microgrAD.compiler.write.wasm import functions, primitives
from microgrAD.compiler.write.wasm.primitives import TWO_OVER_PI, exponent, floor, mantissa, nearest, piece, pow2, top

NORMAL = st.floats(2.0**-1022, 1.7e308)


def test_the_pieces_are_those_of_two_over_pi() -> None:
    count = len(TWO_OVER_PI) - 6
    with mpmath.workprec(24 * count + 100):
        bits = int(mpmath.floor(2 / mpmath.pi * mpmath.mpf(2) ** (24 * count)))
    assert (*[0] * 6, *[bits >> 24 * (count - k) & 0xFFFFFF for k in range(1, count + 1)]) == TWO_OVER_PI
    assert [piece(k) for k in (-3.0, 0.0, 6.0, 7.0, 1e9)] == [0.0, 0.0, *TWO_OVER_PI[6:8], TWO_OVER_PI[-1]]


@given(NORMAL)
def test_a_number_is_taken_apart(x: float) -> None:
    m, e = math.frexp(x)  # m from 0.5 to below 1
    assert (mantissa(x), exponent(x)) == (2 * m, e - 1)


@given(st.floats(1e-290, 1e290), st.sampled_from([1.0, -1.0]))
def test_the_top_has_all_but_the_last_27_bits(x: float, sign: float) -> None:
    unit = Fraction(2) ** (math.frexp(x)[1] - 1 - 52 + 27)
    assert Fraction(top(sign * x)) == int(sign) * (Fraction(x) // unit) * unit


@pytest.mark.parametrize("k", [-1022.0, -1.0, 0.0, 1.0, 52.0, 1023.0])
def test_powers_of_two(k: float) -> None:
    assert pow2(k) == math.ldexp(1.0, int(k))


def test_whole_numbers() -> None:
    assert [nearest(x) for x in (0.5, 1.5, -2.5, 2.6, math.inf)] == [0.0, 2.0, -2.0, 3.0, math.inf]
    assert [floor(x) for x in (0.5, -0.5, 3.0, -math.inf)] == [0.0, -1.0, 3.0, -math.inf]


LOGS = {
    "INV_LN2": lambda: 1 / mpmath.log(2),
    "INV_LN10": lambda: 1 / mpmath.log(10),
    "LN2": lambda: mpmath.log(2),
    "PI_2": lambda: mpmath.pi / 2,
}


@pytest.mark.parametrize("name", LOGS)
def test_constants_in_two_parts(name: str) -> None:
    with mpmath.workprec(200):
        whole, low = getattr(functions, name), getattr(functions, f"{name}_LOW")
        assert abs(mpmath.mpf(whole) + low - LOGS[name]()) < 2.0**-53 * abs(low) * 1.01


def test_constants_in_more_parts() -> None:
    with mpmath.workprec(300):
        parts = [functions.PI_2A, functions.PI_2B, functions.PI_2C, functions.PI_2D]
        assert abs(mpmath.fsum(parts) - mpmath.pi / 2) < 2.0**-53 * parts[-1]
        assert float(2 / mpmath.pi) == functions.TWO_PI
    assert primitives.SHIFT == 3 * 2**51 + 1023


HALVES = (21390802.0, 26810153.0, 32229504.0)  # those below 4e7


def test_what_is_left_of_a_large_angle_is_at_most_an_eighth_of_a_turn() -> None:
    """A whole number of quarter turns, and a half and up to 2⁻²⁴ more: it is nearest to the next."""
    for x in HALVES:
        with mpmath.workprec(300):
            turns = x * 2 / mpmath.pi
            assert 0.5 <= turns - mpmath.floor(turns) < 0.5 + 2.0**-24
        assert abs(functions._far(x)[1]) <= math.pi / 4
