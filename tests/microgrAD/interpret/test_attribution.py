"""Input gradients against finite differences, integrated gradients against completeness and known integrals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microgrAD
from microgrAD import losses
from microgrAD.interpret import gradient_times_input, input_gradient, integrated_gradients
from microgrAD.nn import MLP
from microgrAD.outputs import outputs

small = st.floats(-3, 3, allow_nan=False)


def differences(f: Any, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences of a function of a row."""
    steps = h * np.eye(len(x))
    return np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps])


@settings(max_examples=25)
@given(st.lists(small, min_size=3, max_size=3), st.integers(0, 1), st.integers(0, 10_000))
def test_an_input_gradient_is_that_of_finite_differences(x: list[float], k: int, seed: int) -> None:
    model, at = MLP(3, [5, 2], rng=seed), np.array(x)
    assert input_gradient(model, at, output=k) == pytest.approx(
        differences(lambda z: outputs(model, z[None])[0, k], at), abs=1e-7
    )


def test_by_itself_the_gradient_is_that_of_the_largest_output() -> None:
    model, x = MLP(2, [4, 3], rng=1), [0.3, -0.8]
    k = int(outputs(model, [x])[0].argmax())
    assert input_gradient(model, x).tolist() == input_gradient(model, x, output=k).tolist()


def test_the_gradient_of_a_loss() -> None:
    model, x = MLP(2, [4, 3], rng=1), np.array([0.3, -0.8])
    found = input_gradient(model, x, loss=losses.cross_entropy, target=2)
    assert found == pytest.approx(differences(lambda z: float(losses.cross_entropy(model(z), 2)), x), abs=1e-7)


def test_parameters_keep_their_gradients() -> None:
    model = MLP(2, [3, 1])
    for p in model.parameters():
        p.grad = 7.0
    integrated_gradients(model, [1.0, -2.0])
    assert {p.grad for p in model.parameters()} == {7.0}


def test_gradient_times_input_of_a_linear_function_is_what_each_feature_adds() -> None:
    found = gradient_times_input(lambda x: 2 * x[0] - 3 * x[1] + x[2] * 0, [5.0, 7.0, 1.0])
    assert found.tolist() == [10.0, -21.0, 0.0]


def test_a_function_that_gives_a_number_has_no_slope() -> None:
    assert input_gradient(lambda x: 3.0, [1.0, 2.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "sin"])
@pytest.mark.parametrize("seed", range(4))
def test_integrated_gradients_are_complete(activation: str, seed: int) -> None:
    model = MLP(4, [8, 8, 2], activation=activation, rng=seed)
    x, baseline = np.random.default_rng(seed).uniform(-3, 3, (2, 4))
    found = integrated_gradients(model, x, baseline=baseline, output=1)
    difference = outputs(model, [x])[0, 1] - outputs(model, [baseline])[0, 1]
    assert found.values.sum() == pytest.approx(difference, abs=1e-6)
    assert found.difference == pytest.approx(difference, abs=1e-12)
    assert found.complete


def test_integrated_gradients_of_a_product() -> None:
    """f = x₁² x₂ from 0: the integrals are 2/3 and 1/3 of x₁² x₂."""
    found = integrated_gradients(lambda x: x[0] ** 2 * x[1], [2.0, 3.0])
    assert found.values == pytest.approx([8.0, 4.0], abs=1e-9)


def test_a_kink_falls_anywhere_without_harm() -> None:
    """relu(x₁ + x₂ - 1) to (3, 1): the kink is at a quarter of the way, each share 3/4 of its number."""
    found = integrated_gradients(lambda x: microgrAD.relu(x[0] + x[1] - 1), [3.0, 1.0])
    assert found.values == pytest.approx([2.25, 0.75], abs=1e-6)


def test_what_is_not_complete_says_so() -> None:
    found = integrated_gradients(lambda x: microgrAD.sin(50 * x[0]) + 0 * x[1], [3.0, 1.0], most=1)
    assert not found.complete
    assert abs(found.gap) > 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": [[1.0, 2.0]]}, "one row"),
        ({"x": [1.0, np.nan]}, "not finite"),
        ({"x": [1.0, 2.0], "output": 2}, "from 0 to 1"),
        ({"x": [1.0, 2.0], "output": 0, "baseline": [1.0]}, "2 numbers"),
        ({"x": [1.0, 2.0], "tolerance": 0.0}, "above 0"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        integrated_gradients(MLP(2, [2]), **arguments)


def test_an_output_and_a_loss_are_two_questions() -> None:
    with pytest.raises(ValueError, match="output= or loss="):
        input_gradient(MLP(2, [2]), [1.0, 2.0], output=0, loss=losses.cross_entropy, target=1)


def test_the_gap_is_how_much_more_the_shares_are_than_the_difference() -> None:
    def late(x: Any) -> Any:  # one piece sees less than all of a kink near the end, or more
        return microgrAD.relu(x[0] - 0.97) * 100

    found = integrated_gradients(late, [1.0], most=1)
    assert found.difference == pytest.approx(3.0)
    assert abs(found.gap) > 0.1
    assert found.gap == pytest.approx(found.values.sum() - found.difference)
    assert not found.complete
