"""Derivatives of functions: reverse and forward mode, of any order, nested, and the check by differences."""

from __future__ import annotations

import io
import math
import re
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microgrAD
from microgrAD import DomainError, Value, grad, gradcheck, hessian, jacobian, jvp, no_grad, value_and_grad

SMALL = st.floats(-2, 2)


def curve(x: Any) -> Any:
    """A smooth function of one number, for Values and mpmath alike."""
    lib = microgrAD if isinstance(x, Value) else mp
    return lib.tanh(x * x - 1) * lib.exp(-x) + lib.sin(3 * x)


@given(SMALL)
def test_derivatives_of_derivatives(x: float) -> None:
    f = curve
    for order in range(1, 5):
        f = grad(f)
        with mp.workdps(50):
            exact = mp.diff(curve, mp.mpf(x), order)
        assert type(f(x)) is float
        assert f(x) == pytest.approx(float(exact), rel=1e-10, abs=1e-9)


def test_inner_and_outer_variables_are_kept_apart() -> None:
    # d/dx [x · d/dy (x + y) at y = x] = 1, where a mix-up of the two says 2
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(2.0) == 1.0
    assert grad(lambda x: grad(lambda y: x * y)(3.0))(2.0) == 1.0
    assert grad(lambda x: grad(lambda y: x * y * y)(x))(5.0) == 20.0


def test_a_derivative_touches_no_gradient() -> None:
    w = Value(3.0)
    assert grad(lambda x: w * x)(2.0) == 3.0
    assert w.grad == 0.0


def test_value_and_grad_by_several_arguments() -> None:
    f = value_and_grad(lambda x, y: x * y**2, argnums=(0, 1))
    assert f(2.0, 3.0) == (18.0, (9.0, 12.0))
    assert grad(lambda x, y: x - y, argnums=-1)(2.0, 3.0) == -1.0
    assert grad(lambda x, y: x, argnums=1)(2.0, 3.0) == 0.0
    assert grad(lambda x: 7.0)(2.0) == 0.0


def test_clear_errors() -> None:
    with pytest.raises(ValueError, match="argnums must be within the 1 arguments given"):
        grad(lambda x: x, argnums=1)(2.0)
    with pytest.raises(TypeError, match="use jacobian for several"):
        grad(lambda x: [x, x])(2.0)
    with pytest.raises(ValueError, match="one tangent per primal, got 2 primals and 1"):
        jvp(lambda x, y: x, (1.0, 2.0), (1.0,))
    with pytest.raises(TypeError, match=r"takes its primals as a sequence.*got float 1.0; for one argument pass"):
        jvp(microgrAD.sin, 1.0, 1.0)
    for derivative in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(TypeError, match="a derivative takes a function, got int 3"):
            derivative(3)(1.0)
    for argnums in ("0", 1.0, None, (0, "1")):
        with pytest.raises(TypeError, match=r"argnums takes the number of an argument.*got"):
            grad(lambda x, y: x * y, argnums=argnums)(1.0, 2.0)
    with pytest.raises(ValueError, match="needs an argument to differentiate by, got none"):
        grad(lambda: 1.0)()
    with pytest.raises(TypeError, match=r"jacobian takes a function that returns one number or one row.*several rows"):
        jacobian(lambda x: [[x, x], [x, x]])(1.0)
    for tangent in ("a", None, 1j):
        with pytest.raises(TypeError, match="jvp: a tangent takes one real number"):
            jvp(microgrAD.sin, (1.0,), (tangent,))
    with pytest.raises(DomainError, match="a tangent takes a finite number, got nan"):
        jvp(microgrAD.sin, (1.0,), (math.nan,))


def test_a_number_of_numpys_chooses_an_argument() -> None:
    assert grad(lambda x, y: x * y, argnums=np.int64(1))(3.0, 2.0) == 3.0


def test_what_has_no_derivative_is_named_in_both_modes() -> None:
    x = Value(3.0, label="x")
    for f in (lambda u: x * (u - 1.0).sqrt(), lambda u: ((u - 1.0) * 1e-300) ** 0.5):
        with pytest.raises(DomainError, match=r"the derivative of (sqrt|pow) at .*0\.0.* is not finite"):
            grad(f)(1.0)
        with pytest.raises(DomainError, match=r"the derivative of (sqrt|pow) at .*0\.0.* is not finite"):
            jvp(f, (1.0,), (1.0,))
    with pytest.raises(DomainError, match=r"of mul at .* is not finite"):
        jvp(lambda u: u * 1e300, (1.0,), (1e300,))


def test_what_stands_still_is_a_constant_in_forward_mode() -> None:
    assert jvp(lambda x, y: microgrAD.sqrt(x) * y, (0.0, 3.0), (0.0, 1.0)) == (0.0, 0.0)
    assert jvp(lambda x, y: microgrAD.sqrt(x) + y, (0.0, 3.0), (0.0, 2.0)) == (3.0, 2.0)


def test_derivatives_are_right_within_no_grad() -> None:
    def cubic(x: Any) -> Any:
        return x**3

    x = Value(2.0)
    with no_grad():
        assert value_and_grad(cubic)(2.0) == (8.0, 12.0)
        assert grad(grad(cubic))(2.0) == 12.0
        assert jvp(cubic, (2.0,), (1.0,)) == (8.0, 12.0)
        assert hessian(cubic)(2.0).tolist() == [[12.0]]
        assert gradcheck(cubic, 2.0)
        for v in (*value_and_grad(cubic)(x), *jvp(cubic, (x,), (1.0,))):
            assert (v.data, v.args) == (v.data, ())  # numbers of Values are Values, and nothing is recorded
        assert (x * x).args == ()  # and the block is what it was
    assert (x * x).args == (x, x)


def test_no_grad_within_a_function_holds_a_part_of_it_constant() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            slope = grad(lambda u: u**3)(x)
        return slope * x

    assert grad(f)(2.0) == 12.0  # 3x² · x by the last x alone


@given(SMALL, SMALL, SMALL, SMALL)
def test_forward_mode_agrees_with_reverse_mode(x: float, y: float, s: float, t: float) -> None:
    def f(x: Value, y: Value) -> Value:
        return (x * y).sin() + microgrAD.exp(x) * y + microgrAD.max(x, y)

    value, (dx, dy) = value_and_grad(f, argnums=(0, 1))(x, y)
    assert jvp(f, (x, y), (s, t)) == pytest.approx((value, dx * s + dy * t), rel=1e-12, abs=1e-12)


def test_modes_compose() -> None:
    third = -math.cos(0.5)
    assert jvp(grad(grad(microgrAD.sin)), (0.5,), (1.0,))[1] == pytest.approx(third)
    assert grad(lambda x: jvp(grad(microgrAD.sin), (x,), (1.0,))[1])(0.5) == pytest.approx(third)
    assert jvp(lambda x: jvp(microgrAD.sin, (x,), (1.0,))[1], (0.5,), (1.0,))[1] == pytest.approx(-math.sin(0.5))


def test_jacobian_and_hessian_are_arrays() -> None:
    j = jacobian(lambda x, y: [x * y, x + y, microgrAD.sin(x)])(2.0, 3.0)
    assert np.allclose(j, [[3, 2], [1, 1], [math.cos(2), 0]])
    assert jacobian(lambda x, y: x * y)(2.0, 3.0).shape == (2,)
    h = hessian(lambda x, y: x**3 * y**2)(2.0, 3.0)
    assert h.dtype == float
    assert np.allclose(h, [[108, 72], [72, 16]])
    assert jacobian(lambda x, y: np.array([x * y, x]))(2.0, 3.0).tolist() == [[3, 2], [1, 0]]


def test_rosenbrocks_hessian() -> None:
    h = hessian(lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2)(1.0, 1.0)
    assert np.allclose(h, [[802, -400], [-400, 200]])


@given(SMALL)
def test_gradcheck_agrees_where_the_rule_is_right(x: float) -> None:
    assert gradcheck(lambda v: curve(v), x)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (microgrAD.log, 1e-3),
        (microgrAD.sqrt, 1e-4),
        (microgrAD.asin, 0.9999),
        (lambda x: 1 / x, -1e-3),
        (microgrAD.log, 1e-12),
        (lambda x: x**-0.5, 1e-9),
        (microgrAD.exp, 700.0),
        (microgrAD.sin, 1e6),
        (lambda x: x + 1.0, 1e15),
        (lambda x: x * x + 1e6, 1.0),
        (microgrAD.tan, 1.57),
    ],
)
def test_gradcheck_fits_its_steps_to_the_function(f: Any, x: float) -> None:
    assert gradcheck(f, x)
    out = io.StringIO()
    assert not gradcheck(lambda v: f(v) + 1e-4 * f(Value(v.data)), x, file=out)  # and 1 in 10,000 is seen
    assert out.getvalue().count("analytic") == 1


def test_gradcheck_prints_both_numbers_of_each_argument_that_disagrees() -> None:
    out = io.StringIO()
    assert not gradcheck(lambda x, y: x.detach() * x + y, 3.0, 4.0, file=out)
    analytic, numeric = re.fullmatch(
        r"argument 0 at 3.0: analytic (\S+), numeric (\S+), difference 3\n", out.getvalue()
    ).groups()
    assert (float(analytic), float(numeric)) == pytest.approx((3.0, 6.0))


def test_gradients_that_are_graphs_add_up_at_leaves() -> None:
    x = Value(2.0)
    y = x * x * x
    y.backward(create_graph=True)
    y.backward(create_graph=True)
    slope = x.grad
    assert isinstance(slope, Value)
    assert slope.data == 2 * 12.0
    x.grad = 0.0
    slope.backward()
    assert x.grad == 2 * 12.0  # of 3x², twice: 6x each
    x.grad = 1.0
    y.backward(create_graph=True)
    assert x.grad.data == 13.0
