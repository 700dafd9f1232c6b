"""What a Value promises: its numbers, its operands, its errors."""

from __future__ import annotations

import fractions
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgrAD
from microgrAD import DomainError, Value, topological

FINITE = st.floats(-1e100, 1e100)


def karpathy() -> tuple[Value, Value, Value]:
    """The expression of micrograd's README, which gives g = 24.7041, ∂g/∂a = 138.8338, ∂g/∂b = 645.5773."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return a, b, g


def test_karpathys_expression() -> None:
    a, b, g = karpathy()
    g.backward()
    published = (24.70408163265306, 138.8338192419825, 645.5772594752186)
    assert (g.data, a.grad, b.grad) == pytest.approx(published, rel=1e-15)


def test_the_lectures_expression_with_an_upstream_gradient() -> None:
    x, y, z = Value(1), Value(2), Value(2)
    q = x + y
    f = q * z
    f.backward(2)
    assert (f.data, q.grad, z.grad, x.grad, y.grad) == (6, 4, 6, 4, 4)


def test_cs231ns_sigmoid_neuron() -> None:
    w0, x0, w1, x1, w2 = map(Value, (2, -1, -3, -2, -3))
    f = (w0 * x0 + w1 * x1 + w2).sigmoid()
    f.backward()
    found = [round(v.grad, 2) for v in (w0, x0, w1, x1, w2)]
    assert round(f.data, 2) == 0.73
    assert found == [-0.20, 0.39, -0.39, -0.59, 0.20]  # the page rounds on its way; these are rounded at the end


# ---------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize("number", [3, 3.0, True, np.float32(3), np.int64(3), np.float64(3), fractions.Fraction(3)])
def test_one_real_number_becomes_a_float(number: Any) -> None:
    for v in (Value(number), Value(0) + number, number + Value(0)):
        assert type(v.data) is float
        assert v.data == float(number)


@pytest.mark.parametrize("thing", ["3", b"3", None, 3j, [3], (3,), {}, np.array([1.0, 2.0]), np.array(["x"]), object()])
def test_anything_else_is_a_type_error_that_says_what_to_pass(thing: Any) -> None:
    with pytest.raises(TypeError, match=r"takes one real number, got .*; (pass|make|it is)"):
        Value(thing)


def test_a_value_is_not_a_number() -> None:
    with pytest.raises(TypeError, match=r"pass its \.data"):
        Value(Value(3.0))


@pytest.mark.parametrize("thing", ["3", None, 3j, [3]])
@pytest.mark.parametrize("use", [lambda v, t: v + t, lambda v, t: t * v, lambda v, t: v.max(t), lambda v, t: v**t])
def test_operands_are_checked_likewise(use: Any, thing: Any) -> None:
    with pytest.raises(TypeError):
        use(Value(1.0), thing)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_that_is_not_finite_is_a_domain_error(number: Any) -> None:
    v = Value(1.0)
    for use in (Value, lambda n: setattr(v, "data", n), lambda n: v * n, lambda n: n - v, lambda n: v.backward(n)):
        with pytest.raises(DomainError, match=r"finite number|below 1\.8e308"):
            use(number)
    assert (v.data, v.grad) == (1.0, 0.0)


def test_data_can_be_set_and_is_checked() -> None:
    v = Value(1.0)
    v.data = np.float64(2.5)
    assert type(v.data) is float
    with pytest.raises(TypeError, match="data takes one real number"):
        v.data = "2"
    assert v.data == 2.5


def test_a_gradient_can_be_set_and_is_checked() -> None:
    v = Value(1.0)
    v.grad = np.float32(2.5)
    assert type(v.grad) is float
    v.grad += 1
    for wrong, said in (
        (None, r"grad takes one real number, got NoneType None; pass a number, such as 0\.0"),
        ("2", "grad takes one real number"),
        ([1.0], "grad takes one real number"),
    ):
        with pytest.raises(TypeError, match=said):
            v.grad = wrong
    with pytest.raises(DomainError, match="grad takes a finite number"):
        v.grad = math.nan
    assert v.grad == 3.5
    v.grad = gradient = Value(2.0)
    assert v.grad is gradient


def test_an_order_starts_from_a_value() -> None:
    with pytest.raises(TypeError, match="topological takes the Value to start from, got int; pass the result"):
        microgrAD.topological(3)


def test_a_label_is_a_text() -> None:
    with pytest.raises(TypeError, match="a label is a text"):
        Value(1.0, label=3)


# ---------------------------------------------------------------------------------------------- errors of operations


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda u: u.log(), ["log needs x > 0", "-1.0 at 'u'", "clamp the input"]),
        (lambda u: u**0.5, ["pow needs", "x = -1.0 at 'u'", "y = 0.5", "whole exponent"]),
        (lambda u: 1 / (u + 1), ["div needs y ≠ 0", "y = 0.0"]),
        (lambda u: (999 - u).exp(), ["exp of 1000.0", "more than a float holds"]),
        (lambda u: u * 1e308 * 10, ["mul of x = -1e+308", "more than a float holds"]),
        (lambda u: (u * 2).asin(), ["asin needs −1 ≤ x ≤ 1", "-2.0"]),
        (lambda u: (u - 1).log1p(), ["log1p needs x > −1", "-2.0"]),
        (lambda u: u.sqrt(), ["sqrt needs x ≥ 0", "-1.0 at 'u'"]),
        (lambda u: (u + 1) ** -1, ["pow needs", "x = 0.0", "a base of 0 an exponent of 0 or more"]),
        (lambda u: microgrAD.log(float(u)), ["log needs x > 0", "-1.0"]),
        (lambda u: microgrAD.dot([u, u], [1e308, -1e308, 1]), ["dot takes two sequences of one length, got 2 and 3"]),
    ],
)
def test_out_of_the_domain_is_an_error_that_says_where(use: Any, words: list[str]) -> None:
    with pytest.raises(ValueError) as error:
        use(Value(-1.0, label="u"))
    for word in words:
        assert word in str(error.value)


@given(
    st.sampled_from(["log", "log1p", "sqrt", "asin", "acos", "exp", "cosh", "expm1", "sinh"]),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_no_result_is_ever_complex_or_nan(name: str, x: float) -> None:
    try:
        y = getattr(microgrAD, name)(Value(x))
    except DomainError:
        return
    assert type(y.data) is float
    assert math.isfinite(y.data)


def test_an_infinite_derivative_is_an_error_in_backward_only_and_changes_nothing() -> None:
    x, w = Value(0.0, label="x"), Value(3.0)
    y = x.sqrt() * w
    assert y.data == 0.0
    w.grad = x.grad = 7.0
    with pytest.raises(DomainError, match=r"the derivative of sqrt at 0.0 at 'x' is not finite"):
        y.backward()
    assert (x.grad, w.grad) == (7.0, 7.0)
    z = w * w
    z.backward()
    assert w.grad == 13.0


def test_gradients_that_overflow_are_an_error() -> None:
    x = Value(1e-200, label="x")
    y = (x**-1) ** 1.5
    with pytest.raises(DomainError):
        y.backward(1e200)
    assert x.grad == 0.0


@pytest.mark.parametrize("terms", [[1e308] * 3, [Value(1e308), 1e308]], ids=["floats", "Values"])
def test_a_sum_that_overflows_is_an_error(terms: list[Any]) -> None:
    with pytest.raises(DomainError, match=r"sum of .* is more than a float holds"):
        microgrAD.sum(terms)


# ---------------------------------------------------------------------------------------------- kinks and tails


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda x: x.relu(), 0.0, 0.0),
        (lambda x: abs(x), 0.0, 0.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**0, -3.0, 0.0),
        (lambda x: x**0, 1e-320, 0.0),
        (lambda x: x.leaky_relu(), 0.0, 0.01),
        (lambda x: x.elu(2.0), 0.0, 2.0),
        (lambda x: x.step(), 0.0, 0.0),
        (lambda x: x.step(), 5.0, 0.0),
        (lambda x: 2**x, 3.0, 8 * math.log(2)),
        (lambda x: (-2.0) ** x, 3.0, 0.0),
        (lambda x: 0.0**x, 3.0, 0.0),
        (lambda x: x.sigmoid(), 40.0, 4.248354255291589e-18),
        (lambda x: x.tanh(), 20.0, 1.69934170211664e-17),
        (lambda x: x.sigmoid(), -745.0, 5e-324),
        (lambda x: x**0.5, 4.0, 0.25),
    ],
)
def test_edges(f: Any, x: float, slope: float) -> None:
    v = Value(x)
    f(v).backward()
    assert v.grad == pytest.approx(slope, rel=1e-14, abs=0)


def test_at_a_tie_the_first_argument_gets_all() -> None:
    for choose in (microgrAD.max, microgrAD.min):
        a, b = Value(1.0), Value(1.0)
        choose(a, b).backward()
        assert (a.grad, b.grad) == (1.0, 0.0)


# ---------------------------------------------------------------------------------------------- NumPy


def test_arrays_give_arrays_of_values_on_both_sides() -> None:
    v, numbers = Value(2.0), np.array([[1.0, 2.0], [3.0, 4.0]])
    for made, expected in [
        (v * numbers, 2 * numbers),
        (numbers * v, 2 * numbers),
        (v - numbers, 2 - numbers),
        (numbers - v, numbers - 2),
        (v / numbers, 2 / numbers),
        (numbers / v, numbers / 2),
        (v**numbers, 2**numbers),
        (numbers**v, numbers**2),
    ]:
        assert made.shape == (2, 2)
        assert made.dtype == object
        assert all(isinstance(e, Value) for e in made.ravel())
        assert np.array_equal(made.astype(float), expected)
    (numbers * v).sum().backward()
    assert v.grad == 10.0


def test_numpys_functions_are_ours() -> None:
    v = Value(0.5)
    for theirs, name in [(np.exp, "exp"), (np.arcsin, "asin"), (np.tanh, "tanh"), (np.log1p, "log1p"), (np.abs, "abs")]:
        made = theirs(v)
        assert (type(made), made.op, made.data) == (type(v + 1), name, theirs(0.5))
    w = np.array([Value(1.0), Value(2.0)])
    product = np.dot(w, w)
    product.backward()
    assert (product.data, w[0].grad, w[1].grad) == (5.0, 2.0, 4.0)
    assert (w @ np.array([3.0, 4.0])).data == 11.0


@pytest.mark.parametrize("use", [Value.max, Value.min, Value.maximum, Value.minimum])
def test_a_method_that_numpy_does_not_call_refuses_an_array(use: Any) -> None:
    with pytest.raises(TypeError, match=r"takes numbers and Values, got an array of shape \(2,\).*NumPy's own"):
        use(Value(2.0), np.array([1.0, 3.0]))


def test_scalars_of_numpy_keep_their_side() -> None:
    v = Value(2.0)
    assert ((np.float64(3) - v).data, (v - np.float64(3)).data, (np.int64(3) ** v).data) == (1.0, -1.0, 9.0)


def test_arrays_are_compared_element_by_element_on_both_sides() -> None:
    v, numbers = Value(2.0), np.array([1.0, 2.0, 3.0])
    for ours, theirs in [
        (v < numbers, numbers > 2),
        (v <= numbers, numbers >= 2),
        (v > numbers, numbers < 2),
        (v >= numbers, numbers <= 2),
        (numbers < v, numbers < 2),
        (numbers >= v, numbers >= 2),
    ]:
        assert ours.dtype == bool and ours.tolist() == theirs.tolist()
    assert (v > np.array([Value(1.0), Value(3.0)])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (np.complex128(1j), r"got complex128 .*1j.*; pass its .real part"),
        (np.str_("3"), r"got str_ .*'3'.*; pass float"),
        (np.array(1.0), r"got ndarray array of shape \(\); pass one element of it with .item"),
    ],
    ids=["complex", "text", "array"],
)
def test_what_numpy_gives_is_called_what_it_is(thing: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        Value(thing)


# ---------------------------------------------------------------------------------------------- Python's protocols


def test_comparisons_read_data_and_equality_is_identity() -> None:
    a, b = Value(1.0), Value(1.0)
    assert a <= b and a >= 1 and a < 2 and a > 0.5 and not a < b
    assert a != b and len({a, b}) == 2
    assert (float(a), f"{a:.3f}", bool(a), bool(Value(0))) == (1.0, "1.000", True, False)


@given(st.lists(st.sampled_from("+-*"), min_size=1, max_size=6), FINITE)
def test_plain_numbers_are_no_nodes_but_operands(signs: list[str], number: float) -> None:
    x = Value(1.0, label="x")
    y = x
    for sign in signs:
        y = {"+": y + number, "-": number - y, "*": y * 2}[sign]
    assert [v.label for v in topological(y) if not v.op] == ["x"]
    last = y.args
    assert (2.0 if signs[-1] == "*" else number) in [a for a in last if isinstance(a, float)]
    assert y.partials[[isinstance(a, float) for a in last].index(True)] is None


def test_operands_keep_their_order_and_count_twice() -> None:
    a, b = Value(3.0), Value(4.0)
    assert (b - a).args == (b, a)
    assert (5 - a).args == (5.0, a)
    double = a + a
    assert (double.args, double.partials, double.op) == ((a, a), (1.0, 1.0), "add")
    double.backward()
    assert a.grad == 2.0


# ---------------------------------------------------------------------------------------------- n-ary nodes


@given(st.lists(FINITE, min_size=1, max_size=8))
def test_the_sum_of_any_number_of_terms_is_one_node(numbers: list[float]) -> None:
    terms = [Value(n) for n in numbers]
    total = microgrAD.sum([*terms, 1.0])
    assert total.data == math.fsum([*numbers, 1.0])
    assert total.args == (*terms, 1.0)
    total.backward()
    assert [t.grad for t in terms] == [1.0] * len(terms)


def test_a_dot_product_is_one_node() -> None:
    w, x = [Value(2.0), Value(3.0)], [Value(5.0), 7.0]
    out = microgrAD.dot(w, x)
    out.backward()
    assert (out.data, w[0].grad, w[1].grad, x[0].grad) == (31.0, 5.0, 7.0, 2.0)


def test_where_chooses_and_sends_the_gradient_there() -> None:
    for condition, expected in [(1.0, (1.0, 0.0)), (0.0, (0.0, 1.0)), (-1.0, (0.0, 1.0))]:
        c, a, b = Value(condition), Value(2.0), Value(3.0)
        chosen = microgrAD.where(c, a, b)
        chosen.backward()
        assert (chosen.data, a.grad, b.grad, c.grad) == (2.0 if condition > 0 else 3.0, *expected, 0.0)
