"""The tables that functions look numbers up in, each made when it is first needed, and where they stand in memory.

TWO_OVER_PI    2/π in pieces of 24 bits
tanh_table     tanh at 0, 1/32, 2/32, ..., in two parts
"""

from __future__ import annotations

import struct
from functools import cache

# for 1e300 radians too; six pieces of 0 stand before it, so that none is missing there
TWO_OVER_PI = (
    *[0] * 6,
    *[10680707, 7228996, 1387004, 2578385, 16069853, 12639074, 9804092, 4427841, 16666979, 11263675, 12935607],
    *[2387514, 4345298, 14681673, 3074569, 13734428, 16653803, 1880361, 10960616, 8533493, 3062596, 8710556],
    *[7349940, 6258241, 3772886, 3769171, 3798172, 8675211, 12450088, 3874808, 9961438, 366607, 15675153],
    *[9132554, 7151469, 3571407, 2607881, 12013382, 4155038, 6285869, 7677882, 13102053, 15825725, 473591],
    *[9065106, 15363067, 6271263, 9264392, 5636912, 4652155, 7056368, 13614112, 10155062, 1944035],
)
PIECES, TANH = 0, 512  # addresses
_STEPS, _LAST = 32, 20  # entries for each 1, and where tanh is 1 to the last place
END = TANH + 16 * (_STEPS * _LAST + 1)
assert 8 * len(TWO_OVER_PI) <= TANH

_BITS = 160  # behind the point of a whole number that stands for a fraction


@cache
def tanh_table() -> list[tuple[float, float]]:
    """tanh(k / 32) for k up to 640, as a float and what is left: (exp(2x) - 1) / (exp(2x) + 1) in whole numbers."""
    one = 1 << _BITS
    term, factor, n = one, 0, 0  # exp(2 / 32) by its series
    while term:
        factor += term
        n += 1
        term = term * 2 // (_STEPS * n)
    found, power = [], one
    for _ in range(_STEPS * _LAST + 1):
        exact = ((power - one) << _BITS) // (power + one)
        high = exact / one
        over, under = high.as_integer_ratio()
        found.append((high, (exact - over * (one // under)) / one))
        power = power * factor >> _BITS
    return found


@cache
def tables(tanh: bool) -> list[tuple[int, bytes]]:
    """What stands in a module's memory from the start, with addresses. `tanh`: whether a function needs its table."""
    found = [(PIECES, struct.pack(f"<{len(TWO_OVER_PI)}d", *TWO_OVER_PI))]
    if tanh:
        numbers = [number for entry in tanh_table() for number in entry]
        found.append((TANH, struct.pack(f"<{len(numbers)}d", *numbers)))
    return found
