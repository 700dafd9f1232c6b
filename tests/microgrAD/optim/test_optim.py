"""Optimisers: what they remember goes into a state and comes back, and what is damaged changes nothing."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from microgrAD import DomainError, Value, optim
from microgrAD.files import FileError
from microgrAD.nn import MLP

RULES = [
    (optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    (optim.RMSprop, {"lr": 0.1, "momentum": 0.5}),
    (optim.Adam, {"lr": 0.1, "betas": (0.8, 0.9)}),
    (optim.AdamW, {"lr": 0.1}),
]


ADAM = {"lr": 0.1, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.0}


def bowl(rule: Any, options: dict[str, Any]) -> tuple[list[Value], Any]:
    x = [Value(1.0, label="a"), Value(-2.0, label="b")]
    return x, rule(x, **options)


def go(x: list[Value], optimizer: Any, steps: int) -> list[float]:
    for _ in range(steps):
        optimizer.zero_grad()
        (x[0] * x[0] + 3 * x[1] * x[1]).backward()
        optimizer.step()
    return [v.data for v in x]


@pytest.mark.parametrize(("rule", "options"), RULES, ids=lambda p: getattr(p, "__name__", ""))
def test_a_state_through_json_goes_on_to_the_last_bit(rule: Any, options: dict[str, Any]) -> None:
    x, first = bowl(rule, options)
    whole = go(x, first, 7)
    x, first = bowl(rule, options)
    at = go(x, first, 3)
    y, second = bowl(rule, {"lr": 9.0, **({"momentum": 0.1, "nesterov": True} if rule is optim.SGD else {})})
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    for v, number in zip(y, at, strict=True):
        v.data = number
    assert go(y, second, 4) == whole


@pytest.mark.parametrize(("rule", "options"), RULES, ids=lambda p: getattr(p, "__name__", ""))
def test_every_rule_goes_down_a_bowl(rule: Any, options: dict[str, Any]) -> None:
    assert np.abs(go(*bowl(rule, options), 200)).max() < 0.1


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "SGD"},
        {"rule": None},
        {"steps": -1},
        {"steps": 1.5},
        {"state": []},
        {"state": {"mean": [1.0]}},
        {"state": {"mean": [1.0, None]}},
        {"state": {"mean": [1.0, float("nan")]}},
        {"options": {}},
        {"options": 3},
        {"options": {"lr": 0.1}},
        {"state": {"mean": [0.1, 0.1]}},
        {"state": {}},
        *(
            {"options": {**ADAM, **change}}
            for change in ({"lr": -1.0}, {"lr": "x"}, {"betas": [1.0, 2.0]}, {"huh": 1}, {"betas": 3}, {"eps": None})
        ),
    ],
    ids=str,
)
def test_a_damaged_state_changes_nothing(change: dict[str, Any]) -> None:
    x, optimizer = bowl(optim.Adam, {"lr": 0.1})
    go(x, optimizer, 2)
    good = optimizer.state_dict()
    with pytest.raises(ValueError if "rule" in change else FileError):
        optimizer.load_state_dict({**good, **change})
    assert optimizer.state_dict() == good
    for foreign in ([], None, {}, "x"):
        with pytest.raises(FileError):
            optimizer.load_state_dict(foreign)
    assert optimizer.state_dict() == good


def test_a_step_that_is_not_finite_changes_nothing() -> None:
    x = [Value(1.0, label="a"), Value(1e300, label="b")]
    optimizer = optim.SGD(x, lr=1e20, momentum=0.5)
    x[0].grad, x[1].grad = 1.0, 1e300
    with pytest.raises(DomainError, match=r"parameter 'b' from 1e\+300, .* use a smaller lr, or clip"):
        optimizer.step()
    assert ([v.data for v in x], optimizer.steps, optimizer.state) == ([1.0, 1e300], 0, {})


@pytest.mark.parametrize("rule", [optim.Adam, optim.RMSprop])
def test_a_memory_that_overflows_is_refused_too(rule: Any) -> None:
    x = [Value(1.0, label="a"), Value(2.0, label="b")]
    optimizer = rule(x, lr=0.1)
    x[1].grad = 1e200
    with pytest.raises(DomainError, match=rf"gradient 1e\+200 at parameter 'b', the state of {rule.__name__} is more"):
        optimizer.step()
    assert ([v.data for v in x], optimizer.steps, optimizer.state) == ([1.0, 2.0], 0, {})


def test_the_norm_of_huge_gradients_is_right() -> None:
    x = [Value(0.0), Value(0.0)]
    x[0].grad, x[1].grad = 3e200, -4e200
    assert optim.clip_grad_norm_(x, 1.0) == pytest.approx(5e200)
    assert [v.grad for v in x] == pytest.approx([0.6, -0.8])


def test_zero_grad_clears_all() -> None:
    x, optimizer = bowl(optim.SGD, {"lr": 0.1})
    go(x, optimizer, 1)
    optimizer.zero_grad()
    assert [v.grad for v in x] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: optim.SGD(x, lr=-0.1), "lr must be 0 or more"),
        (lambda x: optim.SGD([]), "one parameter or more"),
        (lambda x: optim.SGD(x, nesterov=True), "nesterov takes a momentum above 0"),
        (lambda x: optim.SGD(x, momentum=-1.0), "momentum must be 0 or more"),
        (lambda x: optim.Adam(x, betas=(1.0, 0.9)), "betas must be from 0 to below 1"),
        (lambda x: optim.Adam(x, betas=(0.9,)), "betas takes two numbers"),
        (lambda x: optim.RMSprop(x, alpha=2.0), "alpha must be from 0 to below 1"),
        (lambda x: optim.Adam(x, betas=3), "betas takes two numbers"),
        (lambda x: optim.SGD([*x, *x]), "each parameter once"),
        (lambda x: optim.StepLR(optim.SGD(x), step_size=0), "step_size must be 1 or more"),
        (lambda x: optim.StepLR(optim.SGD(x), step_size=2.5), "step_size must be 1 or more, a whole number"),
        (lambda x: optim.ExponentialLR(optim.SGD(x), gamma=-0.5), "gamma must be 0 or more"),
        (lambda x: optim.CosineAnnealingLR(optim.SGD(x), T_max=float("nan")), "T_max must be 1 or more, a whole"),
        (lambda x: optim.CosineAnnealingLR(optim.SGD(x), T_max=2, eta_min=-1.0), "eta_min must be 0 or more"),
        (lambda x: optim.LambdaLR(optim.SGD(x), lr_lambda=lambda t: -1.0), "lr at epoch 0 must be 0 or more"),
        (lambda x: optim.CosineAnnealingLR(optim.SGD(x), T_max=0), "T_max must be 1 or more"),
        (lambda x: optim.clip_grad_norm_(x, -1.0), "max_norm must be 0 or more"),
        (lambda x: optim.clip_grad_value_(x, -1.0), "clip_value must be 0 or more"),
    ],
)
def test_what_cannot_be_says_why(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make([Value(1.0)])


def test_a_schedule_is_of_an_optimizer_and_a_function() -> None:
    with pytest.raises(TypeError, match="a schedule takes an optimizer"):
        optim.StepLR(MLP(2, [1]), step_size=2)
    with pytest.raises(TypeError, match="lr_lambda takes a function"):
        optim.LambdaLR(optim.SGD([Value(1.0)]), lr_lambda=0.5)


@pytest.mark.parametrize("parameters", [[1.0], [None], ["w"], MLP(2, [1]), Value(1.0), [Value(1.0) + 1.0]])
def test_parameters_are_values_that_nothing_computes(parameters: list[Any]) -> None:
    for take in (optim.SGD, lambda p: optim.clip_grad_norm_(p, 1.0), lambda p: optim.clip_grad_value_(p, 1.0)):
        with pytest.raises(TypeError, match=r"takes (a list of parameters|leaf Values), got .*; pass"):
            take(parameters)


class _Breaks(optim.Optimizer):
    """Its second step fails, after it has changed its memory."""

    def update(self, theta: Any, g: Any) -> Any:
        self.state["sum"] = self.state.get("sum", 0.0) + g
        if self.steps == 2:
            raise KeyboardInterrupt
        return theta - self.lr * g


def test_a_step_that_is_interrupted_changes_nothing() -> None:
    w = Value(1.0)
    w.grad = 1.0
    optimizer = _Breaks([w], lr=0.5)
    optimizer.step()
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert (w.data, optimizer.steps, optimizer.state["sum"].tolist()) == (0.5, 1, [1.0])
