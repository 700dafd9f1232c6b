"""The numbers of many Values at once, by the compiled engine or one after another."""

from __future__ import annotations

import math

import numpy as np
import pytest

from microgrAD import Value, flat
from microgrAD.native.choice import compiled
from microgrAD.optim import SGD


class Marked(Value):
    """A subclass of a user."""


def values() -> list[Value]:
    return [Value(1.5), Marked(-0.0), Value(2.0) * 3.0, Value(1e-320)]


@pytest.mark.parametrize("several", [list, tuple])
def test_numbers_go_in_and_out(several: type) -> None:
    held = several(values())
    assert flat.data(held).tolist() == [1.5, -0.0, 6.0, 1e-320]
    assert math.copysign(1.0, flat.data(held)[1]) == -1.0
    flat.set_data(held, np.array([1.0, 2.0, 3.0, 4.0]))
    flat.set_grads(held, np.arange(8.0)[::2])  # with gaps between its numbers
    assert [v.data for v in held] == [1.0, 2.0, 3.0, 4.0]
    assert [v.grad for v in held] == [0.0, 2.0, 4.0, 6.0]
    assert all(type(number) is float for v in held for number in (v.data, v.grad))
    assert (found := flat.grads(held)) is not None and found.tolist() == [0.0, 2.0, 4.0, 6.0]
    assert flat.data(several()).tolist() == []


def test_a_gradient_that_is_a_value_is_no_number() -> None:
    x, y = Value(3.0), Value(2.0)
    (x * x * y).backward(create_graph=True)
    assert flat.grads([x, y]) is None
    assert flat.grads([Value(1.0), y]) is None
    flat.set_grads([x, y], np.array([0.0, 1.0]))
    assert (type(x.grad), x.grad, y.grad) == (float, 0.0, 1.0)
    (x * x * y).backward(create_graph=True)
    SGD([x, y], lr=0.5).step()
    assert [x.data, y.data] == [3.0 - 0.5 * 12.0, 2.0 - 0.5 * 10.0]


def test_gradients_add_up() -> None:
    held = values()
    assert flat.add_grads(held, np.arange(8.0)[::2]) and flat.add_grads(held, np.full(4, 0.5))
    assert [v.grad for v in held] == [0.5, 2.5, 4.5, 6.5]
    for large in (1.7e308, -1.7e308):
        flat.set_grads(held, np.full(4, large))
        assert not flat.add_grads(held, np.array([1.0, 1.0, 1.0, large]))  # one alone is too large
        assert [v.grad for v in held] == [large] * 4


def test_gradients_add_up_to_one_that_is_a_value() -> None:
    x, y = Value(3.0), Value(2.0)
    (x * x * y).backward(create_graph=True)
    assert flat.add_grads([x, y], np.array([1.0, -9.0]))
    assert (x.grad.data, y.grad.data) == (13.0, 0.0)
    x.grad.backward()  # still a result of x and y
    assert y.grad.data == 2 * 3.0


def test_another_count_is_refused_and_nothing_changes() -> None:
    held = values()
    with pytest.raises(ValueError, match=r"got \(3,\) for 4"):
        flat.set_data(held, np.zeros(3))
    assert [v.data for v in held] == [1.5, -0.0, 6.0, 1e-320]
    if compiled is not None:
        with pytest.raises(ValueError, match="24 bytes for 4"):
            compiled.set_data(held, np.zeros(3))
        with pytest.raises(TypeError):
            compiled.get_data({1: 2}, np.zeros(1))
        with pytest.raises((BufferError, ValueError)):
            compiled.get_data(held, np.zeros(8)[::2])
        assert compiled.get_data([1.0], np.zeros(1)) is False
