"""The functions that WebAssembly lacks, as formulas of a few primitives: Python that runs, and is read by `library`.

Every error bound is the largest that was found against mpmath, in units of the last place (ulp), over the whole
range; the tests hold each function to its own. Polynomials are interpolations at Chebyshev
points, found at 80 digits. The ways are those of Cody & Waite 1980 (reduction in two parts), Tang 1989 (exp), Dekker
1971 (products and sums in two parts), Payne & Hanek 1983 (large angles), Gal 1986 (a table and a small rest).

k        the whole number of halvings, or of quarter turns
r, c     what is left of the argument, and what rounding took from r
z        a square
"""

from __future__ import annotations

from math import sqrt

from microgrAD.compiler.write.wasm.primitives import (
    INF,
    NAN,
    WHOLE,
    copysign,
    exponent,
    floor,
    mantissa,
    nearest,
    piece,
    pow2,
    tanh_at,
    top,
)

INV_LN2, INV_LN2_LOW = 1.4426950408889634, 2.0355273740931033e-17  # their sum is 1 / ln 2
INV_LN10, INV_LN10_LOW = 0.4342944819032518, 1.098319650216765e-17
LN2, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is ln 2; k times the first is exact
PI_2, PI_2_LOW = 1.5707963267948966, 6.123233995736766e-17
PI_2A, PI_2B, PI_2C, PI_2D = 1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32
TWO_PI = 0.6366197723675814  # 2 / π


def _poly(x: float, *coefficients: float) -> float:
    """Horner's rule; the coefficient of 1 is first."""
    total = 0.0
    for coefficient in coefficients[::-1]:
        total = total * x + coefficient
    return total


def _quick(x: float, *coefficients: float) -> float:
    """The same in pairs, pairs of pairs, ...: Estrin's rule, in which less has to wait for what is before it."""
    terms, power = list(coefficients), x
    while len(terms) > 1:
        pairs = [a + b * power for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms, power = pairs + terms[len(pairs) * 2 :], power * power
    return terms[0]


# ---------------------------------------------------------------------------------------------- exponentials


def _halved(x: float, low: float) -> tuple[float, float, float]:
    """k, r, q with exp(x + low) = 2 ** k · (1 + (r + q)), for |x| up to 1e5."""
    k = nearest(x * INV_LN2)
    whole = x - k * LN2
    part = k * LN2_LOW - low
    r = whole - part
    c = (whole - r) - part
    q = c + r * r * _quick(
        r, 0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326136, 0.0013888888888883748,
        0.00019841269874820627, 2.4801587325547743e-05, 2.7557255400206422e-06, 2.75572736431103e-07,
        2.5105217004720745e-08, 2.0914686968086876e-09,
    )  # fmt: skip
    return k, r, q


def _scaled(x: float, k: float) -> float:
    """x · 2 ** k, in two steps: 2 ** k may be more, or less, than a float holds."""
    half = floor(k * 0.5)
    return x * pow2(half) * pow2(k - half)


def exp(x: float) -> float:
    """0.9 ulp."""
    k, r, q = _halved(max(min(x, 710.0), -746.0), 0.0)
    return _scaled(1.0 + (r + q), k)


def _less_one(x: float) -> tuple[float, float, float]:
    """s, e, f with exp(x) - 1 = (s + e) · f; x from -60 to 710."""
    k, r, q = _halved(x, 0.0)
    held = min(k, 1023.0)
    p = pow2(held)
    a, b = p - 1.0, p * r
    s = a + b
    return s, (b - (s - a)) + p * q, pow2(k - held)


def expm1(x: float) -> float:
    """0.7 ulp."""
    s, e, f = _less_one(max(min(x, 710.0), -60.0))
    return copysign((s + e) * f, x)


def tanh(x: float) -> float:
    """0.7 ulp: by the sum of a number k / 32, whose tanh is in a table in two parts, and a small rest."""
    y = min(abs(x), 20.0)
    far = y if y >= 0.125 else 0.0
    k = far * 32.0 + WHOLE
    high, low = tanh_at(k)
    r = y - (k - WHOLE) * 0.03125
    z = r * r
    t = r + r * z * _quick(
        z, -0.3333333333333333, 0.13333333333328656, -0.05396825393331211, 0.021869478985713266,
        -0.008862054609770608, 0.003524688390405784,
    )  # fmt: skip
    return copysign(high + (low + (1.0 - high * high) * t / (1.0 + high * t)), x)


def _half_exp(y: float) -> tuple[float, float, float, float]:
    """s, e, p, f with exp(y) / 2 = (s + e) · f, for y from 0 to 711."""
    k, r, q = _halved(min(y, 711.0), 0.0)
    held = min(k - 1.0, 1022.0)
    p = pow2(held)
    s = p + p * r
    return s, p * r - (s - p), p * q, pow2(k - 1.0 - held)


def sinh(x: float) -> float:
    """0.9 ulp."""
    y = abs(x)
    z = min(y, 1.0) * min(y, 1.0)
    near = y + y * z * _poly(
        z, 0.16666666666666666, 0.008333333333333333, 0.0001984126984126984, 2.7557319223985825e-06,
        2.505210838547607e-08, 1.605904382690051e-10, 7.647165414593481e-13, 2.8112909646770106e-15,
        8.309171941866942e-18,
    )  # fmt: skip
    s, e, q, f = _half_exp(y)
    far = (s + (e + (q - 0.25 / (s + q)))) * f
    return copysign(near if y < 1.0 else far, x)


def cosh(x: float) -> float:
    """0.9 ulp."""
    s, e, q, f = _half_exp(abs(x))
    z = min(abs(x), 1.0) * min(abs(x), 1.0)
    near = 1.0 + z * _poly(
        z, 0.5, 0.041666666666666664, 0.001388888888888889, 2.4801587301587163e-05, 2.7557319224058087e-07,
        2.087675696701749e-09, 1.1470749134156202e-11, 4.7791278946285004e-14, 1.5805226028003757e-16,
    )  # fmt: skip
    return near if abs(x) < 0.6 else (s + (e + (q + 0.25 / (s + q)))) * f


# ---------------------------------------------------------------------------------------------- logarithms


def _normal(x: float) -> tuple[float, float]:
    """k and m, from √½ to √2, with x = m · 2 ** k, for x > 0."""
    small = x < 2.2250738585072014e-308
    y = x * 18014398509481984.0 if small else x
    m = mantissa(y)
    large = m > 1.4142135623730951
    k = exponent(y) - (54.0 if small else 0.0)
    return (k + 1.0 if large else k), (m * 0.5 if large else m)


def _log(k: float, f: float, c: float) -> float:
    """k ln 2 + log(1 + f) + c."""
    s = f / (2.0 + f)
    z = s * s
    rest = z * _poly(
        z, 0.6666666666666666, 0.4000000000000088, 0.28571428570801954, 0.22222222392089008, 0.18181795600060793,
        0.15386241881938595, 0.13268714792348096, 0.1308723619665962,
    )  # fmt: skip
    half = 0.5 * f * f
    return k * LN2 - ((half - (s * (half + rest) + (k * LN2_LOW + c))) - f)


def log(x: float) -> float:
    """0.9 ulp."""
    k, m = _normal(x)
    found = _log(k, m - 1.0, 0.0)
    return (INF if x == INF else found) if x > 0.0 else -INF if x == 0.0 else NAN


def log1p(x: float) -> float:
    """0.9 ulp."""
    near = (x > -0.2928) & (x < 0.4142)
    u = 1.0 + x
    k, m = _normal(u)
    c = (1.0 - (u - x) if x > 1.0 else x - (u - 1.0)) / u
    found = _log(0.0 if near else k, x if near else m - 1.0, 0.0 if near else c)
    return (INF if x == INF else x if x == 0.0 else found) if x > -1.0 else -INF if x == -1.0 else NAN


def _parts(a: float, b: float) -> tuple[float, float]:
    """a + b as a number and what rounding took from it."""
    s = a + b
    part = s - a
    return s, (a - (s - part)) + (b - part)


def _log_in_parts(x: float) -> tuple[float, float]:
    """log(x) for x > 0 as a sum of two numbers, to some 65 bits."""
    k, m = _normal(x)
    f, d = m - 1.0, m + 1.0
    d_low, d_top = m - (d - 1.0), top(d)
    s = top(f / d)
    s_low = (((f - s * d_top) - s * (d - d_top)) - s * d_low) / d
    z, z_low = s * s, s_low * (2.0 * s + s_low)
    z_top = top(z)
    whole = z + z_low
    more = whole * whole * _poly(
        whole, 0.4, 0.2857142857142937, 0.22222222221654733, 0.1818181833565416, 0.15384594934597917,
        0.13334806212100603, 0.11706195689881364, 0.11723603622905411,
    )  # fmt: skip
    # two thirds of z in parts: 2/3 = 0.6666666567325592 + 9.934107462565104e-09
    w = z_top * 0.6666666567325592
    w_low = (z - z_top) * 0.6666666567325592 + (z * 9.934107462565104e-09 + (z_low * 0.6666666666666666 + more))
    w_sum = w + w_low
    w_top = top(w_sum)
    w_rest = (w - w_top) + w_low
    a, a_low = _parts(k * LN2, 2.0 * s)
    b, b_low = _parts(a, s * w_top)
    return b, a_low + (b_low + ((2.0 * s_low + (s * w_rest + s_low * w_sum)) + k * LN2_LOW))


def _product(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    """(a + a_low) · (b + b_low) in two parts."""
    product, a_top, b_top = a * b, top(a), top(b)
    error = ((a_top * b_top - product) + a_top * (b - b_top) + (a - a_top) * b_top) + (a - a_top) * (b - b_top)
    return product, error + (a * b_low + a_low * b)


def log2(x: float) -> float:
    """0.5 ulp; whole for a power of 2."""
    k, m = _normal(x)
    high, rest = _log_in_parts(m)
    product, error = _product(high, rest, INV_LN2, INV_LN2_LOW)
    s, low = _parts(k, product)
    return (INF if x == INF else s + (low + error)) if x > 0.0 else -INF if x == 0.0 else NAN


def log10(x: float) -> float:
    """0.5 ulp; whole for a power of 10 that a float holds."""
    high, rest = _log_in_parts(x)
    product, error = _product(high, rest, INV_LN10, INV_LN10_LOW)
    return (INF if x == INF else product + error) if x > 0.0 else -INF if x == 0.0 else NAN


def cbrt(x: float) -> float:
    """0.7 ulp: one step of Halley's method from a third of the logarithm."""
    size = abs(x)
    small = size < 2.2250738585072014e-308
    y = size * 18014398509481984.0 if small else size
    t = top(exp(log(y) * 0.3333333333333333))
    r = y / (t * t)
    found = t + t * ((r - t) / (t + t + r))
    return x if (x == 0.0) | (size == INF) else copysign(found * 3.814697265625e-06 if small else found, x)


def asinh(x: float) -> float:
    """1.4 ulp."""
    y = abs(x)
    held = min(y, 268435456.0)
    root = sqrt(held * held + 1.0)
    near = log1p(held + held * held / (root + 1.0))
    above = log(2.0 * held + 1.0 / (root + held))
    far = log(y) + (LN2 + LN2_LOW)
    return copysign(far if y > 268435456.0 else above if y > 2.0 else near, x)


def acosh(x: float) -> float:
    """1.5 ulp."""
    held = min(x, 268435456.0)
    t = held - 1.0
    near = log1p(t + sqrt(2.0 * t + t * t))
    above = log(2.0 * held - 1.0 / (held + sqrt(held * held - 1.0)))
    return (log(x) + (LN2 + LN2_LOW) if x > 268435456.0 else above if x > 2.0 else near) if x >= 1.0 else NAN


def atanh(x: float) -> float:
    """1.5 ulp."""
    y = abs(x)
    t = 2.0 * y
    rest = t + t * y / (1.0 - y) if y < 0.5 else t / (1.0 - y)
    return copysign(0.5 * log1p(rest), x)  # beyond 1 the rest is below -1


def hypot(x: float, y: float) -> float:
    """0.5 ulp: the squares, and the square of the root, in two parts."""
    a, b = max(abs(x), abs(y)), min(abs(x), abs(y))
    up = a > 3.273390607896142e150  # the scales are powers of 2
    by = 2.409919865102884e-181 if up else 4.149515568880993e180 if a < 3.054936363499605e-151 else 1.0
    back = 4.149515568880993e180 if up else 2.409919865102884e-181 if by > 1.0 else 1.0
    a_whole, b_whole = a * by, b * by
    aa, aa_low = _product(a_whole, 0.0, a_whole, 0.0)
    bb, bb_low = _product(b_whole, 0.0, b_whole, 0.0)
    s, low = _parts(aa, bb)
    root = sqrt(s)
    again, again_low = _product(root, 0.0, root, 0.0)
    found = (root + (((s - again) - again_low) + (low + (aa_low + bb_low))) / max(root + root, 1e-300)) * back
    found = found if (x == x) & (y == y) else x + y
    return INF if (abs(x) == INF) | (abs(y) == INF) else found


def pow(x: float, y: float) -> float:
    """1 ulp: exp(y log(x)), the logarithm and the product in two parts."""
    size = abs(x)
    high, rest = _log_in_parts(size)
    log_x = high + rest
    low = (high - log_x) + rest
    y_top, log_top = top(y), top(log_x)
    y_low, log_low = y - y_top, log_x - log_top
    product = y * log_x
    error = ((y_top * log_top - product) + y_top * log_low + y_low * log_top) + y_low * log_low + y * low
    usual = abs(product) < 1000.0
    k, r, q = _halved(max(min(product, 710.0), -746.0), error if usual else 0.0)
    found = _scaled(1.0 + (r + q), k)
    edge = INF if (y > 0.0) == (size > 1.0) else 0.0  # 0, or an infinite base or exponent
    found = edge if (size == 0.0) | (size == INF) | (abs(y) == INF) else found
    found = 1.0 if (size == 1.0) | (y == 0.0) else found
    whole, odd = floor(y) == y, floor(y * 0.5) != y * 0.5
    negative = copysign(1.0, x) < 0.0
    found = -found if negative & whole & odd else found
    found = NAN if (x < 0.0) & (size != INF) & (floor(y) != y) else found
    return 1.0 if (x == 1.0) | (y == 0.0) else x + y if (x != x) | (y != y) else found


# ---------------------------------------------------------------------------------------------- trigonometry


def _near(x: float) -> tuple[float, float, float]:
    """k, r, c with x = k π/2 + r + c and |r| up to π/4, for |x| up to 2 ** 20."""
    k = nearest(x * TWO_PI)
    a, a_low = _parts(x - k * PI_2A, -k * PI_2B)
    b, b_low = _parts(a, -k * PI_2C)
    low = a_low + (b_low - k * PI_2D)
    r = b + low
    return k, r, (b - r) + low


def _far(x: float) -> tuple[float, float, float]:
    """The same for any x above, by as many pieces of 2/π as matter: Payne & Hanek 1983."""
    size = abs(x)
    e = exponent(size) - 52.0
    q = floor(e * (1.0 / 24.0))
    # size = m · 2 ** (24 q), and m as four numbers of 24 bits
    m = mantissa(size) * pow2(e - 24.0 * q + 4.0)
    m0 = floor(m)
    m1 = floor((m - m0) * 16777216.0)
    m2 = ((m - m0) * 16777216.0 - m1) * 16777216.0
    j = q + 7.0
    d0 = _digit(m0, m1, m2, j)
    d1 = _digit(m0, m1, m2, j + 1.0)
    d2 = _digit(m0, m1, m2, j + 2.0)
    d3 = _digit(m0, m1, m2, j + 3.0)
    d4 = _digit(m0, m1, m2, j + 4.0)
    d5 = _digit(m0, m1, m2, j + 5.0)
    d6 = _digit(m0, m1, m2, j + 6.0)
    d7 = _digit(m0, m1, m2, j + 7.0)
    # carries, from the last digit on
    d6 = d6 + floor(d7 * 5.960464477539063e-08)
    d5, d6 = d5 + floor(d6 * 5.960464477539063e-08), d6 - 16777216.0 * floor(d6 * 5.960464477539063e-08)
    d4, d5 = d4 + floor(d5 * 5.960464477539063e-08), d5 - 16777216.0 * floor(d5 * 5.960464477539063e-08)
    d3, d4 = d3 + floor(d4 * 5.960464477539063e-08), d4 - 16777216.0 * floor(d4 * 5.960464477539063e-08)
    d2, d3 = d2 + floor(d3 * 5.960464477539063e-08), d3 - 16777216.0 * floor(d3 * 5.960464477539063e-08)
    d1, d2 = d1 + floor(d2 * 5.960464477539063e-08), d2 - 16777216.0 * floor(d2 * 5.960464477539063e-08)
    d0, d1 = d0 + floor(d1 * 5.960464477539063e-08), d1 - 16777216.0 * floor(d1 * 5.960464477539063e-08)
    up = d1 >= 8388608.0
    k = (d0 + 1.0 if up else d0) - 4.0 * floor((d0 + 1.0 if up else d0) * 0.25)
    d1 = d1 - 16777216.0 if up else d1
    # next to a whole number, what is above cancels nearly all that is below
    high = d1 * 5.960464477539063e-08 + d2 * 3.552713678800501e-15
    some, rest = _parts(high, d3 * 2.117582368135751e-22)
    turn, left = _parts(some, d4 * 1.262177448353619e-29 + (d5 + d6 * 5.960464477539063e-08) * 7.52316384526264e-37)
    left = left + rest
    turn_top, pi_top = top(turn), top(PI_2)
    r = turn * PI_2
    error = (
        ((turn_top * pi_top - r) + turn_top * (PI_2 - pi_top) + (turn - turn_top) * pi_top)
        + (turn - turn_top) * (PI_2 - pi_top)
        + (turn * PI_2_LOW + left * PI_2)
    )
    sign = copysign(1.0, x)
    return k * sign, (r + error) * sign, ((r - (r + error)) + error) * sign


def _digit(m0: float, m1: float, m2: float, j: float) -> float:
    return m0 * piece(j) + m1 * piece(j - 1.0) + m2 * piece(j - 2.0)


def _turned(x: float) -> tuple[float, float, float]:
    """k from 0 to 3, r and c of any finite x."""
    k, r, c = _far(x) if abs(x) > 1048576.0 else _near(x)
    return k - 4.0 * floor(k * 0.25), r, c


def _sin(r: float, c: float) -> float:
    z = r * r
    rest = _poly(
        z, 0.008333333333333331, -0.0001984126984126506, 2.7557319219335453e-06, -2.5052106231157904e-08,
        1.605853141458901e-10, -7.586685070091267e-13,
    )  # fmt: skip
    cube = z * r
    return r - ((z * (0.5 * c - cube * rest) - c) + cube * 0.16666666666666666)


def _cos(r: float, c: float) -> float:
    z = r * r
    rest = z * z * _poly(
        z, 0.041666666666666664, -0.0013888888888888887, 2.4801587301584645e-05, -2.755731922140076e-07,
        2.0876755790363397e-09, -1.1470460773969325e-11, 4.7458652037874553e-14,
    )  # fmt: skip
    half = 0.5 * z
    one = 1.0 - half
    return one + (((1.0 - one) - half) + (rest - r * c))


def sin(x: float) -> float:
    """0.8 ulp."""
    k, r, c = _turned(x)
    found = _cos(r, c) if (k == 1.0) | (k == 3.0) else _sin(r, c)
    return x if x == 0.0 else NAN if abs(x) == INF else -found if k > 1.0 else found


def cos(x: float) -> float:
    """0.8 ulp."""
    k, r, c = _turned(x)
    found = _sin(r, c) if (k == 1.0) | (k == 3.0) else _cos(r, c)
    return NAN if abs(x) == INF else -found if (k == 1.0) | (k == 2.0) else found


def tan(x: float) -> float:
    """1.5 ulp."""
    k, r, c = _turned(x)
    z = r * r
    rest = z * _poly(
        z, 0.3333333333333333, 0.13333333333333, 0.05396825396865669, 0.021869488517019683, 0.0088632360047476,
        0.0035921209631917536, 0.001455902893419782, 0.0005895746779049437, 0.00024123023201540384,
        8.99738173317227e-05, 5.5611243893475796e-05, -1.1046558640843717e-05, 3.654645976053761e-05,
        -1.833169905712586e-05, 8.487285594671859e-06,
    )  # fmt: skip
    part = r * rest + c * (1.0 + z * (1.0 + z))
    found = r + part
    turned = -1.0 / found
    return x if x == 0.0 else NAN if abs(x) == INF else turned if (k == 1.0) | (k == 3.0) else found


def _asin_rest(z: float) -> float:
    return z * _poly(
        z, 0.16666666666666666, 0.07500000000000118, 0.044642857142551895, 0.03038194447553234,
        0.02237215744350722, 0.017352816540325496, 0.01396378001220357, 0.011566459612121669,
        0.009621842970100282, 0.009319560794767446, 0.0030448799094556773, 0.019554513336123378,
        -0.01924167174674304, 0.02961201126495512,
    )  # fmt: skip


def _asin_parts(z: float) -> tuple[float, float, float, float]:
    """(asin(√z) - √z) / √z, √z, and √z as a sum of two numbers."""
    root = sqrt(z)
    s = top(root)
    return _asin_rest(z), root, s, (z - s * s) / max(root + s, 1e-300)


def asin(x: float) -> float:
    """0.8 ulp."""
    y = abs(x)
    far = y >= 0.5
    rest, root, s, low = _asin_parts((1.0 - y) * 0.5 if far else y * y)
    turned = 0.7853981633974483 - ((2.0 * root * rest - (PI_2_LOW - 2.0 * low)) - (0.7853981633974483 - 2.0 * s))
    return copysign(turned if far else y + y * rest, x) if y <= 1.0 else NAN


def acos(x: float) -> float:
    """0.9 ulp."""
    y = abs(x)
    far = y >= 0.5
    rest, root, s, low = _asin_parts((1.0 - y) * 0.5 if far else y * y)
    near = PI_2 - (x - (PI_2_LOW - x * rest))
    above = 2.0 * (s + (root * rest + low))
    below = 2.0 * (PI_2 - (root + (root * rest - PI_2_LOW)))
    return ((above if x > 0.0 else below) if far else near) if y <= 1.0 else NAN


def atan(x: float) -> float:
    """0.9 ulp: the tangent of a difference, with atan(0.5), atan(1), atan(1.5) or π/2 taken off."""
    y = abs(x)
    a, b, c, d = y >= 0.4375, y >= 0.6875, y >= 1.1875, y >= 2.4375
    over = -1.0 if d else y - 1.5 if c else y - 1.0 if b else 2.0 * y - 1.0 if a else y
    under = y if d else 1.0 + 1.5 * y if c else 1.0 + y if b else 2.0 + y if a else 1.0
    high = PI_2 if d else 0.982793723247329 if c else 0.7853981633974483 if b else 0.4636476090008061 if a else 0.0
    low = (
        PI_2_LOW if d else 1.3903311031230998e-17 if c else 3.061616997868383e-17 if b
        else 2.2698777452961687e-17 if a else 0.0
    )  # fmt: skip
    t = over / under
    z = t * t
    rest = t * z * _poly(
        z, -0.3333333333333333, 0.19999999999999407, -0.1428571428556615, 0.11111111096587765,
        -0.09090908353049669, 0.0769228548876496, -0.06666240859375808, 0.0587693549653035, -0.05216607416783708,
        0.044919637149159995, -0.033121323310643644, 0.01476642155379467,
    )  # fmt: skip
    return copysign(high + ((rest + low) + t) if a else t + rest, x)


def atan2(y: float, x: float) -> float:
    """1.3 ulp."""
    over, under = abs(y), abs(x)
    q = 1.0 if (over == INF) & (under == INF) else 0.0 if over == 0.0 else over / under
    angle = atan(q)
    found = angle if copysign(1.0, x) > 0.0 else 2.0 * PI_2 - (angle - 2.0 * PI_2_LOW)
    return x + y if (x != x) | (y != y) else copysign(found, y)


# ---------------------------------------------------------------------------------------------- the error function


def _erf_rest(z: float) -> float:
    return _poly(
        z, 0.1283791670955126, -0.37612638903183754, 0.1128379167095512, -0.02686617064512984,
        0.0052239776254232985, -0.000854832702193483, 0.00012055332902888736, -1.4925647567519332e-05,
        1.6462045441468418e-06, -1.6364642158167616e-07, 1.4792401209404813e-08, -1.216456005728345e-09,
        8.709045129053106e-11, -4.230945824295338e-12,
    )  # fmt: skip


def _tail(y: float) -> float:
    """erfc(y) for y of 0.625 or more: exp(-y²) times one of three polynomials."""
    x = min(y, 28.0)
    t = 1.0 / x
    middle = (x - 1.3125) * _poly(
        x - 1.3125, -0.19604010253922294, 0.0978741519149041, -0.04505351876727434,
        0.019370704266423, -0.007851787767031418, 0.0030217442742064265, -0.001110213830738171,
        0.00039114715340506887, -0.0001326295967617212, 4.3414176716705994e-05, -1.3754280534517978e-05,
        4.2268747354222405e-06, -1.2624990578689097e-06, 3.673349730926712e-07, -1.041567493585158e-07,
        2.8445996482477518e-08, -7.68821952863012e-09, 2.417734737263862e-09, -6.313281801937101e-10,
    )  # fmt: skip
    further = (t - 0.35) * _poly(
        t - 0.35, 0.4832642579705659, -0.1836613836711613, -0.039755774759712224,
        0.15024454187107614, -0.1343211776434119, 0.014374218149740067, 0.14582066770348692, -0.24990287461540442,
        0.19823248693583306, 0.061387447645664985, -0.47165411643456234, 0.8190358377589929, -0.7475279282215891,
        -0.11929829290224409, 1.938724404131294, -4.100906458753814, 4.0095168100517915,
    )  # fmt: skip
    part = t * t * _poly(
        t * t, -0.2820947917738721, 0.42314218765225087, -1.0578554643813989,
        3.702492752634896, -16.660980863003374, 91.60920419075981, -593.5149853241949, 4352.467618402735,
        -33542.73137991154, 237240.63685527167, -1252718.1963617918, 3438037.514087318,
    )  # fmt: skip
    # the last one times 1 / x, in parts
    last = 0.5641895835477563 + part
    part = (0.5641895835477563 - last) + part
    h, t_top, last_top = top(x), top(t), top(last)
    t_low, last_low, furthest = t - t_top, last - last_top, t * last
    missed = ((1.0 - h * t_top) - h * t_low) - (x - h) * t  # of t, as a part of it
    error = (missed * furthest + t * part) + (
        ((t_top * last_top - furthest) + t_top * last_low + t_low * last_top) + t_low * last_low
    )
    # the other two are one number and the rest of a polynomial, which is smaller
    one, rest = 0.3551767864976341 if x < 2.0 else 0.18710637671147068, middle if x < 2.0 else further
    far = x >= 5.0
    g = furthest if far else one + rest
    low = error if far else (one - g) + rest + (0.0 if x < 2.0 else 0.9 * missed * g)  # erfc goes as t there
    k, r, q = _halved(-h * h, -(x - h) * (x + h))
    return _scaled(g + (g * (r + q) + low), k)


def erf(x: float) -> float:
    """0.9 ulp."""
    y = abs(x)
    near = y + y * _erf_rest(min(y * y, 1.0))
    return copysign(near if y < 0.875 else 1.0 - _tail(max(y, 0.875)), x)


def erfc(x: float) -> float:
    """1.5 ulp."""
    y = abs(x)
    part = x * _erf_rest(min(y, 1.0) * min(y, 1.0))
    near = 1.0 - (x + part) if x < 0.25 else 0.5 - ((x - 0.5) + part)
    tail = _tail(max(y, 0.625))
    return near if (x < 0.625) & (x > -1.0) else (2.0 - tail if x < 0.0 else tail)
